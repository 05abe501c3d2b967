#pragma once

// One number out of a results.nc: "variable[place, place, ...]".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/results/results_file.hpp"
#include "io/study/diagnostics.hpp"

namespace eustress::io {

/// A variable and for each of its dimensions, in their order, a place: a name (of an arm, a
/// stratum, a trajectory), a value of the coordinate (a day, minutes, a probability), or one of
/// "first", "last", "mean", "min", "max". Where no place is given it is "first" for arm and
/// stratum, which is the reference arm and everybody, and "last" for all others.
struct OutputSelection {
  std::string text;  ///< without blanks
  std::string variable;
  std::vector<std::string> places;
};

/// Nothing, and an error, for what has not that form.
std::optional<OutputSelection> parse_output(std::string_view text, const Place& place,
                                            Diagnostics& diagnostics);

/// Errors: Error(usage) with what there is, for a variable or place that the file does not have.
double selected_number(const ResultsFile& file, const OutputSelection& selection);

/// The unit of the variable, "1" if it has none.
std::string unit_of(const ResultsFile& file, const OutputSelection& selection);

}  // namespace eustress::io
