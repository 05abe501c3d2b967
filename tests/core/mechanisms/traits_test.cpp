#include "core/mechanisms/traits.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/model_parameters.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;

const TraitParameters p = default_parameters().traits;

TEST(Traits, TheMedianPersonHasNoDeviation) {
  const double z[kFactors] = {}, eta[kTraits] = {};
  double x[kTraits];
  traits_reference(p, z, eta, x);
  for (const double value : x) EXPECT_EQ(value, 0.0);
}

TEST(Traits, EveryLoadingActsOnItsTraitOnly) {
  const double eta[kTraits] = {};
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    TraitParameters one{};
    one.loading[i] = 0.7;
    double z[kFactors] = {}, x[kTraits];
    for (double& value : z) value = 1.0;
    z[index_of(kLoadingTable[i].factor)] = 2.0;
    traits_reference(one, z, eta, x);
    for (int j = 0; j < kTraits; ++j) {
      EXPECT_EQ(x[j], j == static_cast<int>(kLoadingTable[i].trait) ? 1.4 : 0.0);
    }
  }
}

TEST(Traits, ResidualsAreIndependentWithTheirOmega) {
  Draws draws(51);
  Sample first, second, loaded;
  for (int i = 0; i < 20000; ++i) {
    double z[kFactors], eta[kTraits], x[kTraits];
    for (double& value : z) value = draws.normal();
    for (double& value : eta) value = draws.normal();
    traits_reference(p, z, eta, x);
    first.add(x[static_cast<int>(Trait::cortisol_rate)]);  // without a factor
    second.add(x[static_cast<int>(Trait::acth_rate)]);
    loaded.add(x[static_cast<int>(Trait::hpa_gain)]);
  }
  const auto omega = [](Trait t) { return p.omega[static_cast<std::size_t>(t)]; };
  EXPECT_NEAR(first.mean(), 0.0, 5.0 * first.mean_error());
  EXPECT_NEAR(first.variance(), std::pow(omega(Trait::cortisol_rate), 2),
              5.0 * first.variance_error());
  EXPECT_NEAR(correlation(first, second), 0.0, 5.0 / std::sqrt(20000.0));
  double variance = std::pow(omega(Trait::hpa_gain), 2);
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    if (kLoadingTable[i].trait == Trait::hpa_gain) variance += std::pow(p.loading[i], 2);
  }
  EXPECT_NEAR(loaded.variance(), variance, 5.0 * loaded.variance_error());
}

TEST(Traits, ColumnsAreNamedOnce) {
  std::set<std::string> names;
  for (const Column& c : trait_columns()) {
    EXPECT_TRUE(names.emplace(c.name).second) << c.name;
    EXPECT_FALSE(c.unit.empty());
    EXPECT_FALSE(c.doc.empty());
  }
  EXPECT_EQ(trait_columns()[0].name, "x_hpa_gain");
  EXPECT_EQ(trait_columns()[kTraits].name, "social_support");
}

}  // namespace
}  // namespace eustress
