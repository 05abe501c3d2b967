#pragma once

// The problem on which solvers are compared: the HPA axis of Karin et al. 2020 with its gland
// masses, persons who differ in their rates, a circadian drive constant over half-hours and three
// stressors of 15 min a day. All edges of the input lie on the 5 min grid.

#include <cmath>
#include <random>
#include <vector>

#include "core/engine/block.hpp"

namespace eustress::bench {

inline constexpr double kStepMin = 5.0;
inline constexpr int kStepsPerDay = 288;

struct Person {
  double g1, g2, g3, gp, ga, k;  // 1/min; K
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

/// x: CRH, ACTH, cortisol, P, A
inline void slopes(const Person& p, double u, const double* x, double* dx) {
  const double b = std::max(x[2], kBrainFloor);
  const double y = b / p.k;
  const double gr = 1.0 / (1.0 + y * y * y);
  dx[0] = p.g1 * (u * gr / b - x[0]);
  dx[1] = p.g2 * (x[0] * x[3] * gr - x[1]);
  dx[2] = p.g3 * (x[1] * x[4] - x[2]);
  dx[3] = p.gp * x[3] * (x[0] - 1.0);
  dx[4] = p.ga * x[4] * (x[1] - 1.0);
}

/// Rates of one step for the library's own code. Person i is lane i % 8 of pack i / 8.
inline std::vector<HpaRates<Lanes>> block_rates(const std::vector<Person>& people) {
  std::vector<HpaRates<Lanes>> rates(kPacksPerBlock);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const Person& p = people[i % people.size()];
    HpaRates<Lanes>& r = rates[i / kLanes];
    const auto l = static_cast<int>(i % kLanes);
    r.crh = p.g1 * kStepMin;
    r.brain = 0.0;
    r.pituitary = p.gp * kStepMin;
    r.adrenal = p.ga * kStepMin;
    r.acth[l] = p.g2 * kStepMin;
    r.cortisol[l] = p.g3 * kStepMin;
    r.inverse_k[l] = 1.0 / p.k;
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
