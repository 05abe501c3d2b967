#include "core/mechanisms/reinforcement.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const ReinforcementParameters p = default_parameters().reinforcement;
constexpr auto kDemand = StressorClass::demand;
constexpr int kD = static_cast<int>(kDemand);

ReinforcementState<double> inexperienced() {
  ReinforcementState<double> s{};
  for (int k = 0; k < kStressorClasses; ++k) {
    s.engage[k] = s.reappraise[k] = s.avoid[k] = p.initial_value;
  }
  return s;
}

TEST(Reinforcement, ValuesConvergeToTheReward) {
  const struct {
    Strategy strategy;
    bool success;
    double reward;
  } cases[] = {{Strategy::engage, true, 1.0},
               {Strategy::reappraise, true, 1.0},
               {Strategy::avoid, true, p.avoid_reward},
               {Strategy::engage, false, p.fail_reward},
               {Strategy::reappraise, false, p.fail_reward},
               {Strategy::avoid, false, p.fail_reward}};
  for (const auto& c : cases) {
    auto s = inexperienced();
    for (int i = 0; i < 1000; ++i) {
      reinforcement_reference(s, p, c.strategy, kDemand, c.success, 0.0, 1.0);
    }
    const double q = c.strategy == Strategy::engage       ? s.engage[kD]
                     : c.strategy == Strategy::reappraise ? s.reappraise[kD]
                                                          : s.avoid[kD];
    EXPECT_NEAR(q, c.reward, 1e-9);
  }
}

TEST(Reinforcement, OneUpdateByHand) {
  auto s = inexperienced();
  const double delta =
      reinforcement_reference(s, p, Strategy::engage, kDemand, true, std::log(1.5), 1.5);
  EXPECT_NEAR(delta, 1.0 - p.initial_value, 1e-15);
  const double rate = p.rate * 1.5 * (1.0 + 0.5 * p.dopamine_gain);
  EXPECT_NEAR(s.engage[kD], p.initial_value + rate * delta, 1e-15);
  EXPECT_NEAR(s.engage[0], p.initial_value + rate * p.similarity * delta, 1e-15);
  EXPECT_EQ(s.reappraise[kD], p.initial_value);
  EXPECT_EQ(s.avoid[kD], p.initial_value);
}

TEST(Reinforcement, DopamineGatesPlasticity) {
  auto low = inexperienced(), high = inexperienced(), none = inexperienced();
  reinforcement_reference(low, p, Strategy::engage, kDemand, true, 0.0, 0.8);
  reinforcement_reference(high, p, Strategy::engage, kDemand, true, 0.0, 1.6);
  EXPECT_GT(high.engage[kD], low.engage[kD]);
  ReinforcementParameters steep = p;
  steep.dopamine_gain = 10.0;
  reinforcement_reference(none, steep, Strategy::engage, kDemand, true, 0.0, 0.5);
  EXPECT_EQ(none.engage[kD], p.initial_value);  // never unlearns from success
}

// However fast a person learns and however high dopamine is, a value goes to the reward at most.
TEST(Reinforcement, NeverOvershootsTheReward) {
  ReinforcementParameters fast = p;
  fast.rate = 1.0;
  fast.similarity = 1.0;
  auto s = inexperienced();
  reinforcement_reference(s, fast, Strategy::engage, kDemand, true, 3.0, 8.0);
  for (int k = 0; k < kStressorClasses; ++k) EXPECT_NEAR(s.engage[k], 1.0, 1e-15);
  reinforcement_reference(s, fast, Strategy::engage, kDemand, false, 3.0, 8.0);
  for (int k = 0; k < kStressorClasses; ++k) EXPECT_NEAR(s.engage[k], p.fail_reward, 1e-15);
}

TEST(Reinforcement, SwitchedOffTheErrorIsStillFelt) {
  ReinforcementParameters off = p;
  off.active = false;
  auto s = inexperienced();
  EXPECT_NEAR(reinforcement_reference(s, off, Strategy::engage, kDemand, true, 0.0, 1.0),
              1.0 - p.initial_value, 1e-15);
  for (int k = 0; k < kStressorClasses; ++k) EXPECT_EQ(s.engage[k], p.initial_value);
}

}  // namespace
}  // namespace eustress
