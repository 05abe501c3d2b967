#pragma once

#include "core/numerics/pack.hpp"
#include "core/state.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// values[k] per lane, for class codes k = 0..3.
EUSTRESS_INLINE Pack pick(Pack k, const Pack (&values)[kStressorClasses]) {
  const Pack low = select(k == 0.0, values[0], values[1]);
  const Pack high = select(k == 2.0, values[2], values[3]);
  return select(k < 2.0, low, high);
}
EUSTRESS_INLINE Pack pick(Pack k, double a, double b, double c, double d) {
  return select(k < 2.0, select(k == 0.0, a, broadcast(b)), select(k == 2.0, c, broadcast(d)));
}

/// 1 where class j is k, `similarity` else.
EUSTRESS_INLINE Pack similarity_to(Pack k, int j, double similarity) {
  return select(k == static_cast<double>(j), 1.0, broadcast(similarity));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
