#pragma once

// Replay: exposure that was recorded, day by day and person by person, in the place of, or besides,
// what the model draws (docs/model.md, section 2).

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/mechanisms/exposure.hpp"

namespace eustress {

/// One recorded stressor.
struct ReplayRow {
  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t individual = 0;
  int day = 0;
  int minute = 0;  ///< onset, minutes after midnight, on the step grid
  StressorClass stressor = StressorClass::demand;
  EventKind kind = EventKind::none;  ///< none: a hassle
  double severity = 1.0;
  /// kNotGiven: what the model takes for the class of a hassle, or for the kind of an event.
  double controllability = kNotGiven, predictability = kNotGiven, duration_min = kNotGiven;
};

/// What is not drawn any more for those who are replayed.
enum class ReplayReplaces {
  all,
  encounters,  ///< hassles and their encounters
  events,      ///< life events and potentially traumatic events
  nothing,     ///< rows come on top
};

enum class ReplayWho {
  listed,  ///< who has at least one row
  everybody,
};

/// [replay]
struct ReplayPlan {
  std::string file;  ///< path of the table, relative to the study file; empty: no replay
  ReplayReplaces replaces = ReplayReplaces::all;
  ReplayWho who = ReplayWho::listed;
  /// By individual, day, minute; of one person and day at most kHassleSlots hassles and one event.
  /// Filled by whoever reads the file.
  std::vector<ReplayRow> rows;
};

}  // namespace eustress
