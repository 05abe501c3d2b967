#pragma once

// What the daily series see of a pack, as the whole numbers that are added up.

#include "core/engine/series.hpp"
#include "core/mechanisms/traits_kernel.hpp"
#include "core/numerics/pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// x/scale within [-1, 1] in units of 2^-30, as 64-bit numbers, and the squares of these in the
/// same units. NaN becomes 0. per_scale: 1/scale, which is a power of two.
struct FixedPoints {
  Bits value, square;
};
EUSTRESS_INLINE FixedPoints fixed_points(Pack x, double per_scale) {
  // Adding it leaves a number of small magnitude rounded to even in the lower bits.
  constexpr double kRound = 0x1.8p52;
  const Bits zero = repeat_bits(0x4338000000000000ULL);
  Pack r = x * per_scale;
  r = select(r == r, clamp(r, -1.0, 1.0), 0.0) * 0x1p30;
  const Bits magnitude = to_bits(abs(r) + kRound) - zero;
  return {to_bits(r + kRound) - zero, shift_right(product_of_words(magnitude, magnitude), 30)};
}

/// The day of the pack with this number.
EUSTRESS_INLINE void see_series(const PersonState<Pack>& s, const DaySummary<Pack>& d,
                                const ControllabilityParameters& control,
                                const MemoryParameters& memory, std::size_t pack, SeriesDay& out) {
  struct PerScale {
    double of[kSeriesCount];
  };
  constexpr PerScale kPerScale = [] {
    PerScale all{};
    for (std::size_t q = 0; q < kSeriesCount; ++q) all.of[q] = 1.0 / kSeries[q].scale;
    return all;
  }();
  const auto put_at = [&](Series quantity, Pack value) {
    const auto q = static_cast<std::size_t>(quantity);
    const FixedPoints numbers = fixed_points(value, kPerScale.of[q]);
    std::memcpy(&out.value[q][pack * kLanes], &numbers.value, sizeof numbers.value);
    std::memcpy(&out.square[q][pack * kLanes], &numbers.square, sizeof numbers.square);
  };
  const auto share = [](Mask m) { return select(m, 1.0, 0.0); };
  const auto mean = [](const Pack(&x)[kStressorClasses]) {
    return (x[0] + x[1] + x[2] + x[3]) * (1.0 / kStressorClasses);
  };
  const MentalHealthState<Pack>& health = s.mental_health;
  put_at(Series::hassles, d.hassles);
  put_at(Series::encounters, d.encounters);
  put_at(Series::mastered, d.mastered);
  put_at(Series::avoided, d.avoided);
  put_at(Series::strain, d.strain);
  const Mask predicted = d.predictions > 0.0;
  put_at(Series::prediction_error,
         select(predicted, d.prediction_error / max(d.predictions, 1.0), 0.0));
  const Bits has_prediction = to_bits(select(predicted, from_bits(repeat_bits(1)), 0.0));
  std::memcpy(&out.has_prediction[pack * kLanes], &has_prediction, sizeof has_prediction);
  put_at(Series::traumatic_event, share(d.event == static_cast<double>(EventKind::traumatic)));
  put_at(Series::life_event, share(d.event > 0.0));
  put_at(Series::cortisol, d.cortisol);
  put_at(Series::noradrenaline, d.noradrenaline);
  put_at(Series::energy, s.energy.store);
  put_at(Series::distress, health.distress);
  put_at(Series::symptoms, health.symptoms);
  put_at(Series::latent, health.latent);
  put_at(Series::depressed, share(health.depressed_days >= kDepressionDays));
  put_at(Series::ptsd, share(health.ptsd_days >= kPtsdDays));
  put_at(Series::self_control, s.self_control.w);
  Pack belief = broadcast(0.0);
  for (const Pack& omega : s.controllability.omega) {
    const Pack evidence = omega + control.general_weight * s.controllability.omega_general;
    belief += clamp(control.prior + control.gain * evidence, 0.0, 1.0);
  }
  put_at(Series::control_belief, belief * (1.0 / kStressorClasses));
  put_at(Series::predicted_threat, mean(s.memory.threat));
  put_at(Series::safety_memory,
         mean(s.memory.safety) + memory.general_weight * s.memory.safety_general);
  put_at(Series::success_memory,
         mean(s.memory.success) + memory.general_weight * s.memory.success_general);
  put_at(Series::engage_value, mean(s.reinforcement.engage));
  put_at(Series::allostatic_load, s.allostasis.load);
  constexpr int kDrift = malleable_index(Factor::self_efficacy);
  put_at(Series::self_efficacy,
         s.traits.factor[index_of(Factor::self_efficacy)] + s.malleability.delta[kDrift]);
  // Days in a row are whole numbers, so a state begins on the evening that makes them enough.
  put_at(Series::depression_onset, share(health.depressed_days == kDepressionDays));
  put_at(Series::ptsd_onset, share(health.ptsd_days == kPtsdDays));
}

/// 0, or NaN where any number of the state is not finite.
EUSTRESS_INLINE Pack zero_if_finite(const PersonState<Pack>& s) {
  const auto* column = reinterpret_cast<const Pack*>(&s);
  // Four sums, so that additions do not wait for each other.
  Pack sum[4] = {broadcast(0.0), broadcast(0.0), broadcast(0.0), broadcast(0.0)};
  std::size_t c = 0;
  for (; c + 4 <= kPersonColumns; c += 4) {
    for (std::size_t i = 0; i < 4; ++i) sum[i] += 0.0 * column[c + i];
  }
  for (; c < kPersonColumns; ++c) sum[0] += 0.0 * column[c];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
