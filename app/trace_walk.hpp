#pragma once

// Traced individuals are walked again when the cohort is done: what a person lives through depends
// on the study and the person's number alone, so this is the same path, to the bit, whatever ranks,
// threads and checkpoints the cohort had; and the cohort itself is not held up by it.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/results/traces_file.hpp"
#include "parallel/communicator.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

/// Where a branched run starts.
struct TraceOrigin {
  const io::Checkpoint* checkpoint = nullptr;  ///< null: the study itself, at the start of day 0
  std::vector<std::size_t> arms;  ///< of each arm of the study the one of the checkpoint
};

/// Walks of a block in an arm to the end that the traces take.
[[nodiscard]] std::size_t trace_walks(const TraceLayout& layout);

/// Fills the file. Collective. `stop`: collective, called between stretches of at most about half a
/// second, and tells why the walk must end before it is done; that reason is returned. Empty: the
/// file is filled. Errors: those of Simulation::walk(), of the file, and of the checkpoint.
std::string walk_traces(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                        const Simulation& simulation, const TraceLayout& layout,
                        const TraceOrigin& origin, const std::function<std::string()>& stop,
                        io::TracesFile& file);

}  // namespace eustress::app
