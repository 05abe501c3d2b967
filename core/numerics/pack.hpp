#pragma once

// A pack is eight doubles, one per individual, held in the widest vector registers there are. The
// same source is compiled once per instruction set (EUSTRESS_ISA names the inline namespace, so
// that the copies never meet in the linker); every operation here is exact or correctly rounded, so
// all copies give the same bits. Layout in memory: Lanes.

#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/numerics/lanes.hpp"

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#ifndef EUSTRESS_ISA
#define EUSTRESS_ISA isa_baseline
#endif

#define EUSTRESS_INLINE [[gnu::always_inline]] inline

namespace eustress {
inline namespace EUSTRESS_ISA {

#if defined(__AVX512F__)
inline constexpr int kBytes = 64;
#elif defined(__AVX2__)
inline constexpr int kBytes = 32;
#else
inline constexpr int kBytes = 16;
#endif
/// Registers per pack.
inline constexpr int kParts = 64 / kBytes;

using Doubles = double __attribute__((vector_size(kBytes), may_alias));
using Longs = std::int64_t __attribute__((vector_size(kBytes), may_alias));
using UnsignedLongs = std::uint64_t __attribute__((vector_size(kBytes), may_alias));

struct alignas(64) [[gnu::may_alias]] Pack {
  Doubles part[kParts];
};
/// 64 bits per individual.
struct Bits {
  UnsignedLongs part[kParts];
};
/// One truth value per individual.
struct Mask {
#if defined(__AVX512F__)
  __mmask8 part[1];
#else
  Longs part[kParts];  // 0 or -1
#endif
};

/// {f(0), f(1), ...}, one register each. Written out: GCC 12 keeps a struct in memory if its parts
/// are visited by a loop, which it unrolls too late.
template <class T, class F>
EUSTRESS_INLINE T parts(F f) {
  if constexpr (kParts == 1) {
    return {{f(0)}};
  } else if constexpr (kParts == 2) {
    return {{f(0), f(1)}};
  } else {
    return {{f(0), f(1), f(2), f(3)}};
  }
}
/// f(0), f(1), ...
template <class F>
EUSTRESS_INLINE void for_each_part(F f) {
  f(0);
  if constexpr (kParts > 1) f(1);
  if constexpr (kParts > 2) {
    f(2);
    f(3);
  }
}
/// The expression, of part i, as what `parts` calls.
#define EUSTRESS_EACH(...)                                     \
  [&]([[maybe_unused]] int i) __attribute__((always_inline)) { \
    return __VA_ARGS__;                                        \
  }

/// x - 0 is x even where x + 0 is not (-0), so this is a broadcast and nothing else.
EUSTRESS_INLINE Doubles repeat(double x) {
  return x - Doubles{};
}
EUSTRESS_INLINE Pack broadcast(double x) {
  return parts<Pack>(EUSTRESS_EACH(repeat(x)));
}
EUSTRESS_INLINE Pack load(const Lanes& x) {
  Pack r{};
  std::memcpy(&r, &x, sizeof r);
  return r;
}
EUSTRESS_INLINE Lanes to_lanes(Pack x) {
  Lanes r;
  std::memcpy(&r, &x, sizeof r);
  return r;
}
EUSTRESS_INLINE Bits to_bits(Pack x) {
  return parts<Bits>(EUSTRESS_EACH((UnsignedLongs)x.part[i]));
}
EUSTRESS_INLINE Pack from_bits(Bits x) {
  return parts<Pack>(EUSTRESS_EACH((Doubles)x.part[i]));
}

// Arithmetic, lane by lane; a double stands for eight copies of itself.
#define EUSTRESS_BINARY(TYPE, OP)                              \
  EUSTRESS_INLINE TYPE operator OP(TYPE a, TYPE b) {           \
    return parts<TYPE>(EUSTRESS_EACH(a.part[i] OP b.part[i])); \
  }
EUSTRESS_BINARY(Pack, +)
EUSTRESS_BINARY(Pack, -)
EUSTRESS_BINARY(Pack, *)
EUSTRESS_BINARY(Pack, /)
EUSTRESS_BINARY(Bits, +)
EUSTRESS_BINARY(Bits, -)
EUSTRESS_BINARY(Bits, |)
#undef EUSTRESS_BINARY
#define EUSTRESS_MIXED(OP)                             \
  EUSTRESS_INLINE Pack operator OP(Pack a, double b) { \
    return a OP broadcast(b);                          \
  }                                                    \
  EUSTRESS_INLINE Pack operator OP(double a, Pack b) { \
    return broadcast(a) OP b;                          \
  }
EUSTRESS_MIXED(+)
EUSTRESS_MIXED(-)
EUSTRESS_MIXED(*)
EUSTRESS_MIXED(/)
#undef EUSTRESS_MIXED
EUSTRESS_INLINE Pack& operator+=(Pack& a, Pack b) {
  return a = a + b;
}
EUSTRESS_INLINE Pack& operator-=(Pack& a, Pack b) {
  return a = a - b;
}
EUSTRESS_INLINE Pack& operator*=(Pack& a, Pack b) {
  return a = a * b;
}
EUSTRESS_INLINE Pack operator-(Pack a) {
  return parts<Pack>(EUSTRESS_EACH(-a.part[i]));
}
EUSTRESS_INLINE Bits repeat_bits(std::uint64_t x) {
  return parts<Bits>(EUSTRESS_EACH(UnsignedLongs{} + x));
}
EUSTRESS_INLINE Bits shift_left(Bits x, int n) {
  return parts<Bits>(EUSTRESS_EACH(x.part[i] << n));
}
EUSTRESS_INLINE Bits shift_right(Bits x, int n) {
  return parts<Bits>(EUSTRESS_EACH(x.part[i] >> n));
}
/// Of the lower 32 bits, which are the whole number in both.
EUSTRESS_INLINE Bits product_of_words(Bits a, Bits b) {
#if defined(__AVX512F__)
  return {{(UnsignedLongs)_mm512_maskz_mul_epu32(0xFF, (__m512i)a.part[0], (__m512i)b.part[0])}};
#elif defined(__AVX2__)
  return parts<Bits>(
      EUSTRESS_EACH((UnsignedLongs)_mm256_mul_epu32((__m256i)a.part[i], (__m256i)b.part[i])));
#else
  return parts<Bits>(EUSTRESS_EACH(a.part[i] * b.part[i]));
#endif
}

// Comparison, selection and the operations that need an instruction of their own.
#if defined(__AVX512F__)

#define EUSTRESS_COMPARE(OP, PREDICATE)                                               \
  EUSTRESS_INLINE Mask operator OP(Pack a, Pack b) {                                  \
    return {{_mm512_cmp_pd_mask((__m512d)a.part[0], (__m512d)b.part[0], PREDICATE)}}; \
  }
EUSTRESS_INLINE Mask operator&(Mask a, Mask b) {
  return {{_kand_mask8(a.part[0], b.part[0])}};
}
EUSTRESS_INLINE Mask operator|(Mask a, Mask b) {
  return {{_kor_mask8(a.part[0], b.part[0])}};
}
EUSTRESS_INLINE Mask operator!(Mask a) {
  return {{_knot_mask8(a.part[0])}};
}
EUSTRESS_INLINE bool any(Mask m) {
  return m.part[0] != 0;
}
EUSTRESS_INLINE Mask no_lanes() {
  return {{0}};
}
EUSTRESS_INLINE Pack select(Mask m, Pack a, Pack b) {
  return {{(Doubles)_mm512_mask_blend_pd(m.part[0], (__m512d)b.part[0], (__m512d)a.part[0])}};
}
EUSTRESS_INLINE bool lane(Mask m, int i) {
  return ((m.part[0] >> i) & 1) != 0;
}

// The zero-masking forms are the plain instructions here; GCC 12 warns inside the plain intrinsics.
EUSTRESS_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) {
  return (Doubles)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
EUSTRESS_INLINE Doubles fnma(Doubles a, Doubles b, Doubles c) {
  return (Doubles)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
EUSTRESS_INLINE Doubles min(Doubles a, Doubles b) {
  return (Doubles)_mm512_maskz_min_pd(0xFF, (__m512d)a, (__m512d)b);
}
EUSTRESS_INLINE Doubles max(Doubles a, Doubles b) {
  return (Doubles)_mm512_maskz_max_pd(0xFF, (__m512d)a, (__m512d)b);
}
EUSTRESS_INLINE Pack sqrt(Pack x) {
  return {{(Doubles)_mm512_maskz_sqrt_pd(0xFF, (__m512d)x.part[0])}};
}

#else

#define EUSTRESS_COMPARE(OP, PREDICATE)                                 \
  EUSTRESS_INLINE Mask operator OP(Pack a, Pack b) {                    \
    return parts<Mask>(EUSTRESS_EACH((Longs)(a.part[i] OP b.part[i]))); \
  }
EUSTRESS_INLINE Mask operator&(Mask a, Mask b) {
  return parts<Mask>(EUSTRESS_EACH(a.part[i] & b.part[i]));
}
EUSTRESS_INLINE Mask operator|(Mask a, Mask b) {
  return parts<Mask>(EUSTRESS_EACH(a.part[i] | b.part[i]));
}
EUSTRESS_INLINE Mask operator!(Mask a) {
  return parts<Mask>(EUSTRESS_EACH(~a.part[i]));
}
EUSTRESS_INLINE bool any(Mask m) {
#if defined(__AVX2__)
  return _mm256_movemask_pd((__m256d)(m.part[0] | m.part[1])) != 0;
#else
  Longs r = m.part[0];
  for (int i = 1; i < kParts; ++i) r |= m.part[i];
  return (r[0] | r[1]) != 0;
#endif
}
EUSTRESS_INLINE Mask no_lanes() {
  return parts<Mask>(EUSTRESS_EACH(Longs{}));
}
EUSTRESS_INLINE Pack select(Mask m, Pack a, Pack b) {
#if defined(__AVX2__)
  return parts<Pack>(EUSTRESS_EACH(
      (Doubles)_mm256_blendv_pd((__m256d)b.part[i], (__m256d)a.part[i], (__m256d)m.part[i])));
#else
  return parts<Pack>(
      EUSTRESS_EACH((Doubles)((m.part[i] & (Longs)a.part[i]) | (~m.part[i] & (Longs)b.part[i]))));
#endif
}
EUSTRESS_INLINE bool lane(Mask m, int i) {
  std::int64_t word[kLanes];
  std::memcpy(word, &m, sizeof word);
  return word[i] != 0;
}

#if defined(__AVX2__)
/// a*b + c, rounded once.
EUSTRESS_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) {
  return (Doubles)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
/// c - a*b, rounded once.
EUSTRESS_INLINE Doubles fnma(Doubles a, Doubles b, Doubles c) {
  return (Doubles)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
/// a < b ? a : b, so b if either is NaN.
EUSTRESS_INLINE Doubles min(Doubles a, Doubles b) {
  return (Doubles)_mm256_min_pd((__m256d)a, (__m256d)b);
}
/// a > b ? a : b, so b if either is NaN.
EUSTRESS_INLINE Doubles max(Doubles a, Doubles b) {
  return (Doubles)_mm256_max_pd((__m256d)a, (__m256d)b);
}
EUSTRESS_INLINE Pack sqrt(Pack x) {
  return parts<Pack>(EUSTRESS_EACH((Doubles)_mm256_sqrt_pd((__m256d)x.part[i])));
}
#else
/// a*b + c, rounded once: computed in software where the processor cannot. Slow, same bits.
EUSTRESS_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) {
  return Doubles{std::fma(a[0], b[0], c[0]), std::fma(a[1], b[1], c[1])};
}
/// c - a*b, rounded once.
EUSTRESS_INLINE Doubles fnma(Doubles a, Doubles b, Doubles c) {
  return fma(-a, b, c);
}
/// a < b ? a : b, so b if either is NaN.
EUSTRESS_INLINE Doubles min(Doubles a, Doubles b) {
  return a < b ? a : b;
}
/// a > b ? a : b, so b if either is NaN.
EUSTRESS_INLINE Doubles max(Doubles a, Doubles b) {
  return a > b ? a : b;
}
EUSTRESS_INLINE Pack sqrt(Pack x) {
  Lanes r = to_lanes(x);
  for (double& v : r.value) v = std::sqrt(v);
  return load(r);
}
#endif
#endif

EUSTRESS_COMPARE(<, _CMP_LT_OQ)
EUSTRESS_COMPARE(<=, _CMP_LE_OQ)
EUSTRESS_COMPARE(>, _CMP_GT_OQ)
EUSTRESS_COMPARE(>=, _CMP_GE_OQ)
EUSTRESS_COMPARE(==, _CMP_EQ_OQ)
#undef EUSTRESS_COMPARE
#define EUSTRESS_COMPARE_MIXED(OP)                     \
  EUSTRESS_INLINE Mask operator OP(Pack a, double b) { \
    return a OP broadcast(b);                          \
  }
EUSTRESS_COMPARE_MIXED(<)
EUSTRESS_COMPARE_MIXED(<=)
EUSTRESS_COMPARE_MIXED(>)
EUSTRESS_COMPARE_MIXED(>=)
EUSTRESS_COMPARE_MIXED(==)
#undef EUSTRESS_COMPARE_MIXED

EUSTRESS_INLINE Pack fma(Pack a, Pack b, Pack c) {
  return parts<Pack>(EUSTRESS_EACH(fma(a.part[i], b.part[i], c.part[i])));
}
EUSTRESS_INLINE Pack fnma(Pack a, Pack b, Pack c) {
  return parts<Pack>(EUSTRESS_EACH(fnma(a.part[i], b.part[i], c.part[i])));
}
EUSTRESS_INLINE Pack min(Pack a, Pack b) {
  return parts<Pack>(EUSTRESS_EACH(min(a.part[i], b.part[i])));
}
EUSTRESS_INLINE Pack max(Pack a, Pack b) {
  return parts<Pack>(EUSTRESS_EACH(max(a.part[i], b.part[i])));
}

// Convenience forms with constants.
EUSTRESS_INLINE Pack fma(double a, Pack b, Pack c) {
  return fma(broadcast(a), b, c);
}
EUSTRESS_INLINE Pack fma(Pack a, double b, Pack c) {
  return fma(a, broadcast(b), c);
}
EUSTRESS_INLINE Pack fma(Pack a, Pack b, double c) {
  return fma(a, b, broadcast(c));
}
EUSTRESS_INLINE Pack fma(Pack a, double b, double c) {
  return fma(a, broadcast(b), broadcast(c));
}
EUSTRESS_INLINE Pack fnma(Pack a, Pack b, double c) {
  return fnma(a, b, broadcast(c));
}
EUSTRESS_INLINE Pack select(Mask m, Pack a, double b) {
  return select(m, a, broadcast(b));
}
EUSTRESS_INLINE Pack select(Mask m, double a, Pack b) {
  return select(m, broadcast(a), b);
}
EUSTRESS_INLINE Pack select(Mask m, double a, double b) {
  return select(m, broadcast(a), broadcast(b));
}
EUSTRESS_INLINE Pack min(Pack a, double b) {
  return min(a, broadcast(b));
}
EUSTRESS_INLINE Pack max(Pack a, double b) {
  return max(a, broadcast(b));
}
EUSTRESS_INLINE Pack clamp(Pack x, double lo, double hi) {
  return min(max(x, lo), hi);
}
EUSTRESS_INLINE Pack abs(Pack x) {
  return max(x, -x);
}

/// 1/x for positive normal x, relative error below 1e-10. A linear guess in the exponent bits
/// (error e < .051) and three factors of 1/(1-e) = (1+e)(1+e^2)(1+e^4)...: an integer subtraction,
/// products and fused operations only, several times faster than a division.
EUSTRESS_INLINE Doubles fast_reciprocal(Doubles x) {
  Doubles r = (Doubles)(0x7FDE623822FC16E6ULL - (UnsignedLongs)x);
  const Doubles e = fnma(x, r, repeat(1.0));
  const Doubles e2 = e * e;
  r = fma(r, e, r);
  r = fma(r, e2, r);
  return fma(r, e2 * e2, r);
}
EUSTRESS_INLINE Pack fast_reciprocal(Pack x) {
  return parts<Pack>(EUSTRESS_EACH(fast_reciprocal(x.part[i])));
}

#undef EUSTRESS_EACH

/// 1/x for positive normal x, within 1 ulp.
EUSTRESS_INLINE Pack reciprocal(Pack x) {
  const Pack r = fast_reciprocal(x);
  return fma(r, fnma(x, r, 1.0), r);
}

/// Nearest integer (ties to even) for |x| < 2^51.
EUSTRESS_INLINE Pack round(Pack x) {
  constexpr double kMagic = 6755399441055744.0;  // 1.5 * 2^52
  return (x + kMagic) - kMagic;
}
/// Largest integer not above x, for |x| < 2^51.
EUSTRESS_INLINE Pack floor(Pack x) {
  const Pack r = round(x);
  return r - select(r > x, 1.0, 0.0);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
