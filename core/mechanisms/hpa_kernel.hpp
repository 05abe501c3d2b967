#pragma once

#include "core/mechanisms/hpa.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// The rates times the weights of the Runge-Kutta stages, made once a day.
struct HpaStageRates {
  CrhScheme crh;
  double half_brain, brain, sixth_brain;
  double pituitary, pituitary_edges, adrenal;
  Pack half_acth, acth, sixth_acth;
  Pack half_cortisol, cortisol, sixth_cortisol;
  Pack inverse_k;

  HpaStageRates() = default;
  /// scheme: crh_scheme(r.crh), the same for everybody.
  EUSTRESS_INLINE HpaStageRates(const HpaRates<Pack>& r, const CrhScheme& scheme)
      : crh(scheme),
        half_brain(0.5 * r.brain),
        brain(r.brain),
        sixth_brain(r.brain / 6.0),
        pituitary(r.pituitary),
        pituitary_edges(r.pituitary * r.crh / 12.0),
        adrenal(r.adrenal),
        half_acth(0.5 * r.acth),
        acth(r.acth),
        sixth_acth(r.acth / 6.0),
        half_cortisol(0.5 * r.cortisol),
        cortisol(r.cortisol),
        sixth_cortisol(r.cortisol / 6.0),
        inverse_k(r.inverse_k) {}
};

/// hpa_reference_step for eight individuals. Lag: whether brain cortisol is a state of its own;
/// Bolus: whether there is external CRH; Drugs: whether anybody has adrenal_share or
/// cortisol_external other than 1 and 0, with which the bits are those of without. About 100 vector
/// operations.
template <bool Lag, bool Bolus, bool Drugs = false>
EUSTRESS_INLINE void hpa_step(HpaState<Pack>& s, const HpaStageRates& g, Pack u,
                              double crh_external, Pack adrenal_share = Pack{},
                              Pack cortisol_external = Pack{}) {
  const auto total_crh = [&](Pack x1) { return Bolus ? x1 + crh_external : x1; };
  Pack& feedback = Lag ? s.brain_cortisol : s.cortisol;
  feedback = max(feedback, kBrainFloor);
  const Pack drive = u * g.inverse_k;
  const Pack adrenal = Drugs ? s.adrenal * adrenal_share : s.adrenal;

  struct Slope {  // over the rate, which is multiplied in where a slope is used; of CRH the goal F
    Pack goal, x2, x3, b;
  };
  const auto slope = [&](Pack x1, Pack x2, Pack x3, Pack brain) {
    const Pack y = brain * g.inverse_k;
    const Pack y2 = y * y;
    const Pack inverse = fast_reciprocal(fma(y2, y2, y));  // MR GR = inverse/K, GR = y inverse
    return Slope{drive * inverse, fma(total_crh(x1) * s.pituitary * y, inverse, -x2),
                 fma(x2, adrenal, Drugs ? cortisol_external - x3 : -x3),
                 Lag ? x3 - brain : broadcast(0.0)};
  };
  const auto stage = [&](const Slope& k, Pack x1, Pack acth, Pack cortisol, double brain) {
    const Pack x3 = fma(cortisol, k.x3, s.cortisol);
    return slope(x1, fma(acth, k.x2, s.acth), x3, Lag ? fma(brain, k.b, s.brain_cortisol) : x3);
  };
  const CrhScheme& crh = g.crh;
  const Pack decayed = crh.half_decay * s.crh;
  const Slope k1 = slope(s.crh, s.acth, s.cortisol, feedback);
  const Pack crh_a = fma(crh.half_growth, k1.goal, decayed);
  const Slope k2 = stage(k1, crh_a, g.half_acth, g.half_cortisol, g.half_brain);
  const Pack crh_b = fma(crh.half_growth, k2.goal, decayed);
  const Slope k3 = stage(k2, crh_b, g.half_acth, g.half_cortisol, g.half_brain);
  const Pack crh_c = fma(crh.half_growth, fma(2.0, k3.goal, -k1.goal), crh.half_decay * crh_a);
  const Slope k4 = stage(k3, crh_c, g.acth, g.cortisol, g.brain);
  // What depends on k4, the last to be known, is added last: packs that are under way together fill
  // the processor only as long as its window of instructions reaches.
  const auto advance = [](Pack x, Pack sixth, Pack a, Pack b, Pack c, Pack d) {
    return fma(sixth, d, fma(sixth, fma(2.0, b + c, a), x));
  };
  const Pack crh_d =
      fma(crh.last, k4.goal,
          fma(crh.middle, k2.goal + k3.goal, fma(crh.first, k1.goal, crh.decay * s.crh)));
  const Pack growth = fma(-g.pituitary_edges, k4.goal,
                          fma(g.pituitary_edges, k1.goal - s.crh,
                              broadcast((Bolus ? g.pituitary * crh_external : 0.0) - g.pituitary)));
  const auto grown = [](Pack mass, Pack q) {  // mass e^q to second order
    return max(fma(mass * q, fma(q, 0.5, 1.0), mass), kGlandFloor);
  };
  s.pituitary = grown(s.pituitary, fma(g.pituitary + g.pituitary_edges, crh_d, growth));
  s.crh = crh_d;
  s.acth = advance(s.acth, g.sixth_acth, k1.x2, k2.x2, k3.x2, k4.x2);
  s.cortisol = advance(s.cortisol, g.sixth_cortisol, k1.x3, k2.x3, k3.x3, k4.x3);
  s.brain_cortisol =
      Lag ? advance(s.brain_cortisol, broadcast(g.sixth_brain), k1.b, k2.b, k3.b, k4.b)
          : s.cortisol;
  s.adrenal = grown(s.adrenal, fma(s.acth, g.adrenal, -g.adrenal));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
