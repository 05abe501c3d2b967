#pragma once

// Which checkpoints stay in a directory: only those that are intact count.

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "io/checkpoint/checkpoint_directory.hpp"
#include "parallel/communicator.hpp"

namespace eustress::io {

/// What was found of checkpoints that were read as a whole. It holds while their files are those of
/// then: the same place on the disk, size and times. For rank 0.
class ExaminedCheckpoints {
 public:
  /// Stands for data and manifest as they are now; empty if they cannot be looked at.
  [[nodiscard]] static std::string files_of(const std::string& directory,
                                            const CheckpointName& name);

  void remember(const CheckpointName& name, std::string files, bool is_intact);
  /// Nothing if it was never read or has changed since.
  [[nodiscard]] std::optional<bool> is_intact(const std::string& directory,
                                              const CheckpointName& name) const;
  void forget(const CheckpointName& name) { findings_.erase(name); }

 private:
  struct Finding {
    std::string files;
    bool is_intact = false;
  };
  std::map<CheckpointName, Finding> findings_;
};

/// Collective. Keeps the newest `keep` intact checkpoints up to `newest` (itself among them) and
/// removes those that are older than all of these. Never touches a later one. What is not in
/// `examined` (of rank 0) is read by all ranks, block by block, and noted there.
/// Returns a warning if something could not be removed or listed; else empty.
[[nodiscard]] std::string remove_older(const parallel::Communicator& comm,
                                       const std::string& directory, const CheckpointName& newest,
                                       std::size_t keep, int threads,
                                       ExaminedCheckpoints& examined);

}  // namespace eustress::io
