#include "core/population/correlation.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/numerics/random.hpp"

namespace eustress {
namespace {

using Eigen::MatrixXd;

double smallest_eigenvalue(const MatrixXd& m) {
  return Eigen::SelfAdjointEigenSolver<MatrixXd>(m).eigenvalues().minCoeff();
}

MatrixXd matrix3(double a, double b, double c) {
  MatrixXd m = MatrixXd::Identity(3, 3);
  m(0, 1) = m(1, 0) = a;
  m(0, 2) = m(2, 0) = b;
  m(1, 2) = m(2, 1) = c;
  return m;
}

std::string error_of(const MatrixXd& values, const std::vector<std::string>& names) {
  try {
    check_correlations(values, names, "r.csv");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return {};
}

TEST(ReferenceCorrelation, HasThePublishedEntries) {
  const CorrelationMatrix r = CorrelationMatrix::reference();
  EXPECT_EQ(r(Factor::social_support, Factor::optimism), 0.35);
  EXPECT_EQ(r(Factor::social_support, Factor::self_efficacy), 0.33);
  EXPECT_EQ(r(Factor::social_support, Factor::emotional_stability), 0.34);
  EXPECT_EQ(r(Factor::optimism, Factor::self_efficacy), 0.52);
  EXPECT_EQ(r(Factor::optimism, Factor::emotional_stability), 0.44);
  EXPECT_EQ(r(Factor::self_efficacy, Factor::emotional_stability), 0.43);
  EXPECT_EQ(r(Factor::early_adversity, Factor::emotional_stability), -0.25);
  EXPECT_EQ(r(Factor::early_adversity, Factor::social_support), -0.25);
  for (const FactorInfo& row : kFactorTable) {
    if (row.factor == Factor::gr_sensitivity) continue;
    EXPECT_LE(std::abs(r(Factor::gr_sensitivity, row.factor)), 0.1) << row.name;
  }
}

TEST(ReferenceCorrelation, EveryEntryHasASourceAndTheMatrixIsDefinite) {
  const CorrelationMatrix r = CorrelationMatrix::reference();
  int published = 0;
  for (const FactorInfo& a : kFactorTable) {
    EXPECT_EQ(r(a.factor, a.factor), 1.0);
    for (const FactorInfo& b : kFactorTable) {
      if (a.factor == b.factor) continue;
      const ReferenceCorrelation entry = reference_correlation(a.factor, b.factor);
      EXPECT_EQ(entry.value, r(b.factor, a.factor));
      EXPECT_FALSE(entry.source.empty());
      if (entry.origin == Origin::published) ++published;
    }
  }
  EXPECT_EQ(published, 2 * 6);
  EXPECT_GT(smallest_eigenvalue(r.matrix()), 0.1);
}

TEST(CheckCorrelations, AcceptsAValidMatrix) {
  EXPECT_EQ(error_of(matrix3(0.5, -1.0, 1.0), {"a", "b", "c"}), "");
  MatrixXd nearly = matrix3(0.5, 0.2, 0.1);
  nearly(0, 1) += 5e-9;
  EXPECT_EQ(error_of(nearly, {"a", "b", "c"}), "");
}

TEST(CheckCorrelations, NamesBothValuesOfAnAsymmetricPair) {
  MatrixXd m = matrix3(0.5, 0.2, 0.1);
  m(2, 1) = 0.15;
  const std::string text = error_of(m, {"a", "b", "c"});
  EXPECT_NE(text.find("r.csv: not symmetric: row c, column b is 0.15, but row b, column c is 0.1"),
            std::string::npos)
      << text;
}

TEST(CheckCorrelations, ReportsAllMistakesAtOnce) {
  MatrixXd m = matrix3(0.5, 0.2, 0.1);
  m(1, 1) = 0.9;
  m(0, 2) = m(2, 0) = 1.2;
  m(0, 1) = std::numeric_limits<double>::quiet_NaN();
  const std::string text = error_of(m, {"a", "b", "c"});
  EXPECT_NE(text.find("b with itself is 0.9"), std::string::npos) << text;
  EXPECT_NE(text.find("c with a is 1.2"), std::string::npos) << text;
  EXPECT_NE(text.find("a with b is nan"), std::string::npos) << text;
}

TEST(CheckCorrelations, RefusesWhatIsNotSquare) {
  EXPECT_NE(error_of(MatrixXd::Zero(2, 3), {"a", "b"}).find("must be square"), std::string::npos);
  EXPECT_NE(error_of(MatrixXd::Identity(2, 2), {"a"}).find("must be square"), std::string::npos);
}

TEST(NearestCorrelation, LeavesAValidMatrixAlone) {
  for (const MatrixXd& m : {matrix3(0.5, 0.2, 0.1), matrix3(1.0, 1.0, 1.0), matrix3(1, -1, -1)}) {
    const NearestCorrelation nearest = nearest_correlation(m);
    EXPECT_EQ(nearest.distance, 0.0);
    EXPECT_EQ(nearest.matrix, m);
  }
}

// Higham 2002, section 4: the tridiagonal example of order 3.
TEST(NearestCorrelation, ReproducesTheExampleOfHigham) {
  const NearestCorrelation nearest = nearest_correlation(matrix3(1.0, 0.0, 1.0));
  EXPECT_NEAR(nearest.matrix(0, 1), 0.7607, 5e-5);
  EXPECT_NEAR(nearest.matrix(1, 2), 0.7607, 5e-5);
  EXPECT_NEAR(nearest.matrix(0, 2), 0.1573, 5e-5);
  EXPECT_NEAR(nearest.distance, 0.5278, 5e-5);
}

TEST(NearestCorrelation, IsACorrelationMatrixAndNearerThanClipping) {
  for (std::uint32_t trial = 0; trial < 30; ++trial) {
    const int n = 3 + static_cast<int>(trial % 12);
    MatrixXd m = MatrixXd::Identity(n, n);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < i; ++j) {
        const double u = uniform_pair({1, 0, Purpose::factors}, trial,
                                      static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j))
                             .first;
        m(i, j) = m(j, i) = 2.0 * u - 1.0;
      }
    }
    const NearestCorrelation nearest = nearest_correlation(m);
    EXPECT_GT(smallest_eigenvalue(nearest.matrix), -1e-12);
    EXPECT_EQ((nearest.matrix - nearest.matrix.transpose()).norm(), 0.0);
    EXPECT_TRUE((nearest.matrix.diagonal().array() == 1.0).all());
    EXPECT_DOUBLE_EQ(nearest.distance, (nearest.matrix - m).norm());

    // Clipping the eigenvalues and scaling the diagonal is feasible too, hence not nearer.
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(m);
    const MatrixXd clipped = solver.eigenvectors() *
                             solver.eigenvalues().cwiseMax(0.0).asDiagonal() *
                             solver.eigenvectors().transpose();
    const Eigen::VectorXd scale = clipped.diagonal().cwiseSqrt().cwiseInverse();
    const MatrixXd feasible = scale.asDiagonal() * clipped * scale.asDiagonal();
    EXPECT_LE(nearest.distance, (feasible - m).norm() + 1e-9);
  }
}

TEST(NearestCorrelation, KeepsTheFixedBlock) {
  MatrixXd m = MatrixXd::Identity(4, 4);
  m(0, 1) = m(1, 0) = 0.9;  // fixed
  m(0, 2) = m(2, 0) = 0.8;  // cannot both hold with the fixed entry
  m(1, 2) = m(2, 1) = -0.6;
  m(2, 3) = m(3, 2) = 0.3;
  const std::vector<int> fixed = {0, 1};
  const NearestCorrelation nearest = nearest_correlation(m, fixed);
  EXPECT_EQ(nearest.matrix(0, 1), 0.9);
  EXPECT_GT(smallest_eigenvalue(nearest.matrix), -1e-12);
  EXPECT_GT(nearest.distance, 0.1);
  EXPECT_GE(nearest.distance, nearest_correlation(m).distance) << "a constraint cannot help";
}

TEST(RepairedCorrelation, IsValidAndLeavesValidMatricesAlone) {
  const std::vector<int> fixed = {0, 1};
  const MatrixXd valid = matrix3(0.5, 0.2, 0.1);
  EXPECT_LT((repaired_correlation(valid, fixed) - valid).norm(), 1e-14);
  EXPECT_LT((repaired_correlation(valid) - valid).norm(), 1e-14);
  for (const MatrixXd& m : {matrix3(1.0, 0.0, 1.0), matrix3(0.9, 0.8, -0.6)}) {
    const MatrixXd repaired = repaired_correlation(m, fixed);
    EXPECT_EQ(repaired(0, 1), m(0, 1));
    EXPECT_GT(smallest_eigenvalue(repaired), -1e-12);
    EXPECT_TRUE((repaired.diagonal().array() == 1.0).all());
  }
}

TEST(SemidefiniteCholesky, EqualsTheOrdinaryFactorOfADefiniteMatrix) {
  // L of [[1, r], [r, 1]] is [[1, 0], [r, sqrt(1 - r^2)]].
  MatrixXd m = MatrixXd::Identity(2, 2);
  m(0, 1) = m(1, 0) = 0.6;
  const MatrixXd l = semidefinite_cholesky(m);
  EXPECT_NEAR(l(0, 0), 1.0, 1e-14);
  EXPECT_EQ(l(0, 1), 0.0);
  EXPECT_NEAR(l(1, 0), 0.6, 1e-14);
  EXPECT_NEAR(l(1, 1), 0.8, 1e-14);
}

TEST(SemidefiniteCholesky, FactorsSingularMatrices) {
  std::vector<MatrixXd> cases = {matrix3(1, 1, 1), matrix3(1, -1, -1), MatrixXd::Zero(3, 3),
                                 nearest_correlation(matrix3(1, 0, 1)).matrix,
                                 nearest_correlation(matrix3(-0.9, -0.9, -0.9)).matrix};
  MatrixXd rank_two = MatrixXd::Zero(5, 5);
  for (int k = 0; k < 2; ++k) {
    Eigen::VectorXd v(5);
    for (int i = 0; i < 5; ++i) v(i) = std::sin(1.0 + i * (k + 1.7));
    rank_two += v * v.transpose();
  }
  cases.push_back(rank_two);
  for (const MatrixXd& m : cases) {
    const MatrixXd l = semidefinite_cholesky(m);
    EXPECT_LT((l * l.transpose() - m).norm(), 1e-13) << m;
    EXPECT_TRUE(l.isLowerTriangular(0.0)) << l;
    EXPECT_GE(l.diagonal().minCoeff(), 0.0);
  }
  EXPECT_EQ(semidefinite_cholesky(MatrixXd(0, 0)).size(), 0);
}

TEST(ConditionalNormal, HasTheClosedFormForTwoVariables) {
  MatrixXd m = MatrixXd::Identity(2, 2);
  m(0, 1) = m(1, 0) = -0.28;
  const std::vector<int> given = {1};
  const std::vector<int> wanted = {0};
  const ConditionalNormal c = conditional_normal(m, given, wanted);
  EXPECT_NEAR(c.weights(0, 0), -0.28, 1e-14);
  EXPECT_NEAR(c.factor(0, 0), 0.96, 1e-14);  // sqrt(1 - .28^2)
}

TEST(ConditionalNormal, AgreesWithTheGeneralFormula) {
  const MatrixXd m = CorrelationMatrix::reference().matrix();
  const std::vector<int> given = {0, 4, 6};
  const std::vector<int> wanted = {1, 3, 5, 13};
  const ConditionalNormal c = conditional_normal(m, given, wanted);
  const MatrixXd gg = m(given, given);
  const MatrixXd wg = m(wanted, given);
  const MatrixXd weights = wg * gg.inverse();
  EXPECT_LT((c.weights - weights).norm(), 1e-13);
  const MatrixXd rest = m(wanted, wanted) - weights * wg.transpose();
  EXPECT_LT((c.factor * c.factor.transpose() - rest).norm(), 1e-13);
}

TEST(ConditionalNormal, WorksWithDependentOrNoGivenVariables) {
  const std::vector<int> both = {0, 1};
  const std::vector<int> third = {2};
  const ConditionalNormal c = conditional_normal(matrix3(1.0, 0.5, 0.5), both, third);
  EXPECT_NEAR(c.weights.sum(), 0.5, 1e-12) << "the shared information counts once";
  EXPECT_NEAR(c.factor(0, 0), std::sqrt(0.75), 1e-12);

  const ConditionalNormal free = conditional_normal(matrix3(0.6, 0.0, 0.0), {}, both);
  EXPECT_EQ(free.weights.cols(), 0);
  EXPECT_NEAR(free.factor(1, 0), 0.6, 1e-14);

  const ConditionalNormal none = conditional_normal(matrix3(0.6, 0.0, 0.0), both, {});
  EXPECT_EQ(none.weights.rows(), 0);
  EXPECT_EQ(none.factor.size(), 0);
}

TEST(CorrelationMatrix, TakesOverAUsersBlock) {
  FactorCorrelations block;
  block.factors = {Factor::fitness, Factor::optimism};
  block.values = MatrixXd::Identity(2, 2);
  block.values(0, 1) = block.values(1, 0) = 0.45;
  const CorrelationMatrix r = CorrelationMatrix::with(block);
  EXPECT_EQ(r(Factor::optimism, Factor::fitness), 0.45);
  EXPECT_EQ(r(Factor::optimism, Factor::self_efficacy), 0.52);
  EXPECT_EQ(r.block_distance(), 0.0);
  EXPECT_EQ(r.rest_distance(), 0.0);
}

TEST(CorrelationMatrix, ReportsHowFarABadBlockHadToMove) {
  FactorCorrelations block;
  block.factors = {Factor::fitness, Factor::optimism, Factor::sleep_quality};
  block.values = matrix3(1.0, 0.0, 1.0);
  const CorrelationMatrix r = CorrelationMatrix::with(block);
  EXPECT_NEAR(r.block_distance(), 0.5278, 5e-5);
  EXPECT_NEAR(r(Factor::optimism, Factor::fitness), 0.7607, 5e-5);
  EXPECT_GT(smallest_eigenvalue(r.matrix()), -1e-12);
}

TEST(CorrelationMatrix, LetsTheOtherEntriesGiveWayToAValidBlock) {
  FactorCorrelations block;
  block.factors = {Factor::optimism, Factor::self_efficacy};
  block.values = MatrixXd::Identity(2, 2);
  block.values(0, 1) = block.values(1, 0) = -0.95;  // against .44 and .43 with stability
  const CorrelationMatrix r = CorrelationMatrix::with(block);
  EXPECT_EQ(r.block_distance(), 0.0);
  EXPECT_GT(r.rest_distance(), 0.1);
  EXPECT_EQ(r(Factor::optimism, Factor::self_efficacy), -0.95);
  EXPECT_GT(smallest_eigenvalue(r.matrix()), -1e-12);
}

}  // namespace
}  // namespace eustress
