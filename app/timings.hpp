#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "parallel/communicator.hpp"

namespace eustress::app {

/// Wall time of the phases of a run on this rank.
class Timings {
 public:
  /// Ends the phase before and begins this one, or goes on with it. All ranks begin the same phases
  /// in the same order.
  void begin(const std::string& phase);
  void end();
  /// Seconds spent in a phase so far; 0 if it never began.
  [[nodiscard]] double seconds(const std::string& phase) const;

  struct Row {
    std::string phase;
    double least, mean, most, share;  ///< s over ranks; share of the mean total
  };
  /// Collective: one row per phase on rank 0, nothing elsewhere.
  [[nodiscard]] std::vector<Row> over_ranks(const parallel::Communicator& comm) const;

 private:
  struct Phase {
    std::string name;
    double seconds;
  };
  std::vector<Phase> phases_;
  std::size_t current_ = 0;
  std::chrono::steady_clock::time_point since_;
  bool running_ = false;
};

/// The table that is shown at the end of a run.
std::string timing_table(const std::vector<Timings::Row>& rows);

}  // namespace eustress::app
