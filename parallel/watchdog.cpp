#include "parallel/watchdog.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

namespace eustress::parallel {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Watchdog::Watchdog(double limit_s, Alarm alarm)
    : limit_s_(limit_s), tick_s_(std::min(1.0, limit_s / 10.0)), alarm_(std::move(alarm)) {
  // Signals are for the threads that know what to do with them.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { watch(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watchdog::watch() {
  const std::chrono::duration<double> tick(tick_s_);
  std::uint64_t known = 0;
  double waited_s = 0.0;
  Clock::time_point last = Clock::now();
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, tick, [this] { return is_over_; })) {
    const Clock::time_point now = Clock::now();
    // A tick that took much longer is one in which nothing ran, the others as little as this rank.
    const double passed_s =
        std::min(std::chrono::duration<double>(now - last).count(), 2.0 * tick_s_);
    last = now;
    const std::uint64_t number = number_.load();
    const char* operation = operation_.load();
    if (operation == nullptr || number != known) {
      known = number;
      waited_s = 0.0;
      continue;
    }
    waited_s += passed_s;
    if (waited_s < limit_s_) continue;
    alarm_(operation, waited_s);
    return;
  }
}

}  // namespace eustress::parallel
