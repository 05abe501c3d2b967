#pragma once

#include <cstdint>

#include "core/engine/observation.hpp"
#include "io/results/run_description.hpp"

namespace eustress::io {

/// Bytes of the results.nc of such a run.
[[nodiscard]] std::uint64_t results_size(const RunDescription& run,
                                         const ObservationLayout& layout);

}  // namespace eustress::io
