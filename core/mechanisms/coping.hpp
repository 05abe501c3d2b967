#pragma once

// Coping: the choice among engaging with the stressor, reappraising it and avoiding it, and what
// comes of it minute by minute.
//
//   (K1) preference_s = beta C Q_sk + bias_s;  bias of engage: b_e + e_z z_self_efficacy, of
//   reappraise:
//        b_r + r_z z_positive_appraisal, of avoid: b_a + H gate exp(-w)
//        C: executive control, Q: learned values, w: self-control
//   (K2) gate = sigma((NE_b - 1 - n0)/n_s) sigma((F - f0)/f_s): habit weighs in when noradrenaline
//   AND
//        cortisol are both high
//   (K3) choice: engage if u < p_engage, reappraise if u < p_engage + p_reappraise, else avoid,
//   with
//        softmax probabilities; made decision_delay after onset
//   (K4) hazard of success per minute: engage  rate_e con C exp(x_engage_skill) M,
//        reappraise rate_r C exp(x_reappraise_skill) M, avoid: rate_a (leaving);
//        con: objective controllability, M = (1 + mastery success_k) e: success memory, energy
//        success in the step in which the hazard summed up since the choice reaches -ln u, with one
//        uniform u drawn at the choice: the same distribution as a draw in every step
//   (K5) success of engaging ends the encounter; success of reappraising lowers I at once to relief
//        times I while the stressor lasts; avoiding ends exposure
//   (K6) yoked: the hazard of all three strategies is rate_e con C exp(x_engage_skill) M, and
//   success
//        ends the encounter whatever the strategy: the same ends, but not by the person's doing

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct CopingParameters {
  double temperature_inverse, engage_bias, reappraise_bias, avoid_bias, efficacy_effect,
      appraisal_effect, habit_strength, gate_noradrenaline, gate_noradrenaline_width, gate_cortisol,
      gate_cortisol_width, decision_delay_min, engage_rate_per_min, reappraise_rate_per_min,
      avoid_rate_per_min, relief, mastery;
  bool yoked;
};

inline constexpr std::array kCopingTable = {
    ParameterRow{"temperature_inverse", "beta", "1", 3.0, 0.0, 50.0, Origin::assumed,
                 "clear but not certain preferences", "weight of learned values",
                 &CopingParameters::temperature_inverse},
    ParameterRow{"engage_bias", "b_e", "1", 0.0, -10.0, 10.0, Origin::assumed, "reference level",
                 "innate preference for engaging", &CopingParameters::engage_bias},
    ParameterRow{"reappraise_bias", "b_r", "1", -0.3, -10.0, 10.0, Origin::assumed, "takes effort",
                 "innate preference for reappraising", &CopingParameters::reappraise_bias},
    ParameterRow{"avoid_bias", "b_a", "1", 0.0, -10.0, 10.0, Origin::assumed,
                 "passivity is the default, Maier & Seligman 2016",
                 "innate preference for avoiding", &CopingParameters::avoid_bias},
    ParameterRow{"efficacy_effect", "e_z", "1", 0.35, -5.0, 5.0, Origin::assumed,
                 "self-efficacy: sign", "effect of self-efficacy on engaging",
                 &CopingParameters::efficacy_effect},
    ParameterRow{"appraisal_effect", "r_z", "1", 0.35, -5.0, 5.0, Origin::assumed,
                 "definition of the factor", "effect of positive appraisal on reappraising",
                 &CopingParameters::appraisal_effect},
    ParameterRow{"habit_strength", "H", "1", 1.5, 0.0, 20.0, Origin::assumed,
                 "Schwabe 2010: habits under both", "strength of habitual avoidance",
                 &CopingParameters::habit_strength},
    ParameterRow{"gate_noradrenaline", "n0", "1", 1.0, 0.0, 10.0, Origin::assumed,
                 "a laboratory stressor", "half point of noradrenaline above rest",
                 &CopingParameters::gate_noradrenaline},
    ParameterRow{"gate_noradrenaline_width", "n_s", "1", 0.2, 0.01, 10.0, Origin::assumed, "steep",
                 "width of the gate", &CopingParameters::gate_noradrenaline_width},
    ParameterRow{"gate_cortisol", "f0", "1", 0.3, 0.0, 1.0, Origin::assumed,
                 "T8: beyond what a stressor raises by itself before the choice",
                 "half point of fast glucocorticoid action", &CopingParameters::gate_cortisol},
    ParameterRow{"gate_cortisol_width", "f_s", "1", 0.03, 0.001, 1.0, Origin::assumed, "steep",
                 "width of the gate", &CopingParameters::gate_cortisol_width},
    ParameterRow{"decision_delay_min", "delay", "min", 10.0, 0.0, 60.0, Origin::assumed,
                 "after the first rise of noradrenaline", "time from onset to the choice",
                 &CopingParameters::decision_delay_min},
    ParameterRow{"engage_rate_per_min", "rate_e", "1/min", 0.12, 0.0, 10.0, Origin::assumed,
                 "half of controllable hassles are mastered", "success rate of engaging",
                 &CopingParameters::engage_rate_per_min},
    ParameterRow{"reappraise_rate_per_min", "rate_r", "1/min", 0.06, 0.0, 10.0, Origin::assumed,
                 "slower, but independent of control", "success rate of reappraising",
                 &CopingParameters::reappraise_rate_per_min},
    ParameterRow{"avoid_rate_per_min", "rate_a", "1/min", 0.15, 0.0, 10.0, Origin::assumed,
                 "a few minutes", "rate of leaving", &CopingParameters::avoid_rate_per_min},
    ParameterRow{"relief", "relief", "1", 0.35, 0.0, 1.0, Origin::assumed,
                 "reappraisal lowers negative affect by more than half",
                 "intensity left after reappraisal", &CopingParameters::relief},
    ParameterRow{"mastery", "mastery", "1", 0.4, 0.0, 5.0, Origin::assumed,
                 "Hermans 2025: memories of success", "effect of success memories on success",
                 &CopingParameters::mastery},
};
constexpr const auto& parameter_rows(const CopingParameters&) {
  return kCopingTable;
}
inline constexpr std::array kCopingSwitches = {
    SwitchRow{"yoked", false,
              "on: stressors end at the same rate whatever the person does (yoked controllability)",
              &CopingParameters::yoked}};
constexpr const auto& switch_rows(const CopingParameters&) {
  return kCopingSwitches;
}

template <class T>
struct CopingInput {
  T control, q_engage, q_reappraise, q_avoid, z_efficacy, z_appraisal, brain_noradrenaline, fast,
      self_control;
};
struct CopingProbabilities {
  double engage, reappraise, avoid;
};
/// (K2)
double habit_gate_reference(const CopingParameters& p, double brain_noradrenaline, double fast);
/// (K1)-(K3)
CopingProbabilities coping_reference(const CopingParameters& p, const CopingInput<double>& in);

template <class T>
struct SuccessInput {
  T controllability, control, x_engage, x_reappraise, success_memory, energy;
};
/// (K4), (K6): hazard per minute of the strategy.
double success_hazard_reference(const CopingParameters& p, Strategy strategy,
                                const SuccessInput<double>& in);

}  // namespace eustress
