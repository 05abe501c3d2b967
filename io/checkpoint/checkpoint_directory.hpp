#pragma once

// The checkpoints that lie in a directory, as names. For rank 0, in a directory that no other run
// writes to.
//
// A checkpoint is the data <name>.h5 and the manifest <name>.json. The name is day-000123, after
// slice-0002- if the slice is not the first (number 0), and before -2, -3, ... if one of that day
// was there already: a published file is never replaced.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eustress::io {

/// In the order of computation: slices one after the other, days, copies.
struct CheckpointName {
  std::uint64_t slice = 0;
  std::int64_t day = 0;
  std::uint64_t copy = 1;

  [[nodiscard]] std::string text() const;
  /// Of a file name without its ending, if it is a name of a checkpoint.
  [[nodiscard]] static std::optional<CheckpointName> parse(std::string_view text);
  friend auto operator<=>(const CheckpointName&, const CheckpointName&) = default;
};

[[nodiscard]] std::string data_path(const std::string& directory, const CheckpointName& name);
[[nodiscard]] std::string manifest_path(const std::string& directory, const CheckpointName& name);

/// Whether the file is known not to be there. One that cannot be looked at may be.
[[nodiscard]] bool is_absent(const std::string& path);

/// All of which there is data or a manifest, the newest first; none if there is no directory.
/// Errors: Error(io) if it cannot be read.
[[nodiscard]] std::vector<CheckpointName> checkpoint_names(const std::string& directory);

/// Removes what killed writers left: temporary files, and manifests whose data never got its name.
/// Errors: Error(io).
void remove_unfinished(const std::string& directory);

/// Removes data and manifest, if they are there. Errors: Error(io).
void remove_checkpoint(const std::string& directory, const CheckpointName& name);

/// Removes all checkpoints, the origin, and what killed writers left. Errors: Error(io).
void remove_checkpoints(const std::string& directory);

/// Directory within that of the checkpoints of a branched run, with the checkpoint that it started
/// from.
inline constexpr std::string_view kOriginName = "origin";
[[nodiscard]] std::string origin_directory(const std::string& directory);

/// Lets the checkpoint at `parent` (its data file) be the origin in `directory`, unless it is: by
/// hard links where the file system has them, which take no room, else by copies. Errors:
/// Error(io).
void keep_origin(const std::string& directory, const std::string& parent);

}  // namespace eustress::io
