#pragma once

#include "core/mechanisms/energy.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (M1), (M2) over one half-hour. refill: refill_per_h exp(x_energy_recovery).
EUSTRESS_INLINE void energy_step(EnergyState<Pack>& s, const EnergyParameters& p, Pack refill,
                                 Pack noradrenaline, Pack cortisol, Mask asleep,
                                 Pack sleep_quality) {
  const Pack out = fma(p.noradrenaline_cost_per_h, max(noradrenaline - 1.0, 0.0),
                       p.cortisol_cost_per_h * max(cortisol - 1.0, 0.0));
  const Pack in = refill * select(asleep, sleep_quality, p.rest_share);
  // Both rates are 0 at rest if only sleep refills; then nothing changes.
  const Pack rate = max(out + in, 1e-300);
  const Pack fixed_point = in * reciprocal(rate);
  s.store = fma(s.store - fixed_point, exp(-0.5 * rate), fixed_point);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
