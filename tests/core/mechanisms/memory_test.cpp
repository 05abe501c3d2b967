#include "core/mechanisms/memory.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const MemoryParameters p = default_parameters().memory;
constexpr auto kDemand = StressorClass::demand;
constexpr int kD = static_cast<int>(kDemand);
constexpr int kT = static_cast<int>(StressorClass::threat);

MemoryState<double> inexperienced() {
  MemoryState<double> s{};
  for (double& v : s.threat) v = p.initial_threat;
  return s;
}

/// Days with one encounter each, remembered over a night of the given quality.
MemoryState<double> lived(MemoryState<double> s, const MemoryParameters& q, int days,
                          double aversiveness, bool success, double sleep = 0.8,
                          double genomic = 0.0) {
  for (int d = 0; d < days; ++d) {
    MemoryTraces<double> t{};
    memory_encode_reference(t, s, q, kDemand, 1.0, 0.4, aversiveness, success);
    memory_consolidate_reference(s, t, q, sleep, genomic);
  }
  return s;
}

TEST(Memory, EncodingIsBestAtMediumArousal) {
  const auto strength = [](double m) { return encoding_strength_reference(p, m, 0.0, 0.0); };
  EXPECT_NEAR(strength(0.0), p.encoding, 1e-15);
  EXPECT_NEAR(strength(1.0), p.encoding, 1e-15);
  EXPECT_NEAR(strength(0.5), p.encoding * (1.0 + p.inverted_u), 1e-15);
  for (double m = 0.0; m < 0.45; m += 0.1) {
    EXPECT_LT(strength(m), strength(m + 0.1));
    EXPECT_NEAR(strength(m), strength(1.0 - m), 1e-12);
  }
}

TEST(Memory, StressBeforeEncodingImpairsItEarlierCortisolProtects) {
  const double usual = encoding_strength_reference(p, 0.3, 0.0, 0.0);
  EXPECT_LT(encoding_strength_reference(p, 0.3, 0.6, 0.0), usual);
  EXPECT_GT(encoding_strength_reference(p, 0.3, 0.6, 0.5),
            encoding_strength_reference(p, 0.3, 0.6, 0.0));
  MemoryParameters steep = p;
  steep.before_loss = 1.0;
  steep.genomic_gain = 0.0;
  EXPECT_EQ(encoding_strength_reference(steep, 0.3, 1.0, 0.0), 0.0);
}

TEST(Memory, StressAfterEncodingImprovesEarlierTraces) {
  const MemoryState<double> s = inexperienced();
  MemoryTraces<double> t{};
  memory_encode_reference(t, s, p, kDemand, 1.0, 0.0, 0.2, true);
  const MemoryTraces<double> before = t;
  memory_encode_reference(t, s, p, StressorClass::threat, 1.0, 0.5, 0.2, false);
  const double gain = 1.0 + 0.5 * p.after_gain;
  EXPECT_NEAR(t.threat[kD], before.threat[kD] * gain, 1e-15);
  EXPECT_NEAR(t.safety[kD], before.safety[kD] * gain, 1e-15);
  EXPECT_NEAR(t.success[kD], before.success[kD] * gain, 1e-15);
  EXPECT_NEAR(t.threat[kT], 0.2 - p.initial_threat, 1e-15);  // its own trace is not enhanced
}

TEST(Memory, AversivenessGrowsWithSeverityAndWhatWasBorne) {
  EXPECT_EQ(realised_aversiveness_reference(0.0, 1.0), 0.0);
  EXPECT_EQ(realised_aversiveness_reference(1.0, 1.0), 1.0);
  EXPECT_EQ(realised_aversiveness_reference(1.0, 0.5), 0.5);
  EXPECT_LT(realised_aversiveness_reference(1e6, 1.0), 2.0);
}

TEST(Memory, TracesByHand) {
  MemoryTraces<double> t{};
  const double error = memory_encode_reference(t, inexperienced(), p, kDemand, 1.3, 0.6, 1.1, true);
  EXPECT_NEAR(error, 1.1 - p.initial_threat, 1e-15);
  EXPECT_NEAR(t.threat[kD], 1.3 * error, 1e-15);
  EXPECT_NEAR(t.safety[kD], 1.3 * 0.8, 1e-15);
  EXPECT_NEAR(t.success[kD], 1.3, 1e-15);
  MemoryTraces<double> failure{};
  memory_encode_reference(failure, inexperienced(), p, kDemand, 1.3, 0.6, 1.1, false);
  EXPECT_EQ(failure.safety[kD], 0.0);
  EXPECT_EQ(failure.success[kD], 0.0);
}

TEST(Memory, ThreatIsPredictedBetterWithExperience) {
  for (const double aversiveness : {0.1, 0.7, 1.6}) {
    double last = std::abs(aversiveness - p.initial_threat) + 1e-12;
    MemoryState<double> s = inexperienced();
    for (int month = 0; month < 6; ++month) {
      s = lived(s, p, 30, aversiveness, false);
      const double error = std::abs(aversiveness - s.threat[kD]);
      EXPECT_LE(error, last);
      last = error;
    }
    EXPECT_NEAR(s.threat[kD], aversiveness, 1e-3);
  }
}

TEST(Memory, PredictedThreatStaysInItsRange) {
  MemoryParameters wild = p;
  wild.threat_rate = 1.0;
  MemoryState<double> s = inexperienced();
  MemoryTraces<double> t{};
  t.threat[kD] = 10.0;
  t.threat[kT] = -10.0;
  memory_consolidate_reference(s, t, wild, 1.0, 0.0);
  EXPECT_EQ(s.threat[kD], 2.0);
  EXPECT_EQ(s.threat[kT], 0.0);
}

TEST(Memory, ConsolidationNeedsSleepAndIsSupportedByCortisol) {
  const auto safety = [](double sleep, double genomic, bool with_cortisol = true) {
    MemoryParameters q = p;
    q.glucocorticoids_at_night = with_cortisol;
    return lived(inexperienced(), q, 1, 0.2, true, sleep, genomic).safety[kD];
  };
  EXPECT_EQ(safety(0.0, 0.0), 0.0);
  EXPECT_GT(safety(0.9, 0.0), safety(0.4, 0.0));
  EXPECT_NEAR(safety(0.8, 0.4), safety(0.8, 0.0) * (1.0 + 0.4 * p.consolidation_gc), 1e-15);
  EXPECT_EQ(safety(0.8, 0.4, false), safety(0.8, 0.0));
}

TEST(Memory, GeneralisesInThreeLevels) {
  const MemoryState<double> s = lived(inexperienced(), p, 30, 0.2, true);
  EXPECT_GT(s.safety[kD], s.safety[kT]);
  EXPECT_GT(s.safety[kT], 0.0);
  EXPECT_GT(s.safety_general, 0.0);
  EXPECT_LT(s.safety_general, s.safety[kD]);
  EXPECT_GT(s.success[kD], s.success_general);
  EXPECT_LT(s.threat[kD], s.threat[kT]);
  EXPECT_LT(s.threat[kT], p.initial_threat);
}

TEST(Memory, WithoutGeneralisationStaysInItsClass) {
  MemoryParameters q = p;
  q.generalisation = false;
  const MemoryState<double> s = lived(inexperienced(), q, 30, 0.2, true);
  EXPECT_GT(s.safety[kD], 0.0);
  EXPECT_EQ(s.safety[kT], 0.0);
  EXPECT_EQ(s.success[kT], 0.0);
  EXPECT_EQ(s.threat[kT], p.initial_threat);
  EXPECT_EQ(s.safety_general, 0.0);
  EXPECT_EQ(s.success_general, 0.0);
}

TEST(Memory, EachKindCanBeSwitchedOff) {
  MemoryParameters q = p;
  q.threat_active = false;
  MemoryState<double> s = lived(inexperienced(), q, 10, 0.2, true);
  EXPECT_EQ(s.threat[kD], p.initial_threat);
  EXPECT_GT(s.safety[kD], 0.0);
  q = p;
  q.safety_active = false;
  s = lived(inexperienced(), q, 10, 0.2, true);
  EXPECT_EQ(s.safety[kD], 0.0);
  EXPECT_EQ(s.safety_general, 0.0);
  EXPECT_GT(s.success[kD], 0.0);
  q = p;
  q.success_active = false;
  s = lived(inexperienced(), q, 10, 0.2, true);
  EXPECT_EQ(s.success[kD], 0.0);
  EXPECT_EQ(s.success_general, 0.0);
  EXPECT_NE(s.threat[kD], p.initial_threat);
}

TEST(Memory, IsForgottenWithItsTimeConstantAndSaturates) {
  const MemoryState<double> s = lived(inexperienced(), p, 5000, 0.2, true);
  EXPECT_GT(s.safety[kD], 0.5);
  EXPECT_LT(s.safety[kD], 1.0);
  EXPECT_LT(s.success[kD], 1.0);
  MemoryState<double> forgotten = s;
  for (int d = 0; d < 100; ++d) {
    memory_consolidate_reference(forgotten, MemoryTraces<double>{}, p, 0.8, 0.0);
  }
  const double left = std::pow(1.0 - 1.0 / p.forgetting_tau_d, 100);
  EXPECT_NEAR(forgotten.safety[kD], s.safety[kD] * left, 1e-12);
  EXPECT_NEAR(forgotten.success_general, s.success_general * left, 1e-12);
  EXPECT_EQ(forgotten.threat[kD], s.threat[kD]);  // predictions stay until they are corrected
}

}  // namespace
}  // namespace eustress
