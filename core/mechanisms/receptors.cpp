#include "core/mechanisms/receptors.hpp"

#include <algorithm>
#include <cmath>

namespace eustress {

Occupancy occupancy_reference(const ReceptorParameters& p, double brain_cortisol) {
  const double c = p.free_fraction * p.total_cortisol_nmol_l * brain_cortisol;  // (G1)
  return {c / (c + p.mr_kd_nmol_l), c / (c + p.gr_kd_nmol_l)};                  // (G2)
}

void receptors_fast_reference_step(ReceptorState<double>& s, const ReceptorParameters& p,
                                   double brain_cortisol, double dt_min) {
  s.membrane =
      brain_cortisol + (s.membrane - brain_cortisol) * std::exp(-dt_min / p.fast_tau_min);  // (G3)
}

double fast_action_reference(const ReceptorState<double>& s, const ReceptorParameters& p) {
  return occupancy_reference(p, s.membrane).gr;  // (G3)
}

void receptors_genomic_reference_step(ReceptorState<double>& s, const ReceptorParameters& p) {
  const double kept = std::exp(-30.0 / p.genomic_tau_min);
  s.genomic = s.genomic2 + (s.genomic - s.genomic2) * kept;  // (G4)
  s.genomic2 = s.genomic1 + (s.genomic2 - s.genomic1) * kept;
  const double fast = fast_action_reference(s, p);
  s.genomic1 = fast + (s.genomic1 - fast) * kept;
}

double action_beyond_rest_reference(const ReceptorParameters& p, double action) {
  const double rest = occupancy_reference(p, 1.0).gr;
  return std::max(0.0, action - rest) / (1.0 - rest);  // (G5)
}

}  // namespace eustress
