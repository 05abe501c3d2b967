// The functions of packs give the same bits on every instruction set that this machine can run.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "core/numerics/random_pack.hpp"
#include "core/numerics/vmath.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

constexpr std::size_t kPoints = 65536;

void expect_same_bits(const std::vector<double>& a, const std::vector<double>& b,
                      const std::string& what) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]))
        << what << " at " << i << ": " << a[i] << " and " << b[i];
  }
}

/// The function as compiled into this test.
template <class F>
std::vector<double> here(const std::vector<double>& x, F f) {
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); i += kLanes) {
    Lanes in;
    for (std::size_t j = 0; j < kLanes; ++j) in.value[j] = x[i + j];
    const Lanes out = to_lanes(f(load(in)));
    for (std::size_t j = 0; j < kLanes; ++j) y[i + j] = out.value[j];
  }
  return y;
}

TEST(InstructionSets, FunctionsHaveTheSameBits) {
  testing::Draws draws(1);
  std::vector<double> x(kPoints), positive(kPoints), y(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    x[i] = i % 2 == 0 ? 5.0 * draws.normal() : 1500.0 * (draws.uniform() - 0.5);
    positive[i] = std::exp2(2000.0 * (draws.uniform() - 0.5));
  }
  for (const Isa isa : available_isas()) {
    const PrimitiveKernels& kernels = primitives(isa);
    const std::string name(to_string(isa));
    kernels.exp(x.data(), y.data(), kPoints);
    expect_same_bits(y, here(x, [](Pack v) { return exp(v); }), "exp of " + name);
    kernels.log(positive.data(), y.data(), kPoints);
    expect_same_bits(y, here(positive, [](Pack v) { return log(v); }), "log of " + name);
    kernels.reciprocal(positive.data(), y.data(), kPoints);
    expect_same_bits(y, here(positive, [](Pack v) { return reciprocal(v); }),
                     "reciprocal of " + name);
  }
}

TEST(InstructionSets, DrawsHaveTheSameBits) {
  constexpr std::size_t kIndividuals = 1024;
  constexpr std::uint64_t kFirst = 0xFFFFFE00ULL;  // across 2^32
  for (const Isa isa : available_isas()) {
    const PrimitiveKernels& kernels = primitives(isa);
    for (std::uint32_t time = 0; time < 20; ++time) {
      const StreamKey key{0xABCDEF0123456789ULL, time % 3, Purpose::encounters};
      std::vector<double> uniform(2 * kIndividuals), normal(2 * kIndividuals);
      kernels.uniform(key, kFirst, time, uniform.data(), kIndividuals);
      kernels.normal(key, kFirst, time, normal.data(), kIndividuals);
      std::vector<double> uniform_here(2 * kIndividuals), normal_here(2 * kIndividuals);
      for (std::size_t i = 0; i < kIndividuals; ++i) {
        const UniformPair u = uniform_pair(key, kFirst + i, time, 0);
        const UniformPair n = normal_pair(key, kFirst + i, time, 0);
        uniform_here[i] = u.first;
        uniform_here[kIndividuals + i] = u.second;
        normal_here[i] = n.first;
        normal_here[kIndividuals + i] = n.second;
      }
      const std::string name(to_string(isa));
      expect_same_bits(uniform, uniform_here, "uniform draws of " + name);
      expect_same_bits(normal, normal_here, "normal draws of " + name);
    }
  }
}

}  // namespace
}  // namespace eustress
