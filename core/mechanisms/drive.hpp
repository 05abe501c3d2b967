#pragma once

// Basal drive of the HPA axis: circadian rhythm, awakening response, ultradian fluctuation. Held
// constant over half-hours j = 0..47 of the day, so that it does not depend on the time step.
//
//   (C1) ln u_j = a1 [cos 2pi(t_j - phi)/24h] + a2 cos 4pi(t_j - phi)/24h - ln m + s q_j - s^2/2
//        t_j: middle of the half-hour; a1 = amplitude exp(x_circadian_amplitude),
//        phi = peak_h + x_circadian_phase; m: daily mean of the exponential of the two cosines, so
//        that the drive has mean 1
//   (C2) q_j = 2 r cos(w) q_{j-1} - r^2 q_{j-2} + g n_j,  r = exp(-30 min/tau), w = 2 pi 30 min/T,
//        n_j ~ N(0,1), g such that q has variance 1   ultradian: an oscillator of period T that
//        forgets its phase and amplitude within tau
//   (C3) u = u_j + w exp(x_awakening_response) in the half-hour that begins at waking
//        (wake_h + x_circadian_phase, to the nearest half-hour)

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

inline constexpr int kHalfHours = 48;

struct DriveParameters {
  double amplitude, second_amplitude, peak_h, wake_h, awakening, ultradian_sd, ultradian_period_min,
      ultradian_tau_min;
};

inline constexpr std::array kDriveTable = {
    ParameterRow{"amplitude", "a1", "1", 1.52, 0.0, 4.0, Origin::calibrated, "E14",
                 "24-hour amplitude of the logarithm of the drive", &DriveParameters::amplitude},
    ParameterRow{"second_amplitude", "a2", "1", 0.5, -1.0, 1.0, Origin::calibrated, "E14",
                 "12-hour amplitude of the logarithm of the drive",
                 &DriveParameters::second_amplitude},
    ParameterRow{"peak_h", "phi", "h", 8.6, 0.0, 24.0, Origin::calibrated, "E14 acrophase",
                 "time of day of the peak of the drive", &DriveParameters::peak_h},
    ParameterRow{"wake_h", "wake", "h", 7.0, 3.0, 12.0, Origin::assumed, "usual waking time",
                 "mean time of waking", &DriveParameters::wake_h},
    ParameterRow{"awakening", "w", "1", 6.5, 0.0, 50.0, Origin::calibrated, "E13",
                 "height of the awakening pulse of the drive", &DriveParameters::awakening},
    ParameterRow{"ultradian_sd", "s", "1", 0.5, 0.0, 2.0, Origin::calibrated, "E15",
                 "standard deviation of the logarithm of the ultradian fluctuation",
                 &DriveParameters::ultradian_sd},
    ParameterRow{"ultradian_period_min", "T", "min", 130.0, 90.0, 1440.0, Origin::calibrated,
                 "E15 pulses per day", "period of the ultradian fluctuation",
                 &DriveParameters::ultradian_period_min},
    ParameterRow{"ultradian_tau_min", "tau", "min", 1440.0, 1.0, 100000.0, Origin::calibrated,
                 "E15 CV of amplitudes", "time within which its phase and amplitude are forgotten",
                 &DriveParameters::ultradian_tau_min},
};
constexpr const auto& parameter_rows(const DriveParameters&) {
  return kDriveTable;
}

template <class T>
struct DriveState {
  T ultradian;         // 1
  T ultradian_before;  // 1
  T log_daily_mean;    // 1
};
inline constexpr std::array kDriveColumns = {
    Column{"ultradian", "1", "q, standardised ultradian fluctuation"},
    Column{"ultradian_before", "1", "q of the half-hour before"},
    Column{"log_daily_mean", "1", "ln m, constant of the person"}};

/// The constants of (C2).
struct UltradianScheme {
  double first, second;  ///< weights of q_{j-1} and q_{j-2}
  double innovation;     ///< g
  double correlation;    ///< of q_j and q_{j-1}
};
UltradianScheme ultradian_scheme(const DriveParameters& p);
/// q of the half-hour before one with the value q, when nothing else is known. n: N(0,1).
double ultradian_before(const DriveParameters& p, double q, double n);

/// (C3): number of the half-hour that begins at waking; outside of 0..47 if that is on another day.
double waking_half_hour(const DriveParameters& p, double x_phase_h);

/// (C1)-(C3) for one half-hour. Advances the ultradian state with the standard normal value n.
double drive_reference(DriveState<double>& s, const DriveParameters& p, double x_amplitude,
                       double x_phase_h, double x_awakening, int half_hour, double n);

/// ln m of (C1) for one person.
double drive_log_daily_mean_reference(const DriveParameters& p, double x_amplitude,
                                      double x_phase_h);

}  // namespace eustress
