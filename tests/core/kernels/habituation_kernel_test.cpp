#include "core/mechanisms/habituation_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding only

Eight<HabituationState> random_states(Random& random) {
  Eight<HabituationState> people;
  for (auto& s : people) {
    for (double& h : s.response) h = random.within(0.0, 1.0);
  }
  return people;
}

TEST(HabituationKernel, EncountersEqualTheReferenceAndLeaveTheOthersAlone) {
  for_each_parameter_set(16, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 20; ++pack) {
      const auto people = random_states(random);
      const Chosen who = random_choice(random);
      const Numbers k = random_classes(random);
      const Numbers intensity = eight([&] { return random.within(0.0, 50.0); });
      auto kernel = packed(people);
      habituate(kernel, m.habituation, who.mask(), packed(k), packed(intensity));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        if (!who[l]) {
          ASSERT_TRUE(same_bits(people[l], after[l])) << "lane " << l << " took no part";
          continue;
        }
        auto s = people[l];
        habituation_reference_encounter(s, m.habituation, class_of_code(k[l]), intensity[l]);
        // rate near 1 and a high intensity leave a difference of two numbers near 1
        ASSERT_TRUE(close(s, after[l], kHabituationColumns, kTolerance, 0.1));
      }
    }
  });
}

TEST(HabituationKernel, NightsEqualTheReference) {
  for_each_parameter_set(17, 200, [](const ModelParameters& m, Random& random) {
    const auto people = random_states(random);
    auto kernel = packed(people);
    habituation_night(kernel, 1.0 - std::exp(-1.0 / m.habituation.recovery_tau_d));
    const auto after = unpacked(kernel);
    for (std::size_t l = 0; l < kLanes; ++l) {
      auto s = people[l];
      habituation_reference_night(s, m.habituation);
      ASSERT_TRUE(close(s, after[l], kHabituationColumns, kTolerance));
    }
  });
}

}  // namespace
}  // namespace eustress
