#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/replay.hpp"

namespace eustress::io {

/// What the rows of a replay table must fit.
struct ReplayRequest {
  std::uint64_t individuals = 0;
  int days = 0;
  double dt_min = 5.0;  ///< [min] divides 30
  /// Names of the individuals 0, 1, ..., if the table calls them by name; empty: by number.
  std::span<const std::string> ids = {};
};

/// Reads a CSV table of recorded stressors: columns individual, day, time (HH:MM), class and
/// severity, and optionally kind (hassle if not there), controllability, predictability and
/// duration_min, in any order; cells of the optional ones may be blank. Rows in the order of
/// individual, day, time; of one person and day at most kHassleSlots hassles and one event. Throws
/// Error(input) that lists what is wrong, each as file:line:column, at most ErrorList::kShown.
/// `file` is the name in messages.
std::vector<ReplayRow> parse_replay(std::string_view text, const std::string& file,
                                    const ReplayRequest& request);

}  // namespace eustress::io
