#pragma once

// Waiting for other ranks has no end of its own when one of them hangs: a job would burn its time
// limit and say nothing. A thread looks at the clock instead.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace eustress::parallel {

/// Watches what one thread of the program waits for.
class Watchdog {
 public:
  /// `operation` and the seconds that it has taken.
  using Alarm = std::function<void(const char* operation, double waited_s)>;

  /// Calls `alarm` once, on a thread of its own, when a wait takes longer than `limit_s` > 0. Time
  /// in which the program was stopped as a whole (suspended jobs, SIGSTOP) does not count.
  Watchdog(double limit_s, Alarm alarm);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

 private:
  friend class Waiting;
  void watch();

  const double limit_s_;
  const double tick_s_;
  Alarm alarm_;
  // Written by the thread that waits, some nanoseconds per wait. Every begin and end of a wait
  // changes the number.
  std::atomic<const char*> operation_ = nullptr;
  std::atomic<std::uint64_t> number_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_over_ = false;
  std::thread thread_;
};

/// As long as it lives its thread waits for other ranks in `operation`. Always of the same thread;
/// may be nested. Nothing without a watchdog.
class Waiting {
 public:
  /// `operation`: a literal.
  Waiting(Watchdog* watchdog, const char* operation) noexcept : watchdog_(watchdog) {
    if (watchdog_ != nullptr) outer_ = change_to(operation);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (watchdog_ != nullptr) change_to(outer_);
  }

 private:
  const char* change_to(const char* operation) noexcept {
    const char* before = watchdog_->operation_.exchange(operation);
    watchdog_->number_.fetch_add(1);
    return before;
  }

  Watchdog* watchdog_;
  const char* outer_ = nullptr;
};

}  // namespace eustress::parallel
