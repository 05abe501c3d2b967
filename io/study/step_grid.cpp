#include "io/study/step_grid.hpp"

#include <cmath>

namespace eustress::io {

std::optional<int> steps_per_half_hour(double dt_min) {
  if (!(dt_min > 0.0)) return std::nullopt;
  const double steps = std::round(30.0 / dt_min);
  if (!(steps >= 1.0 && steps <= 1e6) || 30.0 / steps != dt_min) return std::nullopt;
  return static_cast<int>(steps);
}

bool on_step_grid(std::int64_t minutes, int steps_per_half_hour) {
  return minutes * steps_per_half_hour % 30 == 0;
}

std::vector<int> tsst_samples(int steps_per_half_hour) {
  int spacing = 30;
  for (const int divisor : {15, 10, 6, 5}) {
    if (on_step_grid(divisor, steps_per_half_hour)) spacing = divisor;
  }
  std::vector<int> samples;
  for (int t = -30; t <= 120; t += spacing) samples.push_back(t);
  return samples;
}

}  // namespace eustress::io
