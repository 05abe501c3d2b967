#pragma once

// Reading checkpoints, on any number of ranks. HDF5 takes no part in it: the manifest says where
// everything is, and was checked with all checksums before.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "io/checkpoint/manifest.hpp"
#include "io/files/file.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

/// A published checkpoint, opened on all ranks. All functions but the accessors are collective.
/// Errors: parallel::AgreedError of kind input with path and reason if it is damaged, incomplete,
/// of a later format or of a program with other columns, or cannot be read.
class Checkpoint {
 public:
  /// `path`: its data file or its manifest. Everything is verified but the blocks, which are when
  /// they are read.
  Checkpoint(const parallel::Communicator& comm, const std::string& path);

  /// Of the data file.
  [[nodiscard]] const std::string& path() const noexcept { return file_->path(); }
  [[nodiscard]] const CheckpointHeader& header() const noexcept { return manifest_.header; }
  [[nodiscard]] const Provenance& program() const noexcept { return manifest_.program; }
  /// 16 hexadecimal digits that stand for all of its content, for the lineage of a branched run.
  [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

  /// Restores this rank's blocks, perhaps none, from number `first_block` of the cohort on.
  /// `states`: one span per arm, of equal lengths; `records`: header().record_numbers per block.
  /// The padding of the last block of the cohort repeats its last individual.
  void read_part(std::uint64_t first_block, std::span<const std::span<Block>> states,
                 std::span<float> records, int threads) const;

  /// On rank 0 the sums, header().cells per arm, arm after arm; elsewhere nothing.
  [[nodiscard]] std::vector<std::int64_t> read_sums() const;

  /// Reads and verifies all blocks, shared among the ranks, and keeps nothing.
  void verify(int threads) const;

 private:
  void require_hashes(std::uint64_t first_block, std::span<const std::uint64_t> found) const;

  const parallel::Communicator& comm_;
  Manifest manifest_;
  std::string hash_;
  std::unique_ptr<File> file_;
};

struct RefusedCheckpoint {
  std::string path;
  std::string reason;
  /// Only its manifest is there: what a kill leaves that comes while a checkpoint gets its name or
  /// is removed. Then nothing is lost.
  bool is_unfinished = false;
};

struct FoundCheckpoint {
  std::unique_ptr<Checkpoint> checkpoint;  ///< nullptr if there is none that can be used
  std::vector<RefusedCheckpoint> refused;  ///< newer ones, the newest first
};

/// Collective: the newest checkpoint of a directory that can be opened and that `load`, if given,
/// can load: it should read all that it needs. If `load` throws a parallel::AgreedError of kind
/// input or io, that checkpoint is refused too and the previous one tried; other errors are passed
/// on. A directory that is not there has no checkpoints.
/// Errors: parallel::AgreedError of kind input if the directory cannot be read.
[[nodiscard]] FoundCheckpoint find_checkpoint(
    const parallel::Communicator& comm, const std::string& directory,
    const std::function<void(const Checkpoint&)>& load = {});

}  // namespace eustress::io
