#pragma once

// Mental health: fast distress, slow symptoms, mood, and latent distress P, which questionnaires
// see.
//
//   (P1) D <- D + (1 - exp(-1 d/tau_D)) (load - D),
//        load = ln((count + 1/2)/(base + 1/2)) + e_w sum over the day's encounters of severity
//        times the unrelieved share (realised strain) - e_0,  base: hassles_per_day of exposure.hpp
//   (P2) S <- S + jump + kS max(0, D - D_0) exp(x_symptom_reactivity)
//             - (1 - exp(-rho_eff)) S/(1 + S/half),
//        rho_eff = rho exp(x_recovery_rate) (1 + r_w w + r_f safety_general + r_s support)
//                  (sleep quality)(.5 + .5 e)/(1 + r_L L)     per day
//        recovery saturates when S is high, so chronic courses exist
//   (P3) jump on the day of a life event: mean_event exp(s_event n - s_event^2/2)
//        exp(x_symptom_reactivity) (1 + sens T/(T_h + T)) C A, n ~ N(0,1), T: earlier traumas,
//        C = exp(s_C z - s_C^2/2) of severe and traumatic events, 1 of minor ones, z: early
//        adversity: stress sensitisation by childhood adversity (McLaughlin 2010),
//        A = (I / typical I of the severity) (severity / mean severity of the kind)^k_sev: how the
//        event was appraised, with typical I = severity gain of appraisal.hpp, and how severe it
//        was among its kind, the two ratios at most 3 and 4;
//        coping with success halves the jump; steeling y (Y3) takes off a share r_y y
//   (P4) mood <- r mood + sqrt(1 - r^2) n,  r = exp(-1 d/tau_M)
//   (P5) P = P' - k_y y/(1 + (max(0, P')/P_y)^4),  P' = x_distress_level + d_w D + S + m_w mood:
//        steeling lowers everyday distress, but is out of reach in great distress
//   (P6) sleep quality of the night q = sigma(q0 + x_sleep_quality - q_S S/(1 + S)
//                                             - q_D max(0, D))
//   (P7) days in a row with P above depression_threshold, and with S above ptsd_threshold after a
//        potentially traumatic event: diagnosis-like states need 14 and 30 of them

#include <array>

#include "core/mechanisms/exposure.hpp"
#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct MentalHealthParameters {
  double distress_tau_d, encounter_weight, encounter_reference;
  double spill_rate, spill_threshold, recovery_rate_per_d, saturation, recovery_self_control,
      recovery_safety, recovery_support, recovery_load;
  double jump_minor, jump_minor_sd, jump_severe, jump_severe_sd, jump_traumatic, jump_traumatic_sd,
      severity_exponent, sensitisation, sensitisation_half, adversity_sensitisation,
      steeled_reaction;
  double mood_tau_d, distress_weight, mood_weight, steeled_distress, steeled_reach;
  double sleep_base, sleep_symptoms, sleep_distress;
  double depression_threshold, ptsd_threshold;
};

inline constexpr std::array kMentalHealthTable = {
    ParameterRow{"distress_tau_d", "tau_D", "d", 5.3, 0.5, 60.0, Origin::calibrated, "S4, S6",
                 "time constant of distress", &MentalHealthParameters::distress_tau_d},
    ParameterRow{"encounter_weight", "e_w", "1", 0.4, 0.0, 5.0, Origin::calibrated, "S6",
                 "distress per unit of realised strain", &MentalHealthParameters::encounter_weight},
    ParameterRow{"encounter_reference", "e_0", "1", 0.13, 0.0, 5.0, Origin::calibrated, "S6",
                 "usual daily strain times its weight, so that distress is 0 on average",
                 &MentalHealthParameters::encounter_reference},
    ParameterRow{"spill_rate", "kS", "1/d", 0.0045, 0.0, 1.0, Origin::calibrated, "T2 delayed",
                 "symptoms from lasting distress", &MentalHealthParameters::spill_rate},
    ParameterRow{"spill_threshold", "D_0", "1", 0.5, -5.0, 5.0, Origin::calibrated, "T2 delayed",
                 "distress that is borne without symptoms",
                 &MentalHealthParameters::spill_threshold},
    ParameterRow{"recovery_rate_per_d", "rho", "1/d", 0.0113, 0.0, 1.0, Origin::calibrated,
                 "T1, T4", "recovery of symptoms", &MentalHealthParameters::recovery_rate_per_d},
    ParameterRow{"saturation", "half", "1", 4.1, 0.1, 100.0, Origin::calibrated, "T4",
                 "symptoms at which recovery is half as fast", &MentalHealthParameters::saturation},
    ParameterRow{"recovery_self_control", "r_w", "1", 0.8, 0.0, 10.0, Origin::assumed,
                 "Hermans 2025: sign", "faster recovery by self-control",
                 &MentalHealthParameters::recovery_self_control},
    ParameterRow{"recovery_safety", "r_f", "1", 0.8, 0.0, 10.0, Origin::assumed,
                 "Hermans 2025: sign", "faster recovery by generalised safety",
                 &MentalHealthParameters::recovery_safety},
    ParameterRow{"recovery_support", "r_s", "1", 0.5, 0.0, 10.0, Origin::assumed, "support: sign",
                 "faster recovery by support", &MentalHealthParameters::recovery_support},
    ParameterRow{"recovery_load", "r_L", "1", 0.5, 0.0, 10.0, Origin::assumed, "load: sign",
                 "slower recovery by allostatic load", &MentalHealthParameters::recovery_load},
    ParameterRow{"jump_minor", "mean_m", "1", 0.03, 0.0, 10.0, Origin::calibrated, "S5",
                 "mean reaction to a life event", &MentalHealthParameters::jump_minor},
    ParameterRow{"jump_minor_sd", "s_m", "1", 1.0, 0.0, 3.0, Origin::calibrated, "T1",
                 "sd of its logarithm", &MentalHealthParameters::jump_minor_sd},
    ParameterRow{"jump_severe", "mean_s", "1", 0.432, 0.0, 10.0, Origin::calibrated, "T1",
                 "mean reaction to a severe event", &MentalHealthParameters::jump_severe},
    ParameterRow{"jump_severe_sd", "s_s", "1", 0.43, 0.0, 3.0, Origin::calibrated, "T1",
                 "sd of its logarithm", &MentalHealthParameters::jump_severe_sd},
    ParameterRow{"jump_traumatic", "mean_t", "1", 1.51, 0.0, 10.0, Origin::calibrated, "T2, T3",
                 "mean reaction to a potentially traumatic event",
                 &MentalHealthParameters::jump_traumatic},
    ParameterRow{"jump_traumatic_sd", "s_t", "1", 0.88, 0.0, 3.0, Origin::calibrated, "T2, T3",
                 "sd of its logarithm", &MentalHealthParameters::jump_traumatic_sd},
    ParameterRow{"severity_exponent", "k_sev", "1", 1.2, 0.0, 5.0, Origin::calibrated, "T1",
                 "how steeply the reaction rises with the severity of the event",
                 &MentalHealthParameters::severity_exponent},
    ParameterRow{"sensitisation", "sens", "1", 1.91, 0.0, 10.0, Origin::calibrated, "T5",
                 "stronger reaction after earlier traumas", &MentalHealthParameters::sensitisation},
    ParameterRow{"sensitisation_half", "T_h", "count", 4.0, 0.1, 100.0, Origin::assumed,
                 "few sensitise less than many", "earlier traumas of half of the sensitisation",
                 &MentalHealthParameters::sensitisation_half},
    ParameterRow{"adversity_sensitisation", "s_C", "1", 0.945, 0.0, 1.5, Origin::calibrated, "T5",
                 "stronger reaction to severe and traumatic events per sd of early adversity",
                 &MentalHealthParameters::adversity_sensitisation},
    ParameterRow{"steeled_reaction", "r_y", "1", 0.1, 0.0, 1.0, Origin::assumed, "moderate",
                 "share of the reaction that full steeling takes off",
                 &MentalHealthParameters::steeled_reaction},
    ParameterRow{"mood_tau_d", "tau_M", "d", 31.0, 1.0, 365.0, Origin::calibrated, "S4",
                 "correlation time of mood", &MentalHealthParameters::mood_tau_d},
    ParameterRow{"distress_weight", "d_w", "1", 1.0, 0.0, 10.0, Origin::calibrated, "S6",
                 "weight of distress in P", &MentalHealthParameters::distress_weight},
    ParameterRow{"mood_weight", "m_w", "1", 1.54, 0.0, 10.0, Origin::calibrated, "S1, S4",
                 "weight of mood in P", &MentalHealthParameters::mood_weight},
    ParameterRow{"steeled_distress", "k_y", "1", 1.78, 0.0, 10.0, Origin::calibrated, "T6",
                 "everyday distress that full steeling takes off",
                 &MentalHealthParameters::steeled_distress},
    ParameterRow{"steeled_reach", "P_y", "1", 2.0, 0.1, 100.0, Origin::assumed,
                 "below the state of depression", "distress in which steeling is half as much",
                 &MentalHealthParameters::steeled_reach},
    ParameterRow{"sleep_base", "q0", "1", 1.2, -5.0, 5.0, Origin::assumed, "mostly good nights",
                 "sleep quality, logit", &MentalHealthParameters::sleep_base},
    ParameterRow{"sleep_symptoms", "q_S", "1", 1.0, 0.0, 10.0, Origin::assumed,
                 "symptoms disturb sleep", "loss by symptoms",
                 &MentalHealthParameters::sleep_symptoms},
    ParameterRow{"sleep_distress", "q_D", "1", 0.5, 0.0, 10.0, Origin::assumed,
                 "distress disturbs sleep", "loss by distress",
                 &MentalHealthParameters::sleep_distress},
    ParameterRow{"depression_threshold", "P_dep", "1", 3.26, 0.0, 20.0, Origin::calibrated, "T5",
                 "latent distress of a depressive episode",
                 &MentalHealthParameters::depression_threshold},
    ParameterRow{"ptsd_threshold", "S_ptsd", "1", 7.36, 0.0, 20.0, Origin::calibrated, "T3",
                 "symptoms of a PTSD-like state", &MentalHealthParameters::ptsd_threshold},
};
constexpr const auto& parameter_rows(const MentalHealthParameters&) {
  return kMentalHealthTable;
}

inline constexpr double kDepressionDays = 14.0;
inline constexpr double kPtsdDays = 30.0;
/// Largest ratio of appraisals in A of (P3).
inline constexpr double kLargestAppraisal = 3.0;

template <class T>
struct MentalHealthState {
  T distress;        // 1
  T symptoms;        // 1
  T mood;            // 1
  T latent;          // 1
  T depressed_days;  // d
  T ptsd_days;       // d
};
inline constexpr std::array kMentalHealthColumns = {
    Column{"distress", "1", "D, fast distress"},
    Column{"symptoms", "1", "S, slow symptoms"},
    Column{"mood", "1", "standardised fluctuation of mood"},
    Column{"latent", "1", "P, latent distress of the evening"},
    Column{"depressed_days", "d", "days in a row above the depression threshold"},
    Column{"ptsd_days", "d", "days in a row above the PTSD threshold after a trauma"}};

/// What one day brings to mental health.
template <class T>
struct DayStrain {
  T hassles;          ///< count of the day
  T strain;           ///< sum of severity times unrelieved share
  T event;            ///< EventKind of the day
  T event_appraisal;  ///< A of (P3)
  T event_success;    ///< 1 if the event's encounter was mastered
};
/// (P3): (severity / mean severity of the kind)^k_sev. event: EventKind, not none.
double relative_severity_reference(const MentalHealthParameters& p,
                                   const ExposureParameters& exposure, double event,
                                   double severity);
struct RecoveryInput {
  double self_control, safety_general, support, energy, load, sleep_quality, steeling;
};
/// (P6)
double sleep_quality_reference(const MentalHealthParameters& p, double x_sleep, double symptoms,
                               double distress);
/// (P1)-(P5), (P7) at night, with the night's sleep quality and steeling in `recovery`. traumas:
/// count before today. adversity: z of early adversity. n_jump, n_mood: standard normal values.
void mental_health_reference(MentalHealthState<double>& s, const MentalHealthParameters& p,
                             double base_hassles, double x_distress, double x_reactivity,
                             double x_recovery, double traumas, double adversity,
                             const DayStrain<double>& day, const RecoveryInput& recovery,
                             double n_jump, double n_mood);

}  // namespace eustress
