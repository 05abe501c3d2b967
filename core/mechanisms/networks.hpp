#pragma once

// Large-scale networks: how noradrenaline and cortisol together shift the brain towards salience
// and away from executive control, and how genomic action brings control back (Hermans 2014).
//
//   (S1) arousal X = N F / (N F + half),  N = max(0, brain NE - 1), F: fast glucocorticoid action
//        beyond rest plus fast_floor (the response is never quite without cortisol): an AND-like
//        product in (0,1)
//   (S2) salience S = sigma( s0 + s_X X )
//   (S3) control  C = sigma( c0 + x_executive_control + c_w w - c_X X exp(-c_p (z_exec + w)) + c_g
//   G
//                     - c_D (DA - DA_opt)^2 + c_e (e - 1) )
//        w: self-control, z_exec: executive capacity, G: genomic action beyond rest, e: energy.

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct NetworkParameters {
  double half_product, fast_floor, salience_base, salience_gain, control_base, self_control_gain,
      shift, protection, genomic_gain, dopamine_curvature, dopamine_optimum, energy_gain;
};

inline constexpr std::array kNetworkTable = {
    ParameterRow{"half_product", "half", "1", 0.25, 0.01, 10.0, Origin::assumed,
                 "half effect in a laboratory stressor", "product of N and F at half effect",
                 &NetworkParameters::half_product},
    ParameterRow{"fast_floor", "f0", "1", 0.05, 0.0, 1.0, Origin::assumed,
                 "basal cortisol acts too", "fast glucocorticoid action at rest",
                 &NetworkParameters::fast_floor},
    ParameterRow{"salience_base", "s0", "1", -1.5, -6.0, 6.0, Origin::assumed, "low at rest",
                 "salience at rest, logit", &NetworkParameters::salience_base},
    ParameterRow{"salience_gain", "s_X", "1", 4.0, 0.0, 20.0, Origin::assumed, "Hermans 2014: sign",
                 "effect of arousal on salience", &NetworkParameters::salience_gain},
    ParameterRow{"control_base", "c0", "1", 0.8, -6.0, 6.0, Origin::assumed, "high at rest",
                 "executive control at rest, logit", &NetworkParameters::control_base},
    ParameterRow{"self_control_gain", "c_w", "1", 1.5, 0.0, 10.0, Origin::assumed,
                 "Hermans 2025: lasting self-control", "effect of learned self-control",
                 &NetworkParameters::self_control_gain},
    ParameterRow{"shift", "c_X", "1", 1.2, 0.0, 20.0, Origin::assumed,
                 "Hermans 2014; later reviews find it weaker", "loss of control under arousal",
                 &NetworkParameters::shift},
    ParameterRow{"protection", "c_p", "1", 0.3, 0.0, 3.0, Origin::assumed,
                 "capacity buffers the shift", "protection by executive capacity and self-control",
                 &NetworkParameters::protection},
    ParameterRow{"genomic_gain", "c_g", "1", 1.0, 0.0, 10.0, Origin::assumed,
                 "reversal hours later, Hermans 2014: sign", "effect of genomic action on control",
                 &NetworkParameters::genomic_gain},
    ParameterRow{"dopamine_curvature", "c_D", "1", 0.5, 0.0, 10.0, Origin::assumed,
                 "inverted U of prefrontal dopamine", "loss per squared distance from the optimum",
                 &NetworkParameters::dopamine_curvature},
    ParameterRow{"dopamine_optimum", "DA_opt", "1", 1.25, 0.2, 5.0, Origin::assumed,
                 "just above rest", "dopamine at the peak of the inverted U",
                 &NetworkParameters::dopamine_optimum},
    ParameterRow{"energy_gain", "c_e", "1", 1.0, 0.0, 10.0, Origin::assumed,
                 "exhaustion impairs control", "effect of the energy stores on control",
                 &NetworkParameters::energy_gain},
};
constexpr const auto& parameter_rows(const NetworkParameters&) {
  return kNetworkTable;
}

/// (S1)
double arousal_reference(const NetworkParameters& p, double brain_noradrenaline,
                         double fast_beyond_rest);
/// (S2)
double salience_reference(const NetworkParameters& p, double arousal);
/// (S3)
double control_reference(const NetworkParameters& p, double x_executive, double z_executive,
                         double self_control, double arousal, double genomic_beyond_rest,
                         double dopamine, double energy);

}  // namespace eustress
