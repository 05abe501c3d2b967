#pragma once

#include "core/mechanisms/malleability.hpp"
#include "core/mechanisms/traits.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// x_j of eight persons, (R1) of the trait factors.
EUSTRESS_INLINE void traits_initialise(TraitState<Pack>& s, const TraitParameters& p,
                                       const Pack (&eta)[kTraits]) {
  for (std::size_t j = 0; j < kTraits; ++j) s.x[j] = p.omega[j] * eta[j];
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    const auto j = static_cast<std::size_t>(kLoadingTable[i].trait);
    s.x[j] = fma(p.loading[i], s.factor[index_of(kLoadingTable[i].factor)], s.x[j]);
  }
}

/// Position among the malleable factors, or -1.
constexpr int malleable_index(Factor factor) {
  for (int i = 0; i < kMalleable; ++i) {
    if (kMalleableFactors[static_cast<std::size_t>(i)] == factor) return i;
  }
  return -1;
}

/// Today's x_j: the state's plus what the malleable factors add.
EUSTRESS_INLINE void traits_today(Pack (&x)[kTraits], const TraitState<Pack>& s,
                                  const TraitParameters& p, const MalleabilityState<Pack>& m) {
  for (int j = 0; j < kTraits; ++j) x[j] = s.x[j];
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    const int f = malleable_index(kLoadingTable[i].factor);
    if (f < 0) continue;
    const auto j = static_cast<std::size_t>(kLoadingTable[i].trait);
    x[j] = fma(p.loading[i], m.delta[f], x[j]);
  }
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
