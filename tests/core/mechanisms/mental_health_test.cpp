#include "core/mechanisms/mental_health.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/mechanisms/exposure.hpp"
#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const MentalHealthParameters p = default_parameters().mental_health;
constexpr double kBase = 7.0;
constexpr RecoveryInput kWell{.self_control = 0.0,
                              .safety_general = 0.0,
                              .support = 0.0,
                              .energy = 1.0,
                              .load = 0.0,
                              .sleep_quality = 1.0,
                              .steeling = 0.0};

/// A day with a usual number of hassles and usual strain: load 0.
DayStrain<double> usual_day() {
  return {.hassles = kBase,
          .strain = p.encounter_reference / p.encounter_weight,
          .event = 0.0,
          .event_appraisal = 1.0,
          .event_success = 0.0};
}
DayStrain<double> event_day(EventKind kind) {
  DayStrain<double> day = usual_day();
  day.event = static_cast<double>(kind);
  return day;
}

struct Person {
  double x_distress = 0.0, x_reactivity = 0.0, x_recovery = 0.0, traumas = 0.0,
         adversity = p.adversity_sensitisation / 2.0;  // at which C of (P3) is 1
};
void night(MentalHealthState<double>& s, const DayStrain<double>& day, const Person& who = {},
           const RecoveryInput& recovery = kWell, double n_jump = 0.0, double n_mood = 0.0) {
  mental_health_reference(s, p, kBase, who.x_distress, who.x_reactivity, who.x_recovery,
                          who.traumas, who.adversity, day, recovery, n_jump, n_mood);
}
double jump(EventKind kind, const Person& who = {}, double appraisal = 1.0, double success = 0.0,
            double n = 0.0) {
  MentalHealthState<double> s{};
  DayStrain<double> day = event_day(kind);
  day.event_appraisal = appraisal;
  day.event_success = success;
  night(s, day, who, kWell, n);
  return s.symptoms;
}

TEST(MentalHealth, UsualDaysLeaveAPersonWell) {
  MentalHealthState<double> s{};
  for (int d = 0; d < 1000; ++d) night(s, usual_day(), {.x_distress = 0.4});
  EXPECT_NEAR(s.distress, 0.0, 1e-12);
  EXPECT_EQ(s.symptoms, 0.0);
  EXPECT_NEAR(s.latent, 0.4, 1e-12);
  EXPECT_EQ(s.depressed_days, 0.0);
}

TEST(MentalHealth, DistressFollowsTheLoadWithinDays) {
  DayStrain<double> day = usual_day();
  day.hassles = 15.0;
  day.strain += 1.0;
  const double load = std::log(15.5 / 7.5) + p.encounter_weight;
  MentalHealthState<double> s{};
  for (int d = 0; d < 5; ++d) night(s, day);
  EXPECT_NEAR(s.distress, load * (1.0 - std::exp(-5.0 / p.distress_tau_d)), 1e-12);
  for (int d = 0; d < 500; ++d) night(s, day);
  EXPECT_NEAR(s.distress, load, 1e-12);
}

TEST(MentalHealth, LastingDistressSpillsOverIntoSymptoms) {
  DayStrain<double> busy = usual_day();
  busy.strain += (p.spill_threshold + 0.5) / p.encounter_weight;
  MentalHealthState<double> s{}, reactive{};
  for (int d = 0; d < 200; ++d) {
    night(s, busy);
    night(reactive, busy, {.x_reactivity = 0.5});
  }
  EXPECT_GT(s.symptoms, 0.0);
  EXPECT_GT(reactive.symptoms, s.symptoms);
  DayStrain<double> borne = usual_day();
  borne.strain += 0.9 * p.spill_threshold / p.encounter_weight;
  MentalHealthState<double> calm{};
  for (int d = 0; d < 200; ++d) night(calm, borne);
  EXPECT_EQ(calm.symptoms, 0.0);
}

TEST(MentalHealth, SymptomsSettleWhereSpillAndRecoveryBalance) {
  DayStrain<double> busy = usual_day();
  busy.strain += (p.spill_threshold + 0.4) / p.encounter_weight;
  MentalHealthState<double> s{};
  for (int d = 0; d < 20000; ++d) night(s, busy);
  const double spill = p.spill_rate * 0.4;
  const double recovery = 1.0 - std::exp(-p.recovery_rate_per_d);
  // spill = recovery S/(1 + S/half)
  const double expected = spill / (recovery - spill / p.saturation);
  EXPECT_NEAR(s.symptoms, expected, 1e-9);
}

TEST(MentalHealth, RecoverySaturates) {
  const auto relative_recovery = [](double symptoms) {
    MentalHealthState<double> s{};
    s.symptoms = symptoms;
    night(s, usual_day());
    return 1.0 - s.symptoms / symptoms;
  };
  const double linear = 1.0 - std::exp(-p.recovery_rate_per_d);
  EXPECT_NEAR(relative_recovery(1e-9), linear, 1e-9);
  EXPECT_NEAR(relative_recovery(p.saturation), 0.5 * linear, 1e-12);
  EXPECT_NEAR(relative_recovery(9.0 * p.saturation), 0.1 * linear, 1e-12);
}

TEST(MentalHealth, RecoveryIsFasterWithResourcesSlowerWithLoad) {
  const auto left = [](const RecoveryInput& recovery, double x_recovery = 0.0) {
    MentalHealthState<double> s{};
    s.symptoms = 1.0;
    for (int d = 0; d < 30; ++d) night(s, usual_day(), {.x_recovery = x_recovery}, recovery);
    return s.symptoms;
  };
  const auto with = [](double RecoveryInput::*member, double value) {
    RecoveryInput r = kWell;
    r.*member = value;
    return r;
  };
  const double usual = left(kWell);
  EXPECT_LT(left(with(&RecoveryInput::self_control, 0.5)), usual);
  EXPECT_LT(left(with(&RecoveryInput::safety_general, 0.5)), usual);
  EXPECT_LT(left(with(&RecoveryInput::support, 0.5)), usual);
  EXPECT_GT(left(with(&RecoveryInput::load, 0.5)), usual);
  EXPECT_GT(left(with(&RecoveryInput::energy, 0.5)), usual);
  EXPECT_GT(left(with(&RecoveryInput::sleep_quality, 0.5)), usual);
  EXPECT_LT(left(kWell, 0.5), usual);
}

TEST(MentalHealth, ReactionsToEventsByHand) {
  EXPECT_EQ(jump(EventKind::none), 0.0);
  const double s2 = p.jump_severe_sd * p.jump_severe_sd;
  EXPECT_NEAR(jump(EventKind::severe), p.jump_severe * std::exp(-s2 / 2.0), 1e-12);
  EXPECT_NEAR(jump(EventKind::minor, {}, 1.0, 0.0, 0.5 * p.jump_minor_sd), p.jump_minor, 1e-12);
  EXPECT_LT(jump(EventKind::minor), jump(EventKind::severe));
  EXPECT_LT(jump(EventKind::severe, {}, 1.0, 0.0, 0.5 * p.jump_severe_sd),
            jump(EventKind::traumatic, {}, 1.0, 0.0, 0.5 * p.jump_traumatic_sd));
  const double usual = jump(EventKind::traumatic);
  EXPECT_NEAR(jump(EventKind::traumatic, {}, 2.0), 2.0 * usual, 1e-12);
  EXPECT_NEAR(jump(EventKind::traumatic, {}, 1.0, 1.0), 0.5 * usual, 1e-12);
  EXPECT_NEAR(jump(EventKind::traumatic, {.x_reactivity = std::log(2.0)}), 2.0 * usual, 1e-12);
  EXPECT_NEAR(jump(EventKind::traumatic, {.traumas = p.sensitisation_half}),
              (1.0 + 0.5 * p.sensitisation) * usual, 1e-12);
  EXPECT_NEAR(jump(EventKind::traumatic, {.traumas = 3.0 * p.sensitisation_half}),
              (1.0 + 0.75 * p.sensitisation) * usual, 1e-12);
}

TEST(MentalHealth, ChildhoodAdversitySensitisesToMajorEvents) {
  const double s_c = p.adversity_sensitisation;
  ASSERT_GT(s_c, 0.0);
  for (const EventKind kind : {EventKind::severe, EventKind::traumatic}) {
    EXPECT_NEAR(jump(kind, {.adversity = s_c / 2.0 + 1.0}), std::exp(s_c) * jump(kind), 1e-12);
    EXPECT_NEAR(jump(kind, {.adversity = -1.0}), std::exp(-s_c - s_c * s_c / 2.0) * jump(kind),
                1e-12);
  }
  EXPECT_EQ(jump(EventKind::minor, {.adversity = 3.0}), jump(EventKind::minor));
}

TEST(MentalHealth, SteelingLowersReactionsAndEverydayDistress) {
  RecoveryInput steeled = kWell;
  steeled.steeling = 0.5;
  for (const EventKind kind : {EventKind::minor, EventKind::severe, EventKind::traumatic}) {
    MentalHealthState<double> s{};
    night(s, event_day(kind), {}, steeled);
    EXPECT_NEAR(s.symptoms, (1.0 - 0.5 * p.steeled_reaction) * jump(kind), 1e-12);
  }
  // P' is the trait here.
  const auto relief = [&](double x_distress) {
    MentalHealthState<double> s{};
    night(s, usual_day(), {.x_distress = x_distress}, steeled);
    return x_distress - s.latent;
  };
  EXPECT_NEAR(relief(-1.0), 0.5 * p.steeled_distress, 1e-12);
  EXPECT_NEAR(relief(0.0), 0.5 * p.steeled_distress, 1e-12);
  EXPECT_NEAR(relief(p.steeled_reach), 0.25 * p.steeled_distress, 1e-12);
  EXPECT_NEAR(relief(2.0 * p.steeled_reach), 0.5 * p.steeled_distress / 17.0, 1e-12);
}

TEST(MentalHealth, TheMeanReactionIsTheParameter) {
  Draws draws(31);
  const struct {
    EventKind kind;
    double mean, sd;
  } kinds[] = {{EventKind::minor, p.jump_minor, p.jump_minor_sd},
               {EventKind::severe, p.jump_severe, p.jump_severe_sd},
               {EventKind::traumatic, p.jump_traumatic, p.jump_traumatic_sd}};
  for (const auto& k : kinds) {
    Sample reaction, log_reaction;
    for (int i = 0; i < 50000; ++i) {
      const double s = jump(k.kind, {}, 1.0, 0.0, draws.normal());
      reaction.add(s);
      log_reaction.add(std::log(s));
    }
    // The exact standard error of a log-normal mean.
    const double error = k.mean * std::sqrt(std::expm1(k.sd * k.sd) / reaction.count());
    EXPECT_NEAR(reaction.mean(), k.mean, 5.0 * error);
    EXPECT_NEAR(log_reaction.variance(), k.sd * k.sd, 5.0 * log_reaction.variance_error());
  }
}

TEST(MentalHealth, MoodIsStationaryWithItsCorrelationTime) {
  Draws draws(32);
  Sample now, later;
  constexpr int kPersons = 10000;
  for (int i = 0; i < kPersons; ++i) {
    MentalHealthState<double> s{};
    s.mood = draws.normal();
    now.add(s.mood);
    for (int d = 0; d < 7; ++d) night(s, usual_day(), {}, kWell, 0.0, draws.normal());
    later.add(s.mood);
    if (i == 0) {
      EXPECT_NEAR(s.latent, p.mood_weight * s.mood, 1e-12);
    }
  }
  EXPECT_NEAR(later.mean(), 0.0, 5.0 * later.mean_error());
  EXPECT_NEAR(later.variance(), 1.0, 5.0 * later.variance_error());
  const double r = std::exp(-7.0 / p.mood_tau_d);
  EXPECT_NEAR(correlation(now, later), r, 5.0 * (1.0 - r * r) / std::sqrt(kPersons));
}

TEST(MentalHealth, SleepSuffersFromSymptomsAndDistress) {
  const double well = sleep_quality_reference(p, 0.0, 0.0, 0.0);
  EXPECT_NEAR(well, 1.0 / (1.0 + std::exp(-p.sleep_base)), 1e-15);
  EXPECT_LT(sleep_quality_reference(p, 0.0, 1.0, 0.0), well);
  EXPECT_LT(sleep_quality_reference(p, 0.0, 0.0, 1.0), well);
  EXPECT_EQ(sleep_quality_reference(p, 0.0, 0.0, -1.0), well);
  EXPECT_GT(sleep_quality_reference(p, 0.5, 0.0, 0.0), well);
  EXPECT_GT(sleep_quality_reference(p, -3.0, 1e9, 20.0), 0.0);
}

TEST(MentalHealth, DaysAboveTheThresholdsAreCounted) {
  MentalHealthState<double> s{};
  const Person unhappy{.x_distress = p.depression_threshold + 0.1};
  for (int d = 0; d < 20; ++d) night(s, usual_day(), unhappy);
  EXPECT_EQ(s.depressed_days, 20.0);
  night(s, usual_day(), {.x_distress = p.depression_threshold - 0.1});
  EXPECT_EQ(s.depressed_days, 0.0);
}

TEST(MentalHealth, APtsdLikeStateNeedsATrauma) {
  MentalHealthState<double> untraumatised{}, traumatised{}, today{};
  untraumatised.symptoms = traumatised.symptoms = today.symptoms = p.ptsd_threshold + 1.0;
  night(untraumatised, usual_day());
  night(traumatised, usual_day(), {.traumas = 1.0});
  night(today, event_day(EventKind::traumatic));
  EXPECT_EQ(untraumatised.ptsd_days, 0.0);
  EXPECT_EQ(traumatised.ptsd_days, 1.0);
  EXPECT_EQ(today.ptsd_days, 1.0);
}

}  // namespace
}  // namespace eustress
