#pragma once

#include <string>
#include <string_view>

#include "core/population/cohort_table.hpp"
#include "io/tables/cohort_csv.hpp"

namespace eustress::io {

/// A cohort table from a netCDF-4 or HDF5 file in memory: columns are one-dimensional variables of
/// numbers in its root group, all of the same length, missing where they are NaN, _FillValue or
/// missing_value; ids may be text or integers. No columns asked for: all variables that are
/// columns. Read in a process of its own, for a damaged file may crash the library that reads it.
/// Throws Error(input) that lists what is wrong, at most ErrorList::kShown. `file` is the
/// name in messages.
CohortTable parse_cohort_arrays(std::string_view bytes, const std::string& file,
                                const CohortRequest& request);

/// A cohort table in whatever of the formats its content has.
CohortTable parse_cohort(std::string_view bytes, const std::string& file,
                         const CohortRequest& request);

}  // namespace eustress::io
