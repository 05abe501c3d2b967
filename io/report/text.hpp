#pragma once

// Text of a page: escaping and numbers as people read them. The same in every locale.

#include <cstdint>
#include <string>
#include <string_view>

namespace eustress::io::report {

/// Safe between tags and in double-quoted attributes of HTML and XML. Bytes that are not UTF-8 and
/// control characters, which XML does not allow, become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

/// At most `length` characters, with an ellipsis as the last if it was longer. Not escaped.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t length);

/// "20,000".
[[nodiscard]] std::string with_separators(std::uint64_t n);

/// Fixed decimals with a true minus sign; "-0.00" is written "0.00"; a dash if not finite.
[[nodiscard]] std::string fixed(double x, int decimals);

/// `digits` significant digits, without exponent: "0.0123", "1.23", "123", "12,345".
[[nodiscard]] std::string significant(double x, int digits);

/// "12.3 %".
[[nodiscard]] std::string percent(double share, int decimals);

/// The n-th mark: A, B, ..., Z, AA, AB, ...
[[nodiscard]] std::string letter(std::size_t n);

}  // namespace eustress::io::report
