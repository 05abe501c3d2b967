#include "core/mechanisms/catecholamines_kernel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/engine/block.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only: exact relaxation towards a constant target, a mean of two positive values.
constexpr double kTolerance = 1e-13;
constexpr double kSteps_min[] = {0.25, 1.0, 2.5, 5.0, 6.0};

struct Traits {
  Numbers noradrenaline, adrenaline, dopamine, load;

  explicit Traits(Random& random)
      : noradrenaline(eight([&] { return random.within(-3.0, 3.0); })),
        adrenaline(eight([&] { return random.within(-3.0, 3.0); })),
        dopamine(eight([&] { return random.within(-3.0, 3.0); })),
        load(eight([&] { return random.within(0.0, 20.0); })) {}

  /// What the walker makes of them once a day.
  [[nodiscard]] CatecholamineGains gains(const CatecholamineParameters& p) const {
    Numbers n, a, b, d;
    for (std::size_t l = 0; l < kLanes; ++l) {
      n[l] = p.noradrenaline_gain * std::exp(noradrenaline[l]);
      a[l] = p.adrenaline_gain * std::exp(adrenaline[l]);
      b[l] = p.brain_gain * std::exp(noradrenaline[l]);
      d[l] = p.dopamine_gain * std::exp(dopamine[l]) / (1.0 + p.blunting * load[l]);
    }
    return {packed(n), packed(a), packed(b), packed(d)};
  }
};

Eight<CatecholamineState> random_states(Random& random) {
  Eight<CatecholamineState> people;
  for (auto& s : people) {
    s = {random.within(0.2, 30.0), random.within(0.2, 30.0), random.within(0.2, 30.0),
         random.within(0.0, 30.0)};
  }
  return people;
}

TEST(CatecholaminesKernel, TargetsAndStepEqualTheReference) {
  for_each_parameter_set(3, 200, [](const ModelParameters& m, Random& random) {
    const CatecholamineParameters& p = m.catecholamines;
    for (const double dt_min : kSteps_min) {
      const CatecholamineDecay decay = catecholamine_decay(p, dt_min);
      const Traits traits(random);
      const Numbers intensity = eight([&] { return random.within(0.0, 20.0); });
      const Numbers chi = eight([&] { return random.within(0.0, 1.0); });
      const auto people = random_states(random);
      const auto targets = catecholamine_targets(traits.gains(p), packed(intensity), packed(chi));
      auto kernel = packed(people);
      catecholamines_step(kernel, decay, targets);
      const auto targets_of = unpacked(targets);
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        const auto target = catecholamine_targets_reference(
            p, traits.noradrenaline[l], traits.adrenaline[l], traits.dopamine[l], intensity[l],
            chi[l], traits.load[l]);
        ASSERT_TRUE(close(target, targets_of[l], kCatecholamineColumns, kTolerance));
        auto s = people[l];
        catecholamines_reference_step(s, p, target, dt_min);
        ASSERT_TRUE(close(s, after[l], kCatecholamineColumns, kTolerance)) << "dt " << dt_min;
      }
    }
  });
}

// The walker leaves the targets of people without an encounter at 1 without computing them.
TEST(CatecholaminesKernel, WithoutAnEncounterEveryTargetIsExactlyOne) {
  for_each_parameter_set(4, 20, [](const ModelParameters& m, Random& random) {
    const auto t =
        unpacked(catecholamine_targets(Traits(random).gains(m.catecholamines), broadcast(0.0),
                                       packed(eight([&] { return random.within(0.0, 1.0); }))));
    for (const auto& target : t) {
      EXPECT_TRUE(target.noradrenaline == 1.0 && target.adrenaline == 1.0 &&
                  target.brain_noradrenaline == 1.0 && target.dopamine == 1.0);
    }
  });
}

TEST(CatecholaminesKernel, IsTheSameOnEveryInstructionSet) {
  const CatecholamineDecay decay = catecholamine_decay(default_parameters().catecholamines, 5.0);
  Random random(5);
  std::vector<double> target(500);
  for (double& t : target) t = random.within(1.0, 20.0);
  CatecholamineState<Lanes> start[kPacksPerBlock];
  for (auto& pack : start) {
    const auto s = packed(random_states(random));
    std::memcpy(&pack, &s, sizeof pack);
  }
  CatecholamineState<Lanes> expected[kPacksPerBlock];
  for (int i = 0; i < kPacksPerBlock; ++i) {
    CatecholamineState<Pack> s;
    std::memcpy(&s, &start[i], sizeof s);
    for (const double t : target) {
      const Pack x = broadcast(t);
      catecholamines_step(s, decay, {x, x, x, x});
    }
    std::memcpy(&expected[i], &s, sizeof s);
  }
  for (const Isa isa : available_isas()) {
    CatecholamineState<Lanes> states[kPacksPerBlock];
    std::memcpy(states, start, sizeof states);
    primitives(isa).catecholamines(states, decay, target.data(), target.size());
    EXPECT_EQ(std::memcmp(states, expected, sizeof states), 0) << to_string(isa);
  }
}

}  // namespace
}  // namespace eustress
