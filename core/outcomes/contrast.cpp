#include "core/outcomes/contrast.hpp"

#include <cmath>
#include <limits>

namespace eustress {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// 1/x, infinite with the sign of `side` at 0.
double inverse(double x, double side) {
  return x == 0.0 ? std::copysign(std::numeric_limits<double>::infinity(), side) : 1.0 / x;
}

}  // namespace

Interval mean_difference(const PairedDifference& difference, double z) {
  if (difference.persons < 1) return {kNaN, kNaN, kNaN};
  const double half = z * difference.sd / std::sqrt(static_cast<double>(difference.persons));
  return {difference.mean, difference.mean - half, difference.mean + half};
}

Interval number_needed_to_treat(const PairedDifference& difference, double z) {
  const Interval change = mean_difference(difference, z);
  if (std::isnan(change.value)) return change;
  // Risk that is taken away, and its bounds away from and towards 0.
  const double spared = -change.value;
  const double half = 0.5 * (change.high - change.low);
  if (spared == 0.0) {
    return {std::numeric_limits<double>::infinity(), inverse(half, 1.0), inverse(-half, -1.0)};
  }
  const double sign = std::copysign(1.0, spared);
  return {1.0 / spared, inverse(spared + sign * half, sign), inverse(spared - sign * half, sign)};
}

Interval days_averted_per_1000(const PairedDifference& difference, double z) {
  const Interval change = mean_difference(difference, z);
  return {-1000.0 * change.value, -1000.0 * change.high, -1000.0 * change.low};
}

}  // namespace eustress
