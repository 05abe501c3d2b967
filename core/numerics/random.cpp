#include "core/numerics/random.hpp"

#include <Random123/threefry.h>

#include <bit>

#include "core/numerics/vmath.hpp"

namespace eustress {

namespace {

double to_unit_interval(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t bits = (std::uint64_t{high} << 32) | low;
  return std::bit_cast<double>((bits >> 12) | 0x3FF0000000000000ULL) - (1.0 - 0x1p-53);
}

}  // namespace

UniformPair uniform_pair(const StreamKey& key, std::uint64_t individual, std::uint32_t time,
                         std::uint32_t index) {
  const r123::Threefry4x32::ctr_type counter = {{static_cast<std::uint32_t>(individual),
                                                 static_cast<std::uint32_t>(individual >> 32), time,
                                                 index}};
  const r123::Threefry4x32::key_type k = {{static_cast<std::uint32_t>(key.seed),
                                           static_cast<std::uint32_t>(key.seed >> 32),
                                           static_cast<std::uint32_t>(key.purpose), key.replicate}};
  const auto r = r123::Threefry4x32{}(counter, k);
  return {to_unit_interval(r[0], r[1]), to_unit_interval(r[2], r[3])};
}

UniformPair normal_pair(const StreamKey& key, std::uint64_t individual, std::uint32_t time,
                        std::uint32_t index) {
  const UniformPair u = uniform_pair(key, individual, time, index);
  const PackPair n = box_muller({broadcast(u.first), broadcast(u.second)});
  return {to_lanes(n.first)[0], to_lanes(n.second)[0]};
}

}  // namespace eustress
