#pragma once

// What a validation says: the table, the same as JSON, and the page with its figures.

#include <span>
#include <string>
#include <vector>

#include "app/validation/targets.hpp"

namespace eustress::app::validation {

/// How the verdicts came about.
struct Circumstances {
  bool full = false;
  double slack = 0.0;  ///< standard errors by which the bands are wider
  double scale = 1.0;  ///< size of the runs relative to the usual one
  std::vector<std::string> overrides;
};

/// "30 to 45", "at least 2".
std::string band_text(const Quantity& quantity);

/// One verdict as lines of a table of fixed width.
std::string table_head();
std::string table_rows(const Verdict& verdict);
/// What failed and passed against what is known.
struct Tally {
  std::vector<std::string> passed, known_failures, new_failures, unexpected_passes;
  /// The failing rows are exactly the known ones.
  [[nodiscard]] bool is_as_known() const {
    return new_failures.empty() && unexpected_passes.empty();
  }
};
Tally tally_of(std::span<const Verdict> verdicts, std::span<const KnownFailure> known);
std::string tally_text(const Tally& tally);

std::string verdicts_json(std::span<const Verdict> verdicts, const Tally& tally,
                          const Circumstances& circumstances);
/// Writes validation.md and figures/validation/ID.svg into the directory.
void write_page(const std::string& directory, std::span<const Verdict> verdicts,
                std::span<const KnownFailure> known, const Circumstances& circumstances);

}  // namespace eustress::app::validation
