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

double waking_half_hour(const DriveParameters& p, double x_phase_h) {
  return std::nearbyint(2.0 * (p.wake_h + x_phase_h));
}

double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double v) {
  const double log_rate =
      log_rhythm(p, x_amplitude, x_phase_h, half_hour) - s.log_daily_mean;  // (C1)
  const double period = p.pulse_period_min / kMinutesPerHalfHour;
  s.pulse_phase += std::exp((1.0 - p.pulse_size_share) * log_rate) / period *
                   (1.0 + p.pulse_jitter * (2.0 * v - 1.0));
  const double pulses = std::floor(s.pulse_phase);
  s.pulse_phase -= pulses;
  const double drive =
      p.tonic_share * std::exp(log_rate) +
      (1.0 - p.tonic_share) * pulses * period * std::exp(p.pulse_size_share * log_rate);  // (C2)
  return half_hour == waking_half_hour(p, x_phase_h) ? drive + p.awakening * std::exp(x_awakening)
                                                     : drive;  // (C3)
}

}  // namespace eustress
