#include "app/calibration/search.hpp"

#include <fmt/format.h>
#include <nlopt.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

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

Optimiser make_optimiser(nlopt_algorithm algorithm, std::size_t dimensions) {
  Optimiser optimiser(nlopt_create(algorithm, static_cast<unsigned>(dimensions)));
  if (optimiser == nullptr) throw Error(ErrorKind::internal, "NLopt cannot be set up");
  return optimiser;
}

void throw_if_failed(nlopt_result result) {
  if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED) {
    throw Error(ErrorKind::internal, fmt::format("NLopt ended with {}", static_cast<int>(result)));
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
    const double value = state.evaluate(point).objective();
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

/// Curvature of the objective by the linear model of the residuals: J^T J. Lowers `least` to that
/// of the best point that it meets.
Eigen::MatrixXd curvature_at(const std::vector<double>& best, const Evaluate& evaluate,
                             double& least) {
  const auto k = static_cast<Eigen::Index>(best.size());
  Eigen::MatrixXd jacobian;
  for (Eigen::Index j = 0; j < k; ++j) {
    std::vector<double> below = best, above = best;
    double& low = below[static_cast<std::size_t>(j)];
    double& high = above[static_cast<std::size_t>(j)];
    low = std::max(0.0, low - kLookStep);
    high = std::min(1.0, high + kLookStep);
    const PointState from = evaluate(below), to = evaluate(above);
    least = std::min({least, from.objective(), to.objective()});
    const std::size_t n = from.residuals.size();
    if (jacobian.size() == 0) jacobian.resize(static_cast<Eigen::Index>(n), k);
    for (std::size_t i = 0; i < n; ++i) {
      jacobian(static_cast<Eigen::Index>(i), j) =
          (to.residuals[i] - from.residuals[i]) / (high - low);
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
  std::vector<double> best = start;
  fit.objective = std::numeric_limits<double>::infinity();
  const auto minimise = [&](nlopt_algorithm algorithm, std::size_t evaluations, double first_step) {
    const Optimiser optimiser = make_optimiser(algorithm, k);
    SearchState state{counted, optimiser.get(), best, fit.objective, {}};
    nlopt_set_min_objective(optimiser.get(), objective, &state);
    nlopt_set_lower_bounds1(optimiser.get(), 0.0);
    nlopt_set_upper_bounds1(optimiser.get(), 1.0);
    nlopt_set_initial_step1(optimiser.get(), first_step);
    nlopt_set_xtol_abs1(optimiser.get(), plan.tolerance);
    nlopt_set_maxeval(optimiser.get(), static_cast<int>(evaluations));
    std::vector<double> x = best;
    double least = 0.0;
    const nlopt_result result = nlopt_optimize(optimiser.get(), x.data(), &least);
    if (state.failure) std::rethrow_exception(state.failure);
    throw_if_failed(result);
    best = state.best;
    fit.objective = state.least;
    fit.ended = reason_of(result);
  };
  nlopt_srand(static_cast<unsigned long>(plan.seed));
  // The quadratic models of BOBYQA need two dimensions.
  const nlopt_algorithm local = k > 1 ? NLOPT_LN_BOBYQA : NLOPT_LN_COBYLA;
  if (plan.method == io::CalibrationMethod::bobyqa) {
    minimise(local, plan.evaluations, kFirstStep);
  } else {
    const std::size_t wide = std::max<std::size_t>(1, plan.evaluations * 3 / 4);
    minimise(plan.method == io::CalibrationMethod::crs2 ? NLOPT_GN_CRS2_LM : NLOPT_GN_ISRES, wide,
             kFirstStep);
    minimise(local, std::max<std::size_t>(1, plan.evaluations - wide), kLookStep);
  }
  for (const double place : best) fit.parameters.push_back({place, 0.0, 1.0});
  double least = fit.objective;
  const Eigen::MatrixXd curvature = curvature_at(best, counted, least);
  // As much as an interval is about.
  fit.is_minimum = least > fit.objective - 1.0;
  if (fit.is_minimum) {
    put_intervals(curvature, fit);
  } else {
    fit.correlations.assign(k * k, kNone);
  }
  return fit;
}

namespace {

/// Beyond what is aimed at, in standard deviations of the band; 0 on the right side of an open one.
double distance_of(const Deviation& deviation) {
  const bool is_off = deviation.side == Deviation::Side::both ||
                      (deviation.value < 0.0) == (deviation.side == Deviation::Side::only_below);
  return is_off ? std::abs(deviation.value) : 0.0;
}

}  // namespace

double implausibility_of(const Deviation& deviation, double more) {
  if (!std::isfinite(deviation.value)) return std::numeric_limits<double>::infinity();
  return distance_of(deviation) / std::hypot(1.0, deviation.error, more);
}

double margin_of(const Deviation& deviation, double more) {
  if (!std::isfinite(deviation.value)) return -std::numeric_limits<double>::infinity();
  return (kRuledOut - distance_of(deviation)) / std::hypot(kLeastError, deviation.error, more);
}

double PointState::objective() const {
  double sum = 0.0;
  for (const double residual : residuals) sum += residual * residual;
  return sum;
}

double PointState::implausibility() const {
  double largest = 0.0;
  for (const Deviation& d : deviations) largest = std::max(largest, implausibility_of(d));
  return largest;
}

double PointState::margin() const {
  double least = std::numeric_limits<double>::infinity();
  for (const Deviation& d : deviations) least = std::min(least, margin_of(d));
  return least;
}

namespace {

/// A simulated point.
struct Simulated {
  std::vector<double> point;
  PointState state;
};

/// All deviations as polynomials of the place in a box, from the simulated points that lie in it.
class Emulator {
 public:
  Emulator(std::span<const Simulated> all, std::span<const double> low,
           std::span<const double> high)
      : low_(low.begin(), low.end()), high_(high.begin(), high.end()) {
    const std::size_t k = low.size(), linear = k + 1, quadratic = (k + 1) * (k + 2) / 2;
    std::vector<const Simulated*> inside;
    for (const Simulated& s : all) {
      bool is_inside = true;
      for (std::size_t j = 0; j < k; ++j) {
        is_inside = is_inside && s.point[j] >= low[j] && s.point[j] <= high[j];
      }
      if (is_inside) inside.push_back(&s);
    }
    for (std::size_t i = 0; i < all.front().state.deviations.size(); ++i) {
      Polynomial& own = polynomials_.emplace_back();
      std::vector<double> y, errors;
      std::vector<const Simulated*> known;
      for (const Simulated* s : inside) {
        const Deviation& d = s->state.deviations[i];
        own.side = d.side;
        if (!std::isfinite(d.value)) continue;
        known.push_back(s);
        y.push_back(d.value);
        errors.push_back(d.error);
      }
      // Half as many points again as coefficients.
      if (2 * known.size() < 3 * linear) continue;
      own.is_quadratic = 2 * known.size() >= 3 * quadratic;
      const std::size_t columns = (own.is_quadratic ? quadratic : linear) - 1;
      std::vector<double> x;
      for (const Simulated* s : known) {
        const std::vector<double> row = terms(s->point, own.is_quadratic);
        x.insert(x.end(), row.begin(), row.end());
      }
      own.regression = least_squares(y, x, columns);
      double squares = 0.0;
      for (std::size_t n = 0; n < y.size(); ++n) {
        const double off =
            y[n] - own.regression.predict(std::span(x).subspan(n * columns, columns));
        squares += off * off;
      }
      own.sd = std::sqrt(squares / static_cast<double>(y.size() - columns - 1));
      own.error = mean(errors);
      own.is_known = true;
    }
  }

  [[nodiscard]] bool knows_all() const {
    return std::ranges::all_of(polynomials_, &Polynomial::is_known);
  }
  /// Of a point that was not simulated; 0 where nothing is known.
  [[nodiscard]] double implausibility(std::span<const double> point) const {
    double largest = 0.0;
    for_each_deviation(point, [&](const Deviation& deviation, double sd) {
      largest = std::max(largest, implausibility_of(deviation, sd));
    });
    return largest;
  }
  /// Likewise; infinite where nothing is known.
  [[nodiscard]] double margin(std::span<const double> point) const {
    double least = std::numeric_limits<double>::infinity();
    for_each_deviation(point, [&](const Deviation& deviation, double sd) {
      least = std::min(least, margin_of(deviation, sd));
    });
    return least;
  }

 private:
  struct Polynomial {
    bool is_known = false, is_quadratic = false;
    Regression regression;
    double sd = 0.0, error = 0.0;
    Deviation::Side side = Deviation::Side::both;
  };

  /// visit(deviation, sd of the emulator) for every quantity that is known.
  template <class Visit>
  void for_each_deviation(std::span<const double> point, Visit visit) const {
    const std::vector<double> linear = terms(point, false);
    std::vector<double> quadratic;  // many terms, mostly needed by nobody
    if (std::ranges::any_of(polynomials_, &Polynomial::is_quadratic))
      quadratic = terms(point, true);
    for (const Polynomial& own : polynomials_) {
      if (!own.is_known) continue;
      const double value = own.regression.predict(own.is_quadratic ? quadratic : linear);
      visit(Deviation{value, own.error, own.side}, own.sd);
    }
  }
  [[nodiscard]] std::vector<double> terms(std::span<const double> point, bool is_quadratic) const {
    std::vector<double> row;
    for (std::size_t j = 0; j < point.size(); ++j) {
      row.push_back(2.0 * (point[j] - low_[j]) / (high_[j] - low_[j]) - 1.0);
    }
    for (std::size_t a = 0; a < point.size() && is_quadratic; ++a) {
      for (std::size_t b = a; b < point.size(); ++b) row.push_back(row[a] * row[b]);
    }
    return row;
  }

  std::vector<double> low_, high_;
  std::vector<Polynomial> polynomials_;
};

double emulated_margin(unsigned n, const double* x, double* /*gradient*/, void* data) {
  std::vector<double> point(x, x + n);
  for (double& place : point) place = std::clamp(place, 0.0, 1.0);
  return static_cast<const Emulator*>(data)->margin(point);
}

/// The point of the box that is the surest for the emulator: a global search, and a local one from
/// what it finds, which need no derivatives (the least of many margins has kinks).
std::vector<double> surest(const Emulator& emulator, std::vector<double> start,
                           std::span<const double> low, std::span<const double> high,
                           std::size_t seed) {
  nlopt_srand(static_cast<unsigned long>(seed));
  for (const auto& [algorithm, evaluations] :
       {std::pair{NLOPT_GN_CRS2_LM, 40000}, std::pair{NLOPT_LN_SBPLX, 20000}}) {
    const Optimiser optimiser = make_optimiser(algorithm, start.size());
    nlopt_set_max_objective(optimiser.get(), emulated_margin,
                            const_cast<Emulator*>(&emulator));  // only read
    nlopt_set_lower_bounds(optimiser.get(), low.data());
    nlopt_set_upper_bounds(optimiser.get(), high.data());
    nlopt_set_maxeval(optimiser.get(), evaluations);
    double most = 0.0;
    throw_if_failed(nlopt_optimize(optimiser.get(), start.data(), &most));
  }
  return start;
}

const Simulated& surest(std::span<const Simulated> all) {
  return *std::ranges::max_element(all, std::less(),
                                   [](const Simulated& s) { return s.state.margin(); });
}

}  // namespace

Fit match_history(const io::CalibrationPlan& plan, const Evaluate& evaluate) {
  constexpr std::size_t kCandidates = 20000;
  constexpr std::size_t kFinalists = 3;
  const std::size_t k = plan.parameters.size();
  Fit fit;
  std::vector<double> low(k, 0.0), high(k, 1.0);
  std::vector<Simulated> all;
  std::vector<double> left;  // candidates that are not ruled out, one after the other
  const auto in_box = [&](std::span<const double> unit) {
    std::vector<double> point(k);
    for (std::size_t j = 0; j < k; ++j) point[j] = low[j] + unit[j] * (high[j] - low[j]);
    return point;
  };
  for (std::size_t w = 0; w < plan.waves; ++w) {
    Fit::Wave wave;
    const DesignPoints design = latin_hypercube(plan.points, k, plan.seed + w);
    for (std::size_t i = 0; i < plan.points; ++i) {
      std::vector<double> point = in_box(design.point(i));
      // Later waves: evenly out of the candidates, which are in random order.
      if (const std::size_t count = left.size() / k; count > 0) {
        const std::size_t at = i * count / plan.points;
        point.assign(left.begin() + static_cast<std::ptrdiff_t>(at * k),
                     left.begin() + static_cast<std::ptrdiff_t>((at + 1) * k));
      }
      all.push_back({point, evaluate(point)});
      ++fit.evaluations;
      ++wave.points;
      wave.kept += all.back().state.implausibility() <= kRuledOut ? 1 : 0;
    }
    const Emulator emulator(all, low, high);
    const DesignPoints candidates = latin_hypercube(kCandidates, k, plan.seed + 1000 + w);
    left.clear();
    std::vector<double> least(k, 1.0), most(k, 0.0);
    const auto widen = [&](std::span<const double> point) {
      for (std::size_t j = 0; j < k; ++j) {
        least[j] = std::min(least[j], point[j]);
        most[j] = std::max(most[j], point[j]);
      }
    };
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const std::vector<double> point = in_box(candidates.point(i));
      if (emulator.implausibility(point) > kRuledOut) continue;
      left.insert(left.end(), point.begin(), point.end());
      widen(point);
    }
    wave.share = static_cast<double>(left.size() / k) / static_cast<double>(kCandidates);
    for (const Simulated& s : all) {
      if (s.state.implausibility() <= kRuledOut) widen(s.point);
    }
    // Nothing is left, or only one point, around which there is no box.
    const bool is_over = !std::ranges::equal(least, most, std::ranges::less());
    if (!is_over) {
      low = least;
      high = most;
    }
    wave.low = low;
    wave.high = high;
    fit.waves.push_back(std::move(wave));
    if (is_over) break;
  }

  // Those that are the surest for the emulator, which learns from each.
  for (std::size_t i = 0; i < kFinalists; ++i) {
    const Emulator emulator(all, low, high);
    if (!emulator.knows_all()) break;
    std::vector<double> start = surest(all).point;
    for (std::size_t j = 0; j < k; ++j) start[j] = std::clamp(start[j], low[j], high[j]);
    const std::vector<double> point = surest(emulator, std::move(start), low, high, plan.seed);
    all.push_back({point, evaluate(point)});
    ++fit.evaluations;
  }

  const Simulated& best = surest(all);
  fit.is_any_kept = std::ranges::any_of(
      all, [](const Simulated& s) { return s.state.implausibility() <= kRuledOut; });
  fit.objective = best.state.objective();
  for (std::size_t j = 0; j < k; ++j) fit.parameters.push_back({best.point[j], low[j], high[j]});
  std::vector<std::vector<double>> columns(k);
  for (std::size_t i = 0; i < left.size(); ++i) columns[i % k].push_back(left[i]);
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) {
      fit.correlations.push_back(columns[a].size() > 3 ? correlation(columns[a], columns[b])
                                                       : kNone);
    }
  }
  fit.ended = fit.is_any_kept ? "all waves are done" : "every simulated point was ruled out";
  return fit;
}

}  // namespace eustress::app::calibration
