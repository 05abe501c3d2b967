#include "io/results/replicates.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/stop_request.hpp"
#include "app/study_source.hpp"
#include "app/timings.hpp"
#include "app/verbs.hpp"
#include "core/engine/block.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/provenance/run_log.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/groups.hpp"
#include "parallel/layout.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;

/// The overrides that make one replicate of the study.
std::vector<std::string> overrides_of(std::uint32_t number) {
  return {"study.replicates=1", fmt::format("study.replicate={}", number)};
}

/// Replicates that are not finished. Those that are have been checked.
std::vector<std::uint32_t> unfinished(const parallel::Communicator& comm, const std::string& output,
                                      const LoadedStudy& loaded, bool writes) {
  const Study& study = loaded.study;
  std::vector<std::uint32_t> numbers;
  const std::string marks = parallel::on_root(comm, [&] {
    LoadedStudy single = loaded;
    single.study.replicates = 1;
    std::string found;
    for (int r = 0; r < study.replicates; ++r) {
      single.study.replicate = study.replicate + static_cast<std::uint32_t>(r);
      const std::string directory = io::replicate_directory(output, single.study.replicate);
      found += writes && io::is_finished_run(directory, single.results_text()) ? '1' : '0';
    }
    return found;
  });
  for (std::size_t r = 0; r < marks.size(); ++r) {
    if (marks[r] == '0') numbers.push_back(study.replicate + static_cast<std::uint32_t>(r));
  }
  return numbers;
}

}  // namespace

int run_replicates(const Options& options, const parallel::Communicator& comm,
                   const StudySource& source, const LoadedStudy& loaded) {
  PartOfJob job;
  job.begin = std::chrono::steady_clock::now();
  Timings timings;
  timings.begin("set-up");
  io::RunLog log;
  const Study& study = loaded.study;
  const bool writes = options.dry_run_ranks == 0;
  const std::string output = output_directory(options, study.name);
  if (!source.checkpoint.empty()) {
    parallel::on_all(comm, [] {
      throw Error(ErrorKind::usage,
                  "a run from a checkpoint is one replicate: study.replicates must be 1");
    });
  }
  std::optional<io::RunDirectory> results;
  parallel::on_root(comm, [&] {
    if (!writes) return;
    results.emplace(output, options.force);
    const std::string checkpoints = (fs::path(output) / io::kCheckpointsName).string();
    if (options.force) {
      results->withdraw_previous();
      io::remove_checkpoints(checkpoints);
      io::remove_replicates(output);
      std::error_code still_needed;
      fs::remove(checkpoints, still_needed);
    }
    if (fs::exists(checkpoints)) {
      throw Error(ErrorKind::usage,
                  fmt::format("'{}' holds checkpoints of a run without replicates; choose another "
                              "output directory with -o, or start anew with --force",
                              output));
    }
    io::write_replicate_plan(
        output, {loaded.text(), fs::absolute(source.directory).lexically_normal().string()});
  });
  const std::vector<std::uint32_t> numbers = unfinished(comm, output, loaded, writes);
  const int threads = parallel::ThreadTeam(options.threads).size();
  const std::vector<std::string> layout_warnings = parallel::layout_warnings(comm, threads);
  if (comm.is_root()) {
    for (const std::string& warning : layout_warnings) fmt::print(stderr, "warning: {}\n", warning);
  }

  const parallel::RankGroups groups = parallel::groups_for_runs(
      comm, numbers.size(), block_count(study.population.individuals), threads);
  const int group = groups.group_of(comm.rank());
  if (comm.is_root() && !options.quiet) {
    fmt::print("{}: {} replicates, {} of them finished; {} rank{} in {} group{}\n", study.name,
               study.replicates, static_cast<std::size_t>(study.replicates) - numbers.size(),
               comm.size(), comm.size() == 1 ? "" : "s", groups.groups,
               groups.groups == 1 ? "" : "s");
  }

  if (writes && study.checkpoint.active) listen_for_stop_signals();
  timings.begin("replicates");
  bool is_stopped = false, has_told = false;
  const auto tell_others = [&] {
    if (has_told) return;
    has_told = true;
    for (int other = 0; other < groups.groups; ++other) {
      if (other != group) comm.notify(groups.first_rank(other));
    }
  };
  job.is_asked_to_stop = [&] { return comm.is_notified(); };
  std::optional<Error> failure;
  {
    const std::unique_ptr<parallel::Communicator> mine =
        writes ? comm.split(group) : parallel::make_dry_run_communicator(groups.size_of(0));
    for (std::size_t i = static_cast<std::size_t>(group); i < numbers.size() && !is_stopped;
         i += static_cast<std::size_t>(groups.groups)) {
      const std::uint32_t number = numbers[i];
      Options own = options;
      own.output = io::replicate_directory(output, number);
      own.force = false;
      own.log_json.clear();
      own.quiet = options.quiet || groups.groups > 1;
      for (std::string& override : overrides_of(number)) {
        own.overrides.push_back(std::move(override));
      }
      try {
        is_stopped = run_study(own, *mine, source, &job) == kRequeue;
      } catch (const parallel::AgreedError& error) {
        // The other groups bring theirs to an end, which are then there for the next time.
        failure = error;
        break;
      }
      if (!is_stopped && mine->is_root() && !options.quiet) {
        fmt::print("replicate {} is done\n", number);
        std::fflush(stdout);
      }
      const bool is_asked = !stop_signal().empty() || job.is_asked_to_stop();
      if (mine->max(std::int64_t{is_asked ? 1 : 0}) > 0) {
        is_stopped = is_stopped || i + static_cast<std::size_t>(groups.groups) < numbers.size();
      }
    }
    if (is_stopped && mine->is_root()) tell_others();
  }
  timings.begin("waiting for ranks");
  comm.settle([&] {
    if (!stop_signal().empty()) tell_others();
  });
  parallel::agree(comm, failure);
  if (comm.max(std::int64_t{is_stopped ? 1 : 0}) > 0) {
    if (comm.is_root() && !options.quiet) {
      fmt::print(stderr, "stopped before all replicates were done. Start it again to go on\n");
    }
    return kRequeue;
  }
  if (!writes) return 0;

  timings.begin("merging");
  parallel::on_root(comm, [&] {
    std::vector<std::string> directories;
    for (int r = 0; r < study.replicates; ++r) {
      directories.push_back(
          io::replicate_directory(output, study.replicate + static_cast<std::uint32_t>(r)));
    }
    results->withdraw_previous();
    io::write_file(results->file(io::kStudyName), loaded.results_text());
    io::merge_results(results->file(io::kResultsName), directories);
  });
  timings.end();
  const std::vector<Timings::Row> rows = timings.over_ranks(comm);
  if (!comm.is_root()) return 0;
  log.command = options.command;
  log.ranks = comm.size();
  log.threads = threads;
  log.warnings = loaded.warnings;
  log.warnings.insert(log.warnings.end(), layout_warnings.begin(), layout_warnings.end());
  for (const Timings::Row& row : rows) {
    log.phases.push_back({row.phase, row.least, row.mean, row.most});
  }
  log.files = {results->file(io::kResultsName), results->file(io::kStudyName)};
  io::write_run_log(options.log_json.empty() ? results->file(io::kLogName) : options.log_json, log);
  if (options.quiet) return 0;
  fmt::print("{}\nresults: {}/results.nc\n  report  eustress report {}\n", timing_table(rows),
             output, output);
  return 0;
}

}  // namespace eustress::app
