#include "core/mechanisms/networks_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding only

TEST(NetworksKernel, ArousalAndSalienceEqualTheReference) {
  for_each_parameter_set(32, 300, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      const Numbers noradrenaline = eight([&] { return random.within(0.5, 30.0); });
      const Numbers fast = eight([&] { return random.within(0.0, 1.0); });
      Numbers acting = noradrenaline;
      for (double& n : acting) n = std::max(0.0, n - 1.0);
      const Pack x = arousal(m.networks, packed(acting), packed(fast));
      const Numbers kernel = unpacked(x), kernel_salience = unpacked(salience(m.networks, x));
      for (std::size_t l = 0; l < kLanes; ++l) {
        ASSERT_TRUE(
            close(arousal_reference(m.networks, noradrenaline[l], fast[l]), kernel[l], kTolerance));
        ASSERT_TRUE(
            close(salience_reference(m.networks, kernel[l]), kernel_salience[l], kTolerance));
      }
    }
  });
}

TEST(NetworksKernel, ExecutiveControlEqualsTheReference) {
  for_each_parameter_set(33, 300, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      const Numbers x_executive = eight([&] { return random.within(-4.0, 4.0); });
      const Numbers z_executive = eight([&] { return random.within(-4.0, 4.0); });
      const Numbers w = eight([&] { return random.within(0.0, 1.0); });
      const Numbers x = eight([&] { return random.within(0.0, 1.0); });
      const Numbers genomic = eight([&] { return random.within(0.0, 1.0); });
      const Numbers dopamine = eight([&] { return random.within(0.0, 8.0); });
      const Numbers energy = eight([&] { return random.within(0.0, 1.0); });
      const Pack protection = shift_protection(m.networks, packed(z_executive), packed(w));
      const Pack of_day = control_of_day(m.networks, packed(x_executive), packed(w));
      const Numbers kernel =
          unpacked(executive_control(m.networks, of_day, protection, packed(x), packed(genomic),
                                     packed(dopamine), packed(energy)));
      for (std::size_t l = 0; l < kLanes; ++l) {
        // A logit can sum terms of 1e5 (no protection at all: 20 e^12): its rounding shows, but the
        // logistic function is then 0 or 1. Relative to the range of the read-out.
        ASSERT_TRUE(close(control_reference(m.networks, x_executive[l], z_executive[l], w[l], x[l],
                                            genomic[l], dopamine[l], energy[l]),
                          kernel[l], kTolerance, 0.1));
      }
    }
  });
}

}  // namespace
}  // namespace eustress
