#pragma once

// The grid of steps on which probes begin and are sampled.

#include <cstdint>
#include <optional>
#include <vector>

namespace eustress::io {

/// Steps in half an hour, or nothing if the step does not divide it.
std::optional<int> steps_per_half_hour(double dt_min);

/// Whether a time [min] is a whole number of steps.
bool on_step_grid(std::int64_t minutes, int steps_per_half_hour);

/// Samples of a Trier Social Stress Test: from -30 to 120 min, every five minutes or as near to
/// that as the step grid allows.
std::vector<int> tsst_samples(int steps_per_half_hour);

}  // namespace eustress::io
