#include "core/mechanisms/malleability.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

void malleability_reference(MalleabilityState<double>& s, const MalleabilityParameters& p,
                            double challenge, double hindrance, double distress, const double* n) {
  const double balance =
      p.challenge * challenge - p.hindrance * hindrance - p.strain * std::max(0.0, distress);
  const double reversion = 1.0 - std::exp(-1.0 / p.tau_d);
  const double innovation = p.noise * std::sqrt(1.0 - std::exp(-2.0 / p.tau_d));
  for (std::size_t f = 0; f < kMalleable; ++f) {  // (F1)
    const double experience = p.active ? kMalleableShare[f] * balance : 0.0;
    s.delta[f] += -s.delta[f] * reversion + experience + innovation * n[f];
  }
}

}  // namespace eustress
