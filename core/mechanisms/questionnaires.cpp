#include "core/mechanisms/questionnaires.hpp"

#include <cmath>
#include <cstdint>

#include "core/numerics/logistic.hpp"

namespace eustress {

int ghq_reference(const QuestionnaireParameters& p, double latent, const double* u, int items) {
  const double shift = items == kGhqLongItems ? p.long_shift : 0.0;
  int score = 0;
  for (int i = 0; i < items; ++i) {
    for (const double threshold : {p.threshold1, p.threshold2, p.threshold3}) {
      if (u[i] < logistic(p.slope * latent - threshold - shift)) ++score;  // (V1)
    }
  }
  return score;
}

int short_inventory_reference(int hassles, int items, double u) {
  const double p = static_cast<double>(items) / kInventoryItems;  // (V4)
  if (p >= 1.0) return hassles;
  double probability = std::pow(1.0 - p, hassles);
  int count = 0;
  for (double sum = probability; sum < u && count < hassles; sum += probability) {
    probability *= p / (1.0 - p) * (hassles - count) / (count + 1.0);
    ++count;
  }
  return count;
}

int life_events_reference(double event_weeks) {
  int events = 0;
  for (auto digits = static_cast<std::uint64_t>(event_weeks); digits != 0; digits /= 16) {
    events += static_cast<int>(digits % 16);  // (V3)
  }
  return events;
}

}  // namespace eustress
