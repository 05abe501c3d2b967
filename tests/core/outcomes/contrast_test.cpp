// Intervals of paired differences and of the number needed to treat.

#include "core/outcomes/contrast.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace eustress {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// 400 persons, 80 of them spared and 20 harmed: mean -0.15, variance 0.25 - 0.0225.
const PairedDifference kSpared{400, -0.15, std::sqrt(0.25 - 0.0225)};

TEST(Contrast, MeanDifferenceHasTheWaldIntervalOfThePairs) {
  const Interval i = mean_difference(kSpared, 1.96);
  const double half = 1.96 * std::sqrt(0.2275 / 400.0);  // 0.046743...
  EXPECT_DOUBLE_EQ(i.value, -0.15);
  EXPECT_NEAR(i.low, -0.15 - half, 1e-15);
  EXPECT_NEAR(i.high, -0.15 + half, 1e-15);
  EXPECT_NEAR(half, 0.046743, 1e-6);
}

TEST(Contrast, NumberNeededToTreatInvertsTheInterval) {
  const Interval i = number_needed_to_treat(kSpared, 1.96);
  EXPECT_NEAR(i.value, 6.6667, 1e-4);
  EXPECT_NEAR(i.low, 1.0 / 0.196743, 1e-3);
  EXPECT_NEAR(i.high, 1.0 / 0.103257, 1e-3);
}

TEST(Contrast, HarmIsANegativeNumber) {
  const Interval i = number_needed_to_treat({400, 0.15, kSpared.sd}, 1.96);
  EXPECT_NEAR(i.value, -6.6667, 1e-4);
  EXPECT_NEAR(i.low, -1.0 / 0.196743, 1e-3);
  EXPECT_NEAR(i.high, -1.0 / 0.103257, 1e-3);
}

TEST(Contrast, AnIntervalOverZeroGoesThroughInfinity) {
  const Interval i = number_needed_to_treat({100, -0.01, 0.1}, 2.0);  // -0.01 +- 0.02
  EXPECT_NEAR(i.value, 100.0, 1e-9);
  EXPECT_NEAR(i.low, 1.0 / 0.03, 1e-9);
  EXPECT_NEAR(i.high, -100.0, 1e-9);
}

TEST(Contrast, EqualArmsNeedInfinitelyMany) {
  const Interval i = number_needed_to_treat({100, 0.0, 0.0}, 1.96);
  EXPECT_EQ(i.value, kInfinite);
  EXPECT_EQ(i.low, kInfinite);
  EXPECT_EQ(i.high, -kInfinite);
}

TEST(Contrast, NobodyGivesNothing) {
  EXPECT_TRUE(std::isnan(mean_difference({0, 0.0, 0.0}, 1.96).value));
  EXPECT_TRUE(std::isnan(number_needed_to_treat({0, 0.0, 0.0}, 1.96).low));
}

TEST(Contrast, DaysAreCountedPerThousandPeople) {
  const Interval i = days_averted_per_1000({10'000, -0.5, 4.0}, 2.0);
  EXPECT_NEAR(i.value, 500.0, 1e-9);
  EXPECT_NEAR(i.low, 420.0, 1e-9);
  EXPECT_NEAR(i.high, 580.0, 1e-9);
}

}  // namespace
}  // namespace eustress
