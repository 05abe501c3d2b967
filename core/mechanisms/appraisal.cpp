#include "core/mechanisms/appraisal.hpp"

#include <cmath>

namespace eustress {

double appraisal_reference(const AppraisalParameters& p, const AppraisalInput<double>& in) {
  const double retrieval = 1.0 - p.retrieval_loss * in.arousal;  // (A2)
  const double demand = in.severity * p.gain * std::exp(in.x_appraisal_gain) * (0.5 + in.threat) *
                        (1.0 + p.symptom_gain * in.symptoms / (1.0 + in.symptoms));
  const double resources = 1.0 +
                           p.control_weight * (retrieval * (1.0 - p.control_cue) * in.control +
                                               p.control_cue * in.controllability) +
                           retrieval * p.safety_weight * in.safety + p.support_weight * in.support;
  const double expected = demand / resources;  // (A1)
  const double control = (1.0 - p.control_cue) * in.control + p.control_cue * in.controllability;
  const double ambiguity = 4.0 * control * (1.0 - control);
  return expected * (1.0 + p.uncertainty * ambiguity * (1.0 - in.predictability));  // (A3)
}

}  // namespace eustress
