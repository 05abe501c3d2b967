#include "app/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace eustress::app {

Progress::Progress(std::int64_t work, std::int64_t done, double individual_days, bool shown)
    : work_(work),
      before_(done),
      individual_days_(individual_days),
      shown_(shown && work > 0),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      done_(done),
      last_tenth_(work > 0 ? 10 * done / work : 0) {}

void Progress::finished(std::int64_t block_days) {
  const std::int64_t done = done_ += block_days;
  if (!shown_) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const double passed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const std::int64_t tenth = 10 * done / work_;
  const bool due =
      terminal_ ? passed - last_print_ >= 0.2 : tenth > last_tenth_ || passed - last_print_ >= 60.0;
  if (!due) return;
  last_print_ = passed;
  last_tenth_ = tenth;
  print(done, passed);
}

void Progress::print(std::int64_t done, double passed) {
  const double share = static_cast<double>(done) / static_cast<double>(work_);
  const double speed = static_cast<double>(done - before_) / passed;  // of this run
  const double rate = speed * individual_days_;
  const double left = static_cast<double>(work_ - done) / speed;
  fmt::print(stderr, "{}{:5.1f} %  {:8.3g} individual-days/s on this rank  {:.0f} s left{}",
             terminal_ ? "\r" : "", 100.0 * share, rate, left, terminal_ ? "   " : "\n");
  std::fflush(stderr);
}

void Progress::close() {
  if (shown_ && terminal_ && last_print_ > 0.0) fmt::print(stderr, "\r{:70}\r", "");
}

}  // namespace eustress::app
