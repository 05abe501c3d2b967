#pragma once

// Strata: the parts of the cohort that are observed by themselves.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/population/synthesis.hpp"
#include "core/study.hpp"

namespace eustress {

/// With "all".
inline constexpr std::size_t kMostStrata = 1000;

/// The strata of a study: "all", then every combination of the parts of output.strata, the last one
/// fastest. Parts are sex_0, sex_1; group_CODE for the groups that there are; age_below_30,
/// age_30_to_44, age_45_up for bands that begin at 30 and 45; FACTOR_low, FACTOR_middle and
/// FACTOR_high for thirds of the reference population, FACTOR_low and FACTOR_high for halves, else
/// FACTOR_q1, FACTOR_q2, ... from the lowest. A combination joins its parts by a point:
/// "sex_1.optimism_low". Immutable.
class Strata {
 public:
  /// `groups`: codes of the cohort, ascending. Errors: Error(usage) for a word of output.strata
  /// that is none, and for more strata than kMostStrata.
  Strata(const OutputPlan& output, std::span<const std::int32_t> groups);

  /// In the order of their numbers; the first is "all".
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

  /// Number of the individual's stratum besides "all"; 0: none, as without a group.
  [[nodiscard]] std::size_t of(const IndividualDraw& draw) const;

 private:
  enum class By { sex, group, age, factor };
  struct Split {
    By by;
    Factor factor = Factor::social_support;
    std::vector<double> cuts;          ///< age [y], or of the standardised factor
    std::vector<std::int32_t> groups;  ///< codes
    std::vector<std::string> names;    ///< of the parts
  };
  static Split split_of(const std::string& word, const OutputPlan& output,
                        std::span<const std::int32_t> groups);

  std::vector<Split> splits_;
  std::vector<std::string> names_;
};

/// Throws Error(usage) if a regime names a stratum that there is not.
void check_regime_strata(const Study& study, const Strata& strata);

}  // namespace eustress
