#pragma once

#include "core/mechanisms/habituation.hpp"
#include "core/mechanisms/pick_kernel.hpp"
#include "core/numerics/portable_math.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (J1) for the lanes of `who`.
EUSTRESS_INLINE void habituate(HabituationState<Pack>& s, const HabituationParameters& p, Mask who,
                               Pack k, Pack intensity) {
  if (!p.active) return;
  const Pack square = intensity * intensity;
  const Pack keep =
      1.0 - p.rate * square / (square + p.reference_intensity * p.reference_intensity);
  for (int j = 0; j < kStressorClasses; ++j) {
    s.response[j] *= select(who & (k == static_cast<double>(j)), keep, 1.0);
  }
}

/// (J2). recovery: 1 - exp(-1 d/tau)
EUSTRESS_INLINE void habituation_night(HabituationState<Pack>& s, double recovery) {
  for (auto& h : s.response) h = fma(1.0 - h, recovery, h);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
