#pragma once

// The empirical distribution of one column of a table, and its tie to a standard normal variable.

#include <cstdint>
#include <span>
#include <vector>

namespace eustress {

/// Inverse of the standard normal distribution function for 0 < p < 1 (Wichura 1988, AS 241,
/// relative error 1e-16). The same bits on every machine.
double normal_quantile(double p);

/// The distinct values of a column, and for each its normal score: the normal quantile of its mid
/// rank, standardised to mean 0 and variance 1 over the rows.
class NormalScores {
 public:
  /// `column` may hold NaN, which are left out; at least one value must be there.
  explicit NormalScores(std::span<const double> column);

  /// Number of distinct values.
  [[nodiscard]] std::uint32_t levels() const noexcept {
    return static_cast<std::uint32_t>(values_.size());
  }
  [[nodiscard]] double value(std::uint32_t level) const { return values_[level]; }
  [[nodiscard]] double score(std::uint32_t level) const { return scores_[level]; }
  /// The level of a value that occurs in the column.
  [[nodiscard]] std::uint32_t level_of(double value) const;
  /// The level at which the column's quantile function stands for a standard normal variable.
  [[nodiscard]] std::uint32_t level_at(double latent) const;

  /// Mean and standard deviation (divisor: number of values) of the column.
  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double sd() const noexcept { return sd_; }
  /// Correlation of the values with their scores over the rows, and with a standard normal variable
  /// that is turned into values by level_at. Below 1 for columns that are skewed or move in steps;
  /// 0 for a constant column.
  [[nodiscard]] double score_correlation() const noexcept { return score_correlation_; }
  [[nodiscard]] double latent_correlation() const noexcept { return latent_correlation_; }

 private:
  std::vector<double> values_;  ///< ascending
  std::vector<double> scores_;  ///< one per value
  std::vector<double> cuts_;    ///< latent values between neighbouring levels
  double mean_ = 0.0;
  double sd_ = 0.0;
  double score_correlation_ = 0.0;
  double latent_correlation_ = 0.0;
};

}  // namespace eustress
