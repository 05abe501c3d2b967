#include "core/statistics/event_study.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace eustress {
namespace {

using Numbers = std::vector<double>;

// Effects by time since the event, of two classes.
double effect(std::size_t kind, double since) {
  if (since < 0.0 || since >= 30.0) return 0.0;
  return (kind == 0 ? -1.0 : -0.2) * (since < 10.0 ? 3.0 : 1.0);
}

TEST(EventStudy, FindsTheEffectsThatAreThere) {
  // Without noise, with levels that differ between people and events that overlap.
  EventStudy study({10.0, 30.0}, 2), first_half({10.0, 30.0}, 2), second_half({10.0, 30.0}, 2);
  double squares = 0.0, degrees = 0.0;
  for (int person = 0; person < 20; ++person) {
    const std::vector<EventStudy::Event> events = {{-5.0 + person, person % 2 == 0 ? 0U : 1U},
                                                   {7.5 + 3.0 * person, 0},
                                                   {90.5 - 2.0 * person, 1}};
    Numbers times, y;
    for (double t = 0.0; t < 120.0; t += 1.0) {
      times.push_back(t);
      y.push_back(100.0 * person);
      for (const auto& event : events) y.back() += effect(event.kind, t - event.time);
    }
    double centre = 0.0;
    for (const double v : y) centre += v / 120.0;
    for (const double v : y) squares += (v - centre) * (v - centre);
    degrees += 119.0;
    study.add_person(times, y, events);
    (person < 10 ? first_half : second_half).add_person(times, y, events);
  }
  const double sd = std::sqrt(squares / degrees);
  const Numbers found = study.effects();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_NEAR(found[0], -3.0 / sd, 1e-9);
  EXPECT_NEAR(found[1], -1.0 / sd, 1e-9);
  EXPECT_NEAR(found[2], -0.6 / sd, 1e-9);
  EXPECT_NEAR(found[3], -0.2 / sd, 1e-9);

  first_half.merge(second_half);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(first_half.effects()[i], found[i], 1e-12);
  }
}

}  // namespace
}  // namespace eustress
