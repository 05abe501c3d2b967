#pragma once

#include "core/mechanisms/catecholamines.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

inline CatecholamineDecay catecholamine_decay(const CatecholamineParameters& p, double dt_min) {
  constexpr double kLn2 = 0.69314718055994530942;
  return {portable_exp(-kLn2 * dt_min / p.noradrenaline_half_life_min),
          portable_exp(-kLn2 * dt_min / p.adrenaline_half_life_min),
          portable_exp(-dt_min / p.brain_tau_min), portable_exp(-dt_min / p.dopamine_tau_min)};
}

/// Gains of (N3) of eight persons, exp() of the traits included.
struct CatecholamineGains {
  Pack noradrenaline, adrenaline, brain, dopamine;
};

/// (N3); without an encounter (intensity 0) every target is exactly 1.
EUSTRESS_INLINE CatecholamineTargets<Pack> catecholamine_targets(const CatecholamineGains& g,
                                                                 Pack intensity, Pack chi) {
  return {fma(g.noradrenaline, intensity, 1.0), fma(g.adrenaline, intensity, 1.0),
          fma(g.brain, intensity, 1.0), fma(g.dopamine * intensity, chi, 1.0)};
}

/// (N1), (N2)
EUSTRESS_INLINE void catecholamines_step(CatecholamineState<Pack>& s, const CatecholamineDecay& d,
                                         const CatecholamineTargets<Pack>& t) {
  const auto relax = [](Pack y, Pack target, double decay) {
    return fma(y - target, decay, target);
  };
  s.noradrenaline = relax(s.noradrenaline, t.noradrenaline, d.noradrenaline);
  s.adrenaline = relax(s.adrenaline, t.adrenaline, d.adrenaline);
  s.brain_noradrenaline =
      relax(s.brain_noradrenaline, t.brain_noradrenaline, d.brain_noradrenaline);
  s.dopamine = relax(s.dopamine, t.dopamine, d.dopamine);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
