#pragma once

// Comma-separated text as RFC 4180 has it: cells in double quotes may hold commas, line ends and ""
// for a quote; lines end in LF, CRLF or CR. A UTF-8 byte order mark and blank lines are skipped.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eustress::io {

/// The whole of a regular file of at most 2 GiB. Throws Error(input) that says why it cannot be
/// read.
std::string read_text_file(const std::string& path);

/// Reads records one after the other. A defect in the quoting ends the reading.
class CsvRecords {
 public:
  /// A record with more cells than this is a defect.
  static constexpr std::size_t kMostCells = 100000;

  /// `text` must outlive this object.
  explicit CsvRecords(std::string_view text);

  /// Moves to the next record; false at the end or at a defect.
  bool next();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// A cell of the current record, without its quotes and without blanks around it.
  [[nodiscard]] const std::string& cell(std::size_t i) const { return cells_[i]; }
  /// Line where the current record starts, from 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return record_line_; }
  /// What is wrong at line(), or empty.
  [[nodiscard]] const std::string& defect() const noexcept { return defect_; }

 private:
  bool read_quoted(std::string& cell);
  void read_plain(std::string& cell);
  bool read_record();
  [[nodiscard]] bool at_line_end() const;
  void skip_line_end();

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t record_line_ = 0;
  std::vector<std::string> cells_;  ///< the first size_ are valid; kept longer to reuse memory
  std::size_t size_ = 0;
  bool quoted_ = false;  ///< whether the current record has a quoted cell
  std::string defect_;
};

/// Throws Error(input) if `text` holds a NUL byte, so is not text in a one-byte or UTF-8 encoding.
void check_is_text(std::string_view text, const std::string& file);

/// A number in decimal notation, or what is wrong with the cell, as the end of a sentence that
/// starts with the place. Blank and NA cells are NaN.
std::variant<double, std::string> parse_cell(std::string_view cell);

/// `cell` in single quotes for a message: control characters replaced, long ones cut.
std::string quoted_cell(std::string_view cell);

}  // namespace eustress::io
