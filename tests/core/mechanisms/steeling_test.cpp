#include "core/mechanisms/steeling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/mechanisms/exposure.hpp"
#include "core/model_parameters.hpp"

namespace eustress {
namespace {

const SteelingParameters p = default_parameters().steeling;

constexpr double code(EventKind kind) {
  return static_cast<double>(kind);
}
void days(SteelingState<double>& s, const SteelingParameters& parameters, int n,
          double symptoms = 0.0) {
  for (int d = 0; d < n; ++d) steeling_reference(s, parameters, symptoms, 0.0, 0.0);
}
SteelingState<double> after_event(const SteelingParameters& parameters, EventKind kind,
                                  double success) {
  SteelingState<double> s{};
  steeling_reference(s, parameters, 0.0, code(kind), success);
  return s;
}

TEST(Steeling, EventsAreOpenByTheirWeight) {
  SteelingParameters q = p;
  q.severe_weight = 0.25;
  EXPECT_EQ(after_event(q, EventKind::none, 0.0).open, 0.0);
  EXPECT_EQ(after_event(q, EventKind::minor, 1.0).open, 0.0);
  EXPECT_EQ(after_event(q, EventKind::severe, 1.0).open, 0.25);
  EXPECT_EQ(after_event(q, EventKind::traumatic, 1.0).open, 1.0);
  EXPECT_EQ(after_event(q, EventKind::traumatic, 0.0).open, p.unmastered_share);
  EXPECT_EQ(after_event(q, EventKind::traumatic, 1.0).level, 0.0);
}

TEST(Steeling, WithoutSymptomsEventsAreOvercomeWithTheTimeConstant) {
  SteelingState<double> s{1.0, 0.0};
  days(s, p, 300);
  EXPECT_NEAR(s.open, std::exp(-300.0 / p.overcoming_tau_d), 1e-12);
  EXPECT_GT(s.level, 0.0);
}

TEST(Steeling, SymptomsHoldItUp) {
  const auto overcome = [](double symptoms) {
    SteelingState<double> s{1.0, 0.0};
    days(s, p, 1, symptoms);
    return 1.0 - s.open;
  };
  EXPECT_NEAR(overcome(p.overcoming_symptoms), 0.5 * overcome(0.0), 1e-15);
  EXPECT_NEAR(overcome(2.0 * p.overcoming_symptoms), overcome(0.0) / 17.0, 1e-15);
}

// Without fading dy = rate o (1 - y), so that y = 1 - exp(-rate) of one event, up to steps of a
// day.
TEST(Steeling, AnEventThatIsOvercomeLeavesItsShareAndTheFirstOnesMost) {
  SteelingParameters q = p;
  q.tau_d = 1e6;
  const int years = static_cast<int>(20.0 * q.overcoming_tau_d);
  SteelingState<double> s{};
  double before = 0.0, last_gain = 1.0;
  for (int n = 1; n <= 4; ++n) {
    s.open += 1.0;
    days(s, q, years);
    EXPECT_NEAR(s.open, 0.0, 1e-8);
    if (n == 1) {
      EXPECT_NEAR(s.level, 1.0 - std::exp(-q.rate), 0.01 + years / q.tau_d);
    }
    EXPECT_GT(s.level, before);
    EXPECT_LT(s.level - before, last_gain);
    last_gain = s.level - before;
    before = s.level;
  }
}

TEST(Steeling, FadesOverDecades) {
  SteelingState<double> s{0.0, 0.8};
  days(s, p, 3650);
  EXPECT_NEAR(s.level, 0.8 * std::pow(1.0 - 1.0 / p.tau_d, 3650), 1e-12);
  EXPECT_GT(s.level, 0.6);
}

TEST(Steeling, StaysInTheUnitInterval) {
  SteelingParameters wild = p;
  wild.rate = 5.0;
  wild.overcoming_tau_d = 1.0;
  wild.tau_d = 100.0;
  SteelingState<double> s{};
  for (int d = 0; d < 300; ++d) {
    steeling_reference(s, wild, 0.0, code(d % 3 == 0 ? EventKind::traumatic : EventKind::none),
                       1.0);
    EXPECT_GE(s.level, 0.0);
    EXPECT_LE(s.level, 1.0);
    EXPECT_GE(s.open, 0.0);
  }
}

TEST(Steeling, SwitchedOffNothingChanges) {
  SteelingParameters off = p;
  off.active = false;
  SteelingState<double> s{0.5, 0.25};
  steeling_reference(s, off, 0.0, code(EventKind::traumatic), 1.0);
  EXPECT_EQ(s.open, 0.5);
  EXPECT_EQ(s.level, 0.25);
}

}  // namespace
}  // namespace eustress
