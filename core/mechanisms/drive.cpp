#include "core/mechanisms/drive.hpp"

#include <cmath>
#include <numbers>

#include "core/numerics/portable_math.hpp"

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

UltradianScheme ultradian_scheme(const DriveParameters& p) {
  const double r = portable_exp(-30.0 / p.ultradian_tau_min);
  const double first = 2.0 * r * portable_cos_sin_turns(30.0 / p.ultradian_period_min).cosine;
  const double second = -r * r;
  // Variance and correlation of an autoregression of order two (Box & Jenkins 1970, chapter 3).
  const double correlation = first / (1.0 - second);
  const double variance =
      (1.0 - second) / ((1.0 + second) * (1.0 - second - first) * (1.0 - second + first));
  return {first, second, 1.0 / std::sqrt(variance), correlation};
}

double ultradian_before(const DriveParameters& p, double q, double n) {
  const double correlation = ultradian_scheme(p).correlation;
  return correlation * q + std::sqrt(1.0 - correlation * correlation) * n;
}

double drive_log_daily_mean_reference(const DriveParameters& p, double x_amplitude,
                                      double x_phase_h) {
  double sum = 0.0;
  for (int j = 0; j < kHalfHours; ++j) sum += std::exp(log_rhythm(p, x_amplitude, x_phase_h, j));
  return std::log(sum / kHalfHours);
}

double waking_half_hour(const DriveParameters& p, double x_phase_h) {
  return std::nearbyint(2.0 * (p.wake_h + x_phase_h));
}

double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double n) {
  const UltradianScheme scheme = ultradian_scheme(p);
  const double q =
      scheme.first * s.ultradian + scheme.second * s.ultradian_before + scheme.innovation * n;
  s.ultradian_before = s.ultradian;
  s.ultradian = q;  // (C2)
  const double log_u = log_rhythm(p, x_amplitude, x_phase_h, half_hour) - s.log_daily_mean +
                       p.ultradian_sd * s.ultradian - p.ultradian_sd * p.ultradian_sd / 2.0;
  const double u = std::exp(log_u);  // (C1)
  return half_hour == waking_half_hour(p, x_phase_h) ? u + p.awakening * std::exp(x_awakening)
                                                     : u;  // (C3)
}

}  // namespace eustress
