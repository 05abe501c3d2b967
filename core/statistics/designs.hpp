#pragma once

// Points at which a model is evaluated: designs in the unit cube. The same points for the same
// seed on every machine.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eustress {

/// Points of a cube, one after the other.
struct DesignPoints {
  std::size_t dimensions = 0;
  std::vector<double> values;  ///< in [0, 1]

  [[nodiscard]] std::size_t size() const {
    return dimensions == 0 ? 0 : values.size() / dimensions;
  }
  [[nodiscard]] std::span<const double> point(std::size_t i) const {
    return std::span(values).subspan(i * dimensions, dimensions);
  }
};

/// Uniform numbers in [0, 1) and whole numbers, by an algorithm that is the same everywhere
/// (SplitMix64 of Steele et al. 2014, doi 10.1145/2660193.2660195). For designs and resampling
/// only, not for what happens to people.
class DesignRandom {
 public:
  explicit DesignRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits();
  double uniform();
  /// From 0 to n - 1, n at least 1.
  std::size_t below(std::size_t n);

 private:
  std::uint64_t state_;
};

/// All combinations of 0 to counts[j] - 1 as whole numbers, the last dimension fastest.
std::vector<std::size_t> grid_places(std::span<const std::size_t> counts);

/// Latin hypercube: each dimension has one point in each of `points` equal intervals, at a random
/// place in it (McKay et al. 1979, doi 10.2307/1268522).
DesignPoints latin_hypercube(std::size_t points, std::size_t dimensions, std::uint64_t seed);

/// Trajectories of dimensions + 1 points, of which each differs from the one before in one
/// dimension, by levels/(2 (levels - 1)) up or down (Morris 1991, doi 10.2307/1269043). `levels`:
/// even, at least 2.
DesignPoints morris_trajectories(std::size_t trajectories, std::size_t dimensions, int levels,
                                 std::uint64_t seed);

/// Points for Sobol indices: from each point (a, b) of `pairs`, which has twice the dimensions, the
/// points a, b, and for each dimension a with that coordinate of b (Saltelli et al. 2010, doi
/// 10.1016/j.cpc.2009.09.018).
DesignPoints saltelli_points(const DesignPoints& pairs);

}  // namespace eustress
