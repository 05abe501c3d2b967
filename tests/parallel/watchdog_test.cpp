#include "parallel/watchdog.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace eustress::parallel {
namespace {

using namespace std::chrono_literals;

/// A watchdog, and what it said first.
struct Watched {
  explicit Watched(double limit_s)
      : watchdog(limit_s, [this](const char* operation, double waited_s) {
          waited = waited_s;
          said.set_value(operation);
        }) {}

  [[nodiscard]] bool is_silent() { return words.wait_for(0s) == std::future_status::timeout; }

  double waited = 0.0;
  std::promise<std::string> said;
  std::future<std::string> words = said.get_future();
  Watchdog watchdog;  // last, as it uses the others
};

TEST(Watchdog, NamesWhatTakesTooLong) {
  Watched watched(0.05);
  const Waiting waiting(&watched.watchdog, "a sum");
  EXPECT_EQ(watched.words.get(), "a sum");
  EXPECT_GE(watched.waited, 0.05);
}

TEST(Watchdog, IsSilentWhereNothingIsWaitedFor) {
  Watched watched(0.05);
  { const Waiting waiting(&watched.watchdog, "a sum"); }
  std::this_thread::sleep_for(300ms);
  EXPECT_TRUE(watched.is_silent());
}

// 300 short waits, in all much longer than the limit.
TEST(Watchdog, CountsEveryWaitAnew) {
  Watched watched(0.4);
  for (int i = 0; i < 300; ++i) {
    const Waiting waiting(&watched.watchdog, "a sum");
    std::this_thread::sleep_for(3ms);
  }
  EXPECT_TRUE(watched.is_silent());
}

TEST(Watchdog, WatchesTheOuterWaitAfterAnInnerOne) {
  Watched watched(0.05);
  const Waiting outer(&watched.watchdog, "writing together");
  { const Waiting inner(&watched.watchdog, "a sum"); }
  EXPECT_EQ(watched.words.get(), "writing together");
}

TEST(Watchdog, EndsAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  { const Watched watched(1800.0); }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms) << "the thread slept on";
}

TEST(Watchdog, WaitingWithoutOneIsNothing) {
  const Waiting waiting(nullptr, "a sum");
}

}  // namespace
}  // namespace eustress::parallel
