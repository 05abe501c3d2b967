#include <boost/random/sobol.hpp>
#include <cstdint>

#include "io/design/sweep_design.hpp"

namespace eustress::io {

DesignPoints sobol_points(std::size_t points, std::size_t dimensions, std::uint64_t seed) {
  DesignRandom random(seed);
  std::vector<std::uint64_t> shift(dimensions);
  for (std::uint64_t& bits : shift) bits = random.bits();
  boost::random::sobol sequence(dimensions);
  DesignPoints design{dimensions, {}};
  design.values.reserve(points * dimensions);
  for (std::size_t i = 0; i < points; ++i) {
    for (std::size_t j = 0; j < dimensions; ++j) {
      // The engine leaves out the first point, which is 0, and without which strata stay empty.
      const std::uint64_t bits = (i == 0 ? 0U : sequence()) ^ shift[j];
      design.values.push_back(static_cast<double>(bits >> 11U) * 0x1p-53);
    }
  }
  return design;
}

}  // namespace eustress::io
