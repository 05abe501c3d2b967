#include "core/mechanisms/malleability_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only; challenge, hindrance and strain, each up to 10, may cancel: relative to 10.
constexpr double kTolerance = 1e-14;
constexpr double kScale = 10.0;

TEST(MalleabilityKernel, EqualsTheReference) {
  for_each_parameter_set(18, 300, [](const ModelParameters& m, Random& random) {
    const MalleabilityParameters& p = m.malleability;
    for (int pack = 0; pack < 10; ++pack) {
      Eight<MalleabilityState> people;
      for (auto& s : people) {
        for (double& d : s.delta) d = random.within(-4.0, 4.0);
      }
      const Numbers challenge = eight([&] { return random.within(0.0, 6.0); });
      const Numbers hindrance = eight([&] { return random.within(0.0, 6.0); });
      const Numbers distress = eight([&] { return random.within(-3.0, 6.0); });
      Numbers n[kMalleable];
      for (auto& x : n) x = eight([&] { return random.normal(); });
      auto kernel = packed(people);
      malleability_night(kernel, p, 1.0 - std::exp(-1.0 / p.tau_d),
                         std::sqrt(1.0 - std::exp(-2.0 / p.tau_d)), packed(challenge),
                         packed(hindrance), packed(distress),
                         {packed(n[0]), packed(n[1]), packed(n[2]), packed(n[3])});
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        const double normal[kMalleable] = {n[0][l], n[1][l], n[2][l], n[3][l]};
        malleability_reference(s, p, challenge[l], hindrance[l], distress[l], normal);
        ASSERT_TRUE(close(s, after[l], kMalleabilityColumns, kTolerance, kScale))
            << "active " << p.active;
      }
    }
  });
}

}  // namespace
}  // namespace eustress
