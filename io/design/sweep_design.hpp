#pragma once

// A sweep: a study at many points, as a design file says.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/statistics/designs.hpp"
#include "io/design/free_parameter.hpp"
#include "io/design/output_selection.hpp"

namespace eustress::io {

enum class DesignKind { grid, lhs, morris, sobol };
[[nodiscard]] std::string_view to_string(DesignKind kind);

struct SweepDesign {
  std::string study;  ///< path, as the file has it: relative to the file's directory
  DesignKind kind = DesignKind::grid;
  /// Of a Latin hypercube: points. Of Sobol indices: pairs, each of which takes one point per
  /// parameter and two more. Of Morris: trajectories, each of one point per parameter and one more.
  std::size_t size = 0;
  int levels = 4;  ///< of Morris
  std::uint64_t seed = 1;
  std::size_t bootstrap = 1000;
  std::vector<OutputSelection> outputs;
  std::vector<FreeParameter> parameters;
};

inline constexpr std::size_t kMostPoints = 1000000;

/// Errors: Error(usage) that shows everything that is wrong with the text, with its places.
/// Warnings are appended.
SweepDesign read_sweep_design(const std::string& text, const std::string& file_name,
                              std::vector<std::string>& warnings);

/// Points in the unit cube: of a grid the places of its values.
DesignPoints points_of(const SweepDesign& design);
/// The values of the parameters at a point of it.
std::vector<double> values_at(const SweepDesign& design, std::span<const double> point);

/// The first points of the Sobol' sequence of Joe & Kuo (2008) with a random digital shift, which
/// keeps every stratum of it filled. At most 2^32 points.
DesignPoints sobol_points(std::size_t points, std::size_t dimensions, std::uint64_t seed);

}  // namespace eustress::io
