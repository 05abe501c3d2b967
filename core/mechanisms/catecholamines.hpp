#pragma once

// Catecholamines: minutes. Four linear compartments with baseline 1.
//
//   (N1) y' = ln2/half_life (target - y)   plasma noradrenaline and adrenaline
//   (N2) y' = (target - y)/tau             noradrenaline in the brain, prefrontal dopamine
//   (N3) targets: 1 + gain exp(x_gain) I for NE, E and brain NE; I: appraised intensity;
//        dopamine 1 + g_D exp(x_dopamine_gain) I chi /(1 + k_L L): controllable challenge, blunted
//        by allostatic load L
//   (N4) a reward prediction error delta adds g_R exp(x_dopamine_gain) delta /(1 + k_L L) to
//        dopamine at once, not below 0
//
// Linear with a target that is constant over a step: y <- target + (y - target) exp(-dt/tau),
// exact.

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct CatecholamineParameters {
  double noradrenaline_half_life_min, adrenaline_half_life_min, brain_tau_min, dopamine_tau_min;
  double noradrenaline_gain, adrenaline_gain, brain_gain, dopamine_gain, reward_pulse, blunting;
  bool noradrenaline_active;
};

inline constexpr std::array kCatecholamineTable = {
    ParameterRow{"noradrenaline_half_life_min", "ln2/k_NE", "min", 2.3, 0.5, 20.0, Origin::assumed,
                 "plasma clearance, 2-3 min", "half-life of plasma noradrenaline",
                 &CatecholamineParameters::noradrenaline_half_life_min},
    ParameterRow{"adrenaline_half_life_min", "ln2/k_E", "min", 2.5, 0.5, 20.0, Origin::assumed,
                 "plasma clearance, 2-3 min", "half-life of plasma adrenaline",
                 &CatecholamineParameters::adrenaline_half_life_min},
    ParameterRow{"brain_tau_min", "tau_b", "min", 7.5, 1.0, 60.0, Origin::assumed,
                 "published range 5-10", "time constant of brain noradrenaline",
                 &CatecholamineParameters::brain_tau_min},
    ParameterRow{"dopamine_tau_min", "tau_D", "min", 15.0, 1.0, 120.0, Origin::assumed,
                 "published range 10-20", "time constant of prefrontal dopamine",
                 &CatecholamineParameters::dopamine_tau_min},
    ParameterRow{"noradrenaline_gain", "g_NE", "1", 0.546, 0.0, 10.0, Origin::calibrated, "E9",
                 "rise of plasma noradrenaline per unit of intensity",
                 &CatecholamineParameters::noradrenaline_gain},
    ParameterRow{"adrenaline_gain", "g_E", "1", 0.788, 0.0, 10.0, Origin::calibrated, "E9",
                 "rise of plasma adrenaline per unit of intensity",
                 &CatecholamineParameters::adrenaline_gain},
    ParameterRow{"brain_gain", "g_b", "1", 1.0, 0.0, 10.0, Origin::assumed, "sets the unit",
                 "rise of brain noradrenaline per unit of intensity",
                 &CatecholamineParameters::brain_gain},
    ParameterRow{"dopamine_gain", "g_D", "1", 0.6, 0.0, 10.0, Origin::assumed,
                 "inverted U reaches its peak under controllable challenge",
                 "rise of dopamine per unit of controllable intensity",
                 &CatecholamineParameters::dopamine_gain},
    ParameterRow{"reward_pulse", "g_R", "1", 0.3, 0.0, 5.0, Origin::assumed,
                 "phasic relative to tonic dopamine",
                 "dopamine per unit of reward prediction error",
                 &CatecholamineParameters::reward_pulse},
    ParameterRow{"blunting", "k_L", "1", 0.5, 0.0, 10.0, Origin::assumed,
                 "chronic stress blunts dopamine", "loss of dopamine reactivity per unit of load",
                 &CatecholamineParameters::blunting},
};
constexpr const auto& parameter_rows(const CatecholamineParameters&) {
  return kCatecholamineTable;
}
inline constexpr std::array kCatecholamineSwitches = {
    SwitchRow{"noradrenaline_active", true,
              "off: noradrenaline has no action in the brain (a blocked receptor)",
              &CatecholamineParameters::noradrenaline_active}};
constexpr const auto& switch_rows(const CatecholamineParameters&) {
  return kCatecholamineSwitches;
}

template <class T>
struct CatecholamineState {
  T noradrenaline;        // 1
  T adrenaline;           // 1
  T brain_noradrenaline;  // 1
  T dopamine;             // 1
};
inline constexpr std::array kCatecholamineColumns = {
    Column{"noradrenaline", "1", "plasma noradrenaline relative to baseline"},
    Column{"adrenaline", "1", "plasma adrenaline relative to baseline"},
    Column{"brain_noradrenaline", "1", "brain noradrenaline relative to baseline"},
    Column{"dopamine", "1", "prefrontal dopamine relative to baseline"}};

/// What the compartments relax to during a step (N3).
template <class T>
struct CatecholamineTargets {
  T noradrenaline, adrenaline, brain_noradrenaline, dopamine;
};

/// exp(-dt/tau) of the four compartments.
struct CatecholamineDecay {
  double noradrenaline, adrenaline, brain_noradrenaline, dopamine;
};

/// (N3). x_*: the person's traits; intensity I; chi: belief in control 0..1; load: allostatic load.
CatecholamineTargets<double> catecholamine_targets_reference(const CatecholamineParameters& p,
                                                             double x_noradrenaline,
                                                             double x_adrenaline, double x_dopamine,
                                                             double intensity, double chi,
                                                             double load);

/// (N1), (N2) over one step of dt minutes.
void catecholamines_reference_step(CatecholamineState<double>& s, const CatecholamineParameters& p,
                                   const CatecholamineTargets<double>& targets, double dt_min);

}  // namespace eustress
