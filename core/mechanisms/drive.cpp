#include "core/mechanisms/drive.hpp"

#include <cmath>
#include <numbers>

namespace eustress {

namespace {

/// The two cosines of (C1) in the middle of half-hour j.
double log_rhythm(const DriveParameters& p, double x_amplitude, double x_phase_h, int half_hour) {
  const double a1 = p.amplitude * std::exp(x_amplitude);
  const double since_peak_h = (half_hour + 0.5) / 2.0 - (p.peak_h + x_phase_h);
  const double angle = 2.0 * std::numbers::pi * since_peak_h / 24.0;
  return a1 * std::cos(angle) + p.second_amplitude * std::cos(2.0 * angle);
}

}  // namespace

double drive_log_daily_mean_reference(const DriveParameters& p, double x_amplitude,
                                      double x_phase_h) {
  double sum = 0.0;
  for (int j = 0; j < kHalfHours; ++j) sum += std::exp(log_rhythm(p, x_amplitude, x_phase_h, j));
  return std::log(sum / kHalfHours);
}

double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double n) {
  const double r = std::exp(-30.0 / p.ultradian_tau_min);
  s.ultradian = r * s.ultradian + std::sqrt(1.0 - r * r) * n;  // (C2)
  const double log_u = log_rhythm(p, x_amplitude, x_phase_h, half_hour) - s.log_daily_mean +
                       p.ultradian_sd * s.ultradian - p.ultradian_sd * p.ultradian_sd / 2.0;
  const double u = std::exp(log_u);                                          // (C1)
  const double waking = std::nearbyint(2.0 * (p.wake_h + x_phase_h));        // half-hour
  return half_hour == waking ? u + p.awakening * std::exp(x_awakening) : u;  // (C3)
}

}  // namespace eustress
