#pragma once

// The manifest of a checkpoint: a small JSON file beside the data, with all that a reader must know
// before it touches the data. Every byte of the data file is under one of its checksums, and the
// manifest is under its own.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/checkpoint/checkpoint_header.hpp"
#include "io/files/file.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/provenance/provenance.hpp"

namespace eustress::io {

/// Raised whenever the meaning, the name or the shape of anything in a checkpoint or its manifest
/// changes; docs/formats.md has the history.
inline constexpr int kCheckpointVersion = 2;

/// An array in the data file.
struct StoredArray {
  std::string name;
  NumberType type = NumberType::float64;
  std::vector<std::uint64_t> shape;
  std::uint64_t offset = 0;  ///< of its first number in the file

  [[nodiscard]] std::uint64_t elements() const;
  [[nodiscard]] std::uint64_t bytes() const { return elements() * size_of(type); }
  friend bool operator==(const StoredArray&, const StoredArray&) = default;
};

/// Bytes [offset, offset + bytes) of a file.
struct Extent {
  std::uint64_t offset = 0, bytes = 0;
};

struct Manifest {
  CheckpointHeader header;
  Provenance program;  ///< that wrote it: version, commit and compiler
  std::string file;    ///< name of the data file, in the directory of the manifest
  std::uint64_t bytes = 0;
  std::vector<StoredArray> arrays;  ///< as arrays_of(header), with their places
  // XXH3-64 of the frame (all bytes outside of the arrays, in the order of the file), and of the
  // arrays `sums` and `block_hash` as they lie in the file.
  std::uint64_t frame_hash = 0, sums_hash = 0, block_hashes_hash = 0;

  /// nullptr if there is none of that name.
  [[nodiscard]] const StoredArray* find(std::string_view array) const;
  [[nodiscard]] const StoredArray& individual() const { return arrays[0]; }
  [[nodiscard]] const StoredArray& block() const { return arrays[1]; }
  /// Of person_columns().
  [[nodiscard]] const StoredArray& column(std::size_t c) const { return arrays[2 + c]; }
  [[nodiscard]] const StoredArray& block_hash() const { return arrays.back(); }

  /// What is outside of the arrays.
  [[nodiscard]] std::vector<Extent> frame() const;
  /// The content of the manifest file.
  [[nodiscard]] std::string text() const;
};

/// The arrays that a checkpoint has, without their places: individual, block, one per column of a
/// person, record and sums if they hold anything, block_hash.
[[nodiscard]] std::vector<StoredArray> arrays_of(const CheckpointHeader& header);

/// The name of a column of a person as an array: mechanism_column.
[[nodiscard]] std::string array_name(std::string_view column);

/// `text` with U+FFFD for what is not UTF-8, as JSON can hold it.
[[nodiscard]] std::string as_utf8(const std::string& text);

/// 16 hexadecimal digits.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

/// What is in the manifest file `path`, which claims to have this text. Everything is checked: its
/// checksum, the format version, that it belongs to the data file of that name, the columns, and
/// that the arrays lie within `bytes` without overlap.
/// Errors: Error(input) with path and reason.
[[nodiscard]] Manifest parse_manifest(const std::string& path, const std::string& text);

/// The text of a file that is not larger than a manifest can be. Errors: Error(input).
[[nodiscard]] std::string read_manifest_text(const std::string& path);

/// XXH3-64 of what lies there, one extent after the other. Errors: as File::read_at.
[[nodiscard]] std::uint64_t hash_of(const File& file, std::span<const Extent> extents);
[[nodiscard]] inline std::uint64_t hash_of(const File& file, const StoredArray& array) {
  const Extent extent{array.offset, array.bytes()};
  return hash_of(file, {&extent, 1});
}

/// Checks size, frame, sums and the list of block hashes of the data file; what remains are the
/// blocks themselves. Errors: Error(input) with path and reason.
void check_against(const Manifest& manifest, const File& file);

}  // namespace eustress::io
