#include "core/mechanisms/interventions_kernel.hpp"

#include <gtest/gtest.h>

#include "core/mechanisms/hpa_kernel.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding only

InterventionSlot random_slot(Random& random) {
  InterventionSlot slot{};
  slot.kind = static_cast<InterventionKind>(random.below(kInterventionKinds));
  slot.target = static_cast<InterventionTarget>(random.below(7));
  slot.start_day = random.below(4);
  slot.end_day = slot.start_day + 1 + random.below(4);
  slot.dose = random.within(0.0, 20.0);
  slot.fraction = random.within(0.0, 1.0);
  for (double& w : slot.weight) w = random.coin() ? 0.0 : random.within(-2.0, 2.0);
  slot.cut = random.normal();
  slot.threshold = random.within(0.0, 5.0);
  slot.stepped = random.coin();
  slot.stratum = random.below(3);
  slot.adherence = random.within(0.0, 1.0);
  slot.dropout = random.coin() ? 0.0 : random.within(0.0, 1.0);
  slot.build_up = random.within(0.0, 1.0);
  slot.decay = random.within(0.0, 1.0);
  slot.booster = random.coin() ? 0.0 : random.within(0.0, 1.0);
  slot.every_days = 1;
  return slot;
}

double random_state(Random& random) {
  const double level = random.within(0.0, 20.0);
  switch (random.below(4)) {
    case 0:
      return kNotEnrolled;
    case 1:
      return kDroppedOut - level;
    case 2:
      return 0.0;
    default:
      return level;
  }
}

TEST(InterventionsKernel, MorningsAndNightsEqualTheReference) {
  Random random(61);
  int held_at_all = 0;
  for (int i = 0; i < 5000; ++i) {
    const InterventionSlot slot = random_slot(random);
    const int day = random.below(9);
    const Numbers state = eight([&] { return random_state(random); });
    const Chosen target = random_choice(random);
    const Numbers u = eight([&] { return random.uniform(); });
    const Numbers v = eight([&] { return random.uniform(); });
    const Numbers mastered = eight([&] { return static_cast<double>(random.below(3)); });
    Pack kernel = packed(state);
    const Mask held = intervention_morning(kernel, slot, day, target.mask(), packed(u), packed(v));
    const Numbers morning = unpacked(kernel);
    intervention_night(kernel, slot, packed(mastered));
    const Numbers night = unpacked(kernel);
    for (std::size_t l = 0; l < kLanes; ++l) {
      double s = state[l];
      const bool is_held = intervention_morning_reference(s, slot, day, target[l], u[l], v[l]);
      ASSERT_EQ(lane(held, static_cast<int>(l)), is_held) << "day " << day << ", lane " << l;
      ASSERT_TRUE(close(s, morning[l], kTolerance)) << "morning, from " << state[l];
      ASSERT_EQ(s == kNotEnrolled, morning[l] == kNotEnrolled);
      intervention_night_reference(s, slot, mastered[l] > 0.0);
      ASSERT_TRUE(close(s, night[l], kTolerance)) << "night, from " << state[l];
      held_at_all += is_held ? 1 : 0;
    }
  }
  EXPECT_GT(held_at_all, 1000);
}

TEST(InterventionsKernel, TargetsEqualTheReference) {
  Random random(62);
  int in = 0, all = 0;
  for (int i = 0; i < 2000; ++i) {
    const InterventionSlot slot = random_slot(random);
    double z[kLanes][kFactors];
    Pack packs[kFactors];
    for (std::size_t f = 0; f < kFactors; ++f) {
      Numbers x;
      for (std::size_t l = 0; l < kLanes; ++l) z[l][f] = x[l] = random.normal();
      packs[f] = packed(x);
    }
    const Numbers stratum = eight([&] { return static_cast<double>(random.below(3)); });
    const Numbers symptoms = eight([&] { return random.within(0.0, 6.0); });
    const Numbers u = eight([&] { return random.uniform(); });
    const Mask kernel = is_target(slot, packs, packed(stratum), packed(symptoms), packed(u));
    for (std::size_t l = 0; l < kLanes; ++l) {
      const bool expected = is_target_reference(slot, z[l], stratum[l], symptoms[l], u[l]);
      ASSERT_EQ(lane(kernel, static_cast<int>(l)), expected)
          << "target " << static_cast<int>(slot.target);
      in += expected ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GT(in, all / 4);
  EXPECT_LT(in, 3 * all / 4);
}

TEST(InterventionsKernel, EffectsEqualTheReference) {
  for_each_parameter_set(63, 200, [](const ModelParameters& m, Random& random) {
    const InterventionParameters& p = m.interventions;
    const Numbers level = eight([&] { return random.coin() ? 0.0 : random.within(0.0, 100.0); });
    const Numbers w = eight([&] { return random.within(0.0, 1.0); });
    const Numbers omega = eight([&] { return random.within(-1.0, 1.0); });
    const Numbers x = eight([&] { return random.within(0.0, 30.0); });
    const Numbers control = unpacked(trained_control(p, packed(omega), packed(level)));
    const Numbers self = unpacked(trained_self_control(p, packed(w), packed(level)));
    const Numbers load = unpacked(exercised_load(p, packed(x), packed(level)));
    const Numbers blocked = unpacked(blocked_noradrenaline(packed(x), packed(level)));
    for (std::size_t l = 0; l < kLanes; ++l) {
      ASSERT_TRUE(close(trained_control_reference(p, omega[l], level[l]), control[l], kTolerance));
      ASSERT_TRUE(close(trained_self_control_reference(p, w[l], level[l]), self[l], kTolerance));
      ASSERT_TRUE(close(exercised_load_reference(p, x[l], level[l]), load[l], kTolerance));
      ASSERT_TRUE(close(blocked_noradrenaline_reference(x[l], level[l]), blocked[l], kTolerance));
      if (level[l] != 0.0) continue;
      // Nothing is exactly nothing.
      ASSERT_TRUE(same_bits(control[l], omega[l]) && same_bits(self[l], w[l]) &&
                  same_bits(load[l], x[l]) && same_bits(blocked[l], x[l]));
    }
  });
}

TEST(InterventionsKernel, HormonesUnderDrugsEqualTheReferenceAndWithoutThemTheSameBits) {
  Random random(64);
  const HpaParameters p = default_parameters().hpa;
  for (int i = 0; i < 500; ++i) {
    Eight<HpaState> people;
    for (auto& s : people) {
      s = {random.within(0.1, 5.0), random.within(0.1, 5.0), random.within(0.1, 5.0),
           random.within(0.1, 5.0), random.within(0.5, 2.0), random.within(0.5, 2.0)};
    }
    const double ln2 = std::log(2.0);
    HpaRates<double> rates{.crh = ln2 * 5.0 / p.crh_half_life_min,
                           .brain = p.brain_rate_per_min * 5.0,
                           .pituitary = ln2 * 5.0 / (1440.0 * p.pituitary_turnover_d),
                           .adrenal = ln2 * 5.0 / (1440.0 * p.adrenal_turnover_d),
                           .acth = ln2 * 5.0 / p.acth_half_life_min,
                           .cortisol = ln2 * 5.0 / p.cortisol_half_life_min,
                           .inverse_k = 1.0 / p.gr_half_saturation};
    const HpaStageRates stages(
        {rates.crh, rates.brain, rates.pituitary, rates.adrenal, broadcast(rates.acth),
         broadcast(rates.cortisol), broadcast(rates.inverse_k)},
        crh_scheme(rates.crh));
    const Numbers u = eight([&] { return random.within(0.0, 20.0); });
    const Numbers share = eight([&] { return random.coin() ? 1.0 : random.within(0.01, 1.0); });
    const Numbers external = eight([&] { return random.coin() ? 0.0 : random.within(0.0, 20.0); });
    auto drugged = packed(people), plain = packed(people);
    hpa_step<true, false, true>(drugged, stages, packed(u), 0.0, packed(share), packed(external));
    hpa_step<true, false>(plain, stages, packed(u), 0.0);
    const auto with = unpacked(drugged), without = unpacked(plain);
    for (std::size_t l = 0; l < kLanes; ++l) {
      auto s = people[l];
      hpa_reference_step(s, rates, u[l], 0.0, share[l], external[l]);
      ASSERT_TRUE(close(s, with[l], kHpaColumns, 1e-9));  // fast_reciprocal
      if (share[l] != 1.0 || external[l] != 0.0) continue;
      ASSERT_TRUE(same_bits(with[l], without[l]));
    }
  }
}

}  // namespace
}  // namespace eustress
