#pragma once

#include "core/mechanisms/memory.hpp"
#include "core/mechanisms/pick_kernel.hpp"
#include "core/numerics/portable_math.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (E1)
EUSTRESS_INLINE Pack encoding_strength(const MemoryParameters& p, Pack mean_arousal,
                                       Pack arousal_before, Pack genomic) {
  const Pack inverted_u =
      fma(4.0 * p.inverted_u * mean_arousal, 1.0 - mean_arousal, broadcast(1.0));
  const Pack readiness = 1.0 - p.before_loss * arousal_before + p.genomic_gain * genomic;
  return max(p.encoding * inverted_u * readiness, 0.0);
}
/// (E3)
EUSTRESS_INLINE Pack realised_aversiveness(Pack severity, Pack unrelieved_share) {
  return 2.0 * severity / (1.0 + severity) * unrelieved_share;
}

/// (E2)-(E4) for the lanes of `who`; success: 1 or 0. Returns a - V_k, 0 for the other lanes.
EUSTRESS_INLINE Pack encode(MemoryTraces<Pack>& t, const MemoryState<Pack>& s,
                            const MemoryParameters& p, Mask who, Pack k, Pack strength,
                            Pack mean_arousal, Pack aversiveness, Pack success) {
  const Pack error = select(who, aversiveness - pick(k, s.threat), 0.0);
  const Pack boost = select(who, fma(p.after_gain, mean_arousal, broadcast(1.0)), 1.0);
  const Pack safe = strength * fma(0.5, mean_arousal, broadcast(0.5)) * success;
  for (int j = 0; j < kStressorClasses; ++j) {
    const Mask here = who & (k == static_cast<double>(j));
    t.threat[j] = fma(t.threat[j], boost, select(here, strength * error, 0.0));
    t.safety[j] = fma(t.safety[j], boost, select(here, safe, 0.0));
    t.success[j] = fma(t.success[j], boost, select(here, strength * success, 0.0));
  }
  return error;
}

/// (E5)
EUSTRESS_INLINE void consolidate(MemoryState<Pack>& s, const MemoryTraces<Pack>& t,
                                 const MemoryParameters& p, Pack sleep_quality, Pack genomic) {
  const Pack gate = p.glucocorticoids_at_night
                        ? sleep_quality * fma(p.consolidation_gc, genomic, broadcast(1.0))
                        : sleep_quality;
  const double similarity = p.generalisation ? p.similarity : 0.0;
  const double forget = 1.0 / p.forgetting_tau_d;
  const auto total = [](const Pack(&x)[kStressorClasses]) { return (x[0] + x[1]) + (x[2] + x[3]); };
  const auto reach = [&](const Pack(&x)[kStressorClasses], Pack sum, int k) {
    return fma(similarity, sum - x[k], x[k]);
  };
  const auto grow = [&](Pack y, double rate, Pack trace) {
    return y + fma(rate * gate * trace, 1.0 - y, -forget * y);
  };
  const Pack threat_sum = total(t.threat);
  const Pack safety_sum = total(t.safety);
  const Pack success_sum = total(t.success);
  for (int k = 0; k < kStressorClasses; ++k) {
    if (p.threat_active) {
      s.threat[k] =
          clamp(fma(p.threat_rate * gate, reach(t.threat, threat_sum, k), s.threat[k]), 0.0, 2.0);
    }
    if (p.safety_active) {
      s.safety[k] = grow(s.safety[k], p.safety_rate, reach(t.safety, safety_sum, k));
    }
    if (p.success_active) {
      s.success[k] = grow(s.success[k], p.success_rate, reach(t.success, success_sum, k));
    }
  }
  const double general_rate = p.generalisation ? p.general_rate : 0.0;
  if (p.safety_active) s.safety_general = grow(s.safety_general, general_rate, safety_sum);
  if (p.success_active) s.success_general = grow(s.success_general, general_rate, success_sum);
}

/// (E6)
EUSTRESS_INLINE Pack recalled(const MemoryParameters& p, Pack k,
                              const Pack (&specific)[kStressorClasses], Pack general) {
  return fma(p.general_weight, general, pick(k, specific));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
