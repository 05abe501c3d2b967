#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/calibration/account.hpp"
#include "app/calibration/evaluation.hpp"
#include "app/calibration/search.hpp"
#include "app/stop_request.hpp"
#include "app/study_source.hpp"
#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/design/calibration_plan.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/provenance.hpp"
#include "parallel/agree.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;
using namespace calibration;

constexpr const char* kEvaluationsName = "log.jsonl";

std::vector<io::RowNames> row_names() {
  std::vector<io::RowNames> rows;
  for (const validation::Target& target : validation::all_targets()) {
    io::RowNames& row = rows.emplace_back();
    row.id = target.id;
    for (const validation::Quantity& quantity : target.quantities) {
      row.quantities.emplace_back(quantity.name);
    }
  }
  return rows;
}

/// Of all that the numbers of an evaluation depend on. Ranges, weights and the method are free to
/// change: evaluations at the same values are then used again.
std::string mark_of(const io::CalibrationPlan& plan, const std::vector<std::string>& overrides) {
  const io::Provenance& program = io::this_program();
  std::string text = fmt::format("{} {}\n{} {}\n", program.version, program.commit, plan.is_full,
                                 plan.people.value_or(0));
  for (const std::string& override : overrides) text += fmt::format("set {}\n", override);
  for (const io::FreeParameter& p : plan.parameters) text += fmt::format("parameter {}\n", p.key);
  for (const io::CalibrationTarget& t : plan.targets) text += fmt::format("target {}\n", t.row);
  for (const std::size_t row : plan.held_out) text += fmt::format("held out {}\n", row);
  return io::sha256(text);
}

std::vector<double> values_at(const io::CalibrationPlan& plan, std::span<const double> point) {
  std::vector<double> values;
  for (std::size_t j = 0; j < point.size(); ++j) {
    values.push_back(plan.parameters[j].value_at(point[j]));
  }
  return values;
}

std::vector<double> start_of(const io::CalibrationPlan& plan) {
  std::vector<double> start;
  for (const io::FreeParameter& p : plan.parameters) {
    const std::optional<double> value = p.start ? p.start : p.standard;
    start.push_back(value ? p.place_of(std::clamp(*value, p.low, p.high)) : 0.5);
  }
  return start;
}

/// On rank 0.
class Calibration {
 public:
  Calibration(const io::CalibrationPlan& plan, Evaluator& evaluator, EvaluationLog& log,
              bool is_shown)
      : plan_(plan), evaluator_(evaluator), log_(log), is_shown_(is_shown) {}

  void run() {
    const Evaluate evaluate = [&](std::span<const double> point) { return state_at(point); };
    fit_ = plan_.method == io::CalibrationMethod::history
               ? match_history(plan_, evaluate)
               : search(plan_, start_of(plan_), evaluate);
    std::vector<double> fitted;
    for (const ParameterRange& range : fit_.parameters) fitted.push_back(range.fitted);
    const std::vector<double> values = values_at(plan_, fitted);
    comparison_.targets_before = evaluator_.targets_at({}, log_);
    comparison_.targets_after = evaluator_.targets_at(values, log_);
    if (plan_.held_out.empty()) return;
    comparison_.held_out_before = evaluator_.held_out_at({}, log_);
    comparison_.held_out_after = evaluator_.held_out_at(values, log_);
  }
  [[nodiscard]] const Fit& fit() const { return fit_; }
  [[nodiscard]] const Comparison& comparison() const { return comparison_; }

 private:
  PointState state_at(std::span<const double> point) {
    const std::vector<double> values = values_at(plan_, point);
    const std::size_t before = evaluator_.computed();
    const Measured& measured = evaluator_.targets_at(values, log_);
    PointState state = state_of(plan_, measured);
    ++number_;
    if (is_shown_) {
      std::string text;
      for (std::size_t j = 0; j < values.size(); ++j) {
        text += fmt::format(" {}={:.6g}", plan_.parameters[j].key, values[j]);
      }
      fmt::print("{:>5}  objective {:<12.6g} implausibility {:<8.4g} margin {:<10.3g}{}{}\n",
                 number_, state.objective(), state.implausibility(), state.margin(), text,
                 evaluator_.computed() == before ? "  (from the log)" : "");
      std::fflush(stdout);
    }
    return state;
  }

  const io::CalibrationPlan& plan_;
  Evaluator& evaluator_;
  EvaluationLog& log_;
  bool is_shown_;
  std::size_t number_ = 0;
  Fit fit_;
  Comparison comparison_;
};

}  // namespace

int calibrate(const Options& options, const parallel::Communicator& comm) {
  const std::string text = shared_text(comm, options.path, ErrorKind::usage);
  const io::CalibrationPlan plan =
      parallel::on_all(comm, [&] { return io::read_calibration(text, options.path, row_names()); });
  const parallel::ThreadTeam team(options.threads);
  const validation::RunPlan runs{options.overrides, plan.is_full, 1.0, options.isa, plan.people};
  const bool is_shown = comm.is_root() && !options.quiet;
  Evaluator evaluator(comm, team, plan, runs);

  std::optional<io::RunDirectory> directory;
  std::optional<EvaluationLog> log;
  parallel::on_root(comm, [&] {
    if (is_shown) {
      fmt::print("{}", lists_text(plan));
      std::fflush(stdout);
    }
    directory.emplace(options.output, true);
    directory->refuse_run();
    const std::string path = directory->file(kEvaluationsName);
    if (options.force) {
      for (const char* name : {kEvaluationsName, kFittedName, kAccountName}) {
        fs::remove(directory->file(name));
      }
    }
    std::vector<std::string> keys;
    for (const io::FreeParameter& p : plan.parameters) keys.push_back(p.key);
    log.emplace(path, mark_of(plan, options.overrides), keys);
  });

  listen_for_stop_signals();
  bool is_stopped = false;
  std::optional<Calibration> calibration;
  if (comm.is_root()) {
    calibration.emplace(plan, evaluator, *log, is_shown);
    try {
      calibration->run();
    } catch (const Stopped&) {
      is_stopped = true;
    }
    evaluator.finish();
  } else {
    evaluator.help();
  }
  if (comm.max(std::int64_t{is_stopped ? 1 : 0}) > 0) {
    if (is_shown) {
      fmt::print(stderr, "stopped before the fit was found. Start it again to go on\n");
    }
    return kRequeue;
  }
  parallel::on_root(comm, [&] {
    const Fit& fit = calibration->fit();
    const Comparison& comparison = calibration->comparison();
    io::write_file(directory->file(kFittedName), fitted_toml(plan, fit));
    io::write_file(directory->file(kAccountName),
                   fit_json(plan, fit, comparison, text, options.overrides));
    if (!is_shown) return;
    fmt::print(
        "{0}\n{1} evaluations were computed, the others were in the log\n"
        "results: {2}/{3}, {2}/{4}, {2}/{5}\n",
        fit_text(plan, fit, comparison), evaluator.computed(), options.output, kFittedName,
        kAccountName, kEvaluationsName);
  });
  return 0;
}

}  // namespace eustress::app
