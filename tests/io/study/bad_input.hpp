#pragma once

// Bad study files that have one error each.

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/io/study/support.hpp"

namespace eustress::io {

struct BadInput {
  std::string text;
  std::string place;  ///< line:col
  std::vector<std::string> words;
};

inline std::ostream& operator<<(std::ostream& out, const BadInput& input) {
  return out << input.place << " " << testing::PrintToString(input.text);
}

inline void expect_one_error(const BadInput& input) {
  const std::vector<std::string> errors = errors_of(input.text);
  ASSERT_THAT(errors, testing::SizeIs(1));
  EXPECT_THAT(errors[0], testing::StartsWith("s.toml:" + input.place + ": error: "));
  for (const std::string& word : input.words) EXPECT_THAT(errors[0], testing::HasSubstr(word));
}

inline std::string study(const std::string& lines) {
  return "[population]\nindividuals = 10\n[study]\n" + lines;
}

inline std::string individuals(const std::string& value) {
  return "[study]\nname = \"s\"\ndays = 100\n[population]\nindividuals = " + value + "\n";
}

// Lines 6 to 8, then `lines` from line 9.
inline std::string probe(const std::string& lines) {
  return kLeast + "[[probe]]\nname = \"p\"\nday = 1\n" + lines;
}

// Lines 6 to 9, then `lines` from line 10.
inline std::string regime(const std::string& lines) {
  return kLeast + "[[regime]]\nname = \"r\"\nstart_day = 5\nend_day = 10\n" + lines;
}

// Lines 6 to 7: an arm; then lines 8 to 12, then `lines` from line 13.
inline std::string intervention(const std::string& kind, const std::string& lines) {
  return kLeast + "[[arm]]\nname = \"a\"\n[[intervention]]\nname = \"i\"\nkind = \"" + kind +
         "\"\nstart_day = 5\nend_day = 20\n" + lines;
}

inline std::string cohort(const std::string& lines) {
  return kLeast + "cohort = \"c.csv\"\n" + lines;  // from line 7
}

}  // namespace eustress::io
