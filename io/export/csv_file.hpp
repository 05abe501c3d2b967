#pragma once

// A CSV file (RFC 4180) that is written row by row.

#include <string>
#include <string_view>

#include "io/files/atomic_file.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {

/// There as a whole or not at all: destroyed before publish(), it leaves nothing behind. In memory
/// is a piece of about a megabyte. Errors: Error(io).
class CsvFile {
 public:
  explicit CsvFile(std::string path);

  /// Quoted where it must be.
  void text(std::string_view cell);
  /// With as few digits as give the same number of that type again; empty if it is NaN.
  void number(double value, NumberType type);
  void empty();
  void end_row();

  void publish();
  [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

 private:
  void separate();
  void flush();

  AtomicFile file_;
  std::string buffer_;
  bool is_row_begun_ = false;
};

}  // namespace eustress::io
