#pragma once

#include "core/mechanisms/assay.hpp"
#include "core/numerics/vmath.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

/// (Y1)
EUSTRESS_INLINE Pack assay(const AssayParameters& p, Pack n_person, Pack n_sample) {
  const double between = p.cortisol_between_sd, within = p.cortisol_within_sd;
  return exp(fma(between, n_person,
                 fma(within, n_sample, broadcast(-0.5 * (between * between + within * within)))));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
