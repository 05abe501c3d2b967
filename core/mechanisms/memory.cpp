#include "core/mechanisms/memory.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

double encoding_strength_reference(const MemoryParameters& p, double mean_arousal,
                                   double arousal_before, double genomic_beyond_rest) {
  const double inverted_u = 1.0 + p.inverted_u * 4.0 * mean_arousal * (1.0 - mean_arousal);
  const double context =
      1.0 - p.before_loss * arousal_before + p.genomic_gain * genomic_beyond_rest;
  return std::max(0.0, p.encoding * inverted_u * context);  // (E1)
}

double realised_aversiveness_reference(double severity, double unrelieved_share) {
  return 2.0 * severity / (1.0 + severity) * unrelieved_share;  // (E3)
}

double memory_encode_reference(MemoryTraces<double>& t, const MemoryState<double>& s,
                               const MemoryParameters& p, StressorClass stressor, double strength,
                               double mean_arousal, double aversiveness, bool success) {
  const double afterwards = 1.0 + p.after_gain * mean_arousal;
  for (int j = 0; j < kStressorClasses; ++j) {  // (E2)
    t.threat[j] *= afterwards;
    t.safety[j] *= afterwards;
    t.success[j] *= afterwards;
  }
  const int k = static_cast<int>(stressor);
  const double error = aversiveness - s.threat[k];  // (E3)
  t.threat[k] += strength * error;                  // (E4)
  if (success) {
    t.safety[k] += strength * (0.5 + 0.5 * mean_arousal);
    t.success[k] += strength;
  }
  return error;
}

namespace {

double sum(const double (&traces)[kStressorClasses]) {
  double total = 0.0;
  for (const double trace : traces) total += trace;
  return total;
}

/// Own trace and, as far as classes are similar, those of the others.
double generalised(const double (&traces)[kStressorClasses], int k, double similarity) {
  return traces[k] + similarity * (sum(traces) - traces[k]);
}

}  // namespace

void memory_consolidate_reference(MemoryState<double>& s, const MemoryTraces<double>& t,
                                  const MemoryParameters& p, double sleep_quality,
                                  double genomic_beyond_rest) {
  const double g = p.glucocorticoids_at_night ? genomic_beyond_rest : 0.0;
  const double gate = sleep_quality * (1.0 + p.consolidation_gc * g);
  const double similarity = p.generalisation ? p.similarity : 0.0;
  const double general_rate = p.generalisation ? p.general_rate : 0.0;
  const auto consolidated = [&](double y, double rate, double trace) {
    return y + rate * gate * trace * (1.0 - y) - y / p.forgetting_tau_d;
  };
  for (int k = 0; k < kStressorClasses; ++k) {  // (E5)
    if (p.threat_active) {
      const double change = p.threat_rate * gate * generalised(t.threat, k, similarity);
      s.threat[k] = std::clamp(s.threat[k] + change, 0.0, 2.0);
    }
    if (p.safety_active) {
      s.safety[k] = consolidated(s.safety[k], p.safety_rate, generalised(t.safety, k, similarity));
    }
    if (p.success_active) {
      s.success[k] =
          consolidated(s.success[k], p.success_rate, generalised(t.success, k, similarity));
    }
  }
  if (p.safety_active) {
    s.safety_general = consolidated(s.safety_general, general_rate, sum(t.safety));
  }
  if (p.success_active) {
    s.success_general = consolidated(s.success_general, general_rate, sum(t.success));
  }
}

}  // namespace eustress
