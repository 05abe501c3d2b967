#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eustress {

/// A missing cell.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// A table of numbers with one row per person, and where each row came from.
struct CohortTable {
  std::string file;                  ///< for messages
  std::vector<std::string> columns;  ///< names of the numeric columns, all different
  std::vector<double> cells;         ///< rows() x columns.size(), row after row; NaN = missing
  std::vector<std::string> ids;      ///< one per row, all different; empty if there is no id column
  std::vector<std::uint64_t> lines;  ///< line of the file where each row starts, from 1
  bool is_array = false;             ///< a file of arrays: `lines` holds indices, from 0

  [[nodiscard]] std::size_t rows() const noexcept { return lines.size(); }

  [[nodiscard]] double cell(std::size_t row, std::size_t column) const {
    return cells[row * columns.size() + column];
  }

  /// Position of the column of that exact name, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c] == name) return c;
    }
    return std::nullopt;
  }

  /// "file:line:column" for error messages, or "file:column[index]" for arrays.
  [[nodiscard]] std::string place(std::size_t row, std::size_t column) const {
    if (is_array) return file + ":" + columns[column] + "[" + std::to_string(lines[row]) + "]";
    return file + ":" + std::to_string(lines[row]) + ":" + columns[column];
  }
};

}  // namespace eustress
