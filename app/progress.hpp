#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace eustress::app {

/// Progress of one rank's blocks: on a terminal one line that is redrawn, else a line per tenth or
/// per minute, whichever comes first. finished() may be called by any thread.
class Progress {
 public:
  /// individual_days: of one block. Silent if not `shown` or without blocks.
  Progress(std::int64_t blocks, double individual_days, bool shown);
  void finished();
  /// Ends the redrawn line.
  void close();

 private:
  void print(std::int64_t done, double passed);

  const std::int64_t blocks_;
  const double individual_days_;
  const bool shown_, terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::atomic<std::int64_t> done_{0};
  std::mutex mutex_;
  double last_print_ = 0.0;
  std::int64_t last_tenth_ = 0;
};

}  // namespace eustress::app
