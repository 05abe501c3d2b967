#include "core/outcomes/cortisol.hpp"

#include <cstddef>

namespace eustress {

bool has_cortisol_indices(std::span<const int> minutes) {
  return minutes.size() >= 2 && minutes.front() <= 0 && minutes.back() > 0;
}

std::array<double, kCortisolIndices> cortisol_indices(std::span<const int> minutes,
                                                      std::span<const double> cortisol) {
  double area = 0.0, before = cortisol.front(), peak = 0.0, time = 0.0;
  bool has_peak = false;
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (i > 0) area += 0.5 * (cortisol[i] + cortisol[i - 1]) * (minutes[i] - minutes[i - 1]);
    if (minutes[i] <= 0) {
      before = cortisol[i];
    } else if (!has_peak || cortisol[i] > peak) {
      has_peak = true;
      peak = cortisol[i];
      time = minutes[i];
    }
  }
  const double above_first = area - cortisol.front() * (minutes.back() - minutes.front());
  return {area, above_first, peak, time, peak - before, peak / before};
}

}  // namespace eustress
