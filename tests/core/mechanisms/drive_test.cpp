#include "core/mechanisms/drive.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const DriveParameters p = default_parameters().drive;

DriveParameters without_pulses() {
  DriveParameters quiet = p;
  quiet.tonic_share = 1.0;
  return quiet;
}

DriveState<double> start(const DriveParameters& parameters, double x_amplitude = 0.0,
                         double x_phase = 0.0) {
  return {0.5, drive_log_daily_mean_reference(parameters, x_amplitude, x_phase)};
}

TEST(Drive, HasDailyMeanOneForEveryRhythm) {
  DriveParameters q = without_pulses();
  q.awakening = 0.0;
  for (const double x_amplitude : {-0.5, 0.0, 0.5}) {
    for (const double phase : {-2.0, 0.3, 4.0}) {
      DriveState<double> s = start(q, x_amplitude, phase);
      double sum = 0.0;
      for (int j = 0; j < kHalfHours; ++j) {
        sum += drive_reference(s, q, x_amplitude, phase, 0.0, j, 0.5);
      }
      EXPECT_NEAR(sum / kHalfHours, 1.0, 1e-12);
    }
  }
}

TEST(Drive, PeaksAtItsAcrophase) {
  DriveParameters q = without_pulses();
  q.awakening = 0.0;
  q.second_amplitude = 0.0;
  q.peak_h = 8.0;
  DriveState<double> s = start(q, 0.0, 1.25);
  int peak = 0;
  double highest = 0.0, lowest = 1e9;
  for (int j = 0; j < kHalfHours; ++j) {
    const double u = drive_reference(s, q, 0.0, 1.25, 0.0, j, 0.5);
    if (u > highest) highest = u, peak = j;
    lowest = std::min(lowest, u);
  }
  EXPECT_EQ(peak, 18);  // 09:00-09:30 has its middle at 9.25 h
  EXPECT_NEAR(std::log(highest / lowest), 2.0 * q.amplitude, 0.02 * q.amplitude);
}

TEST(Drive, TheAwakeningPulseIsInOneHalfHour) {
  const DriveParameters q = without_pulses();
  DriveParameters no_pulse = q;
  no_pulse.awakening = 0.0;
  for (const double phase : {0.0, 0.2, 0.3, -1.1}) {
    DriveState<double> with = start(q, 0.0, phase), without = start(q, 0.0, phase);
    const int waking = static_cast<int>(std::lround(2.0 * (q.wake_h + phase)));
    for (int j = 0; j < kHalfHours; ++j) {
      const double pulse = drive_reference(with, q, 0.0, phase, std::log(1.5), j, 0.5) -
                           drive_reference(without, no_pulse, 0.0, phase, 0.0, j, 0.5);
      EXPECT_NEAR(pulse, j == waking ? 1.5 * q.awakening : 0.0, 1e-12) << "half-hour " << j;
    }
  }
}

TEST(Drive, PulsesComeWhenThePaceHasAddedUpToOne) {
  DriveParameters q = p;
  q.amplitude = q.second_amplitude = q.awakening = q.tonic_share = q.pulse_jitter = 0.0;
  q.pulse_period_min = 75.0;
  DriveState<double> s{0.3, 0.0};
  // The phase is .3 + .4 j: it passes 1 in the second half-hour, 2 in the fifth and so on.
  const int fires[] = {0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0};
  for (int j = 0; j < 11; ++j) {
    EXPECT_NEAR(drive_reference(s, q, 0.0, 0.0, 0.0, j, 0.9), 2.5 * fires[j], 1e-12) << j;
  }
  EXPECT_NEAR(s.pulse_phase, 0.7, 1e-12);
  // Jitter: from 1 - s to 1 + s of the pace.
  q.pulse_jitter = 0.5;
  for (const double u : {0.25, 1.0}) {
    DriveState<double> one{0.0, 0.0};
    drive_reference(one, q, 0.0, 0.0, 0.0, 0, u);
    EXPECT_NEAR(one.pulse_phase, 0.4 * (0.5 + u), 1e-12);
  }
}

TEST(Drive, TheRhythmIsInTheSizeOrInTheFrequencyOfPulses) {
  DriveParameters q = p;
  q.awakening = q.tonic_share = q.pulse_jitter = 0.0;
  q.pulse_period_min = 300.0;
  DriveParameters rhythm_only = q;
  rhythm_only.tonic_share = 1.0;
  for (const double share : {0.0, 0.4, 1.0}) {
    q.pulse_size_share = share;
    DriveState<double> s = start(q), smooth = start(q);
    double phase = 0.5;
    for (int j = 0; j < 10 * kHalfHours; ++j) {
      const double r = drive_reference(smooth, rhythm_only, 0.0, 0.0, 0.0, j % kHalfHours, 0.5);
      phase += std::pow(r, 1.0 - share) / 10.0;
      const double pulses = std::floor(phase);
      phase -= pulses;
      EXPECT_NEAR(drive_reference(s, q, 0.0, 0.0, 0.0, j % kHalfHours, 0.5),
                  10.0 * pulses * std::pow(r, share), 1e-9);
    }
  }
}

TEST(Drive, PulsesLeaveTheMeanDriveAsItIs) {
  Draws draws(11);
  const DriveParameters quiet = without_pulses();
  for (const double share : {0.0, p.pulse_size_share, 1.0}) {
    DriveParameters q = p;
    q.pulse_size_share = share;
    q.tonic_share = 0.2;
    for (const int half_hour : {4, 17, 35}) {
      Sample ratio, phase;
      for (int person = 0; person < 20000; ++person) {
        // Any phase is as likely as any other, before and after.
        DriveState<double> s = start(q), still = start(q);
        s.pulse_phase = draws.uniform();
        ratio.add(drive_reference(s, q, 0.0, 0.0, 0.0, half_hour, draws.uniform()) /
                  drive_reference(still, quiet, 0.0, 0.0, 0.0, half_hour, 0.5));
        phase.add(s.pulse_phase);
      }
      EXPECT_NEAR(ratio.mean(), 1.0, 5.0 * ratio.mean_error()) << share << ' ' << half_hour;
      EXPECT_NEAR(phase.mean(), 0.5, 5.0 * phase.mean_error());
      EXPECT_NEAR(phase.variance(), 1.0 / 12.0, 5.0 * phase.variance_error());
    }
  }
}

}  // namespace
}  // namespace eustress
