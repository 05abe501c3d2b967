#pragma once

// Other people's solvers on the problems of hpa_problem.hpp, from rest, from one change of the
// drive to the next. Errors: std::runtime_error if a solver gives up.

#include <cstdint>
#include <span>
#include <vector>

#include "bench/hpa_problem.hpp"

namespace eustress::bench {

struct Solution {
  std::vector<double> cortisol;   ///< at the times that were asked for
  std::uint64_t evaluations = 0;  ///< of the right-hand side
};

enum class Multistep { adams, bdf };

/// CVODE with one tolerance, relative and absolute. Adams with functional iteration, for the
/// problem is not stiff; BDF with Newton's and dense difference quotients. `times` [min]:
/// ascending, above 0, within the drive; the solver steps where it likes and interpolates.
Solution solve_cvode(const Person& person, const Drive& drive, Multistep method, double tolerance,
                     std::span<const double> times);

/// Boost.odeint, Dormand & Prince 5(4). With times its dense output, else controlled steps.
Solution solve_odeint(const Person& person, const Drive& drive, double tolerance,
                      std::span<const double> times);

}  // namespace eustress::bench
