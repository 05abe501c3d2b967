#pragma once

// Correlations between resilience factors: the reference matrix and where its entries come from,
// checks of a matrix supplied by a user, its projection onto the valid correlation matrices, and
// conditional normal distributions.

#include <Eigen/Core>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parameters.hpp"
#include "core/population/factors.hpp"

namespace eustress {

/// One off-diagonal entry of the reference matrix and its origin.
struct ReferenceCorrelation {
  Factor first, second;
  double value;
  Origin origin;
  std::string_view source;
};

/// The entry for a pair of different factors: stated one by one where the literature gives it, else
/// implied by a general and a social factor, r = g_i g_j + s_i s_j.
ReferenceCorrelation reference_correlation(Factor first, Factor second);

/// Correlations of some of the factors, as a user gives them.
struct FactorCorrelations {
  std::vector<Factor> factors;  ///< no factor twice
  Eigen::MatrixXd values;       ///< rows and columns in the order of `factors`
};

/// Throws Error(input) that lists every entry which no correlation matrix can have: not finite,
/// |r| > 1, diagonal not 1, or unequal to its mirror image, beyond 1e-8. `where` (a file name)
/// opens each line; `names` are those of the rows and columns, and as many as the matrix has rows.
void check_correlations(const Eigen::MatrixXd& values, std::span<const std::string> names,
                        std::string_view where);

struct NearestCorrelation {
  Eigen::MatrixXd matrix;  ///< positive semi-definite, unit diagonal
  double distance;         ///< Frobenius norm of matrix - input; exactly 0 if the input was valid
};

/// The correlation matrix nearest to `a` (symmetric, unit diagonal) in the Frobenius norm, by
/// alternating projections with Dykstra's correction (Higham 2002, doi 10.1093/imanum/22.3.329).
/// The block of rows and columns `fixed`, which must itself be a correlation matrix, is kept as it
/// is (to 1e-7).
NearestCorrelation nearest_correlation(const Eigen::MatrixXd& a, std::span<const int> fixed = {});

/// A correlation matrix close to `a` but not the nearest, without iterations; `a` itself, up to
/// rounding, if it is valid. `fixed` as for nearest_correlation.
Eigen::MatrixXd repaired_correlation(const Eigen::MatrixXd& a, std::span<const int> fixed = {});

/// Lower triangular L with L L' = a, diagonal >= 0. `a` is symmetric and may be singular; an
/// eigenvalue below zero by rounding counts as zero.
Eigen::MatrixXd semidefinite_cholesky(const Eigen::MatrixXd& a);

/// Normal variables `wanted` given the values x of the variables `given`, all with mean zero:
/// weights x + factor e with e standard normal.
struct ConditionalNormal {
  Eigen::MatrixXd weights;  ///< wanted x given
  Eigen::MatrixXd factor;   ///< wanted x wanted, lower triangular
};
ConditionalNormal conditional_normal(const Eigen::MatrixXd& covariance, std::span<const int> given,
                                     std::span<const int> wanted);

/// A valid correlation matrix over all factors.
class CorrelationMatrix {
 public:
  /// The reference population.
  static CorrelationMatrix reference();

  /// The reference with some entries replaced. If the user's block is no correlation matrix it is
  /// replaced by the nearest one; then the other entries give way as little as possible.
  /// The block must have passed check_correlations.
  static CorrelationMatrix with(const FactorCorrelations& block);

  [[nodiscard]] double operator()(Factor a, Factor b) const {
    return matrix_(static_cast<Eigen::Index>(index_of(a)), static_cast<Eigen::Index>(index_of(b)));
  }
  /// kFactors x kFactors, in the order of the enumeration.
  [[nodiscard]] const Eigen::MatrixXd& matrix() const noexcept { return matrix_; }
  /// Frobenius distance that the user's block had to be moved; 0 if it was valid.
  [[nodiscard]] double block_distance() const noexcept { return block_distance_; }
  /// Frobenius distance that the other entries were moved to agree with the block; 0 if they did.
  [[nodiscard]] double rest_distance() const noexcept { return rest_distance_; }

 private:
  CorrelationMatrix() = default;

  Eigen::MatrixXd matrix_;
  double block_distance_ = 0.0;
  double rest_distance_ = 0.0;
};

}  // namespace eustress
