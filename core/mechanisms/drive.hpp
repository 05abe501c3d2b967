#pragma once

// Basal drive of the HPA axis: circadian rhythm, ultradian pulses, awakening response. Held
// constant over half-hours j = 0..47 of the day, so that it does not depend on the time step.
//
//   (C1) ln r_j = a1 cos 2pi(t_j - phi)/24h + a2 cos 4pi(t_j - phi)/24h - ln m
//        t_j: middle of the half-hour; a1 = amplitude exp(x_circadian_amplitude),
//        phi = peak_h + x_circadian_phase; m: daily mean of the exponential of the two cosines, so
//        that the rhythm r has mean 1
//   (C2) p <- p + (30 min/T) r_j^(1 - c) (1 + s (2 v_j - 1)),  v_j uniform in (0,1);
//        k_j = floor(p),  p <- p - k_j          pulse generator: integrates and fires
//        u_j = b r_j + (1 - b) k_j (T/30 min) r_j^c
//        The rhythm makes pulses larger (c) and more frequent (1 - c), as bursts of cortisol are
//        (Kerrigan 1993); a share b of the drive is tonic. For every c and b the drive has the mean
//        r_j.
//   (C3) u = u_j + w exp(x_awakening_response) in the half-hour that begins at waking
//        (wake_h + x_circadian_phase, to the nearest half-hour)

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

inline constexpr int kHalfHours = 48;
inline constexpr double kMinutesPerHalfHour = 30.0;

struct DriveParameters {
  double amplitude, second_amplitude, peak_h, wake_h, awakening, pulse_period_min, pulse_size_share,
      pulse_jitter, tonic_share;
};

inline constexpr std::array kDriveTable = {
    ParameterRow{"amplitude", "a1", "1", 1.91, 0.0, 4.0, Origin::calibrated, "E14",
                 "24-hour amplitude of the logarithm of the drive", &DriveParameters::amplitude},
    ParameterRow{"second_amplitude", "a2", "1", -0.342, -1.0, 1.0, Origin::calibrated, "E14",
                 "12-hour amplitude of the logarithm of the drive",
                 &DriveParameters::second_amplitude},
    ParameterRow{"peak_h", "phi", "h", 9.2, 0.0, 24.0, Origin::calibrated, "E14 acrophase",
                 "time of day of the peak of the drive", &DriveParameters::peak_h},
    ParameterRow{"wake_h", "wake", "h", 7.0, 3.0, 12.0, Origin::assumed, "usual waking time",
                 "mean time of waking", &DriveParameters::wake_h},
    ParameterRow{"awakening", "w", "1", 7.0, 0.0, 50.0, Origin::calibrated, "E13",
                 "height of the awakening pulse of the drive", &DriveParameters::awakening},
    ParameterRow{"pulse_period_min", "T", "min", 175.0, 30.0, 360.0, Origin::calibrated,
                 "E15 pulses per day", "mean time between pulses",
                 &DriveParameters::pulse_period_min},
    ParameterRow{"pulse_size_share", "c", "1", 0.437, 0.0, 1.0, Origin::calibrated,
                 "E15 CV of amplitudes",
                 "share of the rhythm that the size of pulses carries; the rest is their frequency",
                 &DriveParameters::pulse_size_share},
    ParameterRow{"pulse_jitter", "s", "1", 1.0, 0.0, 1.0, Origin::calibrated, "E15",
                 "irregularity of the pulse generator: its pace varies by up to this share",
                 &DriveParameters::pulse_jitter},
    ParameterRow{"tonic_share", "b", "1", 0.639, 0.0, 1.0, Origin::calibrated,
                 "E6 corr(ln baseline, ln fold), E15",
                 "share of the drive that does not come in pulses", &DriveParameters::tonic_share},
};
constexpr const auto& parameter_rows(const DriveParameters&) {
  return kDriveTable;
}

template <class T>
struct DriveState {
  T pulse_phase;     // 1
  T log_daily_mean;  // 1
};
inline constexpr std::array kDriveColumns = {
    Column{"pulse_phase", "1", "p, phase of the pulse generator, 0 to 1"},
    Column{"log_daily_mean", "1", "ln m, constant of the person"}};

/// (C3): number of the half-hour that begins at waking; outside of 0..47 if that is on another day.
double waking_half_hour(const DriveParameters& p, double x_phase_h);

/// (C1)-(C3) for one half-hour. Advances the pulse generator with the uniform value v.
double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double v);

/// ln m of (C1) for one person.
double drive_log_daily_mean_reference(const DriveParameters& p, double x_amplitude,
                                      double x_phase_h);

}  // namespace eustress
