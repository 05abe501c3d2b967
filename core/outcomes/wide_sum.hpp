#pragma once

// Sums of products that a 64-bit cell could not hold: two cells, the lower 18 bits of every term in
// the first, the rest in the second. Cells of different threads and ranks are added one by one like
// all others.
//
// Terms below 2^47 in magnitude can be added 2^33 times, smaller ones accordingly more often; no
// term of core/outcomes is larger than that (layout.hpp).

#include <cstddef>
#include <cstdint>

namespace eustress {

inline constexpr std::size_t kWideCells = 2;
inline constexpr int kWideShift = 18;

inline void add_wide(std::int64_t* cells, std::int64_t term) {
  cells[0] += term & ((std::int64_t{1} << kWideShift) - 1);
  cells[1] += term >> kWideShift;
}

/// Rounded once if the sum is beyond 2^53 and the parts are not.
inline double wide_value(const std::int64_t* cells) {
  return static_cast<double>(cells[1]) * static_cast<double>(std::int64_t{1} << kWideShift) +
         static_cast<double>(cells[0]);
}

}  // namespace eustress
