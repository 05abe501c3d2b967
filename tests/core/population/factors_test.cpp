#include "core/population/factors.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace eustress {
namespace {

TEST(Factors, EveryNameLeadsBackToItsFactor) {
  std::set<std::string_view> names;
  for (const FactorInfo& row : kFactorTable) {
    EXPECT_EQ(find_factor(row.name), row.factor);
    EXPECT_EQ(name_of(row.factor), row.name);
    EXPECT_FALSE(row.doc.empty()) << row.name;
    names.insert(row.name);
  }
  EXPECT_EQ(names.size(), kFactors);
  EXPECT_FALSE(find_factor("optimsm").has_value());
  EXPECT_FALSE(find_factor("").has_value());
}

TEST(Factors, FourAreMalleable) {
  std::set<Factor> malleable;
  for (const FactorInfo& row : kFactorTable) {
    if (row.malleable) malleable.insert(row.factor);
  }
  EXPECT_EQ(malleable, (std::set<Factor>{Factor::social_support, Factor::self_efficacy,
                                         Factor::optimism, Factor::positive_appraisal}));
}

}  // namespace
}  // namespace eustress
