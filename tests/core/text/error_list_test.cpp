#include "core/text/error_list.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/text/number.hpp"

namespace eustress {
namespace {

TEST(ErrorList, ThrowsAllMessagesAtOnce) {
  ErrorList errors;
  errors.throw_if_any(ErrorKind::input);  // nothing to throw
  errors.add("first");
  errors.add("second");
  try {
    errors.throw_if_any(ErrorKind::input);
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_STREQ(error.what(), "first\nsecond");
  }
}

TEST(ErrorList, CountsWhatItDoesNotShow) {
  ErrorList errors;
  for (int i = 1; i <= 25; ++i) errors.add("message " + std::to_string(i));
  EXPECT_EQ(errors.count(), 25u);
  const std::string text = errors.text();
  EXPECT_NE(text.find("message 20\n... and 5 more"), std::string::npos);
  EXPECT_EQ(text.find("message 21"), std::string::npos);
}

TEST(NumberText, IsShortAndReadsBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-3.0), "-3");
  EXPECT_EQ(number_text(1e300), "1e+300");
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "nan");
  const double third = 1.0 / 3.0;
  EXPECT_EQ(std::stod(number_text(third)), third);
  EXPECT_EQ(number_text(third, 3), "0.333");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::max()).size(), 24u) << "the longest";
}

}  // namespace
}  // namespace eustress
