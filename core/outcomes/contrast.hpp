#pragma once

// What a paired difference between two arms is worth to people.

#include <cstdint>

namespace eustress {

/// A number with an interval. Ends are NaN where nothing is known, and may be infinite.
struct Interval {
  double value, low, high;
};

/// Of `persons` who were in both arms: mean and standard deviation over persons of the difference,
/// new arm minus reference.
struct PairedDifference {
  std::int64_t persons;
  double mean, sd;
};

/// mean +- z sd/sqrt(n); z: standard normal quantile of the interval, 1.96 for 95 %.
Interval mean_difference(const PairedDifference& difference, double z);

/// Persons who must get the new arm so that one of them is spared a bad binary outcome, 1/(risk
/// under the reference - risk in the arm), with the inverted Wald interval of the paired
/// difference. A negative number is a number needed to harm. If the interval of the difference
/// contains 0, that of the number goes over infinity: from `low`, the bound on the side of `value`,
/// through infinity to `high`, which then has the other sign (Altman 1998, doi
/// 10.1136/bmj.317.7168.1309). Infinite if the arms do not differ.
Interval number_needed_to_treat(const PairedDifference& difference, double z);

/// Person-days spared per 1,000 people by the arm, from the paired difference of days per person.
Interval days_averted_per_1000(const PairedDifference& difference, double z);

}  // namespace eustress
