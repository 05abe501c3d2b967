#include "core/mechanisms/energy.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

void energy_reference_step(EnergyState<double>& s, const EnergyParameters& p, double x_recovery,
                           double noradrenaline, double cortisol, bool asleep,
                           double sleep_quality) {
  const double mobilised = p.noradrenaline_cost_per_h * std::max(0.0, noradrenaline - 1.0) +
                           p.cortisol_cost_per_h * std::max(0.0, cortisol - 1.0);  // (M2)
  const double refill =
      p.refill_per_h * std::exp(x_recovery) * (asleep ? sleep_quality : p.rest_share);
  const double rate = mobilised + refill;  // (M1): e' = refill - rate e
  if (rate == 0.0) return;
  const double equilibrium = refill / rate;
  s.store = equilibrium + (s.store - equilibrium) * std::exp(-0.5 * rate);  // half an hour
}

}  // namespace eustress
