#pragma once

// Perseverative cognition: a stressor that was not mastered goes on in the head for a while, and
// with it the drive of the HPA axis (Brosschot, Gerin & Thayer 2006, doi
// 10.1016/j.jpsychores.2005.06.074). Catecholamines follow the encounter itself.
//
//   (Z1) r' = -r/tau,  r at least c s during an encounter;  r = 0 in the morning
//        s: drive of the encounter on the axis, w_HPA v_k exp(x_hpa_gain) h_k I; r: drive of worry
//   (Z2) success of engaging or reappraising ends worry, r = 0, before (Z1) of that step
//   (Z3) drive of the axis: max(s, mean of r over the step)
//   In a step of dt: felt = max(s, r (1 - e^(-dt/tau))/(dt/tau)), r <- max(c s, r e^(-dt/tau)); an
//   r below kWorryFloor is 0.

#include <array>

#include "core/parameters.hpp"

namespace eustress {

struct PerseverationParameters {
  double share, tau_min;
};

inline constexpr std::array kPerseverationTable = {
    ParameterRow{"share", "c", "1", 0.0701, 0.0, 1.0, Origin::calibrated, "E5, E8",
                 "drive of the HPA axis that goes on after an encounter that was not mastered",
                 &PerseverationParameters::share},
    ParameterRow{"tau_min", "tau", "min", 144.7, 1.0, 240.0, Origin::calibrated, "E5, E8",
                 "decay of what goes on", &PerseverationParameters::tau_min},
};
constexpr const auto& parameter_rows(const PerseverationParameters&) {
  return kPerseverationTable;
}

/// Worry below this drive of the HPA axis, whose basal drive is 1, is over.
inline constexpr double kWorryFloor = 0.05;

/// (Z1), (Z3): one step of dt_min [min]. worry: r [1], advanced; stress: s [1]. Returns the drive
/// that is felt [1].
double perseveration_reference(double& worry, const PerseverationParameters& p, double stress,
                               double dt_min);

}  // namespace eustress
