#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace eustress::app {

/// Progress of one rank: on a terminal one line that is redrawn, else a line per tenth or per
/// minute, whichever comes first.
class Progress {
 public:
  /// Work is counted in block-days of all arms, of which `done` were finished by an earlier run;
  /// individual_days: of one of them. Silent if not `shown` or without work.
  Progress(std::int64_t work, std::int64_t done, double individual_days, bool shown);
  /// May be called by any thread.
  void finished(std::int64_t block_days);
  /// Ends the redrawn line, before something else is printed.
  void close();

 private:
  void print(std::int64_t done, double passed);

  const std::int64_t work_, before_;
  const double individual_days_;
  const bool shown_, terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::atomic<std::int64_t> done_;
  std::mutex mutex_;
  double last_print_ = 0.0;
  std::int64_t last_tenth_;
};

}  // namespace eustress::app
