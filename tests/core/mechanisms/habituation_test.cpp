#include "core/mechanisms/habituation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const HabituationParameters p = default_parameters().habituation;
constexpr auto kClass = StressorClass::social_evaluative;

TEST(Habituation, IntenseEncountersHabituateTheirOwnClass) {
  HabituationState<double> s{{1.0, 1.0, 1.0, 1.0}};
  habituation_reference_encounter(s, p, kClass, p.reference_intensity);
  EXPECT_NEAR(s.response[0], 1.0 - 0.5 * p.rate, 1e-15);
  EXPECT_EQ(s.response[1], 1.0);
  HabituationState<double> weak{{1.0, 1.0, 1.0, 1.0}};
  habituation_reference_encounter(weak, p, kClass, 0.1 * p.reference_intensity);
  EXPECT_GT(weak.response[0], 1.0 - 0.02 * p.rate);
  HabituationState<double> strong{{1.0, 1.0, 1.0, 1.0}};
  habituation_reference_encounter(strong, p, kClass, 1e6);
  EXPECT_NEAR(strong.response[0], 1.0 - p.rate, 1e-9);
}

TEST(Habituation, RecoversInTenWeeks) {
  HabituationState<double> s{{0.5, 1.0, 0.2, 0.0}};
  for (int d = 0; d < 70; ++d) habituation_reference_night(s, p);
  const double left = std::exp(-70.0 / p.recovery_tau_d);
  EXPECT_NEAR(s.response[0], 1.0 - 0.5 * left, 1e-12);
  EXPECT_EQ(s.response[1], 1.0);
  EXPECT_NEAR(s.response[2], 1.0 - 0.8 * left, 1e-12);
  EXPECT_NEAR(s.response[3], 1.0 - left, 1e-12);
  EXPECT_NEAR(left, std::exp(-1.0), 1e-12);  // Schommer 2003: the default is 70 d
}

TEST(Habituation, ThirdOfThreeMonthlyStressTestsIsWeaker) {
  HabituationState<double> s{{1.0, 1.0, 1.0, 1.0}};
  for (int test = 0; test < 2; ++test) {
    habituation_reference_encounter(s, p, kClass, 2.0 * p.reference_intensity);
    for (int d = 0; d < 28; ++d) habituation_reference_night(s, p);
  }
  // Cortisol goes with about the power .56 of the drive: the response of people is row E12 of the
  // validation.
  const double cortisol = std::pow(s.response[0], 0.56);
  EXPECT_GT(cortisol, 0.6);
  EXPECT_LT(cortisol, 0.85);
}

TEST(Habituation, StaysBetweenZeroAndOne) {
  HabituationParameters full = p;
  full.rate = 1.0;
  HabituationState<double> s{{1.0, 1.0, 1.0, 1.0}};
  for (int d = 0; d < 100; ++d) {
    for (int i = 0; i < 6; ++i) habituation_reference_encounter(s, full, kClass, 50.0);
    EXPECT_GE(s.response[0], 0.0);
    habituation_reference_night(s, full);
    EXPECT_LE(s.response[0], 1.0);
  }
}

TEST(Habituation, SwitchedOffNothingHabituates) {
  HabituationParameters off = p;
  off.active = false;
  HabituationState<double> s{{1.0, 1.0, 1.0, 1.0}};
  habituation_reference_encounter(s, off, kClass, 5.0);
  habituation_reference_night(s, off);
  EXPECT_EQ(s.response[0], 1.0);
}

}  // namespace
}  // namespace eustress
