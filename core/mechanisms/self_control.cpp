#include "core/mechanisms/self_control.hpp"

#include <algorithm>

namespace eustress {

void self_control_reference(SelfControlState<double>& s, const SelfControlParameters& p,
                            double success_salience, double sleep_quality, double steeling) {
  const double growth = p.active ? p.rate * sleep_quality * success_salience * (1.0 - s.w) : 0.0;
  const double lasting = p.active ? p.lasting_share * steeling : 0.0;
  s.w = std::clamp(s.w + growth - (s.w - lasting) / p.tau_d, 0.0, 1.0);  // (W1)
}

}  // namespace eustress
