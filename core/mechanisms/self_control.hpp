#pragma once

// Self-control under stress: grows when a stressor is mastered under arousal, fades slowly.
//
//   (W1) at night: w <- w + rate q s (1 - w) - w/tau, held within [0, 1]
//        q: sleep quality; s: sum of the salience S (S2) at the day's successes

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct SelfControlParameters {
  double rate, tau_d;
  bool active;
};

inline constexpr std::array kSelfControlTable = {
    ParameterRow{"rate", "rate", "1", 0.01, 0.0, 1.0, Origin::assumed, "months of experience",
                 "growth per success under full salience", &SelfControlParameters::rate},
    ParameterRow{"tau_d", "tau", "d", 250.0, 10.0, 10000.0, Origin::assumed, "lasting",
                 "decay without practice", &SelfControlParameters::tau_d},
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

/// (W1)
void self_control_reference(SelfControlState<double>& s, const SelfControlParameters& p,
                            double success_salience, double sleep_quality);

}  // namespace eustress
