#include "core/numerics/student_t.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace eustress {

namespace {

/// P(|T| < t).
double central_probability(double t, int degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double sine = std::sin(angle), cosine = std::cos(angle);
  const bool is_odd = degrees % 2 == 1;
  double term = is_odd ? cosine : 1.0, sum = degrees == 1 ? 0.0 : term;
  for (int k = is_odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= cosine * cosine * (k - 1.0) / k;
    sum += term;
  }
  return is_odd ? 2.0 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

}  // namespace

double student_t(double level, int degrees) {
  if (degrees < 1) return std::numeric_limits<double>::quiet_NaN();
  double low = 0.0, high = 1.0;
  while (central_probability(high, degrees) < level && high < 1e300) high *= 2.0;
  for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (central_probability(middle, degrees) < level ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace eustress
