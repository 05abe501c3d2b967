#include "core/mechanisms/receptors.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const ReceptorParameters p = default_parameters().receptors;

double at_rest() {
  return occupancy_reference(p, 1.0).gr;
}

ReceptorState<double> resting() {
  return {1.0, at_rest(), at_rest(), at_rest()};
}

TEST(Receptors, OccupancyOfReul1987) {
  // Total corticosterone of the rat at the trough and under stress, nmol/l.
  const Occupancy base = occupancy_reference(p, 43.0 / p.total_cortisol_nmol_l);
  const Occupancy stress = occupancy_reference(p, 811.0 / p.total_cortisol_nmol_l);
  EXPECT_NEAR(base.mr, 0.778, 0.03);
  EXPECT_NEAR(base.gr, 0.281, 0.03);
  EXPECT_GE(stress.mr, 0.95);
  EXPECT_GE(stress.gr, 0.70);
  EXPECT_LE(stress.gr, 0.90);
}

TEST(Receptors, OccupancyIsZeroWithoutAndHalfAtTheDissociationConstant) {
  EXPECT_EQ(occupancy_reference(p, 0.0).mr, 0.0);
  EXPECT_EQ(occupancy_reference(p, 0.0).gr, 0.0);
  const double free_at_one = p.free_fraction * p.total_cortisol_nmol_l;
  EXPECT_NEAR(occupancy_reference(p, p.gr_kd_nmol_l / free_at_one).gr, 0.5, 1e-15);
  EXPECT_NEAR(occupancy_reference(p, p.mr_kd_nmol_l / free_at_one).mr, 0.5, 1e-15);
}

TEST(Receptors, RestIsAFixedPointWithoutAction) {
  ReceptorState<double> s = resting();
  for (int i = 0; i < 1000; ++i) {
    receptors_fast_reference_step(s, p, 1.0, 5.0);
    receptors_genomic_reference_step(s, p);
  }
  EXPECT_NEAR(fast_action_reference(s, p), at_rest(), 1e-15);
  EXPECT_NEAR(s.genomic, at_rest(), 1e-15);
  EXPECT_EQ(action_beyond_rest_reference(p, at_rest()), 0.0);
  EXPECT_EQ(action_beyond_rest_reference(p, 0.5 * at_rest()), 0.0);
  EXPECT_NEAR(action_beyond_rest_reference(p, 1.0), 1.0, 1e-15);
}

TEST(Receptors, FastActionRelaxesExactly) {
  ReceptorState<double> s = resting();
  for (int i = 0; i < 4; ++i) receptors_fast_reference_step(s, p, 3.0, 5.0);
  EXPECT_NEAR(s.membrane, 3.0 - 2.0 * std::exp(-20.0 / p.fast_tau_min), 1e-15);
  EXPECT_EQ(fast_action_reference(s, p), occupancy_reference(p, s.membrane).gr);
  EXPECT_GT(20.0, p.fast_tau_min);  // on within minutes
}

/// Genomic action after each half-hour, as a share of what held cortisol leads to in the end.
double genomic_share(int half_hours, int raised_for = 1000) {
  ReceptorState<double> s = resting();
  const double gr = occupancy_reference(p, 3.0).gr;
  for (int i = 0; i < half_hours; ++i) {
    for (int j = 0; j < 6; ++j)
      receptors_fast_reference_step(s, p, i < raised_for ? 3.0 : 1.0, 5.0);
    receptors_genomic_reference_step(s, p);
  }
  return (s.genomic - at_rest()) / (gr - at_rest());
}

TEST(Receptors, GenomicActionSetsInAfterAnHourAndRisesMonotonically) {
  double last = 0.0;
  for (int i = 1; i < 48; ++i) {
    EXPECT_GE(genomic_share(i), last);
    last = genomic_share(i);
  }
  EXPECT_LT(genomic_share(1), 0.01);  // 30 min
  EXPECT_LT(genomic_share(2), 0.05);  // 60 min: onset
  EXPECT_GT(genomic_share(4), 0.15);  // 2 h
  EXPECT_GT(genomic_share(8), 0.70);  // 4 h
  EXPECT_NEAR(genomic_share(200), 1.0, 1e-12);
}

TEST(Receptors, GenomicActionOutlastsTheFastOneByHours) {
  // Cortisol raised for one hour: the genomic action peaks hours later, a third is left 2 h after.
  double peak = 0.0;
  int at = 0;
  for (int i = 0; i < 40; ++i) {
    if (genomic_share(i, 2) > peak) peak = genomic_share(i, 2), at = i;
  }
  EXPECT_GE(at, 4);   // 2 h after onset
  EXPECT_LE(at, 10);  // 5 h
  EXPECT_GT(genomic_share(at + 4, 2), peak / 3.0);
}

TEST(Receptors, TheChainIsThreeExactRelaxations) {
  ReceptorState<double> s{2.0, 0.5, 0.4, 0.2};
  const double fast = occupancy_reference(p, 2.0).gr;
  receptors_genomic_reference_step(s, p);
  const double kept = std::exp(-30.0 / p.genomic_tau_min);
  EXPECT_NEAR(s.genomic, 0.4 + (0.2 - 0.4) * kept, 1e-15);
  EXPECT_NEAR(s.genomic2, 0.5 + (0.4 - 0.5) * kept, 1e-15);
  EXPECT_NEAR(s.genomic1, fast + (0.5 - fast) * kept, 1e-15);
  EXPECT_EQ(s.membrane, 2.0);
}

}  // namespace
}  // namespace eustress
