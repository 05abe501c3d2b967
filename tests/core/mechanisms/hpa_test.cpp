#include "core/mechanisms/hpa.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

constexpr double kDay = 1440.0;  // min

HpaParameters preset(std::string_view name) {
  HpaParameters p = default_parameters().hpa;
  EXPECT_TRUE(apply_hpa_preset(name, p));
  return p;
}

constexpr HpaState<double> kRest{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};

void run(HpaState<double>& s, const HpaParameters& p, double days, double u, double dt_min = 5.0) {
  const HpaRates<double> r = median_hpa_rates(p, dt_min);
  const long steps = std::lround(days * kDay / dt_min);
  for (long i = 0; i < steps; ++i) hpa_reference_step(s, r, u, 0.0);
}

/// x (1 + (x/K)^3) = u by bisection.
double closed_form_cortisol(double u, double k) {
  double low = 0.0, high = u;
  for (int i = 0; i < 200; ++i) {
    const double x = 0.5 * (low + high);
    (x * (1.0 + std::pow(x / k, 3)) < u ? low : high) = x;
  }
  return 0.5 * (low + high);
}

TEST(Hpa, SteadyStateIsTheClosedForm) {
  // Ten years, because the gland masses relax over months; the lag of brain cortisol has no part in
  // the steady state.
  for (const std::string_view name : {"karin2020", "acute"}) {
    const HpaParameters p = preset(name);
    for (const double u : {1.0, 1.5, 2.0, 3.0, 5.0}) {
      HpaState<double> s = kRest;
      run(s, p, 3650.0, u);
      const double x3 = closed_form_cortisol(u, p.gr_half_saturation);
      const double gr = 1.0 + std::pow(x3 / p.gr_half_saturation, 3);
      EXPECT_NEAR(s.crh, 1.0, 1e-8) << name << " u = " << u;
      EXPECT_NEAR(s.acth, 1.0, 1e-8) << name << " u = " << u;
      EXPECT_NEAR(s.cortisol, x3, 1e-8 * x3) << name << " u = " << u;
      EXPECT_NEAR(s.brain_cortisol, x3, 1e-8 * x3) << name << " u = " << u;
      EXPECT_NEAR(s.pituitary, gr, 1e-8 * gr) << name << " u = " << u;
      EXPECT_NEAR(s.adrenal, x3, 1e-8 * x3) << name << " u = " << u;
    }
  }
}

TEST(Hpa, SteadyStatesOfKarin2020AfterThreeYears) {
  const HpaParameters p = preset("karin2020");
  const struct {
    double u, cortisol, pituitary;
  } expected[] = {{1.0, 0.98528, 1.01494},
                  {1.5, 1.43394, 1.04607},
                  {2.0, 1.82621, 1.09516},
                  {3.0, 2.44323, 1.22788},
                  {5.0, 3.25215, 1.53744}};
  for (const auto& e : expected) {
    HpaState<double> s = kRest;
    run(s, p, 3.0 * 365.0, e.u);
    EXPECT_NEAR(s.cortisol, e.cortisol, 1e-4 * e.cortisol) << "u = " << e.u;
    EXPECT_NEAR(s.pituitary, e.pituitary, 1e-4 * e.pituitary) << "u = " << e.u;
  }
}

/// The last day after which the quantity stays within 10 % of 1.
struct Recovery {
  double cortisol = 0.0, adrenal = 0.0, acth = 0.0, pituitary = 0.0;
  double acth_nadir = 1e9;
};

Recovery recovery_after_two_months_of_stress(const HpaParameters& p) {
  HpaState<double> s = kRest;
  run(s, p, 1000.0, 1.0);
  const HpaState<double> baseline = s;
  run(s, p, 60.0, 4.0);
  Recovery r;
  const HpaRates<double> g = median_hpa_rates(p, 5.0);
  for (int i = 0; i < 400 * 288; ++i) {
    hpa_reference_step(s, g, 1.0, 0.0);
    const double day = (i + 1) / 288.0;
    const auto off = [](double x, double base) { return std::abs(x / base - 1.0) > 0.1; };
    if (off(s.cortisol, baseline.cortisol)) r.cortisol = day;
    if (off(s.adrenal, baseline.adrenal)) r.adrenal = day;
    if (off(s.acth, baseline.acth)) r.acth = day;
    if (off(s.pituitary, baseline.pituitary)) r.pituitary = day;
    r.acth_nadir = std::min(r.acth_nadir, s.acth);
  }
  return r;
}

TEST(Hpa, RecoversFromProlongedStressInTheOrderOfKarin2020) {
  const Recovery r = recovery_after_two_months_of_stress(preset("karin2020"));
  EXPECT_NEAR(r.cortisol, 26.0, 2.0);
  EXPECT_NEAR(r.adrenal, 61.0, 2.0);
  EXPECT_NEAR(r.acth, 70.0, 2.0);
  EXPECT_NEAR(r.pituitary, 82.0, 2.0);
  EXPECT_NEAR(r.acth_nadir, 0.43, 0.02);
}

TEST(Hpa, RecoversMoreSlowlyWithTheGlandTurnoverOfMilo2025) {
  HpaParameters p = preset("karin2020");
  p.pituitary_turnover_d = 20.0;
  p.adrenal_turnover_d = 30.0;
  const Recovery r = recovery_after_two_months_of_stress(p);
  EXPECT_NEAR(r.cortisol, 76.0, 2.0);
  EXPECT_NEAR(r.adrenal, 139.0, 2.0);
  EXPECT_NEAR(r.acth, 156.0, 2.0);
  EXPECT_NEAR(r.pituitary, 185.0, 2.0);
}

TEST(Hpa, StaysPositiveAndFiniteAtTheExtremesOfTheDrive) {
  for (const std::string_view name : {"karin2020", "acute"}) {
    const HpaParameters p = preset(name);
    for (const double u : {0.0, 1e-3, 100.0}) {
      HpaState<double> s = kRest;
      run(s, p, 400.0, u);
      for (const double x : {s.crh, s.acth, s.cortisol, s.brain_cortisol}) {
        EXPECT_TRUE(std::isfinite(x)) << name << " u = " << u;
        EXPECT_GE(x, 0.0) << name << " u = " << u;
      }
      EXPECT_GE(s.pituitary, kGlandFloor);
      EXPECT_GE(s.adrenal, kGlandFloor);
    }
  }
}

TEST(Hpa, AStressPulseRaisesTheHormonesInTheOrderOfTheCascade) {
  const HpaParameters p = preset("acute");
  const HpaRates<double> g = median_hpa_rates(p, 5.0);
  HpaState<double> s = kRest;
  run(s, p, 1000.0, 1.0);
  const HpaState<double> base = s;
  int peak_acth = 0, peak_cortisol = 0, peak_brain = 0;
  double acth = 0.0, cortisol = 0.0, brain = 0.0;
  for (int i = 0; i < 60; ++i) {
    hpa_reference_step(s, g, i < 3 ? 7.0 : 1.0, 0.0);
    if (s.acth > acth) acth = s.acth, peak_acth = i;
    if (s.cortisol > cortisol) cortisol = s.cortisol, peak_cortisol = i;
    if (s.brain_cortisol > brain) brain = s.brain_cortisol, peak_brain = i;
  }
  EXPECT_GT(acth, 1.5 * base.acth);
  EXPECT_GT(cortisol, 1.2 * base.cortisol);
  EXPECT_LT(peak_acth, peak_cortisol);
  EXPECT_LT(peak_cortisol, peak_brain);
}

TEST(Hpa, ExogenousCrhActsOnThePituitary) {
  const HpaRates<double> g = median_hpa_rates(preset("acute"), 5.0);
  HpaState<double> with = kRest, without = kRest;
  hpa_reference_step(with, g, 1.0, 10.0);
  hpa_reference_step(without, g, 1.0, 0.0);
  EXPECT_GT(with.acth, 2.0 * without.acth);
  EXPECT_LT(with.crh, without.crh);  // feedback within the step; no CRH of its own
  EXPECT_GT(with.pituitary, without.pituitary);
}

TEST(Hpa, PresetsAreFoundByName) {
  HpaParameters p = default_parameters().hpa;
  EXPECT_FALSE(apply_hpa_preset("karin", p));
  EXPECT_TRUE(apply_hpa_preset("acute", p));
  EXPECT_EQ(p.cortisol_half_life_min, default_parameters().hpa.cortisol_half_life_min);
  EXPECT_TRUE(apply_hpa_preset("karin2020", p));
  EXPECT_EQ(p.cortisol_half_life_min, 80.0);
  EXPECT_EQ(p.brain_rate_per_min, 0.0);
}

}  // namespace
}  // namespace eustress
