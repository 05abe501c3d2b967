#pragma once

// What started this process: a shell, or a launcher of parallel programs. MPI is initialised only
// for the latter, so that the program runs on its own wherever MPI cannot.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace eustress::parallel {

struct Launcher {
  std::string variable;        ///< the environment variable that gave it away
  std::optional<int> n_ranks;  ///< processes it started, if it says so
};

/// Looks up an environment variable; nullptr if it is not set.
using Environment = std::function<const char*(const char*)>;

/// The launcher of this process, if any: Open MPI's mpirun, MPICH's and Intel MPI's mpiexec, PMIx,
/// or a Slurm step of several tasks.
[[nodiscard]] std::optional<Launcher> find_launcher();
[[nodiscard]] std::optional<Launcher> find_launcher(const Environment& environment);

/// Whether MPI must be initialised.
[[nodiscard]] bool launched_by_mpi();

/// Refuses a world that is not the launcher's. A launcher of another MPI starts N processes that
/// each believe to be alone, and would write the same files N times.
/// Errors: Error(usage) with both numbers and the remedy.
void require_world_size(const std::optional<Launcher>& launcher, int n_ranks,
                        std::string_view mpi_version);

}  // namespace eustress::parallel
