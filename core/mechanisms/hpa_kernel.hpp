#pragma once

#include "core/mechanisms/hpa.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// The rates times the weights of the Runge-Kutta stages, made once a day.
struct HpaStageRates {
  CrhScheme crh;
  double half_brain, brain, sixth_brain;
  double pituitary, minus_pituitary, pituitary_edges, minus_edges, pituitary_and_edges;
  double adrenal, minus_adrenal;
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
        minus_pituitary(-r.pituitary),
        pituitary_edges(r.pituitary * r.crh / 12.0),
        minus_edges(-pituitary_edges),
        pituitary_and_edges(pituitary + pituitary_edges),
        adrenal(r.adrenal),
        minus_adrenal(-r.adrenal),
        half_acth(0.5 * r.acth),
        acth(r.acth),
        sixth_acth(r.acth / 6.0),
        half_cortisol(0.5 * r.cortisol),
        cortisol(r.cortisol),
        sixth_cortisol(r.cortisol / 6.0),
        inverse_k(r.inverse_k) {}
};

/// hpa_reference_step for the individuals of one register of a pack. One after the other they need
/// fewer registers at a time than together, and are still under way together.
template <bool Lag, bool Bolus, bool Drugs>
EUSTRESS_INLINE void hpa_step_of_part(HpaState<Pack>& s, const HpaStageRates& g, int part,
                                      Doubles u, double crh_external, Doubles adrenal_share,
                                      Doubles cortisol_external) {
  const auto state = [part](const Pack& x) { return x.part[part]; };
  const Doubles crh = state(s.crh), acth = state(s.acth), cortisol = state(s.cortisol);
  const Doubles pituitary = state(s.pituitary);
  const Doubles brain = max(state(Lag ? s.brain_cortisol : s.cortisol), repeat(kBrainFloor));
  const Doubles own_cortisol = Lag ? cortisol : brain;
  const Doubles inverse_k = state(g.inverse_k);
  const Doubles drive = u * inverse_k;
  const Doubles adrenal = Drugs ? state(s.adrenal) * adrenal_share : state(s.adrenal);
  const auto total_crh = [&](Doubles x1) { return Bolus ? x1 + repeat(crh_external) : x1; };

  struct Slope {  // over the rate, which is multiplied in where a slope is used; of CRH the goal F
    Doubles goal, x2, x3, b;
  };
  const auto slope = [&](Doubles x1, Doubles x2, Doubles x3, Doubles b) {
    const Doubles y = b * inverse_k;
    const Doubles y2 = y * y;
    const Doubles inverse = fast_reciprocal(fma(y2, y2, y));  // MR GR = inverse/K, GR = y inverse
    return Slope{drive * inverse, fma(total_crh(x1) * pituitary * y, inverse, -x2),
                 fma(x2, adrenal, Drugs ? cortisol_external - x3 : -x3), Lag ? x3 - b : Doubles{}};
  };
  const auto stage = [&](const Slope& k, Doubles x1, const Pack& acth_rate,
                         const Pack& cortisol_rate, double brain_rate) {
    const Doubles x3 = fma(state(cortisol_rate), k.x3, own_cortisol);
    return slope(x1, fma(state(acth_rate), k.x2, acth), x3,
                 Lag ? fma(repeat(brain_rate), k.b, brain) : x3);
  };
  const CrhScheme& scheme = g.crh;
  const Doubles growth_rate = repeat(scheme.half_growth);
  const Doubles decayed = repeat(scheme.half_decay) * crh;
  const Slope k1 = slope(crh, acth, own_cortisol, brain);
  const Doubles crh_a = fma(growth_rate, k1.goal, decayed);
  const Slope k2 = stage(k1, crh_a, g.half_acth, g.half_cortisol, g.half_brain);
  const Doubles crh_b = fma(growth_rate, k2.goal, decayed);
  const Slope k3 = stage(k2, crh_b, g.half_acth, g.half_cortisol, g.half_brain);
  const Doubles crh_c =
      fma(growth_rate, fma(repeat(2.0), k3.goal, -k1.goal), repeat(scheme.half_decay) * crh_a);
  const Slope k4 = stage(k3, crh_c, g.acth, g.cortisol, g.brain);
  // What depends on k4, the last to be known, is added last: packs that are under way together fill
  // the processor only as long as its window of instructions reaches.
  const auto advance = [](Doubles x, Doubles sixth, Doubles a, Doubles b, Doubles c, Doubles d) {
    return fma(sixth, d, fma(sixth, fma(repeat(2.0), b + c, a), x));
  };
  const Doubles crh_d = fma(repeat(scheme.last), k4.goal,
                            fma(repeat(scheme.middle), k2.goal + k3.goal,
                                fma(repeat(scheme.first), k1.goal, repeat(scheme.decay) * crh)));
  const Doubles growth =
      fma(repeat(g.minus_edges), k4.goal,
          fma(repeat(g.pituitary_edges), k1.goal - crh,
              repeat(Bolus ? g.pituitary * crh_external - g.pituitary : g.minus_pituitary)));
  const auto grown = [](Doubles mass, Doubles q) {  // mass e^q to second order
    return max(fma(mass * q, fma(q, repeat(0.5), repeat(1.0)), mass), repeat(kGlandFloor));
  };
  s.pituitary.part[part] = grown(pituitary, fma(repeat(g.pituitary_and_edges), crh_d, growth));
  s.crh.part[part] = crh_d;
  const Doubles new_acth = advance(acth, state(g.sixth_acth), k1.x2, k2.x2, k3.x2, k4.x2);
  const Doubles new_cortisol =
      advance(own_cortisol, state(g.sixth_cortisol), k1.x3, k2.x3, k3.x3, k4.x3);
  s.acth.part[part] = new_acth;
  s.cortisol.part[part] = new_cortisol;
  s.brain_cortisol.part[part] =
      Lag ? advance(brain, repeat(g.sixth_brain), k1.b, k2.b, k3.b, k4.b) : new_cortisol;
  s.adrenal.part[part] =
      grown(state(s.adrenal), fma(new_acth, repeat(g.adrenal), repeat(g.minus_adrenal)));
}

/// hpa_reference_step for eight individuals. Lag: whether brain cortisol is a state of its own;
/// Bolus: whether there is external CRH; Drugs: whether anybody has adrenal_share or
/// cortisol_external other than 1 and 0, with which the bits are those of without. About 100 vector
/// operations.
template <bool Lag, bool Bolus, bool Drugs = false>
EUSTRESS_INLINE void hpa_step(HpaState<Pack>& s, const HpaStageRates& g, Pack u,
                              double crh_external, Pack adrenal_share = Pack{},
                              Pack cortisol_external = Pack{}) {
  for_each_part([&](int part) __attribute__((always_inline)) {
    hpa_step_of_part<Lag, Bolus, Drugs>(s, g, part, u.part[part], crh_external,
                                        adrenal_share.part[part], cortisol_external.part[part]);
  });
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
