#include "io/report/statistics.hpp"

#include <Eigen/Core>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace eustress::io::report {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void check_lengths(std::size_t a, std::size_t b) {
  if (a != b) {
    throw Error(ErrorKind::internal, "report statistics: columns of " + std::to_string(a) +
                                         " and " + std::to_string(b) + " values are paired");
  }
}

}  // namespace

Summary summary(std::span<const double> values) {
  Summary s{0, kNaN, kNaN};
  double sum = 0.0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    sum += x;
    ++s.count;
  }
  if (s.count == 0) return s;
  s.mean = sum / static_cast<double>(s.count);
  double squares = 0.0;
  for (const double x : values) {
    if (std::isfinite(x)) squares += (x - s.mean) * (x - s.mean);
  }
  s.sd = std::sqrt(squares / static_cast<double>(s.count));
  return s;
}

std::vector<double> standardised(std::span<const double> values) {
  const Summary s = summary(values);
  std::vector<double> z(values.size(), kNaN);
  if (!(s.sd > 0.0)) return z;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) z[i] = (values[i] - s.mean) / s.sd;
  }
  return z;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [values](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size(), kNaN);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    // Ranks begin + 1 to end.
    const double mean = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t i = begin; i < end; ++i) rank[order[i]] = mean;
    begin = end;
  }
  return rank;
}

LineFit fit_line(std::span<const double> x, std::span<const double> y) {
  check_lengths(x.size(), y.size());
  LineFit fit{0, kNaN, kNaN, kNaN, kNaN};
  double mean_x = 0.0, mean_y = 0.0;
  const auto is_pair = [&](std::size_t i) { return std::isfinite(x[i]) && std::isfinite(y[i]); };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!is_pair(i)) continue;
    mean_x += x[i];
    mean_y += y[i];
    ++fit.count;
  }
  if (fit.count < 2) return fit;
  const auto n = static_cast<double>(fit.count);
  mean_x /= n;
  mean_y /= n;
  double xx = 0.0, xy = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!is_pair(i)) continue;
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  if (!(xx > 0.0)) return fit;
  fit.slope = xy / xx;
  fit.intercept = mean_y - fit.slope * mean_x;
  if (yy > 0.0) fit.correlation = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  if (fit.count > 2) {
    const double residual = std::max(0.0, yy - fit.slope * xy);
    fit.slope_error = std::sqrt(residual / (n - 2.0) / xx);
  }
  return fit;
}

std::vector<GroupRows> rows_of_groups(std::span<const std::int32_t> group) {
  std::map<std::int32_t, std::vector<std::size_t>> by_group;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] >= 0) by_group[group[i]].push_back(i);
  }
  std::vector<GroupRows> result;
  result.reserve(by_group.size());
  for (auto& [code, rows] : by_group) result.push_back({code, std::move(rows)});
  return result;
}

std::vector<double> pick(std::span<const double> values, std::span<const std::size_t> rows) {
  std::vector<double> picked;
  picked.reserve(rows.size());
  for (const std::size_t row : rows) picked.push_back(values[row]);
  return picked;
}

Intraclass intraclass_correlation(std::span<const double> values,
                                  std::span<const std::int32_t> group) {
  check_lengths(values.size(), group.size());
  Intraclass result{0, 0, kNaN, kNaN};
  double grand_sum = 0.0, sum_of_squared_sizes = 0.0, within = 0.0;
  std::vector<Summary> groups;
  for (const GroupRows& g : rows_of_groups(group)) {
    const Summary s = summary(pick(values, g.rows));
    if (s.count == 0) continue;
    const auto size = static_cast<double>(s.count);
    grand_sum += size * s.mean;
    sum_of_squared_sizes += size * size;
    within += size * s.sd * s.sd;
    result.count += s.count;
    groups.push_back(s);
  }
  result.groups = groups.size();
  if (result.groups < 2 || result.count <= result.groups) return result;
  const auto n = static_cast<double>(result.count), k = static_cast<double>(result.groups);
  const double grand_mean = grand_sum / n;
  double between = 0.0;
  for (const Summary& s : groups) {
    between += static_cast<double>(s.count) * (s.mean - grand_mean) * (s.mean - grand_mean);
  }
  const double msb = between / (k - 1.0), msw = within / (n - k);
  result.mean_size = (n - sum_of_squared_sizes / n) / (k - 1.0);
  const double total = msb + (result.mean_size - 1.0) * msw;
  if (total > 0.0) result.icc = (msb - msw) / total;
  return result;
}

double regression_r_squared(std::span<const std::vector<double>> columns,
                            std::span<const double> y) {
  std::vector<std::size_t> rows;
  for (const auto& column : columns) check_lengths(column.size(), y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    bool complete = std::isfinite(y[i]);
    for (const auto& column : columns) complete = complete && std::isfinite(column[i]);
    if (complete) rows.push_back(i);
  }
  std::vector<std::vector<double>> z;
  for (const auto& column : columns) {
    std::vector<double> one = standardised(pick(column, rows));
    if (!one.empty() && std::isfinite(one[0])) z.push_back(std::move(one));
  }
  const std::vector<double> target = standardised(pick(y, rows));
  if (rows.size() <= z.size() + 1 || !std::isfinite(target[0])) return kNaN;
  const auto k = static_cast<Eigen::Index>(z.size());
  Eigen::MatrixXd gram(k, k);
  Eigen::VectorXd products(k);
  const auto inner = [&rows](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) sum += a[i] * b[i];
    return sum / static_cast<double>(rows.size());
  };
  for (Eigen::Index a = 0; a < k; ++a) {
    const auto& za = z[static_cast<std::size_t>(a)];
    products(a) = inner(za, target);
    for (Eigen::Index b = 0; b <= a; ++b) {
      gram(a, b) = gram(b, a) = inner(za, z[static_cast<std::size_t>(b)]);
    }
  }
  // Reveals the rank: columns may depend on each other.
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
  solver.setThreshold(1e-9);
  const Eigen::VectorXd weights = solver.compute(gram).solve(products);
  return std::clamp(weights.dot(products), 0.0, 1.0);
}

std::vector<BinnedMean> binned_means(std::span<const double> x, std::span<const double> y,
                                     std::size_t bins) {
  check_lengths(x.size(), y.size());
  std::vector<std::pair<double, double>> pairs;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) pairs.emplace_back(x[i], y[i]);
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<BinnedMean> result;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t begin = pairs.size() * bin / bins, end = pairs.size() * (bin + 1) / bins;
    if (begin == end) continue;
    BinnedMean mean{0.0, 0.0, end - begin};
    for (std::size_t i = begin; i < end; ++i) {
      mean.x += pairs[i].first;
      mean.y += pairs[i].second;
    }
    mean.x /= static_cast<double>(mean.count);
    mean.y /= static_cast<double>(mean.count);
    result.push_back(mean);
  }
  return result;
}

}  // namespace eustress::io::report
