#pragma once

#include "core/mechanisms/appraisal.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (A1)-(A3)
EUSTRESS_INLINE Pack appraise(const AppraisalParameters& p, const AppraisalInput<Pack>& in) {
  const Pack retrieval = 1.0 - p.retrieval_loss * in.arousal;
  const Pack learned = (1.0 - p.control_cue) * in.control;
  const Pack seen = p.control_cue * in.controllability;
  const Pack relief =
      1.0 + fma(retrieval, fma(p.control_weight, learned, p.safety_weight * in.safety),
                fma(p.control_weight, seen, p.support_weight * in.support));
  const Pack bias = fma(p.symptom_gain, in.symptoms / (1.0 + in.symptoms), broadcast(1.0));
  const Pack i0 =
      in.severity * p.gain * exp(in.x_appraisal_gain) * (0.5 + in.threat) * bias / relief;
  const Pack control = learned + seen;
  const Pack uncertain = control * (1.0 - control) * (1.0 - in.predictability);
  return i0 * fma(4.0 * p.uncertainty, uncertain, broadcast(1.0));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
