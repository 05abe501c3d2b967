#include "core/mechanisms/self_control_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-14;  // rounding only

// Six successes of salience 1 under a rate of 1 ask for more than w can grow.
TEST(SelfControlKernel, EqualsTheReference) {
  for_each_parameter_set(40, 300, [](const ModelParameters& m, Random& random) {
    const SelfControlParameters& p = m.self_control;
    for (int pack = 0; pack < 10; ++pack) {
      Eight<SelfControlState> people;
      for (auto& s : people) s.w = random.within(0.0, 1.0);
      const Numbers salience = eight([&] { return random.coin() ? 0.0 : random.within(0.0, 6.0); });
      const Numbers quality = eight([&] { return random.within(0.0, 1.0); });
      const Numbers steeling = eight([&] { return random.within(0.0, 1.0); });
      auto kernel = packed(people);
      self_control_night(kernel, p, packed(salience), packed(quality), packed(steeling));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        self_control_reference(s, p, salience[l], quality[l], steeling[l]);
        ASSERT_TRUE(close(s, after[l], kSelfControlColumns, kTolerance, 1.0))
            << "w " << people[l].w << ", salience " << salience[l] << ", quality " << quality[l]
            << ", rate " << p.rate << ", active " << p.active;
      }
    }
  });
}

}  // namespace
}  // namespace eustress
