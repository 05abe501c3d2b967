// The parameter tables of all mechanisms.

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

TEST(Parameters, EveryDefaultIsAdmissibleAndHasAnOrigin) {
  ModelParameters parameters = default_parameters();
  for_each_parameter(parameters, [](const ParameterInfo& info, double* number, bool* is_on) {
    const std::string name = std::string(info.section) + "." + std::string(info.key);
    EXPECT_NE(number == nullptr, is_on == nullptr) << name;
    EXPECT_FALSE(info.doc.empty()) << name;
    if (number == nullptr) return;
    EXPECT_EQ(*number, info.value) << name;
    EXPECT_LE(info.low, info.value) << name;
    EXPECT_GE(info.high, info.value) << name;
    EXPECT_LT(info.low, info.high) << name;
    EXPECT_FALSE(info.unit.empty()) << name;
    EXPECT_FALSE(info.symbol.empty()) << name;
    EXPECT_FALSE(info.source.empty()) << name;
  });
}

TEST(Parameters, EveryNameIsUsedOnce) {
  ModelParameters parameters = default_parameters();
  std::set<std::string> names;
  for_each_parameter(parameters, [&](const ParameterInfo& info, double*, bool*) {
    const std::string name = std::string(info.section) + "." + std::string(info.key);
    EXPECT_TRUE(names.insert(name).second) << name;
  });
}

/// Two rows for the same member, or a member without a row, would show here.
TEST(Parameters, TheTablesReachEveryMember) {
  ModelParameters parameters{};
  std::set<const void*> members;
  std::size_t bytes = 0;
  for_each_parameter(parameters, [&](const ParameterInfo& info, double* number, bool* is_on) {
    const void* member = number != nullptr ? static_cast<const void*>(number) : is_on;
    EXPECT_TRUE(members.insert(member).second) << info.section << "." << info.key;
    bytes += number != nullptr ? sizeof(double) : sizeof(bool);
  });
  const std::size_t padding = sizeof(ModelParameters) - bytes;
  // Structs with switches are padded to whole doubles: less than one each.
  EXPECT_LT(padding, 8 * sizeof(double));
}

}  // namespace
}  // namespace eustress
