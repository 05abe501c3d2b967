#include "core/mechanisms/assay.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const AssayParameters p = default_parameters().assay;

TEST(Assay, IsExactWithoutSpread) {
  EXPECT_EQ(assay_reference({0.0, 0.0}, 1.7, -2.3), 1.0);
}

// ln of the factor is the sum of two centred normal values shifted to give both factors mean 1.
TEST(Assay, LogarithmIsLinearInBothDraws) {
  const double b = p.cortisol_between_sd, w = p.cortisol_within_sd;
  EXPECT_NEAR(std::log(assay_reference(p, 1.5, -0.5)),
              1.5 * b - 0.5 * w - b * b / 2.0 - w * w / 2.0, 1e-14);
}

// The integral of exp(s n - s^2/2) over the normal density is 1: a sum over a fine grid.
TEST(Assay, HasMeanOne) {
  double mean = 0.0;
  const double h = 0.01;
  for (double n = -9.0; n <= 9.0; n += h) {
    mean += h * std::exp(-n * n / 2.0) / std::sqrt(2.0 * M_PI) *
            assay_reference({p.cortisol_between_sd, 0.0}, n, 0.0);
  }
  EXPECT_NEAR(mean, 1.0, 1e-9);
}

}  // namespace
}  // namespace eustress
