#pragma once

#include "core/mechanisms/perseveration.hpp"
#include "core/numerics/pack.hpp"
#include "core/numerics/portable_math.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

struct PerseverationCoefficients {
  double share, decay, mean, floor;

  /// scale: factor of the drives that the kernel is given.
  PerseverationCoefficients(const PerseverationParameters& p, double scale, double dt_min)
      : share(p.share),
        decay(portable_exp(-dt_min / p.tau_min)),
        mean((1.0 - decay) * p.tau_min / dt_min),
        floor(kWorryFloor * scale) {}
};

/// (Z1), (Z3) for one step: advances worry and returns the drive that is felt.
EUSTRESS_INLINE Pack perseverate(Pack& worry, const PerseverationCoefficients& c, Pack stress) {
  const Pack felt = max(stress, c.mean * worry);
  const Pack left = max(c.share * stress, c.decay * worry);
  worry = select(left < c.floor, 0.0, left);
  return felt;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
