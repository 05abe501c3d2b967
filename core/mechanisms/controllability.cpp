#include "core/mechanisms/controllability.hpp"

#include <algorithm>

namespace eustress {

double control_belief_reference(const ControllabilityState<double>& s,
                                const ControllabilityParameters& p, StressorClass k) {
  const double evidence = s.omega[static_cast<int>(k)] + p.general_weight * s.omega_general;
  return std::clamp(p.prior + p.gain * evidence, 0.0, 1.0);  // (B4)
}

void controllability_reference(ControllabilityState<double>& s, const ControllabilityParameters& p,
                               StressorClass stressor, bool engaged, bool resolved) {
  if (!p.active) return;
  const int k = static_cast<int>(stressor);
  double& actor = engaged ? s.acting[k] : s.not_acting[k];
  double& spectator = s.spectator[k];

  const double t_actor = resolved ? actor : 1.0 - actor;  // (B1)
  const double t_spectator = resolved ? spectator : 1.0 - spectator;
  const double evidence = (1.0 - t_spectator) - (1.0 - t_actor);

  for (int j = 0; j < kStressorClasses; ++j) {  // (B2)
    const double similarity = j == k ? 1.0 : p.generalisation ? p.similarity : 0.0;
    s.omega[j] += p.rate * similarity * (evidence - s.omega[j]);
  }
  if (p.generalisation) s.omega_general += p.general_rate * (evidence - s.omega_general);

  const double outcome = resolved ? 1.0 : 0.0;  // (B3)
  actor += p.transition_rate * (outcome - actor);
  spectator += p.transition_rate * (outcome - spectator);
}

}  // namespace eustress
