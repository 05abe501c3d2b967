#pragma once

// The draws of random.hpp for eight individuals at once. Bit-identical to the scalar version.

#include "core/numerics/random.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// Eight consecutive individuals: ids first_id .. first_id + 7.
struct LaneIds {
  Words low, high;
};

EUSTRESS_INLINE LaneIds lane_ids(std::uint64_t first_id) {
  LaneIds ids;
  for (int i = 0; i < kLanes; ++i) {
    const std::uint64_t id = first_id + static_cast<std::uint64_t>(i);
    ids.low[i] = static_cast<std::uint32_t>(id);
    ids.high[i] = static_cast<std::uint32_t>(id >> 32);
  }
  return ids;
}

EUSTRESS_INLINE Words rotate_left(Words x, int n) { return (x << n) | (x >> (32 - n)); }

EUSTRESS_INLINE PackPair uniform_pair(const StreamKey& key, const LaneIds& ids, std::uint32_t time,
                                      std::uint32_t index) {
  constexpr int kRotation[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5},
                                   {6, 20},  {17, 11}, {25, 10}, {18, 20}};
  const std::uint32_t k0 = static_cast<std::uint32_t>(key.seed);
  const std::uint32_t k1 = static_cast<std::uint32_t>(key.seed >> 32);
  const std::uint32_t k2 = static_cast<std::uint32_t>(key.purpose);
  const std::uint32_t k3 = key.replicate;
  const std::uint32_t k[5] = {k0, k1, k2, k3, 0x1BD11BDA ^ k0 ^ k1 ^ k2 ^ k3};
  Words x0 = ids.low + k[0];
  Words x1 = ids.high + k[1];
  Words x2 = (Words{} + time) + k[2];
  Words x3 = (Words{} + index) + k[3];
#pragma GCC unroll 20
  for (int round = 0; round < 20; ++round) {
    const int* r = kRotation[round % 8];
    if (round % 2 == 0) {
      x0 += x1;
      x1 = rotate_left(x1, r[0]) ^ x0;
      x2 += x3;
      x3 = rotate_left(x3, r[1]) ^ x2;
    } else {
      x0 += x3;
      x3 = rotate_left(x3, r[0]) ^ x0;
      x2 += x1;
      x1 = rotate_left(x1, r[1]) ^ x2;
    }
    if (round % 4 == 3) {
      const unsigned s = static_cast<unsigned>(round / 4 + 1);
      x0 += k[s % 5];
      x1 += k[(s + 1) % 5];
      x2 += k[(s + 2) % 5];
      x3 += k[(s + 3) % 5] + s;
    }
  }
  const Bits a = (__builtin_convertvector(x1, Bits) << 32) | __builtin_convertvector(x0, Bits);
  const Bits b = (__builtin_convertvector(x3, Bits) << 32) | __builtin_convertvector(x2, Bits);
  // 52 random bits as a number in [1,2), moved to the middle of its cell in (0,1).
  constexpr std::uint64_t kOne = 0x3FF0000000000000ULL;
  constexpr double kShift = 1.0 - 0x1p-53;
  return {from_bits((a >> 12) | kOne) - kShift, from_bits((b >> 12) | kOne) - kShift};
}

EUSTRESS_INLINE PackPair normal_pair(const StreamKey& key, const LaneIds& ids, std::uint32_t time,
                                     std::uint32_t index) {
  return box_muller(uniform_pair(key, ids, time, index));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
