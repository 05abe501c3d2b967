#include "core/mechanisms/drive.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const DriveParameters p = default_parameters().drive;

DriveParameters without_noise() {
  DriveParameters quiet = p;
  quiet.ultradian_sd = 0.0;
  return quiet;
}

DriveState<double> start(const DriveParameters& parameters, double x_amplitude = 0.0,
                         double x_phase = 0.0) {
  return {0.0, 0.0, drive_log_daily_mean_reference(parameters, x_amplitude, x_phase)};
}

TEST(Drive, HasDailyMeanOneForEveryRhythm) {
  DriveParameters q = without_noise();
  q.awakening = 0.0;
  for (const double x_amplitude : {-0.5, 0.0, 0.5}) {
    for (const double phase : {-2.0, 0.3, 4.0}) {
      DriveState<double> s = start(q, x_amplitude, phase);
      double sum = 0.0;
      for (int j = 0; j < kHalfHours; ++j) {
        sum += drive_reference(s, q, x_amplitude, phase, 0.0, j, 0.0);
      }
      EXPECT_NEAR(sum / kHalfHours, 1.0, 1e-12);
    }
  }
}

TEST(Drive, PeaksAtItsAcrophase) {
  DriveParameters q = without_noise();
  q.awakening = 0.0;
  q.second_amplitude = 0.0;
  q.peak_h = 8.0;
  DriveState<double> s = start(q, 0.0, 1.25);
  int peak = 0;
  double highest = 0.0, lowest = 1e9;
  for (int j = 0; j < kHalfHours; ++j) {
    const double u = drive_reference(s, q, 0.0, 1.25, 0.0, j, 0.0);
    if (u > highest) highest = u, peak = j;
    lowest = std::min(lowest, u);
  }
  EXPECT_EQ(peak, 18);  // 09:00-09:30 has its middle at 9.25 h
  EXPECT_NEAR(std::log(highest / lowest), 2.0 * q.amplitude, 0.02 * q.amplitude);
}

TEST(Drive, TheAwakeningPulseIsInOneHalfHour) {
  const DriveParameters q = without_noise();
  DriveParameters no_pulse = q;
  no_pulse.awakening = 0.0;
  for (const double phase : {0.0, 0.2, 0.3, -1.1}) {
    DriveState<double> with = start(q, 0.0, phase), without = start(q, 0.0, phase);
    const int waking = static_cast<int>(std::lround(2.0 * (q.wake_h + phase)));
    for (int j = 0; j < kHalfHours; ++j) {
      const double pulse = drive_reference(with, q, 0.0, phase, std::log(1.5), j, 0.0) -
                           drive_reference(without, no_pulse, 0.0, phase, 0.0, j, 0.0);
      EXPECT_NEAR(pulse, j == waking ? 1.5 * q.awakening : 0.0, 1e-12) << "half-hour " << j;
    }
  }
}

TEST(Drive, UltradianFluctuationIsAStationaryOscillator) {
  Draws draws(11);
  Sample now, next, third, ratio;
  DriveParameters q = p;
  q.awakening = 0.0;
  q.ultradian_tau_min = 120.0;
  const DriveParameters quiet = [&] {
    DriveParameters r = q;
    r.ultradian_sd = 0.0;
    return r;
  }();
  constexpr int kPersons = 20000;
  for (int person = 0; person < kPersons; ++person) {
    DriveState<double> s = start(q);
    s.ultradian = draws.normal();
    s.ultradian_before = ultradian_before(q, s.ultradian, draws.normal());
    now.add(s.ultradian);
    DriveState<double> still = start(q);
    ratio.add(drive_reference(s, q, 0.0, 0.0, 0.0, 10, draws.normal()) /
              drive_reference(still, quiet, 0.0, 0.0, 0.0, 10, 0.0));
    next.add(s.ultradian);
    EXPECT_NE(s.ultradian_before, s.ultradian);
    drive_reference(s, q, 0.0, 0.0, 0.0, 11, draws.normal());
    drive_reference(s, q, 0.0, 0.0, 0.0, 12, draws.normal());
    third.add(s.ultradian);
  }
  for (const Sample* sample : {&next, &third}) {
    EXPECT_NEAR(sample->mean(), 0.0, 5.0 * sample->mean_error());
    EXPECT_NEAR(sample->variance(), 1.0, 5.0 * sample->variance_error());
  }
  // Correlations over one and over three half-hours, which is half a period: (C2) multiplied by
  // earlier values gives rho_1 = first/(1 - second), rho_k = first rho_(k-1) + second rho_(k-2).
  const double r = std::exp(-30.0 / q.ultradian_tau_min);
  const double first = 2.0 * r * std::cos(2.0 * std::numbers::pi * 30.0 / q.ultradian_period_min);
  const double second = -r * r;
  const double rho_1 = first / (1.0 - second), rho_2 = first * rho_1 + second;
  const double rho_3 = first * rho_2 + second * rho_1;
  EXPECT_LT(rho_3, -0.1);
  const auto band = [](double rho) { return 5.0 * (1.0 - rho * rho) / std::sqrt(kPersons); };
  EXPECT_NEAR(correlation(now, next), rho_1, band(rho_1));
  EXPECT_NEAR(correlation(now, third), rho_3, band(rho_3));
  // Fluctuation leaves the mean drive as it is.
  EXPECT_NEAR(ratio.mean(), 1.0, 5.0 * ratio.mean_error());
}

}  // namespace
}  // namespace eustress
