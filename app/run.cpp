#include <fmt/format.h>

#include <memory>
#include <optional>

#include "app/progress.hpp"
#include "app/study_source.hpp"
#include "app/timings.hpp"
#include "app/verbs.hpp"
#include "core/engine/simulation.hpp"
#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/provenance/run_log.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/results_file.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/layout.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

constexpr const char* kSimulation = "simulation";

io::RunDescription describe(const Study& study) {
  io::RunDescription run;
  run.title = study.title.empty() ? study.name : study.title;
  run.study = io::dump_study(study);
  run.seed = study.seed;
  run.replicate = study.replicate;
  run.individuals = study.population.individuals;
  for (const Arm& arm : study.arms) run.arms.push_back(arm.name);
  return run;
}

void show_warnings(const parallel::Communicator& comm, const std::vector<std::string>& warnings) {
  if (!comm.is_root()) return;
  for (const std::string& warning : warnings) fmt::print(stderr, "warning: {}\n", warning);
}

/// Walks this rank's blocks; returns the sums of each arm over all ranks on rank 0.
std::vector<ObservationSums> simulate(const parallel::Communicator& comm,
                                      const parallel::ThreadTeam& team,
                                      const Simulation& simulation, const Study& study,
                                      io::IndividualsFile* individuals, bool shown,
                                      Timings& timings) {
  const parallel::BlockRange mine = parallel::blocks_of_rank(
      static_cast<std::int64_t>(simulation.blocks()), comm.rank(), comm.size());
  std::vector<std::vector<ObservationSums>> sums(static_cast<std::size_t>(team.size()));
  for (auto& of_thread : sums) {
    for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
      of_thread.emplace_back(simulation.layout());
    }
  }
  const double block_days =
      static_cast<double>(kBlockSize) * study.days * static_cast<double>(study.arms.size());
  Progress progress(mine.end - mine.begin, block_days, shown && comm.is_root());
  timings.begin(kSimulation);
  team.for_each(mine.begin, mine.end, [&](std::int64_t block, int thread) {
    BlockRecord record;
    simulation.run_block(static_cast<std::uint64_t>(block), sums[static_cast<std::size_t>(thread)],
                         individuals != nullptr ? &record : nullptr);
    if (individuals != nullptr) individuals->write(record);
    progress.finished();
  });
  progress.close();

  timings.begin("waiting for ranks");
  comm.barrier();
  timings.begin("sums over ranks");
  std::vector<ObservationSums> total = std::move(sums.front());
  for (std::size_t thread = 1; thread < sums.size(); ++thread) {
    for (std::size_t arm = 0; arm < total.size(); ++arm) total[arm].merge(sums[thread][arm]);
  }
  for (ObservationSums& arm : total) comm.sum_to_root(arm.cells());
  return total;
}

}  // namespace

std::string output_directory(const Options& options, const std::string& study_name) {
  return options.output.empty() ? study_name : options.output;
}

void run_study(const Options& options, const parallel::Communicator& comm,
               const std::string& study_text, const std::string& study_name,
               const std::string& directory) {
  Timings timings;
  timings.begin("set-up");
  io::RunLog log;
  const LoadedStudy loaded = load_study(comm, study_text, study_name, directory, options.overrides);
  const Study& study = loaded.study;
  show_warnings(comm, loaded.warnings);

  const bool writes = options.dry_run_ranks == 0;
  std::optional<io::RunDirectory> results;
  const std::string output = output_directory(options, study.name);
  parallel::on_root(comm, [&] {
    if (writes) results.emplace(output, options.force);
  });
  const parallel::ThreadTeam team(options.threads);
  const std::vector<std::string> layout_warnings = parallel::layout_warnings(comm, team.size());
  show_warnings(comm, layout_warnings);
  const Isa isa = options.isa.value_or(best_isa());
  const Simulation simulation =
      parallel::on_all(comm, [&] { return Simulation(study, loaded.synthesis, isa); });
  if (comm.is_root() && !options.quiet) {
    fmt::print("{}: {} individuals, {} days, {} arm{}; {} rank{} x {} thread{}, {}\n", study.name,
               study.population.individuals, study.days, study.arms.size(),
               study.arms.size() == 1 ? "" : "s", comm.size(), comm.size() == 1 ? "" : "s",
               team.size(), team.size() == 1 ? "" : "s", to_string(isa));
  }

  const io::RunDescription description = describe(study);
  std::unique_ptr<io::IndividualsFile> individuals;
  if (writes && study.output.individuals) {
    individuals = std::make_unique<io::IndividualsFile>(
        comm, output + "/" + std::string(io::kIndividualsName), description, simulation.layout());
  }
  const std::vector<ObservationSums> sums =
      simulate(comm, team, simulation, study, individuals.get(), !options.quiet, timings);

  timings.begin("writing");
  if (writes) {
    parallel::on_root(comm, [&] { results->withdraw_previous(); });
    if (individuals) individuals->publish();
    parallel::on_root(comm, [&] {
      io::write_file(results->file(io::kStudyName), description.study);
      io::write_results(results->file(io::kResultsName), description, simulation.layout(), sums);
    });
  }
  timings.end();

  const std::vector<Timings::Row> rows = timings.over_ranks(comm);
  const double longest = comm.max(timings.seconds(kSimulation));
  if (!comm.is_root()) return;
  const double person_days = static_cast<double>(study.population.individuals) * study.days *
                             static_cast<double>(study.arms.size());
  if (writes) {
    log.command = options.command;
    log.ranks = comm.size();
    log.threads = team.size();
    log.isa = std::string(to_string(isa));
    log.individual_days_per_s = person_days / longest;
    log.warnings = loaded.warnings;
    log.warnings.insert(log.warnings.end(), layout_warnings.begin(), layout_warnings.end());
    for (const Timings::Row& row : rows) {
      log.phases.push_back({row.phase, row.least, row.mean, row.most});
    }
    log.files = {results->file(io::kResultsName), results->file(io::kStudyName)};
    if (individuals) log.files.push_back(results->file(io::kIndividualsName));
    io::write_run_log(options.log_json.empty() ? results->file(io::kLogName) : options.log_json,
                      log);
  }
  if (options.quiet) return;
  fmt::print("{}{:.3g} individual-days/s\n", timing_table(rows), person_days / longest);
  if (!writes) return;
  fmt::print(
      "\nresults: {0}/results.nc\n"
      "  Python  import xarray; ds = xarray.open_dataset(\"{0}/results.nc\"); "
      "ds.series_symptoms_mean.sel(arm=0, stratum=0).plot()\n"
      "  R       nc <- ncdf4::nc_open(\"{0}/results.nc\"); ncdf4::ncvar_get(nc, "
      "\"series_symptoms_mean\")\n"
      "  report  eustress report {0}\n",
      output);
}

void run(const Options& options, const parallel::Communicator& comm) {
  const std::string text = shared_text(comm, options.path, ErrorKind::usage);
  run_study(options, comm, text, options.path, directory_of(options.path));
}

}  // namespace eustress::app
