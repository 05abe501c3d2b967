#pragma once

#include <span>
#include <string>
#include <string_view>

#include "io/study/diagnostics.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {

/// The key that names an element of a repeated section.
std::string_view naming_key(std::string_view section);

/// Writes the overrides of the command line into the tree of the study file, so that one reader
/// checks both. Reports what is malformed or addresses nothing.
void apply_overrides(Node& root, std::span<const std::string> overrides, Diagnostics& diagnostics);

}  // namespace eustress::io
