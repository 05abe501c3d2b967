#include "core/mechanisms/assay.hpp"

#include <cmath>

namespace eustress {

double assay_reference(const AssayParameters& p, double n_person, double n_sample) {
  const double between = p.cortisol_between_sd, within = p.cortisol_within_sd;
  return std::exp(between * n_person - between * between / 2.0) *
         std::exp(within * n_sample - within * within / 2.0);  // (Y1)
}

}  // namespace eustress
