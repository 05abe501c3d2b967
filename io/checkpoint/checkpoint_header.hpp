#pragma once

// What a checkpoint is of, and what a rank gives to it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/engine/block.hpp"

namespace eustress::io {

/// A slice of a cohort, which is a run of consecutive blocks (normally all of them), after a whole
/// number of days, in all arms. Nothing of ranks and threads.
struct CheckpointHeader {
  std::string study;              ///< the effective study file
  std::vector<std::string> arms;  ///< names, the reference arm first
  std::uint64_t individuals = 0;  ///< of the cohort
  std::uint64_t slice = 0;        ///< number of the slice; slices are computed in this order
  std::uint64_t first_block = 0;  ///< of the slice, counted in the cohort
  std::uint64_t blocks = 0;       ///< of the slice; at least one
  int days_done = 0;
  std::size_t record_numbers = 0;  ///< numbers per block in CheckpointPart::records; may be 0
  std::size_t cells = 0;           ///< observation sums per arm; may be 0
  std::string lineage;  ///< of a branched run, the checkpoint that it started from; else empty

  [[nodiscard]] std::uint64_t first_individual() const { return first_block * kBlockSize; }
  /// Of these blocks of the cohort; the last block may be padded.
  [[nodiscard]] std::uint64_t individuals_in(std::uint64_t first, std::uint64_t count) const {
    const std::uint64_t begin = std::min(first * kBlockSize, individuals);
    return std::min((first + count) * kBlockSize, individuals) - begin;
  }
  /// Of the slice.
  [[nodiscard]] std::uint64_t slice_individuals() const {
    return individuals_in(first_block, blocks);
  }
  friend bool operator==(const CheckpointHeader&, const CheckpointHeader&) = default;
};

/// The consecutive blocks of one rank; the parts follow each other in the order of ranks and make
/// up the slice. A rank may have none.
struct CheckpointPart {
  std::uint64_t first_block = 0;  ///< counted in the cohort
  /// One span per arm, of the same blocks, also if there are none.
  std::vector<std::span<const Block>> states;
  /// What else is kept of each block: CheckpointHeader::record_numbers per block, block after
  /// block.
  std::span<const double> records;

  [[nodiscard]] std::uint64_t blocks() const { return states.empty() ? 0 : states.front().size(); }
};

}  // namespace eustress::io
