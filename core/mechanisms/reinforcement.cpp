#include "core/mechanisms/reinforcement.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

namespace {

double (&values_of(ReinforcementState<double>& s, Strategy strategy))[kStressorClasses] {
  switch (strategy) {
    case Strategy::engage:
      return s.engage;
    case Strategy::reappraise:
      return s.reappraise;
    case Strategy::avoid:
      break;
  }
  return s.avoid;
}

}  // namespace

double reinforcement_reference(ReinforcementState<double>& s, const ReinforcementParameters& p,
                               Strategy strategy, StressorClass stressor, bool success,
                               double x_learning_rate, double dopamine) {
  double(&q)[kStressorClasses] = values_of(s, strategy);
  const int k = static_cast<int>(stressor);
  const double reward_of_success = strategy == Strategy::avoid ? p.avoid_reward : 1.0;
  const double reward = success ? reward_of_success : p.fail_reward;
  const double delta = reward - q[k];  // (Q1)
  if (!p.active) return delta;
  const double rate = std::min(1.0, p.rate * std::exp(x_learning_rate) *
                                        std::max(0.0, 1.0 + p.dopamine_gain * (dopamine - 1.0)));
  for (int j = 0; j < kStressorClasses; ++j) {
    q[j] += rate * (j == k ? 1.0 : p.similarity) * delta;  // (Q2)
  }
  return delta;
}

}  // namespace eustress
