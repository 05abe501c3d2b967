#include "core/outcomes/cortisol.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "core/statistics/statistics.hpp"

namespace eustress {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinutesPerDay = 1440.0;
constexpr double kHoursAwake = 16.0;

/// On the line between the samples around the time; NaN beyond them, or if they are too far apart.
double level_at(std::span<const int> minutes, std::span<const double> cortisol, double time) {
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (minutes[i] == time) return cortisol[i];
    if (minutes[i] < time) continue;
    if (i == 0 || minutes[i] - minutes[i - 1] > kLargestAwakeningGap) return kNone;
    const double share = (time - minutes[i - 1]) / (minutes[i] - minutes[i - 1]);
    return cortisol[i - 1] + share * (cortisol[i] - cortisol[i - 1]);
  }
  return kNone;
}

double awakening_increase(std::span<const int> minutes, std::span<const double> cortisol,
                          double waking_min) {
  constexpr std::array<double, 4> kAfter = {0.0, 30.0, 45.0, 60.0};
  std::array<double, 4> level{};
  for (std::size_t i = 0; i < kAfter.size(); ++i) {
    level[i] = level_at(minutes, cortisol, waking_min + kAfter[i]);
  }
  double area = 0.0;
  for (std::size_t i = 1; i < kAfter.size(); ++i) {
    area += 0.5 * (level[i] + level[i - 1]) * (kAfter[i] - kAfter[i - 1]);
  }
  return area - level.front() * kAfter.back();
}

double diurnal_slope(std::span<const int> minutes, std::span<const double> cortisol,
                     double waking_min) {
  double n = 0.0, hours = 0.0, levels = 0.0;
  const auto counts = [&](std::size_t i) {
    const double awake_h = (minutes[i] - waking_min) / 60.0;
    return awake_h == 0.0 || (awake_h > 1.0 && awake_h <= kHoursAwake);
  };
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (!counts(i)) continue;
    n += 1.0;
    hours += minutes[i] / 60.0;
    levels += cortisol[i];
  }
  if (n < 3.0) return kNone;
  double squares = 0.0, products = 0.0;
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (!counts(i)) continue;
    const double x = minutes[i] / 60.0 - hours / n;
    squares += x * x;
    products += x * (cortisol[i] - levels / n);
  }
  return products / squares;
}

}  // namespace

bool has_cortisol_indices(std::span<const int> minutes) {
  return minutes.size() >= 2 && minutes.front() <= 0 && minutes.back() > 0;
}

std::array<double, kResponseIndices> cortisol_indices(std::span<const int> minutes,
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

bool has_diurnal_indices(std::span<const int> minutes) {
  return minutes.size() >= kLeastDaySamples &&
         minutes.back() - minutes.front() >= 60 * kLeastDayHours;
}

std::array<double, kCortisolIndices - kResponseIndices> diurnal_indices(
    std::span<const int> minutes, std::span<const double> cortisol, double waking_min) {
  std::vector<double> days;
  for (const int minute : minutes) days.push_back(minute / kMinutesPerDay);
  const auto [mesor, amplitude, acrophase] = cosinor(days, cortisol);
  return {awakening_increase(minutes, cortisol, waking_min),
          diurnal_slope(minutes, cortisol, waking_min), mesor, amplitude, acrophase};
}

}  // namespace eustress
