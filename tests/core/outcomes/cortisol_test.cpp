// Cortisol indices of samples whose areas can be worked out by hand.

#include "core/outcomes/cortisol.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/engine/observation.hpp"

namespace eustress {
namespace {

double index_of(const std::array<double, kCortisolIndices>& values, CortisolIndex index) {
  return values[static_cast<std::size_t>(index)];
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
    sums.add_indices(0, 0, cortisol, 10.0);  // has no index, so nothing may be written to
    sums.add_indices(1, 0, cortisol, 10.0);
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

}  // namespace
}  // namespace eustress
