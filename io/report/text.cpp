#include "io/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eustress::io::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kMinus = "\xE2\x88\x92";        // U+2212
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::string_view kDash = "\xE2\x80\x93";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Length of the UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80U) return 1;
  const std::size_t length = lead >= 0xF5U   ? 0U
                             : lead >= 0xF0U ? 4U
                             : lead >= 0xE0U ? 3U
                             : lead >= 0xC2U ? 2U
                                             : 0U;
  if (length == 0 || text.size() < length) return 0;
  if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                   is_continuation)) {
    return 0;
  }
  // Overlong forms, surrogates, values above U+10FFFF, and the two non-characters XML forbids.
  const auto second = static_cast<unsigned char>(text[1]);
  if ((lead == 0xE0U && second < 0xA0U) || (lead == 0xEDU && second >= 0xA0U) ||
      (lead == 0xF0U && second < 0x90U) || (lead == 0xF4U && second >= 0x90U)) {
    return 0;
  }
  if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) return 0;
  return length;
}

std::string with_minus(std::string text) {
  if (!text.starts_with('-')) return text;
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  return is_zero ? text.substr(1) : std::string(kMinus) + text.substr(1);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const char c = text[0];
    const bool is_control = length == 1 && (static_cast<unsigned char>(c) < 0x20U || c == '\x7F') &&
                            c != '\t' && c != '\n' && c != '\r';
    if (length == 0 || is_control) {
      out += kReplacement;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t length) {
  std::size_t characters = 0, cut = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(text[i])) continue;
    if (characters + 1 == length) cut = i;
    ++characters;
  }
  if (characters <= length) return std::string(text);
  return std::string(text.substr(0, cut)) + std::string(kEllipsis);
}

std::string with_separators(std::uint64_t n) {
  std::string digits = fmt::format("{}", n);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return digits;
}

std::string fixed(double x, int decimals) {
  if (!std::isfinite(x)) return std::string(kDash);
  return with_minus(fmt::format("{:.{}f}", x, decimals));
}

std::string significant(double x, int digits) {
  if (!std::isfinite(x)) return std::string(kDash);
  if (x == 0.0) return "0";
  const double magnitude = std::floor(std::log10(std::abs(x)));
  if (magnitude >= 4.0 && magnitude < 18.0) {
    const auto whole = static_cast<std::uint64_t>(std::llround(std::abs(x)));
    return (x < 0.0 ? std::string(kMinus) : std::string()) + with_separators(whole);
  }
  if (std::abs(magnitude) > 17.0) return with_minus(fmt::format("{:.{}e}", x, digits - 1));
  return fixed(x, std::max(0, digits - 1 - static_cast<int>(magnitude)));
}

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return std::string(kDash);
  return fixed(100.0 * share, decimals) + " %";
}

std::string letter(std::size_t n) {
  std::string name;
  for (++n; n > 0; n = (n - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + static_cast<char>((n - 1) % 26)));
  }
  return name;
}

}  // namespace eustress::io::report
