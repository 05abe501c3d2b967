#pragma once

// What tells whether the numbers of individuals.h5 are still those that were written.

#include <cstddef>
#include <cstdint>
#include <span>

namespace eustress::io {

/// Checksum of rows of equal size: the sum modulo 2^64 of the XXH3-64 of every row, seeded by its
/// place. So rows may come in any order and in any parts, whose checksums are added. It finds
/// damage and does not protect against forgery. first_row: place of the first of `rows`.
[[nodiscard]] std::uint64_t row_checksum(std::uint64_t first_row, std::uint64_t bytes_per_row,
                                         std::span<const std::byte> rows);

}  // namespace eustress::io
