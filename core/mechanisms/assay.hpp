#pragma once

// What a laboratory reads off a sample: cortisol as it is measured. Nothing in the person depends
// on it.
//
//   (L1) measured cortisol = x3 exp(s_b n - s_b^2/2) exp(s_w m - s_w^2/2),  n, m ~ N(0,1)
//        n once per person: binding globulin, volume of distribution and flow of saliva make the
//        concentration that goes with the same action differ between people;
//        m once per sample: the assay. Both factors have mean 1.

#include <array>

#include "core/parameters.hpp"

namespace eustress {

struct AssayParameters {
  double cortisol_between_sd, cortisol_within_sd;
};

inline constexpr std::array kAssayTable = {
    ParameterRow{"cortisol_between_sd", "s_b", "1", 0.38, 0.0, 2.0, Origin::calibrated,
                 "E6 corr(ln baseline, ln fold)",
                 "sd between persons of the logarithm of measured over acting cortisol",
                 &AssayParameters::cortisol_between_sd},
    ParameterRow{"cortisol_within_sd", "s_w", "1", 0.05, 0.0, 1.0, Origin::assumed,
                 "coefficients of variation that makers of assays state: 5-10 %",
                 "sd between samples of the logarithm of measured cortisol",
                 &AssayParameters::cortisol_within_sd},
};
constexpr const auto& parameter_rows(const AssayParameters&) {
  return kAssayTable;
}

/// Measured over actual cortisol of one sample, (L1). n_person, n_sample: standard normal values.
double assay_reference(const AssayParameters& p, double n_person, double n_sample);

}  // namespace eustress
