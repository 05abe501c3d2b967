#pragma once

// Appraisal: what a stressor means to this person, from what was learned about such stressors. It
// sets the intensity that drives the acute response.
//
//   (A1) I0 = severity gain exp(x_appraisal_gain) (.5 + V_k) (1 + sym S/(1 + S))
//             / (1 + w_c (retrieval (1 - cue) chi_k + cue c) + retrieval w_f safety_k + w_s
//             support)
//        V_k: predicted threat, chi_k: belief in control, c: controllability of this stressor, of
//        which a share `cue` is seen at once, safety_k: safety memory at all levels of
//        generalisation, S: symptoms, support = sigma(z_support): available support
//   (A2) retrieval = 1 - k_ret X      stress at retrieval impairs it; X: arousal (networks.hpp)
//   (A3) I = I0 (1 + unc 4 p (1 - p) (1 - predictability)),  p = (1 - cue) chi_k + cue c
//        uncertainty arouses

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct AppraisalParameters {
  double gain, control_weight, control_cue, safety_weight, support_weight, symptom_gain,
      retrieval_loss, uncertainty;
};

inline constexpr std::array kAppraisalTable = {
    ParameterRow{"gain", "gain", "1", 1.35, 0.0, 20.0, Origin::assumed,
                 "sets the unit of intensity", "appraisal gain of the median person",
                 &AppraisalParameters::gain},
    ParameterRow{"control_weight", "w_c", "1", 0.8, 0.0, 10.0, Origin::assumed,
                 "Maier & Seligman 2016: sign", "relief by belief in control",
                 &AppraisalParameters::control_weight},
    ParameterRow{"control_cue", "cue", "1", 0.65, 0.0, 1.0, Origin::calibrated, "E10",
                 "share of the expected control that is seen in the situation; the rest is learned",
                 &AppraisalParameters::control_cue},
    ParameterRow{"safety_weight", "w_f", "1", 0.9, 0.0, 10.0, Origin::calibrated,
                 "T7; Hermans 2025: generalised safety", "relief by safety memories",
                 &AppraisalParameters::safety_weight},
    ParameterRow{"support_weight", "w_s", "1", 1.59, 0.0, 10.0, Origin::calibrated, "E18",
                 "relief by social support", &AppraisalParameters::support_weight},
    ParameterRow{"symptom_gain", "sym", "1", 0.3, 0.0, 5.0, Origin::assumed,
                 "symptoms bias appraisal", "amplification by symptoms",
                 &AppraisalParameters::symptom_gain},
    ParameterRow{"retrieval_loss", "k_ret", "1", 0.25, 0.0, 1.0, Origin::assumed,
                 "stress at retrieval, d about .3", "loss of retrieval at full arousal",
                 &AppraisalParameters::retrieval_loss},
    ParameterRow{"uncertainty", "unc", "1", 0.2, 0.0, 5.0, Origin::assumed,
                 "unpredictability arouses", "arousal by uncertainty of the prediction",
                 &AppraisalParameters::uncertainty},
};
constexpr const auto& parameter_rows(const AppraisalParameters&) {
  return kAppraisalTable;
}

/// What appraisal looks at.
template <class T>
struct AppraisalInput {
  T severity, predictability, controllability, x_appraisal_gain, threat, control, safety, support,
      symptoms, arousal;
};

/// (A1)-(A3): intensity I.
double appraisal_reference(const AppraisalParameters& p, const AppraisalInput<double>& in);

}  // namespace eustress
