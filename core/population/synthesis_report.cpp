#include "core/population/synthesis_report.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

// Factors are of order one, with means near zero, where raw moments lose nothing that matters.
void SynthesisSums::add(const IndividualDraw& draw) {
  ++count_;
  for (std::size_t i = 0; i < kFactors; ++i) {
    const double z = draw.z[i];
    sum_[i] += z;
    cubes_[i] += z * z * z;
    for (std::size_t j = 0; j <= i; ++j) products_[i * kFactors + j] += z * draw.z[j];
  }
}

void SynthesisSums::merge(const SynthesisSums& other) {
  count_ += other.count_;
  for (std::size_t i = 0; i < kFactors; ++i) {
    sum_[i] += other.sum_[i];
    cubes_[i] += other.cubes_[i];
  }
  for (std::size_t i = 0; i < products_.size(); ++i) products_[i] += other.products_[i];
}

SynthesisSums::Shape SynthesisSums::shape(std::size_t factor) const {
  const double n = static_cast<double>(count_);
  const double mean = sum_[factor] / n;
  const double square = products_[factor * kFactors + factor] / n;
  const double variance = std::max(0.0, square - mean * mean);
  const double third = cubes_[factor] / n - 3.0 * mean * square + 2.0 * mean * mean * mean;
  const double sd = std::sqrt(variance);
  return {mean, sd, variance > 0.0 ? third / (variance * sd) : 0.0};
}

Eigen::MatrixXd SynthesisSums::correlations() const {
  constexpr auto kSize = static_cast<Eigen::Index>(kFactors);
  Eigen::MatrixXd r = Eigen::MatrixXd::Identity(kSize, kSize);
  const double n = static_cast<double>(count_);
  for (std::size_t i = 0; i < kFactors; ++i) {
    const Shape x = shape(i);
    for (std::size_t j = 0; j < i; ++j) {
      const Shape y = shape(j);
      const double covariance = products_[i * kFactors + j] / n - x.mean * y.mean;
      const double spread = x.sd * y.sd;
      const auto a = static_cast<Eigen::Index>(i);
      const auto b = static_cast<Eigen::Index>(j);
      r(a, b) = r(b, a) = spread > 0.0 ? covariance / spread : 0.0;
    }
  }
  return r;
}

SynthesisSums sums_of(const Synthesis& synthesis, std::uint64_t first, std::uint64_t end) {
  SynthesisSums sums;
  for (std::uint64_t id = first; id < end; ++id) sums.add(synthesis.draw(id));
  return sums;
}

}  // namespace eustress
