#include "core/mechanisms/habituation.hpp"

#include <cmath>

namespace eustress {

void habituation_reference_encounter(HabituationState<double>& s, const HabituationParameters& p,
                                     StressorClass k, double intensity) {
  if (!p.active) return;
  const double i2 = intensity * intensity;
  const double ref2 = p.reference_intensity * p.reference_intensity;
  s.response[static_cast<int>(k)] *= 1.0 - p.rate * i2 / (ref2 + i2);  // (J1)
}

void habituation_reference_night(HabituationState<double>& s, const HabituationParameters& p) {
  for (double& h : s.response) h += (1.0 - h) * (1.0 - std::exp(-1.0 / p.recovery_tau_d));  // (J2)
}

}  // namespace eustress
