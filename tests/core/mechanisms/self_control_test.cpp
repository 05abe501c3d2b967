#include "core/mechanisms/self_control.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const SelfControlParameters p = default_parameters().self_control;

TEST(SelfControl, GrowsWithSuccessUnderArousalToItsFixedPoint) {
  SelfControlState<double> s{0.0};
  for (int d = 0; d < 20000; ++d) self_control_reference(s, p, 0.6, 0.8, 0.0);
  const double growth = p.rate * 0.8 * 0.6;
  EXPECT_NEAR(s.w, growth / (growth + 1.0 / p.tau_d), 1e-12);
}

TEST(SelfControl, FadesWithoutPractice) {
  SelfControlState<double> s{0.5};
  for (int d = 0; d < 100; ++d) self_control_reference(s, p, 0.0, 0.8, 0.0);
  EXPECT_NEAR(s.w, 0.5 * std::pow(1.0 - 1.0 / p.tau_d, 100), 1e-12);
}

TEST(SelfControl, SteelingLeavesALastingPart) {
  SelfControlState<double> fading{1.0}, rising{0.0};
  for (int d = 0; d < 20000; ++d) {
    self_control_reference(fading, p, 0.0, 0.8, 0.6);
    self_control_reference(rising, p, 0.0, 0.8, 0.6);
  }
  EXPECT_NEAR(fading.w, 0.6 * p.lasting_share, 1e-12);
  EXPECT_NEAR(rising.w, 0.6 * p.lasting_share, 1e-12);
}

TEST(SelfControl, StaysInTheUnitInterval) {
  SelfControlParameters wild = p;
  wild.rate = 1.0;
  wild.tau_d = 10.0;
  SelfControlState<double> s{0.0};
  for (int d = 0; d < 200; ++d) {
    self_control_reference(s, wild, d % 3 == 0 ? 6.0 : 0.0, 1.0, d % 2 == 0 ? 1.0 : 0.0);
    EXPECT_GE(s.w, 0.0);
    EXPECT_LE(s.w, 1.0);
  }
}

TEST(SelfControl, GrowsMoreAfterGoodSleepAndUnderArousal) {
  const auto after = [](double salience, double sleep) {
    SelfControlState<double> s{0.2};
    self_control_reference(s, p, salience, sleep, 0.0);
    return s.w;
  };
  EXPECT_GT(after(0.8, 0.8), after(0.2, 0.8));
  EXPECT_GT(after(0.8, 0.8), after(0.8, 0.3));
}

TEST(SelfControl, SwitchedOffItDoesNotGrow) {
  SelfControlParameters off = p;
  off.active = false;
  SelfControlState<double> s{0.0};
  self_control_reference(s, off, 5.0, 1.0, 1.0);
  EXPECT_EQ(s.w, 0.0);
}

}  // namespace
}  // namespace eustress
