#pragma once

// Study files: reading with every mistake reported at once, and writing.

#include <span>
#include <string>
#include <vector>

#include "core/study.hpp"

namespace eustress::io {

/// The study in a TOML text. `file_name` is for messages only; paths in the study stay as written.
/// `overrides` are "section.key=value" in the order of the command line, the last one wins; an
/// element of a repeated section is reached by its name, "wave.NAME.key=value". They are checked as
/// the file is. Throws Error(usage) that shows all errors with their places. Warnings, rendered the
/// same way, are appended to `warnings`. `origins`: places of the last overrides, if they do not
/// come from the command line.
Study read_study(const std::string& text, const std::string& file_name,
                 std::span<const std::string> overrides, std::vector<std::string>& warnings,
                 std::span<const std::string> origins = {});

/// The effective configuration: a study file with every key and its value. Reading it gives the
/// same study, bit for bit.
std::string dump_study(const Study& study);
/// Without the keys that no result depends on (is_free_to_change); part of every result.
std::string dump_results_study(const Study& study);

/// A commented study file to start from. It can be run as it is.
std::string starter_study();

/// The reference page of all keys and parameters, in Markdown.
std::string parameter_reference_markdown();

/// JSON schema (draft 2020-12) of a study file, for editors.
std::string study_json_schema();

}  // namespace eustress::io
