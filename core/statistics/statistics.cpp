#include "core/statistics/statistics.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>

#include "core/numerics/portable_math.hpp"

namespace eustress {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double number(std::size_t n) {
  return static_cast<double>(n);
}

/// Slope of the least-squares line of y on x.
double slope(std::span<const double> x, std::span<const double> y) {
  const double mx = mean(x), my = mean(y);
  double xy = 0.0, xx = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
  }
  return xx > 0.0 ? xy / xx : kNone;
}

}  // namespace

double mean(std::span<const double> x) {
  if (x.empty()) return kNone;
  return std::accumulate(x.begin(), x.end(), 0.0) / number(x.size());
}

double variance(std::span<const double> x) {
  if (x.size() < 2) return kNone;
  const double m = mean(x);
  double sum = 0.0;
  for (const double v : x) sum += (v - m) * (v - m);
  return sum / number(x.size() - 1);
}

double standard_deviation(std::span<const double> x) {
  return std::sqrt(variance(x));
}

double skewness(std::span<const double> x) {
  const double m = mean(x);
  double second = 0.0, third = 0.0;
  for (const double v : x) {
    second += (v - m) * (v - m);
    third += (v - m) * (v - m) * (v - m);
  }
  second /= number(x.size());
  third /= number(x.size());
  return second > 0.0 ? third / std::pow(second, 1.5) : kNone;
}

double quantile(std::vector<double> x, double q) {
  if (x.empty()) return kNone;
  std::sort(x.begin(), x.end());
  const double position = q * number(x.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, x.size() - 1);
  return x[below] + (position - number(below)) * (x[above] - x[below]);
}

double correlation(std::span<const double> x, std::span<const double> y) {
  const double mx = mean(x), my = mean(y);
  double xx = 0.0, xy = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : kNone;
}

double hedges_g(std::span<const double> a, std::span<const double> b) {
  const double n = number(a.size() + b.size());
  const double pooled =
      (number(a.size() - 1) * variance(a) + number(b.size() - 1) * variance(b)) / (n - 2.0);
  return (mean(a) - mean(b)) / std::sqrt(pooled) * (1.0 - 3.0 / (4.0 * n - 9.0));
}

std::vector<double> standardised(std::span<const double> x) {
  const double m = mean(x), sd = standard_deviation(x);
  std::vector<double> z(x.begin(), x.end());
  for (double& v : z) v = (v - m) / sd;
  return z;
}

double Regression::predict(std::span<const double> row) const {
  double y = coefficients.front();
  for (std::size_t i = 0; i < row.size(); ++i) y += coefficients[i + 1] * row[i];
  return y;
}

Regression least_squares(std::span<const double> y, std::span<const double> x,
                         std::size_t columns) {
  const auto rows = static_cast<Eigen::Index>(y.size());
  const auto width = static_cast<Eigen::Index>(columns);
  // Centred columns and the normal equations: with the few columns of these regressions and numbers
  // of order 1 nothing is lost, and a million rows need no memory of their own.
  Eigen::VectorXd centre = Eigen::VectorXd::Zero(width);
  const double my = mean(y);
  for (Eigen::Index r = 0; r < rows; ++r) {
    centre += Eigen::Map<const Eigen::VectorXd>(x.data() + r * width, width);
  }
  centre /= static_cast<double>(std::max<Eigen::Index>(rows, 1));
  Eigen::MatrixXd xx = Eigen::MatrixXd::Zero(width, width);
  Eigen::VectorXd xy = Eigen::VectorXd::Zero(width);
  double yy = 0.0;
  for (Eigen::Index r = 0; r < rows; ++r) {
    const Eigen::VectorXd row =
        Eigen::Map<const Eigen::VectorXd>(x.data() + r * width, width) - centre;
    const double dy = y[static_cast<std::size_t>(r)] - my;
    xx += row * row.transpose();
    xy += row * dy;
    yy += dy * dy;
  }
  const Eigen::VectorXd b = Eigen::ColPivHouseholderQR<Eigen::MatrixXd>(xx).solve(xy);
  Regression fit;
  fit.coefficients.push_back(my - b.dot(centre));
  fit.coefficients.insert(fit.coefficients.end(), b.data(), b.data() + width);
  fit.r2 = yy > 0.0 ? b.dot(xy) / yy : kNone;
  return fit;
}

double intraclass_correlation(const Panel& panel) {
  const std::size_t n = panel.people(), k = panel.width;
  if (n < 2 || k < 2) return kNone;
  const double grand = mean(panel.values);
  double between = 0.0, within = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double m = mean(panel.person(i));
    between += (m - grand) * (m - grand);
    for (const double v : panel.person(i)) within += (v - m) * (v - m);
  }
  between *= number(k) / number(n - 1);
  within /= number(n * (k - 1));
  return (between - within) / (between + number(k - 1) * within);
}

double intraclass_correlation(std::span<const double> value, std::span<const int> group) {
  struct Sums {
    double n = 0.0, sum = 0.0;
  };
  std::map<int, Sums> groups;
  for (std::size_t i = 0; i < value.size(); ++i) {
    groups[group[i]].n += 1.0;
    groups[group[i]].sum += value[i];
  }
  const double grand = mean(value), all = number(value.size()), k = number(groups.size());
  double between = 0.0, within = 0.0, squares = 0.0;
  for (const auto& [code, g] : groups) {
    between += g.n * (g.sum / g.n - grand) * (g.sum / g.n - grand);
    squares += g.n * g.n;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Sums& g = groups[group[i]];
    within += (value[i] - g.sum / g.n) * (value[i] - g.sum / g.n);
  }
  between /= k - 1.0;
  within /= all - k;
  const double size = (all - squares / all) / (k - 1.0);
  return (between - within) / (between + (size - 1.0) * within);
}

double lagged_correlation(const Panel& panel, std::size_t lag) {
  const std::size_t n = panel.people();
  if (lag >= panel.width) return kNone;
  double sum = 0.0;
  std::vector<double> x(n), y(n);
  for (std::size_t t = 0; t + lag < panel.width; ++t) {
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = panel.person(i)[t];
      y[i] = panel.person(i)[t + lag];
    }
    sum += correlation(x, y);
  }
  return sum / number(panel.width - lag);
}

WithinBetween within_between_slopes(const Panel& x, const Panel& y) {
  std::vector<double> within_x, within_y, mean_x, mean_y;
  for (std::size_t i = 0; i < x.people(); ++i) {
    mean_x.push_back(mean(x.person(i)));
    mean_y.push_back(mean(y.person(i)));
    for (std::size_t t = 0; t < x.width; ++t) {
      within_x.push_back(x.person(i)[t] - mean_x.back());
      within_y.push_back(y.person(i)[t] - mean_y.back());
    }
  }
  return {slope(within_x, within_y), slope(mean_x, mean_y)};
}

Panel sliding_means(const Panel& panel, std::size_t window) {
  Panel out{{}, panel.width - window + 1};
  for (std::size_t i = 0; i < panel.people(); ++i) {
    for (std::size_t t = 0; t < out.width; ++t) {
      out.values.push_back(mean(panel.person(i).subspan(t, window)));
    }
  }
  return out;
}

double survival(std::span<const double> end, std::span<const std::uint8_t> happened, double t) {
  std::vector<std::size_t> order(end.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // At equal times events come before the ends of observation.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return end[a] != end[b] ? end[a] < end[b] : happened[a] > happened[b];
  });
  double share = end.empty() ? kNone : 1.0;
  for (std::size_t i = 0; i < order.size() && end[order[i]] <= t; ++i) {
    if (happened[order[i]] != 0) share *= 1.0 - 1.0 / number(order.size() - i);
  }
  return share;
}

Cosinor cosinor(std::span<const double> days, std::span<const double> x) {
  const double n = number(x.size());
  double mean_c = 0.0, mean_s = 0.0, mean_x = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const CosSin turn = portable_cos_sin_turns(days[i]);
    mean_c += turn.cosine / n;
    mean_s += turn.sine / n;
    mean_x += x[i] / n;
  }
  double cc = 0.0, cs = 0.0, ss = 0.0, cx = 0.0, sx = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const CosSin turn = portable_cos_sin_turns(days[i]);
    const double c = turn.cosine - mean_c, s = turn.sine - mean_s, d = x[i] - mean_x;
    cc += c * c;
    cs += c * s;
    ss += s * s;
    cx += c * d;
    sx += s * d;
  }
  const double determinant = cc * ss - cs * cs;  // above 0: more than two times of day
  const double cosine = (ss * cx - cs * sx) / determinant;
  const double sine = (cc * sx - cs * cx) / determinant;
  double hour = std::atan2(sine, cosine) * 12.0 / std::numbers::pi;
  if (hour < 0.0) hour += 24.0;
  return {mean_x - cosine * mean_c - sine * mean_s, std::sqrt(cosine * cosine + sine * sine), hour};
}

std::vector<Estimate> jackknife_of_groups(
    std::size_t groups, const std::function<std::vector<double>(std::size_t)>& statistic) {
  std::vector<Estimate> estimates;
  for (const double value : statistic(groups)) estimates.push_back({value, 0.0});
  if (groups < 2) return estimates;
  std::vector<std::vector<double>> without;
  for (std::size_t g = 0; g < groups; ++g) without.push_back(statistic(g));
  for (std::size_t e = 0; e < estimates.size(); ++e) {
    double centre = 0.0, squares = 0.0;
    for (const auto& values : without) centre += values[e] / number(groups);
    for (const auto& values : without) {
      squares += (values[e] - centre) * (values[e] - centre);
    }
    estimates[e].standard_error = std::sqrt(squares * number(groups - 1) / number(groups));
  }
  return estimates;
}

std::vector<Estimate> jackknife(std::size_t people, const Statistic& statistic,
                                std::size_t groups) {
  groups = std::min(groups, (people + 63) / 64);
  return jackknife_of_groups(groups, [&](std::size_t left_out) {
    std::vector<std::uint32_t> who;
    for (std::uint32_t i = 0; i < people; ++i) {
      if ((i / 64) % groups != left_out) who.push_back(i);
    }
    return statistic(who);
  });
}

}  // namespace eustress
