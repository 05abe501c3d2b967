#include "core/statistics/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/statistics/statistics.hpp"

namespace eustress {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Several indices of a subset of units, which are drawn with replacement.
using IndicesOf = std::function<std::vector<double>(std::span<const std::size_t> units)>;

/// The indices of all units with the middle 95 % of those of resampled ones.
std::vector<SensitivityIndex> with_intervals(std::span<const std::size_t> units,
                                             const IndicesOf& indices_of,
                                             const Resampling& resampling) {
  const std::vector<double> values = indices_of(units);
  std::vector<std::vector<double>> resampled(values.size());
  DesignRandom random(resampling.seed);
  std::vector<std::size_t> drawn(units.size());
  for (std::size_t r = 0; r < resampling.times && units.size() > 1; ++r) {
    for (std::size_t& unit : drawn) unit = units[random.below(units.size())];
    const std::vector<double> again = indices_of(drawn);
    for (std::size_t i = 0; i < again.size(); ++i) {
      if (std::isfinite(again[i])) resampled[i].push_back(again[i]);
    }
  }
  std::vector<SensitivityIndex> indices;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_known = std::isfinite(values[i]) && resampled[i].size() > 1;
    indices.push_back({values[i], is_known ? quantile(resampled[i], 0.025) : kNone,
                       is_known ? quantile(resampled[i], 0.975) : kNone});
  }
  return indices;
}

/// Numbers of the units of `width` consecutive numbers that are all known.
std::vector<std::size_t> complete_units(std::span<const double> y, std::size_t width) {
  std::vector<std::size_t> units;
  for (std::size_t unit = 0; unit < y.size() / width; ++unit) {
    const std::span<const double> own = y.subspan(unit * width, width);
    if (std::all_of(own.begin(), own.end(), [](double v) { return std::isfinite(v); })) {
      units.push_back(unit);
    }
  }
  return units;
}

}  // namespace

MorrisEffects morris_effects(const DesignPoints& design, std::span<const double> y,
                             const Resampling& resampling) {
  const std::size_t k = design.dimensions, width = k + 1;
  const std::vector<std::size_t> units = complete_units(y, width);
  // Elementary effects [trajectory][dimension].
  std::vector<double> effects(y.size() / width * k, kNone);
  for (const std::size_t t : units) {
    for (std::size_t step = 1; step < width; ++step) {
      const std::size_t at = t * width + step;
      const std::span<const double> from = design.point(at - 1), to = design.point(at);
      for (std::size_t j = 0; j < k; ++j) {
        if (from[j] != to[j]) effects[t * k + j] = (y[at] - y[at - 1]) / (to[j] - from[j]);
      }
    }
  }
  MorrisEffects result;
  for (std::size_t j = 0; j < k; ++j) {
    std::vector<double> own;
    for (const std::size_t t : units) own.push_back(effects[t * k + j]);
    result.mu.push_back(mean(own));
    result.sigma.push_back(standard_deviation(own));
  }
  result.mu_star = with_intervals(
      units,
      [&](std::span<const std::size_t> some) {
        std::vector<double> sums(k, some.empty() ? kNone : 0.0);
        for (const std::size_t t : some) {
          for (std::size_t j = 0; j < k; ++j) sums[j] += std::abs(effects[t * k + j]);
        }
        for (double& sum : sums) sum /= static_cast<double>(some.size());
        return sums;
      },
      resampling);
  return result;
}

SobolIndices sobol_indices(std::size_t dimensions, std::span<const double> y,
                           const Resampling& resampling) {
  const std::size_t width = dimensions + 2;
  const std::vector<std::size_t> units = complete_units(y, width);
  const IndicesOf indices_of = [&](std::span<const std::size_t> some) {
    std::vector<double> indices(2 * dimensions, kNone);
    if (some.size() < 2) return indices;
    double sum = 0.0, squares = 0.0;
    const auto n = static_cast<double>(some.size());
    for (const std::size_t u : some) sum += y[u * width] + y[u * width + 1];
    // Centred, as the estimator of the first order loses digits to a large mean.
    const double centre = sum / (2.0 * n);
    for (const std::size_t u : some) {
      for (std::size_t i = 0; i < 2; ++i) {
        const double d = y[u * width + i] - centre;
        squares += d * d;
      }
    }
    const double total = squares / (2.0 * n);
    if (!(total > 0.0)) return indices;
    for (std::size_t j = 0; j < dimensions; ++j) {
      double first = 0.0, jansen = 0.0;
      for (const std::size_t u : some) {
        const double a = y[u * width] - centre, b = y[u * width + 1] - centre;
        const double mixed = y[u * width + 2 + j] - centre;
        first += b * (mixed - a);
        jansen += (a - mixed) * (a - mixed);
      }
      indices[j] = first / n / total;
      indices[dimensions + j] = jansen / (2.0 * n) / total;
    }
    return indices;
  };
  const std::vector<SensitivityIndex> all = with_intervals(units, indices_of, resampling);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(dimensions);
  return {{all.begin(), middle}, {middle, all.end()}};
}

RegressionEffects regression_effects(const DesignPoints& design, std::span<const double> y,
                                     const Resampling& resampling) {
  const std::size_t k = design.dimensions;
  const std::vector<std::size_t> units = complete_units(y, 1);
  RegressionEffects result;
  result.r2 = kNone;
  const auto regress = [&](std::span<const std::size_t> some, double* r2) {
    std::vector<double> coefficients(k, kNone), response, x;
    for (const std::size_t i : some) {
      response.push_back(y[i]);
      x.insert(x.end(), design.point(i).begin(), design.point(i).end());
    }
    const double spread = standard_deviation(response);
    if (some.size() < k + 2 || !(spread > 0.0)) return coefficients;
    const Regression fit = least_squares(response, x, k);
    if (r2 != nullptr) *r2 = fit.r2;
    for (std::size_t j = 0; j < k; ++j) {
      std::vector<double> column;
      for (std::size_t i = 0; i < some.size(); ++i) column.push_back(x[i * k + j]);
      coefficients[j] = fit.coefficients[j + 1] * standard_deviation(column) / spread;
    }
    return coefficients;
  };
  regress(units, &result.r2);
  result.coefficients = with_intervals(
      units, [&](std::span<const std::size_t> some) { return regress(some, nullptr); }, resampling);
  return result;
}

}  // namespace eustress
