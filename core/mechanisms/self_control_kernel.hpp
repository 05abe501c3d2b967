#pragma once

#include "core/mechanisms/self_control.hpp"
#include "core/numerics/pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (W1). steeling: y of (Y3)
EUSTRESS_INLINE void self_control_night(SelfControlState<Pack>& s, const SelfControlParameters& p,
                                        Pack success_salience, Pack sleep_quality, Pack steeling) {
  const double rate = p.active ? p.rate : 0.0;
  const Pack growth = rate * sleep_quality * success_salience * (1.0 - s.w);
  const double share = p.active ? p.lasting_share : 0.0;
  s.w = clamp(s.w + growth - (1.0 / p.tau_d) * (s.w - share * steeling), 0.0, 1.0);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
