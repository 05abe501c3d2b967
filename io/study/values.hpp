#pragma once

// One value of a study file against the row of its key.

#include <optional>
#include <string>
#include <string_view>

#include "io/study/diagnostics.hpp"
#include "io/study/keys.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {

/// The value if type, range and choice are right; otherwise nothing, and errors at their places.
std::optional<Setting> checked_value(const KeyInfo& info, const Node& node,
                                     Diagnostics& diagnostics);

/// "an integer", "a number", "one of 'a', 'b'", ...
std::string type_text(const KeyInfo& info);

/// "1 to 36525 [d]", or empty if every value of the type is legal.
std::string range_text(const KeyInfo& info);

/// The sentence alone, or with a stop and the advice, which begins with a space.
std::string with_advice(const std::string& sentence, std::string_view advice);

/// The shortest text of a number; integers without an exponent.
std::string plain_number(double value);

}  // namespace eustress::io
