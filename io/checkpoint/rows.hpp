#pragma once

// The rows of a checkpoint: from blocks (eight people side by side) to columns of the cohort and
// back, a few blocks at a time, with the hash of each block.
//
// The hash of a block is XXH3-64 over, in little-endian order: its number in the cohort (uint64);
// the numbers of its individuals (uint64); for each arm, each column, each individual the value
// (float64); its numbers of `record` (float64). Padding does not enter.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/block.hpp"
#include "io/checkpoint/manifest.hpp"
#include "io/files/file.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::io {

/// Where rows go.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Elements from number `first` on; perhaps none.
  virtual void write(const StoredArray& array, std::uint64_t first,
                     std::span<const std::byte> bytes) = 0;
  /// After some blocks have been written as a whole.
  virtual void end_round() {}
  /// Whether several threads may call these at once.
  [[nodiscard]] virtual bool takes_threads() const = 0;
};

/// Blocks that a thread transposes at once: the buffers of all threads are at most 1/32 of the
/// part's state and 8 MiB each, which stays in the cache, but at least what 16 blocks need.
[[nodiscard]] std::uint64_t blocks_at_once(std::uint64_t blocks, std::size_t arms, int threads);
/// How often that must be done.
[[nodiscard]] std::uint64_t rounds_of(std::uint64_t blocks, std::size_t arms, int threads);

/// Writes all rows of a part and their hashes, and returns the hashes. Goes `rounds` times to the
/// sink, at least rounds_of(part), the last times with nothing. Errors: those of the sink.
std::vector<std::uint64_t> write_rows(const Manifest& manifest, const CheckpointPart& part,
                                      std::uint64_t rounds, RowSink& sink,
                                      const parallel::ThreadTeam& team);

/// Reads the rows of `blocks` blocks from number `first_block` of the cohort on, and returns their
/// hashes. `states` has one span of these blocks per arm or none, then nothing is kept; `records`
/// likewise has record_numbers per block or nothing. The padding of the last block of the cohort
/// repeats the last individual. Errors: as File::read_at; Error(input) if the blocks are others.
std::vector<std::uint64_t> read_rows(const Manifest& manifest, const File& file,
                                     std::uint64_t first_block, std::uint64_t blocks,
                                     std::span<const std::span<Block>> states,
                                     std::span<double> records, const parallel::ThreadTeam& team);

/// The hashes that the file has of these blocks. Errors: as File::read_at.
std::vector<std::uint64_t> stored_hashes(const Manifest& manifest, const File& file,
                                         std::uint64_t first_block, std::uint64_t blocks);

}  // namespace eustress::io
