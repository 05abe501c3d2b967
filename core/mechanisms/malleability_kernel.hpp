#pragma once

#include "core/mechanisms/malleability.hpp"
#include "core/numerics/pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (F1). approach: 1 - exp(-1 d/tau), innovation: sqrt(1 - exp(-2 d/tau))
EUSTRESS_INLINE void malleability_night(MalleabilityState<Pack>& s, const MalleabilityParameters& p,
                                        double approach, double innovation, Pack challenge,
                                        Pack hindrance, Pack distress,
                                        const Pack (&n)[kMalleable]) {
  const Pack balance = p.active ? fma(p.challenge, challenge, -p.hindrance * hindrance) -
                                      p.strain * max(distress, 0.0)
                                : broadcast(0.0);
  for (std::size_t f = 0; f < kMalleable; ++f) {
    const Pack drift = fma(kMalleableShare[f], balance, -approach * s.delta[f]);
    s.delta[f] += fma(p.noise * innovation, n[f], drift);
  }
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
