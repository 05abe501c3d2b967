#include "core/engine/day.hpp"

#include <cmath>

namespace eustress {

DayModifiers day_modifiers(const Study& study, int day, std::int32_t group) {
  DayModifiers modifiers;
  for (const Regime& regime : study.regimes) {
    const bool today = regime.start_day <= day && day < regime.end_day;
    const bool concerns = !regime.group.has_value() || *regime.group == group;
    if (!today || !concerns) continue;
    modifiers.log_hassle_rate += std::log(regime.hassle_rate);
    modifiers.event_rate *= regime.life_event_rate;
    modifiers.severity *= regime.severity;
    modifiers.controllability *= regime.controllability;
  }
  return modifiers;
}

}  // namespace eustress
