#include "core/mechanisms/appraisal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const AppraisalParameters p = default_parameters().appraisal;
using Input = AppraisalInput<double>;
constexpr Input kUsual{.severity = 1.0,
                       .predictability = 0.5,
                       .controllability = 0.4,
                       .x_appraisal_gain = 0.0,
                       .threat = 0.7,
                       .control = 0.3,
                       .safety = 0.2,
                       .support = 0.5,
                       .symptoms = 0.5,
                       .arousal = 0.2};

double intensity_with(double Input::*member, double value, Input in = kUsual) {
  in.*member = value;
  return appraisal_reference(p, in);
}

/// I at 0, .1, ... 1 of one argument rises (+1) or falls (-1) throughout.
void expect_monotone(double Input::*member, int sign, const Input& in = kUsual) {
  for (int i = 0; i < 10; ++i) {
    const double step =
        intensity_with(member, 0.1 * (i + 1), in) - intensity_with(member, 0.1 * i, in);
    EXPECT_GT(sign * step, 0.0) << "from " << 0.1 * i;
  }
}

TEST(Appraisal, RisesWithWhatThreatens) {
  expect_monotone(&Input::severity, +1);
  expect_monotone(&Input::x_appraisal_gain, +1);
  expect_monotone(&Input::threat, +1);
  expect_monotone(&Input::symptoms, +1);
}

TEST(Appraisal, FallsWithWhatProtects) {
  expect_monotone(&Input::safety, -1);
  expect_monotone(&Input::support, -1);
  expect_monotone(&Input::predictability, -1);
  // Control protects, learned or seen; that a half-hearted belief is also uncertain (A3) shows only
  // if the stressor is unpredictable.
  Input predictable = kUsual;
  predictable.predictability = 1.0;
  expect_monotone(&Input::control, -1, predictable);
  expect_monotone(&Input::controllability, -1, predictable);
  EXPECT_LT(intensity_with(&Input::control, 1.0), intensity_with(&Input::control, 0.0));
}

TEST(Appraisal, ArousalHindersTheRetrievalOfWhatProtects) {
  expect_monotone(&Input::arousal, +1);
  Input nothing_learned = kUsual;
  nothing_learned.control = nothing_learned.safety = 0.0;
  EXPECT_EQ(intensity_with(&Input::arousal, 0.0, nothing_learned),
            intensity_with(&Input::arousal, 1.0, nothing_learned));
}

TEST(Appraisal, UncertaintyArousesMostAtEvenOdds) {
  const auto ambiguity = [](double belief) {
    Input in = kUsual;
    in.control = in.controllability = belief;
    return intensity_with(&Input::predictability, 0.0, in) /
           intensity_with(&Input::predictability, 1.0, in);
  };
  EXPECT_NEAR(ambiguity(0.0), 1.0, 1e-12);
  EXPECT_NEAR(ambiguity(0.5), 1.0 + p.uncertainty, 1e-12);
  EXPECT_NEAR(ambiguity(1.0), 1.0, 1e-12);
}

TEST(Appraisal, ValuesByHand) {
  const Input in{.severity = 2.0,
                 .predictability = 1.0,
                 .controllability = 0.0,
                 .x_appraisal_gain = std::log(1.5),
                 .threat = 0.5,
                 .control = 0.0,
                 .safety = 0.0,
                 .support = 0.0,
                 .symptoms = 0.0,
                 .arousal = 0.0};
  EXPECT_NEAR(appraisal_reference(p, in), 2.0 * p.gain * 1.5, 1e-12);
  Input helped = in;
  helped.control = 1.0;
  helped.controllability = 0.25;
  helped.safety = 0.5;
  helped.arousal = 0.4;
  const double retrieval = 1.0 - 0.4 * p.retrieval_loss;
  const double seen = 0.25 * p.control_cue, learned = 1.0 - p.control_cue;
  EXPECT_NEAR(appraisal_reference(p, helped),
              2.0 * p.gain * 1.5 /
                  (1.0 + p.control_weight * (retrieval * learned + seen) +
                   retrieval * 0.5 * p.safety_weight),
              1e-12);
}

}  // namespace
}  // namespace eustress
