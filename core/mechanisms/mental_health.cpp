#include "core/mechanisms/mental_health.hpp"

#include <algorithm>
#include <cmath>

#include "core/mechanisms/exposure.hpp"
#include "core/numerics/logistic.hpp"

namespace eustress {

namespace {

struct JumpSize {
  double mean, sd;  // sd of the logarithm
};

JumpSize jump_size(const MentalHealthParameters& p, EventKind event) {
  switch (event) {
    case EventKind::none:
      break;
    case EventKind::minor:
      return {p.jump_minor, p.jump_minor_sd};
    case EventKind::severe:
      return {p.jump_severe, p.jump_severe_sd};
    case EventKind::traumatic:
      return {p.jump_traumatic, p.jump_traumatic_sd};
  }
  return {0.0, 0.0};
}

}  // namespace

double sleep_quality_reference(const MentalHealthParameters& p, double x_sleep, double symptoms,
                               double distress) {
  return logistic(p.sleep_base + x_sleep - p.sleep_symptoms * symptoms / (1.0 + symptoms) -
                  p.sleep_distress * std::max(0.0, distress));  // (P6)
}

double relative_severity_reference(const MentalHealthParameters& p,
                                   const ExposureParameters& exposure, double event,
                                   double severity) {
  return std::pow(severity_ratio_reference(exposure, event, severity),
                  p.severity_exponent);  // (P3)
}

void mental_health_reference(MentalHealthState<double>& s, const MentalHealthParameters& p,
                             double base_hassles, double x_distress, double x_reactivity,
                             double x_recovery, double traumas, double adversity,
                             const DayStrain<double>& day, const RecoveryInput& recovery,
                             double n_jump, double n_mood) {
  const double load = std::log((day.hassles + 0.5) / (base_hassles + 0.5)) +
                      p.encounter_weight * day.strain - p.encounter_reference;
  s.distress += (1.0 - std::exp(-1.0 / p.distress_tau_d)) * (load - s.distress);  // (P1)

  const auto event = static_cast<EventKind>(static_cast<int>(day.event));
  double jump = 0.0;
  if (event != EventKind::none) {  // (P3)
    const auto [mean, sd] = jump_size(p, event);
    jump = mean * std::exp(sd * n_jump - sd * sd / 2.0) * std::exp(x_reactivity) *
           (1.0 + p.sensitisation * traumas / (p.sensitisation_half + traumas)) *
           day.event_appraisal;
    if (event != EventKind::minor) {
      const double s_c = p.adversity_sensitisation;
      jump *= std::exp(s_c * adversity - s_c * s_c / 2.0);
    }
    if (day.event_success == 1.0) jump *= 0.5;
    jump *= 1.0 - p.steeled_reaction * recovery.steeling;
  }

  const double rho =
      p.recovery_rate_per_d * std::exp(x_recovery) *
      (1.0 + p.recovery_self_control * recovery.self_control +
       p.recovery_safety * recovery.safety_general + p.recovery_support * recovery.support) *
      recovery.sleep_quality * (0.5 + 0.5 * recovery.energy) /
      (1.0 + p.recovery_load * recovery.load);
  const double spill =
      p.spill_rate * std::max(0.0, s.distress - p.spill_threshold) * std::exp(x_reactivity);
  const double recovered = (1.0 - std::exp(-rho)) * s.symptoms / (1.0 + s.symptoms / p.saturation);
  s.symptoms += jump + spill - recovered;  // (P2)

  const double r = std::exp(-1.0 / p.mood_tau_d);
  s.mood = r * s.mood + std::sqrt(1.0 - r * r) * n_mood;  // (P4)
  const double unsteeled =
      x_distress + p.distress_weight * s.distress + s.symptoms + p.mood_weight * s.mood;  // (P5)
  const double beyond = std::pow(std::max(0.0, unsteeled) / p.steeled_reach, 4.0);
  s.latent = unsteeled - p.steeled_distress * recovery.steeling / (1.0 + beyond);

  const bool after_trauma = traumas > 0.0 || event == EventKind::traumatic;  // (P7)
  s.depressed_days = s.latent > p.depression_threshold ? s.depressed_days + 1.0 : 0.0;
  s.ptsd_days = after_trauma && s.symptoms > p.ptsd_threshold ? s.ptsd_days + 1.0 : 0.0;
}

}  // namespace eustress
