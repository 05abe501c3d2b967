#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/stop_request.hpp"
#include "app/study_source.hpp"
#include "app/verbs.hpp"
#include "core/engine/simulation.hpp"
#include "core/error.hpp"
#include "io/design/sweep_design.hpp"
#include "io/design/sweep_results.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/files/sha256.hpp"
#include "io/results/results_file.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/groups.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;

/// Directory of what is known of points; each is one file.
constexpr const char* kPointsName = "points";

/// Overrides for runs of which only results.nc is looked at.
const std::vector<std::string> kPlainRun = {"checkpoint.active=false", "output.individuals=false"};

/// A sweep with all that it is made of. The same on all ranks.
struct Sweep {
  io::SweepDesign design;
  DesignPoints points;
  StudySource source;
  std::vector<std::string> overrides;  ///< of the command line
  std::vector<std::string> origins;    ///< of those by which points differ
  std::string directory, input_marks;

  [[nodiscard]] std::vector<std::string> overrides_at(std::size_t point) const {
    std::vector<std::string> all = overrides;
    all.insert(all.end(), kPlainRun.begin(), kPlainRun.end());
    const std::vector<double> values = values_at(design, points.point(point));
    for (std::string& text : io::overrides_of(design.parameters, values)) {
      all.push_back(std::move(text));
    }
    return all;
  }
  /// Errors: Error(usage) with the point, if its values do not make a study.
  [[nodiscard]] Study study_at(std::size_t point) const {
    std::vector<std::string> unused;
    const std::vector<std::string> changes = overrides_at(point);
    try {
      return io::read_study(source.text, source.name, changes, unused, origins);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("point {} ({}) is no study:\n{}", point,
                                            fmt::join(changes.end() - static_cast<std::ptrdiff_t>(
                                                                          design.parameters.size()),
                                                      changes.end(), ", "),
                                            error.what()));
    }
  }
  [[nodiscard]] std::string file_of(std::size_t point) const {
    return (fs::path(directory) / kPointsName / fmt::format("{:06}.json", point)).string();
  }
  [[nodiscard]] std::string run_of(std::size_t point) const {
    return (fs::path(directory) / kPointsName / fmt::format("{:06}.run", point)).string();
  }
  /// Of all that the numbers of a point depend on.
  [[nodiscard]] std::string mark_of(std::size_t point) const {
    return io::sha256(io::dump_results_study(study_at(point)) + input_marks);
  }
};

/// The numbers of a finished point; nothing if it is to be computed. Errors: Error(usage) if the
/// file is of another study.
std::optional<std::vector<double>> finished_point(const Sweep& sweep, std::size_t point,
                                                  const std::string& mark) {
  const std::string path = sweep.file_of(point);
  if (!fs::exists(path)) return std::nullopt;
  const nlohmann::json content = nlohmann::json::parse(io::read_text(path), nullptr, false);
  const bool is_whole = content.is_object() && content.contains("study_sha256") &&
                        content.contains("outputs") && content["outputs"].is_object();
  if (!is_whole) return std::nullopt;
  if (content["study_sha256"] != mark) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' is of another study or design, so this sweep cannot go on from "
                            "it; choose another output directory with -o, or start anew with "
                            "--force",
                            path));
  }
  std::vector<double> values;
  for (const io::OutputSelection& output : sweep.design.outputs) {
    const auto found = content["outputs"].find(output.text);
    if (found == content["outputs"].end()) return std::nullopt;
    values.push_back(found->is_number() ? found->get<double>()
                                        : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

void save_point(const Sweep& sweep, std::size_t point, const std::string& mark) {
  const io::ResultsFile results((fs::path(sweep.run_of(point)) / io::kResultsName).string());
  nlohmann::ordered_json content;
  content["study_sha256"] = mark;
  const std::vector<double> values = values_at(sweep.design, sweep.points.point(point));
  for (std::size_t j = 0; j < values.size(); ++j) {
    content["parameters"][sweep.design.parameters[j].key] = values[j];
  }
  for (const io::OutputSelection& output : sweep.design.outputs) {
    const double value = io::selected_number(results, output);
    content["outputs"][output.text] =
        std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  }
  io::write_file(sweep.file_of(point), content.dump(2) + "\n");
  fs::remove_all(sweep.run_of(point));
}

/// Looks for the outputs in an empty results.nc of the study; their units.
std::vector<std::string> units_of(const Sweep& sweep, const LoadedStudy& loaded, Isa isa) {
  const Simulation simulation(loaded.study, loaded.synthesis, isa);
  io::RunDescription run;
  run.study = loaded.results_text();
  for (const Arm& arm : loaded.study.arms) run.arms.push_back(arm.name);
  const std::vector<ObservationSums> nothing(loaded.study.arms.size(),
                                             ObservationSums(simulation.layout()));
  const std::string path = (fs::path(sweep.directory) / kPointsName / "empty.nc").string();
  io::write_results(path, run, simulation.layout(), nothing);
  std::vector<std::string> units;
  {
    const io::ResultsFile file(path);
    for (const io::OutputSelection& output : sweep.design.outputs) {
      static_cast<void>(io::selected_number(file, output));
      units.push_back(io::unit_of(file, output));
    }
  }
  fs::remove(path);
  return units;
}

void show_indices(const io::SweepResults& sweep, std::span<const io::IndexTable> indices) {
  const std::size_t outputs = sweep.design.outputs.size();
  for (std::size_t o = 0; o < outputs; ++o) {
    fmt::print("\n{}\n{:<44}", sweep.design.outputs[o].text, "");
    for (const io::IndexTable& table : indices) {
      fmt::print("  {:>24}", table.name == "regression_coefficient" ? "coefficient" : table.name);
    }
    fmt::print("\n");
    for (std::size_t j = 0; j < sweep.design.parameters.size(); ++j) {
      fmt::print("{:<44}", sweep.design.parameters[j].key);
      for (const io::IndexTable& table : indices) {
        if (j * outputs + o >= table.values.size()) continue;
        const SensitivityIndex& index = table.values[j * outputs + o];
        fmt::print("  {:>24}", table.has_interval ? fmt::format("{:.4g} [{:.3g}, {:.3g}]",
                                                                index.value, index.low, index.high)
                                                  : fmt::format("{:.4g}", index.value));
      }
      fmt::print("\n");
    }
  }
}

}  // namespace

int sweep(const Options& options, const parallel::Communicator& comm) {
  const auto begin = std::chrono::steady_clock::now();
  const bool is_shown = comm.is_root() && !options.quiet;
  const std::string design_text = shared_text(comm, options.path, ErrorKind::usage);
  Sweep sweep;
  std::vector<std::string> warnings;
  sweep.design = parallel::on_all(
      comm, [&] { return io::read_sweep_design(design_text, options.path, warnings); });
  sweep.points = points_of(sweep.design);
  sweep.directory = options.output;
  sweep.overrides = options.overrides;
  sweep.origins = io::origins_of(sweep.design.parameters, options.path);
  const std::string study_path =
      fs::path(sweep.design.study).is_absolute()
          ? sweep.design.study
          : (fs::path(directory_of(options.path)) / sweep.design.study).string();
  sweep.source = {shared_text(comm, study_path, ErrorKind::usage),
                  study_path,
                  directory_of(study_path),
                  "",
                  "",
                  ""};
  const LoadedStudy loaded =
      load_study(comm, sweep.source.text, sweep.source.name, sweep.source.directory,
                 sweep.overrides_at(0), sweep.origins);
  sweep.input_marks = loaded.input_marks;
  warnings.insert(warnings.end(), loaded.warnings.begin(), loaded.warnings.end());
  if (comm.is_root()) {
    for (const std::string& warning : warnings) fmt::print(stderr, "warning: {}\n", warning);
  }

  // Rank 0 keeps the directory locked while the others compute.
  std::optional<io::RunDirectory> locked;
  std::vector<std::string> marks, units;
  const std::string states = parallel::on_root(comm, [&] {
    if (loaded.study.replicates > 1) {
      throw Error(ErrorKind::usage,
                  fmt::format("{}: study.replicates = {}: each point of a sweep is one run; set it "
                              "to 1, and vary study.replicate in the design instead",
                              study_path, loaded.study.replicates));
    }
    for (std::size_t i = 0; i < sweep.points.size(); ++i) marks.push_back(sweep.mark_of(i));
    const fs::path points = fs::path(sweep.directory) / kPointsName;
    locked.emplace(sweep.directory, true);
    locked->refuse_run();
    if (options.force) {
      fs::remove_all(points);
      for (const std::string_view name : {io::kSweepName, io::kSweepPageName}) {
        fs::remove(fs::path(sweep.directory) / name);
      }
    }
    fs::create_directories(points);
    units = units_of(sweep, loaded, options.isa.value_or(best_isa()));
    std::string found;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      found += finished_point(sweep, i, marks[i]) ? '1' : '0';
    }
    return found;
  });
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i] == '0') numbers.push_back(i);
  }

  const int threads = parallel::ThreadTeam(options.threads).size();
  const parallel::RankGroups groups = parallel::groups_for_runs(
      comm, numbers.size(), block_count(loaded.study.population.individuals), threads);
  const int group = groups.group_of(comm.rank());
  if (is_shown) {
    fmt::print(
        "{}: {} points of a design of kind {}, {} of them finished; {} rank{} in {} group{}\n",
        options.path, states.size(), to_string(sweep.design.kind), states.size() - numbers.size(),
        comm.size(), comm.size() == 1 ? "" : "s", groups.groups, groups.groups == 1 ? "" : "s");
    std::fflush(stdout);
  }

  listen_for_stop_signals();
  PartOfJob job;
  job.begin = begin;
  bool is_stopped = false;
  std::optional<Error> failure;
  {
    const std::unique_ptr<parallel::Communicator> mine = comm.split(group);
    for (std::size_t i = static_cast<std::size_t>(group); i < numbers.size();
         i += static_cast<std::size_t>(groups.groups)) {
      if (mine->max(std::int64_t{stop_signal().empty() ? 0 : 1}) > 0) {
        is_stopped = true;
        break;
      }
      const std::size_t point = numbers[i];
      Options own = options;
      own.output = sweep.run_of(point);
      own.overrides = sweep.overrides_at(point);
      own.force = true;
      own.quiet = true;
      own.log_json.clear();
      own.max_walltime_s = 0.0;
      try {
        run_study(own, *mine, sweep.source, &job);
        parallel::on_root(*mine, [&] { save_point(sweep, point, sweep.mark_of(point)); });
      } catch (const parallel::AgreedError& error) {
        // The other groups finish theirs, which are then there for the next time.
        failure = error;
        break;
      }
      if (mine->is_root() && !options.quiet) {
        fmt::print("point {} is done\n", point);
        std::fflush(stdout);
      }
    }
  }
  comm.settle([] {});
  parallel::agree(comm, failure);
  if (comm.max(std::int64_t{is_stopped ? 1 : 0}) > 0) {
    if (is_shown) {
      fmt::print(stderr, "stopped before all points were done. Start it again to go on\n");
    }
    return kRequeue;
  }

  parallel::on_root(comm, [&] {
    std::vector<std::string> unused;
    const Study base =
        io::read_study(sweep.source.text, sweep.source.name, options.overrides, unused);
    io::SweepResults results{sweep.design, design_text, io::dump_results_study(base),
                             sweep.points, {},          units};
    for (std::size_t i = 0; i < marks.size(); ++i) {
      const std::optional<std::vector<double>> values = finished_point(sweep, i, marks[i]);
      if (!values) {
        throw Error(ErrorKind::io, fmt::format("'{}' cannot be read back", sweep.file_of(i)));
      }
      results.values.insert(results.values.end(), values->begin(), values->end());
    }
    const std::vector<io::IndexTable> indices = io::sweep_indices(results);
    io::write_file(locked->file(io::kSweepPageName), io::sweep_page(results, indices));
    io::write_sweep(locked->file(io::kSweepName), results, indices);
    if (options.quiet) return;
    show_indices(results, indices);
    fmt::print(
        "\nresults: {0}/{1}, {0}/{2}\n"
        "  Python  import xarray; ds = xarray.open_dataset(\"{0}/{1}\")\n",
        options.output, io::kSweepName, io::kSweepPageName);
  });
  return 0;
}

}  // namespace eustress::app
