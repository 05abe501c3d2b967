#include "core/mechanisms/catecholamines.hpp"

#include <cmath>

namespace eustress {

namespace {

double relaxed(double y, double target, double dt_min, double tau_min) {
  return target + (y - target) * std::exp(-dt_min / tau_min);
}

}  // namespace

CatecholamineTargets<double> catecholamine_targets_reference(const CatecholamineParameters& p,
                                                             double x_noradrenaline,
                                                             double x_adrenaline, double x_dopamine,
                                                             double intensity, double chi,
                                                             double load) {
  CatecholamineTargets<double> target{};  // (N3)
  target.noradrenaline = 1.0 + p.noradrenaline_gain * std::exp(x_noradrenaline) * intensity;
  target.adrenaline = 1.0 + p.adrenaline_gain * std::exp(x_adrenaline) * intensity;
  target.brain_noradrenaline = 1.0 + p.brain_gain * std::exp(x_noradrenaline) * intensity;
  target.dopamine =
      1.0 + p.dopamine_gain * std::exp(x_dopamine) * intensity * chi / (1.0 + p.blunting * load);
  return target;
}

void catecholamines_reference_step(CatecholamineState<double>& s, const CatecholamineParameters& p,
                                   const CatecholamineTargets<double>& target, double dt_min) {
  const double ln2 = std::log(2.0);
  s.noradrenaline = relaxed(s.noradrenaline, target.noradrenaline, dt_min,
                            p.noradrenaline_half_life_min / ln2);  // (N1)
  s.adrenaline = relaxed(s.adrenaline, target.adrenaline, dt_min, p.adrenaline_half_life_min / ln2);
  s.brain_noradrenaline = relaxed(s.brain_noradrenaline, target.brain_noradrenaline, dt_min,
                                  p.brain_tau_min);  // (N2)
  s.dopamine = relaxed(s.dopamine, target.dopamine, dt_min, p.dopamine_tau_min);
}

}  // namespace eustress
