#include "core/mechanisms/catecholamines.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const CatecholamineParameters p = default_parameters().catecholamines;
constexpr CatecholamineState<double> kRest{1.0, 1.0, 1.0, 1.0};
constexpr CatecholamineTargets<double> kAtRest{1.0, 1.0, 1.0, 1.0};

TEST(Catecholamines, ReturnToRestWithTheirHalfLives) {
  CatecholamineState<double> s{3.0, 3.0, 3.0, 3.0};
  catecholamines_reference_step(s, p, kAtRest, p.noradrenaline_half_life_min);
  EXPECT_NEAR(s.noradrenaline, 2.0, 1e-14);
  s = {3.0, 3.0, 3.0, 3.0};
  catecholamines_reference_step(s, p, kAtRest, p.adrenaline_half_life_min);
  EXPECT_NEAR(s.adrenaline, 2.0, 1e-14);
  s = {3.0, 3.0, 3.0, 3.0};
  catecholamines_reference_step(s, p, kAtRest, p.brain_tau_min);
  EXPECT_NEAR(s.brain_noradrenaline, 1.0 + 2.0 / std::exp(1.0), 1e-14);
  s = {3.0, 3.0, 3.0, 3.0};
  catecholamines_reference_step(s, p, kAtRest, p.dopamine_tau_min);
  EXPECT_NEAR(s.dopamine, 1.0 + 2.0 / std::exp(1.0), 1e-14);
}

TEST(Catecholamines, DoNotDependOnTheStep) {
  const CatecholamineTargets<double> target{2.0, 3.0, 1.5, 0.5};
  CatecholamineState<double> one = kRest, ten = kRest;
  catecholamines_reference_step(one, p, target, 10.0);
  for (int i = 0; i < 10; ++i) catecholamines_reference_step(ten, p, target, 1.0);
  EXPECT_NEAR(one.noradrenaline, ten.noradrenaline, 1e-14);
  EXPECT_NEAR(one.adrenaline, ten.adrenaline, 1e-14);
  EXPECT_NEAR(one.brain_noradrenaline, ten.brain_noradrenaline, 1e-14);
  EXPECT_NEAR(one.dopamine, ten.dopamine, 1e-14);
}

TEST(Catecholamines, TargetsFollowIntensity) {
  const auto rest = catecholamine_targets_reference(p, 0.3, 0.2, 0.1, 0.0, 0.5, 0.4);
  EXPECT_EQ(rest.noradrenaline, 1.0);
  EXPECT_EQ(rest.adrenaline, 1.0);
  EXPECT_EQ(rest.brain_noradrenaline, 1.0);
  EXPECT_EQ(rest.dopamine, 1.0);
  const double x = std::log(2.0);
  const auto t = catecholamine_targets_reference(p, x, x, x, 1.5, 0.5, 0.4);
  EXPECT_NEAR(t.noradrenaline, 1.0 + 3.0 * p.noradrenaline_gain, 1e-14);
  EXPECT_NEAR(t.adrenaline, 1.0 + 3.0 * p.adrenaline_gain, 1e-14);
  EXPECT_NEAR(t.brain_noradrenaline, 1.0 + 3.0 * p.brain_gain, 1e-14);
  EXPECT_NEAR(t.dopamine, 1.0 + 1.5 * p.dopamine_gain / (1.0 + 0.4 * p.blunting), 1e-14);
}

TEST(Catecholamines, DopamineNeedsBeliefInControlAndIsBluntedByLoad) {
  const auto dopamine = [](double chi, double load) {
    return catecholamine_targets_reference(p, 0.0, 0.0, 0.0, 2.0, chi, load).dopamine;
  };
  EXPECT_EQ(dopamine(0.0, 0.0), 1.0);
  EXPECT_GT(dopamine(0.8, 0.0), dopamine(0.4, 0.0));
  EXPECT_LT(dopamine(0.8, 1.0), dopamine(0.8, 0.0));
  EXPECT_GT(dopamine(0.8, 1.0), 1.0);
}

}  // namespace
}  // namespace eustress
