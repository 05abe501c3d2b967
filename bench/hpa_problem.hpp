#pragma once

// The problems on which solvers are compared: the HPA axis with its gland masses, persons who
// differ in their rates, a drive constant over half-hours and stressors on top of it.
//
// Timed (peers, kernels): the rates of Karin et al. 2020, a circadian drive and three stressors of
// 15 min a day at fixed times on the 5 min grid. For errors (numerics): these rates, or those of
// the preset "acute" with its lag and the default rhythm, and stressors at random times.

#include <cmath>
#include <random>
#include <vector>

#include "core/engine/block.hpp"

namespace eustress::bench {

inline constexpr double kStepMin = 5.0;
inline constexpr int kStepsPerDay = 288;
inline constexpr double kDayMin = 1440.0;

struct Person {
  double g1, g2, g3, gp, ga, k;  // 1/min; K
  double kb = 0.0;               // 1/min; 0: brain cortisol is cortisol
};

inline std::vector<Person> people(int n) {
  std::mt19937_64 random(20);
  std::normal_distribution<double> normal;
  std::vector<Person> all;
  for (int i = 0; i < n; ++i) {
    const double ln2 = std::log(2.0);
    all.push_back({ln2 / 4.0, ln2 / 20.0 * std::exp(0.12 * normal(random)),
                   ln2 / 80.0 * std::exp(0.15 * normal(random)), ln2 / (7.0 * 1440.0),
                   ln2 / (14.0 * 1440.0), 4.0 * std::exp(0.1 * normal(random))});
  }
  return all;
}

/// Drive in step s of the run.
inline double drive(std::size_t s) {
  const double hour = std::floor(static_cast<double>(s % kStepsPerDay) / 6.0) * 0.5 + 0.25;
  const double circadian = std::exp(0.8 * std::cos(2.0 * M_PI * (hour - 8.0) / 24.0)) / 1.167;
  const std::size_t minute = (s % kStepsPerDay) * 5;
  const bool stressed = (minute >= 555 && minute < 570) || (minute >= 880 && minute < 895) ||
                        (minute >= 1150 && minute < 1165);
  return circadian + (stressed ? 3.0 : 0.0);
}

/// A time of constant drive [min]. A course of drive is stretches without gaps from 0 on.
struct Stretch {
  double begin, end, u;
};
using Drive = std::vector<Stretch>;

/// The timed problem as stretches.
inline Drive fixed_drive(std::size_t steps) {
  Drive course;
  for (std::size_t s = 0; s < steps; ++s) {
    const double u = drive(s), end = static_cast<double>(s + 1) * kStepMin;
    if (!course.empty() && course.back().u == u) {
      course.back().end = end;
    } else {
      course.push_back({end - kStepMin, end, u});
    }
  }
  return course;
}

/// x: CRH, ACTH, cortisol, P, A and, with a lag, brain cortisol
template <bool kLag>
void slopes(const Person& p, double u, const double* x, double* dx) {
  const double b = std::max(x[kLag ? 5 : 2], kBrainFloor);
  const double y = b / p.k;
  const double gr = 1.0 / (1.0 + y * y * y);
  dx[0] = p.g1 * (u * gr / b - x[0]);
  dx[1] = p.g2 * (x[0] * x[3] * gr - x[1]);
  dx[2] = p.g3 * (x[1] * x[4] - x[2]);
  dx[3] = p.gp * x[3] * (x[0] - 1.0);
  dx[4] = p.ga * x[4] * (x[1] - 1.0);
  if constexpr (kLag) dx[5] = p.kb * (x[2] - x[5]);
}

/// Rates of one step for the library's own code.
inline HpaRates<double> step_rates(const Person& p, double dt_min) {
  return {.crh = p.g1 * dt_min,
          .brain = p.kb * dt_min,
          .pituitary = p.gp * dt_min,
          .adrenal = p.ga * dt_min,
          .acth = p.g2 * dt_min,
          .cortisol = p.g3 * dt_min,
          .inverse_k = 1.0 / p.k};
}

/// The same for a block. Person i is lane i % 8 of pack i / 8.
inline std::vector<HpaRates<Lanes>> block_rates(const std::vector<Person>& people) {
  std::vector<HpaRates<Lanes>> rates(kPacksPerBlock);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const HpaRates<double> one = step_rates(people[i % people.size()], kStepMin);
    HpaRates<Lanes>& r = rates[i / kLanes];
    const auto l = static_cast<int>(i % kLanes);
    r.crh = one.crh;
    r.brain = one.brain;
    r.pituitary = one.pituitary;
    r.adrenal = one.adrenal;
    r.acth[l] = one.acth;
    r.cortisol[l] = one.cortisol;
    r.inverse_k[l] = one.inverse_k;
  }
  return rates;
}

inline std::vector<HpaState<Lanes>> block_at_rest() {
  Lanes one;
  for (double& v : one.value) v = 1.0;
  return std::vector<HpaState<Lanes>>(kPacksPerBlock, {one, one, one, one, one, one});
}

inline double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

}  // namespace eustress::bench
