// Known answers: published tables and textbook examples, and what follows from the definitions.

#include "core/statistics/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "core/numerics/random.hpp"

namespace eustress {
namespace {

using Numbers = std::vector<double>;

/// Anscombe (1973), first set: intercept 3.0001, slope .5001, R2 .6665.
const Numbers kX = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
const Numbers kY = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};

TEST(Statistics, MomentsOfAnscombe) {
  EXPECT_DOUBLE_EQ(mean(kX), 9.0);
  EXPECT_DOUBLE_EQ(variance(kX), 11.0);
  EXPECT_NEAR(mean(kY), 7.500909, 1e-6);
  EXPECT_NEAR(variance(kY), 4.127269, 1e-6);
  EXPECT_NEAR(correlation(kX, kY), 0.8164205, 1e-7);
  EXPECT_NEAR(skewness(Numbers{1, 1, 1, 5}), 2.0 / std::sqrt(3.0), 1e-12);
}

TEST(Statistics, WhatHasNoAnswerIsNaN) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_TRUE(std::isnan(variance(Numbers{1.0})));
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(correlation(Numbers{1, 1}, Numbers{1, 2})));
}

TEST(Statistics, QuantilesAsInR) {
  const Numbers x = {4, 1, 3, 2};  // quantile(1:4, .25) is 1.75
  EXPECT_DOUBLE_EQ(quantile(x, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(x, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(x, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(x, 1.0), 4.0);
}

TEST(Statistics, HedgesG) {
  // Means 2 and 4, pooled sd 1, four degrees of freedom: -2 (1 - 3/15).
  EXPECT_NEAR(hedges_g(Numbers{1, 2, 3}, Numbers{3, 4, 5}), -1.6, 1e-12);
}

TEST(Statistics, LeastSquaresOfAnscombe) {
  const Regression fit = least_squares(kY, kX, 1);
  EXPECT_NEAR(fit.coefficients[0], 3.0000909, 1e-7);
  EXPECT_NEAR(fit.coefficients[1], 0.5000909, 1e-7);
  EXPECT_NEAR(fit.r2, 0.6665425, 1e-7);
  EXPECT_NEAR(fit.predict(Numbers{10.0}), 8.001, 1e-6);
}

TEST(Statistics, LeastSquaresFindsAPlane) {
  Numbers x, y;
  for (int i = 0; i < 20; ++i) {
    const double a = i % 5, b = i * i % 7;
    x.insert(x.end(), {a, b});
    y.push_back(2.0 - 3.0 * a + 0.5 * b);
  }
  const Regression fit = least_squares(y, x, 2);
  EXPECT_NEAR(fit.coefficients[0], 2.0, 1e-12);
  EXPECT_NEAR(fit.coefficients[1], -3.0, 1e-12);
  EXPECT_NEAR(fit.coefficients[2], 0.5, 1e-12);
  EXPECT_NEAR(fit.r2, 1.0, 1e-12);
}

TEST(Statistics, LeastSquaresWithADependentColumnStillPredicts) {
  Numbers x, y;
  for (int i = 0; i < 10; ++i) {
    x.insert(x.end(), {double(i), 2.0 * i});
    y.push_back(1.0 + 4.0 * i);
  }
  const Regression fit = least_squares(y, x, 2);
  EXPECT_NEAR(fit.predict(Numbers{3.0, 6.0}), 13.0, 1e-9);
}

TEST(Statistics, IntraclassCorrelationOfShroutAndFleiss) {
  // Shrout & Fleiss (1979), table 2: four judges of six targets; ICC(1,1) is .17.
  const Panel judged{{9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7}, 4};
  EXPECT_NEAR(intraclass_correlation(judged), 0.16574, 1e-5);
  // Groups of equal size are the same thing.
  std::vector<int> group;
  for (int i = 0; i < 24; ++i) group.push_back(i / 4);
  EXPECT_NEAR(intraclass_correlation(judged.values, group), intraclass_correlation(judged), 1e-12);
}

TEST(Statistics, IntraclassCorrelationOfUnequalGroups) {
  // By hand: groups {1, 3}, {4}, {6, 8, 10}; MSB 24.6667, MSW 10/3, k0 = (6 - 14/6)/2.
  const Numbers value = {1, 3, 4, 6, 8, 10};
  const std::vector<int> group = {7, 7, 2, 5, 5, 5};
  const double between = (2 * 100.0 / 9.0 + 16.0 / 9.0 + 3 * 64.0 / 9.0) / 2.0;
  const double within = 10.0 / 3.0, size = (6.0 - 14.0 / 6.0) / 2.0;
  EXPECT_NEAR(intraclass_correlation(value, group),
              (between - within) / (between + (size - 1.0) * within), 1e-12);
}

TEST(Statistics, LaggedCorrelationIsTheMeanOverPairsOfTimes) {
  const Panel panel{{1, 2, 1, 2, 4, 5, 3, 7, 2, 4, 1, 9}, 3};
  const Numbers a = {1, 2, 3, 4}, b = {2, 4, 7, 1}, c = {1, 5, 2, 9};
  EXPECT_NEAR(lagged_correlation(panel, 1), 0.5 * (correlation(a, b) + correlation(b, c)), 1e-12);
  EXPECT_NEAR(lagged_correlation(panel, 2), correlation(a, c), 1e-12);
  EXPECT_TRUE(std::isnan(lagged_correlation(panel, 3)));
}

TEST(Statistics, SlopesWithinAndBetween) {
  // Within each person y falls by 1 per x; the means rise by 2 per x.
  Panel x{{}, 3}, y{{}, 3};
  for (int person = 0; person < 5; ++person) {
    for (int t = -1; t <= 1; ++t) {
      x.values.push_back(person + t);
      y.values.push_back(2.0 * person - t);
    }
  }
  const WithinBetween slopes = within_between_slopes(x, y);
  EXPECT_NEAR(slopes.within, -1.0, 1e-12);
  EXPECT_NEAR(slopes.between, 2.0, 1e-12);
}

TEST(Statistics, SlidingMeans) {
  const Panel means = sliding_means({{1, 2, 3, 4, 10, 20, 30, 40}, 4}, 3);
  EXPECT_EQ(means.width, 2U);
  EXPECT_EQ(means.values, (Numbers{2, 3, 20, 30}));
}

TEST(Statistics, KaplanMeierOfTheLeukaemiaTrial) {
  // Freireich et al. (1963), 6-MP: S(6) = .857, S(10) = .753, S(23) = .448.
  const Numbers end = {6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                       17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
  const std::vector<std::uint8_t> relapse = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                                             0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  EXPECT_DOUBLE_EQ(survival(end, relapse, 5.0), 1.0);
  EXPECT_NEAR(survival(end, relapse, 6.0), 0.8571, 1e-4);
  EXPECT_NEAR(survival(end, relapse, 10.0), 0.7529, 1e-4);
  EXPECT_NEAR(survival(end, relapse, 23.0), 0.4482, 1e-4);
}

TEST(Statistics, CosinorFindsTheCosine) {
  Numbers days, x;
  for (int i = 0; i < 48; ++i) {
    const double h = 0.5 * i;
    days.push_back(h / 24.0);
    x.push_back(10.0 + 4.0 * std::cos(2.0 * std::numbers::pi * (h - 21.25) / 24.0) +
                std::cos(2.0 * std::numbers::pi * h / 12.0));
  }
  const Cosinor fit = cosinor(days, x);
  EXPECT_NEAR(fit.mesor, 10.0, 1e-12);
  EXPECT_NEAR(fit.amplitude, 4.0, 1e-12);
  EXPECT_NEAR(fit.acrophase_h, 21.25, 1e-12);
}

TEST(Statistics, JackknifeOfAMeanIsItsStandardError) {
  // With groups of one block each: the usual error of the mean of block means.
  constexpr std::size_t kPeople = 64 * 16;
  const StreamKey key{1, 0, Purpose::mood};
  Numbers x;
  for (std::uint64_t i = 0; i < kPeople; ++i) x.push_back(normal_pair(key, i, 0, 0).first);
  const auto estimates = jackknife(kPeople, [&](auto who) {
    double sum = 0.0;
    for (const std::uint32_t i : who) sum += x[i];
    return Numbers{sum / static_cast<double>(who.size())};
  });
  Numbers blocks(16, 0.0);
  for (std::size_t i = 0; i < kPeople; ++i) blocks[i / 64] += x[i] / 64.0;
  ASSERT_EQ(estimates.size(), 1U);
  EXPECT_NEAR(estimates[0].value, mean(x), 1e-12);
  EXPECT_NEAR(estimates[0].standard_error, standard_deviation(blocks) / 4.0, 1e-12);
  EXPECT_NEAR(estimates[0].standard_error, 1.0 / 32.0, 0.5 / 32.0);
}

TEST(Statistics, OnePieceHasNoError) {
  const auto estimates = jackknife(10, [](auto who) { return Numbers{double(who.size())}; });
  EXPECT_EQ(estimates[0].value, 10.0);
  EXPECT_EQ(estimates[0].standard_error, 0.0);
}

}  // namespace
}  // namespace eustress
