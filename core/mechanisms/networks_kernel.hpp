#pragma once

#include "core/mechanisms/networks.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (S1). n: brain noradrenaline above rest that acts, fast: fast action beyond rest.
EUSTRESS_INLINE Pack arousal(const NetworkParameters& p, Pack n, Pack fast) {
  const Pack product = n * (fast + p.fast_floor);
  return product * reciprocal(product + p.half_product);
}
/// (S2)
EUSTRESS_INLINE Pack salience(const NetworkParameters& p, Pack x) {
  return logistic(fma(p.salience_gain, x, broadcast(p.salience_base)));
}
/// What protects control from the shift: the exponential of (S3), constant during a day.
EUSTRESS_INLINE Pack shift_protection(const NetworkParameters& p, Pack z_executive,
                                      Pack self_control) {
  return exp(-p.protection * (z_executive + self_control));
}
/// The terms of (S3) that stay the same during a day.
EUSTRESS_INLINE Pack control_of_day(const NetworkParameters& p, Pack x_executive,
                                    Pack self_control) {
  return fma(p.self_control_gain, self_control, x_executive + p.control_base);
}
/// (S3). of_day: control_of_day.
EUSTRESS_INLINE Pack executive_control(const NetworkParameters& p, Pack of_day, Pack protection,
                                       Pack x, Pack genomic, Pack dopamine, Pack energy) {
  const Pack off_peak = dopamine - p.dopamine_optimum;
  Pack logit = fma(-p.shift * x, protection, of_day);
  logit = fma(p.genomic_gain, genomic, logit);
  logit = fma(-p.dopamine_curvature * off_peak, off_peak, logit);
  logit = fma(p.energy_gain, energy - 1.0, logit);
  return logistic(logit);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
