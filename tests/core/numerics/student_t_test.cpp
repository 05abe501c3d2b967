#include "core/numerics/student_t.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace eustress {
namespace {

// R: qt(.975, c(1, 2, 3, 4, 9, 30, 1000)).
TEST(StudentT, AsInTables) {
  EXPECT_NEAR(student_t(0.95, 1), 12.706204736432095, 1e-8);
  EXPECT_NEAR(student_t(0.95, 2), 4.302652729911275, 1e-9);
  EXPECT_NEAR(student_t(0.95, 3), 3.182446305284263, 1e-9);
  EXPECT_NEAR(student_t(0.95, 4), 2.776445105197799, 1e-9);
  EXPECT_NEAR(student_t(0.95, 9), 2.262157162740992, 1e-9);
  EXPECT_NEAR(student_t(0.95, 30), 2.042272456301238, 1e-9);
  EXPECT_NEAR(student_t(0.95, 1000), 1.962339080809, 1e-8);
}

TEST(StudentT, OtherLevels) {
  EXPECT_NEAR(student_t(0.5, 1), 1.0, 1e-10);  // quartiles of Cauchy's distribution
  EXPECT_NEAR(student_t(0.99, 5), 4.032142983557536, 1e-8);
}

TEST(StudentT, NeedsADegreeOfFreedom) {
  EXPECT_TRUE(std::isnan(student_t(0.95, 0)));
}

}  // namespace
}  // namespace eustress
