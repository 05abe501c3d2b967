#include "core/mechanisms/interventions.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

double intervention_level(double state) {
  if (state <= kDroppedOut) return kDroppedOut - state;
  return std::max(0.0, state);
}

double with_level(double state, double level) {
  if (state <= kDroppedOut) return kDroppedOut - level;
  return state == kNotEnrolled ? state : level;
}

bool is_target_reference(const InterventionSlot& slot, const double* z, double stratum,
                         double symptoms, double u) {
  double score = 0.0;
  for (std::size_t f = 0; f < kFactors; ++f) score += slot.weight[f] * z[f];
  switch (slot.target) {
    case InterventionTarget::all:
      return true;
    case InterventionTarget::fraction:
      return u < slot.fraction;
    case InterventionTarget::factor_low:
      return score < slot.cut;
    case InterventionTarget::factor_high:
    case InterventionTarget::risk:
      return score > slot.cut;
    case InterventionTarget::symptoms:
      return symptoms > slot.threshold;
    case InterventionTarget::stratum:
      return stratum == slot.stratum;
  }
  return false;
}

bool intervention_morning_reference(double& state, const InterventionSlot& slot, int day,
                                    bool is_target, double u_adherence, double u_dropout) {
  if (state == kNotEnrolled && is_target && slot.enrols(day)) state = 0.0;  // (I1)
  if (state == kNotEnrolled) return false;
  double level = intervention_level(state);
  if (state >= 0.0 && slot.on(day) && u_dropout < slot.dropout) state = kDroppedOut;  // (I3)
  const bool held = state >= 0.0 && slot.on(day) && u_adherence < slot.adherence;     // (I2)
  level = held ? level + slot.build_up * (slot.dose - level) : level * slot.decay;
  state = with_level(state, level);
  return held;
}

void intervention_night_reference(double& state, const InterventionSlot& slot, bool mastered) {
  const double level = intervention_level(state);
  if (!mastered || level <= 0.0) return;
  state = with_level(state, level + slot.booster * std::max(0.0, slot.dose - level));  // (I4)
}

double trained_control_reference(const InterventionParameters& p, double omega_general,
                                 double level) {
  return omega_general + p.control_rate_per_d *
                             std::max(0.0, p.control_evidence * level - omega_general) *
                             (level > 0.0 ? 1.0 : 0.0);  // (I6)
}

double trained_self_control_reference(const InterventionParameters& p, double w, double level) {
  return w + (1.0 - std::exp(-p.self_control_rate_per_d * level)) * (1.0 - w);  // (I8)
}

double exercised_load_reference(const InterventionParameters& p, double load, double level) {
  return load * std::exp(-p.exercise_load_per_d * level);  // (I10)
}

double blocked_noradrenaline_reference(double noradrenaline, double level) {
  if (noradrenaline <= 1.0 || level == 0.0) return noradrenaline;
  return 1.0 + (noradrenaline - 1.0) / (1.0 + level);  // (I13)
}

}  // namespace eustress
