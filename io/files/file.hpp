#pragma once

// Files of which every call is checked, and the errors told in words that help.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace eustress::io {

/// Error(io): "cannot <action>: <what errno means>", with what to do next where that is known.
[[nodiscard]] Error system_failure(std::string_view action, int error_number);

/// The bytes of a text, without its end mark.
[[nodiscard]] std::span<const std::byte> bytes_of(std::string_view text);

/// The directory that holds `path`: "." if it names none.
[[nodiscard]] std::string directory_of(const std::string& path);

/// An open file. The const operations may be called by many threads at once.
/// Errors: Error(io) with path, bytes and cause of every call that fails.
class File {
 public:
  enum class Mode {
    create_new,  ///< for reading and writing; fails if it exists
    write,       ///< an existing file, for reading and writing
    read,
  };
  File(std::string path, Mode mode);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::uint64_t size() const;

  /// Writes all of `bytes`, or throws.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Fills `bytes`. A file that ends before is an Error(input).
  void read_at(std::uint64_t offset, std::span<std::byte> bytes) const;

  /// Lets the file have this size, on blocks of the disk that are its own: later writes within it
  /// cannot meet a full disk.
  void reserve(std::uint64_t size) const;
  void set_size(std::uint64_t size) const;

  /// Lets the disk begin with what was written. A hint: sync() must follow.
  void start_sync() const noexcept;
  /// Returns once everything written is on the disk.
  void sync() const;
  /// Must be called to learn of late errors (network file systems); the destructor ignores them.
  void close();

 private:
  std::string path_;
  int descriptor_ = -1;
};

/// All of a file. Errors: as of File.
[[nodiscard]] std::string read_text(const std::string& path);

/// Lets the directory be there, and its name on the disk. Whether it was made; false if it is there
/// already. Errors: Error(io) with the cause, also if it cannot be found out what is there.
bool create_directory(const std::string& path);

/// Returns once the names in the directory are on the disk.
void sync_directory(const std::string& path);

}  // namespace eustress::io
