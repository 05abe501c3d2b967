#include "core/mechanisms/pick_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

TEST(PickKernel, EveryCodeTakesItsOwnValueInEveryLane) {
  Random random(34);
  for (int i = 0; i < 200; ++i) {
    const Numbers k = random_classes(random);
    Numbers value[kStressorClasses];
    for (auto& v : value) v = eight([&] { return random.normal(); });
    const Pack packs[kStressorClasses] = {packed(value[0]), packed(value[1]), packed(value[2]),
                                          packed(value[3])};
    const double constant[kStressorClasses] = {random.normal(), random.normal(), random.normal(),
                                               random.normal()};
    const Numbers picked = unpacked(pick(packed(k), packs));
    const Numbers picked_constant =
        unpacked(pick(packed(k), constant[0], constant[1], constant[2], constant[3]));
    for (std::size_t l = 0; l < kLanes; ++l) {
      const auto code = static_cast<std::size_t>(k[l]);
      EXPECT_EQ(picked[l], value[code][l]);
      EXPECT_EQ(picked_constant[l], constant[code]);
      for (int j = 0; j < kStressorClasses; ++j) {
        EXPECT_EQ(unpacked(similarity_to(packed(k), j, 0.375))[l],
                  static_cast<double>(j) == k[l] ? 1.0 : 0.375);
      }
    }
  }
}

}  // namespace
}  // namespace eustress
