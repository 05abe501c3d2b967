#pragma once

// What is to be fitted to what, as a calibration file says.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/design/free_parameter.hpp"

namespace eustress::io {

enum class CalibrationMethod { bobyqa, crs2, isres, history };
[[nodiscard]] std::string_view to_string(CalibrationMethod method);

/// A row of the validation, or some quantities of it.
struct CalibrationTarget {
  std::size_t row = 0;                  ///< place among the rows that were given to the reader
  std::vector<std::size_t> quantities;  ///< places in the row
  double weight = 1.0;                  ///< of each quantity
};

struct CalibrationPlan {
  CalibrationMethod method = CalibrationMethod::bobyqa;
  std::size_t evaluations = 200;        ///< of a search, at most
  double tolerance = 1e-3;              ///< of a search: shares of the ranges
  std::uint64_t seed = 1;               ///< of the search, not of the studies
  std::size_t waves = 3, points = 50;   ///< of history matching: points of each wave
  bool is_full = false;                 ///< size of the protocols
  std::optional<std::uint64_t> people;  ///< instead of that of the size
  std::vector<FreeParameter> parameters;
  std::vector<CalibrationTarget> targets;
  std::vector<std::size_t> held_out;  ///< rows that are measured, but not fitted to
};

/// A row that may be a target.
struct RowNames {
  std::string id;
  std::vector<std::string> quantities;
};

/// Errors: Error(usage) that shows everything that is wrong with the text, with its places.
CalibrationPlan read_calibration(const std::string& text, const std::string& file_name,
                                 std::span<const RowNames> rows);

}  // namespace eustress::io
