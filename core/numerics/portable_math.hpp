#pragma once

namespace eustress {

/// exp and ln of one number by the packs' own code: the same bits on every machine and C library,
/// for constants that enter the simulation.
double portable_exp(double x);
double portable_log(double x);
/// cos and sin of 2 pi u, u in [0,1].
struct CosSin {
  double cosine, sine;
};
CosSin portable_cos_sin_turns(double u);

}  // namespace eustress
