#include "core/mechanisms/controllability.hpp"

#include <gtest/gtest.h>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const ControllabilityParameters p = default_parameters().controllability;
constexpr StressorClass kDemand = StressorClass::demand;
constexpr StressorClass kThreat = StressorClass::threat;

ControllabilityState<double> inexperienced() {
  ControllabilityState<double> s{};
  for (int k = 0; k < kStressorClasses; ++k) {
    s.acting[k] = s.not_acting[k] = s.spectator[k] = kInitialResolution;
  }
  return s;
}

/// Encounters of which half are engaged with; they resolve with the given probabilities.
void live(ControllabilityState<double>& s, const ControllabilityParameters& parameters,
          Draws& draws, int encounters, double if_engaged, double if_not,
          StressorClass k = kDemand) {
  for (int i = 0; i < encounters; ++i) {
    const bool engaged = draws.uniform() < 0.5;
    const bool resolved = draws.uniform() < (engaged ? if_engaged : if_not);
    controllability_reference(s, parameters, k, engaged, resolved);
  }
}

TEST(Controllability, StartsAtThePassivePrior) {
  const auto s = inexperienced();
  for (int k = 0; k < kStressorClasses; ++k) {
    EXPECT_EQ(control_belief_reference(s, p, static_cast<StressorClass>(k)), p.prior);
  }
}

TEST(Controllability, IsLearnedWhereOnlyActingHelps) {
  Draws draws(1);
  for (int person = 0; person < 50; ++person) {
    auto s = inexperienced();
    live(s, p, draws, 300, 0.9, 0.05);
    EXPECT_GT(control_belief_reference(s, p, kDemand), 0.5);
    EXPECT_GT(s.acting[1], s.not_acting[1]);
  }
}

TEST(Controllability, StaysAtThePriorWhereOutcomesAreYoked) {
  Draws draws(2);
  Sample omega, belief;
  for (int person = 0; person < 400; ++person) {
    auto s = inexperienced();
    live(s, p, draws, 300, 0.5, 0.5);
    omega.add(s.omega[1]);
    belief.add(control_belief_reference(s, p, kDemand));
  }
  // (B1) is linear in what the models predict, so that evidence has mean zero if outcomes do not
  // depend on the action. The belief is cut off at 0, which moves its mean up a little.
  EXPECT_NEAR(omega.mean(), 0.0, 5.0 * omega.mean_error());
  EXPECT_NEAR(belief.mean(), p.prior, 0.05);
}

TEST(Controllability, IsUnlearnedWhenActingNoLongerHelps) {
  Draws draws(3);
  auto s = inexperienced();
  live(s, p, draws, 300, 0.9, 0.05);
  const double before = control_belief_reference(s, p, kDemand);
  live(s, p, draws, 300, 0.3, 0.3);
  EXPECT_LT(control_belief_reference(s, p, kDemand), 0.5 * before);
}

TEST(Controllability, GeneralisesToOtherClassesAndInGeneral) {
  Draws draws(4);
  auto s = inexperienced();
  live(s, p, draws, 40, 0.9, 0.05);
  const double own = control_belief_reference(s, p, kDemand);
  const double other = control_belief_reference(s, p, kThreat);
  EXPECT_GT(own, other);
  EXPECT_GT(other, p.prior);
  EXPECT_GT(s.omega_general, 0.0);
  EXPECT_EQ(s.acting[3], kInitialResolution);  // models of a class are its own
}

TEST(Controllability, WithoutGeneralisationStaysInItsClass) {
  ControllabilityParameters alone = p;
  alone.generalisation = false;
  Draws draws(4);
  auto s = inexperienced();
  live(s, alone, draws, 100, 0.9, 0.05);
  EXPECT_GT(control_belief_reference(s, alone, kDemand), p.prior);
  EXPECT_EQ(control_belief_reference(s, alone, kThreat), p.prior);
  EXPECT_EQ(s.omega_general, 0.0);
}

TEST(Controllability, SwitchedOffNothingIsLearned) {
  ControllabilityParameters off = p;
  off.active = false;
  Draws draws(5);
  auto s = inexperienced();
  live(s, off, draws, 100, 0.9, 0.05);
  EXPECT_EQ(control_belief_reference(s, off, kDemand), p.prior);
  EXPECT_EQ(s.acting[1], kInitialResolution);
  EXPECT_EQ(s.spectator[1], kInitialResolution);
}

TEST(Controllability, OneUpdateByHand) {
  auto s = inexperienced();
  s.acting[1] = 0.8;
  controllability_reference(s, p, kDemand, true, true);
  const double evidence = 0.8 - kInitialResolution;  // (1 - T_s) - (1 - T_a)
  EXPECT_NEAR(s.omega[1], p.rate * evidence, 1e-15);
  EXPECT_NEAR(s.omega[0], p.rate * p.similarity * evidence, 1e-15);
  EXPECT_NEAR(s.omega_general, p.general_rate * evidence, 1e-15);
  EXPECT_NEAR(s.acting[1], 0.8 + p.transition_rate * 0.2, 1e-15);
  EXPECT_EQ(s.not_acting[1], kInitialResolution);
  EXPECT_NEAR(s.spectator[1], kInitialResolution + p.transition_rate * (1 - kInitialResolution),
              1e-15);
}

TEST(Controllability, BeliefStaysInTheUnitInterval) {
  Draws draws(6);
  auto s = inexperienced();
  live(s, p, draws, 3000, 1.0, 0.0);
  EXPECT_EQ(control_belief_reference(s, p, kDemand), 1.0);
  live(s, p, draws, 3000, 0.0, 1.0);  // acting makes it worse: that is control, too
  EXPECT_LE(control_belief_reference(s, p, kDemand), 1.0);
  for (int k = 0; k < kStressorClasses; ++k) {
    EXPECT_GE(s.acting[k], 0.0);
    EXPECT_LE(s.acting[k], 1.0);
  }
}

}  // namespace
}  // namespace eustress
