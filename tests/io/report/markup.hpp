#pragma once

// Reading markup back: whether it is well-formed XML, and what it draws.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eustress::testing {

/// What is wrong with a fragment or document of XML (without processing instructions, comments and
/// CDATA, which reports do not use); empty if nothing is.
std::string markup_error(std::string_view text);

/// Centres of all circles.
std::vector<std::pair<double, double>> circles(const std::string& svg);

/// Values of an attribute, in order.
std::vector<std::string> attribute_values(std::string_view text, std::string_view attribute);

}  // namespace eustress::testing
