#pragma once

// log.json: the one file of a run that depends on where, when and on how many ranks and threads it
// ran.

#include <chrono>
#include <string>
#include <vector>

namespace eustress::io {

struct RunLog {
  /// Seconds of one phase over the ranks.
  struct Phase {
    std::string name;
    double least_s, mean_s, most_s;
  };

  /// When the log was begun; its end is when it is written.
  std::chrono::system_clock::time_point start = std::chrono::system_clock::now();
  std::vector<std::string> command;  ///< arguments, if known
  int ranks = 1;
  int threads = 1;  ///< of each rank
  std::string isa;
  double individual_days_per_s = 0.0;
  std::vector<Phase> phases;
  std::vector<std::string> warnings;
  std::vector<std::string> checkpoints;  ///< from which the run went on, and which it did not use
  std::vector<std::string> files;  ///< paths of what the run wrote, logged with size and SHA-256
};

/// Publishes the log, with the program, the host and the end of the run. For rank 0.
/// Errors: Error(io).
void write_run_log(const std::string& path, const RunLog& log);

/// "2026-03-01T09:30:00Z".
[[nodiscard]] std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace eustress::io
