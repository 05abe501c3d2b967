#include "core/mechanisms/energy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const EnergyParameters p = default_parameters().energy;

double after(double store, int half_hours, double x, double noradrenaline, double cortisol,
             bool asleep, double sleep_quality) {
  EnergyState<double> s{store};
  for (int i = 0; i < half_hours; ++i) {
    energy_reference_step(s, p, x, noradrenaline, cortisol, asleep, sleep_quality);
  }
  return s.store;
}

TEST(Energy, StaysBetweenEmptyAndFull) {
  for (const double noradrenaline : {0.0, 1.0, 3.0, 100.0}) {
    for (const double cortisol : {0.1, 1.0, 30.0}) {
      for (const double store : {0.0, 0.5, 1.0}) {
        for (const bool asleep : {false, true}) {
          for (int n = 1; n < 100; n *= 3) {
            const double e = after(store, n, 0.0, noradrenaline, cortisol, asleep, 0.7);
            EXPECT_GE(e, 0.0);
            EXPECT_LE(e, 1.0);
          }
        }
      }
    }
  }
}

TEST(Energy, ReachesItsEquilibrium) {
  const double spent = p.noradrenaline_cost_per_h * 0.5 + p.cortisol_cost_per_h * 2.0;
  const double refill = p.refill_per_h * std::exp(0.2) * p.rest_share;
  for (const double store : {0.0, 1.0}) {
    EXPECT_NEAR(after(store, 2000, 0.2, 1.5, 3.0, false, 0.9), refill / (refill + spent), 1e-12);
  }
}

TEST(Energy, SolvesItsEquation) {
  // 30 min of (M1) in 30,000 small steps.
  const double spent = p.noradrenaline_cost_per_h * 1.0 + p.cortisol_cost_per_h * 1.5;
  const double refill = p.refill_per_h * 0.8;
  double e = 0.6;
  for (int i = 0; i < 30000; ++i) e += 0.5 / 30000 * (-spent * e + refill * (1.0 - e));
  EXPECT_NEAR(after(0.6, 1, 0.0, 2.0, 2.5, true, 0.8), e, 1e-5);
}

TEST(Energy, FillsAtRestAndFasterInGoodSleep) {
  EXPECT_NEAR(after(0.0, 1000, 0.0, 1.0, 1.0, false, 0.5), 1.0, 1e-12);
  const double awake = after(0.3, 4, 0.0, 1.0, 1.0, false, 0.9);
  const double badly = after(0.3, 4, 0.0, 1.0, 1.0, true, 0.4);
  const double well = after(0.3, 4, 0.0, 1.0, 1.0, true, 0.9);
  EXPECT_LT(awake, badly);
  EXPECT_LT(badly, well);
  EXPECT_GT(after(0.3, 4, 0.3, 1.0, 1.0, true, 0.9), well);
}

TEST(Energy, HormonesBelowRestCostNothing) {
  EXPECT_EQ(after(0.5, 3, 0.0, 0.2, 0.1, false, 0.5), after(0.5, 3, 0.0, 1.0, 1.0, false, 0.5));
}

TEST(Energy, WithoutRefillAndCostNothingChanges) {
  EnergyParameters none = p;
  none.rest_share = 0.0;
  EnergyState<double> s{0.4};
  energy_reference_step(s, none, 0.0, 1.0, 1.0, false, 0.5);
  EXPECT_EQ(s.store, 0.4);
}

}  // namespace
}  // namespace eustress
