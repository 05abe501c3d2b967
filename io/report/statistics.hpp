#pragma once

// The statistics that a report compares cohorts with. Pairs and values that are not finite are
// left out everywhere; a result is NaN where it is not defined (too few values, no spread).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eustress::io::report {

struct Summary {
  std::size_t count = 0;
  double mean, sd;  ///< of the population: sums of squares divided by count
};
[[nodiscard]] Summary summary(std::span<const double> values);

/// (x - mean) / sd of the finite values; all NaN if they have no spread.
[[nodiscard]] std::vector<double> standardised(std::span<const double> values);

/// Ranks from 1, ties sharing their mean rank; NaN for values that are not finite.
[[nodiscard]] std::vector<double> ranks(std::span<const double> values);

/// y = intercept + slope x by least squares.
struct LineFit {
  std::size_t count = 0;
  double intercept, slope;
  double slope_error;  ///< standard error of the slope, needs three pairs
  double correlation;  ///< Pearson
  [[nodiscard]] double r_squared() const { return correlation * correlation; }
};
/// Errors: Error(internal) if the lengths differ.
[[nodiscard]] LineFit fit_line(std::span<const double> x, std::span<const double> y);

/// Intraclass correlation ICC(1) of a one-way analysis of variance with unequal group sizes
/// (Shrout & Fleiss 1979; Donner 1986 for the mean size): (MSB - MSW) / (MSB + (k0 - 1) MSW).
struct Intraclass {
  std::size_t groups = 0, count = 0;
  double mean_size;  ///< k0 = (N - sum n_g^2 / N) / (groups - 1)
  double icc;
};
/// group < 0: in no group, left out.
[[nodiscard]] Intraclass intraclass_correlation(std::span<const double> values,
                                                std::span<const std::int32_t> group);

/// Rows of one group, for statistics group by group. Groups ascend; negative ones are left out.
struct GroupRows {
  std::int32_t group;
  std::vector<std::size_t> rows;
};
[[nodiscard]] std::vector<GroupRows> rows_of_groups(std::span<const std::int32_t> group);

[[nodiscard]] std::vector<double> pick(std::span<const double> values,
                                       std::span<const std::size_t> rows);

/// Share of the variance of y that a linear regression on all columns explains, over the rows in
/// which everything is finite. Columns without spread add nothing. NaN with no more rows than
/// coefficients.
[[nodiscard]] double regression_r_squared(std::span<const std::vector<double>> columns,
                                          std::span<const double> y);

/// Mean of y in `bins` bins of x that hold equally many pairs.
struct BinnedMean {
  double x, y;  ///< means of the bin
  std::size_t count;
};
[[nodiscard]] std::vector<BinnedMean> binned_means(std::span<const double> x,
                                                   std::span<const double> y, std::size_t bins);

}  // namespace eustress::io::report
