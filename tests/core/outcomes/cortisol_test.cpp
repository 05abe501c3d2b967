// Cortisol indices of samples whose areas can be worked out by hand.

#include "core/outcomes/cortisol.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "core/engine/observation.hpp"

namespace eustress {
namespace {

double index_of(const std::array<double, kResponseIndices>& values, CortisolIndex index) {
  return values[static_cast<std::size_t>(index)];
}

double of_day(const std::vector<int>& minutes, const std::vector<double>& cortisol,
              double waking_min, CortisolIndex index) {
  return diurnal_indices(minutes, cortisol,
                         waking_min)[static_cast<std::size_t>(index) - kResponseIndices];
}

TEST(CortisolIndices, TrapezoidsOfUnevenTimes) {
  const std::vector<int> minutes = {-30, 0, 20, 60};
  const std::vector<double> cortisol = {1.2, 1.0, 3.0, 2.0};
  const auto v = cortisol_indices(minutes, cortisol);
  // 30 (1.2 + 1)/2 + 20 (1 + 3)/2 + 40 (3 + 2)/2; the ground of the increase is 90 * 1.2
  EXPECT_NEAR(index_of(v, CortisolIndex::auc_ground), 33.0 + 40.0 + 100.0, 1e-12);
  EXPECT_NEAR(index_of(v, CortisolIndex::auc_increase), 173.0 - 108.0, 1e-12);
  EXPECT_EQ(index_of(v, CortisolIndex::peak), 3.0);
  EXPECT_EQ(index_of(v, CortisolIndex::time_to_peak), 20.0);
  EXPECT_EQ(index_of(v, CortisolIndex::rise), 2.0);
  EXPECT_EQ(index_of(v, CortisolIndex::fold), 3.0);
}

TEST(CortisolIndices, WhoFallsAllTheTimeHasANegativeRise) {
  const std::vector<int> minutes = {0, 15, 30};
  const std::vector<double> cortisol = {2.0, 1.5, 1.0};
  const auto v = cortisol_indices(minutes, cortisol);
  EXPECT_EQ(index_of(v, CortisolIndex::peak), 1.5);
  EXPECT_EQ(index_of(v, CortisolIndex::time_to_peak), 15.0);
  EXPECT_EQ(index_of(v, CortisolIndex::rise), -0.5);
  EXPECT_NEAR(index_of(v, CortisolIndex::auc_increase), 26.25 + 18.75 - 60.0, 1e-12);
}

TEST(CortisolIndices, NeedASampleBeforeAndOneAfterTheOnset) {
  const auto has = [](std::vector<int> minutes) { return has_cortisol_indices(minutes); };
  EXPECT_TRUE(has({0, 10}));
  EXPECT_TRUE(has({-10, 20}));
  EXPECT_FALSE(has({10, 20}));
  EXPECT_FALSE(has({-10, 0}));
  EXPECT_FALSE(has({0}));
  EXPECT_FALSE(has({}));
}

// Free cortisol of 10 nmol/l at rest: a rise of 0.15 is 1.5 nmol/l, a fold of 1.155 is 15.5 %.
TEST(CortisolIndices, RespondersByAmountAndByPercentage) {
  Study study;
  study.days = 2;
  Probe probe, without;
  probe.name = "tsst";
  probe.samples_min = {0, 30};
  without.name = "late";
  without.samples_min = {10, 30};
  study.probes = {without, probe};
  const ObservationLayout layout = observation_layout(study, {});
  ObservationSums sums(layout);
  const std::vector<double> people[] = {{0.5, 0.6}, {2.0, 2.2}, {1.0, 1.2}, {1.0, 0.9}};
  for (const auto& cortisol : people) {
    sums.add_indices(0, 0, layout.probes[0].index_values(cortisol, 420.0),
                     10.0);  // has no index, so nothing may be written to
    sums.add_indices(1, 0, layout.probes[1].index_values(cortisol, 420.0), 10.0);
  }
  const auto responders = sums.responders(1, 0);
  EXPECT_EQ(responders.count, 4);
  EXPECT_EQ(responders.by_amount, 2);      // the second and the third
  EXPECT_EQ(responders.by_percentage, 2);  // the first and the third
  const Moments rise = sums.index(1, 0, CortisolIndex::rise);
  EXPECT_EQ(rise.count, 4);
  EXPECT_NEAR(rise.mean, 0.1, 1e-7);
  EXPECT_NEAR(rise.sd, std::sqrt(0.015), 1e-5);
  const Moments area = sums.index(1, 0, CortisolIndex::auc_ground);
  EXPECT_NEAR(area.mean, 30.0 * (0.55 + 2.1 + 1.1 + 0.95) / 4.0, 1e-5);
  EXPECT_NEAR(sums.index_quantile(1, 0, CortisolIndex::peak, 0.5), 1.1, 0.2);
}

// --- an ordinary day -------------------------------------------------------------------------

TEST(DiurnalIndices, NeedSixSamplesOverTwelveHours) {
  const auto has = [](std::vector<int> minutes) { return has_diurnal_indices(minutes); };
  EXPECT_TRUE(has({0, 30, 45, 60, 300, 720}));
  EXPECT_FALSE(has({0, 30, 45, 60, 300, 719}));
  EXPECT_FALSE(has({0, 30, 45, 60, 720}));
  EXPECT_FALSE(has({}));
}

// The least squares must find a cosine again, wherever the samples are.
TEST(DiurnalIndices, ACosineHasItsMesorAmplitudeAndAcrophase) {
  const std::vector<int> schedules[] = {
      {0, 120, 240, 360, 480, 600, 720, 840, 960, 1080, 1200, 1320},
      {400, 430, 445, 460, 700, 1000, 1130},
      {15, 20, 25, 30, 35, 735},
  };
  for (const std::vector<int>& minutes : schedules) {
    for (const double acrophase_h : {0.25, 8.5, 13.0, 23.5}) {
      std::vector<double> cortisol;
      for (const int t : minutes) {
        const double turns = (t / 60.0 - acrophase_h) / 24.0;
        cortisol.push_back(1.3 + 0.7 * std::cos(2.0 * std::numbers::pi * turns));
      }
      EXPECT_NEAR(of_day(minutes, cortisol, 420.0, CortisolIndex::mesor), 1.3, 1e-9);
      EXPECT_NEAR(of_day(minutes, cortisol, 420.0, CortisolIndex::amplitude), 0.7, 1e-9);
      EXPECT_NEAR(of_day(minutes, cortisol, 420.0, CortisolIndex::acrophase), acrophase_h, 1e-8);
    }
  }
}

TEST(DiurnalIndices, TheAwakeningResponseIsThatOfThePersonsWaking) {
  // 1 until 07:00, then up by .02 a minute to 07:30, level to 07:45, down by .02 a minute.
  const std::vector<int> minutes = {360, 390, 420, 435, 450, 465, 480, 900, 1100};
  const std::vector<double> cortisol = {1.0, 1.0, 1.0, 1.3, 1.6, 1.6, 1.3, 0.6, 0.5};
  // 30 (0 + .6)/2 + 15 .6 + 15 (.6 + .3)/2
  EXPECT_NEAR(of_day(minutes, cortisol, 420.0, CortisolIndex::awakening_increase), 9.0 + 9.0 + 6.75,
              1e-12);
  // Waking at 06:30: 1 to 07:00, then 1.3 at 07:15 and 1.6 at 07:30.
  EXPECT_NEAR(of_day(minutes, cortisol, 390.0, CortisolIndex::awakening_increase),
              0.0 + 15.0 * 0.15 + 15.0 * 0.45, 1e-12);
  // 06:15 lies between samples: all 1 to 06:45; at 07:00 1 and at 07:15 1.3.
  EXPECT_NEAR(of_day(minutes, cortisol, 375.0, CortisolIndex::awakening_increase), 15.0 * 0.15,
              1e-12);
  // Nobody looked before 06:00, and too seldom after 08:00.
  EXPECT_TRUE(std::isnan(of_day(minutes, cortisol, 345.0, CortisolIndex::awakening_increase)));
  EXPECT_TRUE(std::isnan(of_day(minutes, cortisol, 425.0, CortisolIndex::awakening_increase)));
}

TEST(DiurnalIndices, TheSlopeLeavesTheHourAfterWakingAndTheNightOut) {
  const std::vector<int> minutes = {300, 420, 450, 465, 480, 600, 900, 1200, 1400};
  std::vector<double> cortisol;
  for (const int t : minutes) cortisol.push_back(2.0 - 0.08 * t / 60.0);
  // What does not count may be anything: the night, and up to an hour after waking at 07:00.
  cortisol[0] = 9.0;
  cortisol[2] = cortisol[3] = cortisol[4] = 5.0;
  cortisol[8] = 7.0;  // 16.3 h after waking
  EXPECT_NEAR(of_day(minutes, cortisol, 420.0, CortisolIndex::diurnal_slope), -0.08, 1e-12);
  EXPECT_TRUE(std::isnan(of_day(minutes, cortisol, 1150.0, CortisolIndex::diurnal_slope)));
}

// Only a probe at rest shows an ordinary day; an index that cannot be known of a person is not
// counted.
TEST(DiurnalIndices, AreThoseOfAProbeAtRest) {
  Study study;
  study.days = 2;
  Probe stressor, rest;
  stressor.name = "tsst";
  stressor.samples_min = {0, 30, 60, 300, 600, 720};
  stressor.minute = 420;
  rest = stressor;
  rest.name = "day";
  rest.kind = ProbeKind::rest;
  rest.samples_min = {0, 30, 45, 60, 480, 720};
  study.probes = {stressor, rest};
  const ObservationLayout layout = observation_layout(study, {});
  EXPECT_EQ(layout.probes[0].indices().size(), kResponseIndices);
  EXPECT_EQ(layout.probes[1].indices().size(), kCortisolIndices);
  ObservationSums sums(layout);
  const std::vector<double> cortisol = {1.0, 1.6, 1.6, 1.3, 0.8, 0.5};
  sums.add_indices(1, 0, layout.probes[1].index_values(cortisol, 420.0), 10.0);
  sums.add_indices(1, 0, layout.probes[1].index_values(cortisol, 390.0),
                   10.0);  // woke before the first sample
  EXPECT_EQ(sums.index(1, 0, CortisolIndex::fold).count, 2);
  EXPECT_EQ(sums.responders(1, 0).count, 2);
  const Moments awakening = sums.index(1, 0, CortisolIndex::awakening_increase);
  EXPECT_EQ(awakening.count, 1);
  EXPECT_NEAR(awakening.mean, 9.0 + 9.0 + 6.75, 1e-5);
  EXPECT_EQ(sums.index(1, 0, CortisolIndex::amplitude).count, 2);
  const std::vector<int> of_day_min = {420, 450, 465, 480, 900, 1140};
  EXPECT_NEAR(sums.index(1, 0, CortisolIndex::amplitude).mean,
              of_day(of_day_min, cortisol, 420.0, CortisolIndex::amplitude), 1e-6);
  EXPECT_NEAR(sums.index_quantile(1, 0, CortisolIndex::acrophase, 0.5),
              of_day(of_day_min, cortisol, 420.0, CortisolIndex::acrophase), 0.1);
}

}  // namespace
}  // namespace eustress
