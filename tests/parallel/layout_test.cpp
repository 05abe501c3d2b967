#include "parallel/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <string>
#include <thread>
#include <vector>

#include "parallel/affinity.hpp"

namespace eustress::parallel {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Placement rank_on(std::vector<int> cpus, int n_threads, int n_granted, bool by_launcher = true,
                  std::string host = "node1") {
  return {std::move(host), std::move(cpus), n_granted, n_threads, by_launcher};
}

TEST(LayoutWarnings, FittingLayoutsAreSilent) {
  EXPECT_THAT(layout_warnings({rank_on({0, 1, 2, 3}, 4, 4, false)}), IsEmpty());
  // Fewer threads by choice, nothing bound.
  EXPECT_THAT(layout_warnings({rank_on({0, 1, 2, 3}, 1, 4, false)}), IsEmpty());
  EXPECT_THAT(layout_warnings({rank_on({0, 1, 2, 3}, 1, 4, true)}), IsEmpty());
  // Each rank bound to its own half.
  EXPECT_THAT(layout_warnings({rank_on({0, 1}, 2, 4), rank_on({2, 3}, 2, 4)}), IsEmpty());
  // Not bound, but together they fit.
  EXPECT_THAT(layout_warnings({rank_on({0, 1}, 1, 2), rank_on({0, 1}, 1, 2)}), IsEmpty());
  // Restricted by its user without any launcher.
  EXPECT_THAT(layout_warnings({rank_on({0}, 1, 8, false)}), IsEmpty());
}

TEST(LayoutWarnings, MpirunWithOneRankBindsToOneCore) {
  EXPECT_THAT(
      layout_warnings({rank_on({0}, 1, 64)}),
      ElementsAre(AllOf(HasSubstr("on node1: 1 rank with 1 thread"), HasSubstr("use 1 of 64 CPUs"),
                        HasSubstr("--bind-to none"), HasSubstr("--threads 64"))));
}

TEST(LayoutWarnings, BoundRankWithMoreThreadsThanCpus) {
  EXPECT_THAT(layout_warnings({rank_on({5}, 2, 64)}),
              ElementsAre(AllOf(HasSubstr("2 threads but may run on 1 CPU only"),
                                HasSubstr("--bind-to none"), HasSubstr("slot:PE=2"),
                                HasSubstr("--cpus-per-task=2"))));
}

TEST(LayoutWarnings, MoreThreadsThanTheJobHas) {
  EXPECT_THAT(layout_warnings({rank_on({0, 1}, 8, 2, false)}),
              ElementsAre(AllOf(HasSubstr("8 threads but may run on 2 CPUs"),
                                HasSubstr("--threads 2"), testing::Not(HasSubstr("bind")))));
}

TEST(LayoutWarnings, UnboundRanksThatShareAllCpus) {
  const Placement rank = rank_on({0, 1, 2, 3}, 4, 4);
  EXPECT_THAT(layout_warnings({rank, rank}),
              ElementsAre(AllOf(HasSubstr("2 ranks with 8 threads in all share 4 CPUs"),
                                HasSubstr("--threads 2"))));
}

TEST(LayoutWarnings, MoreRanksThanCpus) {
  const Placement rank = rank_on({0, 1}, 1, 2);
  EXPECT_THAT(
      layout_warnings({rank, rank, rank}),
      ElementsAre(AllOf(HasSubstr("3 ranks with 3 threads"), HasSubstr("at most 2 ranks here"))));
}

TEST(LayoutWarnings, HostsAreJudgedOneByOneAndToldOfTogether) {
  const auto warnings = layout_warnings({
      rank_on({0}, 1, 8, true, "node1"),
      rank_on({0}, 1, 8, true, "node2"),
      rank_on({0, 1, 2, 3, 4, 5, 6, 7}, 8, 8, true, "node3"),
      rank_on({0}, 3, 8, true, "node4"),
  });
  EXPECT_THAT(warnings,
              testing::UnorderedElementsAre(HasSubstr("on node1 and 1 other host: 1 rank"),
                                            HasSubstr("on node4: a rank has 3 threads")));
}

TEST(LayoutWarnings, OfThisRun) {
  const auto comm = make_local_communicator();
  const int n_allowed = static_cast<int>(allowed_cpus().size());
  EXPECT_THAT(layout_warnings(*comm, n_allowed), IsEmpty());
  EXPECT_THAT(layout_warnings(*comm, n_allowed + 1),
              ElementsAre(HasSubstr(std::to_string(n_allowed + 1) + " threads")));
  // Three ranks like this one share its CPUs.
  EXPECT_THAT(layout_warnings(*make_dry_run_communicator(3), n_allowed),
              ElementsAre(HasSubstr("3 ranks with " + std::to_string(3 * n_allowed))));
}

TEST(Affinity, BindingIsSeenAndWhatWasGrantedStays) {
  const std::vector<int> before = allowed_cpus();
  ASSERT_FALSE(before.empty());
  const int n_granted = n_granted_cpus();
  EXPECT_GE(n_granted, static_cast<int>(before.size()));
  std::thread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(before.back()), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_THAT(allowed_cpus(), ElementsAre(before.back()));
    EXPECT_EQ(n_granted_cpus(), n_granted);
    EXPECT_THAT(allowed_cpus(), ElementsAre(before.back()));
  }).join();
  EXPECT_EQ(allowed_cpus(), before);
}

}  // namespace
}  // namespace eustress::parallel
