#pragma once

// Recorded exposure as the day needs it.

#include <cstdint>
#include <span>

#include "core/replay.hpp"

namespace eustress {

/// Rows of the individuals [first, end) out of rows in the order of ReplayPlan.
std::span<const ReplayRow> replay_of(std::span<const ReplayRow> rows, std::uint64_t first,
                                     std::uint64_t end);

/// Rows of one day out of those of one individual.
std::span<const ReplayRow> replay_on(std::span<const ReplayRow> of_one, int day);

/// (X8): the modifiers of a person's day under the plan. `of_one`: all rows of the person,
/// `today`: those of the day.
DayModifiers replayed_modifiers(DayModifiers modifiers, const ReplayPlan& plan,
                                std::span<const ReplayRow> of_one,
                                std::span<const ReplayRow> today);

/// (X9): the rows of one person and day in the slots of the day. dt_min: step [min].
ReplayDay<double> replay_day(std::span<const ReplayRow> today, const ExposureParameters& parameters,
                             double dt_min);

}  // namespace eustress
