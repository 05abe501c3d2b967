#pragma once

// Files that are there as a whole or not at all.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/files/file.hpp"

namespace eustress::io {

/// A file that is written under a hidden temporary name in its directory, and gets its own name,
/// replacing an older file, only when it is complete and on the disk. Destroyed before, it leaves
/// nothing behind. Errors: Error(io).
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Where other processes may write to it until it is published.
  [[nodiscard]] const std::string& temporary_path() const noexcept { return file_.path(); }
  [[nodiscard]] const File& file() const noexcept { return file_; }

  /// Writes behind what was appended before.
  void append(std::span<const std::byte> bytes);
  void append(std::string_view text) { append(bytes_of(text)); }

  /// Brings the content to the disk and closes the file. Nothing may be written afterwards.
  void finish();
  /// Finishes the file if that was not done, then gives it its name.
  void publish();

 private:
  std::string path_;
  File file_;
  std::uint64_t end_ = 0;
  bool finished_ = false;
  bool published_ = false;
};

/// Publishes a file of this content. Errors: Error(io).
void write_file(const std::string& path, std::string_view content);

/// For an `option` of the command line that names a file to be written. Errors: Error(usage) if
/// that file is there, which only --force replaces.
void refuse_to_replace(const std::string& path, std::string_view option);
/// Errors: Error(usage) if it is there under a name that does not end so, which is none of those
/// that `option` writes.
void refuse_to_replace_other(const std::string& path, std::string_view option,
                             std::string_view ending);

/// Whether an AtomicFile of the name `name` could have this temporary name.
[[nodiscard]] bool is_temporary_of(std::string_view name, std::string_view file_name);

}  // namespace eustress::io
