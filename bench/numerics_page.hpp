#pragma once

// What bench_numerics found, as the tables and figures of docs/numerics.md.

#include <nlohmann/json.hpp>
#include <string>

namespace eustress::bench {

/// "5", "1.25", "1e-06", "0.0123": two or three digits, for tables.
std::string shown(double x);

/// Joins two files of `eustress validate --json`: at 5 min, and at half of it. Adds to `root`
/// "targets" and, to the rows of single precision, names and bands. Errors: std::runtime_error if
/// the files do not have the same rows.
void add_targets(nlohmann::ordered_json& root, const nlohmann::ordered_json& five,
                 const nlohmann::ordered_json& half);

/// Replaces the tables of `directory`/numerics.md, between `<!-- table NAME -->` and `<!-- end
/// -->`, and writes `directory`/figures/numerics/*.svg. Errors: std::runtime_error if the page has
/// no place for a table; Error(io).
void write_numerics_page(const std::string& directory, const nlohmann::ordered_json& root);

}  // namespace eustress::bench
