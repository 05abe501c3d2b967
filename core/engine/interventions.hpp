#pragma once

// The interventions of a study as the day needs them: per arm, with everything that follows from
// the study and the cohort once.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/strata.hpp"
#include "core/mechanisms/interventions.hpp"
#include "core/population/synthesis.hpp"
#include "core/study.hpp"

namespace eustress {

/// One of the study, by its place. Throws Error(usage) if its stratum does not exist.
InterventionSlot prepared_intervention(const Study& study, std::size_t place,
                                       const Synthesis& synthesis);

/// Those of an arm, in the order of the study. Throws Error(usage) if there are more than
/// kInterventionSlots.
InterventionSlots interventions_of(const Study& study, std::size_t arm, const Synthesis& synthesis);

/// How many of the first `people` of the cohort are in the target of an intervention whose target
/// is known before the run; nothing for symptoms.
std::optional<std::uint64_t> count_targets(const Study& study, std::size_t place,
                                           const Synthesis& synthesis, std::uint64_t people);

}  // namespace eustress
