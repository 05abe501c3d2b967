#include "core/population/correlation.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/text/error_list.hpp"
#include "core/text/number.hpp"

namespace eustress {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::string_view kPooledCohorts =
    "DynaCORE-L (n = 200) and a student cohort (n = 317), pooled";
constexpr std::string_view kAdversity =
    "order of magnitude found in surveys of childhood adversity; no single study taken over";
constexpr std::string_view kTwoFactor =
    "general factor fitted by eye to the pooled cohorts, plus a social one";

constexpr std::array<ReferenceCorrelation, 8> kStated = {{
    {Factor::social_support, Factor::optimism, 0.35, Origin::published, kPooledCohorts},
    {Factor::social_support, Factor::self_efficacy, 0.33, Origin::published, kPooledCohorts},
    {Factor::social_support, Factor::emotional_stability, 0.34, Origin::published, kPooledCohorts},
    {Factor::self_efficacy, Factor::optimism, 0.52, Origin::published, kPooledCohorts},
    {Factor::optimism, Factor::emotional_stability, 0.44, Origin::published, kPooledCohorts},
    {Factor::self_efficacy, Factor::emotional_stability, 0.43, Origin::published, kPooledCohorts},
    {Factor::emotional_stability, Factor::early_adversity, -0.25, Origin::assumed, kAdversity},
    {Factor::social_support, Factor::early_adversity, -0.25, Origin::assumed, kAdversity},
}};

struct Loading {
  Factor factor;
  double general;
  double social;
};

// Self-reports: the general loadings of support, efficacy, optimism and stability give .34, .35,
// .29, .51, .43, .45 for the six published values. The two reactivities are near zero, because
// endocrine reactivity correlates with any self-report by no more than .1.
constexpr std::array<Loading, kFactors> kLoadings = {{
    {Factor::social_support, 0.48, 0.55},
    {Factor::social_integration, 0.40, 0.60},
    {Factor::socioeconomic_resources, 0.30, 0.15},
    {Factor::self_efficacy, 0.70, 0.00},
    {Factor::optimism, 0.73, 0.00},
    {Factor::positive_appraisal, 0.60, 0.00},
    {Factor::emotional_stability, 0.61, 0.00},
    {Factor::executive_capacity, 0.35, 0.00},
    {Factor::fitness, 0.30, 0.00},
    {Factor::sleep_quality, 0.40, 0.00},
    {Factor::gr_sensitivity, 0.05, 0.00},
    {Factor::noradrenergic_reactivity, -0.08, 0.00},
    {Factor::reward_sensitivity, 0.35, 0.15},
    {Factor::early_adversity, -0.35, -0.20},
}};

static_assert(
    [] {
      for (std::size_t i = 0; i < kFactors; ++i) {
        if (index_of(kLoadings[i].factor) != i) return false;
      }
      return true;
    }(),
    "the loadings are in the order of the enumeration");

struct Spectrum {
  VectorXd values;
  MatrixXd vectors;
};

Spectrum spectrum(const MatrixXd& a) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(a);
  if (solver.info() != Eigen::Success) {
    throw Error(ErrorKind::internal, "eigenvalues of a " + std::to_string(a.rows()) + " x " +
                                         std::to_string(a.cols()) + " matrix did not converge");
  }
  return {solver.eigenvalues(), solver.eigenvectors()};
}

// Eigenvalues this small are rounding.
double rounding_of(const VectorXd& eigenvalues) {
  const double n = static_cast<double>(eigenvalues.size());
  return 16.0 * n * std::numeric_limits<double>::epsilon() * eigenvalues.cwiseAbs().maxCoeff();
}

MatrixXd nearest_semidefinite(const MatrixXd& a) {
  if (a.rows() == 0) return a;
  const Spectrum s = spectrum(a);
  const MatrixXd scaled = s.vectors * s.values.cwiseMax(0.0).asDiagonal();
  const MatrixXd product = scaled * s.vectors.transpose();
  return 0.5 * (product + product.transpose());
}

MatrixXd block_of(const MatrixXd& a, std::span<const int> rows, std::span<const int> cols) {
  MatrixXd out(static_cast<Index>(rows.size()), static_cast<Index>(cols.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < cols.size(); ++j) {
      out(static_cast<Index>(i), static_cast<Index>(j)) = a(rows[i], cols[j]);
    }
  }
  return out;
}

// Generalised inverse of a semi-definite matrix, whose eigenvalues below 1e-8 of the largest count
// as zero.
MatrixXd pseudo_inverse(const MatrixXd& a) {
  if (a.rows() == 0) return a;
  const Spectrum s = spectrum(a);
  const double cutoff = 1e-8 * s.values.cwiseAbs().maxCoeff();
  const VectorXd inverse =
      s.values.unaryExpr([cutoff](double v) { return v > cutoff ? 1.0 / v : 0.0; });
  return s.vectors * inverse.asDiagonal() * s.vectors.transpose();
}

MatrixXd reference_matrix() {
  MatrixXd r = MatrixXd::Identity(kFactors, kFactors);
  for (const FactorInfo& a : kFactorTable) {
    for (const FactorInfo& b : kFactorTable) {
      if (a.factor == b.factor) continue;
      r(static_cast<Index>(index_of(a.factor)), static_cast<Index>(index_of(b.factor))) =
          reference_correlation(a.factor, b.factor).value;
    }
  }
  return r;
}

}  // namespace

ReferenceCorrelation reference_correlation(Factor first, Factor second) {
  for (const ReferenceCorrelation& entry : kStated) {
    if ((entry.first == first && entry.second == second) ||
        (entry.first == second && entry.second == first)) {
      return {first, second, entry.value, entry.origin, entry.source};
    }
  }
  const Loading& a = kLoadings[index_of(first)];
  const Loading& b = kLoadings[index_of(second)];
  return {first, second, a.general * b.general + a.social * b.social, Origin::assumed, kTwoFactor};
}

void check_correlations(const MatrixXd& values, std::span<const std::string> names,
                        std::string_view where) {
  constexpr double kTolerance = 1e-8;
  ErrorList errors;
  const std::string start = std::string(where) + ": ";
  if (values.rows() != values.cols() || values.rows() != static_cast<Index>(names.size())) {
    throw Error(ErrorKind::input, start + "the correlation matrix has " +
                                      std::to_string(values.rows()) + " rows and " +
                                      std::to_string(values.cols()) + " columns for " +
                                      std::to_string(names.size()) + " names; it must be square");
  }
  for (Index i = 0; i < values.rows(); ++i) {
    const std::string& row = names[static_cast<std::size_t>(i)];
    if (!(std::abs(values(i, i) - 1.0) <= kTolerance)) {
      errors.add(start + "the correlation of " + row + " with itself is " +
                 number_text(values(i, i)) + "; the diagonal must be 1");
    }
    for (Index j = 0; j < i; ++j) {
      const std::string& column = names[static_cast<std::size_t>(j)];
      const double lower = values(i, j);
      const double upper = values(j, i);
      // The negated comparisons also catch NaN.
      const bool in_range =
          std::abs(lower) <= 1.0 + kTolerance && std::abs(upper) <= 1.0 + kTolerance;
      if (!in_range) {
        const bool lower_wrong = !(std::abs(lower) <= 1.0 + kTolerance);
        errors.add(start + "the correlation of " + (lower_wrong ? row : column) + " with " +
                   (lower_wrong ? column : row) + " is " +
                   number_text(lower_wrong ? lower : upper) + "; it must lie between -1 and 1");
      } else if (!(std::abs(lower - upper) <= kTolerance)) {
        errors.add(start + "not symmetric: row " + row + ", column " + column + " is " +
                   number_text(lower) + ", but row " + column + ", column " + row + " is " +
                   number_text(upper) + "; make them equal");
      }
    }
  }
  errors.throw_if_any(ErrorKind::input);
}

NearestCorrelation nearest_correlation(const MatrixXd& a, std::span<const int> fixed) {
  // Linear convergence: some tens of iterations as a rule, hundreds for matrices far off. At the
  // limit, which a singular fixed block can reach, the result is still valid, only not the nearest.
  constexpr int kIterations = 2000;
  constexpr double kTolerance = 1e-11;
  MatrixXd input = 0.5 * (a + a.transpose());
  input.diagonal().setOnes();
  if (input.rows() == 0) return {input, 0.0};
  const VectorXd eigenvalues = spectrum(input).values;
  if (eigenvalues.minCoeff() >= -rounding_of(eigenvalues)) return {input, 0.0};

  const auto restore_constraints = [&](MatrixXd& m) {
    m.diagonal().setOnes();
    for (const int i : fixed) {
      for (const int j : fixed) m(i, j) = i == j ? 1.0 : input(i, j);
    }
  };
  MatrixXd y = input;
  restore_constraints(y);
  MatrixXd correction = MatrixXd::Zero(input.rows(), input.cols());
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    const MatrixXd shifted = y - correction;
    const MatrixXd x = nearest_semidefinite(shifted);
    correction = x - shifted;
    MatrixXd next = x;
    restore_constraints(next);
    const double size = next.norm();
    const bool settled =
        (next - y).norm() <= kTolerance * size && (next - x).norm() <= kTolerance * size;
    y = next;
    if (settled) break;
  }
  const MatrixXd result = repaired_correlation(y, fixed);
  return {result, (result - input).norm()};
}

MatrixXd repaired_correlation(const MatrixXd& a, std::span<const int> fixed) {
  std::vector<int> rest;
  for (int i = 0; i < a.rows(); ++i) {
    if (std::find(fixed.begin(), fixed.end(), i) == fixed.end()) rest.push_back(i);
  }
  const MatrixXd block = block_of(a, fixed, fixed);
  // Rows outside the block must lie in its range; what the block does not explain of them is made
  // definite; scaling restores the diagonal and keeps all that.
  const MatrixXd weights = pseudo_inverse(block) * block_of(a, fixed, rest);
  const MatrixXd cross = block * weights;
  const MatrixXd explained = cross.transpose() * weights;
  const MatrixXd symmetric = 0.5 * (explained + explained.transpose());
  const MatrixXd corner = symmetric + nearest_semidefinite(block_of(a, rest, rest) - symmetric);
  const VectorXd scale = corner.diagonal().cwiseMax(1e-12).cwiseSqrt().cwiseInverse();

  MatrixXd out = a;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto row = static_cast<Index>(i);
    for (std::size_t j = 0; j < rest.size(); ++j) {
      const auto column = static_cast<Index>(j);
      out(rest[i], rest[j]) = corner(row, column) * scale(row) * scale(column);
    }
    for (std::size_t j = 0; j < fixed.size(); ++j) {
      const double r = cross(static_cast<Index>(j), row) * scale(row);
      out(rest[i], fixed[j]) = r;
      out(fixed[j], rest[i]) = r;
    }
  }
  out = out.cwiseMax(-1.0).cwiseMin(1.0).eval();
  out.diagonal().setOnes();
  return out;
}

MatrixXd semidefinite_cholesky(const MatrixXd& a) {
  if (a.rows() == 0) return a;
  const Spectrum s = spectrum(a);
  const double rounding = rounding_of(s.values);
  const VectorXd roots =
      s.values.unaryExpr([rounding](double v) { return v > rounding ? std::sqrt(v) : 0.0; });
  // With a = G G' and G' = Q R, a = R' R: triangular without ever dividing by a vanishing pivot.
  const MatrixXd root_transposed = roots.asDiagonal() * s.vectors.transpose();
  const Eigen::HouseholderQR<MatrixXd> qr(root_transposed);
  MatrixXd lower = MatrixXd(qr.matrixQR().triangularView<Eigen::Upper>()).transpose();
  for (Index j = 0; j < lower.cols(); ++j) {
    if (lower(j, j) < 0.0) lower.col(j) = -lower.col(j);
  }
  return lower;
}

ConditionalNormal conditional_normal(const MatrixXd& covariance, std::span<const int> given,
                                     std::span<const int> wanted) {
  const MatrixXd wanted_given = block_of(covariance, wanted, given);
  const MatrixXd wanted_wanted = block_of(covariance, wanted, wanted);
  ConditionalNormal out;
  out.weights = wanted_given * pseudo_inverse(block_of(covariance, given, given));
  const MatrixXd explained = out.weights * wanted_given.transpose();
  const MatrixXd rest = wanted_wanted - 0.5 * (explained + explained.transpose());
  out.factor = semidefinite_cholesky(rest);
  return out;
}

CorrelationMatrix CorrelationMatrix::reference() {
  CorrelationMatrix out;
  out.matrix_ = reference_matrix();
  return out;
}

CorrelationMatrix CorrelationMatrix::with(const FactorCorrelations& block) {
  CorrelationMatrix out;
  const NearestCorrelation valid_block = nearest_correlation(block.values);
  out.block_distance_ = valid_block.distance;
  out.matrix_ = reference_matrix();
  std::vector<int> rows;
  for (const Factor factor : block.factors) rows.push_back(static_cast<int>(index_of(factor)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      if (i == j) continue;
      out.matrix_(rows[i], rows[j]) =
          valid_block.matrix(static_cast<Index>(i), static_cast<Index>(j));
    }
  }
  const NearestCorrelation all = nearest_correlation(out.matrix_, rows);
  out.matrix_ = all.matrix;
  out.rest_distance_ = all.distance;
  return out;
}

}  // namespace eustress
