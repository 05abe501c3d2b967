#pragma once

// Malleable resilience factors: drift with the balance of success and failure, reverting to the
// trait.
//
//   (F1) at night, for self-efficacy, optimism, positive appraisal and social support:
//        delta_f += - delta_f (1 - exp(-1 d/tau)) + s_f [ c challenge - h hindrance - r max(0, D) ]
//                   + noise sqrt(1 - exp(-2 d/tau)) n
//        challenge: sum over the day's mastered encounters of their controllability,
//        hindrance: sum over failed ones of 1 - controllability, D: distress;
//        s_f: 1 for self-efficacy, .6 optimism, .8 positive appraisal, .3 social support

#include <array>

#include "core/parameters.hpp"
#include "core/population/factors.hpp"
#include "core/state.hpp"

namespace eustress {

inline constexpr int kMalleable = 4;
/// In the order of the state; the share s_f in which experience moves them.
inline constexpr std::array<Factor, kMalleable> kMalleableFactors = {
    Factor::social_support, Factor::self_efficacy, Factor::optimism, Factor::positive_appraisal};
inline constexpr std::array<double, kMalleable> kMalleableShare = {0.3, 1.0, 0.6, 0.8};

struct MalleabilityParameters {
  double tau_d, challenge, hindrance, strain, noise;
  bool active;
};

inline constexpr std::array kMalleabilityTable = {
    ParameterRow{"tau_d", "tau", "d", 80.0, 5.0, 5000.0, Origin::calibrated, "S15",
                 "return to the trait", &MalleabilityParameters::tau_d},
    ParameterRow{"challenge", "c", "1", 0.035, 0.0, 1.0, Origin::calibrated, "T9",
                 "gain per mastered controllable encounter", &MalleabilityParameters::challenge},
    ParameterRow{"hindrance", "h", "1", 0.045, 0.0, 1.0, Origin::calibrated, "T9",
                 "loss per failed uncontrollable encounter", &MalleabilityParameters::hindrance},
    ParameterRow{"strain", "r", "1/d", 0.006, 0.0, 1.0, Origin::calibrated, "T9",
                 "loss per day and unit of distress", &MalleabilityParameters::strain},
    ParameterRow{"noise", "noise", "1", 0.55, 0.0, 3.0, Origin::calibrated, "S15",
                 "standard deviation of spontaneous drift", &MalleabilityParameters::noise},
};
constexpr const auto& parameter_rows(const MalleabilityParameters&) {
  return kMalleabilityTable;
}
inline constexpr std::array kMalleabilitySwitches = {
    SwitchRow{"active", true, "off: factors do not respond to success and failure",
              &MalleabilityParameters::active}};
constexpr const auto& switch_rows(const MalleabilityParameters&) {
  return kMalleabilitySwitches;
}

template <class T>
struct MalleabilityState {
  T delta[kMalleable];  // sd
};
inline constexpr std::array kMalleabilityColumns = {
    Column{"social_support", "sd", "delta, deviation from the trait"},
    Column{"self_efficacy", "sd", "delta, deviation from the trait"},
    Column{"optimism", "sd", "delta, deviation from the trait"},
    Column{"positive_appraisal", "sd", "delta, deviation from the trait"}};

/// (F1). n: kMalleable standard normal values.
void malleability_reference(MalleabilityState<double>& s, const MalleabilityParameters& p,
                            double challenge, double hindrance, double distress, const double* n);

}  // namespace eustress
