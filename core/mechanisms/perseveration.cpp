#include "core/mechanisms/perseveration.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

double perseveration_reference(double& worry, const PerseverationParameters& p, double stress,
                               double dt_min) {
  const double z = dt_min / p.tau_min;
  const double felt = std::max(stress, worry * (1.0 - std::exp(-z)) / z);  // (Z3)
  worry = std::max(p.share * stress, worry * std::exp(-z));                // (Z1)
  if (worry < kWorryFloor) worry = 0.0;
  return felt;
}

}  // namespace eustress
