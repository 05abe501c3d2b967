#include "core/mechanisms/interventions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const InterventionParameters p = default_parameters().interventions;

/// For everybody, days 10 to 19, dose 2, at once and gone at once.
InterventionSlot plain() {
  InterventionSlot slot{};
  slot.kind = InterventionKind::sleep;
  slot.target = InterventionTarget::all;
  slot.start_day = 10;
  slot.end_day = 20;
  slot.dose = 2.0;
  slot.adherence = 1.0;
  slot.build_up = 1.0;
  slot.every_days = 1;
  return slot;
}

double after(double state, const InterventionSlot& slot, int day, double u_adherence = 0.5,
             double u_dropout = 0.5, bool is_target = true) {
  intervention_morning_reference(state, slot, day, is_target, u_adherence, u_dropout);
  return state;
}

TEST(Interventions, TheStateHoldsLevelAndStanding) {
  EXPECT_EQ(intervention_level(kNotEnrolled), 0.0);
  EXPECT_EQ(intervention_level(0.0), 0.0);
  EXPECT_EQ(intervention_level(1.5), 1.5);
  EXPECT_EQ(intervention_level(kDroppedOut), 0.0);
  EXPECT_EQ(intervention_level(-3.5), 1.5);
  EXPECT_EQ(with_level(0.0, 0.7), 0.7);
  EXPECT_EQ(with_level(-2.25, 0.75), -2.75);
  EXPECT_EQ(with_level(kNotEnrolled, 0.7), kNotEnrolled);
}

TEST(Interventions, EnrolOnTheFirstDayAloneUnlessStepped) {
  InterventionSlot slot = plain();
  EXPECT_EQ(after(kNotEnrolled, slot, 9), kNotEnrolled);
  EXPECT_EQ(after(kNotEnrolled, slot, 10), 2.0);
  EXPECT_EQ(after(kNotEnrolled, slot, 10, 0.5, 0.5, false), kNotEnrolled);
  EXPECT_EQ(after(kNotEnrolled, slot, 11), kNotEnrolled);
  slot.stepped = true;
  EXPECT_EQ(after(kNotEnrolled, slot, 9), kNotEnrolled);
  EXPECT_EQ(after(kNotEnrolled, slot, 19), 2.0);
  EXPECT_EQ(after(kNotEnrolled, slot, 20), kNotEnrolled);
}

TEST(Interventions, BuildUpAndDecayAreExponential) {
  InterventionSlot slot = plain();
  slot.build_up = 1.0 - std::exp(-1.0 / 4.0);
  slot.decay = std::exp(-1.0 / 8.0);
  double state = kNotEnrolled;
  for (int day = 10; day < 20; ++day) state = after(state, slot, day);
  EXPECT_NEAR(state, 2.0 * (1.0 - std::exp(-10.0 / 4.0)), 1e-14);
  const double end = state;
  for (int day = 20; day < 28; ++day) state = after(state, slot, day);
  EXPECT_NEAR(state, end * std::exp(-1.0), 1e-14);
}

TEST(Interventions, AtOnceIsGoneAtOnce) {
  const InterventionSlot slot = plain();
  EXPECT_EQ(after(2.0, slot, 19), 2.0);
  EXPECT_EQ(after(2.0, slot, 20), 0.0);
}

TEST(Interventions, ADayWithoutAdherenceDecays) {
  InterventionSlot slot = plain();
  slot.adherence = 0.6;
  slot.decay = 0.5;
  double state = 1.0;
  EXPECT_TRUE(intervention_morning_reference(state, slot, 12, true, 0.59, 0.5));
  EXPECT_EQ(state, 2.0);
  EXPECT_FALSE(intervention_morning_reference(state, slot, 13, true, 0.61, 0.5));
  EXPECT_EQ(state, 1.0);
}

TEST(Interventions, WhoDropsOutStaysOut) {
  InterventionSlot slot = plain();
  slot.dropout = 0.1;
  slot.decay = 0.5;
  double state = 2.0;
  EXPECT_FALSE(intervention_morning_reference(state, slot, 12, true, 0.0, 0.09));
  EXPECT_EQ(state, -3.0);
  EXPECT_FALSE(intervention_morning_reference(state, slot, 13, true, 0.0, 0.9));
  EXPECT_EQ(state, -2.5);
  // Nobody drops out of what is over.
  EXPECT_EQ(after(2.0, slot, 20, 0.0, 0.0), 1.0);
}

TEST(Interventions, BoosterRestoresAShareOfWhatIsMissing) {
  InterventionSlot slot = plain();
  slot.booster = 0.25;
  const auto night = [&](double state, bool mastered) {
    intervention_night_reference(state, slot, mastered);
    return state;
  };
  EXPECT_EQ(night(1.0, true), 1.25);
  EXPECT_EQ(night(1.0, false), 1.0);
  EXPECT_EQ(night(-3.0, true), -3.25);  // after dropout too
  EXPECT_EQ(night(0.0, true), 0.0);     // nothing was learned that could be boosted
  EXPECT_EQ(night(kNotEnrolled, true), kNotEnrolled);
  EXPECT_EQ(night(2.0, true), 2.0);
}

TEST(Interventions, Targets) {
  double z[kFactors] = {};
  z[index_of(Factor::optimism)] = 1.0;
  z[index_of(Factor::fitness)] = -2.0;
  InterventionSlot slot = plain();
  const auto is_target = [&](double stratum, double symptoms, double u) {
    return is_target_reference(slot, z, stratum, symptoms, u);
  };
  EXPECT_TRUE(is_target(0.0, 0.0, 0.5));
  slot.target = InterventionTarget::fraction;
  slot.fraction = 0.3;
  EXPECT_TRUE(is_target(0.0, 0.0, 0.29));
  EXPECT_FALSE(is_target(0.0, 0.0, 0.31));
  slot.target = InterventionTarget::symptoms;
  slot.threshold = 1.0;
  EXPECT_FALSE(is_target(0.0, 1.0, 0.5));
  EXPECT_TRUE(is_target(0.0, 1.01, 0.5));
  slot.target = InterventionTarget::stratum;
  slot.stratum = 2.0;
  EXPECT_TRUE(is_target(2.0, 0.0, 0.5));
  EXPECT_FALSE(is_target(1.0, 0.0, 0.5));
  slot.weight[index_of(Factor::optimism)] = 1.0;
  slot.weight[index_of(Factor::fitness)] = -0.5;  // score 2
  for (const auto& [cut, low, high] : {std::tuple{1.9, false, true}, {2.1, true, false}}) {
    slot.cut = cut;
    slot.target = InterventionTarget::factor_low;
    EXPECT_EQ(is_target(0.0, 0.0, 0.5), low);
    slot.target = InterventionTarget::factor_high;
    EXPECT_EQ(is_target(0.0, 0.0, 0.5), high);
    slot.target = InterventionTarget::risk;
    EXPECT_EQ(is_target(0.0, 0.0, 0.5), high);
  }
}

TEST(Interventions, SessionsRiseEvenly) {
  InterventionSlot slot = plain();
  slot.kind = InterventionKind::inoculation;
  slot.dose = 1.5;
  slot.every_days = 3;  // days 10, 13, 16, 19
  slot.sessions = 4;
  slot.severity_from = 0.4;
  slot.severity_to = 1.0;
  int n = 0;
  for (int day = 0; day < 40; ++day) {
    if (!slot.has_session(day)) continue;
    EXPECT_EQ(day, 10 + 3 * n);
    EXPECT_NEAR(slot.session_severity(day), 1.5 * (0.4 + 0.2 * n), 1e-14);
    ++n;
  }
  EXPECT_EQ(n, 4);
  slot.sessions = 1;
  EXPECT_NEAR(slot.session_severity(10), 0.6, 1e-14);
  slot.dose = 0.0;
  EXPECT_FALSE(slot.has_session(10));
}

TEST(Interventions, ControlIsLearnedTowardsWhatIsShown) {
  double omega = -0.1;
  for (int d = 0; d < 400; ++d) omega = trained_control_reference(p, omega, 2.0);
  EXPECT_NEAR(omega, 2.0 * p.control_evidence, 1e-6);
  EXPECT_EQ(trained_control_reference(p, 5.0, 2.0), 5.0);    // never unlearned by it
  EXPECT_EQ(trained_control_reference(p, -0.1, 0.0), -0.1);  // level 0 does nothing
  EXPECT_NEAR(trained_control_reference(p, 0.1, 1.0), 0.1 + 0.05 * (0.3 - 0.1), 1e-15);
}

TEST(Interventions, SelfControlGrowsToOneAtMost) {
  EXPECT_NEAR(trained_self_control_reference(p, 0.2, 1.0),
              0.2 + (1.0 - std::exp(-p.self_control_rate_per_d)) * 0.8, 1e-15);
  EXPECT_EQ(trained_self_control_reference(p, 0.2, 0.0), 0.2);
  EXPECT_LE(trained_self_control_reference(p, 0.9, 20.0 / p.self_control_rate_per_d), 1.0);
}

TEST(Interventions, ExerciseTakesLoadAway) {
  EXPECT_NEAR(exercised_load_reference(p, 2.0, 1.0), 2.0 * std::exp(-0.005), 1e-15);
  EXPECT_EQ(exercised_load_reference(p, 2.0, 0.0), 2.0);
}

TEST(Interventions, PropranololBlocksWhatIsAboveRest) {
  EXPECT_EQ(blocked_noradrenaline_reference(3.0, 0.0), 3.0);
  EXPECT_EQ(blocked_noradrenaline_reference(3.0, 1.0), 2.0);
  EXPECT_EQ(blocked_noradrenaline_reference(3.0, 3.0), 1.5);
  EXPECT_EQ(blocked_noradrenaline_reference(0.8, 3.0), 0.8);
}

}  // namespace
}  // namespace eustress
