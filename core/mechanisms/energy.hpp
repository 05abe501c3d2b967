#pragma once

// Energy: the stores that the stress response mobilises, spends and that rest refills.
//
//   (M1) e' = - mobilised e + refill exp(x_energy_recovery) (1 - e) (asleep ? q : rest_share)
//   (M2) mobilised = m_N max(0, NE - 1) + m_C max(0, cortisol - 1)      per hour
//        e: filled share 0..1, NE and cortisol: means over the half-hour, q: sleep quality of the
//        night, asleep: before waking or after wake_h + 16 h
//   Exact relaxation over each half-hour with constant rates.

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct EnergyParameters {
  double noradrenaline_cost_per_h, cortisol_cost_per_h, refill_per_h, rest_share;
};

inline constexpr std::array kEnergyTable = {
    ParameterRow{"noradrenaline_cost_per_h", "m_N", "1/h", 0.25, 0.0, 5.0, Origin::assumed,
                 "an hour of strong arousal takes about a fifth of the stores",
                 "mobilisation per unit of plasma noradrenaline above rest",
                 &EnergyParameters::noradrenaline_cost_per_h},
    ParameterRow{"cortisol_cost_per_h", "m_C", "1/h", 0.03, 0.0, 5.0, Origin::assumed,
                 "slower than noradrenaline", "mobilisation per unit of cortisol above rest",
                 &EnergyParameters::cortisol_cost_per_h},
    ParameterRow{"refill_per_h", "k_e", "1/h", 0.35, 0.01, 5.0, Origin::assumed,
                 "a good night refills the stores", "rate of refilling in restorative sleep",
                 &EnergyParameters::refill_per_h},
    ParameterRow{"rest_share", "k_r", "1", 0.3, 0.0, 1.0, Origin::assumed,
                 "waking rest restores less than sleep",
                 "rate of refilling awake, relative to sleep", &EnergyParameters::rest_share},
};
constexpr const auto& parameter_rows(const EnergyParameters&) {
  return kEnergyTable;
}

template <class T>
struct EnergyState {
  T store;  // 1
};
inline constexpr std::array kEnergyColumns = {
    Column{"store", "1", "e, filled share of the stores"}};

/// (M1), (M2) over one half-hour.
void energy_reference_step(EnergyState<double>& s, const EnergyParameters& p, double x_recovery,
                           double noradrenaline, double cortisol, bool asleep,
                           double sleep_quality);

}  // namespace eustress
