#pragma once

#include "core/mechanisms/drive.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// What (C1)-(C3) need of the parameters, the same for everybody.
struct DriveCoefficients {
  double amplitude, second_amplitude, awakening;
  double size_share, pace_share;  ///< c, 1 - c
  double slowest, pace_range;  ///< of the generator per half-hour and r^(1-c): at v = 0, to v = 1
  double tonic, pulse;         ///< b, (1 - b) T/30 min
  double peak_h, wake_h;
  CosSin middle[kHalfHours];         ///< cos, sin of 2 pi t_j/24h
  CosSin second_middle[kHalfHours];  ///< of 4 pi t_j/24h

  explicit DriveCoefficients(const DriveParameters& p)
      : amplitude(p.amplitude),
        second_amplitude(p.second_amplitude),
        awakening(p.awakening),
        size_share(p.pulse_size_share),
        pace_share(1.0 - p.pulse_size_share),
        slowest((1.0 - p.pulse_jitter) * kMinutesPerHalfHour / p.pulse_period_min),
        pace_range(2.0 * p.pulse_jitter * kMinutesPerHalfHour / p.pulse_period_min),
        tonic(p.tonic_share),
        pulse((1.0 - p.tonic_share) * p.pulse_period_min / kMinutesPerHalfHour),
        peak_h(p.peak_h),
        wake_h(p.wake_h) {
    for (int j = 0; j < kHalfHours; ++j) {
      const double turn = (j + 0.5) / kHalfHours;
      middle[j] = portable_cos_sin_turns(turn);
      second_middle[j] = portable_cos_sin_turns(turn < 0.5 ? 2.0 * turn : 2.0 * turn - 1.0);
    }
  }
};

/// The two cosines of (C1) of eight persons as coefficients of the tables above.
struct DriveShape {
  Pack cosine, sine, second_cosine, second_sine;

  DriveShape() = default;
  EUSTRESS_INLINE DriveShape(const DriveCoefficients& c, Pack x_amplitude, Pack x_phase) {
    const Pack amplitude = c.amplitude * exp(x_amplitude);
    Pack turn = (x_phase + c.peak_h) * (1.0 / 24.0);
    turn = turn - floor(turn);
    const PackPair first = cos_sin_turns(turn);
    const Pack doubled = 2.0 * turn;
    const PackPair second = cos_sin_turns(doubled - floor(doubled));
    cosine = amplitude * first.first;
    sine = amplitude * first.second;
    second_cosine = c.second_amplitude * second.first;
    second_sine = c.second_amplitude * second.second;
  }
  [[nodiscard]] EUSTRESS_INLINE Pack log_drive(const DriveCoefficients& c, int half_hour) const {
    const CosSin& m = c.middle[half_hour];
    const CosSin& d = c.second_middle[half_hour];
    return fma(m.cosine, cosine, m.sine * sine) +
           fma(d.cosine, second_cosine, d.sine * second_sine);
  }
};

/// ln m of (C1).
EUSTRESS_INLINE Pack drive_log_daily_mean(const DriveCoefficients& c, const DriveShape& shape) {
  Pack sum = broadcast(0.0);
  for (int j = 0; j < kHalfHours; ++j) sum += exp(shape.log_drive(c, j));
  return log(sum * (1.0 / kHalfHours));
}

/// (C1)-(C3): drive of one half-hour. `awakening`: w exp(x_awakening_response), `wake_half_hour`:
/// the one that begins at waking, v: uniform.
EUSTRESS_INLINE Pack drive_half_hour(DriveState<Pack>& s, const DriveCoefficients& c,
                                     const DriveShape& shape, Pack awakening, Pack wake_half_hour,
                                     int half_hour, Pack v) {
  const Pack log_rate = shape.log_drive(c, half_hour) - s.log_daily_mean;
  const Pack size = exp(c.size_share * log_rate);
  const Pack pace = exp(c.pace_share * log_rate);
  const Pack phase = fma(pace, fma(v, c.pace_range, c.slowest), s.pulse_phase);
  const Pack pulses = floor(phase);
  s.pulse_phase = phase - pulses;
  const Pack drive = size * fma(pulses, c.pulse, c.tonic * pace);
  const Mask waking = wake_half_hour == static_cast<double>(half_hour);
  return drive + select(waking, awakening, 0.0);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
