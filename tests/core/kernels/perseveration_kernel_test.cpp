#include "core/mechanisms/perseveration_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-12;  // rounding of 1 - e^-z at z = .001

TEST(PerseverationKernel, StepsEqualTheReferenceInUnitsOfItsScale) {
  constexpr double kScale = 1.15;
  constexpr double kSteps_min[] = {0.25, 1.0, 5.0, 30.0};
  int ended = 0, went_on = 0;
  for_each_parameter_set(31, 200, [&](const ModelParameters& m, Random& random) {
    const double dt = kSteps_min[random.below(4)];
    const PerseverationCoefficients c(m.perseveration, kScale, dt);
    Numbers worry = eight([&] { return random.within(0.0, 4.0); });
    Pack kernel = kScale * packed(worry);
    for (int step = 0; step < 20; ++step) {
      const Numbers stress =
          eight([&] { return random.below(2) == 0 ? 0.0 : random.within(0.0, 5.0); });
      const Numbers felt = unpacked(perseverate(kernel, c, kScale * packed(stress)));
      const Numbers after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double expected = perseveration_reference(worry[l], m.perseveration, stress[l], dt);
        ASSERT_TRUE(close(kScale * expected, felt[l], kTolerance));
        ASSERT_TRUE(close(kScale * worry[l], after[l], kTolerance));
        ++(worry[l] == 0.0 ? ended : went_on);
      }
    }
  });
  EXPECT_GT(ended, 100);
  EXPECT_GT(went_on, 1000);
}

}  // namespace
}  // namespace eustress
