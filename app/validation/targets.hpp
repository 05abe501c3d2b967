#pragma once

// The published results that the simulator must reproduce: one row per claim, each with the
// quantities by which it is judged. All rows run on one set of parameters and one code path.

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/validation/protocol.hpp"
#include "core/statistics/statistics.hpp"
#include "io/report/svg.hpp"

namespace eustress::app::validation {

inline constexpr double kOpen = std::numeric_limits<double>::infinity();
inline constexpr double kUnstated = std::numeric_limits<double>::quiet_NaN();

/// One number that is measured, and where it must lie.
struct Quantity {
  std::string_view name;  ///< with the unit
  double published;       ///< NaN where only a band or a sign is published
  double low, high;       ///< ends included; -kOpen or kOpen where the band has no end
};

/// What a row measured.
struct Measurement {
  std::vector<Estimate> values;  ///< of the quantities, in their order
  std::vector<io::report::Plot> plots;
};

struct Target {
  std::string_view id, title;
  char origin;  ///< P: published number, C: from published equations, D: from published data
  std::string_view source;
  std::string_view protocol;  ///< how it is measured, in words
  std::vector<std::string_view> runs;
  std::vector<Quantity> quantities;
  Measurement (*measure)(const Runs&);
};

// Measured on a run of another theme.
Measurement lifetime_trauma(const Runs& runs);        ///< S11, on the lifetimes of the T rows
Measurement stress_and_depression(const Runs& runs);  ///< R4, on the cohort of the S rows
Measurement steeling(const Runs& runs);               ///< T9, on the cohort of the S rows

// The rows of each theme and the protocols that they need, in the order of the table.
const std::vector<Target>& endocrine_targets();
const std::vector<Target>& cohort_targets();
const std::vector<Target>& event_targets();
const std::vector<Target>& data_targets();
std::span<const Protocol> endocrine_protocols();
std::span<const Protocol> cohort_protocols();
std::span<const Protocol> event_protocols();
std::span<const Protocol> data_protocols();

/// All rows.
const std::vector<Target>& all_targets();
/// Errors: Error(internal) if there is none of that name.
const Protocol& protocol_named(std::string_view name);

/// A row with what came out.
struct Verdict {
  const Target* target;
  Measurement measured;
  std::vector<bool> holds;  ///< of each quantity
  [[nodiscard]] bool passes() const;
};
/// `slack`: by how many standard errors bands with two ends are wider; a number with two standard
/// errors beyond the width of its band does not hold.
Verdict judge(const Target& target, Measurement measured, double slack);

/// Rows that are known to fail, with the analysis of each, from known-failures.txt.
struct KnownFailure {
  std::string id, analysis;
};
std::vector<KnownFailure> known_failures();

}  // namespace eustress::app::validation
