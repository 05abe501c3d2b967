#pragma once

#include "core/mechanisms/controllability.hpp"
#include "core/mechanisms/pick_kernel.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (B4)
EUSTRESS_INLINE Pack control_belief(const ControllabilityState<Pack>& s,
                                    const ControllabilityParameters& p, Pack k) {
  const Pack evidence = fma(p.general_weight, s.omega_general, pick(k, s.omega));
  return clamp(fma(p.gain, evidence, broadcast(p.prior)), 0.0, 1.0);
}

/// (B1)-(B3) for the lanes of `who`. engaged, resolved: 1 or 0.
EUSTRESS_INLINE void learn_control(ControllabilityState<Pack>& s,
                                   const ControllabilityParameters& p, Mask who, Pack k,
                                   Pack engaged, Pack resolved) {
  if (!p.active) return;
  const Mask acted = engaged == 1.0;
  const Mask good = resolved == 1.0;
  const Pack actor = select(acted, pick(k, s.acting), pick(k, s.not_acting));
  const Pack spectator = pick(k, s.spectator);
  const Pack actor_surprise = select(good, 1.0 - actor, actor);
  const Pack spectator_surprise = select(good, 1.0 - spectator, spectator);
  const Pack advantage = spectator_surprise - actor_surprise;
  const double similarity = p.generalisation ? p.similarity : 0.0;
  for (int j = 0; j < kStressorClasses; ++j) {
    const Pack rate = p.rate * similarity_to(k, j, similarity);
    s.omega[j] += select(who, rate * (advantage - s.omega[j]), 0.0);
    const Mask this_class = who & (k == static_cast<double>(j));
    s.acting[j] += select(this_class & acted, p.transition_rate * (resolved - s.acting[j]), 0.0);
    s.not_acting[j] +=
        select(this_class & !acted, p.transition_rate * (resolved - s.not_acting[j]), 0.0);
    s.spectator[j] += select(this_class, p.transition_rate * (resolved - s.spectator[j]), 0.0);
  }
  if (p.generalisation) {
    s.omega_general += select(who, p.general_rate * (advantage - s.omega_general), 0.0);
  }
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
