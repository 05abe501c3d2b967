#include "core/mechanisms/steeling.hpp"

#include <algorithm>
#include <cmath>

#include "core/mechanisms/exposure.hpp"

namespace eustress {

void steeling_reference(SteelingState<double>& s, const SteelingParameters& p, double symptoms,
                        double event, double success) {
  if (!p.active) return;
  const double overcome = s.open * (1.0 - std::exp(-1.0 / p.overcoming_tau_d)) /
                          (1.0 + std::pow(symptoms / p.overcoming_symptoms, 4.0));  // (Y2)
  s.open -= overcome;
  s.level = std::clamp(s.level + p.rate * overcome * (1.0 - s.level) - s.level / p.tau_d, 0.0,
                       1.0);  // (Y3)

  const auto kind = static_cast<EventKind>(static_cast<int>(event));  // (Y1)
  const double weight = kind == EventKind::traumatic ? 1.0
                        : kind == EventKind::severe  ? p.severe_weight
                                                     : 0.0;
  s.open += weight * (success == 1.0 ? 1.0 : p.unmastered_share);
}

}  // namespace eustress
