#pragma once

// A small study whose observations are simple formulas, which check_files.py computes as well.

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/observation.hpp"
#include "io/results/run_description.hpp"

namespace eustress::testing {

inline constexpr std::uint64_t kPeople = 200;  // three blocks of 64 and one of 8

io::RunDescription sample_run();
/// Three strata, ten days in intervals of three, two assessments, two probes.
ObservationLayout sample_layout();
/// One per arm; `layout` must outlive them.
std::vector<ObservationSums> sample_sums(const ObservationLayout& layout);
BlockRecord sample_record(const ObservationLayout& layout, std::uint64_t block);

}  // namespace eustress::testing
