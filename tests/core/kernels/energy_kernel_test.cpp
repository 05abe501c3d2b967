#include "core/mechanisms/energy_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only: a mean of two shares.
constexpr double kTolerance = 1e-13;

TEST(EnergyKernel, EqualsTheReference) {
  for_each_parameter_set(15, 300, [](const ModelParameters& m, Random& random) {
    const EnergyParameters& p = m.energy;
    for (int pack = 0; pack < 10; ++pack) {
      Eight<EnergyState> people;
      for (auto& s : people) s.store = random.within(0.0, 1.0);
      const Numbers x = eight([&] { return random.within(-3.0, 3.0); });
      Numbers refill = x;
      for (double& r : refill) r = p.refill_per_h * std::exp(r);
      // 1 is rest: without stress, noradrenaline is exactly that
      const Numbers noradrenaline =
          eight([&] { return random.below(4) == 0 ? 1.0 : random.within(0.2, 20.0); });
      const Numbers cortisol = eight([&] { return random.within(0.0, 30.0); });
      const Numbers quality = eight([&] { return random.within(1e-4, 1.0); });
      const Chosen asleep = random_choice(random);
      auto kernel = packed(people);
      energy_step(kernel, p, packed(refill), packed(noradrenaline), packed(cortisol), asleep.mask(),
                  packed(quality));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        energy_reference_step(s, p, x[l], noradrenaline[l], cortisol[l], asleep[l], quality[l]);
        ASSERT_TRUE(close(s, after[l], kEnergyColumns, kTolerance, 0.01))
            << "noradrenaline " << noradrenaline[l] << ", cortisol " << cortisol[l] << ", asleep "
            << asleep[l] << ", rest_share " << p.rest_share;
      }
    }
  });
}

// With rest_share = 0, waking rest neither fills nor empties: both rates vanish.
TEST(EnergyKernel, NothingHappensAtRestIfOnlySleepRefills) {
  EnergyParameters p = default_parameters().energy;
  p.rest_share = 0.0;
  EnergyState<Pack> s{broadcast(0.625)};
  energy_step(s, p, broadcast(p.refill_per_h), broadcast(1.0), broadcast(0.5), no_lanes(),
              broadcast(0.8));
  for (const auto& person : unpacked(s)) EXPECT_EQ(person.store, 0.625);
}

}  // namespace
}  // namespace eustress
