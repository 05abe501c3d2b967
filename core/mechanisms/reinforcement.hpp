#pragma once

// Reinforcement of coping: values of the three strategies per stressor class, learned from reward
// prediction errors under the control of dopamine.
//
//   (Q1) delta = r - Q_sk,  r = 1 on success of engaging or reappraising, r_avoid after avoiding,
//        r_fail if the stressor ran its course
//   (Q2) Q_sj += min(1, alpha exp(x_learning_rate) max(0, 1 + g (DA - 1))) sim(j,k) delta
//        for all classes j; sim(k,k) = 1, sim(j,k) = similarity else: generalisation to other
//        stressors. A step of 1 is all there is to learn; beyond 2 values would overshoot more and
//        more.
//   values are learned for the strategy that was used, at the end of the encounter

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct ReinforcementParameters {
  double rate, dopamine_gain, similarity, avoid_reward, fail_reward, initial_value;
  bool active;
};

inline constexpr std::array kReinforcementTable = {
    ParameterRow{"rate", "alpha", "1", 0.06, 0.0, 1.0, Origin::assumed, "weeks of experience",
                 "learning rate of coping values", &ReinforcementParameters::rate},
    ParameterRow{"dopamine_gain", "g", "1", 0.6, 0.0, 10.0, Origin::assumed,
                 "dopamine gates plasticity: sign", "effect of dopamine on the learning rate",
                 &ReinforcementParameters::dopamine_gain},
    ParameterRow{"similarity", "sim", "1", 0.25, 0.0, 1.0, Origin::assumed,
                 "Hermans 2025: generalised", "similarity of different stressor classes",
                 &ReinforcementParameters::similarity},
    ParameterRow{"avoid_reward", "r_avoid", "1", 0.25, -2.0, 2.0, Origin::assumed,
                 "relief without mastery", "reward of avoiding",
                 &ReinforcementParameters::avoid_reward},
    ParameterRow{"fail_reward", "r_fail", "1", -0.3, -2.0, 2.0, Origin::assumed,
                 "cost of effort without result", "reward of a failure",
                 &ReinforcementParameters::fail_reward},
    ParameterRow{"initial_value", "Q_0", "1", 0.2, -2.0, 2.0, Origin::assumed, "little known",
                 "value of every strategy before any experience",
                 &ReinforcementParameters::initial_value},
};
constexpr const auto& parameter_rows(const ReinforcementParameters&) {
  return kReinforcementTable;
}
inline constexpr std::array kReinforcementSwitches = {
    SwitchRow{"active", true, "off: coping values are not learned (no success reinforcement)",
              &ReinforcementParameters::active}};
constexpr const auto& switch_rows(const ReinforcementParameters&) {
  return kReinforcementSwitches;
}

template <class T>
struct ReinforcementState {
  T engage[kStressorClasses];      // 1
  T reappraise[kStressorClasses];  // 1
  T avoid[kStressorClasses];       // 1
};
inline constexpr std::array kReinforcementColumns = {
    Column{"engage_social_evaluative", "1", "Q of engaging"},
    Column{"engage_demand", "1", "Q of engaging"},
    Column{"engage_interpersonal_loss", "1", "Q of engaging"},
    Column{"engage_threat", "1", "Q of engaging"},
    Column{"reappraise_social_evaluative", "1", "Q of reappraising"},
    Column{"reappraise_demand", "1", "Q of reappraising"},
    Column{"reappraise_interpersonal_loss", "1", "Q of reappraising"},
    Column{"reappraise_threat", "1", "Q of reappraising"},
    Column{"avoid_social_evaluative", "1", "Q of avoiding"},
    Column{"avoid_demand", "1", "Q of avoiding"},
    Column{"avoid_interpersonal_loss", "1", "Q of avoiding"},
    Column{"avoid_threat", "1", "Q of avoiding"}};

/// (Q1), (Q2) at the end of one encounter of class k. Returns delta.
double reinforcement_reference(ReinforcementState<double>& s, const ReinforcementParameters& p,
                               Strategy strategy, StressorClass k, bool success,
                               double x_learning_rate, double dopamine);

}  // namespace eustress
