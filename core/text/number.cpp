#include "core/text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace eustress {

std::string number_text(double x) {
  std::array<char, 32> text;  // the longest shortest form has 24 characters
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

std::string number_text(double x, int digits) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x,
                                 std::chars_format::general, std::clamp(digits, 1, 17))
                       .ptr;
  return {text.data(), end};
}

}  // namespace eustress
