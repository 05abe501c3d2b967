#include "core/mechanisms/traits_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only; terms of either sign, each up to 3 * 4, may cancel: relative to 10.
constexpr double kTolerance = 1e-14;
constexpr double kScale = 10.0;

TEST(TraitsKernel, TraitsAndTheirMalleablePartEqualTheReference) {
  for_each_parameter_set(41, 200, [](const ModelParameters& m, Random& random) {
    Eight<TraitState> people;
    std::array<Numbers, kTraits> eta;
    for (auto& e : eta) e = eight([&] { return random.normal(); });
    Eight<MalleabilityState> malleable;
    for (std::size_t l = 0; l < kLanes; ++l) {
      people[l] = {};
      for (double& z : people[l].factor) z = random.within(-4.0, 4.0);
      for (double& d : malleable[l].delta) d = random.within(-2.0, 2.0);
    }
    Pack eta_pack[kTraits], today[kTraits];
    for (std::size_t j = 0; j < kTraits; ++j) eta_pack[j] = packed(eta[j]);
    auto kernel = packed(people);
    traits_initialise(kernel, m.traits, eta_pack);
    traits_today(today, kernel, m.traits, packed(malleable));
    const auto after = unpacked(kernel);
    for (std::size_t l = 0; l < kLanes; ++l) {
      double own_eta[kTraits];
      for (std::size_t j = 0; j < kTraits; ++j) own_eta[j] = eta[j][l];
      TraitState<double> s = people[l];
      traits_reference(m.traits, s.factor, own_eta, s.x);
      ASSERT_TRUE(close(s, after[l], trait_columns(), kTolerance, kScale));
      // (R3): as if the trait factors were higher by delta
      double factor[kFactors], x[kTraits];
      std::copy(std::begin(s.factor), std::end(s.factor), factor);
      for (std::size_t i = 0; i < kMalleable; ++i) {
        factor[index_of(kMalleableFactors[i])] += malleable[l].delta[i];
      }
      traits_reference(m.traits, factor, own_eta, x);
      for (std::size_t j = 0; j < kTraits; ++j) {
        ASSERT_TRUE(close(x[j], unpacked(today[j])[l], kTolerance, kScale)) << kTraitTable[j].name;
      }
    }
  });
}

TEST(TraitsKernel, MalleableIndexIsThePlaceInTheStateOrMinusOne) {
  int found = 0;
  for (std::size_t f = 0; f < kFactors; ++f) {
    const auto factor = static_cast<Factor>(f);
    const int i = malleable_index(factor);
    if (i >= 0) {
      EXPECT_EQ(kMalleableFactors[static_cast<std::size_t>(i)], factor);
    }
    found += i >= 0;
  }
  EXPECT_EQ(found, kMalleable);
}

}  // namespace
}  // namespace eustress
