// The counter-based draws: the generator itself, its packs, and the statistics of what it yields.

#include "core/numerics/random.hpp"

#include <Random123/threefry.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/numerics/random_pack.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::correlation;
using testing::Sample;

std::uint64_t bits(double x) {
  return std::bit_cast<std::uint64_t>(x);
}

/// The 52 random bits that a uniform value shows.
std::uint64_t random_bits(double u) {
  return static_cast<std::uint64_t>(u * 0x1p52);
}

TEST(Threefry, KnownAnswers) {
  // Vectors of the Random123 distribution for threefry4x32 with 20 rounds.
  const UniformPair zeros = uniform_pair({0, 0, static_cast<Purpose>(0)}, 0, 0, 0);
  EXPECT_EQ(random_bits(zeros.first), 0xe17eae669c6ca96aULL >> 12);
  EXPECT_EQ(random_bits(zeros.second), 0x5256a7d8fc10ecd4ULL >> 12);
  const UniformPair ones = uniform_pair({~0ULL, ~0U, static_cast<Purpose>(~0U)}, ~0ULL, ~0U, ~0U);
  EXPECT_EQ(random_bits(ones.first), 0x570122872a881696ULL >> 12);
  EXPECT_EQ(random_bits(ones.second), 0xa16a6732f6c7446eULL >> 12);
}

TEST(Threefry, ScalarDrawsAreRandom123s) {
  for (std::uint32_t i = 0; i < 200; ++i) {
    const std::uint64_t seed = 0x9E3779B97F4A7C15ULL * (i + 1), id = 0xD1B54A32D192ED03ULL * i;
    const StreamKey key{seed, i % 5, static_cast<Purpose>(1 + i % 14)};
    const r123::Threefry4x32::ctr_type counter = {
        {static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32), 3 * i, 7 * i}};
    const r123::Threefry4x32::key_type k = {{static_cast<std::uint32_t>(seed),
                                             static_cast<std::uint32_t>(seed >> 32), 1 + i % 14,
                                             i % 5}};
    const auto r = r123::Threefry4x32{}(counter, k);
    const UniformPair u = uniform_pair(key, id, 3 * i, 7 * i);
    EXPECT_EQ(random_bits(u.first), ((std::uint64_t{r[1]} << 32) | r[0]) >> 12);
    EXPECT_EQ(random_bits(u.second), ((std::uint64_t{r[3]} << 32) | r[2]) >> 12);
  }
}

TEST(Threefry, PacksAreTheScalarDrawsBitForBit) {
  for (const std::uint64_t first : {0ULL, 8ULL, 0xFFFFFFF8ULL, 0x100000000ULL, 1ULL << 40}) {
    const LaneIds ids = lane_ids(first);
    for (std::uint32_t time = 0; time < 50; ++time) {
      for (std::uint32_t index = 0; index < 20; ++index) {
        const StreamKey key{0x123456789ABCDEFULL + time, index % 3,
                            static_cast<Purpose>(1 + index % 14)};
        const PackPair u = uniform_pair(key, ids, time, index);
        const PackPair n = normal_pair(key, ids, time, index);
        for (int i = 0; i < kLanes; ++i) {
          const std::uint64_t id = first + static_cast<std::uint64_t>(i);
          const UniformPair us = uniform_pair(key, id, time, index);
          const UniformPair ns = normal_pair(key, id, time, index);
          ASSERT_EQ(bits(to_lanes(u.first)[i]), bits(us.first));
          ASSERT_EQ(bits(to_lanes(u.second)[i]), bits(us.second));
          ASSERT_EQ(bits(to_lanes(n.first)[i]), bits(ns.first));
          ASSERT_EQ(bits(to_lanes(n.second)[i]), bits(ns.second));
        }
      }
    }
  }
}

constexpr std::uint64_t kSeed = 20240607;
constexpr StreamKey kKey{kSeed, 0, Purpose::hassles};

TEST(UniformDraws, LieStrictlyBetweenZeroAndOne) {
  double lowest = 1.0, highest = 0.0;
  for (std::uint64_t id = 0; id < 300000; ++id) {
    const UniformPair u = uniform_pair(kKey, id, 0, 0);
    lowest = std::min({lowest, u.first, u.second});
    highest = std::max({highest, u.first, u.second});
  }
  EXPECT_GT(lowest, 0.0);
  EXPECT_LT(highest, 1.0);
  EXPECT_LT(lowest, 2e-5);
  EXPECT_GT(highest, 1.0 - 2e-5);
}

TEST(UniformDraws, HaveTheMomentsAndCellsOfTheUniformDistribution) {
  constexpr std::size_t kCells = 256;
  std::vector<double> cell(kCells), low_cell(kCells);
  Sample u;
  constexpr std::uint64_t kIndividuals = 200000;
  for (std::uint64_t id = 0; id < kIndividuals; ++id) {
    const UniformPair pair = uniform_pair(kKey, id, 5, 1);
    for (const double x : {pair.first, pair.second}) {
      u.add(x);
      cell[static_cast<std::size_t>(x * kCells)] += 1.0;
      low_cell[(random_bits(x) >> 20) % kCells] += 1.0;  // bits 25-32 count as well
    }
  }
  const double n = u.count();
  EXPECT_NEAR(u.mean(), 0.5, 5.0 / std::sqrt(12.0 * n));
  EXPECT_NEAR(u.variance(), 1.0 / 12.0, 5.0 / std::sqrt(180.0 * n));
  for (const auto& cells : {cell, low_cell}) {
    double chi2 = 0.0;
    for (const double c : cells) chi2 += (c - n / kCells) * (c - n / kCells) / (n / kCells);
    const double df = kCells - 1;
    EXPECT_NEAR(chi2, df, 5.0 * std::sqrt(2.0 * df));
  }
}

/// Correlation over 100,000 individuals of the draws of two streams or counters.
template <class First, class Second>
double correlation_of(First first, Second second) {
  Sample a, b;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    a.add(first(i));
    b.add(second(i));
  }
  return correlation(a, b);
}

TEST(UniformDraws, AreIndependentAlongEveryCoordinate) {
  const auto base = [](std::uint64_t i) { return uniform_pair(kKey, i, 10, 2).first; };
  const double bound = 5.0 / std::sqrt(100000.0);
  const auto expect_independent = [&](const char* what, auto other) {
    EXPECT_NEAR(correlation_of(base, other), 0.0, bound) << what;
    // Squares would show a dependence in spread.
    const auto spread = [](auto f) {
      return [f](std::uint64_t i) { return (f(i) - 0.5) * (f(i) - 0.5); };
    };
    EXPECT_NEAR(correlation_of(spread(base), spread(other)), 0.0, bound) << what;
  };
  expect_independent("second of the pair",
                     [](std::uint64_t i) { return uniform_pair(kKey, i, 10, 2).second; });
  expect_independent("next individual",
                     [](std::uint64_t i) { return uniform_pair(kKey, i + 1, 10, 2).first; });
  expect_independent("individual 2^32 later", [](std::uint64_t i) {
    return uniform_pair(kKey, i + (1ULL << 32), 10, 2).first;
  });
  expect_independent("next day",
                     [](std::uint64_t i) { return uniform_pair(kKey, i, 11, 2).first; });
  expect_independent("next index",
                     [](std::uint64_t i) { return uniform_pair(kKey, i, 10, 3).first; });
  expect_independent("day and index exchanged",
                     [](std::uint64_t i) { return uniform_pair(kKey, i, 2, 10).first; });
  expect_independent("other purpose", [](std::uint64_t i) {
    return uniform_pair({kSeed, 0, Purpose::encounters}, i, 10, 2).first;
  });
  expect_independent("other replicate", [](std::uint64_t i) {
    return uniform_pair({kSeed, 1, Purpose::hassles}, i, 10, 2).first;
  });
  expect_independent("next seed", [](std::uint64_t i) {
    return uniform_pair({kSeed + 1, 0, Purpose::hassles}, i, 10, 2).first;
  });
}

TEST(NormalDraws, HaveTheMomentsOfTheNormalDistribution) {
  Sample x;
  for (std::uint64_t id = 0; id < 200000; ++id) {
    const UniformPair pair = normal_pair(kKey, id, 3, 4);
    x.add(pair.first);
    x.add(pair.second);
  }
  const double n = x.count();
  EXPECT_NEAR(x.mean(), 0.0, 5.0 / std::sqrt(n));
  EXPECT_NEAR(x.variance(), 1.0, 5.0 * std::sqrt(2.0 / n));
  EXPECT_NEAR(x.moment(3), 0.0, 5.0 * std::sqrt(15.0 / n));
  EXPECT_NEAR(x.moment(4), 3.0, 5.0 * std::sqrt(96.0 / n));
}

TEST(NormalDraws, FollowTheNormalDistributionFunction) {
  std::vector<double> x;
  for (std::uint64_t id = 0; id < 100000; ++id) {
    const UniformPair pair = normal_pair(kKey, id, 6, 0);
    x.push_back(pair.first);
    x.push_back(pair.second);
  }
  std::sort(x.begin(), x.end());
  const double n = static_cast<double>(x.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = 0.5 * std::erfc(-x[i] / std::sqrt(2.0));
    const double rank = static_cast<double>(i);
    distance = std::max({distance, std::abs(p - rank / n), std::abs(p - (rank + 1.0) / n)});
  }
  // Kolmogorov: P(sqrt(n) D > 2.2) = 1.3e-4.
  EXPECT_LT(std::sqrt(n) * distance, 2.2);
  // Tails beyond 4 sd: expected 12.7 of 200,000.
  const auto beyond = std::count_if(x.begin(), x.end(), [](double v) { return std::abs(v) > 4.0; });
  EXPECT_GT(beyond, 0);
  EXPECT_LT(beyond, 12.7 + 5.0 * std::sqrt(12.7));
}

TEST(NormalDraws, PairsAreIndependent) {
  const double bound = 5.0 / std::sqrt(100000.0);
  const auto first = [](std::uint64_t i) { return normal_pair(kKey, i, 7, 0).first; };
  const auto second = [](std::uint64_t i) { return normal_pair(kKey, i, 7, 0).second; };
  EXPECT_NEAR(correlation_of(first, second), 0.0, bound);
  const auto square = [](auto f) { return [f](std::uint64_t i) { return f(i) * f(i); }; };
  EXPECT_NEAR(correlation_of(square(first), square(second)), 0.0, bound);
}

}  // namespace
}  // namespace eustress
