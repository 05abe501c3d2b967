#pragma once

// Finding values of the parameters that fit, and what the targets say about them. In the unit cube
// of the ranges; on rank 0.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/statistics/designs.hpp"
#include "io/design/calibration_plan.hpp"

namespace eustress::app::calibration {

/// Implausibility above which a point is ruled out; the ends of a band are as many of its standard
/// deviations from its middle.
inline constexpr double kRuledOut = 3.0;
/// Smallest error that a margin counts in, in standard deviations of the band: of rows that are
/// computed exactly.
inline constexpr double kLeastError = 0.1;

/// How a number lies to its band, in standard deviations of the band.
struct Deviation {
  enum class Side { both, only_below, only_above };  ///< which deviations are off
  double value = 0.0;  ///< from the middle, or from the only end; NaN if there is no number
  double error = 0.0;  ///< of the simulation
  Side side = Side::both;
};
/// In standard deviations of band, simulation and `more`; infinite if there is no number.
[[nodiscard]] double implausibility_of(const Deviation& deviation, double more = 0.0);

/// Distance to the nearer end of the band, outside of it negative, in standard deviations of
/// simulation and `more` (at least kLeastError); minus infinity if there is no number.
[[nodiscard]] double margin_of(const Deviation& deviation, double more = 0.0);

/// What is known at a point of the cube.
struct PointState {
  std::vector<double> residuals;  ///< weighted, in half widths of the bands
  std::vector<Deviation> deviations;
  [[nodiscard]] double objective() const;       ///< sum of the squares of the residuals
  [[nodiscard]] double implausibility() const;  ///< the largest
  [[nodiscard]] double margin() const;          ///< the least
};
using Evaluate = std::function<PointState(std::span<const double> point)>;

/// What a parameter may be, by the targets.
struct ParameterRange {
  double fitted = 0.0;           ///< place in the cube
  double low = 0.0, high = 1.0;  ///< places; within the cube
  /// The data leave less than half of its range.
  [[nodiscard]] bool is_identifiable() const { return high - low < 0.5; }
};

struct Fit {
  double objective = 0.0;
  std::vector<ParameterRange> parameters;
  /// Of what remains, row-major over the parameters; NaN where it is not known.
  std::vector<double> correlations;
  std::size_t evaluations = 0;
  std::string ended;  ///< why a search ended

  /// Of a search: no look around it found a better point, so that intervals mean something.
  bool is_minimum = true;

  /// One wave of history matching.
  struct Wave {
    std::size_t points = 0, kept = 0;  ///< kept: simulated, and not ruled out
    double share = 1.0;                ///< of its box that the emulator does not rule out
    std::vector<double> low, high;     ///< ends of what remains after it
  };
  std::vector<Wave> waves;
  bool is_any_kept = true;
};

/// Minimises the objective from `start` by a method of NLopt: BOBYQA (Powell 2009; COBYLA of the
/// same author if there is one parameter only); or CRS2 (Kaelo & Ali 2006) or ISRES (Runarsson &
/// Yao 2005) with three quarters of the evaluations, and BOBYQA from there. Then looks around the
/// minimum. The interval of a parameter is where the objective, with all others fitted again, is at
/// most 1 above its minimum, by the linear model of the residuals (Gauss-Newton) there. What
/// `evaluate` throws is passed on. Errors: Error(internal) if NLopt fails.
Fit search(const io::CalibrationPlan& plan, const std::vector<double>& start,
           const Evaluate& evaluate);

/// History matching (Craig et al. 1997; Vernon et al. 2010, doi 10.1214/10-BA524). Waves of
/// simulated points, each in what was not ruled out before: a point is ruled out if a target is
/// more than three standard deviations off, of band, simulation and emulator. The emulator of each
/// quantity is a quadratic polynomial (linear while there are few points) through all points in the
/// box of the wave, and its standard deviation that of their residuals. Last, three points that are
/// the surest for the emulator, which learns from each: of largest margin. Of all simulated points
/// the fit is the surest.
Fit match_history(const io::CalibrationPlan& plan, const Evaluate& evaluate);

}  // namespace eustress::app::calibration
