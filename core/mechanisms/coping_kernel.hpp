#pragma once

#include "core/mechanisms/coping.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

inline constexpr double kEngage = static_cast<double>(Strategy::engage);
inline constexpr double kReappraise = static_cast<double>(Strategy::reappraise);
inline constexpr double kAvoid = static_cast<double>(Strategy::avoid);

/// (K2)
EUSTRESS_INLINE Pack habit_gate(const CopingParameters& p, Pack brain_noradrenaline, Pack fast) {
  return logistic((brain_noradrenaline - (1.0 + p.gate_noradrenaline)) *
                  (1.0 / p.gate_noradrenaline_width)) *
         logistic((fast - p.gate_cortisol) * (1.0 / p.gate_cortisol_width));
}

/// (K1)-(K3): the strategy's code.
EUSTRESS_INLINE Pack choose_strategy(const CopingParameters& p, const CopingInput<Pack>& in,
                                     Pack u) {
  const Pack weight = p.temperature_inverse * in.control;
  const Pack engage =
      fma(weight, in.q_engage, fma(p.efficacy_effect, in.z_efficacy, broadcast(p.engage_bias)));
  const Pack reappraise =
      fma(weight, in.q_reappraise,
          fma(p.appraisal_effect, in.z_appraisal, broadcast(p.reappraise_bias)));
  const Pack habit =
      p.habit_strength * habit_gate(p, in.brain_noradrenaline, in.fast) * exp(-in.self_control);
  const Pack avoid = fma(weight, in.q_avoid, habit + p.avoid_bias);
  const Pack top = max(engage, max(reappraise, avoid));
  const Pack e = exp(engage - top);
  const Pack r = exp(reappraise - top);
  const Pack a = exp(avoid - top);
  const Pack level = u * (e + r + a);
  return select(level < e, kEngage, select(level < e + r, kReappraise, broadcast(kAvoid)));
}

/// (K4), (K6): hazard of success per minute. x_engage, x_reappraise: here the exponentials of the
/// traits.
EUSTRESS_INLINE Pack success_hazard(const CopingParameters& p, Pack strategy,
                                    const SuccessInput<Pack>& in) {
  const Pack means = fma(p.mastery, in.success_memory, broadcast(1.0)) * in.energy * in.control;
  const Pack engage = p.engage_rate_per_min * in.controllability * in.x_engage * means;
  if (p.yoked) return engage;
  const Pack reappraise = p.reappraise_rate_per_min * in.x_reappraise * means;
  return select(strategy == kEngage, engage,
                select(strategy == kReappraise, reappraise, broadcast(p.avoid_rate_per_min)));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
