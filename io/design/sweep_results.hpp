#pragma once

// What a sweep gives: sweep.nc and sweep.html.
//
// sweep.nc, in the form of results.nc. Dimensions: point, parameter, output (names as
// flag_meanings). Variables:
//   parameter_value (point, parameter)       in the unit of the key
//   output_value (point, output)             NaN where there is none
//   morris:  mu, sigma, mu_star, mu_star_low, mu_star_high (parameter, output)
//   sobol:   first_order, total_order, each with _low and _high (parameter, output)
//   lhs:     regression_coefficient with _low and _high (parameter, output), regression_r2 (output)
// Intervals of 95 % by bootstrap.

#include <span>
#include <string>
#include <vector>

#include "core/statistics/sensitivity.hpp"
#include "io/design/sweep_design.hpp"

namespace eustress::io {

inline constexpr std::string_view kSweepName = "sweep.nc";
inline constexpr std::string_view kSweepPageName = "sweep.html";

struct SweepResults {
  SweepDesign design;
  std::string design_text, study_text;
  DesignPoints points;         ///< in the unit cube
  std::vector<double> values;  ///< of outputs [point][output]
  std::vector<std::string> output_units;

  [[nodiscard]] std::vector<double> output(std::size_t o) const;
};

/// One kind of index for all parameters and outputs.
struct IndexTable {
  std::string name, doc;
  bool has_interval = false;
  std::vector<SensitivityIndex> values;  ///< [parameter][output]
};
/// All that the design gives; nothing for a grid.
std::vector<IndexTable> sweep_indices(const SweepResults& sweep);

/// Publishes sweep.nc as `path`. Errors: Error(io).
void write_sweep(const std::string& path, const SweepResults& sweep,
                 std::span<const IndexTable> indices);

/// A page of its own: tornado charts of indices, a heat map of a grid of two parameters, lines of
/// other grids; and the table of all indices.
std::string sweep_page(const SweepResults& sweep, std::span<const IndexTable> indices);

}  // namespace eustress::io
