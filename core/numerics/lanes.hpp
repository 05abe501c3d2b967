#pragma once

namespace eustress {

/// Individuals per pack.
inline constexpr int kLanes = 8;

/// A pack as it lies in memory: one quantity of eight consecutive individuals.
struct alignas(64) Lanes {
  double value[kLanes];
  double& operator[](int lane) { return value[lane]; }
  double operator[](int lane) const { return value[lane]; }
};

}  // namespace eustress
