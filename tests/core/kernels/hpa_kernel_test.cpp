#include "core/mechanisms/hpa_kernel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/engine/block.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// fast_reciprocal is within 1e-10 of the true reciprocal. The feedback MR GR of each of the four
// stages is proportional to it, and a stage passes on what the one before it brought: below 1e-9 of
// the sizes of the terms.
constexpr double kTolerance = 1e-9;

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

/// What (H7) adds up in one step, every term with its magnitude: errors of the terms are relative
/// to this, not to sums in which they nearly cancel.
HpaState<double> sizes_of_terms(const HpaState<double>& s, const HpaRates<double>& g, double u,
                                double crh_external) {
  struct Stage {
    double x1, x2, x3, b;               // values
    double size1, size2, size3, sizeb;  // and what they are made of
  };
  struct Slope {
    double goal, x2, x3, b;
    double size1, size2, size3, sizeb;
  };
  const auto slope = [&](const Stage& at) {
    const double brain = g.brain > 0.0 ? at.b : at.x3;
    // MR GR goes at most with the fourth power of b, which may itself be what nearly cancelled.
    const double spread =
        1.0 + 4.0 * ((g.brain > 0.0 ? at.sizeb : at.size3) / std::abs(brain) - 1.0);
    const double gr = 1.0 / (1.0 + std::pow(brain * g.inverse_k, 3.0));
    return Slope{
        u / brain * gr,
        g.acth * ((at.x1 + crh_external) * s.pituitary * gr - at.x2),
        g.cortisol * (at.x2 * s.adrenal - at.x3),
        g.brain * (at.x3 - at.b),
        spread * std::abs(u / brain * gr),
        g.acth * ((at.size1 + crh_external) * s.pituitary * spread * std::abs(gr) + at.size2),
        g.cortisol * (at.size2 * s.adrenal + at.size3),
        g.brain * (at.size3 + at.sizeb)};
  };
  const Stage start{s.crh, s.acth, s.cortisol, s.brain_cortisol,
                    s.crh, s.acth, s.cortisol, s.brain_cortisol};
  const auto stage = [&](const Slope& k, double h, double x1, double size1) {
    return Stage{
        x1,    s.acth + h * k.x2,    s.cortisol + h * k.x3,    s.brain_cortisol + h * k.b,
        size1, s.acth + h * k.size2, s.cortisol + h * k.size3, s.brain_cortisol + h * k.sizeb};
  };
  const double half = std::exp(-g.crh / 2.0), growth = 1.0 - half;
  const Slope k1 = slope(start);
  const Stage a = stage(k1, 0.5, half * s.crh + growth * k1.goal, half * s.crh + growth * k1.size1);
  const Slope k2 = slope(a);
  const Stage b = stage(k2, 0.5, half * s.crh + growth * k2.goal, half * s.crh + growth * k2.size1);
  const Slope k3 = slope(b);
  const Slope k4 = slope(stage(k3, 1.0, half * a.x1 + growth * (2.0 * k3.goal - k1.goal),
                               half * a.size1 + growth * (2.0 * k3.size1 + k1.size1)));
  const CrhScheme w = crh_scheme(g.crh);
  const auto weighted = [](double before, double k_1, double k_2, double k_3, double k_4) {
    return before + (k_1 + 2.0 * k_2 + 2.0 * k_3 + k_4) / 6.0;
  };
  HpaState<double> sizes{};
  sizes.crh = w.decay * s.crh + std::abs(w.first) * k1.size1 +
              std::abs(w.middle) * (k2.size1 + k3.size1) + std::abs(w.last) * k4.size1;
  sizes.acth = weighted(s.acth, k1.size2, k2.size2, k3.size2, k4.size2);
  sizes.cortisol = weighted(s.cortisol, k1.size3, k2.size3, k3.size3, k4.size3);
  sizes.brain_cortisol = g.brain > 0.0
                             ? weighted(s.brain_cortisol, k1.sizeb, k2.sizeb, k3.sizeb, k4.sizeb)
                             : sizes.cortisol;
  const double edges = g.crh / 12.0 * (k1.size1 + k4.size1 + sizes.crh + s.crh);
  sizes.pituitary =
      s.pituitary * (1.0 + g.pituitary * (sizes.crh + crh_external + 1.0 + edges)) + kGlandFloor;
  sizes.adrenal = s.adrenal * (1.0 + g.adrenal * (sizes.acth + 1.0)) + kGlandFloor;
  return sizes;
}

::testing::AssertionResult close_for_terms(const HpaState<double>& reference,
                                           const HpaState<double>& kernel,
                                           const HpaState<double>& sizes, double tolerance) {
  using Row = std::array<double, kColumns<HpaState>>;
  const Row a = std::bit_cast<Row>(reference), b = std::bit_cast<Row>(kernel);
  const Row size = std::bit_cast<Row>(sizes);
  for (std::size_t c = 0; c < a.size(); ++c) {
    const double error = std::abs(a[c] - b[c]);
    if (std::isfinite(a[c]) && error <= tolerance * size[c]) continue;
    return ::testing::AssertionFailure()
           << kHpaColumns[c].name << ": reference " << ::testing::PrintToString(a[c]) << ", kernel "
           << ::testing::PrintToString(b[c]) << ", difference " << error / size[c]
           << " of the terms' size " << size[c] << " (allowed " << tolerance << ")";
  }
  return ::testing::AssertionSuccess();
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
          const auto sizes = sizes_of_terms(s, rates.person[l], u[l], crh_external);
          hpa_reference_step(s, rates.person[l], u[l], crh_external);
          ASSERT_TRUE(close_for_terms(s, after[l], sizes, tolerance))
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
