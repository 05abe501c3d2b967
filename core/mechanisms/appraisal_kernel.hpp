#pragma once

#include "core/mechanisms/appraisal.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (A1)-(A3)
EUSTRESS_INLINE Pack appraise(const AppraisalParameters& p, const AppraisalInput<Pack>& in) {
  const Pack retrieval = 1.0 - p.retrieval_loss * in.arousal;
  const Pack relief =
      1.0 + fma(retrieval, fma(p.control_weight, in.control, p.safety_weight * in.safety),
                p.support_weight * in.support);
  const Pack bias = fma(p.symptom_gain, in.symptoms / (1.0 + in.symptoms), broadcast(1.0));
  const Pack i0 =
      in.severity * p.gain * exp(in.x_appraisal_gain) * (0.5 + in.threat) * bias / relief;
  const Pack uncertain = in.control * (1.0 - in.control) * (1.0 - in.predictability);
  return i0 * fma(4.0 * p.uncertainty, uncertain, broadcast(1.0));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
