#pragma once

// Habituation of the HPA response to a class of stressors; the sympathetic response does not
// habituate (Schommer 2003).
//
//   (J1) at onset of an encounter of class k: h_k <- h_k (1 - rate I^2/(ref^2 + I^2))
//   (J2) at night: h_k += (1 - h_k)(1 - exp(-1 d/tau))

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct HabituationParameters {
  double rate, reference_intensity, recovery_tau_d;
  bool active;
};

inline constexpr std::array kHabituationTable = {
    ParameterRow{"rate", "rate", "1", 0.95, 0.0, 1.0, Origin::calibrated, "E12",
                 "loss of response by one intense encounter", &HabituationParameters::rate},
    ParameterRow{"reference_intensity", "ref", "1", 1.76, 0.05, 20.0, Origin::calibrated, "E12",
                 "intensity of half the effect", &HabituationParameters::reference_intensity},
    ParameterRow{"recovery_tau_d", "tau", "d", 70.0, 1.0, 1000.0, Origin::published,
                 "Schommer 2003: about 10 weeks", "recovery of the response",
                 &HabituationParameters::recovery_tau_d},
};
constexpr const auto& parameter_rows(const HabituationParameters&) {
  return kHabituationTable;
}
inline constexpr std::array kHabituationSwitches = {
    SwitchRow{"active", true, "off: no habituation", &HabituationParameters::active}};
constexpr const auto& switch_rows(const HabituationParameters&) {
  return kHabituationSwitches;
}

template <class T>
struct HabituationState {
  T response[kStressorClasses];  // 1
};
inline constexpr std::array kHabituationColumns = {
    Column{"social_evaluative", "1", "h_k, remaining HPA response"},
    Column{"demand", "1", "h_k, remaining HPA response"},
    Column{"interpersonal_loss", "1", "h_k, remaining HPA response"},
    Column{"threat", "1", "h_k, remaining HPA response"}};

/// (J1)
void habituation_reference_encounter(HabituationState<double>& s, const HabituationParameters& p,
                                     StressorClass k, double intensity);
/// (J2)
void habituation_reference_night(HabituationState<double>& s, const HabituationParameters& p);

}  // namespace eustress
