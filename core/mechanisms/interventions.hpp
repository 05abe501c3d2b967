#pragma once

// Interventions: what an arm does besides everyday life. Each of at most six in an arm has a level
// a per person, in units of its dose. It acts as an addition to what the day uses, never as a
// label: level 0 leaves every number of the day as it is, bit by bit.
//
//   (I1) enrolment, in the morning of the start day (stepped: in every morning of the window): who
//        is in the target and not enrolled enters with a = 0. Targets by factors use the trait
//        factors: score sum w_f z_f below or above its quantile in the reference population
//   (I2) every morning: held = enrolled, not dropped out, start <= day < end, u_adherence <
//        adherence;  held: a <- a + (1 - exp(-1 d/build_up)) (dose - a),
//        else a <- a exp(-1 d/decay);  a time constant of 0 means at once
//   (I3) dropout, for good, before (I2) on a day of the window if u_dropout < 1 - exp(-hazard 1 d)
//   (I4) booster, at night if a > 0 and the person mastered a hassle or an event today:
//        a <- a + booster max(0, dose - a)
//
//   What the kinds do; a: sum of the levels of the kind
//   (I5)  coping training: x_engage_skill += k_c a,  x_reappraise_skill += k_c a;  z += k_f a for
//         self-efficacy, optimism and positive appraisal, which it is meant to raise
//   (I6)  controllability training, at night: omega_general += r_o max(0, k_o a - omega_general),
//         unless controllability.active is off: what was learned stays when the training ends
//   (I7)  inoculation: on held days start + n every an encounter with a planned stressor in a slot
//         of its own: severity dose (from + (to - from) n/(N - 1)), N sessions in all. It teaches
//         by the mechanisms of everyday life
//   (I8)  self-control training, at night after (W1): w += (1 - exp(-r_w a)) (1 - w), unless
//         self_control.active is off
//   (I9)  social support: z_social_support += a, in (R1) too;  support loss, of a cohort cut off
//         from its contacts: z_social_support -= a
//   (I10) exercise: x_energy_recovery += k_e a;  at night after (O1): L <- L exp(-r_L a)
//   (I11) sleep: x_sleep_quality += k_q a
//   (I12) treatment: x_recovery_rate += k_t a while S of the evening before is above S_t
//   Drugs, in a window of hours of held days, where a = dose:
//   (I13) propranolol: NE > 1 acts as 1 + (NE - 1)/(1 + a), in (S1), (K2) and in the inhibition of
//         the HPA drive by noradrenaline
//   (I14) hydrocortisone: x3' = g3 (x2 A + a - x3)
//   (I15) metyrapone: x3' = g3 (x2 A/(1 + a) - x3)

#include <array>
#include <cstdint>

#include "core/intervention.hpp"
#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct InterventionParameters {
  double coping_skill, coping_factors, control_evidence, control_rate_per_d, session_predictability,
      self_control_rate_per_d, exercise_energy, exercise_load_per_d, sleep_gain, treatment_gain,
      treatment_threshold;
};

inline constexpr std::array kInterventionTable = {
    ParameterRow{"coping_skill", "k_c", "1", 0.194, 0.0, 3.0, Origin::calibrated, "T10, T11",
                 "gain of log skill of engaging and reappraising per unit of coping training",
                 &InterventionParameters::coping_skill},
    ParameterRow{
        "coping_factors", "k_f", "sd", 0.743, 0.0, 5.0, Origin::calibrated, "T10",
        "gain of self-efficacy, optimism and positive appraisal per unit of coping training",
        &InterventionParameters::coping_factors},
    ParameterRow{"control_evidence", "k_o", "1", 0.3, 0.0, 3.0, Origin::assumed,
                 "what a person with much control comes to believe",
                 "evidence of control that a unit of controllability training shows",
                 &InterventionParameters::control_evidence},
    ParameterRow{"control_rate_per_d", "r_o", "1/d", 0.05, 0.0, 1.0, Origin::assumed,
                 "learned within weeks", "learning rate of controllability training",
                 &InterventionParameters::control_rate_per_d},
    ParameterRow{"session_predictability", "pi_s", "1", 0.9, 0.0, 1.0, Origin::assumed,
                 "sessions are announced", "predictability of an inoculation session",
                 &InterventionParameters::session_predictability},
    ParameterRow{"self_control_rate_per_d", "r_w", "1/d", 0.004, 0.0, 1.0, Origin::assumed,
                 "as much a day as a success under full salience",
                 "growth of self-control per unit of training",
                 &InterventionParameters::self_control_rate_per_d},
    ParameterRow{"exercise_energy", "k_e", "1", 0.2, 0.0, 3.0, Origin::assumed,
                 "fitter people refill faster: sign",
                 "gain of the log rate of refilling energy per unit of exercise",
                 &InterventionParameters::exercise_energy},
    ParameterRow{"exercise_load_per_d", "r_L", "1/d", 0.005, 0.0, 1.0, Origin::assumed,
                 "a third of the load's own rate", "recovery of allostatic load per unit",
                 &InterventionParameters::exercise_load_per_d},
    ParameterRow{"sleep_gain", "k_q", "1", 0.5, 0.0, 5.0, Origin::assumed,
                 "a good night in place of an average one",
                 "gain of sleep quality, logit, per unit", &InterventionParameters::sleep_gain},
    ParameterRow{"treatment_gain", "k_t", "1", 0.7, 0.0, 5.0, Origin::assumed,
                 "a unit doubles the rate of recovery", "gain of the log rate of recovery per unit",
                 &InterventionParameters::treatment_gain},
    ParameterRow{"treatment_threshold", "S_t", "1", 0.5, 0.0, 20.0, Origin::assumed,
                 "nobody well is treated", "symptoms above which a treatment acts",
                 &InterventionParameters::treatment_threshold},
};
constexpr const auto& parameter_rows(const InterventionParameters&) {
  return kInterventionTable;
}

/// -1: not enrolled (yet); a >= 0: enrolled with level a; -2 - a: dropped out with level a.
template <class T>
struct InterventionState {
  T level[kInterventionSlots];  // 1
};
inline constexpr std::array kInterventionColumns = {
    Column{"level_1", "1", "a of the arm's 1st intervention; -1: not enrolled; -2-a: dropped out"},
    Column{"level_2", "1", "the same of the 2nd"},
    Column{"level_3", "1", "the same of the 3rd"},
    Column{"level_4", "1", "the same of the 4th"},
    Column{"level_5", "1", "the same of the 5th"},
    Column{"level_6", "1", "the same of the 6th"}};
/// What coping training raises, (I5).
inline constexpr std::array kTrainedFactors = {Factor::self_efficacy, Factor::optimism,
                                               Factor::positive_appraisal};
inline constexpr double kNotEnrolled = -1.0;
inline constexpr double kDroppedOut = -2.0;

/// An intervention of an arm with all that is computed once; see core/engine/interventions.hpp. Its
/// functions are inlined always, as the block kernel calls them.
struct InterventionSlot {
  InterventionKind kind;
  InterventionTarget target;
  std::uint32_t place;     ///< in the study: the index of its draws
  int start_day, end_day;  ///< end_day: the day after the last
  double dose;
  double fraction;
  double weight[kFactors];  ///< of the score
  double cut;               ///< of the score
  double threshold;
  bool stepped;
  double stratum;
  double adherence;
  double dropout;   ///< chance per day
  double build_up;  ///< 1 - exp(-1 d/tau)
  double decay;     ///< exp(-1 d/tau)
  double booster;
  int every_days, sessions;
  StressorClass stressor;
  double severity_from, severity_to, controllability;
  double minute, duration_min;

  [[nodiscard, gnu::always_inline]] constexpr bool on(int day) const {
    return day >= start_day && day < end_day;
  }
  [[nodiscard, gnu::always_inline]] constexpr bool enrols(int day) const {
    return stepped ? on(day) : day == start_day;
  }
  /// Whether anything of a day of the window is left to chance.
  [[nodiscard, gnu::always_inline]] constexpr bool draws() const {
    return adherence < 1.0 || dropout > 0.0;
  }
  /// (I7)
  [[nodiscard, gnu::always_inline]] constexpr bool has_session(int day) const {
    return kind == InterventionKind::inoculation && dose > 0.0 && on(day) &&
           (day - start_day) % every_days == 0;
  }
  [[nodiscard, gnu::always_inline]] constexpr double session_severity(int day) const {
    const int session = (day - start_day) / every_days;
    const double share = sessions > 1 ? static_cast<double>(session) / (sessions - 1) : 0.0;
    return dose * (severity_from + (severity_to - severity_from) * share);
  }
  /// Of a drug: whether the middle of a step lies in its hours.
  [[nodiscard, gnu::always_inline]] constexpr bool in_hours(double middle_min) const {
    return middle_min >= minute && middle_min < minute + duration_min;
  }
};

struct InterventionSlots {
  InterventionSlot slot[kInterventionSlots];
  int count = 0;

  [[nodiscard, gnu::always_inline]] constexpr bool has_drug(int day) const {
    for (int i = 0; i < count; ++i) {
      if (is_drug(slot[i].kind) && slot[i].on(day)) return true;
    }
    return false;
  }
};

/// Sums of levels by kind.
template <class T>
struct InterventionLevels {
  T of_kind[kInterventionKinds];
  [[nodiscard, gnu::always_inline]] const T& operator[](InterventionKind kind) const {
    return of_kind[static_cast<int>(kind)];
  }
};

/// The level that a number of the state stands for.
double intervention_level(double state);
/// The number of the state with another level.
double with_level(double state, double level);

/// Whether a person is in the target. z: trait factors; u: the draw of enrolment.
bool is_target_reference(const InterventionSlot& slot, const double* z, double stratum,
                         double symptoms, double u);
/// (I1)-(I3); true if the intervention is held today.
bool intervention_morning_reference(double& state, const InterventionSlot& slot, int day,
                                    bool is_target, double u_adherence, double u_dropout);
/// (I4)
void intervention_night_reference(double& state, const InterventionSlot& slot, bool mastered);
/// (I6): the new omega_general.
double trained_control_reference(const InterventionParameters& p, double omega_general,
                                 double level);
/// (I8): the new w.
double trained_self_control_reference(const InterventionParameters& p, double w, double level);
/// (I10): the new L.
double exercised_load_reference(const InterventionParameters& p, double load, double level);
/// (I13)
double blocked_noradrenaline_reference(double noradrenaline, double level);

}  // namespace eustress
