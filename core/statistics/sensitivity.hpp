#pragma once

// What designs of core/statistics/designs.hpp tell of a model: how much of a number depends on
// which parameter, with bootstrap intervals of 95 % (percentiles). Intervals are of the design
// alone. A number that is missing (NaN) at any point of a trajectory, or of a group of points that
// belong together, takes these out.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/statistics/designs.hpp"

namespace eustress {

/// An index with its interval; all NaN where it has no answer.
struct SensitivityIndex {
  double value, low, high;
};

struct Resampling {
  std::size_t times = 1000;
  std::uint64_t seed = 1;
};

/// One per dimension.
struct MorrisEffects {
  std::vector<double> mu;                 ///< mean elementary effect, per width of the cube
  std::vector<SensitivityIndex> mu_star;  ///< mean of its absolute value (Campolongo et al. 2007)
  std::vector<double> sigma;              ///< standard deviation over trajectories
};
/// `y`: at the points of morris_trajectories().
MorrisEffects morris_effects(const DesignPoints& design, std::span<const double> y,
                             const Resampling& resampling);

/// One per dimension.
struct SobolIndices {
  std::vector<SensitivityIndex> first_order;  ///< estimator (b) of Saltelli et al. 2010, table 2
  std::vector<SensitivityIndex> total_order;  ///< Jansen 1999: (f) there
};
/// `y`: at the points of saltelli_points().
SobolIndices sobol_indices(std::size_t dimensions, std::span<const double> y,
                           const Resampling& resampling);

/// Standardised regression coefficients: how many standard deviations of y come with one of each
/// dimension, in a linear model with all of them.
struct RegressionEffects {
  std::vector<SensitivityIndex> coefficients;  ///< one per dimension
  double r2;                                   ///< share of variance that the linear model explains
};
RegressionEffects regression_effects(const DesignPoints& design, std::span<const double> y,
                                     const Resampling& resampling);

}  // namespace eustress
