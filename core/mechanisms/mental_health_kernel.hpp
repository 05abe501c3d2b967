#pragma once

#include "core/mechanisms/exposure_kernel.hpp"
#include "core/mechanisms/mental_health.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

struct MentalHealthCoefficients {
  double distress_approach;  ///< 1 - exp(-1 d/tau_D)
  double log_base;           ///< ln(base + 1/2)
  double mood_decay, mood_innovation;

  MentalHealthCoefficients(const MentalHealthParameters& p, double base_hassles)
      : distress_approach(1.0 - portable_exp(-1.0 / p.distress_tau_d)),
        log_base(portable_log(base_hassles + 0.5)),
        mood_decay(portable_exp(-1.0 / p.mood_tau_d)),
        mood_innovation(std::sqrt(1.0 - mood_decay * mood_decay)) {}
};

struct PackRecovery {
  Pack self_control, safety_general, support, energy, load, sleep_quality, steeling;
};

/// (P6)
EUSTRESS_INLINE Pack sleep_quality(const MentalHealthParameters& p, Pack x_sleep,
                                   const MentalHealthState<Pack>& s) {
  const Pack logit = x_sleep + p.sleep_base - p.sleep_symptoms * s.symptoms / (1.0 + s.symptoms) -
                     p.sleep_distress * max(s.distress, 0.0);
  return logistic(logit);
}

/// (P3): (severity / mean severity of the kind)^k_sev, for lanes with an event.
EUSTRESS_INLINE Pack relative_severity(const MentalHealthParameters& p,
                                       const ExposureParameters& exposure, Pack event,
                                       Pack severity) {
  return severity_power(exposure, event, severity, p.severity_exponent);
}

/// (P3): the jump of symptoms, for lanes with an event. reactivity: exp(x_symptom_reactivity),
/// adversity: z of early adversity, steeling: y of (Y3).
EUSTRESS_INLINE Pack symptom_jump(const MentalHealthParameters& p, const DayStrain<Pack>& day,
                                  Pack reactivity, Pack traumas, Pack adversity, Pack steeling,
                                  Pack n) {
  const Mask minor = day.event == static_cast<double>(EventKind::minor);
  const Mask severe = day.event == static_cast<double>(EventKind::severe);
  const Mask none = day.event == static_cast<double>(EventKind::none);
  const Pack mean =
      select(minor, p.jump_minor, select(severe, p.jump_severe, broadcast(p.jump_traumatic)));
  const Pack sd = select(minor, p.jump_minor_sd,
                         select(severe, p.jump_severe_sd, broadcast(p.jump_traumatic_sd)));
  const Pack sensitised =
      fma(p.sensitisation, traumas / (p.sensitisation_half + traumas), broadcast(1.0));
  const double s_c = p.adversity_sensitisation;
  const Pack childhood = select(minor, 0.0, fma(adversity, s_c, -0.5 * s_c * s_c));
  const Pack size = mean * exp(fma(sd, n, -0.5 * sd * sd) + childhood) * reactivity * sensitised *
                    day.event_appraisal * fma(day.event_success, -0.5, 1.0) *
                    fma(-p.steeled_reaction, steeling, broadcast(1.0));
  return select(none, 0.0, size);
}

/// (P1), (P2), (P4), (P5), (P7) at night. jump: of (P3). recovery_rate: rho exp(x_recovery_rate).
EUSTRESS_INLINE void mental_health_night(MentalHealthState<Pack>& s,
                                         const MentalHealthParameters& p,
                                         const MentalHealthCoefficients& c, Pack x_distress,
                                         Pack reactivity, Pack recovery_rate, Pack traumas,
                                         const DayStrain<Pack>& day, const PackRecovery& r,
                                         Pack jump, Pack n_mood) {
  const Pack load = log(day.hassles + 0.5) - c.log_base +
                    fma(p.encounter_weight, day.strain, broadcast(-p.encounter_reference));
  s.distress = fma(load - s.distress, c.distress_approach, s.distress);

  Pack help = fma(p.recovery_self_control, r.self_control, broadcast(1.0));
  help = fma(p.recovery_safety, r.safety_general, help);
  help = fma(p.recovery_support, r.support, help);
  const Pack rate = recovery_rate * help * r.sleep_quality * fma(r.energy, 0.5, 0.5) /
                    fma(p.recovery_load, r.load, broadcast(1.0));
  const Pack healed = (1.0 - exp(-rate)) * s.symptoms / (1.0 + s.symptoms * (1.0 / p.saturation));
  const Pack spill = p.spill_rate * max(s.distress - p.spill_threshold, 0.0) * reactivity;
  s.symptoms += jump + spill - healed;

  s.mood = fma(s.mood, c.mood_decay, c.mood_innovation * n_mood);
  const Pack unsteeled =
      fma(p.distress_weight, s.distress, fma(p.mood_weight, s.mood, x_distress + s.symptoms));
  const Pack ratio = max(unsteeled, 0.0) * (1.0 / p.steeled_reach);
  const Pack square = ratio * ratio;
  s.latent = unsteeled - p.steeled_distress * r.steeling / fma(square, square, 1.0);
  const Mask traumatic = day.event == static_cast<double>(EventKind::traumatic);
  const Mask exposed = (traumas > 0.0) | traumatic;
  s.depressed_days = select(s.latent > p.depression_threshold, s.depressed_days + 1.0, 0.0);
  s.ptsd_days = select((s.symptoms > p.ptsd_threshold) & exposed, s.ptsd_days + 1.0, 0.0);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
