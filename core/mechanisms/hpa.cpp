#include "core/mechanisms/hpa.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/numerics/portable_math.hpp"

namespace eustress {

bool apply_hpa_preset(std::string_view name, HpaParameters& p) {
  if (name == "karin2020") {
    p.crh_half_life_min = 4.0;
    p.acth_half_life_min = 20.0;
    p.cortisol_half_life_min = 80.0;
    p.pituitary_turnover_d = 7.0;
    p.adrenal_turnover_d = 14.0;
    p.brain_rate_per_min = 0.0;
    return true;
  }
  return name == "acute";
}

HpaRates<double> median_hpa_rates(const HpaParameters& p, double dt_min) {
  const double z = std::numbers::ln2 * dt_min;
  constexpr double kMinutesPerDay = 1440.0;
  return {.crh = z / p.crh_half_life_min,
          .brain = p.brain_rate_per_min * dt_min,
          .pituitary = z / (p.pituitary_turnover_d * kMinutesPerDay),
          .adrenal = z / (p.adrenal_turnover_d * kMinutesPerDay),
          .acth = z / p.acth_half_life_min,
          .cortisol = z / p.cortisol_half_life_min,
          .inverse_k = 1.0 / p.gr_half_saturation};
}

CrhScheme crh_scheme(double z) {
  const double half = portable_exp(-0.5 * z);
  const double decay = portable_exp(-z);
  // phi_k = sum over j of (-z)^j/(j + k)!; the closed forms of (H7) cancel if z is small.
  double phi1, phi2, phi3;
  if (z < 1.0) {
    double series = 1.0;
    for (int j = 16; j > 0; --j) series = 1.0 - series * z / (j + 3);
    phi3 = series / 6.0;
    phi2 = 0.5 - z * phi3;
    phi1 = 1.0 - z * phi2;
  } else {
    phi1 = (1.0 - decay) / z;
    phi2 = (1.0 - phi1) / z;
    phi3 = (0.5 - phi2) / z;
  }
  return {half,
          1.0 - half,
          decay,
          z * (phi1 - 3.0 * phi2 + 4.0 * phi3),
          z * (2.0 * phi2 - 4.0 * phi3),
          z * (4.0 * phi3 - phi2)};
}

namespace {

struct Hormones {
  double x1, x2, x3, b;
};

/// Slopes of ACTH, cortisol and brain cortisol times dt; in place of that of CRH its goal F.
Hormones slopes(const Hormones& s, const HpaRates<double>& g, double u, double crh_external,
                double pituitary, double adrenal, double cortisol_external) {
  const double brain = g.brain > 0.0 ? s.b : s.x3;
  const double mr = 1.0 / brain;  // (H6)
  const double y = brain * g.inverse_k;
  const double gr = 1.0 / (1.0 + y * y * y);
  return {u * mr * gr,                                               // (H1)
          g.acth * ((s.x1 + crh_external) * pituitary * gr - s.x2),  // (H2)
          g.cortisol * (s.x2 * adrenal + cortisol_external - s.x3),  // (H3)
          g.brain * (s.x3 - s.b)};                                   // (H4)
}

/// The Runge-Kutta stage after slopes k, CRH given.
Hormones shifted(const Hormones& s, const Hormones& k, double h, double crh) {
  return {crh, s.x2 + h * k.x2, s.x3 + h * k.x3, s.b + h * k.b};
}

}  // namespace

void hpa_reference_step(HpaState<double>& s, const HpaRates<double>& g, double u,
                        double crh_external, double adrenal_share, double cortisol_external) {
  const auto f = [&](const Hormones& h) {
    return slopes(h, g, u, crh_external, s.pituitary, s.adrenal * adrenal_share, cortisol_external);
  };
  double& feedback = g.brain > 0.0 ? s.brain_cortisol : s.cortisol;
  feedback = std::max(feedback, kBrainFloor);  // (H6)
  const Hormones start{s.crh, s.acth, s.cortisol, s.brain_cortisol};
  const double z = g.crh;  // (H7)
  const double half = std::exp(-z / 2.0);
  const double decay = std::exp(-z);
  const Hormones k1 = f(start);
  const double crh_a = half * s.crh + (1.0 - half) * k1.x1;
  const Hormones k2 = f(shifted(start, k1, 0.5, crh_a));
  const double crh_b = half * s.crh + (1.0 - half) * k2.x1;
  const Hormones k3 = f(shifted(start, k2, 0.5, crh_b));
  const double crh_c = half * crh_a + (1.0 - half) * (2.0 * k3.x1 - k1.x1);
  const Hormones k4 = f(shifted(start, k3, 1.0, crh_c));
  const double w1 = -(decay * (4.0 + 3.0 * z + z * z) - 4.0 + z) / (z * z);
  const double w2 = -2.0 * (2.0 - z - decay * (2.0 + z)) / (z * z);
  const double w3 = -(decay * (4.0 + z) - 4.0 + 3.0 * z - z * z) / (z * z);
  s.crh = decay * s.crh + w1 * k1.x1 + w2 * (k2.x1 + k3.x1) + w3 * k4.x1;
  s.acth += (k1.x2 + 2.0 * k2.x2 + 2.0 * k3.x2 + k4.x2) / 6.0;
  s.cortisol += (k1.x3 + 2.0 * k2.x3 + 2.0 * k3.x3 + k4.x3) / 6.0;
  s.brain_cortisol =
      g.brain > 0.0 ? s.brain_cortisol + (k1.b + 2.0 * k2.b + 2.0 * k3.b + k4.b) / 6.0 : s.cortisol;

  const double edges = z / 12.0 * (k1.x1 - k4.x1 + s.crh - start.x1);     // (H5), (H7)
  const auto grown = [](double q) { return 1.0 + q * (1.0 + 0.5 * q); };  // e^q to second order
  s.pituitary *= grown(g.pituitary * (s.crh + crh_external - 1.0 + edges));
  s.adrenal *= grown(g.adrenal * (s.acth - 1.0));
  s.pituitary = std::max(s.pituitary, kGlandFloor);
  s.adrenal = std::max(s.adrenal, kGlandFloor);
}

}  // namespace eustress
