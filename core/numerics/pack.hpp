#pragma once

// A pack is eight doubles, one per individual, in one vector value. The same source is compiled once
// per instruction set (EUSTRESS_ISA names the inline namespace, so that the copies never meet in the
// linker); every operation here is correctly rounded or exact, so all copies give the same bits.

#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#ifndef EUSTRESS_ISA
#define EUSTRESS_ISA isa_baseline
#endif

#define EUSTRESS_INLINE [[gnu::always_inline]] inline

namespace eustress {
inline namespace EUSTRESS_ISA {

inline constexpr int kLanes = 8;

using Pack = double __attribute__((vector_size(64)));
using Mask = std::int64_t __attribute__((vector_size(64)));  // 0 or -1 per lane
using Bits = std::uint64_t __attribute__((vector_size(64)));
using Words = std::uint32_t __attribute__((vector_size(32)));

EUSTRESS_INLINE Pack broadcast(double x) { return Pack{x, x, x, x, x, x, x, x}; }

EUSTRESS_INLINE Pack load(const double* p) {
  Pack v;
  std::memcpy(&v, __builtin_assume_aligned(p, 64), sizeof v);
  return v;
}
EUSTRESS_INLINE void store(double* p, Pack v) {
  std::memcpy(__builtin_assume_aligned(p, 64), &v, sizeof v);
}

EUSTRESS_INLINE Bits to_bits(Pack x) {
  Bits b;
  std::memcpy(&b, &x, sizeof b);
  return b;
}
EUSTRESS_INLINE Pack from_bits(Bits b) {
  Pack x;
  std::memcpy(&x, &b, sizeof x);
  return x;
}

/// a*b + c, rounded once. Without hardware support it is computed in software: slow, same bits.
EUSTRESS_INLINE Pack fma(Pack a, Pack b, Pack c) {
#if defined(__AVX512F__)
  return (Pack)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
  __m256d x[2], y[2], z[2];
  std::memcpy(x, &a, sizeof a);
  std::memcpy(y, &b, sizeof b);
  std::memcpy(z, &c, sizeof c);
  z[0] = _mm256_fmadd_pd(x[0], y[0], z[0]);
  z[1] = _mm256_fmadd_pd(x[1], y[1], z[1]);
  Pack r;
  std::memcpy(&r, z, sizeof r);
  return r;
#else
  Pack r;
  for (int i = 0; i < kLanes; ++i) r[i] = std::fma(a[i], b[i], c[i]);
  return r;
#endif
}
EUSTRESS_INLINE Pack fma(double a, Pack b, Pack c) { return fma(broadcast(a), b, c); }
EUSTRESS_INLINE Pack fma(Pack a, Pack b, double c) { return fma(a, b, broadcast(c)); }
EUSTRESS_INLINE Pack fma(Pack a, double b, Pack c) { return fma(a, broadcast(b), c); }
EUSTRESS_INLINE Pack fma(Pack a, double b, double c) { return fma(a, broadcast(b), broadcast(c)); }

EUSTRESS_INLINE Pack sqrt(Pack x) {
#if defined(__AVX512F__)
  return (Pack)_mm512_maskz_sqrt_pd(0xFF, (__m512d)x);  // unmasked: GCC 12 warns in its header
#else
  Pack r;
  for (int i = 0; i < kLanes; ++i) r[i] = std::sqrt(x[i]);
  return r;
#endif
}

EUSTRESS_INLINE Pack select(Mask m, Pack a, Pack b) { return m ? a : b; }
EUSTRESS_INLINE Pack select(Mask m, Pack a, double b) { return m ? a : broadcast(b); }
EUSTRESS_INLINE Pack select(Mask m, double a, Pack b) { return m ? broadcast(a) : b; }
EUSTRESS_INLINE Pack select(Mask m, double a, double b) { return m ? broadcast(a) : broadcast(b); }

EUSTRESS_INLINE Pack min(Pack a, Pack b) { return a < b ? a : b; }
EUSTRESS_INLINE Pack max(Pack a, Pack b) { return a > b ? a : b; }
EUSTRESS_INLINE Pack min(Pack a, double b) { return min(a, broadcast(b)); }
EUSTRESS_INLINE Pack max(Pack a, double b) { return max(a, broadcast(b)); }
EUSTRESS_INLINE Pack clamp(Pack x, double lo, double hi) { return min(max(x, lo), hi); }
EUSTRESS_INLINE Pack abs(Pack x) { return max(x, -x); }

EUSTRESS_INLINE bool any(Mask m) {
#if defined(__AVX512F__)
  return _mm512_test_epi64_mask((__m512i)m, (__m512i)m) != 0;
#elif defined(__AVX2__)
  __m256i h[2];
  std::memcpy(h, &m, sizeof m);
  const __m256i both = _mm256_or_si256(h[0], h[1]);
  return _mm256_testz_si256(both, both) == 0;
#else
  std::int64_t r = 0;
  for (int i = 0; i < kLanes; ++i) r |= m[i];
  return r != 0;
#endif
}

/// 1/x for positive normal x, within 1 ulp. A linear guess in the exponent bits and four Newton
/// steps: integer subtraction and fused operations only, several times faster than a division.
EUSTRESS_INLINE Pack reciprocal(Pack x) {
  Pack r = from_bits(0x7FDE623822FC16E6ULL - to_bits(x));
  for (int i = 0; i < 4; ++i) {
    const Pack e = fma(-x, r, 1.0);
    r = fma(r, e, r);
  }
  return r;
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
