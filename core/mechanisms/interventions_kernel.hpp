#pragma once

#include "core/mechanisms/interventions.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// The level that a number of the state stands for.
EUSTRESS_INLINE Pack intervention_level(Pack state) {
  return select(state <= kDroppedOut, kDroppedOut - state, max(state, 0.0));
}
EUSTRESS_INLINE Pack with_level(Pack state, Pack level) {
  return select(state <= kDroppedOut, kDroppedOut - level,
                select(state == kNotEnrolled, state, level));
}

/// Who is in the target. z: trait factors; u: the draw of enrolment.
EUSTRESS_INLINE Mask is_target(const InterventionSlot& slot, const Pack (&z)[kFactors],
                               Pack stratum, Pack symptoms, Pack u) {
  Pack score = broadcast(0.0);
  switch (slot.target) {
    case InterventionTarget::all:
      return score == 0.0;
    case InterventionTarget::fraction:
      return u < slot.fraction;
    case InterventionTarget::factor_low:
    case InterventionTarget::factor_high:
    case InterventionTarget::risk:
      for (std::size_t f = 0; f < kFactors; ++f) score = score + slot.weight[f] * z[f];
      return slot.target == InterventionTarget::factor_low ? score < slot.cut : score > slot.cut;
    case InterventionTarget::symptoms:
      return symptoms > slot.threshold;
    case InterventionTarget::stratum:
      return stratum == slot.stratum;
  }
  return no_lanes();
}

/// (I1)-(I3) with the draws of a day that leaves nothing to chance at 0 and 1; returns who holds
/// it. target: who may enrol today.
EUSTRESS_INLINE Mask intervention_morning(Pack& state, const InterventionSlot& slot, int day,
                                          Mask target, Pack u_adherence, Pack u_dropout) {
  if (slot.enrols(day)) state = select(target & (state == kNotEnrolled), 0.0, state);
  const Pack level = intervention_level(state);
  Mask held = no_lanes();
  if (slot.on(day)) {
    state = select((state >= 0.0) & (u_dropout < slot.dropout), kDroppedOut, state);
    held = (state >= 0.0) & (u_adherence < slot.adherence);
  }
  state = with_level(
      state, select(held, fma(slot.build_up, slot.dose - level, level), level * slot.decay));
  return held;
}

/// (I4). mastered: count of the day.
EUSTRESS_INLINE void intervention_night(Pack& state, const InterventionSlot& slot, Pack mastered) {
  const Pack level = intervention_level(state);
  const Mask boosted = (mastered > 0.0) & (level > 0.0);
  const Pack gain = slot.booster * max(slot.dose - level, 0.0);
  state = select(boosted, with_level(state, level + gain), state);
}

/// (I6)
EUSTRESS_INLINE Pack trained_control(const InterventionParameters& p, Pack omega_general,
                                     Pack level) {
  const Pack missing = max(p.control_evidence * level - omega_general, 0.0);
  return select(level > 0.0, fma(p.control_rate_per_d, missing, omega_general), omega_general);
}

/// (I8)
EUSTRESS_INLINE Pack trained_self_control(const InterventionParameters& p, Pack w, Pack level) {
  const Pack share = 1.0 - exp(-p.self_control_rate_per_d * level);
  return select(level > 0.0, fma(share, 1.0 - w, w), w);
}

/// (I10)
EUSTRESS_INLINE Pack exercised_load(const InterventionParameters& p, Pack load, Pack level) {
  return select(level > 0.0, load * exp(-p.exercise_load_per_d * level), load);
}

/// (I13)
EUSTRESS_INLINE Pack blocked_noradrenaline(Pack noradrenaline, Pack level) {
  const Pack acting = 1.0 + (noradrenaline - 1.0) / (1.0 + level);
  return select((noradrenaline > 1.0) & (level > 0.0), acting, noradrenaline);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
