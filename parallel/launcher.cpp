#include "parallel/launcher.hpp"

#include <charconv>
#include <cstdlib>

#include "core/error.hpp"

namespace eustress::parallel {

namespace {

std::optional<int> positive_number(const Environment& environment, const char* variable) {
  const char* text = environment(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view view(text);
  int value = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (error != std::errc{} || end != view.data() + view.size() || value < 1) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Launcher> find_launcher() {
  return find_launcher([](const char* variable) { return std::getenv(variable); });
}

std::optional<Launcher> find_launcher(const Environment& environment) {
  // Innermost first: mpirun inside a Slurm job inherits the variables of the job, whose numbers
  // count daemons and not ranks.
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (environment(variable) != nullptr) {
      return Launcher{variable, positive_number(environment, variable)};
    }
  }
  const std::optional<int> slurm_tasks = positive_number(environment, "SLURM_STEP_NUM_TASKS");
  for (const char* variable : {"PMIX_RANK", "PMI_RANK"}) {
    if (environment(variable) != nullptr) return Launcher{variable, slurm_tasks};
  }
  // srun without any MPI support still starts several processes; initialising MPI will show that
  // they do not find each other.
  if (slurm_tasks.value_or(1) > 1) return Launcher{"SLURM_STEP_NUM_TASKS", slurm_tasks};
  return std::nullopt;
}

bool launched_by_mpi() {
  return find_launcher().has_value();
}

void require_world_size(const std::optional<Launcher>& launcher, int n_ranks,
                        std::string_view mpi_version) {
  if (!launcher || launcher->n_ranks.value_or(n_ranks) == n_ranks) return;
  const std::string started = std::to_string(*launcher->n_ranks);
  throw Error(ErrorKind::usage,
              "the launcher started " + started + " processes (seen by " + launcher->variable +
                  "), but MPI connects " + std::to_string(n_ranks) +
                  ": the launcher belongs to another MPI than the one eustress was built with (" +
                  std::string(mpi_version) + "), and the processes would overwrite each other's " +
                  "results. Use the mpirun of that MPI, or under Slurm a matching " +
                  "`srun --mpi=...` (`srun --mpi=list` shows the choices)");
}

}  // namespace eustress::parallel
