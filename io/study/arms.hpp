#pragma once

#include <vector>

#include "core/study.hpp"
#include "io/study/section.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {

/// The arms of a study whose other sections have been read: the reference arm, then those of the
/// list of [[arm]] tables, which may be null.
std::vector<Arm> read_arms(const Study& study, const Node* list, Diagnostics& diagnostics);

}  // namespace eustress::io
