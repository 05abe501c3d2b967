#pragma once

// Basal drive of the HPA axis: circadian rhythm, awakening response, ultradian fluctuation. Held
// constant over half-hours j = 0..47 of the day, so that it does not depend on the time step.
//
//   (C1) ln u_j = a1 [cos 2pi(t_j - phi)/24h] + a2 cos 4pi(t_j - phi)/24h - ln m + s q_j - s^2/2
//        t_j: middle of the half-hour; a1 = amplitude exp(x_circadian_amplitude),
//        phi = peak_h + x_circadian_phase; m: daily mean of the exponential of the two cosines, so
//        that the drive has mean 1
//   (C2) q_j = r q_{j-1} + sqrt(1 - r^2) n_j,  r = exp(-30 min/tau), n_j ~ N(0,1)   ultradian
//   (C3) u = u_j + w exp(x_awakening_response) in the half-hour that begins at waking
//        (wake_h + x_circadian_phase, to the nearest half-hour)

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

inline constexpr int kHalfHours = 48;

struct DriveParameters {
  double amplitude, second_amplitude, peak_h, wake_h, awakening, ultradian_sd, ultradian_tau_min;
};

inline constexpr std::array kDriveTable = {
    ParameterRow{"amplitude", "a1", "1", 1.5, 0.0, 4.0, Origin::calibrated, "E14",
                 "24-hour amplitude of the logarithm of the drive", &DriveParameters::amplitude},
    ParameterRow{"second_amplitude", "a2", "1", 0.1, -1.0, 1.0, Origin::calibrated, "E14",
                 "12-hour amplitude of the logarithm of the drive",
                 &DriveParameters::second_amplitude},
    ParameterRow{"peak_h", "phi", "h", 8.0, 0.0, 24.0, Origin::calibrated, "E14 acrophase",
                 "time of day of the peak of the drive", &DriveParameters::peak_h},
    ParameterRow{"wake_h", "wake", "h", 7.0, 3.0, 12.0, Origin::assumed, "usual waking time",
                 "mean time of waking", &DriveParameters::wake_h},
    ParameterRow{"awakening", "w", "1", 6.0, 0.0, 50.0, Origin::calibrated, "E13",
                 "height of the awakening pulse of the drive", &DriveParameters::awakening},
    ParameterRow{"ultradian_sd", "s", "1", 0.35, 0.0, 2.0, Origin::calibrated, "E15",
                 "standard deviation of the logarithm of the ultradian fluctuation",
                 &DriveParameters::ultradian_sd},
    ParameterRow{"ultradian_tau_min", "tau", "min", 45.0, 1.0, 600.0, Origin::calibrated, "E15",
                 "correlation time of the ultradian fluctuation",
                 &DriveParameters::ultradian_tau_min},
};
constexpr const auto& parameter_rows(const DriveParameters&) {
  return kDriveTable;
}

template <class T>
struct DriveState {
  T ultradian;       // 1
  T log_daily_mean;  // 1
};
inline constexpr std::array kDriveColumns = {
    Column{"ultradian", "1", "q, standardised ultradian fluctuation"},
    Column{"log_daily_mean", "1", "ln m, constant of the person"}};

/// (C1)-(C3) for one half-hour. Advances the ultradian state with the standard normal value n.
double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double n);

/// ln m of (C1) for one person.
double drive_log_daily_mean_reference(const DriveParameters& p, double x_amplitude,
                                      double x_phase_h);

}  // namespace eustress
