#include "core/mechanisms/networks.hpp"

#include <algorithm>
#include <cmath>

#include "core/numerics/logistic.hpp"

namespace eustress {

double arousal_reference(const NetworkParameters& p, double brain_noradrenaline,
                         double fast_beyond_rest) {
  const double n = std::max(0.0, brain_noradrenaline - 1.0);
  const double f = fast_beyond_rest + p.fast_floor;
  return n * f / (n * f + p.half_product);  // (S1)
}

double salience_reference(const NetworkParameters& p, double arousal) {
  return logistic(p.salience_base + p.salience_gain * arousal);  // (S2)
}

double control_reference(const NetworkParameters& p, double x_executive, double z_executive,
                         double self_control, double arousal, double genomic_beyond_rest,
                         double dopamine, double energy) {
  const double protection = std::exp(-p.protection * (z_executive + self_control));
  const double off_optimum = dopamine - p.dopamine_optimum;
  return logistic(p.control_base + x_executive + p.self_control_gain * self_control -
                  p.shift * arousal * protection + p.genomic_gain * genomic_beyond_rest -
                  p.dopamine_curvature * off_optimum * off_optimum +
                  p.energy_gain * (energy - 1.0));  // (S3)
}

}  // namespace eustress
