#pragma once

#include "core/mechanisms/hpa.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// hpa_reference_step for eight individuals. Lag: whether brain cortisol is a state of its own;
/// Bolus: whether there is external CRH. About 100 vector operations.
template <bool Lag, bool Bolus>
EUSTRESS_INLINE void hpa_step(HpaState<Pack>& s, const HpaRates<Pack>& rates, Pack u,
                              double crh_external) {
  const auto total_crh = [&](Pack x1) { return Bolus ? x1 + crh_external : x1; };
  s.pituitary = max(s.pituitary * fma(broadcast(rates.pituitary), total_crh(s.crh),
                                      1.0 - rates.pituitary), kGlandFloor);
  s.adrenal = max(s.adrenal * fma(broadcast(rates.adrenal), s.acth, 1.0 - rates.adrenal),
                  kGlandFloor);
  const Pack drive = u * rates.inverse_k;

  struct Slope {  // over the rate, which is multiplied in where a slope is used
    Pack x1, x2, x3, b;
  };
  const auto slope = [&](Pack x1, Pack x2, Pack x3, Pack brain) {
    const Pack y = max(brain, kBrainFloor) * rates.inverse_k;
    const Pack y2 = y * y;
    const Pack inverse = fast_reciprocal(fma(y2, y2, y));  // MR GR = inverse/K, GR = y inverse
    return Slope{fma(drive, inverse, -x1), fma(total_crh(x1) * s.pituitary, y * inverse, -x2),
                 fma(x2, s.adrenal, -x3), Lag ? x3 - brain : broadcast(0.0)};
  };
  const auto stage = [&](const Slope& k, double h) {
    const Pack x3 = fma(h * rates.cortisol, k.x3, s.cortisol);
    return slope(fma(h * rates.crh, k.x1, s.crh), fma(h * rates.acth, k.x2, s.acth), x3,
                 Lag ? fma(h * rates.brain, k.b, s.brain_cortisol) : x3);
  };
  const Slope k1 = slope(s.crh, s.acth, s.cortisol, Lag ? s.brain_cortisol : s.cortisol);
  const Slope k2 = stage(k1, 0.5);
  const Slope k3 = stage(k2, 0.5);
  const Slope k4 = stage(k3, 1.0);
  const auto advance = [](Pack x, Pack sixth, Pack a, Pack b, Pack c, Pack d) {
    return fma(sixth, fma(2.0, b + c, a + d), x);
  };
  constexpr double kSixth = 1.0 / 6.0;
  s.crh = advance(s.crh, broadcast(kSixth * rates.crh), k1.x1, k2.x1, k3.x1, k4.x1);
  s.acth = advance(s.acth, kSixth * rates.acth, k1.x2, k2.x2, k3.x2, k4.x2);
  s.cortisol = advance(s.cortisol, kSixth * rates.cortisol, k1.x3, k2.x3, k3.x3, k4.x3);
  s.brain_cortisol =
      Lag ? advance(s.brain_cortisol, broadcast(kSixth * rates.brain), k1.b, k2.b, k3.b, k4.b)
          : s.cortisol;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
