#include "bench/random_problem.hpp"

#include <algorithm>
#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress::bench {

namespace {

std::vector<double> basal_drive(Rates rates, int days, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform;
  const DriveParameters& p = default_parameters().drive;
  DriveState<double> state{};
  state.pulse_phase = uniform(random);
  state.log_daily_mean = drive_log_daily_mean_reference(p, 0.0, 0.0);
  std::vector<double> basal;
  for (int j = 0; j < days * kHalfHours; ++j) {
    const int half_hour = j % kHalfHours;
    const double hour = 0.5 * half_hour + 0.25;
    basal.push_back(rates == Rates::karin2020
                        ? std::exp(0.8 * std::cos(2.0 * M_PI * (hour - 8.0) / 24.0)) / 1.167
                        : drive_reference(state, p, 0.0, 0.0, 0.0, half_hour, uniform(random)));
  }
  return basal;
}

}  // namespace

RandomCase random_case(Rates rates, Edges edges, int days, std::uint32_t person) {
  RandomCase one;
  std::mt19937_64 random(1000 + person);
  one.person = people(static_cast<int>(person) + 1).back();
  if (rates == Rates::acute) {
    const HpaParameters& p = default_parameters().hpa;
    const double ln2 = std::log(2.0);
    one.person.g1 = ln2 / p.crh_half_life_min;
    one.person.g2 *= 20.0 / p.acth_half_life_min;
    one.person.g3 *= 80.0 / p.cortisol_half_life_min;
    one.person.kb = p.brain_rate_per_min;
  }
  one.basal = basal_drive(rates, days, random);
  std::uniform_real_distribution<double> uniform;
  for (int day = 0; day < days; ++day) {
    for (int i = 0; i < 3; ++i) {
      Stressor s{450.0 + 900.0 * uniform(random), 5.0 + 55.0 * uniform(random),
                 1.0 + 4.0 * uniform(random)};
      if (edges == Edges::on_grid) {
        s.onset = kStepMin * std::round(s.onset / kStepMin);
        s.duration = kStepMin * std::round(s.duration / kStepMin);
      }
      s.onset += kDayMin * day;
      one.stressors.push_back(s);
    }
  }
  return one;
}

Drive drive_of(const RandomCase& one) {
  std::vector<double> edges;
  for (std::size_t j = 0; j <= one.basal.size(); ++j)
    edges.push_back(30.0 * static_cast<double>(j));
  for (const Stressor& s : one.stressors) {
    edges.push_back(s.onset);
    edges.push_back(s.onset + s.duration);
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  Drive course;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const double middle = 0.5 * (edges[i] + edges[i + 1]);
    double u = one.basal[static_cast<std::size_t>(middle / 30.0)];
    for (const Stressor& s : one.stressors) {
      if (middle > s.onset && middle < s.onset + s.duration) u += s.height;
    }
    course.push_back({edges[i], edges[i + 1], u});
  }
  return course;
}

RandomCase snapped(RandomCase one, double dt_min) {
  for (Stressor& s : one.stressors) {
    s.onset = dt_min * std::round(s.onset / dt_min);
    s.duration = dt_min * std::ceil(s.duration / dt_min - 1e-9);
  }
  return one;
}

std::vector<double> sample_times(const Drive& drive, double every) {
  std::vector<double> times;
  const auto n = static_cast<std::size_t>(std::lround(drive.back().end / every));
  for (std::size_t i = 1; i <= n; ++i) times.push_back(every * static_cast<double>(i));
  return times;
}

}  // namespace eustress::bench
