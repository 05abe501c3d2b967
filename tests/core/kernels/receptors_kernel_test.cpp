#include "core/mechanisms/receptors_kernel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/engine/block.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only; everything is positive.
constexpr double kTolerance = 1e-13;

Eight<ReceptorState> random_states(Random& random) {
  Eight<ReceptorState> people;
  for (auto& s : people) {
    s = {random.within(0.01, 40.0), random.within(0.0, 1.0), random.within(0.0, 1.0),
         random.within(0.0, 1.0)};
  }
  return people;
}

TEST(ReceptorsKernel, StepsAndActionsEqualTheReference) {
  for_each_parameter_set(37, 300, [](const ModelParameters& m, Random& random) {
    const ReceptorParameters& p = m.receptors;
    for (const double dt_min : {0.25, 2.5, 5.0, 6.0}) {
      const ReceptorCoefficients c(p, dt_min);
      ASSERT_TRUE(close(occupancy_reference(p, 1.0).gr, c.rest, kTolerance));
      const auto people = random_states(random);
      const Numbers brain = eight([&] { return random.within(0.01, 40.0); });
      auto kernel = packed(people);
      receptors_fast_step(kernel, c, packed(brain));
      const Pack fast = fast_action(kernel, c);
      const Numbers kernel_fast = unpacked(fast), beyond = unpacked(action_beyond_rest(c, fast));
      receptors_genomic_step(kernel, c);
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        receptors_fast_reference_step(s, p, brain[l], dt_min);
        const double f = fast_action_reference(s, p);
        ASSERT_TRUE(close(f, kernel_fast[l], kTolerance));
        // a difference of two occupancies over 1 - rest, which can be as small as .003
        ASSERT_TRUE(close(action_beyond_rest_reference(p, f), beyond[l], kTolerance, 1.0));
        receptors_genomic_reference_step(s, p);
        ASSERT_TRUE(close(s, after[l], kReceptorColumns, kTolerance)) << "dt " << dt_min;
      }
    }
  });
}

TEST(ReceptorsKernel, RestIsAFixedPoint) {
  const ReceptorParameters p = default_parameters().receptors;
  const ReceptorCoefficients c(p, 5.0);
  ReceptorState<Pack> s{broadcast(1.0), broadcast(c.rest), broadcast(c.rest), broadcast(c.rest)};
  for (int i = 0; i < 1000; ++i) {
    receptors_fast_step(s, c, broadcast(1.0));
    receptors_genomic_step(s, c);
  }
  for (const auto& person : unpacked(s)) {
    EXPECT_EQ(person.membrane, 1.0);
    EXPECT_TRUE(close(c.rest, person.genomic, kTolerance));
  }
}

TEST(ReceptorsKernel, IsTheSameOnEveryInstructionSet) {
  const ReceptorParameters p = default_parameters().receptors;
  const ReceptorCoefficients c(p, 5.0);
  Random random(38);
  std::vector<double> brain(500);
  for (double& b : brain) b = random.within(0.01, 20.0);
  ReceptorState<Lanes> start[kPacksPerBlock], expected[kPacksPerBlock];
  for (int i = 0; i < kPacksPerBlock; ++i) {
    auto s = packed(random_states(random));
    std::memcpy(&start[i], &s, sizeof s);
    for (const double b : brain) receptors_fast_step(s, c, broadcast(b));
    std::memcpy(&expected[i], &s, sizeof s);
  }
  for (const Isa isa : available_isas()) {
    ReceptorState<Lanes> states[kPacksPerBlock];
    std::memcpy(states, start, sizeof states);
    primitives(isa).receptors(states, p, 5.0, brain.data(), brain.size());
    EXPECT_EQ(std::memcmp(states, expected, sizeof states), 0) << to_string(isa);
  }
}

}  // namespace
}  // namespace eustress
