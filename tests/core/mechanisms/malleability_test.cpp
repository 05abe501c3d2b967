#include "core/mechanisms/malleability.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const MalleabilityParameters p = default_parameters().malleability;
constexpr double kStill[kMalleable] = {};

TEST(Malleability, RevertsToTheTrait) {
  MalleabilityState<double> s{{1.0, -2.0, 0.5, 0.0}};
  for (int d = 0; d < 100; ++d) malleability_reference(s, p, 0.0, 0.0, 0.0, kStill);
  const double left = std::exp(-100.0 / p.tau_d);
  EXPECT_NEAR(s.delta[0], left, 1e-12);
  EXPECT_NEAR(s.delta[1], -2.0 * left, 1e-12);
  EXPECT_NEAR(s.delta[2], 0.5 * left, 1e-12);
  EXPECT_EQ(s.delta[3], 0.0);
}

TEST(Malleability, SpontaneousDriftIsStationary) {
  Draws draws(21);
  Sample now, later;
  constexpr int kPersons = 4000;
  constexpr int kDays = 60;
  for (int person = 0; person < kPersons; ++person) {
    MalleabilityState<double> s{};
    for (double& delta : s.delta) delta = p.noise * draws.normal();
    now.add(s.delta[1]);
    for (int d = 0; d < kDays; ++d) {
      const double n[kMalleable] = {draws.normal(), draws.normal(), draws.normal(), draws.normal()};
      malleability_reference(s, p, 0.0, 0.0, 0.0, n);
    }
    later.add(s.delta[1]);
  }
  EXPECT_NEAR(later.mean(), 0.0, 5.0 * later.mean_error());
  EXPECT_NEAR(later.variance(), p.noise * p.noise, 5.0 * later.variance_error());
  const double r = std::exp(-kDays / p.tau_d);
  EXPECT_NEAR(correlation(now, later), r, 5.0 * (1.0 - r * r) / std::sqrt(kPersons));
}

TEST(Malleability, ExperienceMovesTheFactorsByTheirShares) {
  MalleabilityState<double> s{};
  malleability_reference(s, p, 1.5, 0.5, 0.8, kStill);
  const double balance = 1.5 * p.challenge - 0.5 * p.hindrance - 0.8 * p.strain;
  for (std::size_t f = 0; f < kMalleable; ++f) {
    EXPECT_NEAR(s.delta[f], kMalleableShare[f] * balance, 1e-15);
  }
}

TEST(Malleability, ChallengeStrengthensHindranceAndDistressWeaken) {
  MalleabilityState<double> challenge{}, hindrance{}, strain{}, relief{};
  malleability_reference(challenge, p, 1.0, 0.0, 0.0, kStill);
  malleability_reference(hindrance, p, 0.0, 1.0, 0.0, kStill);
  malleability_reference(strain, p, 0.0, 0.0, 1.0, kStill);
  malleability_reference(relief, p, 0.0, 0.0, -1.0, kStill);
  for (std::size_t f = 0; f < kMalleable; ++f) {
    EXPECT_GT(challenge.delta[f], 0.0);
    EXPECT_LT(hindrance.delta[f], 0.0);
    EXPECT_LT(strain.delta[f], 0.0);
    EXPECT_EQ(relief.delta[f], 0.0);
  }
}

TEST(Malleability, SwitchedOffFactorsStillFluctuate) {
  MalleabilityParameters off = p;
  off.active = false;
  MalleabilityState<double> s{}, quiet{};
  const double n[kMalleable] = {1.0, -1.0, 0.5, 2.0};
  malleability_reference(s, off, 5.0, 3.0, 2.0, n);
  malleability_reference(quiet, off, 0.0, 0.0, 0.0, n);
  for (std::size_t f = 0; f < kMalleable; ++f) EXPECT_EQ(s.delta[f], quiet.delta[f]);
  EXPECT_NE(s.delta[0], 0.0);
}

}  // namespace
}  // namespace eustress
