#pragma once

#include "core/mechanisms/exposure.hpp"
#include "core/mechanisms/steeling.hpp"
#include "core/numerics/pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (Y1)-(Y3). approach: 1 - exp(-1 d/tau_o)
EUSTRESS_INLINE void steeling_night(SteelingState<Pack>& s, const SteelingParameters& p,
                                    double approach, Pack symptoms, Pack event, Pack success) {
  if (!p.active) return;
  const Pack ratio = symptoms * (1.0 / p.overcoming_symptoms);
  const Pack square = ratio * ratio;
  const Pack overcome = approach * s.open / fma(square, square, broadcast(1.0));
  s.open -= overcome;
  const Pack grown = fma(p.rate * overcome, 1.0 - s.level, s.level);
  s.level = clamp(fma(-1.0 / p.tau_d, s.level, grown), 0.0, 1.0);

  const Pack weight = select(
      event == static_cast<double>(EventKind::traumatic), 1.0,
      select(event == static_cast<double>(EventKind::severe), p.severe_weight, broadcast(0.0)));
  s.open += weight * select(success == 1.0, 1.0, broadcast(p.unmastered_share));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
