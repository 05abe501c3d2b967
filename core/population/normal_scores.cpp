#include "core/population/normal_scores.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {

namespace {

// The project's own log and exp: the C library's differ between processors in the last bit.
double log_of(double x) {
  return to_lanes(log(broadcast(x)))[0];
}

double normal_density(double x) {
  constexpr double kInverseRootTwoPi = 0.39894228040143267794;
  return kInverseRootTwoPi * to_lanes(exp(broadcast(-0.5 * x * x)))[0];
}

template <std::size_t N>
double polynomial(const double (&coefficients)[N], double x) {
  double sum = coefficients[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

}  // namespace

double normal_quantile(double p) {
  constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                          1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                          3.3430575583588128105e4, 2.5090809287301226727e3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e1,
                          6.8718700749205790830e2,
                          5.3941960214247511077e3,
                          2.1213794301586595867e4,
                          3.9307895800092710610e4,
                          2.8729085735721942674e4,
                          5.2264952788528545610e3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                          5.76949722146069140550e0,  3.64784832476320460504e0,
                          1.27045825245236838258e0,  2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                          1.78482653991729133580e0,  2.96560571828504891230e-1,
                          2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = q < 0.0 ? p : 1.0 - p;
  if (!(tail > 0.0)) {
    throw Error(ErrorKind::internal, "normal_quantile needs a probability between 0 and 1");
  }
  const double r = std::sqrt(-log_of(tail));
  const double x = r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                            : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
  return q < 0.0 ? -x : x;
}

NormalScores::NormalScores(std::span<const double> column) {
  std::vector<double> sorted;
  for (const double x : column) {
    if (!std::isnan(x)) sorted.push_back(x);
  }
  if (sorted.empty()) throw Error(ErrorKind::internal, "normal scores of a column without values");
  std::sort(sorted.begin(), sorted.end());
  const double n = static_cast<double>(sorted.size());
  for (const double x : sorted) mean_ += x / n;
  double variance = 0.0;
  for (const double x : sorted) variance += (x - mean_) * (x - mean_) / n;

  std::vector<double> shares;
  double score_mean = 0.0;
  double score_square = 0.0;
  for (std::size_t start = 0; start < sorted.size();) {
    std::size_t end = start + 1;
    while (end < sorted.size() && sorted[end] == sorted[start]) ++end;
    const double before = static_cast<double>(start);
    const double after = static_cast<double>(end);
    if (start > 0) cuts_.push_back(normal_quantile(before / n));
    values_.push_back(sorted[start]);
    scores_.push_back(normal_quantile(0.5 * (before + after) / n));
    shares.push_back((after - before) / n);
    score_mean += shares.back() * scores_.back();
    score_square += shares.back() * scores_.back() * scores_.back();
    start = end;
  }
  if (values_.size() == 1) {
    mean_ = values_[0];  // exactly, so that a constant column is recognised
    scores_[0] = 0.0;
    return;
  }
  sd_ = std::sqrt(variance);
  const double score_sd = std::sqrt(score_square - score_mean * score_mean);
  for (std::size_t k = 0; k < values_.size(); ++k) {
    scores_[k] = (scores_[k] - score_mean) / score_sd;
    // E[x; lower < x < upper] of a standard normal x is density(lower) - density(upper).
    const double lower = k == 0 ? 0.0 : normal_density(cuts_[k - 1]);
    const double upper = k + 1 == values_.size() ? 0.0 : normal_density(cuts_[k]);
    const double standardised = (values_[k] - mean_) / sd_;
    latent_correlation_ += standardised * (lower - upper);
    score_correlation_ += standardised * scores_[k] * shares[k];
  }
}

std::uint32_t NormalScores::level_of(double value) const {
  const auto found = std::lower_bound(values_.begin(), values_.end(), value);
  if (found == values_.end() || *found != value) {
    throw Error(ErrorKind::internal, "a value that does not occur in its own column");
  }
  return static_cast<std::uint32_t>(found - values_.begin());
}

std::uint32_t NormalScores::level_at(double latent) const {
  return static_cast<std::uint32_t>(std::upper_bound(cuts_.begin(), cuts_.end(), latent) -
                                    cuts_.begin());
}

}  // namespace eustress
