#include "core/mechanisms/hpa_kernel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/engine/block.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// fast_reciprocal is within 1e-10 of the true reciprocal, and the feedback MR GR of every stage is
// proportional to it; where the stages of a step nearly cancel, tens of times that (2.3e-9 is the
// most that the random parameters of these tests reach).
constexpr double kTolerance = 5e-9;

struct Rates {
  HpaRates<Pack> pack;
  std::array<HpaRates<double>, kLanes> person;
};

/// Rates of eight people with these parameters, their traits spread by `spread`.
Rates rates_of(const HpaParameters& p, double dt_min, double spread, bool lag, Random& random) {
  const double ln2 = std::log(2.0);
  Rates r{};
  r.pack.crh = ln2 * dt_min / p.crh_half_life_min;
  r.pack.brain = lag ? std::max(p.brain_rate_per_min, 1e-3) * dt_min : 0.0;
  r.pack.pituitary = ln2 * dt_min / (1440.0 * p.pituitary_turnover_d);
  r.pack.adrenal = ln2 * dt_min / (1440.0 * p.adrenal_turnover_d);
  const Numbers acth = eight([&] {
    return ln2 * dt_min / p.acth_half_life_min * std::exp(spread * random.within(-1.0, 1.0));
  });
  const Numbers cortisol = eight([&] {
    return ln2 * dt_min / p.cortisol_half_life_min * std::exp(spread * random.within(-1.0, 1.0));
  });
  const Numbers inverse_k = eight(
      [&] { return 1.0 / p.gr_half_saturation * std::exp(spread * random.within(-1.0, 1.0)); });
  r.pack.acth = packed(acth);
  r.pack.cortisol = packed(cortisol);
  r.pack.inverse_k = packed(inverse_k);
  for (std::size_t l = 0; l < kLanes; ++l) {
    r.person[l] = {r.pack.crh, r.pack.brain, r.pack.pituitary, r.pack.adrenal,
                   acth[l],    cortisol[l],  inverse_k[l]};
  }
  return r;
}

Eight<HpaState> random_states(Random& random) {
  Eight<HpaState> people;
  for (auto& s : people) {
    s = {random.within(0.05, 20.0), random.within(0.05, 20.0), random.within(0.1, 20.0),
         random.within(0.1, 20.0),  random.within(0.01, 5.0),  random.within(0.01, 5.0)};
  }
  return people;
}

void step(HpaState<Pack>& s, const HpaStageRates& rates, const Numbers& u, double crh_external,
          bool lag) {
  if (lag) {
    crh_external != 0.0 ? hpa_step<true, true>(s, rates, packed(u), crh_external)
                        : hpa_step<true, false>(s, rates, packed(u), 0.0);
  } else {
    crh_external != 0.0 ? hpa_step<false, true>(s, rates, packed(u), crh_external)
                        : hpa_step<false, false>(s, rates, packed(u), 0.0);
  }
}

TEST(HpaKernel, StepsUnderAnyParametersEqualTheReference) {
  for_each_parameter_set(26, 300, [](const ModelParameters& m, Random& random) {
    for (const bool lag : {true, false}) {
      for (const double dt_min : {0.25, 1.0, 2.5, 5.0}) {
        // A half-life far below the step is unstable, whoever computes it.
        HpaParameters p = m.hpa;
        p.crh_half_life_min = std::max(p.crh_half_life_min, 0.5 * dt_min);
        const Rates rates = rates_of(p, dt_min, 0.3, lag, random);
        const HpaStageRates stage_rates(rates.pack, crh_scheme(rates.pack.crh));
        const double crh_external = random.coin() ? 0.0 : random.within(1e-6, 50.0);
        auto people = random_states(random);
        if (!lag) {
          for (auto& s : people) s.brain_cortisol = s.cortisol;
        }
        const Numbers u = eight([&] { return random.within(0.0, 100.0); });
        // The reference's weights of CRH are, as in (H7), differences of numbers near 4 over z^2,
        // times a goal of up to 1/z of what they yield.
        const double z = rates.pack.crh;
        const double tolerance = kTolerance + 4e-15 / (z * z * z);
        auto kernel = packed(people);
        step(kernel, stage_rates, u, crh_external, lag);
        const auto after = unpacked(kernel);
        for (std::size_t l = 0; l < kLanes; ++l) {
          auto s = people[l];
          hpa_reference_step(s, rates.person[l], u[l], crh_external);
          ASSERT_TRUE(close(s, after[l], kHpaColumns, tolerance))
              << "lag " << lag << ", dt " << dt_min << ", crh_external " << crh_external << ", u "
              << u[l] << ", lane " << l;
        }
      }
    }
  });
}

// (H7) in extended precision: the closed forms then cancel to 1e-18/z^2. The smallest z of a study
// is .0058: steps of 0.25 min, a half-life of 30 min.
TEST(HpaKernel, WeightsOfTheCrhSchemeAreThoseOfTheEquation) {
  for (long double z = 0.005L; z < 4.0L; z *= 1.01L) {
    const CrhScheme s = crh_scheme(static_cast<double>(z));
    const auto zd = static_cast<long double>(static_cast<double>(z));
    const long double e = std::exp(-zd), square = -zd * zd;
    const long double weights[] = {(e * (4 + 3 * zd + zd * zd) - 4 + zd) / square,
                                   2 * (2 - zd - e * (2 + zd)) / square,
                                   (e * (4 + zd) - 4 + 3 * zd - zd * zd) / square};
    const double kernel[] = {s.first, s.middle, s.last};
    const double allowed = static_cast<double>(1e-14L * zd + 1e-18L / (zd * zd));
    for (int i = 0; i < 3; ++i) {
      EXPECT_NEAR(kernel[i], static_cast<double>(weights[i]), allowed)
          << "weight " << i << ", z " << static_cast<double>(z);
    }
    EXPECT_NEAR(s.decay, static_cast<double>(e), 1e-15);
    EXPECT_NEAR(s.half_decay, static_cast<double>(std::exp(-zd / 2)), 1e-15);
    EXPECT_NEAR(s.half_growth, 1.0 - s.half_decay, 1e-15);
  }
}

// Both presets, over two days at the default step: the differences do not grow, since the axis
// forgets within hours (the glands, within weeks, see only their means).
TEST(HpaKernel, TwoDaysOfDriveAndABolusEqualTheReference) {
  for (const char* preset : {"acute", "karin2020"}) {
    Random random(27);
    HpaParameters p = default_parameters().hpa;
    ASSERT_TRUE(apply_hpa_preset(preset, p));
    const bool lag = p.brain_rate_per_min > 0.0;
    const Rates rates = rates_of(p, 5.0, 0.3, lag, random);
    const HpaStageRates stage_rates(rates.pack, crh_scheme(rates.pack.crh));
    Eight<HpaState> people;
    for (auto& s : people) s = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
    auto kernel = packed(people);
    for (int i = 0; i < 576; ++i) {
      const Numbers u = eight([&] { return std::exp(random.normal()); });
      const double crh_external = i < 300 ? 0.0 : 10.0 * std::exp(-0.1 * (i - 300));
      step(kernel, stage_rates, u, crh_external, lag);
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        hpa_reference_step(people[l], rates.person[l], u[l], crh_external);
        ASSERT_TRUE(close(people[l], after[l], kHpaColumns, kTolerance))
            << preset << ", step " << i;
      }
    }
  }
}

TEST(HpaKernel, GlandsAndFeedbackHaveFloors) {
  HpaState<double> low{1.0, 0.0, 0.0, 0.0, 1e-4, 1e-4};
  for (const bool lag : {true, false}) {
    Random random(28);
    const Rates rates = rates_of(default_parameters().hpa, 5.0, 0.0, lag, random);
    Eight<HpaState> people;
    people.fill(low);
    auto kernel = packed(people);
    step(kernel, HpaStageRates(rates.pack, crh_scheme(rates.pack.crh)), eight([] { return 0.0; }),
         0.0, lag);
    HpaState<double> s = low;
    hpa_reference_step(s, rates.person[0], 0.0, 0.0);
    EXPECT_EQ(s.pituitary, kGlandFloor);
    for (const auto& person : unpacked(kernel)) {
      EXPECT_EQ(person.pituitary, kGlandFloor);
      EXPECT_EQ(person.adrenal, kGlandFloor);
      EXPECT_TRUE(close(s, person, kHpaColumns, kTolerance)) << "lag " << lag;
    }
  }
}

TEST(HpaKernel, IsTheSameOnEveryInstructionSet) {
  for (const bool lag : {true, false}) {
    Random random(29);
    std::vector<double> drive(576);
    for (double& u : drive) u = std::exp(random.normal());
    HpaState<Lanes> start[kPacksPerBlock], expected[kPacksPerBlock];
    HpaRates<Lanes> rates[kPacksPerBlock];
    for (int i = 0; i < kPacksPerBlock; ++i) {
      const Rates r = rates_of(default_parameters().hpa, 5.0, 0.3, lag, random);
      static_assert(sizeof rates[i] == sizeof r.pack);
      std::memcpy(&rates[i], &r.pack, sizeof rates[i]);
      auto s = packed(random_states(random));
      std::memcpy(&start[i], &s, sizeof s);
      for (const double u : drive) {
        step(s, HpaStageRates(r.pack, crh_scheme(r.pack.crh)), eight([&] { return u; }), 0.0, lag);
      }
      std::memcpy(&expected[i], &s, sizeof s);
    }
    for (const Isa isa : available_isas()) {
      HpaState<Lanes> states[kPacksPerBlock];
      std::memcpy(states, start, sizeof states);
      primitives(isa).hpa(states, rates, drive.data(), drive.size());
      EXPECT_EQ(std::memcmp(states, expected, sizeof states), 0)
          << to_string(isa) << ", lag " << lag;
    }
  }
}

}  // namespace
}  // namespace eustress
