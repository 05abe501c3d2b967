#include "core/numerics/portable_math.hpp"

#include "core/numerics/vmath.hpp"

namespace eustress {

double portable_exp(double x) {
  return to_lanes(exp(broadcast(x)))[0];
}
double portable_log(double x) {
  return to_lanes(log(broadcast(x)))[0];
}
CosSin portable_cos_sin_turns(double u) {
  const PackPair r = cos_sin_turns(broadcast(u));
  return {to_lanes(r.first)[0], to_lanes(r.second)[0]};
}

}  // namespace eustress
