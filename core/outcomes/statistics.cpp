#include "core/outcomes/statistics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

namespace eustress {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kProductCells = kScorePairs * kWideCells;

// P, hassles, life events.
using ScoreVector = Eigen::Vector3d;
using ScoreMatrix = Eigen::Matrix3d;

/// Of cells that hold the products of all pairs.
ScoreMatrix products_at(const std::int64_t* cells) {
  ScoreMatrix products;
  for (int i = 0; i < static_cast<int>(kScores); ++i) {
    for (int j = i; j < static_cast<int>(kScores); ++j, cells += kWideCells) {
      products(i, j) = products(j, i) = wide_value(cells);
    }
  }
  return products;
}
/// The same where pairs i < j hold the products both ways; the symmetric part.
ScoreMatrix lagged_at(const std::int64_t* cells) {
  ScoreMatrix products = products_at(cells);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) products(i, j) *= i == j ? 1.0 : 0.5;
  }
  return products;
}
ScoreVector sums_at(const std::int64_t* cells) {
  return {static_cast<double>(cells[0]), static_cast<double>(cells[1]),
          static_cast<double>(cells[2])};
}

/// Means and covariances of the scores over n of something.
struct Covariance {
  double n = 0.0;
  ScoreVector mean = ScoreVector::Constant(kNaN);
  ScoreMatrix matrix = ScoreMatrix::Constant(kNaN);

  Covariance() = default;
  Covariance(double count, const ScoreVector& sums, const ScoreMatrix& products) : n(count) {
    if (n <= 0.0) return;
    mean = sums / n;
    matrix = products / n - mean * mean.transpose();
  }
};

double correlation_of(double covariance, double variance_a, double variance_b) {
  return variance_a > 0.0 && variance_b > 0.0 ? covariance / std::sqrt(variance_a * variance_b)
                                              : kNaN;
}

Covariance pooled_covariance(const OutcomeLayout& layout, OutcomeCells cells) {
  if (layout.assessments == 0) return {};
  const std::int64_t* pooled = &cells[layout.cell.pooled];
  return {static_cast<double>(pooled[0]), sums_at(pooled + 1), products_at(pooled + 1 + kScores)};
}

/// E as weights of hassles and life events: a score without variation has none.
ScoreVector exposure_weights(const OutcomeLayout& layout, const Covariance& pooled) {
  if (layout.plan.exposure == ExposureScore::sum) return {0.0, 1.0, 1.0};
  ScoreVector weights = ScoreVector::Zero();
  for (int i = 1; i < 3; ++i) {
    if (pooled.matrix(i, i) > 0.0) weights(i) = 0.5 / std::sqrt(pooled.matrix(i, i));
  }
  return weights;
}

/// P and E of one kind of means, both standardised in z.
struct Regression {
  double variance_p, variance_e, covariance;
  Regression(const ScoreMatrix& matrix, const ScoreVector& e)
      : variance_p(matrix(0, 0)), variance_e(e.dot(matrix * e)), covariance(matrix.row(0).dot(e)) {}
  [[nodiscard]] double correlation() const {
    return correlation_of(covariance, variance_p, variance_e);
  }
};

/// SR of a regression, up to a factor and a constant, as weights of the scores.
ScoreVector residual_weights(const Regression& r, const ScoreVector& e) {
  return ScoreVector::Unit(0) - r.covariance / r.variance_e * e;
}

/// ICC(1) of a linear combination, from a one-way analysis of variance: `times` values of each of
/// `persons`, products of values and of the sums of a person.
double icc(const ScoreVector& weights, double persons, double times, const ScoreVector& sums,
           const ScoreMatrix& products, const ScoreMatrix& of_person) {
  if (persons < 2.0 || times < 2.0) return kNaN;
  const double total = weights.dot(sums);
  const double squares = weights.dot(products * weights);
  const double person_squares = weights.dot(of_person * weights) / times;
  const double between = (person_squares - total * total / (persons * times)) / (persons - 1.0);
  const double within = (squares - person_squares) / (persons * (times - 1.0));
  const double all = between + (times - 1.0) * within;
  return all > 0.0 ? (between - within) / all : kNaN;
}

/// Coefficient of z(E)^2 in the regression of z(P) on z(E) and its square.
double curvature_of(const std::int64_t* pooled, const Covariance& c, const ScoreVector& weights) {
  const std::int64_t* next = pooled + 1 + kScores + kProductCells;
  double higher[kCubic + kQuartic];
  for (double& value : higher) {
    value = wide_value(next) / c.n;
    next += kWideCells;
  }
  const auto [hhh, hhv, hvv, vvv, hhp, hvp, vvp, hhhh, hhhv, hhvv, hvvv, vvvv] = higher;
  const Regression r(c.matrix, weights);
  if (!(r.variance_e > 0.0) || !(r.variance_p > 0.0)) return kNaN;
  const double sd_e = std::sqrt(r.variance_e);
  const double a = weights(1) / sd_e, b = weights(2) / sd_e;
  // Raw moments of e = a H + b V, which is z(E) + m.
  const double m = a * c.mean(1) + b * c.mean(2);
  const double e2 = 1.0 + m * m;
  const double e3 = a * a * a * hhh + 3 * a * a * b * hhv + 3 * a * b * b * hvv + b * b * b * vvv;
  const double e4 = a * a * a * a * hhhh + 4 * a * a * a * b * hhhv + 6 * a * a * b * b * hhvv +
                    4 * a * b * b * b * hvvv + b * b * b * b * vvvv;
  const double e2p = a * a * hhp + 2 * a * b * hvp + b * b * vvp;
  const double ep = r.covariance / sd_e + m * c.mean(0);
  const double z3 = e3 - 3 * m * e2 + 2 * m * m * m;
  const double z4 = e4 - 4 * m * e3 + 6 * m * m * e2 - 3 * m * m * m * m;
  const double z2p = e2p - 2 * m * ep + m * m * c.mean(0);  // E[z^2 P]
  const double sd_p = std::sqrt(r.variance_p);
  const double z_p = r.covariance / sd_e / sd_p;
  const double z2_p = (z2p - c.mean(0)) / sd_p;  // covariance of z^2 and z(P)
  // Normal equations of z and z^2, both centred: variances 1 and z4 - 1, covariance z3.
  const double determinant = z4 - 1.0 - z3 * z3;
  return determinant > 1e-9 * z4 ? (z2_p - z3 * z_p) / determinant : kNaN;
}

template <class Values>
void fill_nan(Values& values) {
  std::fill(values.begin(), values.end(), kNaN);
}

OutcomeMoments moments_of(const PersonOutcome& outcome, const OutcomeLayout& layout,
                          const std::int64_t* cells) {
  const std::int64_t count = cells[0];
  if (count == 0) return {0, kNaN, kNaN};
  double unit = 1.0;
  if (outcome.scale > 0.0) unit = outcome.scale / kOutcomeSteps;
  if (outcome.per == PersonOutcome::Per::assessment) {
    unit = 1.0 / static_cast<double>(layout.assessments);
  } else if (outcome.per == PersonOutcome::Per::day) {
    unit = 1.0 / layout.days;
  }
  const double n = static_cast<double>(count);
  const double mean = static_cast<double>(cells[1]) / n;
  const double variance = wide_value(cells + 2) / n - mean * mean;
  return {count, unit * mean, unit * std::sqrt(std::max(0.0, variance))};
}

}  // namespace

OutcomeMoments outcome_moments(const OutcomeLayout& layout, OutcomeCells cells, Outcome outcome) {
  const auto o = static_cast<std::size_t>(outcome);
  return moments_of(kPersonOutcomes[o], layout, &cells[layout.cell.persons + o * kPersonCells]);
}

OutcomeEffect outcome_effect(const OutcomeLayout& layout, OutcomeCells cells, Outcome outcome) {
  const auto o = static_cast<std::size_t>(outcome);
  const std::int64_t* effect = &cells[layout.cell.effects + o * kEffectCells];
  return {moments_of(kPersonOutcomes[o], layout, effect), effect[2 + kWideCells],
          effect[3 + kWideCells]};
}

double variance_ratio(const OutcomeMoments& arm, const OutcomeMoments& reference,
                      const OutcomeMoments& difference) {
  const double paired = difference.sd * difference.sd;
  return paired > 0.0 ? (arm.sd * arm.sd + reference.sd * reference.sd) / paired : kNaN;
}

StressorReactivityNorm reactivity_norm(const OutcomeLayout& layout, OutcomeCells cells) {
  const Covariance c = pooled_covariance(layout, cells);
  if (c.n == 0.0) return {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN};
  const ScoreVector e = exposure_weights(layout, c);
  const Regression r(c.matrix, e);
  const double sd_e = std::sqrt(std::max(0.0, r.variance_e));
  const double slope = r.correlation();
  return {c.mean(0),
          std::sqrt(std::max(0.0, r.variance_p)),
          e(1) / sd_e,
          e(2) / sd_e,
          e.dot(c.mean) / sd_e,
          slope,
          std::sqrt(std::max(0.0, 1.0 - slope * slope))};
}

double mean_reactivity(const OutcomeLayout& layout, OutcomeCells cells,
                       const StressorReactivityNorm& norm) {
  const Covariance c = pooled_covariance(layout, cells);
  const double p = (c.mean(0) - norm.p_mean) / norm.p_sd;
  const double e = norm.hassles_weight * c.mean(1) + norm.events_weight * c.mean(2) - norm.e_mean;
  return norm.residual_sd > 0.0 ? (p - norm.slope * e) / norm.residual_sd : kNaN;
}

StressorReactivity stressor_reactivity(const OutcomeLayout& layout, OutcomeCells cells) {
  StressorReactivity result{};
  result.slope = result.slope_within = result.slope_between = result.curvature = kNaN;
  result.correlation = result.slope_window = result.slope_long_term = result.within_sd_p = kNaN;
  result.icc_p = result.icc_e = result.icc_single = result.icc_window = kNaN;
  fill_nan(result.lag_p);
  fill_nan(result.lag_e);
  fill_nan(result.lag_sr);
  const Covariance c = pooled_covariance(layout, cells);
  if (c.n == 0.0) return result;
  const double times = static_cast<double>(layout.assessments);
  const double persons = c.n / times;
  const std::int64_t* pooled = &cells[layout.cell.pooled];
  result.observations = pooled[0];
  result.persons = pooled[0] / static_cast<std::int64_t>(layout.assessments);
  const ScoreVector sums = sums_at(pooled + 1);
  const ScoreMatrix products = products_at(pooled + 1 + kScores);
  const ScoreMatrix of_person = products_at(&cells[layout.cell.of_person]);

  const ScoreVector e = exposure_weights(layout, c);
  const Regression r(c.matrix, e);
  result.slope = result.correlation = r.correlation();
  // From units of P per unit of E to z(P) per z(E), both pooled.
  const double to_z = std::sqrt(r.variance_e / r.variance_p);
  const ScoreMatrix within_products = products - of_person / times;
  const Regression within(within_products, e);
  if (within.variance_e > 0.0) result.slope_within = within.covariance / within.variance_e * to_z;
  if (persons * (times - 1.0) > 0.0) {
    result.within_sd_p = std::sqrt(std::max(0.0, within.variance_p) / (persons * (times - 1.0)));
  }
  const Covariance means(persons, sums / times, of_person / (times * times));
  const Regression between(means.matrix, e);
  if (between.variance_e > 0.0) {
    result.slope_between = between.covariance / between.variance_e * to_z;
    result.slope_long_term = between.correlation();
  }
  result.curvature = curvature_of(pooled, c, e);

  const ScoreVector p = ScoreVector::Unit(0);
  const ScoreVector sr = residual_weights(r, e);
  result.icc_p = icc(p, persons, times, sums, products, of_person);
  result.icc_e = icc(e, persons, times, sums, products, of_person);
  result.icc_single = icc(sr, persons, times, sums, products, of_person);
  for (std::size_t lag = 0; lag < kLags; ++lag) {
    const std::int64_t* of_lag = &cells[layout.cell.lags + lag * kLagCells];
    const double n = static_cast<double>(of_lag[0]);
    const ScoreVector early_sums = sums_at(of_lag + 1);
    const ScoreVector late_sums = sums_at(of_lag + 1 + kScores);
    const std::int64_t* of_products = of_lag + 1 + 2 * kScores;
    const Covariance early(n, early_sums, products_at(of_products));
    const Covariance late(n, late_sums, products_at(of_products + kProductCells));
    if (n == 0.0) continue;
    const ScoreMatrix outer = early.mean * late.mean.transpose();
    const ScoreMatrix lagged =
        lagged_at(of_products + 2 * kProductCells) / n - 0.5 * (outer + outer.transpose());
    const auto correlation = [&](const ScoreVector& weights) {
      return correlation_of(weights.dot(lagged * weights), weights.dot(early.matrix * weights),
                            weights.dot(late.matrix * weights));
    };
    result.lag_p[lag] = correlation(p);
    result.lag_e[lag] = correlation(e);
    result.lag_sr[lag] = correlation(sr);
  }

  if (layout.has_windows()) {
    const std::int64_t* of_window = &cells[layout.cell.windows];
    const ScoreVector window_sums = sums_at(of_window + 1);
    const ScoreMatrix window_products = products_at(of_window + 1 + kScores);
    const Covariance windows(static_cast<double>(of_window[0]), window_sums, window_products);
    const Regression w(windows.matrix, e);
    result.slope_window = w.correlation();
    result.icc_window =
        icc(residual_weights(w, e), persons, static_cast<double>(layout.windows()), window_sums,
            window_products, products_at(of_window + 1 + kScores + kProductCells));
  }
  return result;
}

FactorReactivity factor_reactivity(const OutcomeLayout& layout, OutcomeCells cells) {
  FactorReactivity result{};
  fill_nan(result.correlation);
  result.r2 = kNaN;
  const Covariance c = pooled_covariance(layout, cells);
  if (c.n == 0.0) return result;
  const double times = static_cast<double>(layout.assessments);
  const double persons = c.n / times;
  const Covariance means(persons, c.mean * persons,
                         products_at(&cells[layout.cell.of_person]) / (times * times));
  const ScoreVector e = exposure_weights(layout, c);
  const Regression between(means.matrix, e);
  if (!(between.variance_e > 0.0)) return result;
  const ScoreVector sr = residual_weights(between, e);
  const double variance = sr.dot(means.matrix * sr);

  constexpr int kN = static_cast<int>(kFactors);
  const std::int64_t* next = &cells[layout.cell.factors];
  Eigen::VectorXd mean(kN);
  for (int f = 0; f < kN; ++f) mean(f) = static_cast<double>(*next++) / kFactorSteps / persons;
  Eigen::MatrixXd covariance(kN, kN);
  for (int f = 0; f < kN; ++f) {
    for (int g = f; g < kN; ++g, next += kWideCells) {
      covariance(f, g) = covariance(g, f) =
          wide_value(next) / (kFactorSteps * kFactorSteps) / persons - mean(f) * mean(g);
    }
  }
  Eigen::VectorXd with_sr(kN);
  for (int f = 0; f < kN; ++f) {
    with_sr(f) = 0.0;
    for (int i = 0; i < static_cast<int>(kScores); ++i, next += kWideCells) {
      const double product = wide_value(next) / kFactorSteps / times / persons;
      with_sr(f) += sr(i) * (product - mean(f) * c.mean(i));
    }
    result.correlation[static_cast<std::size_t>(f)] =
        correlation_of(with_sr(f), covariance(f, f), variance);
  }
  if (persons <= kN + 1.0 || !(variance > 0.0)) return result;
  const Eigen::LDLT<Eigen::MatrixXd> factors(covariance);
  if (factors.info() != Eigen::Success || !(factors.vectorD().minCoeff() > 1e-9)) return result;
  result.r2 = with_sr.dot(factors.solve(with_sr)) / variance;
  return result;
}

TrajectoryCourse trajectory_course(const OutcomeLayout& layout, OutcomeCells cells,
                                   Trajectory trajectory) {
  const std::int64_t* next =
      &cells[layout.cell.trajectories +
             static_cast<std::size_t>(trajectory) * layout.trajectory_cells()];
  TrajectoryCourse course;
  course.persons = *next++;
  for (std::size_t k = 0; k <= layout.bins; ++k) {
    const std::int64_t count = *next++, sum = *next++;
    course.assessments.push_back(count);
    course.mean.push_back(count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : kNaN);
  }
  return course;
}

EventStudyResult event_study(const OutcomeLayout& layout, OutcomeCells cells) {
  const std::size_t bins = layout.bins;
  EventStudyResult study;
  study.coefficient.assign(bins + 1, kNaN);
  study.se.assign(bins + 1, kNaN);
  study.within_sd = kNaN;
  const std::int64_t* next = &cells[layout.cell.event_study];
  study.persons = *next++;
  for (std::size_t k = 0; k <= bins; ++k) study.assessments.push_back(*next++);
  const auto take = [&next] {
    const double value = wide_value(next);
    next += kWideCells;
    return value;
  };
  const double times = static_cast<double>(layout.assessments);
  const double persons = static_cast<double>(study.persons);
  if (study.persons == 0 || layout.assessments < 2) return study;
  const double squares = take();
  const double total = squares - take() / times;  // within persons
  study.within_sd = std::sqrt(std::max(0.0, total) / (persons * (times - 1.0)));
  const auto n = static_cast<Eigen::Index>(bins);
  Eigen::MatrixXd normal(n, n);
  for (Eigen::Index k = 0; k < n; ++k) {
    for (Eigen::Index m = k; m < n; ++m) normal(k, m) = normal(m, k) = take() / times;
  }
  Eigen::VectorXd right(n);
  for (Eigen::Index k = 0; k < n; ++k) right(k) = take() / times;

  // Bins that nobody reaches have no coefficient.
  std::vector<Eigen::Index> seen;
  for (Eigen::Index k = 0; k < n; ++k) {
    if (study.assessments[static_cast<std::size_t>(k) + 1] > 0) seen.push_back(k);
  }
  const Eigen::MatrixXd a = normal(seen, seen);
  const Eigen::VectorXd b = right(seen);
  if (seen.empty() || !(a.diagonal().minCoeff() > 0.0)) return study;
  const Eigen::VectorXd scale = a.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * a * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scaled);
  if (solver.eigenvalues().minCoeff() < 1e-10) return study;  // no time before the event
  const Eigen::MatrixXd inverse = scale.asDiagonal() * solver.eigenvectors() *
                                  solver.eigenvalues().cwiseInverse().asDiagonal() *
                                  solver.eigenvectors().transpose() * scale.asDiagonal();
  const Eigen::VectorXd coefficient = inverse * b;
  const double freedom = persons * (times - 1.0) - static_cast<double>(seen.size());
  const double variance =
      freedom > 0.0 ? std::max(0.0, total - coefficient.dot(b)) / freedom : kNaN;
  study.coefficient[0] = 0.0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto k = static_cast<std::size_t>(seen[i]) + 1;
    const auto at = static_cast<Eigen::Index>(i);
    study.coefficient[k] = coefficient(at);
    study.se[k] = std::sqrt(variance * inverse(at, at));
  }
  return study;
}

Recovery recovery(const OutcomeLayout& layout, OutcomeCells cells, std::size_t disorder) {
  const auto lengths = static_cast<std::size_t>(layout.days) + 1;
  const std::int64_t* ended = &cells[layout.cell.recovery + 2 * disorder * lengths];
  const std::int64_t* censored = ended + lengths;
  std::int64_t here = 0;
  for (std::size_t d = 0; d < lengths; ++d) here += ended[d] + censored[d];
  Recovery result;
  double survival = 1.0, greenwood = 0.0;
  for (std::size_t d = 0; d + 1 < lengths; ++d) {
    result.at_risk.push_back(here);
    if (here > 0) {
      const double n = static_cast<double>(here), k = static_cast<double>(ended[d]);
      survival *= 1.0 - k / n;
      greenwood += k / (n * (n - k));  // NaN from the last end on, with nobody left
    }
    result.survival.push_back(here > 0 ? survival : kNaN);
    result.se.push_back(here > 0 ? survival * std::sqrt(greenwood) : kNaN);
    here -= ended[d] + censored[d];
  }
  return result;
}

}  // namespace eustress
