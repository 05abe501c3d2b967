#include "io/report/run_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "core/engine/observation.hpp"
#include "core/error.hpp"
#include "core/numerics/student_t.hpp"
#include "core/population/factors.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/results_file.hpp"
#include "io/study/reader.hpp"

namespace eustress::io::report {

namespace {

constexpr std::string_view kSampleSuffix = "_sample";

std::string text_or_nothing(const ResultsFile& file, std::string_view name) {
  for (const Attribute& attribute : file.attributes()) {
    if (attribute.name != name) continue;
    if (const auto* text = std::get_if<std::string>(&attribute.value)) return *text;
  }
  return "";
}

/// Means over the dimension `replicate` of merged results, of what is there; other arrays as they
/// are.
NumberArray averaged(NumberArray array) {
  if (array.dimensions.empty() || array.dimensions[0] != "replicate" || array.shape.size() < 2) {
    return array;
  }
  const std::size_t n = array.values.size() / array.shape[0];
  NumberArray mean{{array.dimensions.begin() + 1, array.dimensions.end()},
                   {array.shape.begin() + 1, array.shape.end()},
                   std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0, count = 0.0;
    for (std::size_t r = 0; r < array.shape[0]; ++r) {
      const double x = array.values[r * n + i];
      if (!std::isfinite(x)) continue;
      sum += x;
      count += 1.0;
    }
    mean.values[i] = sum / count;  // NaN if there is none
  }
  return mean;
}

/// Half the width of the 95 % interval of the mean over replicates (Student's t); no times if there
/// is no replicate but one.
Grid read_half_width(const ResultsFile& file, const std::string& name) {
  const NumberArray array = file.read(name);
  if (array.shape.size() != 4 || array.dimensions[0] != "replicate" || array.shape[0] < 2) {
    return {};
  }
  const NumberArray mean = averaged(array);
  const std::size_t replicates = array.shape[0], n = mean.values.size();
  const double t = student_t(0.95, static_cast<int>(replicates) - 1);
  Grid half{array.shape[2], array.shape[3], std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    double squares = 0.0;
    for (std::size_t r = 0; r < replicates; ++r) {
      const double deviation = array.values[r * n + i] - mean.values[i];
      squares += deviation * deviation;
    }
    const auto count = static_cast<double>(replicates);
    half.values[i] = t * std::sqrt(squares / (count * (count - 1.0)));
  }
  return half;
}

/// A variable over (arm, stratum, time).
Grid read_grid(const ResultsFile& file, const std::string& name) {
  NumberArray array = averaged(file.read(name));
  if (array.shape.size() != 3) {
    throw Error(ErrorKind::input, fmt::format("'{}': variable {} has {} dimensions, not 3",
                                              file.path(), name, array.shape.size()));
  }
  return {array.shape[1], array.shape[2], std::move(array.values)};
}

/// Splits (arm, stratum, time, quantile) by quantile.
std::vector<Grid> read_quantiles(const ResultsFile& file, const std::string& name) {
  const NumberArray array = averaged(file.read(name));
  if (array.shape.size() != 4) {
    throw Error(ErrorKind::input, fmt::format("'{}': variable {} has {} dimensions, not 4",
                                              file.path(), name, array.shape.size()));
  }
  const std::size_t n = array.shape[3];
  std::vector<Grid> grids(n, Grid{array.shape[1], array.shape[2], {}});
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    grids[i % n].values.push_back(array.values[i]);
  }
  return grids;
}

/// The quantity `name`, stored under `prefix`; nothing if the file does not have it.
void read_quantity(const ResultsFile& file, const std::string& prefix, std::string_view name,
                   std::vector<Quantity>& into) {
  const std::string stem = prefix + "_" + std::string(name);
  if (!file.has(stem + "_mean") || !file.has(stem + "_sd")) return;
  Quantity quantity;
  quantity.name = name;
  quantity.unit = file.text(stem + "_mean", "units");
  quantity.doc = file.text(stem + "_mean", "long_name");
  quantity.mean = read_grid(file, stem + "_mean");
  quantity.sd = read_grid(file, stem + "_sd");
  quantity.half_width = read_half_width(file, stem + "_mean");
  const std::string own_count = stem + "_count", common_count = prefix + "_count";
  if (file.has(own_count)) {
    quantity.count = read_grid(file, own_count);
  } else if (file.has(common_count)) {
    quantity.count = read_grid(file, common_count);
  }
  if (file.has(stem + "_quantile")) quantity.quantiles = read_quantiles(file, stem + "_quantile");
  const std::string bins = std::string(name) + "_value";
  if (file.has(stem + "_histogram") && file.has(bins)) {
    quantity.histogram = read_grid(file, stem + "_histogram");
    quantity.bin_middles = file.read(bins).values;
  }
  into.push_back(std::move(quantity));
}

void read_series(const ResultsFile& file, RunData& run) {
  if (!file.has("day")) return;
  const std::vector<double> begins = file.read("day").values;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const double next =
        i + 1 < begins.size() ? begins[i + 1] : std::max<double>(run.days, begins[i] + 1.0);
    run.series_days.push_back(0.5 * (begins[i] + next));
  }
  for (const SeriesQuantity& quantity : kSeries) {
    read_quantity(file, "series", quantity.name, run.series);
  }
}

void read_assessments(const ResultsFile& file, RunData& run) {
  if (!file.has("assessment")) return;
  for (const double day : file.read("assessment").values) run.assessment_days.push_back(day + 1.0);
  for (const GradedQuantity& quantity : kAssessed) {
    read_quantity(file, "assessed", quantity.name, run.assessed);
  }
}

/// Cortisol indices of an ordinary day, of everybody in each arm.
std::vector<DayIndex> read_day_indices(const ResultsFile& file, const std::string& prefix) {
  std::vector<DayIndex> indices;
  for (std::size_t i = kResponseIndices; i < kCortisolIndices; ++i) {
    const std::string stem = fmt::format("{}_{}", prefix, kCortisolIndexNames[i]);
    if (!file.has(stem + "_mean")) continue;
    DayIndex index{
        std::string(kCortisolIndexNames[i]), std::string(kCortisolIndexUnits[i]), {}, {}, {}};
    const auto of_arms = [&](const char* statistic, std::vector<double>& into) {
      const NumberArray array = averaged(file.read(stem + statistic));
      for (std::size_t arm = 0; arm < array.shape.at(0); ++arm) into.push_back(array.at({arm, 0}));
    };
    of_arms("_count", index.count);
    of_arms("_mean", index.mean);
    of_arms("_sd", index.sd);
    indices.push_back(std::move(index));
  }
  return indices;
}

void read_probes(const ResultsFile& file, RunData& run) {
  ObservationLayout layout;
  if (run.study) layout = observation_layout(*run.study, {});
  const std::vector<std::string> names = probe_names(layout);
  for (const NetcdfReader::Content& variable : file.variables()) {
    if (!variable.name.ends_with(kSampleSuffix) || variable.dimensions.size() != 1) continue;
    ProbeData probe;
    probe.name = variable.name.substr(0, variable.name.size() - kSampleSuffix.size());
    probe.minutes = file.read(variable.name).values;
    for (const GradedQuantity& analyte : kSampled) {
      read_quantity(file, "probe_" + probe.name, analyte.name, probe.analytes);
    }
    probe.day_indices = read_day_indices(file, "probe_" + probe.name);
    const auto planned = std::find(names.begin(), names.end(), probe.name);
    if (planned != names.end()) {
      probe.plan = run.study->probes[static_cast<std::size_t>(planned - names.begin())];
      probe.name = probe.plan->name;
    }
    run.probes.push_back(std::move(probe));
  }
}

std::vector<std::string> meanings_of(const ResultsFile& file, std::string_view codes) {
  std::vector<std::string> names;
  if (!file.has(codes)) return names;
  std::istringstream words(file.text(codes, "flag_meanings"));
  for (std::string word; words >> word;) names.push_back(word);
  return names;
}

void read_outcomes(const ResultsFile& file, RunData& run) {
  constexpr std::string_view kStems[] = {"sr_", "factor_", "trajectory_", "event_study_",
                                         "recovery_"};
  OutcomeData& outcomes = run.outcomes;
  for (const NetcdfReader::Content& variable : file.variables()) {
    const bool is_wanted = std::ranges::any_of(
        kStems, [&](std::string_view stem) { return variable.name.starts_with(stem); });
    if (!is_wanted) continue;
    const NumberArray array = averaged(file.read(variable.name));
    if (array.dimensions.size() < 2 || array.dimensions[0] != "arm" ||
        array.dimensions[1] != "stratum") {
      continue;
    }
    const std::size_t places = array.values.size() / (array.shape[0] * array.shape[1]);
    outcomes.grids.push_back({variable.name, {array.shape[1], places, array.values}});
  }
  outcomes.factors = meanings_of(file, "factor");
  outcomes.trajectories = meanings_of(file, "trajectory");
  if (file.has("since_event")) outcomes.since_event = file.read("since_event").values;
  if (file.has("recovery_day")) outcomes.recovery_days = file.read("recovery_day").values;
  if (run.arms.size() > 1 && file.has("outcome_count")) {
    outcomes.effects = compare_arms(file, {}).effects;
  }
}

// --- individuals -------------------------------------------------------------------------------

/// One value per individual, of the arm if there is one per arm.
std::vector<double> read_column(const ResultsFile& file, std::string_view name, std::size_t arm) {
  if (!file.has(name)) return {};
  const auto is_named = [name](const NetcdfReader::Content& c) { return c.name == name; };
  const auto variable = std::find_if(file.variables().begin(), file.variables().end(), is_named);
  const bool per_arm = !variable->dimensions.empty() && variable->dimensions[0] == "arm";
  NumberArray array = per_arm ? file.read(name, arm) : file.read(name);
  if (array.shape.size() == 1) return std::move(array.values);
  // Mean over assessments or samples.
  std::vector<double> means;
  const std::size_t width = array.shape.at(1);
  for (std::size_t row = 0; row < array.shape[0]; ++row) {
    double sum = 0.0;
    for (std::size_t i = 0; i < width; ++i) sum += array.values[row * width + i];
    means.push_back(sum / static_cast<double>(width));
  }
  return means;
}

void add_column(const ResultsFile& file, std::string_view variable, std::size_t arm,
                std::string label, std::vector<Column>& into) {
  std::vector<double> values = read_column(file, variable, arm);
  if (!values.empty()) into.push_back({std::move(label), std::move(values)});
}

People read_people(const ResultsFile& file, const RunData& run) {
  People people;
  people.count = static_cast<std::size_t>(file.individuals());
  for (const double code : read_column(file, "group", 0)) {
    people.group.push_back(std::isfinite(code) ? static_cast<std::int32_t>(code) : -1);
  }
  for (const FactorInfo& factor : kFactorTable) {
    add_column(file, factor.name, 0, std::string(factor.name), people.factors);
  }
  if (run.study) {
    for (std::size_t e = 0; e < run.study->exposure_columns.size(); ++e) {
      add_column(file, fmt::format("exposure_{}", e + 1), 0, run.study->exposure_columns[e].label(),
                 people.exposures);
    }
  }
  people.reported = read_column(file, "reported", 0);
  add_column(file, "latent", 0, std::string(kMeanLatent), people.outcomes);
  add_column(file, "ghq12", 0, "mean_GHQ-12", people.outcomes);
  add_column(file, "hassles_7d", 0, "mean_weekly_hassles", people.outcomes);
  add_column(file, "final_symptoms", 0, "final_symptoms", people.outcomes);
  add_column(file, "final_self_control", 0, "final_self-control", people.outcomes);
  add_column(file, "final_control_belief", 0, "final_belief_in_control", people.outcomes);
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    add_column(file, "final_symptoms", arm, run.arms[arm], people.final_symptoms);
  }
  return people;
}

// --- traces ------------------------------------------------------------------------------------

TracedPerson read_traced(const ResultsFile& file) {
  TracedPerson person;
  const std::vector<double> individuals = file.read("individual").values;
  person.individual = static_cast<std::uint64_t>(individuals.front());
  person.traced = individuals.size();
  person.arms = file.arms();
  if (file.has("time")) person.times = file.read("time").values;
  for (const double day : file.read("day").values) person.days.push_back(day + 1.0);
  const auto add = [&](const char* name, std::vector<TracedCourse>& into) {
    if (!file.has(name)) return;
    TracedCourse course{name, {}};
    std::vector<std::uint64_t> starts(3, 0), counts = file.described(name).shape;
    counts.resize(3);
    counts[0] = counts[1] = 1;
    for (std::size_t arm = 0; arm < person.arms.size(); ++arm) {
      starts[0] = arm;
      course.of_arm.push_back(file.read(name, starts, counts));
    }
    into.push_back(std::move(course));
  };
  for (const char* name :
       {"cortisol", "acth", "noradrenaline", "intensity", "arousal", "executive_control"}) {
    add(name, person.moments);
  }
  for (const char* name : {"distress", "symptoms", "latent", "self_control", "allostatic_load",
                           "sleep_quality", "life_event"}) {
    add(name, person.daily);
  }
  return person;
}

// --- the rest ----------------------------------------------------------------------------------

void describe_program(const ResultsFile& file, RunData& run) {
  run.version = text_or_nothing(file, "eustress_version");
  run.commit = text_or_nothing(file, "git_commit");
  const auto add = [&run](const char* label, std::string value) {
    if (!value.empty()) run.provenance.emplace_back(label, std::move(value));
  };
  add("program", "eustress " + run.version);
  add("commit", run.commit);
  add("compiler", text_or_nothing(file, "compiler"));
  add("compiler flags", text_or_nothing(file, "compiler_flags"));
  add("schema of the files", std::to_string(file.number("schema_version")));
  add("seed", std::to_string(run.seed));
  if (run.replicates == 1) {
    add("replicate", std::to_string(file.number("replicate")));
  } else {
    add("replicates",
        fmt::format("{}, the first is number {}", run.replicates, file.number("replicate")));
  }
  add("SHA-256 of the study", text_or_nothing(file, "study_sha256"));
}

std::vector<RunFile> files_of(const std::string& directory) {
  struct Known {
    std::string_view name, what;
    bool is_fixed;
  };
  constexpr std::array kKnown = {
      Known{kResultsName, "everything seen of the cohort (netCDF-4): means, sd, quantiles, counts",
            true},
      Known{kIndividualsName, "one row per individual (HDF5, netCDF-4)", true},
      Known{kTracesName, "the whole course of traced individuals (netCDF-4)", true},
      Known{kStudyName, "the effective study file, every key with its value", true},
      Known{kLogName, "host, ranks, threads and timings of the run", false},
  };
  std::vector<RunFile> files;
  for (const Known& known : kKnown) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(
        std::filesystem::path(directory) / std::string(known.name), failed);
    if (failed) continue;
    files.push_back({std::string(known.name), std::string(known.what), {}});
    if (known.is_fixed) files.back().bytes = size;
  }
  return files;
}

/// A study of another version may no longer be legal: the report then lacks what only it knows.
std::optional<Study> readable_study(const std::string& text) {
  try {
    std::vector<std::string> warnings;
    return read_study(text, "study", {}, warnings);
  } catch (const Error&) {
    return std::nullopt;
  }
}

int days_of(const ResultsFile& file) {
  if (!file.has("day")) return 0;
  const std::vector<double> begins = file.read("day").values;
  return begins.empty() ? 0 : static_cast<int>(begins.back()) + 1;
}

}  // namespace

std::vector<double> Grid::course(std::size_t arm, std::size_t stratum) const {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>((arm * strata + stratum) * times);
  return {begin, begin + static_cast<std::ptrdiff_t>(times)};
}

const Quantity* find(const std::vector<Quantity>& quantities, std::string_view name) {
  for (const Quantity& quantity : quantities) {
    if (quantity.name == name) return &quantity;
  }
  return nullptr;
}

const Grid* OutcomeData::find(std::string_view name) const {
  const auto found = std::ranges::find(grids, name, &NamedGrid::name);
  return found == grids.end() ? nullptr : &found->grid;
}

const TracedCourse* TracedPerson::find(std::string_view name) const {
  for (const auto* courses : {&moments, &daily}) {
    const auto found = std::ranges::find(*courses, name, &TracedCourse::name);
    if (found != courses->end()) return &*found;
  }
  return nullptr;
}

bool People::has_reported() const {
  return std::any_of(reported.begin(), reported.end(), [](double x) { return std::isfinite(x); });
}

RunData read_run(const std::string& directory) {
  const std::filesystem::path base(directory);
  const ResultsFile file(finished_results(directory));
  RunData run;
  run.title = text_or_nothing(file, "title");
  run.individuals = file.individuals();
  run.seed = static_cast<std::uint64_t>(file.number("seed"));
  run.arms = file.arms();
  run.strata = file.strata();
  run.study_text = text_or_nothing(file, "study");
  run.study = readable_study(run.study_text);
  run.days = run.study ? run.study->days : days_of(file);
  if (run.study) {
    run.name = run.study->name;
    for (const Arm& arm : run.study->arms) run.arm_descriptions.push_back(arm.description);
  }
  if (run.name.empty()) run.name = run.title;
  if (file.has("replicate")) run.replicates = file.described("replicate").shape.front();
  if (file.has("quantile")) run.probabilities = file.read("quantile").values;
  describe_program(file, run);
  read_series(file, run);
  read_assessments(file, run);
  read_probes(file, run);
  read_outcomes(file, run);
  const auto require_same_run = [&](const ResultsFile& other) {
    if (text_or_nothing(other, "study_sha256") == text_or_nothing(file, "study_sha256")) return;
    throw Error(ErrorKind::input, fmt::format("'{}' and '{}' are of different runs: their "
                                              "study_sha256 differ; run the study again",
                                              file.path(), other.path()));
  };
  const std::filesystem::path individuals = base / std::string(kIndividualsName);
  if (std::filesystem::exists(individuals)) {
    const ResultsFile people(individuals.string());
    require_same_run(people);
    run.people = read_people(people, run);
  }
  const std::filesystem::path traces = base / std::string(kTracesName);
  if (std::filesystem::exists(traces)) {
    const ResultsFile traced(traces.string());
    require_same_run(traced);
    run.traced = read_traced(traced);
  }
  run.files = files_of(directory);
  return run;
}

}  // namespace eustress::io::report
