// Known answers: test functions whose indices are in closed form, and what defines the designs.

#include "core/statistics/sensitivity.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>
#include <vector>

namespace eustress {
namespace {

template <class Function>
std::vector<double> evaluated(const DesignPoints& design, Function f) {
  std::vector<double> y;
  for (std::size_t i = 0; i < design.size(); ++i) y.push_back(f(design.point(i)));
  return y;
}

/// x1 to x3 from -pi to pi, a = 7, b = 0.1 (Ishigami & Homma 1990).
double ishigami(std::span<const double> u) {
  const auto x = [&](std::size_t i) { return (2.0 * u[i] - 1.0) * std::numbers::pi; };
  const double s = std::sin(x(1));
  return std::sin(x(0)) + 7.0 * s * s + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

TEST(SobolIndices, IshigamiFromRandomPairs) {
  constexpr std::size_t kPairs = 1 << 15;
  const DesignPoints pairs = latin_hypercube(kPairs, 6, 11);
  const std::vector<double> y = evaluated(saltelli_points(pairs), ishigami);
  const SobolIndices indices = sobol_indices(3, y, {100, 3});
  // Published: S .3139, .4424, 0; ST .5576, .4424, .2437. The standard errors are about .008.
  constexpr std::array kFirst = {.3139, .4424, 0.0}, kTotal = {.5576, .4424, .2437};
  for (std::size_t j = 0; j < 3; ++j) {
    const SensitivityIndex s = indices.first_order[j], t = indices.total_order[j];
    EXPECT_NEAR(s.value, kFirst[j], 0.03) << j;
    EXPECT_NEAR(t.value, kTotal[j], 0.03) << j;
    const double half = 0.5 * (t.high - t.low);
    EXPECT_GT(half, 0.0);
    EXPECT_LT(half, 0.03);
    EXPECT_NEAR(t.value, kTotal[j], 3.0 * half) << j;
    EXPECT_LE(t.low, t.value);
    EXPECT_GE(t.high, t.value);
  }
}

TEST(SobolIndices, GFunction) {
  // Sobol's g-function: prod (|4 x - 2| + a)/(1 + a); V_j = 1/(3 (1 + a)^2).
  constexpr std::array kA = {0.0, 1.0, 4.5, 99.0};
  const auto g = [&](std::span<const double> u) {
    double product = 1.0;
    for (std::size_t j = 0; j < 4; ++j) {
      product *= (std::abs(4.0 * u[j] - 2.0) + kA[j]) / (1.0 + kA[j]);
    }
    return product;
  };
  std::array<double, 4> own{};
  double all = 1.0;
  for (std::size_t j = 0; j < 4; ++j) {
    own[j] = 1.0 / (3.0 * (1.0 + kA[j]) * (1.0 + kA[j]));
    all *= 1.0 + own[j];
  }
  const std::vector<double> y = evaluated(saltelli_points(latin_hypercube(1 << 15, 8, 5)), g);
  const SobolIndices indices = sobol_indices(4, y, {100, 3});
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_NEAR(indices.first_order[j].value, own[j] / (all - 1.0), 0.03) << j;
    EXPECT_NEAR(indices.total_order[j].value, own[j] * all / (1.0 + own[j]) / (all - 1.0), 0.03)
        << j;
  }
}

TEST(SobolIndices, LeaveOutPointsWithoutNumbersAndConstants) {
  const DesignPoints points = saltelli_points(latin_hypercube(4096, 4, 9));
  std::vector<double> y = evaluated(points, [](auto u) { return 1e6 + u[0]; });
  y[17] = std::numeric_limits<double>::quiet_NaN();
  const SobolIndices indices = sobol_indices(2, y, {100, 3});
  EXPECT_NEAR(indices.first_order[0].value, 1.0, 0.05);
  EXPECT_NEAR(indices.total_order[0].value, 1.0, 0.05);
  EXPECT_EQ(indices.total_order[1].value, 0.0);
  const SobolIndices none = sobol_indices(2, std::vector<double>(y.size(), 2.0), {100, 3});
  EXPECT_TRUE(std::isnan(none.first_order[0].value));
  EXPECT_TRUE(std::isnan(none.total_order[0].high));
}

TEST(MorrisEffects, OfALinearFunctionAreItsSlopes) {
  const DesignPoints design = morris_trajectories(20, 3, 4, 7);
  ASSERT_EQ(design.size(), 80U);
  const std::vector<double> y =
      evaluated(design, [](auto u) { return 2.0 * u[0] - 5.0 * u[1] + 0.0 * u[2]; });
  const MorrisEffects effects = morris_effects(design, y, {200, 1});
  constexpr std::array kSlopes = {2.0, -5.0, 0.0};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(effects.mu[j], kSlopes[j], 1e-12);
    EXPECT_NEAR(effects.mu_star[j].value, std::abs(kSlopes[j]), 1e-12);
    EXPECT_NEAR(effects.mu_star[j].high, std::abs(kSlopes[j]), 1e-12);
    EXPECT_NEAR(effects.sigma[j], 0.0, 1e-12);
  }
}

TEST(MorrisEffects, TellInteractionsFromSums) {
  const DesignPoints design = morris_trajectories(200, 2, 4, 7);
  const std::vector<double> y =
      evaluated(design, [](auto u) { return (u[0] - 0.5) * (u[1] - 0.5); });
  const MorrisEffects effects = morris_effects(design, y, {200, 1});
  // The elementary effect of one is the other minus 1/2, which is +-1/2 or +-1/6 on four levels.
  EXPECT_NEAR(effects.mu[0], 0.0, 5.0 * 0.373 / std::sqrt(200.0));
  EXPECT_NEAR(effects.mu_star[0].value, 1.0 / 3.0, 5.0 * 0.167 / std::sqrt(200.0));
  EXPECT_GT(effects.sigma[0], 0.3);
  EXPECT_LT(effects.mu_star[0].low, effects.mu_star[0].value);
}

TEST(MorrisTrajectories, ChangeOneDimensionAtATimeByTheStep) {
  for (const int levels : {2, 4, 8}) {
    const double step = levels / (2.0 * (levels - 1));
    const DesignPoints design = morris_trajectories(50, 5, levels, 3);
    for (std::size_t t = 0; t < 50; ++t) {
      std::set<std::size_t> changed;
      for (std::size_t s = 1; s <= 5; ++s) {
        for (std::size_t j = 0; j < 5; ++j) {
          const double d = design.point(t * 6 + s)[j] - design.point(t * 6 + s - 1)[j];
          if (d == 0.0) continue;
          EXPECT_NEAR(std::abs(d), step, 1e-12);
          EXPECT_TRUE(changed.insert(j).second);
        }
      }
      EXPECT_EQ(changed.size(), 5U);
    }
    for (const double u : design.values) {
      EXPECT_GE(u, 0.0);
      EXPECT_LE(u, 1.0);
      EXPECT_NEAR(u * (levels - 1), std::round(u * (levels - 1)), 1e-9);
    }
  }
}

TEST(LatinHypercube, HasOnePointInEachIntervalOfEachDimension) {
  const DesignPoints design = latin_hypercube(37, 4, 2);
  for (std::size_t j = 0; j < 4; ++j) {
    std::set<int> intervals;
    for (std::size_t i = 0; i < 37; ++i) {
      intervals.insert(static_cast<int>(design.point(i)[j] * 37.0));
    }
    EXPECT_EQ(intervals.size(), 37U);
    EXPECT_EQ(*intervals.rbegin(), 36);
  }
  EXPECT_EQ(design.values, latin_hypercube(37, 4, 2).values);
  EXPECT_NE(design.values, latin_hypercube(37, 4, 3).values);
}

TEST(SaltelliPoints, MixOneCoordinateAtATime) {
  const DesignPoints pairs{4, {.1, .2, .3, .4}};
  const DesignPoints points = saltelli_points(pairs);
  EXPECT_EQ(points.values, (std::vector{.1, .2, .3, .4, .3, .2, .1, .4}));
}

TEST(GridPlaces, CountTheLastDimensionFastest) {
  constexpr std::array<std::size_t, 2> kCounts = {2, 3};
  EXPECT_EQ(grid_places(kCounts), (std::vector<std::size_t>{0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2}));
}

TEST(RegressionEffects, OfAFunctionThatIsASum) {
  const DesignPoints design = latin_hypercube(400, 2, 2);
  const std::vector<double> y = evaluated(design, [](auto u) { return 3.0 * u[0] - 4.0 * u[1]; });
  const RegressionEffects effects = regression_effects(design, y, {100, 1});
  EXPECT_NEAR(effects.r2, 1.0, 1e-9);
  // The two columns are nearly independent.
  EXPECT_NEAR(effects.coefficients[0].value, 0.6, 0.05);
  EXPECT_NEAR(effects.coefficients[1].value, -0.8, 0.05);
}

}  // namespace
}  // namespace eustress
