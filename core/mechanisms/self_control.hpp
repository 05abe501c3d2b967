#pragma once

// Self-control under stress: grows when a stressor is mastered under arousal, fades slowly.
//
//   (W1) at night: w <- w + rate q s (1 - w) - (w - f y)/tau, held within [0, 1]
//        q: sleep quality; s: sum of the salience S (S2) at the day's successes; y: steeling (Y3),
//        a share f of which is what self-control fades to

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct SelfControlParameters {
  double rate, tau_d, lasting_share;
  bool active;
};

inline constexpr std::array kSelfControlTable = {
    ParameterRow{"rate", "rate", "1", 0.01, 0.0, 1.0, Origin::assumed, "months of experience",
                 "growth per success under full salience", &SelfControlParameters::rate},
    ParameterRow{"tau_d", "tau", "d", 250.0, 10.0, 10000.0, Origin::assumed, "lasting",
                 "decay without practice", &SelfControlParameters::tau_d},
    ParameterRow{"lasting_share", "f", "1", 0.5, 0.0, 1.0, Origin::assumed,
                 "Hermans 2025: lasting self-control",
                 "self-control that full steeling leaves without practice",
                 &SelfControlParameters::lasting_share},
};
constexpr const auto& parameter_rows(const SelfControlParameters&) {
  return kSelfControlTable;
}
inline constexpr std::array kSelfControlSwitches = {
    SwitchRow{"active", true, "off: self-control does not grow", &SelfControlParameters::active}};
constexpr const auto& switch_rows(const SelfControlParameters&) {
  return kSelfControlSwitches;
}

template <class T>
struct SelfControlState {
  T w;  // 1
};
inline constexpr std::array kSelfControlColumns = {Column{"w", "1", "self-control under stress"}};

/// (W1). steeling: y of (Y3)
void self_control_reference(SelfControlState<double>& s, const SelfControlParameters& p,
                            double success_salience, double sleep_quality, double steeling);

}  // namespace eustress
