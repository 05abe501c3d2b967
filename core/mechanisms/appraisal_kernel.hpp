#pragma once

#include "core/mechanisms/appraisal.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// What of (A1) stays the same during a day: the exponential of the gain and the bias by symptoms.
struct DayAppraisal {
  Pack gain, bias;
};
EUSTRESS_INLINE DayAppraisal day_appraisal(const AppraisalParameters& p, Pack x_appraisal_gain,
                                           Pack symptoms) {
  return {exp(x_appraisal_gain), fma(p.symptom_gain, symptoms / (1.0 + symptoms), broadcast(1.0))};
}

/// (A1)-(A3). today: of x_appraisal_gain and symptoms, which are not looked at here.
EUSTRESS_INLINE Pack appraise(const AppraisalParameters& p, const DayAppraisal& today,
                              const AppraisalInput<Pack>& in) {
  const Pack retrieval = 1.0 - p.retrieval_loss * in.arousal;
  const Pack learned = (1.0 - p.control_cue) * in.control;
  const Pack seen = p.control_cue * in.controllability;
  const Pack relief =
      1.0 + fma(retrieval, fma(p.control_weight, learned, p.safety_weight * in.safety),
                fma(p.control_weight, seen, p.support_weight * in.support));
  const Pack i0 = in.severity * p.gain * today.gain * (0.5 + in.threat) * today.bias / relief;
  const Pack control = learned + seen;
  const Pack uncertain = control * (1.0 - control) * (1.0 - in.predictability);
  return i0 * fma(4.0 * p.uncertainty, uncertain, broadcast(1.0));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
