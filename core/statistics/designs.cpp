#include "core/statistics/designs.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace eustress {

namespace {

std::vector<std::size_t> shuffled(std::size_t n, DesignRandom& random) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace

std::uint64_t DesignRandom::bits() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

double DesignRandom::uniform() {
  return static_cast<double>(bits() >> 11U) * 0x1p-53;
}

std::size_t DesignRandom::below(std::size_t n) {
  // Less than 2^-40 of bias for the few points that designs have.
  return std::min(n - 1, static_cast<std::size_t>(uniform() * static_cast<double>(n)));
}

std::vector<std::size_t> grid_places(std::span<const std::size_t> counts) {
  std::size_t points = 1;
  for (const std::size_t count : counts) points *= count;
  std::vector<std::size_t> places(points * counts.size());
  for (std::size_t i = 0; i < points; ++i) {
    std::size_t rest = i;
    for (std::size_t j = counts.size(); j-- > 0;) {
      places[i * counts.size() + j] = rest % counts[j];
      rest /= counts[j];
    }
  }
  return places;
}

DesignPoints latin_hypercube(std::size_t points, std::size_t dimensions, std::uint64_t seed) {
  DesignRandom random(seed);
  DesignPoints design{dimensions, std::vector<double>(points * dimensions)};
  const auto n = static_cast<double>(points);
  for (std::size_t j = 0; j < dimensions; ++j) {
    const std::vector<std::size_t> order = shuffled(points, random);
    for (std::size_t i = 0; i < points; ++i) {
      design.values[i * dimensions + j] =
          (static_cast<double>(order[i]) + 0.999 * random.uniform()) / n;
    }
  }
  return design;
}

DesignPoints morris_trajectories(std::size_t trajectories, std::size_t dimensions, int levels,
                                 std::uint64_t seed) {
  DesignRandom random(seed);
  DesignPoints design{dimensions, {}};
  design.values.reserve(trajectories * (dimensions + 1) * dimensions);
  const double last = levels - 1;
  const auto half = static_cast<std::size_t>(levels / 2);
  std::vector<double> point(dimensions), change(dimensions);
  for (std::size_t t = 0; t < trajectories; ++t) {
    for (std::size_t j = 0; j < dimensions; ++j) {
      // From the lower half up, or back down from there.
      const auto low = static_cast<double>(random.below(half));
      const bool is_up = random.below(2) == 0;
      const double high = low + static_cast<double>(half);
      point[j] = (is_up ? low : high) / last;
      change[j] = (is_up ? high : low) / last;
    }
    design.values.insert(design.values.end(), point.begin(), point.end());
    for (const std::size_t j : shuffled(dimensions, random)) {
      point[j] = change[j];
      design.values.insert(design.values.end(), point.begin(), point.end());
    }
  }
  return design;
}

DesignPoints saltelli_points(const DesignPoints& pairs) {
  const std::size_t k = pairs.dimensions / 2;
  DesignPoints design{k, {}};
  design.values.reserve(pairs.size() * (k + 2) * k);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::span<const double> a = pairs.point(i).first(k), b = pairs.point(i).last(k);
    design.values.insert(design.values.end(), a.begin(), a.end());
    design.values.insert(design.values.end(), b.begin(), b.end());
    for (std::size_t j = 0; j < k; ++j) {
      design.values.insert(design.values.end(), a.begin(), a.end());
      design.values[design.values.size() - k + j] = b[j];
    }
  }
  return design;
}

}  // namespace eustress
