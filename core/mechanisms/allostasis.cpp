#include "core/mechanisms/allostasis.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

void allostasis_reference(AllostasisState<double>& s, const AllostasisParameters& p,
                          double mean_cortisol, double mean_noradrenaline, double energy) {
  const double deviation =
      p.cortisol_weight * std::abs(std::log(mean_cortisol / p.usual_cortisol)) +
      p.noradrenaline_weight * std::max(0.0, mean_noradrenaline - 1.0) +
      p.depletion_weight * (1.0 - energy);
  s.load += (1.0 - std::exp(-1.0 / p.tau_d)) * (deviation - s.load);  // (O1)
}

}  // namespace eustress
