#pragma once

#include "core/mechanisms/coping_kernel.hpp"
#include "core/mechanisms/pick_kernel.hpp"
#include "core/mechanisms/reinforcement.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (Q1), (Q2) for the lanes of `who`. success: 1 or 0; learning: exp(x_learning_rate). Returns
/// delta, 0 for the other lanes.
EUSTRESS_INLINE Pack reinforce(ReinforcementState<Pack>& s, const ReinforcementParameters& p,
                               Mask who, Pack strategy, Pack k, Pack success, Pack learning,
                               Pack dopamine) {
  const Mask engaged = strategy == kEngage;
  const Mask reappraised = strategy == kReappraise;
  const Pack value = select(engaged, pick(k, s.engage),
                            select(reappraised, pick(k, s.reappraise), pick(k, s.avoid)));
  const Pack reward_of_success = select(strategy == kAvoid, p.avoid_reward, broadcast(1.0));
  const Pack reward = select(success == 1.0, reward_of_success, p.fail_reward);
  const Pack delta = select(who, reward - value, 0.0);
  if (p.active) {
    const Pack rate = min(
        p.rate * learning * max(fma(p.dopamine_gain, dopamine - 1.0, broadcast(1.0)), 0.0), 1.0);
    const Pack step = rate * delta;
    for (int j = 0; j < kStressorClasses; ++j) {
      const Pack change = step * similarity_to(k, j, p.similarity);
      s.engage[j] += select(engaged, change, 0.0);
      s.reappraise[j] += select(reappraised, change, 0.0);
      s.avoid[j] += select(strategy == kAvoid, change, 0.0);
    }
  }
  return delta;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
