#pragma once

#include "core/mechanisms/receptors.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

struct ReceptorCoefficients {
  double half_point;     ///< brain cortisol at half GR occupancy, Kd_GR/(ff C0)
  double rest;           ///< GR occupancy at b = 1
  double beyond_scale;   ///< 1/(1 - rest)
  double fast_decay;     ///< exp(-dt/tau_fast)
  double genomic_decay;  ///< exp(-30 min/tau)

  ReceptorCoefficients(const ReceptorParameters& p, double dt_min)
      : half_point(p.gr_kd_nmol_l / (p.free_fraction * p.total_cortisol_nmol_l)),
        rest(1.0 / (1.0 + half_point)),
        beyond_scale(1.0 / (1.0 - rest)),
        fast_decay(portable_exp(-dt_min / p.fast_tau_min)),
        genomic_decay(portable_exp(-30.0 / p.genomic_tau_min)) {}
};

/// (G3): m
EUSTRESS_INLINE void receptors_fast_step(ReceptorState<Pack>& s, const ReceptorCoefficients& c,
                                         Pack brain_cortisol) {
  s.membrane = fma(s.membrane - brain_cortisol, c.fast_decay, brain_cortisol);
}
/// (G3): f
EUSTRESS_INLINE Pack fast_action(const ReceptorState<Pack>& s, const ReceptorCoefficients& c) {
  return s.membrane * reciprocal(s.membrane + c.half_point);
}

/// (G4)
EUSTRESS_INLINE void receptors_genomic_step(ReceptorState<Pack>& s, const ReceptorCoefficients& c) {
  s.genomic = fma(s.genomic - s.genomic2, c.genomic_decay, s.genomic2);
  s.genomic2 = fma(s.genomic2 - s.genomic1, c.genomic_decay, s.genomic1);
  const Pack fast = fast_action(s, c);
  s.genomic1 = fma(s.genomic1 - fast, c.genomic_decay, fast);
}

/// (G5)
EUSTRESS_INLINE Pack action_beyond_rest(const ReceptorCoefficients& c, Pack action) {
  return max(action - c.rest, 0.0) * c.beyond_scale;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
