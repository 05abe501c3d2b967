#pragma once

// HPA axis with gland masses: minutes to months. After Karin et al. 2020
// (doi 10.15252/msb.20209510), with a lagged brain cortisol. All quantities relative to the healthy
// baseline 1.
//
//   (H1) x1' = g1 ( u MR GR - x1 )          CRH
//   (H2) x2' = g2 ( (x1 + x_ext) P GR - x2 )  ACTH; x_ext: exogenous CRH of a probe
//   (H3) x3' = g3 ( x2 A - x3 )             cortisol; with drugs g3 ( x2 A a_share + c_ext - x3 )
//   (H4) b'  = kb ( x3 - b )                brain cortisol; kb = 0 means b = x3 (no lag)
//   (H5) P'  = gP P ( x1 + x_ext - 1 ),  A' = gA A ( x2 - 1 )      gland masses, both >= 1e-3
//   (H6) MR = 1/b,  GR = 1/(1 + (b/K)^3);  b (without lag x3) is at least .01 at the start of a
//   step
//
// Numerical scheme, the same in the reference and the kernel: one step of length dt with constant u
// is
//   (H7) P and A are held at their values at the middle of the step: with these classical RK4 on
//        (H2)-(H4) and its exponential form on (H1), whose fast decay is exact (ETDRK4, Cox &
//        Matthews 2002, doi 10.1006/jcph.2002.6995), with z = g1 dt and F = u MR GR:
//          x1a = e^(-z/2) x1 + (1 - e^(-z/2)) F1,  x1b = e^(-z/2) x1 + (1 - e^(-z/2)) F2,
//          x1c = e^(-z/2) x1a + (1 - e^(-z/2)) (2 F3 - F1),
//          x1' = e^-z x1 + w1 F1 + w2 (F2 + F3) + w3 F4,
//          w1 = [e^-z (4 + 3z + z^2) - 4 + z]/(-z^2),  w2 = 2 [2 - z - e^-z (2 + z)]/(-z^2),
//          w3 = [e^-z (4 + z) - 4 + 3z - z^2]/(-z^2)
//        In the limit of small z this is classical RK4. Then to the middle of the next step
//        (leapfrog),
//          P <- P (1 + q + q^2/2),  q = gP dt (x1' + x_ext - 1 + z/12 (F1 - F4 + x1' - x1)),
//          A <- A (1 + q + q^2/2),  q = gA dt (x2' - 1);
//        the term of z/12 corrects the sum of x1 for its kinks where u jumps (Euler-Maclaurin); x2
//        has none.

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct HpaParameters {
  double crh_half_life_min;
  double acth_half_life_min;
  double cortisol_half_life_min;
  double brain_rate_per_min;
  double pituitary_turnover_d;
  double adrenal_turnover_d;
  double gr_half_saturation;
  double stress_gain, demand_share, loss_share, threat_share;
  double sam_inhibition;
};

inline constexpr std::array kHpaTable = {
    ParameterRow{"crh_half_life_min", "ln2/g1", "min", 4.0, 1.5, 30.0, Origin::published,
                 "Karin 2020", "half-life of CRH", &HpaParameters::crh_half_life_min},
    ParameterRow{"acth_half_life_min", "ln2/g2", "min", 18.8, 5.0, 60.0, Origin::calibrated,
                 "E5, E8; published range 10-20", "effective half-life of ACTH",
                 &HpaParameters::acth_half_life_min},
    ParameterRow{"cortisol_half_life_min", "ln2/g3", "min", 22.25, 10.0, 120.0, Origin::calibrated,
                 "E4, E5; published range 15-25", "effective half-life of cortisol",
                 &HpaParameters::cortisol_half_life_min},
    ParameterRow{"brain_rate_per_min", "kb", "1/min", 0.0264, 0.0, 0.3, Origin::calibrated,
                 "E5, E8; delay of 20-40 min; 0 switches the lag off",
                 "rate at which brain cortisol follows plasma", &HpaParameters::brain_rate_per_min},
    ParameterRow{"pituitary_turnover_d", "ln2/gP", "d", 7.0, 2.0, 100.0, Origin::published,
                 "Karin 2020", "half-life of the corticotroph mass",
                 &HpaParameters::pituitary_turnover_d},
    ParameterRow{"adrenal_turnover_d", "ln2/gA", "d", 14.0, 2.0, 100.0, Origin::published,
                 "Karin 2020", "half-life of the adrenal mass", &HpaParameters::adrenal_turnover_d},
    ParameterRow{"gr_half_saturation", "K", "1", 4.0, 1.0, 20.0, Origin::published, "Karin 2020",
                 "cortisol at half-maximal GR feedback", &HpaParameters::gr_half_saturation},
    ParameterRow{"stress_gain", "w_HPA", "1", 14.68, 0.0, 100.0, Origin::calibrated,
                 "E6 median TSST fold",
                 "drive per unit of appraised intensity of a social-evaluative stressor",
                 &HpaParameters::stress_gain},
    ParameterRow{"demand_share", "v_2", "1", 0.25, 0.0, 5.0, Origin::calibrated,
                 "E10; Dickerson & Kemeny 2004: evaluation drives cortisol, tasks alone hardly",
                 "drive of a demand relative to a social-evaluative stressor",
                 &HpaParameters::demand_share},
    ParameterRow{"loss_share", "v_3", "1", 0.7, 0.0, 5.0, Origin::assumed,
                 "between demand and evaluation", "drive of an interpersonal loss relative to it",
                 &HpaParameters::loss_share},
    ParameterRow{"threat_share", "v_4", "1", 1.0, 0.0, 5.0, Origin::assumed,
                 "as much as evaluation", "drive of a threat relative to it",
                 &HpaParameters::threat_share},
    ParameterRow{"sam_inhibition", "beta", "1", 0.15, 0.0, 2.0, Origin::calibrated,
                 "E11 sign: beta-blockade raises cortisol",
                 "inhibition of the HPA stress drive by plasma noradrenaline",
                 &HpaParameters::sam_inhibition},
};
inline constexpr double kGlandFloor = 1e-3;
inline constexpr double kBrainFloor = 0.01;

constexpr const auto& parameter_rows(const HpaParameters&) {
  return kHpaTable;
}

/// Sets the half-lives, turnover and lag to a published set: "acute" (the defaults of the table) or
/// "karin2020" (4, 20, 80 min; 7 and 14 d; no brain lag). False if there is no such preset.
bool apply_hpa_preset(std::string_view name, HpaParameters& parameters);

template <class T>
struct HpaState {
  T crh;             // 1
  T acth;            // 1
  T cortisol;        // 1
  T brain_cortisol;  // 1
  T pituitary;       // 1
  T adrenal;         // 1
};
inline constexpr std::array kHpaColumns = {
    Column{"crh", "1", "x1, CRH relative to baseline"},
    Column{"acth", "1", "x2, ACTH relative to baseline"},
    Column{"cortisol", "1", "x3, cortisol relative to baseline"},
    Column{"brain_cortisol", "1", "b, cortisol that reaches the brain"},
    Column{"pituitary", "1", "P, functional mass of the corticotrophs"},
    Column{"adrenal", "1", "A, functional mass of the adrenal cortex"}};

/// Rates of one step of dt, per person where they vary. T as in HpaState.
template <class T>
struct HpaRates {
  double crh;        ///< g1 dt
  double brain;      ///< kb dt; 0: no lag
  double pituitary;  ///< gP dt
  double adrenal;    ///< gA dt
  T acth;            ///< g2 dt
  T cortisol;        ///< g3 dt
  T inverse_k;       ///< 1/K
};
/// Those of a person whose traits are 0, for steps of dt_min [min].
HpaRates<double> median_hpa_rates(const HpaParameters& p, double dt_min);

/// The constants of (H7) for z > 0.
struct CrhScheme {
  double half_decay;           ///< e^(-z/2)
  double half_growth;          ///< 1 - e^(-z/2)
  double decay;                ///< e^-z
  double first, middle, last;  ///< w1, w2, w3
};
CrhScheme crh_scheme(double z);

/// Equations (H1)-(H7) for one person, one step. u: drive (1 = baseline), crh_external: x_ext.
/// adrenal_share: what is left of the adrenal output, cortisol_external: c_ext (drugs).
void hpa_reference_step(HpaState<double>& s, const HpaRates<double>& rates, double u,
                        double crh_external, double adrenal_share = 1.0,
                        double cortisol_external = 0.0);

}  // namespace eustress
