#include "core/mechanisms/questionnaires.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const QuestionnaireParameters p = default_parameters().questionnaires;

double logistic(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

TEST(Questionnaires, ScoresHaveTheMomentsOfTheirItems) {
  Draws draws(41);
  for (const auto& [items, shift] :
       {std::pair{kGhqShortItems, 0.0}, std::pair{kGhqLongItems, p.long_shift}}) {
    for (const double latent : {-2.0, 0.0, 1.0, 4.0}) {
      Sample score;
      for (int i = 0; i < 20000; ++i) {
        double u[kGhqLongItems];
        for (double& x : u) x = draws.uniform();
        score.add(ghq_reference(p, latent, u, items));
      }
      // P(item >= c) = sigma(slope P - t_c), so its mean is the sum and its second moment
      // sum (2c - 1) P(item >= c).
      const double at_least[] = {logistic(p.slope * latent - p.threshold1 - shift),
                                 logistic(p.slope * latent - p.threshold2 - shift),
                                 logistic(p.slope * latent - p.threshold3 - shift)};
      const double mean = at_least[0] + at_least[1] + at_least[2];
      const double variance = at_least[0] + 3.0 * at_least[1] + 5.0 * at_least[2] - mean * mean;
      EXPECT_NEAR(score.mean(), items * mean, 5.0 * score.mean_error()) << latent;
      EXPECT_NEAR(score.variance(), items * variance, 5.0 * score.variance_error()) << latent;
    }
  }
}

TEST(Questionnaires, ScoresRiseWithLatentDistressAndStayInRange) {
  Draws draws(42);
  double u[kGhqLongItems];
  for (double& x : u) x = draws.uniform();
  int last = 0;
  for (double latent = -10.0; latent < 15.0; latent += 0.25) {
    const int score = ghq_reference(p, latent, u, kGhqLongItems);
    EXPECT_GE(score, last);
    last = score;
  }
  EXPECT_EQ(ghq_reference(p, -60.0, u, kGhqLongItems), 0);
  EXPECT_EQ(ghq_reference(p, 60.0, u, kGhqLongItems), 3 * kGhqLongItems);
}

TEST(Questionnaires, LifeEventsAreTheSumOfTheWeeks) {
  EXPECT_EQ(life_events_reference(0.0), 0);
  EXPECT_EQ(life_events_reference(3.0), 3);
  EXPECT_EQ(life_events_reference(1.0 + 2.0 * 16.0 + 1.0 * 256.0), 4);
  EXPECT_EQ(life_events_reference(std::pow(16.0, 13) - 1.0), 13 * 15);
}

TEST(Questionnaires, FewerItemsAreTheFirstOnes) {
  const double u[] = {0.9, 0.05, 0.5, 1e-9};
  int sum = 0;
  for (const double x : u) sum += ghq_reference(p, 1.0, &x, 1);
  EXPECT_EQ(ghq_reference(p, 1.0, u, 4), sum);  // (V4)
}

TEST(Questionnaires, AShortInventoryShowsABinomialShareOfTheHassles) {
  // By hand: of 3 hassles 29 of 58 items show none with 1/8, one with 3/8, two with 3/8.
  EXPECT_EQ(short_inventory_reference(3, 29, 0.124), 0);
  EXPECT_EQ(short_inventory_reference(3, 29, 0.126), 1);
  EXPECT_EQ(short_inventory_reference(3, 29, 0.499), 1);
  EXPECT_EQ(short_inventory_reference(3, 29, 0.501), 2);
  EXPECT_EQ(short_inventory_reference(3, 29, 0.876), 3);
  EXPECT_EQ(short_inventory_reference(3, 29, 1.0 - 1e-16), 3);
  EXPECT_EQ(short_inventory_reference(0, 2, 0.999), 0);
  EXPECT_EQ(short_inventory_reference(420, kInventoryItems, 0.5), 420);
  // Over evenly spread u: mean and variance of Binomial(60, 2/58).
  double mean = 0.0, square = 0.0;
  constexpr int kPoints = 100000;
  for (int i = 0; i < kPoints; ++i) {
    const int count = short_inventory_reference(60, 2, (i + 0.5) / kPoints);
    mean += count / static_cast<double>(kPoints);
    square += count * count / static_cast<double>(kPoints);
  }
  EXPECT_NEAR(mean, 60.0 * 2.0 / 58.0, 1e-3);
  EXPECT_NEAR(square - mean * mean, 60.0 * 2.0 / 58.0 * 56.0 / 58.0, 5e-3);
}

}  // namespace
}  // namespace eustress
