#pragma once

// The draws of random.hpp for eight individuals at once. Bit-identical to the scalar version.

#include "core/numerics/random.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// Four 32-bit words of eight individuals each; two registers of SSE2, one of AVX2 and AVX-512.
inline constexpr int kWordBytes = kBytes < 32 ? kBytes : 32;
inline constexpr int kWordParts = 32 / kWordBytes;
using UnsignedInts = std::uint32_t __attribute__((vector_size(kWordBytes), may_alias));
struct Words {
  UnsignedInts part[kWordParts];
};

/// Eight consecutive individuals: ids first_id .. first_id + 7.
struct LaneIds {
  Words low, high;
};

EUSTRESS_INLINE LaneIds lane_ids(std::uint64_t first_id) {
  std::uint32_t low[kLanes], high[kLanes];
  for (int i = 0; i < kLanes; ++i) {
    const std::uint64_t id = first_id + static_cast<std::uint64_t>(i);
    low[i] = static_cast<std::uint32_t>(id);
    high[i] = static_cast<std::uint32_t>(id >> 32);
  }
  LaneIds ids;
  std::memcpy(&ids.low, low, sizeof low);
  std::memcpy(&ids.high, high, sizeof high);
  return ids;
}

/// (high << 32) | low, as eight 64-bit words.
EUSTRESS_INLINE Bits combine(Words high, Words low) {
  Bits r;
#if defined(__AVX512F__)
  const __m512i h = _mm512_maskz_cvtepu32_epi64(0xFF, (__m256i)high.part[0]);
  const __m512i l = _mm512_maskz_cvtepu32_epi64(0xFF, (__m256i)low.part[0]);
  r.part[0] = ((UnsignedLongs)h << 32) | (UnsignedLongs)l;
#elif defined(__AVX2__)
  // Interleaving works on halves of registers: words 0 1 4 5 and 2 3 6 7.
  const __m256i outer = _mm256_unpacklo_epi32((__m256i)low.part[0], (__m256i)high.part[0]);
  const __m256i inner = _mm256_unpackhi_epi32((__m256i)low.part[0], (__m256i)high.part[0]);
  r.part[0] = (UnsignedLongs)_mm256_permute2x128_si256(outer, inner, 0x20);
  r.part[1] = (UnsignedLongs)_mm256_permute2x128_si256(outer, inner, 0x31);
#else
  std::uint32_t h[kLanes], l[kLanes];
  std::uint64_t both[kLanes];
  std::memcpy(h, &high, sizeof h);
  std::memcpy(l, &low, sizeof l);
  for (int i = 0; i < kLanes; ++i) both[i] = (std::uint64_t{h[i]} << 32) | l[i];
  std::memcpy(&r, both, sizeof r);
#endif
  return r;
}

/// Threefry4x32-20 of the counter x, lane by lane.
template <class Ints>
EUSTRESS_INLINE void threefry(const StreamKey& key, Ints (&x)[4]) {
  constexpr int kRotation[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5},
                                   {6, 20},  {17, 11}, {25, 10}, {18, 20}};
  const std::uint32_t k0 = static_cast<std::uint32_t>(key.seed);
  const std::uint32_t k1 = static_cast<std::uint32_t>(key.seed >> 32);
  const std::uint32_t k2 = static_cast<std::uint32_t>(key.purpose);
  const std::uint32_t k3 = key.replicate;
  const std::uint32_t k[5] = {k0, k1, k2, k3, 0x1BD11BDA ^ k0 ^ k1 ^ k2 ^ k3};
  Ints x0 = x[0] + k[0], x1 = x[1] + k[1], x2 = x[2] + k[2], x3 = x[3] + k[3];
  const auto rotate_left = [](Ints v, int n) { return (v << n) | (v >> (32 - n)); };
#pragma GCC unroll 20
  for (int round = 0; round < 20; ++round) {
    const int* r = kRotation[round % 8];
    Ints& odd = round % 2 == 0 ? x1 : x3;
    Ints& even = round % 2 == 0 ? x3 : x1;
    x0 += odd;
    odd = rotate_left(odd, r[0]) ^ x0;
    x2 += even;
    even = rotate_left(even, r[1]) ^ x2;
    if (round % 4 == 3) {
      const unsigned s = static_cast<unsigned>(round / 4 + 1);
      x0 += k[s % 5];
      x1 += k[(s + 1) % 5];
      x2 += k[(s + 2) % 5];
      x3 += k[(s + 3) % 5] + s;
    }
  }
  x[0] = x0;
  x[1] = x1;
  x[2] = x2;
  x[3] = x3;
}

/// Two numbers in (0,1) from the four words of a draw.
EUSTRESS_INLINE PackPair unit_interval_pair(const Words (&word)[4]) {
  // 52 random bits as a number in [1,2), moved to the middle of its cell in (0,1).
  constexpr double kShift = 1.0 - 0x1p-53;
  const auto to_unit_interval = [&](Words high, Words low) {
    const Bits one = repeat_bits(0x3FF0000000000000ULL);
    return from_bits(shift_right(combine(high, low), 12) | one) - kShift;
  };
  return {to_unit_interval(word[1], word[0]), to_unit_interval(word[3], word[2])};
}

EUSTRESS_INLINE PackPair uniform_pair(const StreamKey& key, const LaneIds& ids, std::uint32_t time,
                                      std::uint32_t index) {
  Words word[4];
  for (int i = 0; i < kWordParts; ++i) {
    UnsignedInts x[4] = {ids.low.part[i], ids.high.part[i], UnsignedInts{} + time,
                         UnsignedInts{} + index};
    threefry(key, x);
    for (int n = 0; n < 4; ++n) word[n].part[i] = x[n];
  }
  return unit_interval_pair(word);
}

/// The draws of two packs, with an index each. AVX-512 makes both at once: its registers hold the
/// words of sixteen.
EUSTRESS_INLINE void uniform_pairs(const StreamKey& key, const LaneIds& a, const LaneIds& b,
                                   std::uint32_t time, std::uint32_t index_a, std::uint32_t index_b,
                                   PackPair& of_a, PackPair& of_b) {
#if defined(__AVX512F__)
  using WideInts = std::uint32_t __attribute__((vector_size(64), may_alias));
  const auto join = [](const UnsignedInts& low, const UnsignedInts& high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  };
  WideInts x[4] = {join(a.low.part[0], b.low.part[0]), join(a.high.part[0], b.high.part[0]),
                   WideInts{} + time, join(UnsignedInts{} + index_a, UnsignedInts{} + index_b)};
  threefry(key, x);
  Words first[4], second[4];
  for (int n = 0; n < 4; ++n) {
    first[n].part[0] = __builtin_shufflevector(x[n], x[n], 0, 1, 2, 3, 4, 5, 6, 7);
    second[n].part[0] = __builtin_shufflevector(x[n], x[n], 8, 9, 10, 11, 12, 13, 14, 15);
  }
  of_a = unit_interval_pair(first);
  of_b = unit_interval_pair(second);
#else
  of_a = uniform_pair(key, a, time, index_a);
  of_b = uniform_pair(key, b, time, index_b);
#endif
}

EUSTRESS_INLINE PackPair normal_pair(const StreamKey& key, const LaneIds& ids, std::uint32_t time,
                                     std::uint32_t index) {
  return box_muller(uniform_pair(key, ids, time, index));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
