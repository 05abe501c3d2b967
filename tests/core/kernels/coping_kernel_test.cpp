#include "core/mechanisms/coping_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

Eight<CopingInput> random_inputs(Random& random) {
  Eight<CopingInput> in;
  for (auto& i : in) {
    i.control = random.within(0.0, 1.0);
    i.q_engage = random.within(-2.0, 2.0);
    i.q_reappraise = random.within(-2.0, 2.0);
    i.q_avoid = random.within(-2.0, 2.0);
    i.z_efficacy = random.within(-4.0, 4.0);
    i.z_appraisal = random.within(-4.0, 4.0);
    i.brain_noradrenaline = random.within(0.5, 20.0);
    i.fast = random.within(0.0, 1.0);
    i.self_control = random.within(0.0, 1.0);
  }
  return in;
}

TEST(CopingKernel, HabitGateEqualsTheReference) {
  for_each_parameter_set(8, 300, [](const ModelParameters& m, Random& random) {
    const Numbers noradrenaline = eight([&] { return random.within(0.5, 5.0); });
    const Numbers fast = eight([&] { return random.within(0.0, 1.0); });
    const Numbers kernel = unpacked(habit_gate(m.coping, packed(noradrenaline), packed(fast)));
    for (std::size_t l = 0; l < kLanes; ++l) {
      // The exponents reach 2000, with a relative error of 2^-52: 5e-13 of the gate. Below e^-700
      // both are as good as 0.
      ASSERT_TRUE(close(habit_gate_reference(m.coping, noradrenaline[l], fast[l]), kernel[l], 2e-12,
                        1e-290));
    }
  });
}

TEST(CopingKernel, ChoicesEqualThoseOfTheReference) {
  std::array<int, kStrategies> chosen{};
  int on_the_edge = 0;
  for_each_parameter_set(9, 300, [&](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 30; ++pack) {
      const auto in = random_inputs(random);
      const Numbers u = eight([&] { return random.uniform(); });
      const Numbers kernel = unpacked(choose_strategy(m.coping, packed(in), packed(u)));
      for (std::size_t l = 0; l < kLanes; ++l) {
        const CopingProbabilities p = coping_reference(m.coping, in[l]);
        const double first = p.engage, second = p.engage + p.reappraise;
        // Preferences reach 100: their rounding moves probabilities by 1e-13 of themselves.
        if (std::abs(u[l] - first) < 1e-12 || std::abs(u[l] - second) < 1e-12) {
          ++on_the_edge;
          continue;
        }
        const auto expected = u[l] < first    ? Strategy::engage
                              : u[l] < second ? Strategy::reappraise
                                              : Strategy::avoid;
        ASSERT_EQ(kernel[l], static_cast<double>(expected))
            << "u " << u[l] << ", " << p.engage << ", " << p.reappraise;
        ++chosen[static_cast<std::size_t>(expected)];
      }
    }
  });
  EXPECT_LT(on_the_edge, 3);
  for (const int n : chosen) EXPECT_GT(n, 1000);
}

// Random u rarely come near a threshold: go there.
TEST(CopingKernel, ThresholdsOfTheChoiceAreTheProbabilities) {
  Random random(10);
  const CopingParameters p = default_parameters().coping;
  for (int i = 0; i < 200; ++i) {
    const auto in = random_inputs(random);
    Numbers below, above, below_second, above_second;
    for (std::size_t l = 0; l < kLanes; ++l) {
      const CopingProbabilities reference = coping_reference(p, in[l]);
      below[l] = reference.engage * (1.0 - 1e-12);
      above[l] = reference.engage * (1.0 + 1e-12);
      below_second[l] = (reference.engage + reference.reappraise) * (1.0 - 1e-12);
      above_second[l] = (reference.engage + reference.reappraise) * (1.0 + 1e-12);
    }
    const auto choice = [&](const Numbers& u) {
      return unpacked(choose_strategy(p, packed(in), packed(u)));
    };
    for (std::size_t l = 0; l < kLanes; ++l) {
      EXPECT_EQ(choice(below)[l], kEngage);
      EXPECT_NE(choice(above)[l], kEngage);
      EXPECT_NE(choice(below_second)[l], kAvoid);
      if (above_second[l] < 1.0) {
        EXPECT_EQ(choice(above_second)[l], kAvoid);
      }
    }
  }
}

TEST(CopingKernel, HazardOfEveryStrategyEqualsTheReference) {
  for_each_parameter_set(11, 300, [](const ModelParameters& m, Random& random) {
    for (const Strategy strategy : {Strategy::engage, Strategy::reappraise, Strategy::avoid}) {
      Eight<SuccessInput> reference, in;
      for (std::size_t l = 0; l < kLanes; ++l) {
        reference[l] = {random.within(0.0, 1.0),  random.within(0.0, 1.0), random.within(-4.0, 4.0),
                        random.within(-4.0, 4.0), random.within(0.0, 6.0), random.within(0.0, 1.0)};
        in[l] = reference[l];
        in[l].x_engage = std::exp(reference[l].x_engage);
        in[l].x_reappraise = std::exp(reference[l].x_reappraise);
      }
      const auto input = packed(in);
      const Numbers kernel = unpacked(
          success_hazard(success_rate(m.coping, broadcast(static_cast<double>(strategy)), input),
                         input.energy, input.control));
      for (std::size_t l = 0; l < kLanes; ++l) {
        ASSERT_TRUE(
            close(success_hazard_reference(m.coping, strategy, reference[l]), kernel[l], 1e-13))
            << "strategy " << static_cast<int>(strategy) << ", yoked " << m.coping.yoked;
      }
    }
  });
}

}  // namespace
}  // namespace eustress
