#pragma once

#include "core/mechanisms/coping_kernel.hpp"
#include "core/mechanisms/pick_kernel.hpp"
#include "core/mechanisms/reinforcement.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// Q of the strategy, whose values of the class these are.
EUSTRESS_INLINE Pack value_of(Pack strategy, Pack engage, Pack reappraise, Pack avoid) {
  return select(strategy == kEngage, engage, select(strategy == kReappraise, reappraise, avoid));
}

/// delta of (Q1) for the lanes of `who`, 0 for the others. success: 1 or 0; value: Q of the
/// strategy.
EUSTRESS_INLINE Pack reward_error(const ReinforcementParameters& p, Mask who, Pack strategy,
                                  Pack success, Pack value) {
  const Pack reward_of_success = select(strategy == kAvoid, p.avoid_reward, broadcast(1.0));
  const Pack reward = select(success == 1.0, reward_of_success, p.fail_reward);
  return select(who, reward - value, 0.0);
}

/// (Q1), (Q2). delta: 0 for those who do not learn; learning: exp(x_learning_rate).
EUSTRESS_INLINE void reinforce(ReinforcementState<Pack>& s, const ReinforcementParameters& p,
                               Pack strategy, Pack k, Pack delta, Pack learning, Pack dopamine) {
  if (!p.active) return;
  const Pack rate =
      min(p.rate * learning * max(fma(p.dopamine_gain, dopamine - 1.0, broadcast(1.0)), 0.0), 1.0);
  const Pack step = rate * delta;
  for (int j = 0; j < kStressorClasses; ++j) {
    const Pack change = step * similarity_to(k, j, p.similarity);
    s.engage[j] += select(strategy == kEngage, change, 0.0);
    s.reappraise[j] += select(strategy == kReappraise, change, 0.0);
    s.avoid[j] += select(strategy == kAvoid, change, 0.0);
  }
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
