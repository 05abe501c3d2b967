#pragma once

// individuals.h5: one row per individual, written by all ranks at once.
//
// Dimensions: individual (its number, the scale), arm, assessment and <probe>_sample as in
// results.nc. Variables: record_columns(), of shape (individual[, second dimension]) or, where arms
// differ, (arm, individual[, second dimension]). What is missing is NaN, a missing group -1.
//
// The bytes do not depend on ranks, threads or the order of blocks: rank 0 lays the file out and
// reserves its place on the disk, all ranks fill in their rows, and only when all rows are on the
// disk does rank 0 add what makes it an HDF5 file.
//
// The attribute data_xxh3 has one number per variable, in the order of the file: the row_checksum()
// of its numbers. Rows are the numbers of one individual (in one arm); a variable without the
// dimension individual is one row. The checksums are summed up while rows are written, so nothing
// is read for them; ResultsFile::verify() compares.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/observation.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/hdf5/file_image.hpp"
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

  /// Collective, once no thread writes any more. Errors: parallel::AgreedError of kind io, or of
  /// kind internal if not every individual was written once.
  void publish();

  /// Size of the file in bytes.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  struct Column {
    RecordColumn column;
    std::uint64_t offset = 0;                 ///< of its first number in the file
    std::atomic<std::uint64_t> checksum = 0;  ///< of the rows that this rank has written

    explicit Column(RecordColumn c) : column(std::move(c)) {}
  };
  /// Where the numbers of a variable are.
  struct Place {
    std::uint64_t offset, bytes;
    std::optional<std::size_t> column;  ///< none: they are part of the frame
  };
  /// The file but for the rows.
  struct Frame {
    FileImage image;
    std::vector<Place> variables;  ///< in the order of the file
  };

  /// With these checksums of the variables, or zeros if there are none yet.
  [[nodiscard]] Frame lay_out(std::vector<std::uint64_t> checksums) const;
  /// The checksums of the columns, of the rows of all ranks. Collective.
  [[nodiscard]] std::vector<std::uint64_t> sum_checksums() const;

  const parallel::Communicator& comm_;
  std::string path_;
  RunDescription run_;
  ObservationLayout layout_;
  std::uint64_t individuals_;
  std::size_t arms_;
  std::uint64_t size_ = 0;
  std::deque<Column> columns_;
  std::optional<AtomicFile> target_;  // rank 0
  std::optional<File> rows_;          // every rank's own way to the file
  std::atomic<std::int64_t> written_ = 0;
};

/// Bytes that an individuals.h5 of this run will take on the disk, but for some kilobytes of
/// description.
[[nodiscard]] std::uint64_t individuals_file_size(const ObservationLayout& layout,
                                                  std::uint64_t individuals, std::size_t arms);

}  // namespace eustress::io
