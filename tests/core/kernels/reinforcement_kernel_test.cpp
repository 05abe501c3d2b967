#include "core/mechanisms/reinforcement_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only. Values change by a rate of up to e^4 (1 + 10 * 8) times an error of up to 4.
constexpr double kTolerance = 1e-13;
constexpr double kScale = 1.0;

TEST(ReinforcementKernel, EqualsTheReferenceAndLeavesTheOthersAlone) {
  for_each_parameter_set(39, 300, [](const ModelParameters& m, Random& random) {
    const ReinforcementParameters& p = m.reinforcement;
    for (int pack = 0; pack < 20; ++pack) {
      Eight<ReinforcementState> people;
      for (auto& s : people) {
        for (auto* values : {&s.engage, &s.reappraise, &s.avoid}) {
          for (double& q : *values) q = random.within(-2.0, 2.0);
        }
      }
      const Chosen who = random_choice(random);
      Numbers strategy = eight([&] { return static_cast<double>(random.below(kStrategies)); });
      const Numbers k = random_classes(random);
      const Numbers success = eight([&] { return random.coin() ? 1.0 : 0.0; });
      const Numbers x = eight([&] { return random.within(-3.0, 4.0); });
      const Numbers dopamine = eight([&] { return random.within(0.0, 8.0); });
      Numbers learning;
      for (std::size_t l = 0; l < kLanes; ++l) {
        learning[l] = std::exp(x[l]);
        if (!who[l] && random.coin()) strategy[l] = -1.0;  // no choice yet
      }
      auto kernel = packed(people);
      const Pack value =
          value_of(packed(strategy), pick(packed(k), kernel.engage),
                   pick(packed(k), kernel.reappraise), pick(packed(k), kernel.avoid));
      const Pack error = reward_error(p, who.mask(), packed(strategy), packed(success), value);
      reinforce(kernel, p, packed(strategy), packed(k), error, packed(learning), packed(dopamine));
      const Numbers delta = unpacked(error);
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        if (!who[l]) {
          ASSERT_TRUE(same_bits(people[l], after[l])) << "lane " << l << " took no part";
          ASSERT_EQ(delta[l], 0.0);
          continue;
        }
        auto s = people[l];
        const double expected =
            reinforcement_reference(s, p, static_cast<Strategy>(static_cast<int>(strategy[l])),
                                    class_of_code(k[l]), success[l] == 1.0, x[l], dopamine[l]);
        ASSERT_TRUE(close(expected, delta[l], kTolerance, kScale)) << "strategy " << strategy[l];
        ASSERT_TRUE(close(s, after[l], kReinforcementColumns, kTolerance, kScale))
            << "strategy " << strategy[l] << ", class " << k[l] << ", success " << success[l];
      }
    }
  });
}

}  // namespace
}  // namespace eustress
