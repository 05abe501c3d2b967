#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "app/cohort_walk.hpp"
#include "app/stop_request.hpp"
#include "app/study_source.hpp"
#include "app/timings.hpp"
#include "app/trace_walk.hpp"
#include "app/verbs.hpp"
#include "core/engine/simulation.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/provenance/run_log.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/replicates.hpp"
#include "io/results/results_file.hpp"
#include "io/results/traces_file.hpp"
#include "io/study/difference.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/layout.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

io::RunDescription describe(const LoadedStudy& loaded, const std::string& lineage) {
  const Study& study = loaded.study;
  io::RunDescription run;
  run.title = study.title.empty() ? study.name : study.title;
  run.study = loaded.results_text();
  run.lineage = lineage;
  run.seed = study.seed;
  run.replicate = study.replicate;
  run.individuals = study.population.individuals;
  for (const Arm& arm : study.arms) run.arms.push_back(arm.name);
  return run;
}

std::string listed(const std::vector<io::ChangedKey>& changes) {
  std::string text;
  for (const io::ChangedKey& change : changes) {
    text +=
        fmt::format("\n  {}: {} -> {}", change.key, change.left.empty() ? "(absent)" : change.left,
                    change.right.empty() ? "(absent)" : change.right);
  }
  return text;
}

/// Goes on from the newest checkpoint of the run's own directory that is good. What is told of it
/// is appended to `notes`. False if there is none.
bool restore_own(const parallel::Communicator& comm, const std::string& directory,
                 const std::string& study_text, const std::string& lineage, std::size_t arms,
                 CohortWalk& walk, std::vector<std::string>& notes) {
  std::vector<std::size_t> same(arms);
  for (std::size_t arm = 0; arm < arms; ++arm) same[arm] = arm;
  const io::FoundCheckpoint found =
      io::find_checkpoint(comm, directory, [&](const io::Checkpoint& checkpoint) {
        std::vector<io::ChangedKey> changes =
            io::changed_keys(checkpoint.header().study, study_text);
        std::erase_if(changes,
                      [](const io::ChangedKey& c) { return io::is_free_to_change(c.key); });
        if (checkpoint.header().lineage != lineage) {
          changes.push_back({"lineage", checkpoint.header().lineage, lineage});
        }
        parallel::on_all(comm, [&] {
          if (changes.empty()) return;
          throw Error(
              ErrorKind::usage,
              fmt::format("'{}' is of another study, so this run cannot go on from it. "
                          "Changed keys:{}\nRestore them, choose another output directory "
                          "with -o, or start anew with --force. Only [checkpoint], [traces] and "
                          "numerics.memory_gib may change",
                          checkpoint.path(), listed(changes)));
        });
        walk.restore(checkpoint, same, true);
      });
  for (const io::RefusedCheckpoint& refused : found.refused) {
    notes.push_back(fmt::format("checkpoint not used: {}: {}", refused.path, refused.reason));
  }
  if (found.checkpoint == nullptr) {
    parallel::on_all(comm, [&] {
      // What a killed run left of its first checkpoint is no reason not to begin.
      if (std::ranges::all_of(found.refused, &io::RefusedCheckpoint::is_unfinished)) return;
      std::string reasons;
      for (const std::string& note : notes) reasons += "\n  " + note;
      throw Error(ErrorKind::input,
                  fmt::format("no checkpoint in '{}' can be used:{}\nStart anew with --force, or "
                              "choose another output directory with -o",
                              directory, reasons));
    });
    return false;
  }
  notes.push_back(fmt::format("going on from {} after day {}", found.checkpoint->path(),
                              found.checkpoint->header().days_done));
  return true;
}

/// What a branched run may change: the model and the world from then on, not who takes part, what
/// was drawn, and what is observed. What was there of an intervention stays, so that the levels of
/// a checkpoint are those of the same interventions; one that is added begins after the checkpoint.
bool may_branch(const io::ChangedKey& change, int days_done) {
  const std::string& key = change.key;
  if (key.starts_with("intervention[")) {
    const std::string_view name = std::string_view(key).substr(key.find('.') + 1);
    if (change.right.empty()) return name != "name";
    if (change.left.empty()) return name != "start_day" || std::stoi(change.right) >= days_done;
    return name != "name" && name != "kind" && name != "arms";
  }
  constexpr std::string_view kFixed[] = {"study.seed", "study.replicate", "study.days",
                                         "population", "output.",         "outcomes.",
                                         "probe[",     "numerics.dt_min", "content of "};
  return std::ranges::none_of(kFixed, [&](std::string_view k) { return key.starts_with(k); });
}

/// The study of a branched run that continues one arm: its parameters are the reference.
void keep_arm(LoadedStudy& loaded, const std::string& name) {
  Study& study = loaded.study;
  const auto arm = std::ranges::find(study.arms, name, &Arm::name);
  const auto place = static_cast<std::size_t>(arm - study.arms.begin());
  Arm alone = *arm;
  alone.name = study.arms.front().name;  // the reference arm's
  alone.changes.clear();
  // Those of other arms stay in their places, which are the addresses of their draws.
  for (Intervention& intervention : study.interventions) {
    const bool is_mine = belongs_to(intervention, name, place);
    intervention.arms.clear();
    if (is_mine) intervention.arms.push_back(alone.name);
  }
  // The traces too: those of the one arm, if they are of it.
  std::vector<std::string>& traced = study.traces.arms;
  if (!traced.empty()) {
    if (std::ranges::find(traced, name) == traced.end()) study.traces = {};
    traced.clear();
  }
  study.parameters = alone.parameters;
  study.arms = {alone};
}

/// What a run branched from, as it stands in its files.
struct Lineage {
  std::string hash;  ///< of the checkpoint
  int day = 0;
  std::string arm;  ///< the only one that goes on; empty: all

  [[nodiscard]] std::string text() const {
    return fmt::format("checkpoint {} after day {}{}{}", hash, day, arm.empty() ? "" : ", arm ",
                       arm);
  }
};

/// The arms of a checkpoint that a branched run continues: all, or `only`.
std::vector<std::size_t> continued_arms(const io::Checkpoint& checkpoint, const std::string& only) {
  const std::vector<std::string>& arms = checkpoint.header().arms;
  std::vector<std::size_t> continued;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    if (only.empty() || arms[arm] == only) continued.push_back(arm);
  }
  if (continued.empty()) {
    throw Error(ErrorKind::usage, fmt::format("'{}' has no arm '{}'; it has {}", checkpoint.path(),
                                              only, fmt::join(arms, ", ")));
  }
  return continued;
}

/// Where a branched run of this lineage started, from the copy that it keeps among its checkpoints
/// for its traces: the checkpoint, and the arms of it that are continued. Collective.
std::pair<std::unique_ptr<io::Checkpoint>, std::vector<std::size_t>> own_origin(
    const parallel::Communicator& comm, const std::string& checkpoints,
    const std::string& lineage) {
  const std::string directory = io::origin_directory(checkpoints);
  io::FoundCheckpoint found = io::find_checkpoint(comm, directory);
  std::vector<std::size_t> continued;
  parallel::on_all(comm, [&] {
    std::string reason = "it is not there";
    if (!found.refused.empty()) reason = found.refused.front().reason;
    if (found.checkpoint != nullptr) {
      const io::CheckpointHeader& header = found.checkpoint->header();
      std::vector<std::string> arms = header.arms;
      arms.insert(arms.begin(), "");  // all
      const auto only = std::ranges::find_if(arms, [&](const std::string& arm) {
        return Lineage{found.checkpoint->hash(), header.days_done, arm}.text() == lineage;
      });
      if (only != arms.end()) {
        continued = continued_arms(*found.checkpoint, *only);
        return;
      }
      reason = fmt::format("'{}' is not the one", found.checkpoint->path());
    }
    throw Error(ErrorKind::input,
                fmt::format("the [traces] of this branched run need the checkpoint that it started "
                            "from ({}) in '{}': {}. Go on with the command that began it, run "
                            "--from, which reads it where it was",
                            lineage, directory, reason));
  });
  return {std::move(found.checkpoint), std::move(continued)};
}

/// Who is traced in a run that starts on `first_day`: 0, or that of the checkpoint of a branched
/// run. Nothing if nobody is.
std::optional<TraceLayout> traces_of(const Study& study, int first_day) {
  if (!study.traces.is_asked_for()) return std::nullopt;
  TraceLayout layout = trace_layout(study, first_day);
  if (layout.days() == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("traces.to_day = {} is not after day {}, on which the branched run "
                            "starts; take a later one, or leave [traces] out",
                            layout.to_day, first_day));
  }
  return layout;
}

}  // namespace

std::string output_directory(const Options& options, const std::string& study_name) {
  return options.output.empty() ? study_name : options.output;
}

int run_study(const Options& options, const parallel::Communicator& comm, const StudySource& source,
              const PartOfJob* job) {
  SavePlan plan;
  plan.begin = job != nullptr ? job->begin : std::chrono::steady_clock::now();
  if (job != nullptr) plan.is_asked_to_stop = job->is_asked_to_stop;
  plan.max_walltime_s = options.max_walltime_s;
  plan.shown = !options.quiet;
  parallel::on_root(comm, [&] {
    if (!options.log_json.empty()) {
      io::refuse_to_replace_other(options.log_json, "--log-json", ".json");
    }
  });
  Timings timings;
  timings.begin("set-up");
  io::RunLog log;
  LoadedStudy loaded =
      load_study(comm, source.text, source.name, source.directory, options.overrides);
  // What holds for all replicates is told once.
  if (job == nullptr && comm.is_root()) show_warnings(loaded.warnings);
  if (loaded.study.replicates > 1) return run_replicates(options, comm, source, loaded);

  const std::string output = output_directory(options, loaded.study.name);
  const std::string checkpoints = (std::filesystem::path(output) / io::kCheckpointsName).string();
  std::unique_ptr<io::Checkpoint> parent;
  std::vector<std::size_t> continued;
  std::string lineage = source.lineage;
  if (!lineage.empty() && loaded.study.traces.is_asked_for()) {
    std::tie(parent, continued) = own_origin(comm, checkpoints, lineage);
  }
  if (!source.checkpoint.empty()) {
    parent = std::make_unique<io::Checkpoint>(comm, source.checkpoint);
    const io::CheckpointHeader& header = parent->header();
    std::vector<io::ChangedKey> changes = io::changed_keys(header.study, loaded.text());
    std::erase_if(changes,
                  [&](const io::ChangedKey& c) { return may_branch(c, header.days_done); });
    parallel::on_all(comm, [&] {
      if (!changes.empty()) {
        throw Error(ErrorKind::usage, fmt::format("a run from '{}' cannot change{}", parent->path(),
                                                  listed(changes)));
      }
      if (header.blocks != block_count(header.individuals)) {
        throw Error(ErrorKind::usage,
                    fmt::format("'{}' holds a slice of the cohort only: raise numerics.memory_gib "
                                "in the run that makes it",
                                parent->path()));
      }
      continued = continued_arms(*parent, source.arm);
    });
    if (!source.arm.empty()) keep_arm(loaded, source.arm);
    lineage = Lineage{parent->hash(), header.days_done, source.arm}.text();
  }
  const Study& study = loaded.study;
  const std::optional<TraceLayout> traced = parallel::on_all(
      comm, [&] { return traces_of(study, parent ? parent->header().days_done : 0); });

  const bool writes = options.dry_run_ranks == 0;
  std::optional<io::RunDirectory> results;
  parallel::on_root(comm, [&] {
    if (!writes) return;
    results.emplace(output, options.force);
    if (options.force) {
      io::remove_checkpoints(checkpoints);
      io::remove_replicates(output);
    }
    if (!std::filesystem::exists(std::filesystem::path(output) / io::kReplicatesName)) return;
    throw Error(ErrorKind::usage,
                fmt::format("'{}' holds replicates of a study; choose another output directory "
                            "with -o, or replace them with --force",
                            output));
  });
  const parallel::ThreadTeam team(options.threads);
  const std::vector<std::string> layout_warnings = parallel::layout_warnings(comm, team.size());
  if (job == nullptr && comm.is_root()) show_warnings(layout_warnings);
  const Isa isa = options.isa.value_or(best_isa());
  const Simulation simulation =
      parallel::on_all(comm, [&] { return Simulation(study, loaded.synthesis, isa); });
  if (comm.is_root() && !options.quiet) {
    fmt::print("{}: {} individuals, {} days, {} arm{}; {} rank{} x {} thread{}, {}\n", study.name,
               study.population.individuals, study.days, study.arms.size(),
               study.arms.size() == 1 ? "" : "s", comm.size(), comm.size() == 1 ? "" : "s",
               team.size(), team.size() == 1 ? "" : "s", to_string(isa));
  }

  io::RunDescription description = describe(loaded, lineage);
  std::unique_ptr<io::IndividualsFile> individuals;
  const auto open_individuals = [&] {
    if (!writes || !study.output.individuals) return;
    individuals = std::make_unique<io::IndividualsFile>(
        comm, output + "/" + std::string(io::kIndividualsName), description, simulation.layout());
  };
  open_individuals();
  std::unique_ptr<io::TracesFile> traces;
  if (writes && traced) {
    traces = std::make_unique<io::TracesFile>(comm, output + "/" + std::string(io::kTracesName),
                                              description, simulation.layout().strata, *traced);
  }
  if (writes && study.checkpoint.active) {
    plan.directory = checkpoints;
    // From here on the directory is that of this run, which may be gone on with; what --force
    // replaces must not look like its result.
    plan.before_first_save = [&] {
      results->withdraw_previous();
      // Traced individuals are walked from there, when the parent may be gone.
      if (parent && traces) io::keep_origin(checkpoints, parent->path());
    };
    listen_for_stop_signals();
  } else if (plan.max_walltime_s > 0.0) {
    parallel::on_all(comm, [] {
      throw Error(ErrorKind::usage, "--max-walltime needs checkpoints: checkpoint.active = true");
    });
  }
  plan.has_traces = traces != nullptr;
  plan.header.study = loaded.text();
  plan.header.directory = std::filesystem::absolute(source.directory).lexically_normal().string();
  plan.header.arms = description.arms;
  plan.header.individuals = study.population.individuals;
  plan.header.lineage = lineage;

  CohortWalk walk(comm, team, simulation, plan, individuals.get(), timings);
  std::vector<std::string> notes;
  if (writes) {
    timings.begin("reading checkpoints");
    const bool is_resumed =
        restore_own(comm, checkpoints, loaded.text(), lineage, study.arms.size(), walk, notes);
    if (!is_resumed && parent) {
      walk.restore(*parent, continued, false);
      notes.push_back(fmt::format("branched from {} after day {}", parent->path(), walk.day()));
    }
    if (!traces) parent.reset();
    if (!options.quiet && comm.is_root()) {
      for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    }
  }
  const int first_day = walk.day();
  std::string stopped = walk.run();
  const bool is_walked = stopped.empty();
  if (is_walked && traces) {
    timings.begin(kTracePhase);
    stopped = walk_traces(
        comm, team, simulation, *traced, {parent.get(), continued},
        [&] { return walk.save_or_stop(); }, *traces);
  }
  if (!stopped.empty()) {
    if (comm.is_root() && !options.quiet) {
      fmt::print(stderr, "stopped after day {}{}: {}. Start it again to go on{}\n", walk.day(),
                 is_walked ? ", in the traces" : "", stopped,
                 is_walked ? "; the traces begin anew" : "");
    }
    return kRequeue;
  }
  const std::vector<ObservationSums> sums = walk.take_sums();

  timings.begin("writing");
  if (writes) {
    parallel::on_root(comm, [&] {
      if (!plan.directory.empty()) results->mark_unfinished();
      results->withdraw_previous();
    });
    if (individuals) individuals->publish();
    if (traces) traces->publish();
    parallel::on_root(comm, [&] {
      io::write_file(results->file(io::kStudyName), description.study);
      io::write_results(results->file(io::kResultsName), description, simulation.layout(), sums);
      if (study.checkpoint.keep_after_run) return;
      io::remove_checkpoints(checkpoints);
      std::error_code still_needed;
      std::filesystem::remove(checkpoints, still_needed);
    });
  }
  timings.end();

  const std::vector<Timings::Row> rows = timings.over_ranks(comm);
  const double longest = comm.max(timings.seconds(kSimulationPhase));
  if (!comm.is_root()) return 0;
  const double person_days = static_cast<double>(study.population.individuals) *
                             (study.days - first_day) * static_cast<double>(study.arms.size());
  if (writes) {
    log.command = options.command;
    log.ranks = comm.size();
    log.threads = team.size();
    log.isa = std::string(to_string(isa));
    log.individual_days_per_s = person_days / longest;
    log.warnings = loaded.warnings;
    log.warnings.insert(log.warnings.end(), layout_warnings.begin(), layout_warnings.end());
    log.checkpoints = notes;
    for (const Timings::Row& row : rows) {
      log.phases.push_back({row.phase, row.least, row.mean, row.most});
    }
    log.files = {results->file(io::kResultsName), results->file(io::kStudyName)};
    if (individuals) log.files.push_back(results->file(io::kIndividualsName));
    if (traces) log.files.push_back(results->file(io::kTracesName));
    io::write_run_log(options.log_json.empty() ? results->file(io::kLogName) : options.log_json,
                      log);
  }
  if (options.quiet || job != nullptr) return 0;
  fmt::print("{}{:.3g} individual-days/s\n", timing_table(rows), person_days / longest);
  if (!writes) return 0;
  fmt::print(
      "\nresults: {0}/results.nc\n"
      "  Python  import xarray; ds = xarray.open_dataset(\"{0}/results.nc\"); "
      "ds.series_symptoms_mean.sel(arm=0, stratum=0).plot()\n"
      "  R       nc <- ncdf4::nc_open(\"{0}/results.nc\"); ncdf4::ncvar_get(nc, "
      "\"series_symptoms_mean\")\n"
      "  report  eustress report {0}\n",
      output);
  return 0;
}

int run(const Options& options, const parallel::Communicator& comm) {
  if (options.from.empty()) {
    const std::string text = shared_text(comm, options.path, ErrorKind::usage);
    return run_study(options, comm, {text, options.path, directory_of(options.path), "", "", ""});
  }
  const io::Checkpoint parent = [&] {
    try {
      return io::Checkpoint(comm, options.from);
    } catch (const parallel::AgreedError& error) {
      const std::string own = parallel::on_root(comm, [&] {
        const auto directory = std::filesystem::path(options.output) / io::kCheckpointsName;
        return io::checkpoint_names(directory.string()).empty() ? std::string() : options.output;
      });
      if (own.empty()) throw;
      throw parallel::AgreedError(
          error.kind(), fmt::format("{}\n'{}' holds checkpoints of its own: eustress resume {} "
                                    "goes on from them",
                                    error.what(), own, own));
    }
  }();
  return run_study(options, comm,
                   {parent.header().study, options.from, parent.header().directory, options.from,
                    options.arm, ""});
}

}  // namespace eustress::app
