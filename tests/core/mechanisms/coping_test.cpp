#include "core/mechanisms/coping.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const CopingParameters p = default_parameters().coping;
using Input = CopingInput<double>;
constexpr Input kUsual{.control = 0.6,
                       .q_engage = 0.3,
                       .q_reappraise = 0.3,
                       .q_avoid = 0.2,
                       .z_efficacy = 0.0,
                       .z_appraisal = 0.0,
                       .brain_noradrenaline = 1.5,
                       .fast = 0.05,
                       .self_control = 0.0};
constexpr SuccessInput<double> kAttempt{.controllability = 0.6,
                                        .control = 0.7,
                                        .x_engage = 0.0,
                                        .x_reappraise = 0.0,
                                        .success_memory = 0.0,
                                        .energy = 1.0};

TEST(Coping, ProbabilitiesAreADistribution) {
  for (const double q : {-2.0, 0.0, 2.0}) {
    for (const double z : {-4.0, 0.0, 4.0}) {
      Input in = kUsual;
      in.q_engage = q;
      in.z_appraisal = z;
      const auto c = coping_reference(p, in);
      EXPECT_NEAR(c.engage + c.reappraise + c.avoid, 1.0, 1e-15);
      EXPECT_GT(c.engage, 0.0);
      EXPECT_GT(c.reappraise, 0.0);
      EXPECT_GT(c.avoid, 0.0);
    }
  }
}

TEST(Coping, PrefersWhatIsWorthMoreAsFarAsControlGoes) {
  Input in = kUsual;
  in.q_engage = 0.8;
  EXPECT_GT(coping_reference(p, in).engage, coping_reference(p, kUsual).engage);
  Input uncontrolled = in;
  uncontrolled.control = 0.1;
  EXPECT_LT(coping_reference(p, uncontrolled).engage, coping_reference(p, in).engage);
}

TEST(Coping, RatiosByHand) {
  CopingParameters no_habit = p;
  no_habit.habit_strength = 0.0;
  Input in = kUsual;
  in.z_efficacy = 1.0;
  in.z_appraisal = -1.0;
  const auto c = coping_reference(no_habit, in);
  const double beta_c = p.temperature_inverse * in.control;
  EXPECT_NEAR(
      std::log(c.engage / c.avoid),
      beta_c * (in.q_engage - in.q_avoid) + p.engage_bias + p.efficacy_effect - p.avoid_bias,
      1e-12);
  EXPECT_NEAR(std::log(c.reappraise / c.avoid),
              beta_c * (in.q_reappraise - in.q_avoid) + p.reappraise_bias - p.appraisal_effect -
                  p.avoid_bias,
              1e-12);
}

// Schwabe 2010: neither noradrenaline nor cortisol alone makes behaviour habitual, both together
// do.
TEST(Coping, HabitNeedsNoradrenalineAndCortisolTogether) {
  const auto avoid = [](double noradrenaline, double fast) {
    Input in = kUsual;
    in.brain_noradrenaline = noradrenaline;
    in.fast = fast;
    return coping_reference(p, in).avoid;
  };
  const double neither = avoid(1.0, 0.0);
  const double noradrenaline = avoid(2.6, 0.0);
  const double high = p.gate_cortisol + 6.0 * p.gate_cortisol_width;
  const double cortisol = avoid(1.0, high);
  const double both = avoid(2.6, high);
  EXPECT_GT(both - neither, 0.2);
  EXPECT_NEAR(noradrenaline, neither, 0.05 * (both - neither));
  EXPECT_NEAR(cortisol, neither, 0.05 * (both - neither));
}

TEST(Coping, TheGateIsHalfOpenAtItsHalfPoints) {
  const double open = 100.0;
  EXPECT_NEAR(habit_gate_reference(p, 1.0 + p.gate_noradrenaline, open), 0.5, 1e-12);
  EXPECT_NEAR(habit_gate_reference(p, open, p.gate_cortisol), 0.5, 1e-12);
  EXPECT_NEAR(habit_gate_reference(p, 1.0 + p.gate_noradrenaline, p.gate_cortisol), 0.25, 1e-12);
}

TEST(Coping, SelfControlRestrainsHabit) {
  Input aroused = kUsual;
  aroused.brain_noradrenaline = 2.6;
  aroused.fast = p.gate_cortisol + 6.0 * p.gate_cortisol_width;
  Input trained = aroused;
  trained.self_control = 0.8;
  EXPECT_LT(coping_reference(p, trained).avoid, coping_reference(p, aroused).avoid);
}

TEST(Coping, NothingOverflows) {
  CopingParameters extreme = p;
  extreme.temperature_inverse = 50.0;
  extreme.habit_strength = 20.0;
  Input in = kUsual;
  in.q_engage = 1000.0;
  in.q_avoid = -1000.0;
  EXPECT_NEAR(coping_reference(extreme, in).engage, 1.0, 1e-12);
}

TEST(Coping, HazardsByHand) {
  SuccessInput<double> in = kAttempt;
  in.x_engage = std::log(2.0);
  in.x_reappraise = std::log(3.0);
  in.success_memory = 0.5;
  in.energy = 0.8;
  const double mastery = (1.0 + 0.5 * p.mastery) * 0.8;
  EXPECT_NEAR(success_hazard_reference(p, Strategy::engage, in),
              p.engage_rate_per_min * 0.6 * 0.7 * 2.0 * mastery, 1e-15);
  EXPECT_NEAR(success_hazard_reference(p, Strategy::reappraise, in),
              p.reappraise_rate_per_min * 0.7 * 3.0 * mastery, 1e-15);
  EXPECT_EQ(success_hazard_reference(p, Strategy::avoid, in), p.avoid_rate_per_min);
}

TEST(Coping, OnlyEngagingNeedsAControllableStressor) {
  SuccessInput<double> in = kAttempt;
  in.controllability = 0.0;
  EXPECT_EQ(success_hazard_reference(p, Strategy::engage, in), 0.0);
  EXPECT_EQ(success_hazard_reference(p, Strategy::reappraise, in),
            success_hazard_reference(p, Strategy::reappraise, kAttempt));
}

TEST(Coping, YokedReliefDoesNotDependOnTheStrategy) {
  CopingParameters yoked = p;
  yoked.yoked = true;
  const double engage = success_hazard_reference(p, Strategy::engage, kAttempt);
  for (const Strategy s : {Strategy::engage, Strategy::reappraise, Strategy::avoid}) {
    EXPECT_EQ(success_hazard_reference(yoked, s, kAttempt), engage);
  }
}

}  // namespace
}  // namespace eustress
