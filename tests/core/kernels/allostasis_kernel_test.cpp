#include "core/mechanisms/allostasis_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only; the decay is computed once with portable_exp, which is within 2 ulp of std::exp.
constexpr double kTolerance = 1e-13;

void night(AllostasisState<Pack>& s, const AllostasisParameters& p, const Numbers& cortisol,
           const Numbers& noradrenaline, const Numbers& energy) {
  allostasis_night(s, p, 1.0 - std::exp(-1.0 / p.tau_d), packed(cortisol), packed(noradrenaline),
                   packed(energy));
}

TEST(AllostasisKernel, EqualsTheReference) {
  for_each_parameter_set(1, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      Eight<AllostasisState> people;
      for (auto& s : people) s.load = random.within(0.0, 20.0);
      const Numbers cortisol = eight([&] {
        const double share = random.coin() ? random.within(1e-8, 30.0) : random.within(0.9, 1.1);
        return share * m.allostasis.usual_cortisol;
      });
      const Numbers noradrenaline = eight([&] { return random.within(0.5, 8.0); });
      const Numbers energy = eight([&] { return random.within(0.0, 1.0); });
      auto kernel = packed(people);
      night(kernel, m.allostasis, cortisol, noradrenaline, energy);
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        allostasis_reference(s, m.allostasis, cortisol[l], noradrenaline[l], energy[l]);
        ASSERT_TRUE(close(s, after[l], kAllostasisColumns, kTolerance))
            << "load " << people[l].load << ", cortisol " << cortisol[l] << ", noradrenaline "
            << noradrenaline[l] << ", energy " << energy[l];
      }
    }
  });
}

// Only a run that is numerically lost gets there; the load must show it, not become a number that
// looks like any other.
TEST(AllostasisKernel, WithoutAnyCortisolTheLoadIsFiniteAndLarge) {
  const AllostasisParameters p = default_parameters().allostasis;
  AllostasisState<Pack> s{broadcast(0.0)};
  const Numbers rest = eight([] { return 1.0; });
  night(s, p, {0.0, -0.0, -1.0, 1e-308, 0.0, -1e300, -1e-300, 0.0}, rest, rest);
  for (const auto& person : unpacked(s)) {
    EXPECT_TRUE(std::isfinite(person.load));
    EXPECT_GT(person.load, 5.0);
  }
}

}  // namespace
}  // namespace eustress
