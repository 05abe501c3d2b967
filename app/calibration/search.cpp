#include "app/calibration/search.hpp"

#include <fmt/format.h>
#include <nlopt.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>

#include "core/error.hpp"
#include "core/statistics/statistics.hpp"

namespace eustress::app::calibration {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
/// Shares of a range: first step of a search, and steps around the minimum.
constexpr double kFirstStep = 0.15, kLookStep = 0.05;

struct CloseOptimiser {
  void operator()(nlopt_opt optimiser) const { nlopt_destroy(optimiser); }
};
using Optimiser = std::unique_ptr<std::remove_pointer_t<nlopt_opt>, CloseOptimiser>;

nlopt_algorithm algorithm_of(io::CalibrationMethod method, std::size_t parameters) {
  switch (method) {
    case io::CalibrationMethod::crs2:
      return NLOPT_GN_CRS2_LM;
    case io::CalibrationMethod::isres:
      return NLOPT_GN_ISRES;
    default:
      // The quadratic models of BOBYQA need two dimensions.
      return parameters > 1 ? NLOPT_LN_BOBYQA : NLOPT_LN_COBYLA;
  }
}

/// What the library, which is written in C, hands to the function.
struct SearchState {
  const Evaluate& evaluate;
  nlopt_opt optimiser;
  std::vector<double> best;
  double least;
  std::exception_ptr failure;  ///< cannot pass through the library
};

double objective(unsigned n, const double* x, double* /*gradient*/, void* data) {
  SearchState& state = *static_cast<SearchState*>(data);
  try {
    // Rounding may carry a point beyond the cube.
    std::vector<double> point(x, x + n);
    for (double& place : point) place = std::clamp(place, 0.0, 1.0);
    const double value = state.evaluate(point).objective;
    if (value < state.least) {
      state.least = value;
      state.best = std::move(point);
    }
    return value;
  } catch (...) {
    state.failure = std::current_exception();
    nlopt_force_stop(state.optimiser);
    return std::numeric_limits<double>::infinity();
  }
}

std::string reason_of(nlopt_result result) {
  switch (result) {
    case NLOPT_XTOL_REACHED:
      return "steps are below the tolerance";
    case NLOPT_MAXEVAL_REACHED:
      return "all evaluations are used";
    case NLOPT_ROUNDOFF_LIMITED:
      return "differences are below rounding";
    default:
      return "the objective does not change any more";
  }
}

/// Curvature of the objective by the linear model of the residuals: J^T J.
Eigen::MatrixXd curvature_at(const std::vector<double>& best, const Evaluate& evaluate) {
  const auto k = static_cast<Eigen::Index>(best.size());
  Eigen::MatrixXd jacobian;
  for (Eigen::Index j = 0; j < k; ++j) {
    std::vector<double> below = best, above = best;
    double& low = below[static_cast<std::size_t>(j)];
    double& high = above[static_cast<std::size_t>(j)];
    low = std::max(0.0, low - kLookStep);
    high = std::min(1.0, high + kLookStep);
    const std::vector<double> from = evaluate(below).residuals, to = evaluate(above).residuals;
    if (jacobian.size() == 0) jacobian.resize(static_cast<Eigen::Index>(from.size()), k);
    for (std::size_t i = 0; i < from.size(); ++i) {
      jacobian(static_cast<Eigen::Index>(i), j) = (to[i] - from[i]) / (high - low);
    }
  }
  return jacobian.transpose() * jacobian;
}

/// Half widths of the intervals and correlations, from the inverse of the curvature.
void put_intervals(const Eigen::MatrixXd& curvature, Fit& fit) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(curvature);
  const Eigen::VectorXd& values = solver.eigenvalues();
  const Eigen::Index k = values.size();
  // A direction that changes the objective by less than 1 over ten widths of the cube is not
  // limited by the targets.
  constexpr double kLeastCurvature = 0.01;
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(k, k);
  for (Eigen::Index e = 0; e < k; ++e) {
    const Eigen::VectorXd direction = solver.eigenvectors().col(e);
    inverse += direction * direction.transpose() / std::max(values(e), kLeastCurvature);
  }
  for (Eigen::Index j = 0; j < k; ++j) {
    ParameterRange& range = fit.parameters[static_cast<std::size_t>(j)];
    const double half = std::sqrt(inverse(j, j));
    range.low = std::max(0.0, range.fitted - half);
    range.high = std::min(1.0, range.fitted + half);
    for (Eigen::Index i = 0; i < k; ++i) {
      fit.correlations.push_back(inverse(j, i) / std::sqrt(inverse(j, j) * inverse(i, i)));
    }
  }
}

}  // namespace

Fit search(const io::CalibrationPlan& plan, const std::vector<double>& start,
           const Evaluate& evaluate) {
  const std::size_t k = start.size();
  Fit fit;
  const Evaluate counted = [&](std::span<const double> point) {
    ++fit.evaluations;
    return evaluate(point);
  };
  const Optimiser optimiser(nlopt_create(algorithm_of(plan.method, k), static_cast<unsigned>(k)));
  if (optimiser == nullptr) throw Error(ErrorKind::internal, "NLopt cannot be set up");
  SearchState state{counted, optimiser.get(), start, std::numeric_limits<double>::infinity(), {}};
  nlopt_srand(static_cast<unsigned long>(plan.seed));
  nlopt_set_min_objective(optimiser.get(), objective, &state);
  nlopt_set_lower_bounds1(optimiser.get(), 0.0);
  nlopt_set_upper_bounds1(optimiser.get(), 1.0);
  nlopt_set_initial_step1(optimiser.get(), kFirstStep);
  nlopt_set_xtol_abs1(optimiser.get(), plan.tolerance);
  nlopt_set_maxeval(optimiser.get(), static_cast<int>(plan.evaluations));
  std::vector<double> x = start;
  double least = 0.0;
  const nlopt_result result = nlopt_optimize(optimiser.get(), x.data(), &least);
  if (state.failure) std::rethrow_exception(state.failure);
  if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED) {
    throw Error(ErrorKind::internal, fmt::format("NLopt ended with {}", static_cast<int>(result)));
  }
  fit.ended = reason_of(result);
  fit.objective = state.least;
  for (const double place : state.best) fit.parameters.push_back({place, 0.0, 1.0});
  put_intervals(curvature_at(state.best, counted), fit);
  return fit;
}

Fit match_history(const io::CalibrationPlan& plan, const Evaluate& evaluate) {
  const std::size_t k = plan.parameters.size();
  Fit fit;
  fit.objective = std::numeric_limits<double>::infinity();
  std::vector<double> low(k, 0.0), high(k, 1.0), best, kept;
  double least_implausible = std::numeric_limits<double>::infinity();
  for (std::size_t w = 0; w < plan.waves; ++w) {
    const DesignPoints design = latin_hypercube(plan.points, k, plan.seed + w);
    Fit::Wave wave;
    for (std::size_t i = 0; i < design.size(); ++i) {
      std::vector<double> point(k);
      for (std::size_t j = 0; j < k; ++j) {
        point[j] = low[j] + design.point(i)[j] * (high[j] - low[j]);
      }
      const PointState state = evaluate(point);
      ++fit.evaluations;
      ++wave.points;
      const bool is_kept = state.implausibility <= kRuledOut;
      // The best of those that remain; if none does, the one that is ruled out by the least.
      const bool is_better = is_kept ? kept.empty() || state.objective < fit.objective
                                     : kept.empty() && state.implausibility < least_implausible;
      if (is_better) {
        best = point;
        fit.objective = state.objective;
      }
      least_implausible = std::min(least_implausible, state.implausibility);
      if (!is_kept) continue;
      ++wave.kept;
      kept.insert(kept.end(), point.begin(), point.end());
    }
    // What remains of all waves, and a little around it, for nobody was exactly at its edge.
    const std::size_t count = kept.size() / k;
    for (std::size_t j = 0; j < k && count > 0; ++j) {
      double least = 1.0, most = 0.0;
      for (std::size_t i = 0; i < count; ++i) {
        least = std::min(least, kept[i * k + j]);
        most = std::max(most, kept[i * k + j]);
      }
      const double margin = (high[j] - low[j]) / static_cast<double>(plan.points);
      low[j] = std::max(0.0, least - margin);
      high[j] = std::min(1.0, most + margin);
    }
    wave.low = low;
    wave.high = high;
    fit.waves.push_back(std::move(wave));
    if (count == 0) break;
  }
  fit.is_any_kept = !kept.empty();
  if (best.empty()) best.assign(k, 0.5);
  for (std::size_t j = 0; j < k; ++j) fit.parameters.push_back({best[j], low[j], high[j]});
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) {
      std::vector<double> x, y;
      for (std::size_t i = 0; i < kept.size(); i += k) {
        x.push_back(kept[i + a]);
        y.push_back(kept[i + b]);
      }
      fit.correlations.push_back(x.size() > 3 ? correlation(x, y) : kNone);
    }
  }
  fit.ended = fit.is_any_kept ? "all waves are done" : "every point was ruled out";
  return fit;
}

}  // namespace eustress::app::calibration
