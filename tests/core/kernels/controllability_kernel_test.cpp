#include "core/mechanisms/controllability_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only. Values lie in [-1, 1] and may cancel: relative to .1.
constexpr double kTolerance = 1e-13;
constexpr double kScale = 0.1;

Eight<ControllabilityState> random_states(Random& random) {
  Eight<ControllabilityState> people;
  for (auto& s : people) {
    for (int k = 0; k < kStressorClasses; ++k) {
      s.acting[k] = random.within(0.0, 1.0);
      s.not_acting[k] = random.within(0.0, 1.0);
      s.spectator[k] = random.within(0.0, 1.0);
      s.omega[k] = random.within(-1.0, 1.0);
    }
    s.omega_general = random.within(-1.0, 1.0);
  }
  return people;
}

TEST(ControllabilityKernel, BeliefEqualsTheReference) {
  for_each_parameter_set(6, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      const auto people = random_states(random);
      const Numbers k = random_classes(random);
      const Numbers kernel = unpacked(control_belief(packed(people), m.controllability, packed(k)));
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double chi =
            control_belief_reference(people[l], m.controllability, class_of_code(k[l]));
        // up to prior + gain (1 + general weight) = 121 before it is clamped
        ASSERT_TRUE(close(chi, kernel[l], kTolerance, 1.0));
      }
    }
  });
}

TEST(ControllabilityKernel, LearningEqualsTheReferenceAndLeavesTheOthersAlone) {
  for_each_parameter_set(7, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 20; ++pack) {
      const auto people = random_states(random);
      const Chosen who = random_choice(random);
      const Numbers k = random_classes(random);
      const Numbers engaged = eight([&] { return random.coin() ? 1.0 : 0.0; });
      const Numbers resolved = eight([&] { return random.coin() ? 1.0 : 0.0; });
      auto kernel = packed(people);
      learn_control(kernel, m.controllability, who.mask(), packed(k), packed(engaged),
                    packed(resolved));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        if (!who[l]) {
          ASSERT_TRUE(same_bits(people[l], after[l])) << "lane " << l << " took no part";
          continue;
        }
        auto s = people[l];
        controllability_reference(s, m.controllability, class_of_code(k[l]), engaged[l] == 1.0,
                                  resolved[l] == 1.0);
        ASSERT_TRUE(close(s, after[l], kControllabilityColumns, kTolerance, kScale))
            << "class " << k[l] << ", engaged " << engaged[l] << ", resolved " << resolved[l];
      }
    }
  });
}

}  // namespace
}  // namespace eustress
