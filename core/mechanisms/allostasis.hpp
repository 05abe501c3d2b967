#pragma once

// Allostatic load: the wear that deviation from baseline leaves behind.
//
//   (O1) at night: L += (1 - exp(-1 d/tau)) (dev - L),
//        dev = c |ln(daily mean cortisol / usual)| + n max(0, daily mean NE - 1) + d (1 - e)
//        usual: the mean without load, usual_cortisol; e: energy at midnight

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct AllostasisParameters {
  double tau_d, usual_cortisol, cortisol_weight, noradrenaline_weight, depletion_weight;
};

inline constexpr std::array kAllostasisTable = {
    ParameterRow{"tau_d", "tau", "d", 60.0, 1.0, 2000.0, Origin::assumed, "months",
                 "time constant of the load", &AllostasisParameters::tau_d},
    ParameterRow{"usual_cortisol", "usual", "1", 0.85, 0.1, 10.0, Origin::calibrated,
                 "daily mean of the healthy cohort", "daily mean cortisol without load",
                 &AllostasisParameters::usual_cortisol},
    ParameterRow{"cortisol_weight", "c", "1", 1.0, 0.0, 20.0, Origin::assumed, "sets the unit",
                 "weight of deviating cortisol", &AllostasisParameters::cortisol_weight},
    ParameterRow{"noradrenaline_weight", "n", "1", 4.0, 0.0, 50.0, Origin::assumed,
                 "daily means of noradrenaline deviate little", "weight of raised noradrenaline",
                 &AllostasisParameters::noradrenaline_weight},
    ParameterRow{"depletion_weight", "d", "1", 0.5, 0.0, 20.0, Origin::assumed, "exhaustion counts",
                 "weight of empty energy stores", &AllostasisParameters::depletion_weight},
};
constexpr const auto& parameter_rows(const AllostasisParameters&) {
  return kAllostasisTable;
}

template <class T>
struct AllostasisState {
  T load;  // 1
};
inline constexpr std::array kAllostasisColumns = {Column{"load", "1", "L, allostatic load"}};

/// (O1)
void allostasis_reference(AllostasisState<double>& s, const AllostasisParameters& p,
                          double mean_cortisol, double mean_noradrenaline, double energy);

}  // namespace eustress
