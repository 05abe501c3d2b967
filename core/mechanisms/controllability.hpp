#pragma once

// Controllability: does it matter what I do? An actor model, which predicts the outcome from the
// action, competes with a spectator model, which predicts it without (Ligneul 2022).
//
//   outcome o = 1 if the stressor was over before its planned end, else 0 (a reappraised stressor
//   goes on); action a = 1 if the person engaged, else 0; class k
//   (B1) prediction of what happened: actor T_a = o ? A_ak : 1 - A_ak,
//        spectator T_s = o ? Z_k : 1 - Z_k
//   (B2) omega_j += alpha sim(j,k) [(1 - T_s) - (1 - T_a) - omega_j]  for all classes j,
//        omega_general += alpha_general [(1 - T_s) - (1 - T_a) - omega_general]
//   (B3) A_ak += alpha_t (o - A_ak),  Z_k += alpha_t (o - Z_k)
//   (B4) belief chi_k = clamp(chi0 + g (omega_k + general omega_general), 0, 1)
//        passivity is the default (chi0 small), control is what is learned; three levels of
//        generalisation: this class, similar classes (sim), in general
//   Avoided encounters teach nothing.

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct ControllabilityParameters {
  double rate, general_rate, transition_rate, similarity, prior, gain, general_weight;
  bool active;
  bool generalisation;
};

inline constexpr std::array kControllabilityTable = {
    ParameterRow{"rate", "alpha", "1", 0.08, 0.0, 1.0, Origin::assumed, "weeks of experience",
                 "learning rate of controllability", &ControllabilityParameters::rate},
    ParameterRow{"general_rate", "alpha_general", "1", 0.03, 0.0, 1.0, Origin::assumed,
                 "slower than the specific one", "learning rate of controllability in general",
                 &ControllabilityParameters::general_rate},
    ParameterRow{"transition_rate", "alpha_t", "1", 0.08, 0.0, 1.0, Origin::assumed,
                 "as fast as controllability", "learning rate of the two models",
                 &ControllabilityParameters::transition_rate},
    ParameterRow{"similarity", "sim", "1", 0.25, 0.0, 1.0, Origin::assumed,
                 "Hermans 2025: generalised", "similarity of different stressor classes",
                 &ControllabilityParameters::similarity},
    ParameterRow{"prior", "chi0", "1", 0.1, 0.0, 1.0, Origin::assumed,
                 "passivity is the default, Maier & Seligman 2016", "belief before any experience",
                 &ControllabilityParameters::prior},
    ParameterRow{"gain", "g", "1", 2.0, 0.0, 20.0, Origin::assumed, "omega stays well below 1",
                 "belief per unit of omega", &ControllabilityParameters::gain},
    ParameterRow{"general_weight", "general", "1", 0.5, 0.0, 5.0, Origin::assumed,
                 "half of the specific one", "weight of controllability in general",
                 &ControllabilityParameters::general_weight},
};
constexpr const auto& parameter_rows(const ControllabilityParameters&) {
  return kControllabilityTable;
}
inline constexpr std::array kControllabilitySwitches = {
    SwitchRow{"active", true, "off: controllability is not learned",
              &ControllabilityParameters::active},
    SwitchRow{"generalisation", true,
              "off: no generalisation of control to other classes or in general",
              &ControllabilityParameters::generalisation}};
constexpr const auto& switch_rows(const ControllabilityParameters&) {
  return kControllabilitySwitches;
}

/// A_ak and Z_k before any experience.
inline constexpr double kInitialResolution = 0.3;

template <class T>
struct ControllabilityState {
  T acting[kStressorClasses];      // 1
  T not_acting[kStressorClasses];  // 1
  T spectator[kStressorClasses];   // 1
  T omega[kStressorClasses];       // 1
  T omega_general;                 // 1
};
inline constexpr std::array kControllabilityColumns = {
    Column{"acting_social_evaluative", "1", "A_1k, predicted resolution when engaging"},
    Column{"acting_demand", "1", "A_1k"},
    Column{"acting_interpersonal_loss", "1", "A_1k"},
    Column{"acting_threat", "1", "A_1k"},
    Column{"not_acting_social_evaluative", "1", "A_0k, predicted resolution when not engaging"},
    Column{"not_acting_demand", "1", "A_0k"},
    Column{"not_acting_interpersonal_loss", "1", "A_0k"},
    Column{"not_acting_threat", "1", "A_0k"},
    Column{"spectator_social_evaluative", "1", "Z_k, predicted resolution whatever is done"},
    Column{"spectator_demand", "1", "Z_k"},
    Column{"spectator_interpersonal_loss", "1", "Z_k"},
    Column{"spectator_threat", "1", "Z_k"},
    Column{"omega_social_evaluative", "1", "omega_k, evidence for control"},
    Column{"omega_demand", "1", "omega_k"},
    Column{"omega_interpersonal_loss", "1", "omega_k"},
    Column{"omega_threat", "1", "omega_k"},
    Column{"omega_general", "1", "omega in general"}};

/// (B4)
double control_belief_reference(const ControllabilityState<double>& s,
                                const ControllabilityParameters& p, StressorClass k);
/// (B1)-(B3) at the end of one encounter that was not avoided.
void controllability_reference(ControllabilityState<double>& s, const ControllabilityParameters& p,
                               StressorClass k, bool engaged, bool resolved);

}  // namespace eustress
