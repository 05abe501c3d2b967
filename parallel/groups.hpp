#pragma once

// Ranks in groups, of which each does some of several equal tasks, one after the other. Results do
// not depend on it.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "parallel/communicator.hpp"
#include "parallel/decomposition.hpp"

namespace eustress::parallel {

/// Groups of consecutive ranks whose sizes differ by at most one.
struct RankGroups {
  int ranks = 1, groups = 1;

  [[nodiscard]] constexpr int group_of(int rank) const {
    return rank_of_block(rank, ranks, groups);
  }
  [[nodiscard]] constexpr int first_rank(int group) const {
    return static_cast<int>(blocks_of_rank(ranks, group, groups).begin);
  }
  [[nodiscard]] constexpr int size_of(int group) const {
    return static_cast<int>(blocks_of_rank(ranks, group, groups).size());
  }
  friend constexpr bool operator==(const RankGroups&, const RankGroups&) = default;
};

/// The number of groups with which `tasks`, each of `blocks` equal parts that its ranks share, are
/// done the soonest: no rank idle if that is possible. The larger one of equals, as ranks of a
/// group wait for each other. All at least 1.
[[nodiscard]] constexpr RankGroups groups_for(std::int64_t tasks, std::int64_t blocks, int ranks) {
  const auto quotient_up = [](std::int64_t a, std::int64_t b) { return (a + b - 1) / b; };
  RankGroups best{ranks, 1};
  std::int64_t least = 0;
  for (int groups = 1; groups <= std::min<std::int64_t>(tasks, ranks); ++groups) {
    const std::int64_t time = quotient_up(tasks, groups) * quotient_up(blocks, ranks / groups);
    if (groups > 1 && time > least) continue;
    least = time;
    best.groups = groups;
  }
  return best;
}

/// The same for runs of so many blocks each, which threads share within a rank. Collective: all
/// ranks choose the same groups, whatever their threads.
[[nodiscard]] inline RankGroups groups_for_runs(const Communicator& comm, std::size_t runs,
                                                std::uint64_t blocks, int threads) {
  const std::int64_t most_threads = comm.max(std::int64_t{threads});
  return groups_for(std::max<std::int64_t>(1, static_cast<std::int64_t>(runs)),
                    (static_cast<std::int64_t>(blocks) + most_threads - 1) / most_threads,
                    comm.size());
}

}  // namespace eustress::parallel
