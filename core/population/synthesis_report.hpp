#pragma once

// How far the people that a synthesis makes are what was asked for.

#include <Eigen/Core>
#include <array>
#include <cstdint>

#include "core/population/synthesis.hpp"

namespace eustress {

/// Sums over a range of individuals. Ranges that are merged in ascending order give the same bits
/// however they were shared among threads.
class SynthesisSums {
 public:
  void add(const IndividualDraw& draw);
  void merge(const SynthesisSums& other);

  /// Mean, standard deviation (divisor n) and skewness of a factor. NaN of nobody.
  struct Shape {
    double mean, sd, skewness;
  };
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] Shape shape(std::size_t factor) const;
  /// kFactors x kFactors, Pearson.
  [[nodiscard]] Eigen::MatrixXd correlations() const;

 private:
  std::uint64_t count_ = 0;
  std::array<double, kFactors> sum_{}, cubes_{};
  std::array<double, kFactors * kFactors> products_{};  ///< lower triangle
};

/// Of the individuals [first, end).
SynthesisSums sums_of(const Synthesis& synthesis, std::uint64_t first, std::uint64_t end);

}  // namespace eustress
