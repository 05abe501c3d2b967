#include "io/report/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"

namespace eustress::io::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;
using Columns = std::vector<Values>;

TEST(Summary, KnownMoments) {
  const Summary s = summary(Values{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(s.count, 8U);
  EXPECT_DOUBLE_EQ(s.mean, 5.0);
  EXPECT_DOUBLE_EQ(s.sd, 2.0);
}

TEST(Summary, LeavesOutWhatIsNotFinite) {
  const Summary s = summary(Values{1, kNaN, 3, INFINITY});
  EXPECT_EQ(s.count, 2U);
  EXPECT_DOUBLE_EQ(s.mean, 2.0);
  EXPECT_TRUE(std::isnan(summary(Values{}).mean));
  EXPECT_TRUE(std::isnan(summary(Values{kNaN}).sd));
}

TEST(Standardised, MeanZeroSdOneInPlace) {
  const Values z = standardised(Values{1, kNaN, 3});
  EXPECT_DOUBLE_EQ(z[0], -1.0);
  EXPECT_TRUE(std::isnan(z[1]));
  EXPECT_DOUBLE_EQ(z[2], 1.0);
  for (const double x : standardised(Values{2, 2, 2})) EXPECT_TRUE(std::isnan(x));
}

TEST(Ranks, TiesShareTheirMeanRank) {
  const Values r = ranks(Values{30, 10, kNaN, 20, 10, 10});
  EXPECT_DOUBLE_EQ(r[0], 5.0);
  EXPECT_DOUBLE_EQ(r[1], 2.0);
  EXPECT_TRUE(std::isnan(r[2]));
  EXPECT_DOUBLE_EQ(r[3], 4.0);
  EXPECT_DOUBLE_EQ(r[4], 2.0);
  EXPECT_DOUBLE_EQ(r[5], 2.0);
}

// Anscombe's first quartet: intercept 3.00, slope 0.500 with standard error 0.118, r 0.816
// (Anscombe 1973; more digits from R's lm).
TEST(FitLine, Anscombe) {
  const Values x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const Values y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const LineFit fit = fit_line(x, y);
  EXPECT_EQ(fit.count, 11U);
  EXPECT_NEAR(fit.intercept, 3.000091, 1e-6);
  EXPECT_NEAR(fit.slope, 0.500091, 1e-6);
  EXPECT_NEAR(fit.slope_error, 0.117906, 1e-6);
  EXPECT_NEAR(fit.correlation, 0.8164205, 1e-7);
  EXPECT_NEAR(fit.r_squared(), 0.666542, 1e-6);
}

TEST(FitLine, PairsWithAGapAreLeftOut) {
  const LineFit fit = fit_line(Values{0, 1, 2, kNaN, 4}, Values{1, 3, 5, 100, kNaN});
  EXPECT_EQ(fit.count, 3U);
  EXPECT_DOUBLE_EQ(fit.slope, 2.0);
  EXPECT_DOUBLE_EQ(fit.intercept, 1.0);
  EXPECT_DOUBLE_EQ(fit.correlation, 1.0);
  EXPECT_NEAR(fit.slope_error, 0.0, 1e-15);
}

TEST(FitLine, UndefinedWithoutSpread) {
  EXPECT_TRUE(std::isnan(fit_line(Values{1, 1, 1}, Values{1, 2, 3}).slope));
  EXPECT_TRUE(std::isnan(fit_line(Values{1}, Values{2}).slope));
  const LineFit flat = fit_line(Values{1, 2, 3}, Values{4, 4, 4});
  EXPECT_DOUBLE_EQ(flat.slope, 0.0);
  EXPECT_TRUE(std::isnan(flat.correlation));
  EXPECT_THROW((void)fit_line(Values{1, 2}, Values{1}), Error);
}

// Shrout & Fleiss (1979), table 2: six targets, four judges; ICC(1,1) = .17.
TEST(Intraclass, ShroutAndFleiss) {
  const Values values = {9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7};
  std::vector<std::int32_t> group;
  for (std::int32_t i = 0; i < 24; ++i) group.push_back(i / 4);
  const Intraclass icc = intraclass_correlation(values, group);
  EXPECT_EQ(icc.groups, 6U);
  EXPECT_EQ(icc.count, 24U);
  EXPECT_DOUBLE_EQ(icc.mean_size, 4.0);
  EXPECT_NEAR(icc.icc, 0.165742, 1e-6);
}

// Two groups of sizes 1 and 3 by hand: k0 = (4 - 10/4) / (2 - 1) = 1.5.
TEST(Intraclass, UnequalGroupsAndPeopleInNone) {
  const Intraclass icc = intraclass_correlation(Values{0, 7, 1, 2, 3, kNaN},
                                                std::vector<std::int32_t>{4, -1, 9, 9, 9, 9});
  EXPECT_EQ(icc.count, 4U);
  EXPECT_DOUBLE_EQ(icc.mean_size, 1.5);
  // between: 1 (0 - 1.5)^2 + 3 (2 - 1.5)^2 = 3; MSB = 3, MSW = 2 / 2 = 1.
  EXPECT_DOUBLE_EQ(icc.icc, (3.0 - 1.0) / (3.0 + 0.5));
}

TEST(Intraclass, OneWhenGroupsExplainEverything) {
  EXPECT_DOUBLE_EQ(
      intraclass_correlation(Values{1, 1, 5, 5}, std::vector<std::int32_t>{0, 0, 1, 1}).icc, 1.0);
  EXPECT_TRUE(
      std::isnan(intraclass_correlation(Values{1, 2, 3}, std::vector<std::int32_t>{0, 0, 0}).icc));
}

TEST(RegressionRSquared, OneColumnIsTheSquaredCorrelation) {
  const Values x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const Values y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  EXPECT_NEAR(regression_r_squared(Columns{x}, y), 0.666542, 1e-6);
}

TEST(RegressionRSquared, ExactSumAndDependentColumns) {
  Values a, b, sum, noise, y;
  std::uint32_t state = 1;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state) / 4294967296.0;
  };
  for (int i = 0; i < 200; ++i) {
    a.push_back(next());
    b.push_back(next());
    noise.push_back(next());
    sum.push_back(2.0 * a.back() - b.back());
    y.push_back(3.0 + a.back() - 4.0 * b.back());
  }
  EXPECT_NEAR(regression_r_squared(Columns{a, b}, y), 1.0, 1e-12);
  EXPECT_NEAR(regression_r_squared(Columns{a, b, sum}, y), 1.0, 1e-9);
  EXPECT_NEAR(regression_r_squared(Columns{a, b, Values(200, 1.0)}, y), 1.0, 1e-12);
  // Unrelated: chance gives 1/199 on average, with a standard deviation of about 0.007.
  EXPECT_LT(regression_r_squared(Columns{noise}, y), 0.04);
  EXPECT_TRUE(std::isnan(regression_r_squared(Columns{Values{1, 2}, Values{2, 1}}, Values{1, 2})));
  EXPECT_TRUE(std::isnan(regression_r_squared(Columns{Values{1, 2, 3}}, Values{5, 5, 5})));
}

TEST(BinnedMeans, EqualCountsInOrderOfX) {
  const auto bins =
      binned_means(Values{5, 1, 4, 2, 3, 6, kNaN}, Values{50, 10, 40, 20, 30, 60, 1}, 3);
  ASSERT_EQ(bins.size(), 3U);
  EXPECT_DOUBLE_EQ(bins[0].x, 1.5);
  EXPECT_DOUBLE_EQ(bins[0].y, 15.0);
  EXPECT_DOUBLE_EQ(bins[2].y, 55.0);
  EXPECT_EQ(bins[1].count, 2U);
  EXPECT_EQ(binned_means(Values{1, 2}, Values{1, 2}, 10).size(), 2U);
}

}  // namespace
}  // namespace eustress::io::report
