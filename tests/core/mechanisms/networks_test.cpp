#include "core/mechanisms/networks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const NetworkParameters p = default_parameters().networks;

double control(double arousal = 0.0, double genomic = 0.0, double dopamine = 1.0,
               double energy = 1.0, double z = 0.0, double w = 0.0, double x = 0.0) {
  return control_reference(p, x, z, w, arousal, genomic, dopamine, energy);
}

TEST(Networks, ArousalIsANumberBetweenZeroAndOneThatNeedsBoth) {
  EXPECT_EQ(arousal_reference(p, 1.0, 0.5), 0.0);
  EXPECT_EQ(arousal_reference(p, 0.3, 0.5), 0.0);
  NetworkParameters no_floor = p;
  no_floor.fast_floor = 0.0;
  EXPECT_EQ(arousal_reference(no_floor, 3.0, 0.0), 0.0);
  double last = 0.0;
  for (const double n : {1.1, 1.5, 2.0, 4.0, 100.0}) {
    const double x = arousal_reference(p, n, 0.3);
    EXPECT_GT(x, last);
    EXPECT_LT(x, 1.0);
    last = x;
  }
  EXPECT_NEAR(arousal_reference(no_floor, 2.0, p.half_product), 0.5, 1e-15);
}

TEST(Networks, SalienceShowsAnInteractionWithSmallMainEffects) {
  const auto salience = [](double noradrenaline, double fast) {
    return salience_reference(p, arousal_reference(p, noradrenaline, fast));
  };
  const double neither = salience(1.0, 0.0);
  const double noradrenaline = salience(2.5, 0.0);
  const double cortisol = salience(1.0, 0.35);
  const double both = salience(2.5, 0.35);
  EXPECT_EQ(cortisol, neither);
  // Basal cortisol lets noradrenaline act a little (fast_floor).
  EXPECT_LT(noradrenaline - neither, 0.4 * (both - neither));
  EXPECT_GT(both - noradrenaline - cortisol + neither, 0.3);
}

TEST(Networks, ControlFallsUnderArousal) {
  double last = 1.0;
  for (double x = 0.0; x <= 1.0; x += 0.25) {
    EXPECT_LT(control(x), last);
    last = control(x);
  }
}

TEST(Networks, CapacityAndSelfControlProtectAgainstTheShift) {
  const auto loss = [](double z, double w) {
    const auto logit = [](double c) { return std::log(c / (1.0 - c)); };
    return logit(control(0.0, 0.0, 1.0, 1.0, z, w)) - logit(control(0.8, 0.0, 1.0, 1.0, z, w));
  };
  EXPECT_NEAR(loss(0.0, 0.0), 0.8 * p.shift, 1e-12);
  EXPECT_NEAR(loss(1.0, 0.5), 0.8 * p.shift * std::exp(-1.5 * p.protection), 1e-12);
  EXPECT_GT(loss(-1.0, 0.0), loss(0.0, 0.0));
}

TEST(Networks, ControlRisesWithGenomicActionEnergyTraitAndTraining) {
  EXPECT_GT(control(0.3, 0.4), control(0.3, 0.0));
  EXPECT_GT(control(0.3, 0.0, 1.0, 1.0), control(0.3, 0.0, 1.0, 0.4));
  EXPECT_GT(control(0.3, 0.0, 1.0, 1.0, 0.0, 0.5), control(0.3));
  EXPECT_GT(control(0.3, 0.0, 1.0, 1.0, 0.0, 0.0, 0.5), control(0.3));
}

TEST(Networks, DopamineActsInAnInvertedU) {
  const double best = control(0.0, 0.0, p.dopamine_optimum);
  EXPECT_LT(control(0.0, 0.0, p.dopamine_optimum - 0.5), best);
  EXPECT_LT(control(0.0, 0.0, p.dopamine_optimum + 0.5), best);
  EXPECT_NEAR(control(0.0, 0.0, p.dopamine_optimum - 0.3),
              control(0.0, 0.0, p.dopamine_optimum + 0.3), 1e-12);
}

TEST(Networks, RestIsCalmAndControlled) {
  EXPECT_LT(salience_reference(p, 0.0), 0.3);
  EXPECT_GT(control(), 0.5);
  EXPECT_GT(salience_reference(p, 0.8), 0.7);
}

}  // namespace
}  // namespace eustress
