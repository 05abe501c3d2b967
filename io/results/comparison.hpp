#pragma once

// Effects of arms on outcomes of persons, from the results of a run or of two.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcomes/contrast.hpp"

namespace eustress::io {

class ResultsFile;

struct ComparisonRequest {
  std::vector<std::string> outcomes;  ///< empty: all
  std::string stratum;                ///< empty: everybody
  std::string reference;              ///< arm; empty: the first
};

/// What an interval of 95 % is made from.
enum class Basis {
  persons,     ///< paired differences of persons
  replicates,  ///< differences of replicates, Student's t
  unpaired,    ///< standard deviations of the two arms, as if they held different persons
};
[[nodiscard]] std::string_view to_string(Basis basis);

/// The difference arm minus reference of one outcome. What is not known is NaN or absent.
struct Effect {
  std::string arm, outcome, unit;
  Basis basis = Basis::persons;
  std::int64_t persons = 0;         ///< over all replicates
  double reference_mean, arm_mean;  ///< over all replicates
  double reference_sd;              ///< over persons, mean over replicates
  Interval difference;              ///< 95 %
  double standardised;              ///< difference over the sd of the reference arm (Glass's delta)
  std::optional<std::int64_t> improved, worsened;  ///< persons
  std::optional<double> variance_ratio;            ///< of the pairing
  /// Of outcomes that a person has or has not (ever_*); see number_needed_to_treat().
  std::optional<Interval> needed_to_treat;
  /// Person-days averted per 1,000 people and year of 365 days, of outcomes in days.
  std::optional<Interval> days_averted;
};

struct Comparison {
  std::string title, reference, stratum;
  std::vector<std::string> arms;  ///< without the reference
  std::uint64_t individuals = 0;
  std::size_t replicates = 1;
  std::vector<Effect> effects;  ///< arm by arm
  std::vector<std::string> notes;
};

/// Arms of the finished run in `directory`. Errors: Error(input) for results that are missing,
/// unfinished, damaged or without outcomes; Error(usage) for a run of one arm, and for names of
/// outcomes, strata and arms that are not there.
[[nodiscard]] Comparison compare_arms(const std::string& directory,
                                      const ComparisonRequest& request);
/// The same of an open results.nc.
[[nodiscard]] Comparison compare_arms(const ResultsFile& file, const ComparisonRequest& request);

/// The arms of the run in `directory` against those of the same names in `reference_directory`,
/// persons paired by their numbers in the individuals.h5 of both. Outcomes are the columns with one
/// number per arm and person but those of days, in which -1 is none, and as mean_<column> the means
/// over assessments. Errors: as before; Error(usage) if the two runs are not of the same people
/// with the same luck, with the keys in which they differ.
[[nodiscard]] Comparison compare_runs(const std::string& reference_directory,
                                      const std::string& directory,
                                      const ComparisonRequest& request);

/// As JSON, ended by a line break; what is not known is null.
[[nodiscard]] std::string comparison_json(const Comparison& comparison);

}  // namespace eustress::io
