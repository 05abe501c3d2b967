#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "io/files/file.hpp"

namespace eustress::io {

/// What a file is to hold: extents of bytes, and gaps between them that others fill.
class FileImage {
 public:
  void write(std::uint64_t offset, std::span<const std::byte> bytes);
  /// Gaps read as zeros.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

  /// Drops what lies beyond.
  void set_size(std::uint64_t size);
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Writes the extents, not the gaps, and gives the file its size. Errors: Error(io).
  void write_to(const File& file) const;

 private:
  std::map<std::uint64_t, std::vector<std::byte>> extents_;  // by offset; they do not overlap
  std::uint64_t size_ = 0;
};

}  // namespace eustress::io
