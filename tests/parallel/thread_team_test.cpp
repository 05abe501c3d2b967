#include "parallel/thread_team.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "parallel/affinity.hpp"

namespace eustress::parallel {
namespace {

class ThreadTeamTest : public testing::TestWithParam<int> {
 protected:
  const ThreadTeam team_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Sizes, ThreadTeamTest, testing::Values(1, 2, 4, 7));

TEST_P(ThreadTeamTest, RunsEveryIndexOnce) {
  constexpr std::int64_t kBegin = -5;
  constexpr std::int64_t kEnd = 5000;
  std::vector<int> calls(kEnd - kBegin, 0);  // unprotected: one index is one thread's
  team_.for_each(kBegin, kEnd, [&](std::int64_t index, int thread) {
    ASSERT_GE(thread, 0);
    ASSERT_LT(thread, team_.size());
    ++calls[static_cast<std::size_t>(index - kBegin)];
  });
  EXPECT_EQ(calls, std::vector<int>(kEnd - kBegin, 1));
}

TEST_P(ThreadTeamTest, ThreadNumberSelectsScratchMemory) {
  std::vector<std::int64_t> partial(static_cast<std::size_t>(team_.size()), 0);
  team_.for_each(0, 10'000, [&](std::int64_t index, int thread) {
    partial[static_cast<std::size_t>(thread)] += index;
  });
  std::int64_t sum = 0;
  for (const std::int64_t value : partial) sum += value;
  EXPECT_EQ(sum, 9'999 * 10'000 / 2);
}

TEST_P(ThreadTeamTest, ThreadsWorkAtTheSameTime) {
  // Each body waits until all have started, which only a thread for each can bring about.
  std::atomic<int> n_started{0};
  std::atomic<int> n_alone{0};
  team_.for_each(0, team_.size(), [&](std::int64_t, int) {
    ++n_started;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (n_started < team_.size() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    if (n_started < team_.size()) ++n_alone;
  });
  EXPECT_EQ(n_alone, 0);
}

TEST_P(ThreadTeamTest, SlowIndexDoesNotHoldUpTheOthers) {
  if (team_.size() == 1) GTEST_SKIP() << "one thread has no other";
  // Index 0 ends only when all others are done: a static schedule would wait for ever.
  constexpr std::int64_t kEnd = 200;
  std::atomic<std::int64_t> n_done{0};
  std::atomic<bool> in_time{true};
  team_.for_each(0, kEnd, [&](std::int64_t index, int) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (index == 0 && n_done < kEnd - 1 && in_time) {
      if (std::chrono::steady_clock::now() > deadline) in_time = false;
      std::this_thread::yield();
    }
    ++n_done;
  });
  EXPECT_TRUE(in_time);
}

TEST_P(ThreadTeamTest, EmptyRangesRunNothing) {
  int calls = 0;
  team_.for_each(3, 3, [&](std::int64_t, int) { ++calls; });
  team_.for_each(3, -3, [&](std::int64_t, int) { ++calls; });
  EXPECT_EQ(calls, 0);
}

TEST_P(ThreadTeamTest, LowestFailingIndexWinsEveryTime) {
  for (int repetition = 0; repetition < 200; ++repetition) {
    std::atomic<bool> lower_ran{false};
    try {
      team_.for_each(0, 1000, [&](std::int64_t index, int) {
        if (index == 40) lower_ran = true;
        if (index == 41) std::this_thread::sleep_for(std::chrono::microseconds(50));
        if (index >= 41) throw Error(ErrorKind::numerical, "index " + std::to_string(index));
      });
      FAIL() << "nothing thrown";
    } catch (const Error& error) {
      ASSERT_STREQ(error.what(), "index 41");
      ASSERT_EQ(error.kind(), ErrorKind::numerical);
    }
    ASSERT_TRUE(lower_ran);
  }
}

TEST_P(ThreadTeamTest, FailureStopsTheLoopAndTheTeamGoesOn) {
  std::atomic<std::int64_t> calls{0};
  EXPECT_THROW(team_.for_each(0, 100'000'000,
                              [&](std::int64_t, int) {
                                ++calls;
                                throw std::runtime_error("at once");
                              }),
               std::runtime_error);
  EXPECT_LE(calls, team_.size());
  calls = 0;
  team_.for_each(0, 10, [&](std::int64_t, int) { ++calls; });
  EXPECT_EQ(calls, 10);
}

TEST_P(ThreadTeamTest, TakesConstAndMutableBodies) {
  const auto constant = [](std::int64_t, int) {};
  team_.for_each(0, 3, constant);
  std::atomic<int> calls{0};
  auto changing = [&calls, own = 0](std::int64_t, int) mutable {
    (void)own;
    ++calls;
  };
  team_.for_each(0, 3, changing);
  EXPECT_EQ(calls, 3);
}

TEST(ThreadTeamSize, ZeroMeansTheAllowedCpus) {
  EXPECT_EQ(ThreadTeam(0).size(), static_cast<int>(allowed_cpus().size()));
  EXPECT_GE(ThreadTeam(0).size(), 1);
  EXPECT_LE(ThreadTeam(0).size(), n_granted_cpus());
}

TEST(ThreadTeamSize, RefusesAbsurdNumbers) {
  for (const int n_threads : {-1, ThreadTeam::kMaxThreads + 1}) {
    try {
      const ThreadTeam team(n_threads);
      FAIL() << n_threads << " threads accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
    }
  }
}

}  // namespace
}  // namespace eustress::parallel
