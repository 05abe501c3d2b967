#include "core/mechanisms/coping.hpp"

#include <algorithm>
#include <cmath>

#include "core/numerics/logistic.hpp"

namespace eustress {

double habit_gate_reference(const CopingParameters& p, double brain_noradrenaline, double fast) {
  const double by_noradrenaline =
      logistic((brain_noradrenaline - 1.0 - p.gate_noradrenaline) / p.gate_noradrenaline_width);
  const double by_cortisol = logistic((fast - p.gate_cortisol) / p.gate_cortisol_width);
  return by_noradrenaline * by_cortisol;  // (K2)
}

CopingProbabilities coping_reference(const CopingParameters& p, const CopingInput<double>& in) {
  const double gate = habit_gate_reference(p, in.brain_noradrenaline, in.fast);
  const double goal_directed = p.temperature_inverse * in.control;
  const double engage =  // (K1)
      goal_directed * in.q_engage + p.engage_bias + p.efficacy_effect * in.z_efficacy;
  const double reappraise =
      goal_directed * in.q_reappraise + p.reappraise_bias + p.appraisal_effect * in.z_appraisal;
  const double avoid = goal_directed * in.q_avoid + p.avoid_bias +
                       p.habit_strength * gate * std::exp(-in.self_control);

  const double largest = std::max({engage, reappraise, avoid});  // no overflow
  const double e = std::exp(engage - largest);
  const double r = std::exp(reappraise - largest);
  const double a = std::exp(avoid - largest);
  const double sum = e + r + a;
  return {e / sum, r / sum, a / sum};  // (K3)
}

double success_hazard_reference(const CopingParameters& p, Strategy strategy,
                                const SuccessInput<double>& in) {
  const double mastery = (1.0 + p.mastery * in.success_memory) * in.energy;
  const double by_engaging =
      p.engage_rate_per_min * in.controllability * in.control * std::exp(in.x_engage) * mastery;
  if (p.yoked) return by_engaging;  // (K6)
  switch (strategy) {               // (K4)
    case Strategy::engage:
      return by_engaging;
    case Strategy::reappraise:
      return p.reappraise_rate_per_min * in.control * std::exp(in.x_reappraise) * mastery;
    case Strategy::avoid:
      return p.avoid_rate_per_min;
  }
  return 0.0;
}

}  // namespace eustress
