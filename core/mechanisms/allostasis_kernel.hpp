#pragma once

#include "core/mechanisms/allostasis.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (O1). approach: 1 - exp(-1 d/tau)
EUSTRESS_INLINE void allostasis_night(AllostasisState<Pack>& s, const AllostasisParameters& p,
                                      double approach, Pack mean_cortisol, Pack mean_noradrenaline,
                                      Pack energy) {
  Pack deviation =
      p.cortisol_weight * abs(log(max(mean_cortisol * (1.0 / p.usual_cortisol), 1e-300)));
  deviation = fma(p.noradrenaline_weight, max(mean_noradrenaline - 1.0, 0.0), deviation);
  deviation = fma(p.depletion_weight, 1.0 - energy, deviation);
  s.load = fma(deviation - s.load, approach, s.load);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
