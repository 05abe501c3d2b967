#pragma once

// A file whose large variables are rows of numbers, of individuals say, written by all ranks at
// once.
//
// The bytes do not depend on ranks, threads or the order of rows: rank 0 lays the file out and
// reserves its place on the disk, all ranks fill in their rows, and only when all rows are on the
// disk does rank 0 add what makes it an HDF5 file.
//
// The attribute data_xxh3 has one number per variable, in the order of the file: the row_checksum()
// of its numbers. A variable without the dimension individual is one row. The checksums are summed
// up while rows are written, so nothing is read for them; ResultsFile::verify() compares.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/hdf5/hdf5.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

/// A variable that is filled row by row.
struct RowColumn {
  std::uint64_t rows = 0;
  std::uint64_t bytes_per_row = 0;  ///< 0: the variable is not in the file
};

/// A variable in the order of the file.
struct RowVariable {
  std::string name;
  std::uint64_t bytes = 0;
  std::optional<std::size_t> column;  ///< none: its numbers are written with the frame
  std::uint64_t rows = 1;             ///< of those that are written with the frame
};

/// Destroyed before publish(), it leaves nothing behind.
class RowFile {
 public:
  /// Adds everything to the file but the numbers of columns, the checksums and the mark of a
  /// complete file, the same at every call, and tells what it added.
  using LayOut = std::function<std::vector<RowVariable>(NetcdfWriter& content)>;

  /// Collective. Errors: parallel::AgreedError of kind io if the file cannot be created or the disk
  /// has no room for it.
  RowFile(const parallel::Communicator& comm, std::string path, std::span<const RowColumn> columns,
          LayOut lay_out);

  /// Writes rows of a column from number `first_row` on; any thread, any order, each row once on
  /// one rank. `bytes`: whole rows. Errors: Error(io).
  void write(std::size_t column, std::uint64_t first_row, std::span<const std::byte> bytes);

  /// Collective, once no thread writes any more. Errors: parallel::AgreedError of kind io, or of
  /// kind internal if not every row of the first column was written once.
  void publish();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Size of the file in bytes.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  struct Column {
    RowColumn shape;
    std::uint64_t offset = 0;                 ///< of its first number in the file
    std::atomic<std::uint64_t> checksum = 0;  ///< of the rows that this rank has written

    explicit Column(const RowColumn& c) : shape(c) {}
  };
  /// Where the numbers of a variable are.
  struct Place {
    std::uint64_t offset, bytes;
    std::optional<std::size_t> column;
    std::uint64_t rows;
  };
  /// The file but for the rows.
  struct Frame {
    FileImage image;
    std::vector<Place> variables;  ///< in the order of the file
  };

  /// With these checksums of the variables, or zeros if there are none yet.
  [[nodiscard]] Frame framed(std::vector<std::uint64_t> checksums) const;
  /// The checksums of the columns, of the rows of all ranks. Collective.
  [[nodiscard]] std::vector<std::uint64_t> sum_checksums() const;

  const parallel::Communicator& comm_;
  std::string path_;
  LayOut lay_out_;
  std::uint64_t size_ = 0;
  std::deque<Column> columns_;
  std::optional<AtomicFile> target_;       // rank 0
  std::optional<File> rows_;               // every rank's own way to the file
  std::atomic<std::int64_t> written_ = 0;  // rows of the first column
};

}  // namespace eustress::io
