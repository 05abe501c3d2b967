#pragma once

#include "core/mechanisms/questionnaires.hpp"
#include "core/numerics/random_pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (V1) for `items` items (an even number), with the uniform pairs first_index, first_index + 1,
/// ...
EUSTRESS_INLINE Pack ghq(const QuestionnaireParameters& p, Pack latent, int items,
                         const StreamKey& key, const LaneIds& ids, std::uint32_t day,
                         std::uint32_t first_index) {
  const Pack level = fma(p.slope, latent, broadcast(items == kGhqLongItems ? -p.long_shift : 0.0));
  const Pack p1 = logistic(level - p.threshold1);
  const Pack p2 = logistic(level - p.threshold2);
  const Pack p3 = logistic(level - p.threshold3);
  Pack score = broadcast(0.0);
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(items / 2); ++i) {
    const PackPair u = uniform_pair(key, ids, day, first_index + i);
    for (const Pack& x : {u.first, u.second}) {
      score += select(x < p1, 1.0, 0.0);
      score += select(x < p2, 1.0, 0.0);
      score += select(x < p3, 1.0, 0.0);
    }
  }
  return score;
}

/// (V3): the sum of 13 base-16 digits.
EUSTRESS_INLINE Pack life_events(Pack event_weeks) {
  Pack sum = broadcast(0.0);
  Pack rest = event_weeks;
  for (int week = 0; week < 13; ++week) {
    const Pack next = floor(rest * (1.0 / 16.0));
    sum += fma(next, -16.0, rest);
    rest = next;
  }
  return sum;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
