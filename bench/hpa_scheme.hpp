#pragma once

// The scheme (H7) once more, written for any type of number and with its parts exchangeable: what
// single precision would do, what the exponential form of CRH is worth, where the error arises.
// With double and no variation it is hpa_reference_step up to rounding, which a test holds.

#include <algorithm>
#include <cmath>

#include "core/mechanisms/hpa.hpp"

namespace eustress::bench {

struct Variation {
  bool classical_crh = false;  ///< classical Runge-Kutta for CRH too
  bool growth = true;          ///< the glands grow by e^q to second order, not by 1 + q
};

/// Constants of one person and step.
template <class Real>
struct SchemeRates {
  Real crh, brain, pituitary, adrenal, acth, cortisol, inverse_k;
  Real half_decay, half_growth, decay, first, middle, last;

  explicit SchemeRates(const HpaRates<double>& r)
      : crh(static_cast<Real>(r.crh)),
        brain(static_cast<Real>(r.brain)),
        pituitary(static_cast<Real>(r.pituitary)),
        adrenal(static_cast<Real>(r.adrenal)),
        acth(static_cast<Real>(r.acth)),
        cortisol(static_cast<Real>(r.cortisol)),
        inverse_k(static_cast<Real>(r.inverse_k)) {
    const CrhScheme s = crh_scheme(r.crh);
    half_decay = static_cast<Real>(s.half_decay);
    half_growth = static_cast<Real>(s.half_growth);
    decay = static_cast<Real>(s.decay);
    first = static_cast<Real>(s.first);
    middle = static_cast<Real>(s.middle);
    last = static_cast<Real>(s.last);
  }
};

/// One step; the slopes k are changes over the step.
template <class Real, Variation kVariation = Variation{}>
void scheme_step(HpaState<Real>& s, const SchemeRates<Real>& g, Real u, Real crh_external) {
  const bool lag = g.brain > Real(0);
  Real& feedback = lag ? s.brain_cortisol : s.cortisol;
  feedback = std::max(feedback, static_cast<Real>(kBrainFloor));
  struct Stage {
    Real x1, x2, x3, b;
  };
  const auto slope = [&](const Stage& x) -> Stage {
    const Real brain = lag ? x.b : x.x3;
    const Real y = brain * g.inverse_k;
    const Real gr = Real(1) / (Real(1) + y * y * y);
    return {u * gr / brain, g.acth * ((x.x1 + crh_external) * s.pituitary * gr - x.x2),
            g.cortisol * (x.x2 * s.adrenal - x.x3), g.brain * (x.x3 - x.b)};
  };
  const Stage x{s.crh, s.acth, s.cortisol, s.brain_cortisol};
  const auto shifted = [&](const Stage& k, Real h, Real crh) -> Stage {
    return {crh, x.x2 + h * k.x2, x.x3 + h * k.x3, x.b + h * k.b};
  };
  const Real half(0.5), one(1), two(2), six(6);
  const Stage k1 = slope(x);
  Stage k2, k3, k4;
  Real crh;
  if constexpr (kVariation.classical_crh) {
    const auto f = [&](const Stage& k, Real x1) { return g.crh * (k.x1 - x1); };
    const Real f1 = f(k1, x.x1), crh_a = x.x1 + half * f1;
    k2 = slope(shifted(k1, half, crh_a));
    const Real f2 = f(k2, crh_a), crh_b = x.x1 + half * f2;
    k3 = slope(shifted(k2, half, crh_b));
    const Real f3 = f(k3, crh_b), crh_c = x.x1 + f3;
    k4 = slope(shifted(k3, one, crh_c));
    crh = x.x1 + (f1 + two * f2 + two * f3 + f(k4, crh_c)) / six;
  } else {
    const Real crh_a = g.half_decay * x.x1 + g.half_growth * k1.x1;
    k2 = slope(shifted(k1, half, crh_a));
    const Real crh_b = g.half_decay * x.x1 + g.half_growth * k2.x1;
    k3 = slope(shifted(k2, half, crh_b));
    const Real crh_c = g.half_decay * crh_a + g.half_growth * (two * k3.x1 - k1.x1);
    k4 = slope(shifted(k3, one, crh_c));
    crh = g.decay * x.x1 + g.first * k1.x1 + g.middle * (k2.x1 + k3.x1) + g.last * k4.x1;
  }
  s.crh = crh;
  s.acth += (k1.x2 + two * k2.x2 + two * k3.x2 + k4.x2) / six;
  s.cortisol += (k1.x3 + two * k2.x3 + two * k3.x3 + k4.x3) / six;
  s.brain_cortisol =
      lag ? s.brain_cortisol + (k1.b + two * k2.b + two * k3.b + k4.b) / six : s.cortisol;

  const Real edges = g.crh / Real(12) * (k1.x1 - k4.x1 + s.crh - x.x1);
  const Real grown = g.pituitary * (s.crh + crh_external - one + edges);
  const Real grown_adrenal = g.adrenal * (s.acth - one);
  if constexpr (kVariation.growth) {
    s.pituitary *= one + grown * (one + half * grown);
    s.adrenal *= one + grown_adrenal * (one + half * grown_adrenal);
  } else {
    s.pituitary *= one + grown;
    s.adrenal *= one + grown_adrenal;
  }
  s.pituitary = std::max(s.pituitary, static_cast<Real>(kGlandFloor));
  s.adrenal = std::max(s.adrenal, static_cast<Real>(kGlandFloor));
}

}  // namespace eustress::bench
