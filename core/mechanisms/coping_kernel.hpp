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

/// What of the hazard of success (K4), (K6) is settled by the choice of the strategy.
struct SuccessRate {
  Pack per_min;   ///< with full means; of those who avoid, the hazard itself
  Pack memories;  ///< effect of memories of success
  Mask leaves;    ///< the means do not matter
};
/// x_engage, x_reappraise: here the exponentials of the traits. Energy and control are not looked
/// at.
EUSTRESS_INLINE SuccessRate success_rate(const CopingParameters& p, Pack strategy,
                                         const SuccessInput<Pack>& in) {
  const Pack memories = fma(p.mastery, in.success_memory, broadcast(1.0));
  const Pack engage = p.engage_rate_per_min * in.controllability * in.x_engage;
  if (p.yoked) return {engage, memories, no_lanes()};
  const Mask engages = strategy == kEngage;
  const Mask reappraises = strategy == kReappraise;
  const Pack reappraise = p.reappraise_rate_per_min * in.x_reappraise;
  return {select(engages, engage, select(reappraises, reappraise, broadcast(p.avoid_rate_per_min))),
          memories, !(engages | reappraises)};
}
/// Hazard of success per minute with the energy and control of the moment.
EUSTRESS_INLINE Pack success_hazard(const SuccessRate& rate, Pack energy, Pack control) {
  return select(rate.leaves, rate.per_min, rate.per_min * (rate.memories * energy * control));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
