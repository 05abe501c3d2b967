#pragma once

// Who computes what: blocks of individuals are dealt to ranks in contiguous runs, so that the
// files, written in the order of blocks, are written in the order of ranks.

#include <cstdint>
#include <string>

#include "core/error.hpp"

namespace eustress::parallel {

/// Blocks [begin, end).
struct BlockRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] constexpr std::int64_t size() const { return end - begin; }
  [[nodiscard]] constexpr bool empty() const { return begin == end; }
  [[nodiscard]] constexpr bool contains(std::int64_t block) const {
    return begin <= block && block < end;
  }
  friend constexpr bool operator==(const BlockRange&, const BlockRange&) = default;
};

/// The blocks of one rank. Ranges follow each other in the order of ranks, cover [0, n_blocks) and
/// differ in size by at most one, lower ranks having the larger; with more ranks than blocks the
/// last ranks have none. Errors: Error(internal) unless 0 <= rank < n_ranks and n_blocks >= 0.
[[nodiscard]] constexpr BlockRange blocks_of_rank(std::int64_t n_blocks, int rank, int n_ranks) {
  if (n_blocks < 0 || rank < 0 || rank >= n_ranks) {
    throw Error(ErrorKind::internal, "no such part: rank " + std::to_string(rank) + " of " +
                                         std::to_string(n_ranks) + " for " +
                                         std::to_string(n_blocks) + " blocks");
  }
  const std::int64_t share = n_blocks / n_ranks;
  const std::int64_t n_larger = n_blocks % n_ranks;
  const std::int64_t begin = share * rank + (rank < n_larger ? rank : n_larger);
  return {begin, begin + share + (rank < n_larger ? 1 : 0)};
}

/// The rank whose blocks_of_rank holds `block`.
/// Errors: Error(internal) unless 0 <= block < n_blocks and n_ranks >= 1.
[[nodiscard]] constexpr int rank_of_block(std::int64_t block, std::int64_t n_blocks, int n_ranks) {
  if (block < 0 || block >= n_blocks || n_ranks < 1) {
    throw Error(ErrorKind::internal, "no such block: " + std::to_string(block) + " of " +
                                         std::to_string(n_blocks) + " on " +
                                         std::to_string(n_ranks) + " ranks");
  }
  const std::int64_t share = n_blocks / n_ranks;
  const std::int64_t n_larger = n_blocks % n_ranks;
  const std::int64_t in_larger = n_larger * (share + 1);
  return static_cast<int>(block < in_larger ? block / (share + 1)
                                            : n_larger + (block - in_larger) / share);
}

}  // namespace eustress::parallel
