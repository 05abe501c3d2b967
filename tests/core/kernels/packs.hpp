#pragma once

// What the tests of the mechanism kernels share: eight people as structs of doubles for the scalar
// reference and as one struct of packs for the kernel, random people and parameters, comparisons.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "core/model_parameters.hpp"
#include "core/numerics/pack.hpp"

namespace eustress::testing {

/// Random values with a fixed seed. The engine is exactly specified by the standard; the
/// distributions of <random> are not, so they are made here.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// Uniform in (0,1).
  double uniform() { return (static_cast<double>(engine_() >> 12) + 0.5) * 0x1p-52; }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  /// Between the two, but one in six is one of them: kernels break at the edges.
  double within(double low, double high) {
    const int kind = below(12);
    return kind == 0 ? low : kind == 1 ? high : between(low, high);
  }
  /// A whole number 0..n-1.
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool coin() { return below(2) == 1; }
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  std::mt19937_64 engine_;
};

/// Every parameter at its default, at one end of its admissible range, or anywhere in it; every
/// switch either way.
inline ModelParameters random_parameters(Random& random) {
  ModelParameters p = default_parameters();
  for_each_parameter(p, [&](const ParameterInfo& info, double* number, bool* is_on) {
    if (number != nullptr && random.below(3) > 0) *number = random.within(info.low, info.high);
    if (is_on != nullptr) *is_on = random.coin();
  });
  return p;
}

/// The defaults, all at the lower and all at the upper ends of their ranges (switches off and on),
/// and random ones. Calls f(parameters, random).
template <class F>
void for_each_parameter_set(std::uint64_t seed, int random_sets, F f) {
  Random random(seed);
  for (int set = -3; set < random_sets; ++set) {
    ModelParameters p = set < 0 ? default_parameters() : random_parameters(random);
    if (set == -2 || set == -1) {
      for_each_parameter(p, [&](const ParameterInfo& info, double* number, bool* is_on) {
        if (number != nullptr) *number = set == -2 ? info.low : info.high;
        if (is_on != nullptr) *is_on = set == -1;
      });
    }
    SCOPED_TRACE("parameter set " + std::to_string(set) +
                 " (-3: defaults, -2: lower ends, -1: upper ends, from 0: random)");
    f(std::as_const(p), random);
    if (::testing::Test::HasFailure()) return;  // one bad set tells enough
  }
}

template <template <class> class State>
inline constexpr std::size_t kColumns = sizeof(State<double>) / sizeof(double);

template <template <class> class State>
using Eight = std::array<State<double>, kLanes>;

template <template <class> class State>
State<Pack> packed(const Eight<State>& people) {
  static_assert(sizeof(State<Pack>) == kColumns<State> * sizeof(Lanes));
  std::array<Lanes, kColumns<State>> columns;
  for (std::size_t l = 0; l < kLanes; ++l) {
    const auto row = std::bit_cast<std::array<double, kColumns<State>>>(people[l]);
    for (std::size_t c = 0; c < row.size(); ++c) columns[c].value[l] = row[c];
  }
  State<Pack> state;
  std::memcpy(&state, columns.data(), sizeof state);
  return state;
}

template <template <class> class State>
Eight<State> unpacked(const State<Pack>& state) {
  std::array<Lanes, kColumns<State>> columns;
  std::memcpy(columns.data(), &state, sizeof state);
  Eight<State> people;
  for (std::size_t l = 0; l < kLanes; ++l) {
    std::array<double, kColumns<State>> row;
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = columns[c].value[l];
    people[l] = std::bit_cast<State<double>>(row);
  }
  return people;
}

using Numbers = std::array<double, kLanes>;

inline Pack packed(const Numbers& x) {
  Lanes lanes;
  std::copy(x.begin(), x.end(), lanes.value);
  return load(lanes);
}
inline Numbers unpacked(Pack x) {
  return std::bit_cast<Numbers>(to_lanes(x));
}

/// Eight numbers, each of its own call of f.
template <class F>
Numbers eight(F f) {
  Numbers x;
  for (double& v : x) v = f();
  return x;
}

/// Some of the eight.
struct Chosen {
  std::array<bool, kLanes> lane;
  [[nodiscard]] Mask mask() const {
    Numbers x;
    for (std::size_t l = 0; l < kLanes; ++l) x[l] = lane[l] ? 1.0 : 0.0;
    return packed(x) == 1.0;
  }
  bool operator[](std::size_t l) const { return lane[l]; }
};
/// Each in or out; sometimes all, sometimes nobody.
inline Chosen random_choice(Random& random) {
  Chosen c{};
  const int kind = random.below(8);
  for (bool& in : c.lane) in = kind == 0 || (kind > 1 && random.coin());
  return c;
}

/// |reference - kernel| within `tolerance` of |reference| + scale. Not finite never is.
inline ::testing::AssertionResult close(double reference, double kernel, double tolerance,
                                        double scale = 1e-3) {
  const double error = std::abs(reference - kernel) / (std::abs(reference) + scale);
  if (std::isfinite(reference) && error <= tolerance) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "reference " << ::testing::PrintToString(reference) << ", kernel "
         << ::testing::PrintToString(kernel) << ", relative difference " << error << " (allowed "
         << tolerance << ")";
}

inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// All columns of one person.
template <template <class> class State, class Columns>
::testing::AssertionResult close(const State<double>& reference, const State<double>& kernel,
                                 const Columns& columns, double tolerance, double scale = 1e-3) {
  using Row = std::array<double, kColumns<State>>;
  static_assert(std::tuple_size_v<Columns> == kColumns<State>);
  const Row a = std::bit_cast<Row>(reference), b = std::bit_cast<Row>(kernel);
  for (std::size_t c = 0; c < a.size(); ++c) {
    const auto result = close(a[c], b[c], tolerance, scale);
    if (!result)
      return ::testing::AssertionFailure() << columns[c].name << ": " << result.message();
  }
  return ::testing::AssertionSuccess();
}
template <template <class> class State>
bool same_bits(const State<double>& a, const State<double>& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

/// Class codes 0..3 as the kernels take them.
inline Numbers random_classes(Random& random) {
  return eight([&] { return static_cast<double>(random.below(kStressorClasses)); });
}
inline StressorClass class_of_code(double code) {
  return static_cast<StressorClass>(static_cast<int>(code));
}

}  // namespace eustress::testing
