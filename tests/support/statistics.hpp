#pragma once

// What statistical tests need: moments with their sampling errors, and draws that do not depend on
// the C++ library.

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/numerics/random.hpp"

namespace eustress::testing {

/// A sample of independent values.
class Sample {
 public:
  void add(double x) { values_.push_back(x); }
  [[nodiscard]] double count() const { return static_cast<double>(values_.size()); }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  [[nodiscard]] double mean() const {
    double sum = 0.0;
    for (const double x : values_) sum += x;
    return sum / count();
  }
  /// Mean of (x - mean)^power.
  [[nodiscard]] double moment(int power) const {
    const double m = mean();
    double sum = 0.0;
    for (const double x : values_) sum += std::pow(x - m, power);
    return sum / count();
  }
  [[nodiscard]] double variance() const { return moment(2) * count() / (count() - 1.0); }
  [[nodiscard]] double sd() const { return std::sqrt(variance()); }
  /// Standard errors of mean() and variance().
  [[nodiscard]] double mean_error() const { return std::sqrt(variance() / count()); }
  [[nodiscard]] double variance_error() const {
    const double v = moment(2);
    return std::sqrt((moment(4) - v * v) / count());
  }

 private:
  std::vector<double> values_;
};

/// Pearson correlation; of independent values it has a standard error of 1/sqrt(n).
inline double correlation(const Sample& a, const Sample& b) {
  const double ma = a.mean(), mb = b.mean();
  double sum = 0.0;
  for (std::size_t i = 0; i < a.values().size(); ++i) {
    sum += (a.values()[i] - ma) * (b.values()[i] - mb);
  }
  return sum / a.count() / std::sqrt(a.moment(2) * b.moment(2));
}

/// Standard error of a share p estimated from n independent trials.
inline double share_error(double p, double n) {
  return std::sqrt(p * (1.0 - p) / n);
}

/// Successive draws of one stream of the program's own generator.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : key_{seed, 0, Purpose::factors} {}
  double uniform() { return uniform_pair(key_, next_++, 0, 0).first; }
  double normal() { return normal_pair(key_, next_++, 0, 1).first; }

 private:
  StreamKey key_;
  std::uint64_t next_ = 0;
};

}  // namespace eustress::testing
