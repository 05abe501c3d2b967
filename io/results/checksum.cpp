#include "io/results/checksum.hpp"

#include <xxhash.h>

namespace eustress::io {

std::uint64_t row_checksum(std::uint64_t first_row, std::uint64_t bytes_per_row,
                           std::span<const std::byte> rows) {
  // Neighbouring rows shall have seeds that differ in many bits: 2^64 over the golden ratio, odd.
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  std::uint64_t sum = 0;
  for (std::uint64_t row = 0; row * bytes_per_row < rows.size(); ++row) {
    sum += XXH3_64bits_withSeed(rows.data() + row * bytes_per_row, bytes_per_row,
                                (first_row + row) * kSpread);
  }
  return sum;
}

}  // namespace eustress::io
