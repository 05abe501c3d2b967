#pragma once

// Panels of what runs kept, and the score of resilience relative to exposure.

#include <span>
#include <vector>

#include "app/validation/protocol.hpp"
#include "core/statistics/statistics.hpp"

namespace eustress::app::validation {

/// Numbers [first, first + width) of these people.
inline Panel panel_of(const Run& run, std::span<const std::uint32_t> who, std::size_t first,
                      std::size_t width, std::size_t arm = 0) {
  Panel panel{{}, width};
  panel.values.reserve(who.size() * width);
  for (const std::uint32_t i : who) {
    const auto numbers = run.people.of(i, arm).subspan(first, width);
    panel.values.insert(panel.values.end(), numbers.begin(), numbers.end());
  }
  return panel;
}
/// One number of these people.
inline std::vector<double> column_of(const Run& run, std::span<const std::uint32_t> who,
                                     std::size_t at, std::size_t arm = 0) {
  return panel_of(run, who, at, 1, arm).values;
}
/// Over all people and times.
inline Panel standardised(const Panel& panel) {
  return {eustress::standardised(panel.values), panel.width};
}

/// SR: the standardised residual of the regression of z(P) on z(E) over all people and times; low
/// is resilient.
inline Panel stressor_reactivity(const Panel& exposure, const Panel& problems) {
  const Panel e = standardised(exposure), p = standardised(problems);
  const Regression fit = least_squares(p.values, e.values, 1);
  Panel residual = p;
  for (std::size_t i = 0; i < residual.values.size(); ++i) {
    residual.values[i] -= fit.predict(std::span(e.values).subspan(i, 1));
  }
  return standardised(residual);
}
/// Of each person.
inline std::vector<double> person_means(const Panel& panel) {
  std::vector<double> means;
  for (std::size_t i = 0; i < panel.people(); ++i) means.push_back(mean(panel.person(i)));
  return means;
}

}  // namespace eustress::app::validation
