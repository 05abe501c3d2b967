#include "core/population/normal_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"
#include "core/numerics/random.hpp"

namespace eustress {
namespace {

double normal_distribution(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  for (double x = -8.0; x <= 8.0; x += 0.01) {
    // Near 1 the probability itself is rounded: dx = eps / density, so test the lower half there.
    const double quantile = normal_quantile(normal_distribution(-std::abs(x)));
    EXPECT_NEAR(quantile, -std::abs(x), 1e-14 * (1.0 + std::abs(x)));
  }
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-300), -37.0471, 1e-4);
  EXPECT_THROW(normal_quantile(0.0), Error);
  EXPECT_THROW(normal_quantile(1.0), Error);
  EXPECT_THROW(normal_quantile(std::numeric_limits<double>::quiet_NaN()), Error);
}

TEST(NormalScores, StandardisesMidRanks) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> column = {3.0, 1.0, nan, 2.0, 2.0};
  const NormalScores scores(column);
  ASSERT_EQ(scores.levels(), 3u);
  EXPECT_EQ(scores.value(0), 1.0);
  EXPECT_EQ(scores.value(2), 3.0);
  EXPECT_EQ(scores.level_of(2.0), 1u);
  EXPECT_DOUBLE_EQ(scores.mean(), 2.0);
  EXPECT_DOUBLE_EQ(scores.sd(), std::sqrt(0.5));
  // Mid ranks 1/8, 1/2, 7/8: quantiles -a, 0, a, of variance a^2/2 over the four rows.
  EXPECT_NEAR(scores.score(0), -std::sqrt(2.0), 1e-14);
  EXPECT_NEAR(scores.score(1), 0.0, 1e-14);
  EXPECT_NEAR(scores.score(2), std::sqrt(2.0), 1e-14);
  // The quantile function steps at the quartiles.
  EXPECT_EQ(scores.level_at(-0.68), 0u);
  EXPECT_EQ(scores.level_at(-0.67), 1u);
  EXPECT_EQ(scores.level_at(0.67), 1u);
  EXPECT_EQ(scores.level_at(0.68), 2u);
  EXPECT_EQ(scores.level_at(1e9), 2u);
  EXPECT_THROW(static_cast<void>(scores.level_of(1.5)), Error);
}

TEST(NormalScores, KnowsHowMuchSkewAndStepsWeakenACorrelation) {
  // A median split: E[x sign(x)] = sqrt(2/pi); its scores are its values.
  const std::vector<double> halves = {0.0, 1.0, 0.0, 1.0};
  EXPECT_NEAR(NormalScores(halves).latent_correlation(), std::sqrt(2.0 / 3.14159265358979), 1e-12);
  EXPECT_NEAR(NormalScores(halves).score_correlation(), 1.0, 1e-14);

  const std::vector<double> skewed = {1, 1, 1, 1, 1, 1, 2, 2, 3, 9};
  const NormalScores scores(skewed);
  double product = 0.0;
  constexpr int kDraws = 100000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double x = normal_pair({7, 0, Purpose::factors}, i, 0, 0).first;
    const double value = scores.value(scores.level_at(x));
    product += x * (value - scores.mean()) / scores.sd() / kDraws;
  }
  // The second moment of x times a value: below 3.2 here (values up to 2.9 sd), hence sd below
  // sqrt(3.2/kDraws); five of them.
  EXPECT_NEAR(scores.latent_correlation(), product, 5.0 * std::sqrt(3.2 / kDraws));
  EXPECT_LT(scores.latent_correlation(), 0.8);
  double direct = 0.0;
  for (const double x : skewed) {
    direct += (x - scores.mean()) / scores.sd() * scores.score(scores.level_of(x)) / 10.0;
  }
  EXPECT_NEAR(scores.score_correlation(), direct, 1e-14);
}

TEST(NormalScores, TakesAConstantColumn) {
  const std::vector<double> column(7, 0.1);
  const NormalScores scores(column);
  EXPECT_EQ(scores.levels(), 1u);
  EXPECT_EQ(scores.mean(), 0.1);
  EXPECT_EQ(scores.sd(), 0.0);
  EXPECT_EQ(scores.score(0), 0.0);
  EXPECT_EQ(scores.level_at(5.0), 0u);
  EXPECT_EQ(scores.latent_correlation(), 0.0);
  EXPECT_EQ(scores.score_correlation(), 0.0);
}

}  // namespace
}  // namespace eustress
