#pragma once

// The outcomes in results.nc (docs/formats.md).

#include <span>

#include "core/engine/observation.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {

/// Dimensions of outcomes besides arm and stratum, with their coordinates.
void add_outcome_dimensions(NetcdfWriter& file, const ObservationLayout& layout);

/// Nothing for a layout without outcomes. Outcomes of persons, effects, stressor reactivity,
/// trajectories, event study, recovery. `sums`: one entry per arm.
void add_outcomes(NetcdfWriter& file, const ObservationLayout& layout,
                  std::span<const ObservationSums> sums);

}  // namespace eustress::io
