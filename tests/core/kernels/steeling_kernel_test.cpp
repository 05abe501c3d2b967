#include "core/mechanisms/steeling_kernel.hpp"

#include <gtest/gtest.h>

#include "core/numerics/portable_math.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding only

TEST(SteelingKernel, EqualsTheReference) {
  std::array<int, 4> events{};
  for_each_parameter_set(42, 300, [&](const ModelParameters& m, Random& random) {
    const SteelingParameters& p = m.steeling;
    const double approach = 1.0 - portable_exp(-1.0 / p.overcoming_tau_d);
    for (int pack = 0; pack < 10; ++pack) {
      Eight<SteelingState> people;
      for (auto& s : people) {
        s.open = random.coin() ? 0.0 : random.within(0.0, 5.0);
        s.level = random.within(0.0, 1.0);
      }
      const Numbers symptoms =
          eight([&] { return random.coin() ? 0.0 : random.within(0.0, 200.0); });
      const Numbers event = eight([&] { return static_cast<double>(random.below(4)); });
      const Numbers success = eight([&] { return random.coin() ? 1.0 : 0.0; });
      auto kernel = packed(people);
      steeling_night(kernel, p, approach, packed(symptoms), packed(event), packed(success));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        steeling_reference(s, p, symptoms[l], event[l], success[l]);
        ASSERT_TRUE(close(s, after[l], kSteelingColumns, kTolerance, 1.0))
            << "open " << people[l].open << ", level " << people[l].level << ", symptoms "
            << symptoms[l] << ", event " << event[l] << ", active " << p.active;
        ++events[static_cast<std::size_t>(event[l])];
      }
    }
  });
  for (const int n : events) EXPECT_GT(n, 1000);
}

}  // namespace
}  // namespace eustress
