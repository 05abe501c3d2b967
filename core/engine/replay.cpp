#include "core/engine/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/numerics/portable_math.hpp"

namespace eustress {

namespace {

/// ln of a rate that is never met.
constexpr double kNoHassles = -1000.0;
/// A recorded hassle is half foreseen, unless the table says otherwise; events come unforeseen.
constexpr double kHasslePredictability = 0.5;
constexpr double kEventPredictability = 0.0;

double given_or(double value, double otherwise) {
  return std::isnan(value) ? otherwise : value;
}

double usual_controllability(const ReplayRow& row, const ExposureParameters& p) {
  const double logits[kStressorClasses] = {p.control_social_evaluative, p.control_demand,
                                           p.control_interpersonal_loss, p.control_threat};
  switch (row.kind) {
    case EventKind::none:
      break;
    case EventKind::minor:
      return p.minor_controllability;
    case EventKind::severe:
      return p.severe_controllability;
    case EventKind::traumatic:
      return p.traumatic_controllability;
  }
  return 1.0 / (1.0 + portable_exp(-logits[static_cast<std::size_t>(row.stressor)]));
}

DayExposure<double>::Encounter encounter_of(const ReplayRow& row, const ExposureParameters& p,
                                            double dt_min) {
  const bool is_hassle = row.kind == EventKind::none;
  const double minutes =
      given_or(row.duration_min, is_hassle ? p.duration_min : p.event_duration_min);
  return {.onset_step = std::round(row.minute / dt_min),
          .stressor = static_cast<double>(row.stressor),
          .severity = row.severity,
          .controllability = given_or(row.controllability, usual_controllability(row, p)),
          .predictability = given_or(row.predictability,
                                     is_hassle ? kHasslePredictability : kEventPredictability),
          .steps = std::ceil(minutes / dt_min)};
}

}  // namespace

std::span<const ReplayRow> replay_of(std::span<const ReplayRow> rows, std::uint64_t first,
                                     std::uint64_t end) {
  const auto begins = std::ranges::lower_bound(rows, first, {}, &ReplayRow::individual);
  const auto ends = std::ranges::lower_bound(rows, end, {}, &ReplayRow::individual);
  return rows.subspan(static_cast<std::size_t>(begins - rows.begin()),
                      static_cast<std::size_t>(ends - begins));
}

std::span<const ReplayRow> replay_on(std::span<const ReplayRow> of_one, int day) {
  const auto begins = std::ranges::lower_bound(of_one, day, {}, &ReplayRow::day);
  const auto ends = std::ranges::upper_bound(of_one, day, {}, &ReplayRow::day);
  return of_one.subspan(static_cast<std::size_t>(begins - of_one.begin()),
                        static_cast<std::size_t>(ends - begins));
}

DayModifiers replayed_modifiers(DayModifiers modifiers, const ReplayPlan& plan,
                                std::span<const ReplayRow> of_one,
                                std::span<const ReplayRow> today) {
  if (plan.who == ReplayWho::everybody || !of_one.empty()) {
    const ReplayReplaces what = plan.replaces;
    if (what == ReplayReplaces::all || what == ReplayReplaces::encounters) {
      modifiers.log_hassle_rate = kNoHassles;
    }
    if (what == ReplayReplaces::all || what == ReplayReplaces::events) modifiers.event_rate = 0.0;
  }
  const auto is_event = [](const ReplayRow& row) { return row.kind != EventKind::none; };
  if (std::ranges::any_of(today, is_event)) modifiers.event_rate = 0.0;  // one event a day
  return modifiers;
}

ReplayDay<double> replay_day(std::span<const ReplayRow> today, const ExposureParameters& parameters,
                             double dt_min) {
  ReplayDay<double> day{};
  for (auto& slot : day.encounter) slot.onset_step = kNever;
  int hassles = 0;
  for (const ReplayRow& row : today) hassles += row.kind == EventKind::none ? 1 : 0;
  // The last slots, in the order of the rows: the first ones are those of drawn encounters.
  int next = kHassleSlots - hassles;
  for (const ReplayRow& row : today) {
    if (row.kind == EventKind::none) {
      day.encounter[next++] = encounter_of(row, parameters, dt_min);
    } else {
      day.encounter[kEventSlot] = encounter_of(row, parameters, dt_min);
      day.event = static_cast<double>(row.kind);
    }
  }
  day.hassles = hassles;
  return day;
}

}  // namespace eustress
