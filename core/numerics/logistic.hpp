#pragma once

#include <cmath>

namespace eustress {

/// sigma(x) = 1/(1 + e^-x), for the scalar references. Packs: vmath.hpp.
inline double logistic(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

}  // namespace eustress
