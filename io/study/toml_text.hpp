#pragma once

// Writing values as TOML.

#include <string>
#include <string_view>

#include "io/study/catalogue.hpp"
#include "io/study/keys.hpp"

namespace eustress::io {

/// The value as TOML that reads back as the same value: numbers with all their digits and a decimal
/// point or exponent.
std::string toml_text(const Setting& value);

/// One line of a study file with its comment, ended by a line break. A key without value is
/// commented out.
std::string key_line(const KeyInfo& info, const std::optional<Setting>& value,
                     std::string_view symbol, bool commented_out);

}  // namespace eustress::io
