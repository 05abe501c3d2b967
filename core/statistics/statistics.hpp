#pragma once

// Plain statistics over stored numbers, computed in the order in which they are given. What has no
// answer (too few values, no variation) is NaN.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace eustress {

double mean(std::span<const double> x);
/// With n - 1 in the denominator.
double variance(std::span<const double> x);
double standard_deviation(std::span<const double> x);
/// Third standardised moment, with n in all denominators.
double skewness(std::span<const double> x);
/// Linear between order statistics (type 7 of Hyndman & Fan 1996, the default of R). q in [0, 1].
double quantile(std::vector<double> x, double q);
/// Pearson. x and y have the same length.
double correlation(std::span<const double> x, std::span<const double> y);
/// (mean(a) - mean(b))/pooled sd, times 1 - 3/(4 n - 9) for small samples (Hedges 1981).
double hedges_g(std::span<const double> a, std::span<const double> b);
/// Mean 0 and standard deviation 1.
std::vector<double> standardised(std::span<const double> x);

/// Least squares.
struct Regression {
  std::vector<double> coefficients;  ///< the intercept first
  double r2 = 0.0;
  /// Intercept + sum of coefficients times `row`.
  [[nodiscard]] double predict(std::span<const double> row) const;
};
/// `x`: rows of `columns` numbers, without a column of ones. Coefficients of columns that depend on
/// others are 0.
Regression least_squares(std::span<const double> y, std::span<const double> x, std::size_t columns);

/// Repeated measurements: `width` of each person, one person after the other.
struct Panel {
  std::vector<double> values;
  std::size_t width = 1;
  [[nodiscard]] std::size_t people() const { return values.size() / width; }
  [[nodiscard]] std::span<const double> person(std::size_t i) const {
    return std::span(values).subspan(i * width, width);
  }
};
/// One-way random effects, single measurement: ICC(1) of Shrout & Fleiss (1979).
double intraclass_correlation(const Panel& panel);
/// The same with groups of different sizes, with the mean group size of Donner (1986): group[i] is
/// that of value[i].
double intraclass_correlation(std::span<const double> value, std::span<const int> group);
/// Correlation between measurements `lag` apart: mean over all pairs of times of the correlation
/// over persons.
double lagged_correlation(const Panel& panel, std::size_t lag);
/// Slope of y on x, both as they are given: within persons (person means taken off both) and
/// between persons (person means on person means).
struct WithinBetween {
  double within, between;
};
WithinBetween within_between_slopes(const Panel& x, const Panel& y);
/// Means over `window` consecutive measurements; width becomes width - window + 1.
Panel sliding_means(const Panel& panel, std::size_t window);

/// Kaplan-Meier estimate of the share for whom it has not happened by time t. `end[i]`: time of the
/// event, or of the last look if not `happened[i]`.
double survival(std::span<const double> end, std::span<const std::uint8_t> happened, double t);

/// Least-squares cosine with a period of 24 h.
struct Cosinor {
  double mesor, amplitude, acrophase_h;
};
/// Of x at the times `days` after midnight [d], at three or more times of day; acrophase in
/// [0, 24) h. The same bits on every machine but for the arc tangent of the acrophase.
Cosinor cosinor(std::span<const double> days, std::span<const double> x);

struct Estimate {
  double value = 0.0;
  double standard_error = 0.0;
};
/// Some numbers from a subset of the people.
using Statistic = std::function<std::vector<double>(std::span<const std::uint32_t> who)>;
/// The statistic of people 0 to n - 1 with standard errors of the delete-a-group jackknife. Person
/// i is in group (i/64) mod `groups`, so that blocks stay together.
std::vector<Estimate> jackknife(std::size_t people, const Statistic& statistic,
                                std::size_t groups = 16);
/// The same for any groups: statistic(g) leaves group g out, statistic(groups) leaves out none.
std::vector<Estimate> jackknife_of_groups(
    std::size_t groups, const std::function<std::vector<double>(std::size_t)>& statistic);

}  // namespace eustress
