#pragma once

// individuals.h5: one row per individual, written by all ranks at once.
//
// Dimensions: individual (its number, the scale), arm, assessment and <probe>_sample as in
// results.nc. Variables: record_columns(), of shape (individual[, second dimension]) or, where arms
// differ, (arm, individual[, second dimension]). What is missing is NaN, a missing group -1.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/observation.hpp"
#include "io/results/row_file.hpp"
#include "io/results/run_description.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

/// Destroyed before publish(), it leaves nothing behind.
class IndividualsFile {
 public:
  /// Collective. Errors: parallel::AgreedError of kind io if the file cannot be created or the disk
  /// has no room for it.
  IndividualsFile(const parallel::Communicator& comm, std::string path, const RunDescription& run,
                  const ObservationLayout& layout);

  /// Writes the rows of one block; any thread, any order, each individual once on one rank.
  /// Errors: Error(io); Error(internal) for values that do not fit their column.
  void write(const BlockRecord& record);

  /// Collective, once no thread writes any more. Errors: as of RowFile::publish().
  void publish() { rows_.publish(); }

  /// Size of the file in bytes.
  [[nodiscard]] std::uint64_t size() const noexcept { return rows_.size(); }

 private:
  [[nodiscard]] std::vector<RowVariable> lay_out(NetcdfWriter& content) const;

  RunDescription run_;
  ObservationLayout layout_;
  std::uint64_t individuals_;
  std::size_t arms_;
  std::vector<RecordColumn> columns_;
  RowFile rows_;
};

/// Bytes that an individuals.h5 of this run will take on the disk, but for some kilobytes of
/// description.
[[nodiscard]] std::uint64_t individuals_file_size(const ObservationLayout& layout,
                                                  std::uint64_t individuals, std::size_t arms);

}  // namespace eustress::io
