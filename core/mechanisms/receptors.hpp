#pragma once

// Action of cortisol in the brain: occupancy of its two receptors, fast (non-genomic) and slow
// (genomic) effects.
//
//   (G1) c = free_fraction C0 b          free brain cortisol [nmol/l]; b from hpa.hpp
//   (G2) MR = c/(c + Kd_MR),  GR = c/(c + Kd_GR)   occupancies
//   (G3) m' = (b - m)/tau_fast           cortisol at the membrane receptors;
//        f = GR(m)                       fast (non-genomic) action
//   (G4) g1' = (f - g1)/tau, g2' = (g1 - g2)/tau, g3' = (g2 - g3)/tau
//        genomic action g3: a chain of three stages, onset about one hour, lasting hours
//   (G5) fast action beyond rest: F = max(0, f - rest)/(1 - rest); genomic beyond rest likewise
//        with g3; `rest` is the occupancy GR at b = 1
//
// Steps: m by exact relaxation every step; the chain every half-hour with the f of that moment
// held, each stage relaxed exactly towards the one before it (in the order g3, g2, g1).

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct ReceptorParameters {
  double total_cortisol_nmol_l, free_fraction, mr_kd_nmol_l, gr_kd_nmol_l, fast_tau_min,
      genomic_tau_min;
};

inline constexpr std::array kReceptorTable = {
    ParameterRow{"total_cortisol_nmol_l", "C0", "nmol/l", 250.0, 50.0, 600.0, Origin::assumed,
                 "usual daily mean in plasma", "total cortisol at baseline 1",
                 &ReceptorParameters::total_cortisol_nmol_l},
    ParameterRow{"free_fraction", "ff", "1", 0.04, 0.005, 0.3, Origin::assumed,
                 "unbound share of plasma cortisol", "free share of cortisol",
                 &ReceptorParameters::free_fraction},
    ParameterRow{"mr_kd_nmol_l", "Kd_MR", "nmol/l", 0.5, 0.05, 5.0, Origin::published, "Reul 1987",
                 "dissociation constant of the mineralocorticoid receptor",
                 &ReceptorParameters::mr_kd_nmol_l},
    ParameterRow{"gr_kd_nmol_l", "Kd_GR", "nmol/l", 4.4, 0.5, 50.0, Origin::published, "Reul 1987",
                 "dissociation constant of the glucocorticoid receptor",
                 &ReceptorParameters::gr_kd_nmol_l},
    ParameterRow{"fast_tau_min", "tau_fast", "min", 7.5, 1.0, 60.0, Origin::assumed,
                 "published range 5-10", "time constant of non-genomic action",
                 &ReceptorParameters::fast_tau_min},
    ParameterRow{"genomic_tau_min", "tau_g", "min", 45.0, 10.0, 300.0, Origin::assumed,
                 "onset about one hour", "time constant of each stage of the genomic chain",
                 &ReceptorParameters::genomic_tau_min},
};
constexpr const auto& parameter_rows(const ReceptorParameters&) {
  return kReceptorTable;
}

template <class T>
struct ReceptorState {
  T membrane;  // 1
  T genomic1;  // 1
  T genomic2;  // 1
  T genomic;   // 1
};
inline constexpr std::array kReceptorColumns = {
    Column{"membrane", "1", "m, cortisol at the membrane receptors"},
    Column{"genomic1", "1", "first stage of the genomic chain"},
    Column{"genomic2", "1", "second stage of the genomic chain"},
    Column{"genomic", "1", "g3, genomic action"}};

struct Occupancy {
  double mr, gr;
};
/// (G1), (G2) for brain cortisol b >= 0.
Occupancy occupancy_reference(const ReceptorParameters& p, double brain_cortisol);
/// (G3): m over dt minutes with brain cortisol held.
void receptors_fast_reference_step(ReceptorState<double>& s, const ReceptorParameters& p,
                                   double brain_cortisol, double dt_min);
/// (G3): f.
double fast_action_reference(const ReceptorState<double>& s, const ReceptorParameters& p);
/// (G4) over one half-hour.
void receptors_genomic_reference_step(ReceptorState<double>& s, const ReceptorParameters& p);
/// (G5) for f or g3.
double action_beyond_rest_reference(const ReceptorParameters& p, double action);

}  // namespace eustress
