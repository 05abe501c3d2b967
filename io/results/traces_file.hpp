#pragma once

// traces.nc: the whole course of some individuals, written by all ranks at once.
//
// Dimensions: arm and individual (those that are traced; its number is the scale), time (of the
// moments within days, in days since the start of the study), day, assessment, stressor,
// malleable_factor. Variables: trace_variables(), of shape (arm, individual, ...). What is missing
// is NaN. A trace without moments has no time and nothing along it, one without assessments no
// assessment.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/trace.hpp"
#include "io/results/row_file.hpp"
#include "io/results/run_description.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

/// Destroyed before publish(), it leaves nothing behind.
class TracesFile {
 public:
  /// `run`: with the arms of the study, of which the file has those of the layout. Collective.
  /// Errors: as of RowFile.
  TracesFile(const parallel::Communicator& comm, std::string path, const RunDescription& run,
             const std::vector<std::string>& strata, const TraceLayout& layout);

  /// Writes one person in one arm, by their places in the layout; any thread, any order, each once
  /// on one rank. Errors: Error(io).
  void write(std::size_t arm, std::size_t individual, const PersonTrace& trace);

  /// Collective, once no thread writes any more. Errors: as of RowFile::publish().
  void publish() { rows_.publish(); }

  /// Size of the file in bytes.
  [[nodiscard]] std::uint64_t size() const noexcept { return rows_.size(); }

 private:
  [[nodiscard]] std::vector<RowVariable> lay_out(NetcdfWriter& content) const;

  RunDescription run_;
  std::vector<std::string> strata_;
  TraceLayout layout_;
  std::vector<TraceVariable> variables_;
  std::vector<std::size_t> columns_;  ///< the variables that are in the file
  RowFile rows_;
};

}  // namespace eustress::io
