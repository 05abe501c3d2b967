#include "core/engine/day.hpp"

#include <cmath>

namespace eustress {

bool concerns(const Regime& regime, const Membership& who) {
  return (!regime.group || *regime.group == who.group) && (!regime.sex || *regime.sex == who.sex) &&
         (regime.stratum.empty() || regime.stratum == "all" || regime.stratum == who.stratum);
}

DayModifiers day_modifiers(const Study& study, int day, const Membership& who) {
  DayModifiers modifiers;
  for (const Regime& regime : study.regimes) {
    const bool today = regime.start_day <= day && day < regime.end_day;
    if (!today || !concerns(regime, who)) continue;
    modifiers.log_hassle_rate += std::log(regime.hassle_rate);
    modifiers.event_rate *= regime.life_event_rate;
    modifiers.severity *= regime.severity;
    modifiers.controllability *= regime.controllability;
  }
  return modifiers;
}

}  // namespace eustress
