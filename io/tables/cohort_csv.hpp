#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/population/cohort_table.hpp"

namespace eustress::io {

/// What to read from a cohort table.
struct CohortRequest {
  std::string id_column;             ///< read as text, must be unique; empty: no ids
  std::vector<std::string> columns;  ///< numeric columns; empty: all but the ids
  /// Where a column is asked for, such as "study.toml:9:10", for messages; may be empty.
  std::function<std::string(const std::string& column)> asked_at = {};
};

/// For messages about a column that a table does not have: the nearest of those that are there, or
/// their names; and by whom it is asked for.
std::string instead_of_column(const std::string& name, std::span<const std::string> there);
std::string asked_for(const std::string& name, const CohortRequest& request);

/// Reads a CSV file with a header into a table. Blank cells and NA are missing; columns that are
/// not asked for are not looked at. Throws Error(input) that lists what is wrong with the file,
/// each as file:line:column, at most ErrorList::kShown of them.
CohortTable read_cohort_table(const std::string& path, const CohortRequest& request = {});

/// The same from text in memory; `file` is its name in messages.
CohortTable parse_cohort_table(std::string_view text, const std::string& file,
                               const CohortRequest& request = {});

}  // namespace eustress::io
