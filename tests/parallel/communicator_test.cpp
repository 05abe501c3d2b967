#include "parallel/communicator.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/support/world.hpp"

namespace eustress::parallel {
namespace {

enum class Kind { local, dry_run, world };

// The same cases for every communicator. "world" is MPI when run by a launcher, else local.
class CommunicatorTest : public testing::TestWithParam<Kind> {
 protected:
  CommunicatorTest() {
    if (GetParam() == Kind::local) own_ = make_local_communicator();
    if (GetParam() == Kind::dry_run) own_ = make_dry_run_communicator(5);
  }

  const Communicator& comm() const { return own_ ? *own_ : test::world(); }

  /// The ranks as this communicator sees them: in a dry run all are like rank 0.
  std::vector<int> ranks() const {
    std::vector<int> ranks(static_cast<std::size_t>(comm().size()), 0);
    if (GetParam() != Kind::dry_run) std::iota(ranks.begin(), ranks.end(), 0);
    return ranks;
  }
  int last_rank() const { return ranks().back(); }

  template <class Value>
  std::int64_t sum_over_ranks(Value value) const {
    std::int64_t sum = 0;
    for (const int rank : ranks()) sum += value(rank);
    return sum;
  }

 private:
  std::unique_ptr<Communicator> own_;
};

INSTANTIATE_TEST_SUITE_P(All, CommunicatorTest,
                         testing::Values(Kind::local, Kind::dry_run, Kind::world),
                         [](const auto& param) -> std::string {
                           switch (param.param) {
                             case Kind::local:
                               return "local";
                             case Kind::dry_run:
                               return "dry_run";
                             default:
                               return "world";
                           }
                         });

TEST_P(CommunicatorTest, RankIsWithinSize) {
  EXPECT_GE(comm().rank(), 0);
  EXPECT_LT(comm().rank(), comm().size());
  EXPECT_EQ(comm().is_root(), comm().rank() == 0);
  comm().barrier();
}

TEST_P(CommunicatorTest, BroadcastGivesEveryRankTheRootsTextAndLength) {
  for (int root = 0; root < comm().size(); ++root) {
    const bool mine = comm().rank() == root || GetParam() == Kind::dry_run;
    std::string text = mine ? "from the root" : std::string(100, 'x');
    comm().broadcast(text, root);
    EXPECT_EQ(text, "from the root");
  }
}

TEST_P(CommunicatorTest, BroadcastSendsBytesAndNothing) {
  std::vector<std::byte> bytes;
  if (comm().is_root()) bytes = {std::byte{0}, std::byte{255}, std::byte{7}};
  comm().broadcast(bytes);
  EXPECT_EQ(bytes, (std::vector<std::byte>{std::byte{0}, std::byte{255}, std::byte{7}}));

  std::string empty = comm().is_root() ? "" : "old";
  comm().broadcast(empty);
  EXPECT_EQ(empty, "");
}

TEST_P(CommunicatorTest, BroadcastFromNoRankIsAnError) {
  std::string text;
  EXPECT_THROW(comm().broadcast(text, comm().size()), Error);
  EXPECT_THROW(comm().broadcast(text, -1), Error);
}

TEST_P(CommunicatorTest, SumIsExactBeyondTheIntegersOfADouble) {
  // 2^54 + 1 is not a double; a sum that went through one would lose the 1.
  const auto value = [](int rank) { return (std::int64_t{1} << 54) + 1 + rank; };
  const auto negative = [&](int rank) { return -value(rank) * 3; };
  std::vector<std::int64_t> values = {value(comm().rank()), negative(comm().rank()), 0};
  comm().sum(values);
  EXPECT_EQ(values[0], sum_over_ranks(value));
  EXPECT_EQ(values[1], sum_over_ranks(negative));
  EXPECT_EQ(values[2], 0);
  EXPECT_EQ(comm().sum(std::int64_t{7}), 7 * comm().size());
}

TEST_P(CommunicatorTest, SumOfNothingIsAllowed) {
  std::vector<std::int64_t> nothing;
  comm().sum(nothing);
  comm().sum_to_root(nothing);
  EXPECT_TRUE(nothing.empty());
}

TEST_P(CommunicatorTest, SumToRootLeavesTheOtherRanksAsTheyWere) {
  const std::int64_t mine = 10 + comm().rank();
  std::vector<std::int64_t> values(1000, mine);
  comm().sum_to_root(values);
  const std::int64_t sum = sum_over_ranks([](int rank) { return 10 + rank; });
  EXPECT_EQ(values, std::vector<std::int64_t>(1000, comm().is_root() ? sum : mine));
}

TEST_P(CommunicatorTest, ExtremesOfSignedIntegers) {
  const std::int64_t rank = comm().rank();
  EXPECT_EQ(comm().max(rank - 1), last_rank() - 1);
  EXPECT_EQ(comm().min(-rank), -last_rank());
  constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(comm().min(comm().is_root() ? kLowest : kHighest), kLowest);
  EXPECT_EQ(comm().max(comm().is_root() ? kHighest : kLowest), kHighest);
}

TEST_P(CommunicatorTest, ExtremesOfUnsignedIntegersUseAll64Bits) {
  constexpr std::uint64_t kHigh = (std::uint64_t{1} << 63) + 5;
  const std::uint64_t value = comm().is_root() ? kHigh : 3;
  EXPECT_EQ(comm().max(value), kHigh);
  EXPECT_EQ(comm().min(value), last_rank() == 0 ? kHigh : 3);
}

TEST_P(CommunicatorTest, ExtremesOfDoubles) {
  const double value = -1.5 * comm().rank();
  EXPECT_EQ(comm().max(value), 0.0);
  EXPECT_EQ(comm().min(value), -1.5 * last_rank());
  EXPECT_EQ(comm().max(-value), 1.5 * last_rank());
  EXPECT_EQ(comm().min(-value), 0.0);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(comm().max(comm().is_root() ? kInfinity : 1.0), kInfinity);
  EXPECT_EQ(comm().min(comm().is_root() ? -kInfinity : 1.0), -kInfinity);
}

TEST_P(CommunicatorTest, ExtremesOfDoublesOrderZerosAndNaN) {
  const bool is_last = comm().rank() == comm().size() - 1 || GetParam() == Kind::dry_run;
  EXPECT_TRUE(std::signbit(comm().min(is_last ? -0.0 : 0.0)));
  EXPECT_EQ(std::signbit(comm().max(is_last ? -0.0 : 0.0)), last_rank() == 0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(comm().max(is_last ? nan : 1.0)));
  EXPECT_EQ(std::isnan(comm().min(is_last ? nan : 1.0)), last_rank() == 0);
}

TEST_P(CommunicatorTest, GatherOfDoublesIsInTheOrderOfRanks) {
  const std::vector<double> times = comm().gather(0.1 * (comm().rank() + 1));
  std::vector<double> expected;
  if (comm().is_root()) {
    for (const int rank : ranks()) expected.push_back(0.1 * (rank + 1));
  }
  EXPECT_EQ(times, expected);
}

TEST_P(CommunicatorTest, GatherOfTextsOfDifferentLengths) {
  const auto text_of = [](int rank) {
    return std::string(static_cast<std::size_t>(rank * 1000), static_cast<char>('a' + rank));
  };
  const std::vector<std::string> texts = comm().gather(text_of(comm().rank()));
  std::vector<std::string> expected;
  if (comm().is_root()) {
    for (const int rank : ranks()) expected.push_back(text_of(rank));
  }
  EXPECT_EQ(texts, expected);
}

TEST(Groups, TalkAmongThemselvesOnly) {
  const Communicator& world = test::world();
  const int group = world.rank() % 2;
  const std::unique_ptr<Communicator> mine = world.split(group);
  const int members = (world.size() + 1 - group) / 2;
  EXPECT_EQ(mine->size(), members);
  EXPECT_EQ(mine->rank(), world.rank() / 2);
  EXPECT_EQ(mine->sum(std::int64_t{world.rank()}),
            members * (members - 1) + std::int64_t{group} * members);
  std::int64_t first = world.rank();
  mine->broadcast(first);
  EXPECT_EQ(first, group);
  // As many as a group likes, without the other one.
  for (int i = 0; i < 10 * (group + 1); ++i) mine->barrier();
  world.barrier();
}

TEST(Groups, WordsReachTheOneTheyAreFor) {
  const Communicator& world = test::world();
  const int last = world.size() - 1;
  for (int round = 0; round < 3; ++round) {
    EXPECT_FALSE(world.is_notified());
    world.barrier();  // before the words of this round
    // No word of the first round may be left for the next one, whether it was looked for or not.
    if (world.is_root() && last > 0 && round < 2) {
      world.notify(last);
      world.notify(last);
    }
    if (round == 1 && last > 0 && world.rank() == last) {
      while (!world.is_notified()) {
      }
    }
    int calls = 0;
    world.settle([&] { ++calls; });
    EXPECT_TRUE(calls > 0 || world.size() == 1 || world.native() == nullptr);
  }
  EXPECT_FALSE(world.is_notified());
}

TEST(DryRunCommunicator, CountsEveryRankAsThisOne) {
  const auto comm = make_dry_run_communicator(1000);
  EXPECT_EQ(comm->size(), 1000);
  EXPECT_EQ(comm->rank(), 0);
  EXPECT_EQ(comm->sum(std::int64_t{3}), 3000);
  EXPECT_EQ(comm->max(std::int64_t{3}), 3);
  EXPECT_EQ(comm->gather(0.5), std::vector<double>(1000, 0.5));
}

TEST(DryRunCommunicator, SumThatDoesNotFitIsAnError) {
  const auto comm = make_dry_run_communicator(4);
  EXPECT_EQ(comm->sum(-(std::int64_t{1} << 61)), std::numeric_limits<std::int64_t>::min());
  EXPECT_THROW((void)comm->sum(std::int64_t{1} << 61), Error);
}

TEST(DryRunCommunicator, NeedsARank) {
  EXPECT_THROW((void)make_dry_run_communicator(0), Error);
  EXPECT_THROW((void)make_dry_run_communicator(-2), Error);
}

TEST(LocalCommunicatorDeathTest, AbortLeavesWithTheCode) {
  if (test::world().size() > 1) GTEST_SKIP() << "no fork of an MPI process";
  EXPECT_EXIT(make_local_communicator()->abort(5), testing::ExitedWithCode(5), "");
}

}  // namespace
}  // namespace eustress::parallel
