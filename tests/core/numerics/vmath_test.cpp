// Accuracy of the vector functions against the C library's long double, and the operations of packs
// that are not plain arithmetic.

#include "core/numerics/vmath.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "core/numerics/random.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;

Pack pack_of(const double* x) {
  Lanes lanes;
  for (int i = 0; i < kLanes; ++i) lanes[i] = x[i];
  return load(lanes);
}

/// Distance from the exact value in units of the last place of the exact value.
double ulps(double value, long double exact) {
  int exponent = 0;
  std::frexp(exact, &exponent);
  return static_cast<double>(std::abs(value - exact) / std::ldexp(1.0L, exponent - 53));
}

struct Error {
  double largest = 0.0, at = 0.0;
  void see(double error, double x) {
    if (!(error <= largest) && !std::isnan(largest)) largest = error, at = x;  // NaN stays
  }
};

/// Largest error in ulps of f at the given points; a multiple of eight of them.
template <class F, class Exact>
Error largest_error(const std::vector<double>& x, F f, Exact exact) {
  Error e;
  for (std::size_t i = 0; i + kLanes <= x.size(); i += kLanes) {
    const Lanes y = to_lanes(f(pack_of(&x[i])));
    for (int j = 0; j < kLanes; ++j) {
      const double argument = x[i + static_cast<std::size_t>(j)];
      e.see(ulps(y[j], exact(static_cast<long double>(argument))), argument);
    }
  }
  return e;
}

constexpr std::size_t kPoints = 400000;

std::vector<double> uniform_points(double low, double high, std::uint64_t seed) {
  Draws d(seed);
  std::vector<double> x(kPoints);
  for (double& v : x) v = low + (high - low) * d.uniform();
  return x;
}
/// Positive numbers of all magnitudes.
std::vector<double> all_magnitudes(double low_exponent, double high_exponent, std::uint64_t seed) {
  std::vector<double> x = uniform_points(low_exponent, high_exponent, seed);
  for (double& v : x) v = std::exp2(v);
  return x;
}

constexpr auto kExp = [](Pack x) { return exp(x); };
constexpr auto kLog = [](Pack x) { return log(x); };
constexpr auto kExactExp = [](long double x) { return std::exp(x); };
constexpr auto kExactLog = [](long double x) { return std::log(x); };

TEST(VectorMath, ExpIsWithinTwoAndAHalfUlps) {
  for (const auto& [low, high] :
       {std::pair{-708.0, 709.0}, {-40.0, 40.0}, {-1.0, 1.0}, {-1e-6, 1e-6}}) {
    const Error e = largest_error(uniform_points(low, high, 1), kExp, kExactExp);
    EXPECT_LE(e.largest, 2.5) << "at " << e.at;
  }
}

TEST(VectorMath, ExpIsExactAtZeroAndClamped) {
  const double x[kLanes] = {0.0, -0.0, -708.0, -1e4, 709.0, 1e4, 1.0, -INFINITY};
  const Lanes y = to_lanes(exp(pack_of(x)));
  EXPECT_EQ(y[0], 1.0);
  EXPECT_EQ(y[1], 1.0);
  EXPECT_EQ(y[3], y[2]);
  EXPECT_EQ(y[5], y[4]);
  EXPECT_TRUE(std::isfinite(y[5]));
  EXPECT_NEAR(y[6], std::numbers::e, 1e-15);
  EXPECT_EQ(y[7], y[2]);
  EXPECT_GT(y[2], 0.0);
}

TEST(VectorMath, LogIsWithinOneAndAHalfUlps) {
  for (const auto& x : {all_magnitudes(-1020.0, 1023.0, 2), all_magnitudes(-2.0, 2.0, 3),
                        uniform_points(0.999, 1.001, 4), uniform_points(1e-300, 1.0, 5)}) {
    const Error e = largest_error(x, kLog, kExactLog);
    EXPECT_LE(e.largest, 1.5) << "at " << e.at;
  }
}

TEST(VectorMath, LogIsExactAtOneAndAccurateBesideIt) {
  const double eps = std::numeric_limits<double>::epsilon();
  const double x[kLanes] = {1.0, 1.0 + eps, 1.0 - eps / 2.0, std::numbers::e,
                            2.0, 0.5,       1e-307,          1e308};
  const Lanes y = to_lanes(log(pack_of(x)));
  EXPECT_EQ(y[0], 0.0);
  for (int i = 1; i < kLanes; ++i)
    EXPECT_LE(ulps(y[i], std::log(static_cast<long double>(x[i]))), 1.5) << x[i];
}

TEST(VectorMath, ReciprocalIsWithinOneUlp) {
  for (const auto& x : {all_magnitudes(-1000.0, 1000.0, 6), uniform_points(0.5, 2.0, 7)}) {
    const Error e = largest_error(
        x, [](Pack v) { return reciprocal(v); }, [](long double v) { return 1.0L / v; });
    EXPECT_LE(e.largest, 1.0) << "at " << e.at;
  }
}

TEST(VectorMath, FastReciprocalHasTenDigits) {
  for (const auto& x : {all_magnitudes(-1000.0, 1000.0, 8), uniform_points(0.5, 2.0, 9)}) {
    Error e;
    for (std::size_t i = 0; i + kLanes <= x.size(); i += kLanes) {
      const Lanes y = to_lanes(fast_reciprocal(pack_of(&x[i])));
      for (int j = 0; j < kLanes; ++j) {
        const double v = x[i + static_cast<std::size_t>(j)];
        e.see(std::abs(y[j] * v - 1.0), v);
      }
    }
    EXPECT_LT(e.largest, 1e-10) << "at " << e.at;
  }
}

TEST(VectorMath, CosineAndSineOfTurns) {
  Error c, s;
  std::vector<double> x = uniform_points(0.0, 1.0, 10);
  for (int i = 0; i <= 64; ++i) x[static_cast<std::size_t>(i)] = i / 64.0;
  for (std::size_t i = 0; i + kLanes <= x.size(); i += kLanes) {
    const PackPair y = cos_sin_turns(pack_of(&x[i]));
    const Lanes cosine = to_lanes(y.first), sine = to_lanes(y.second);
    for (int j = 0; j < kLanes; ++j) {
      const double u = x[i + static_cast<std::size_t>(j)];
      const long double angle = 2.0L * std::numbers::pi_v<long double> * u;
      c.see(static_cast<double>(std::abs(cosine[j] - std::cos(angle))), u);
      s.see(static_cast<double>(std::abs(sine[j] - std::sin(angle))), u);
    }
  }
  EXPECT_LE(c.largest, 2.5e-16) << "at " << c.at;
  EXPECT_LE(s.largest, 2.5e-16) << "at " << s.at;
}

TEST(VectorMath, LogisticIsAccurateAndSaturates) {
  Error e;
  const std::vector<double> x = uniform_points(-700.0, 700.0, 11);
  for (std::size_t i = 0; i + kLanes <= x.size(); i += kLanes) {
    const Lanes y = to_lanes(logistic(pack_of(&x[i])));
    for (int j = 0; j < kLanes; ++j) {
      const long double v = x[i + static_cast<std::size_t>(j)];
      const long double exact = 1.0L / (1.0L + std::exp(-v));
      e.see(static_cast<double>(std::abs(y[j] / exact - 1.0L)), static_cast<double>(v));
    }
  }
  EXPECT_LT(e.largest, 1e-15) << "at " << e.at;
  const double far[kLanes] = {0.0, 1e6, -1e6, 40.0, -40.0, 800.0, -800.0, 1e300};
  const Lanes y = to_lanes(logistic(pack_of(far)));
  EXPECT_EQ(y[0], 0.5);
  EXPECT_EQ(y[1], 1.0);
  for (int i = 0; i < kLanes; ++i) {
    EXPECT_GE(y[i], 0.0);
    EXPECT_LE(y[i], 1.0);
  }
  EXPECT_LT(y[2], 1e-300);
}

TEST(VectorMath, EveryLaneIsComputedAlike) {
  Draws d(12);
  for (int i = 0; i < 1000; ++i) {
    double x[kLanes];
    for (double& v : x) v = 40.0 * d.uniform() - 20.0;
    const Lanes together = to_lanes(exp(pack_of(x)));
    for (int j = 0; j < kLanes; ++j) {
      EXPECT_EQ(together[j], to_lanes(exp(broadcast(x[j])))[7 - j]);
    }
  }
}

TEST(Packs, ComparisonSelectsByLane) {
  const double a[kLanes] = {0, 1, 2, 3, 4, 5, 6, 7};
  const double b[kLanes] = {7, 6, 5, 4, 3, 2, 1, 0};
  const Mask less = pack_of(a) < pack_of(b);
  const Lanes chosen = to_lanes(select(less, pack_of(a), pack_of(b)));
  for (int i = 0; i < kLanes; ++i) {
    EXPECT_EQ(chosen[i], std::min(a[i], b[i]));
    EXPECT_EQ(lane(less, i), a[i] < b[i]);
    EXPECT_EQ(lane(!less, i), !(a[i] < b[i]));
  }
  EXPECT_TRUE(any(less));
  EXPECT_FALSE(any(no_lanes()));
  EXPECT_FALSE(any(less & (pack_of(a) > pack_of(b))));
  EXPECT_TRUE(any((pack_of(a) == 7.0) | no_lanes()));
}

TEST(Packs, NotANumberComparesFalseAndGivesWayInMinAndMax) {
  const Pack nan = broadcast(std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(any(nan < 1.0));
  EXPECT_FALSE(any(nan >= 1.0));
  EXPECT_FALSE(any(nan == nan));
  EXPECT_EQ(to_lanes(min(nan, 1.0))[3], 1.0);
  EXPECT_EQ(to_lanes(max(nan, 1.0))[3], 1.0);
}

TEST(Packs, FusedOperationsRoundOnce) {
  Draws d(13);
  for (int i = 0; i < 1000; ++i) {
    const double a = d.normal(), b = d.normal(), c = -a * b;
    EXPECT_EQ(to_lanes(fma(broadcast(a), broadcast(b), broadcast(c)))[0], std::fma(a, b, c));
    EXPECT_EQ(to_lanes(fnma(broadcast(a), broadcast(b), broadcast(-c)))[0], std::fma(-a, b, -c));
  }
}

TEST(Packs, RoundingToIntegers) {
  const double x[kLanes] = {0.5, 1.5, -0.5, -1.5, 2.4, -2.4, 1e9 + 0.7, -7.0};
  const Lanes nearest = to_lanes(round(pack_of(x)));
  const Lanes below = to_lanes(floor(pack_of(x)));
  for (int i = 0; i < kLanes; ++i) {
    EXPECT_EQ(nearest[i], std::nearbyint(x[i])) << x[i];
    EXPECT_EQ(below[i], std::floor(x[i])) << x[i];
  }
}

}  // namespace
}  // namespace eustress
