#include "core/mechanisms/allostasis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const AllostasisParameters p = default_parameters().allostasis;

TEST(Allostasis, RestLeavesNoLoad) {
  AllostasisState<double> s{0.0};
  for (int d = 0; d < 1000; ++d) allostasis_reference(s, p, p.usual_cortisol, 1.0, 1.0);
  EXPECT_EQ(s.load, 0.0);
}

TEST(Allostasis, ReachesTheDeviationWithItsTimeConstant) {
  const double deviation = p.cortisol_weight * std::log(1.4 / p.usual_cortisol) +
                           p.noradrenaline_weight * 0.05 + p.depletion_weight * 0.3;
  AllostasisState<double> s{0.0};
  for (int d = 0; d < 60; ++d) allostasis_reference(s, p, 1.4, 1.05, 0.7);
  EXPECT_NEAR(s.load, deviation * (1.0 - std::exp(-60.0 / p.tau_d)), 1e-12);
  for (int d = 0; d < 5000; ++d) allostasis_reference(s, p, 1.4, 1.05, 0.7);
  EXPECT_NEAR(s.load, deviation, 1e-12);
}

TEST(Allostasis, LowCortisolIsADeviationToo) {
  AllostasisState<double> high{0.0}, low{0.0};
  allostasis_reference(high, p, 2.0 * p.usual_cortisol, 1.0, 1.0);
  allostasis_reference(low, p, 0.5 * p.usual_cortisol, 1.0, 1.0);
  EXPECT_GT(low.load, 0.0);
  EXPECT_NEAR(low.load, high.load, 1e-15);
}

TEST(Allostasis, LowNoradrenalineIsNone) {
  AllostasisState<double> s{0.0};
  allostasis_reference(s, p, p.usual_cortisol, 0.8, 1.0);
  EXPECT_EQ(s.load, 0.0);
}

}  // namespace
}  // namespace eustress
