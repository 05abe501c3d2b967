#pragma once

// Writing checkpoints, so that one is there as a whole and verified, or not at all.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/study.hpp"
#include "io/checkpoint/checkpoint_header.hpp"
#include "io/checkpoint/retention.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

struct CheckpointOptions {
  CheckpointWriter writer = CheckpointWriter::pwrite;  ///< both make the same bytes
  std::size_t keep = 3;  ///< newest intact checkpoints that stay in the directory; at least 1
  int threads = 1;       ///< per rank, for transposing and hashing; as ThreadTeam
  /// Of rank 0: what is known from earlier calls, and noted for later ones. Without it older
  /// checkpoints are read at every call before they count.
  ExaminedCheckpoints* examined = nullptr;
};

struct WrittenCheckpoint {
  std::string path;         ///< of the data file
  std::uint64_t bytes = 0;  ///< of the data file
  double seconds = 0;       ///< until it was published, on the slowest rank
  std::string warning;      ///< that of remove_older()
};

/// Collective. Publishes a checkpoint in `directory`, which is created if need be and in which no
/// other run may write: space is reserved, every rank writes its part and brings it to the disk,
/// reads it again and compares the hashes; then the manifest is published, then the data, and then
/// older checkpoints are removed, as by remove_older(). A file that was published before is never
/// changed.
///
/// `part` is this rank's; `sums`, on rank 0 only, has one span per arm of the sums over all ranks.
/// Memory beyond the state: 1/32 of the rank's part, but at least 1 MiB per thread; 8 bytes per
/// block; and on rank 0 the description with the numbers of the cells.
///
/// Errors: parallel::AgreedError, after which nothing is left of the checkpoint and all others are
/// as they were: of kind io if the disk is full, cannot be written to or does not give back what
/// was written; usage for the collective writer without MPI or keep = 0; internal if header, parts
/// and sums do not fit together.
WrittenCheckpoint write_checkpoint(const parallel::Communicator& comm, const std::string& directory,
                                   const CheckpointHeader& header, const CheckpointPart& part,
                                   std::span<const std::span<const std::int64_t>> sums,
                                   const CheckpointOptions& options);

/// Bytes that such a checkpoint takes on the disk, but for some kilobytes of description and twice
/// the study.
[[nodiscard]] std::uint64_t checkpoint_size(const CheckpointHeader& header);

}  // namespace eustress::io
