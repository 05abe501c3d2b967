#pragma once

// exp, log, the logistic function and the Box-Muller transform for packs. Only operations of
// pack.hpp are used, so the result has the same bits on every instruction set
// (docs/design/0002-numbers.md says why a library does not do). Errors against the exact values are
// below 2.5 ulp, tested.

#include "core/numerics/pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// e^x; x is clamped to [-708, 709].
EUSTRESS_INLINE Pack exp(Pack x) {
  constexpr double kLog2E = 1.4426950408889634074;
  constexpr double kLn2Hi = 6.93147180369123816490e-01;
  constexpr double kLn2Lo = 1.90821492927058770002e-10;
  constexpr double kMagic = 6755399441055744.0;
  x = clamp(x, -708.0, 709.0);
  const Pack shifted = fma(x, kLog2E, kMagic);
  const Pack n = shifted - kMagic;
  Pack r = fma(n, -kLn2Hi, x);
  r = fma(n, -kLn2Lo, r);
  // Taylor series to order 13 on |r| <= ln(2)/2, summed in pairs.
  const Pack r2 = r * r;
  const Pack r4 = r2 * r2;
  const Pack r8 = r4 * r4;
  const Pack p01 = r + 1.0;
  const Pack p23 = fma(r, 1.0 / 6, 1.0 / 2);
  const Pack p45 = fma(r, 1.0 / 120, 1.0 / 24);
  const Pack p67 = fma(r, 1.0 / 5040, 1.0 / 720);
  const Pack p89 = fma(r, 1.0 / 362880, 1.0 / 40320);
  const Pack pab = fma(r, 1.0 / 39916800, 1.0 / 3628800);
  const Pack pcd = fma(r, 1.0 / 6227020800.0, 1.0 / 479001600.0);
  const Pack q0 = fma(r2, p23, p01);
  const Pack q1 = fma(r2, p67, p45);
  const Pack q2 = fma(r2, pab, p89);
  const Pack low = fma(r4, q1, q0);
  const Pack high = fma(r4, pcd, q2);
  const Pack p = fma(r8, high, low);
  return from_bits(to_bits(p) + shift_left(to_bits(shifted), 52));
}

/// ln x for positive normal x.
EUSTRESS_INLINE Pack log(Pack x) {
  constexpr double kLn2Hi = 6.93147180369123816490e-01;
  constexpr double kLn2Lo = 1.90821492927058770002e-10;
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
  constexpr std::uint64_t kSqrtHalf = 0x3FE6A09E667F3BCDULL;
  // k + 1023 stays positive, so that it can be shifted without sign and turned into a double by
  // bits.
  const Bits biased =
      shift_right(to_bits(x) - repeat_bits(kSqrtHalf) + repeat_bits(0x3FF0000000000000ULL), 52);
  const Pack k =
      from_bits(biased | repeat_bits(0x4330000000000000ULL)) - (4503599627370496.0 + 1023.0);
  const Pack m = from_bits(to_bits(x) - shift_left(biased - repeat_bits(1023), 52));
  const Pack f = m - 1.0;
  const Pack s = f * reciprocal(f + 2.0);  // ln m = 2 atanh(s)
  const Pack z = s * s;
  Pack t = broadcast(1.0 / 21);
  t = fma(t, z, 1.0 / 19);
  t = fma(t, z, 1.0 / 17);
  t = fma(t, z, 1.0 / 15);
  t = fma(t, z, 1.0 / 13);
  t = fma(t, z, 1.0 / 11);
  t = fma(t, z, 1.0 / 9);
  t = fma(t, z, 1.0 / 7);
  t = fma(t, z, 1.0 / 5);
  t = fma(t, z, 1.0 / 3);
  // 2 s = f - s f keeps the leading term exact.
  const Pack tail = fma(2.0 * s * z, t, -s * f);
  return fma(k, kLn2Hi, f + fma(k, kLn2Lo, tail));
}

/// 1 / (1 + e^-x)
EUSTRESS_INLINE Pack logistic(Pack x) {
  return reciprocal(1.0 + exp(-x));
}

struct PackPair {
  Pack first, second;
};

/// cos and sin of 2 pi u for u in [0,1].
EUSTRESS_INLINE PackPair cos_sin_turns(Pack u) {
  // 2 pi u = q pi/2 + r with |r| <= pi/4
  const Pack q = round(4.0 * u);
  const Pack r = (u - 0.25 * q) * 6.283185307179586476925;
  const Pack r2 = r * r;
  Pack s = broadcast(1.0 / 355687428096000.0);
  s = fma(s, r2, -1.0 / 1307674368000.0);
  s = fma(s, r2, 1.0 / 6227020800.0);
  s = fma(s, r2, -1.0 / 39916800.0);
  s = fma(s, r2, 1.0 / 362880.0);
  s = fma(s, r2, -1.0 / 5040.0);
  s = fma(s, r2, 1.0 / 120.0);
  s = fma(s, r2, -1.0 / 6.0);
  s = fma(s * r2, r, r);
  Pack c = broadcast(1.0 / 20922789888000.0);
  c = fma(c, r2, -1.0 / 87178291200.0);
  c = fma(c, r2, 1.0 / 479001600.0);
  c = fma(c, r2, -1.0 / 3628800.0);
  c = fma(c, r2, 1.0 / 40320.0);
  c = fma(c, r2, -1.0 / 720.0);
  c = fma(c, r2, 1.0 / 24.0);
  c = fma(c, r2, -0.5);
  c = fma(c, r2, 1.0);
  const Mask swap = (q == 1.0) | (q == 3.0);
  const Mask sin_negative = (q == 2.0) | (q == 3.0);
  const Mask cos_negative = (q == 1.0) | (q == 2.0);
  const Pack sine = select(swap, c, s);
  const Pack cosine = select(swap, s, c);
  return {select(cos_negative, -cosine, cosine), select(sin_negative, -sine, sine)};
}

/// Two independent standard normal values from two uniform ones in (0,1) (Box-Muller).
EUSTRESS_INLINE PackPair box_muller(PackPair u) {
  const Pack radius = sqrt(-2.0 * log(u.first));
  const PackPair direction = cos_sin_turns(u.second);
  return {radius * direction.first, radius * direction.second};
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
