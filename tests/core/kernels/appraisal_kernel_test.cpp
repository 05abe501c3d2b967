#include "core/mechanisms/appraisal_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding only: no term cancels, since all are of one sign.
constexpr double kTolerance = 1e-13;

TEST(AppraisalKernel, EqualsTheReference) {
  for_each_parameter_set(2, 300, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      Eight<AppraisalInput> in;
      for (auto& i : in) {
        i.severity = random.within(0.0, 60.0);
        i.predictability = random.within(0.0, 1.0);
        i.controllability = random.within(0.0, 1.0);
        i.x_appraisal_gain = random.within(-4.0, 4.0);
        i.threat = random.within(0.0, 2.0);
        i.control = random.within(0.0, 1.0);
        i.safety = random.within(0.0, 6.0);
        i.support = random.within(0.0, 1.0);
        i.symptoms = random.within(0.0, 100.0);
        i.arousal = random.within(0.0, 1.0);
      }
      const auto input = packed(in);
      const Numbers kernel = unpacked(appraise(
          m.appraisal, day_appraisal(m.appraisal, input.x_appraisal_gain, input.symptoms), input));
      for (std::size_t l = 0; l < kLanes; ++l) {
        ASSERT_TRUE(close(appraisal_reference(m.appraisal, in[l]), kernel[l], kTolerance));
      }
    }
  });
}

}  // namespace
}  // namespace eustress
