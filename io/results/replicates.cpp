#include "io/results/replicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/results_file.hpp"
#include "io/study/difference.hpp"

namespace eustress::io {

namespace {

namespace fs = std::filesystem;
using Content = NetcdfReader::Content;

constexpr std::string_view kPlanName = "plan.json";
constexpr const char* kReplicate = "replicate";

fs::path plan_path(const std::string& output) {
  return fs::path(output) / kReplicatesName / kPlanName;
}

std::string listed(const std::vector<ChangedKey>& changes) {
  std::string text;
  for (const ChangedKey& change : changes) {
    text +=
        fmt::format("\n  {}: {}, {}", change.key, change.left.empty() ? "(absent)" : change.left,
                    change.right.empty() ? "(absent)" : change.right);
  }
  return text;
}

/// A run with all its numbers.
struct Run {
  std::string directory, study, lineage, title;
  std::string program;  ///< that made it
  std::uint64_t seed = 0, individuals = 0;
  std::uint32_t replicate = 0;
  std::vector<std::string> arms, strata;
  std::vector<Content> variables;
  std::vector<std::vector<double>> values;  ///< of each

  [[nodiscard]] const Content* find(std::string_view name) const {
    const auto found = std::ranges::find(variables, name, &Content::name);
    return found == variables.end() ? nullptr : &*found;
  }
  [[nodiscard]] const std::vector<double>& values_of(const Content& variable) const {
    return values[static_cast<std::size_t>(&variable - variables.data())];
  }
};

std::string text_of(const Content& variable, std::string_view attribute) {
  const auto found = std::ranges::find(variable.attributes, attribute, &Attribute::name);
  if (found == variable.attributes.end()) return "";
  const auto* text = std::get_if<std::string>(&found->value);
  return text == nullptr ? "" : *text;
}

bool has_attribute(const ResultsFile& file, std::string_view name) {
  return std::ranges::find(file.attributes(), name, &Attribute::name) != file.attributes().end();
}

Run load(const std::string& directory) {
  const ResultsFile file(finished_results(directory));
  if (file.has(kReplicate)) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' holds replicates that are merged already; give the directories "
                            "of the single runs",
                            directory));
  }
  Run run;
  run.directory = directory;
  run.study = file.text("study");
  run.title = file.text("title");
  run.program = fmt::format("{} ({})", file.text("eustress_version"), file.text("git_commit"));
  run.replicate = static_cast<std::uint32_t>(file.number("replicate"));
  run.individuals = file.individuals();
  run.arms = file.arms();
  run.strata = file.strata();
  run.variables = file.variables();
  run.seed = static_cast<std::uint64_t>(file.number("seed"));
  if (has_attribute(file, "lineage")) run.lineage = file.text("lineage");
  for (const Content& variable : run.variables) {
    run.values.push_back(file.read(variable.name).values);
  }
  return run;
}

bool is_same(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

void require_same_study(const Run& first, const Run& other) {
  std::vector<ChangedKey> changes = changed_keys(first.study, other.study);
  std::erase_if(changes, [](const ChangedKey& change) {
    return change.key == "study.seed" || change.key == "study.replicate";
  });
  if (first.lineage != other.lineage) changes.push_back({"lineage", first.lineage, other.lineage});
  if (changes.empty() && first.program != other.program) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' was made by eustress {}, '{}' by {}, whose numbers may differ; "
                            "run all with one of them",
                            first.directory, first.program, other.directory, other.program));
  }
  if (changes.empty()) return;
  throw Error(ErrorKind::usage,
              fmt::format("'{}' and '{}' are of different studies, which cannot be merged: only "
                          "study.seed and study.replicate may differ. Keys that do:{}",
                          first.directory, other.directory, listed(changes)));
}

[[noreturn]] void fail_shape(const Run& first, const Run& other, std::string_view variable) {
  throw Error(ErrorKind::input,
              fmt::format("'{}' and '{}' differ in variable '{}', which must be the same in runs "
                          "that are merged; were they made by different versions?",
                          first.directory, other.directory, variable));
}

/// The number of observations of some quantities is written only where it differs from the common
/// one. A run without `count` has in its place what its quantities name.
const Content& with_count(const std::vector<Run>& runs, const Run& run, const std::string& count) {
  for (const Run& other : runs) {
    for (const Content& variable : other.variables) {
      if (text_of(variable, "ancillary_variables") != count) continue;
      const Content* here = run.find(variable.name);
      if (here == nullptr) continue;
      if (const Content* own = run.find(text_of(*here, "ancillary_variables"))) return *own;
    }
  }
  fail_shape(runs.front(), run, count);
}

/// All variables of all runs in the order of the files.
std::vector<const Content*> all_variables(const std::vector<Run>& runs) {
  std::vector<const Content*> all;
  for (const Run& run : runs) {
    std::size_t place = 0;
    for (const Content& variable : run.variables) {
      const auto found = std::ranges::find(all, variable.name, &Content::name);
      if (found != all.end()) {
        // What names a count of its own is right for all runs.
        const std::string count = text_of(variable, "ancillary_variables");
        if (count != text_of(**found, "ancillary_variables") &&
            runs.front().find(count) == nullptr) {
          *found = &variable;
        }
        place = static_cast<std::size_t>(found - all.begin()) + 1;
        continue;
      }
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), &variable);
      ++place;
    }
  }
  return all;
}

Variable definition(const Content& content) {
  Variable variable{content.name, content.type, content.dimensions, {}};
  for (const Attribute& attribute : content.attributes) {
    if (attribute.name == "_FillValue") continue;  // the writer adds it
    variable.attributes.push_back(attribute);
    // The reader widens what was written as 32-bit codes and days.
    if (const auto* wide = std::get_if<std::vector<std::int64_t>>(&attribute.value)) {
      variable.attributes.back().value = std::vector<std::int32_t>(wide->begin(), wide->end());
    }
  }
  return variable;
}

/// The effective study of one job that makes these runs; that of the first, if none does.
std::string common_study(const std::vector<Run>& runs) {
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].seed != runs[0].seed || runs[r].replicate != runs[0].replicate + r) {
      return runs[0].study;
    }
  }
  // The line as a dump of the study writes it, its comment in the same column.
  std::string study = runs[0].study;
  const std::size_t place = study.find("\nreplicates = 1 ");
  const std::size_t comment = study.find('#', place);
  if (place == std::string::npos || comment == std::string::npos) return study;
  std::string line = fmt::format("\nreplicates = {}", runs.size());
  line.resize(comment - place, ' ');
  return study.replace(place, line.size(), line);
}

void write_merged(const std::string& path, const std::vector<Run>& runs, const std::string& study) {
  const Run& first = runs.front();
  RunDescription description;
  description.title = first.title;
  description.study = study;
  description.lineage = first.lineage;
  description.seed = first.seed;
  description.replicate = first.replicate;
  description.individuals = first.individuals;
  description.arms = first.arms;
  NetcdfWriter content(path);
  add_description(content, "results", description, first.strata);
  const auto count = static_cast<std::int32_t>(runs.size());
  content.add_attribute({"replicates", std::vector<std::int32_t>{count}});

  const bool is_one_seed =
      std::ranges::all_of(runs, [&](const Run& run) { return run.seed == first.seed; });
  std::vector<std::int64_t> numbers, seeds, places;
  for (const Run& run : runs) {
    places.push_back(is_one_seed ? std::int64_t{run.replicate}
                                 : static_cast<std::int64_t>(places.size()));
    numbers.push_back(run.replicate);
    seeds.push_back(static_cast<std::int64_t>(run.seed));
  }
  content.add_dimension({kReplicate, NumberType::int64, {}, described_as("1", "replicate")},
                        runs.size());
  content.write(kReplicate, places);
  const auto add = [&](const std::string& name, std::string_view doc,
                       const std::vector<std::int64_t>& values) {
    content.add_variable({name, NumberType::int64, {kReplicate}, described_as("1", doc)});
    content.write(name, values);
  };
  add("replicate_number", "study.replicate of the run", numbers);
  add("replicate_seed", "study.seed of the run", seeds);

  for (const Content* variable : all_variables(runs)) {
    Variable merged = definition(*variable);
    const bool is_scale = merged.dimensions.size() == 1 && merged.dimensions[0] == merged.name;
    const bool has_arm =
        !is_scale && std::ranges::find(merged.dimensions, "arm") != merged.dimensions.end();
    std::vector<double> values;
    for (const Run& run : runs) {
      const Content* own = run.find(variable->name);
      const Content& source = own != nullptr ? *own : with_count(runs, run, variable->name);
      if (source.dimensions != variable->dimensions || source.shape != variable->shape ||
          source.type != variable->type) {
        fail_shape(first, run, variable->name);
      }
      const std::vector<double>& numbers_of_run = run.values_of(source);
      if (has_arm || values.empty()) {
        values.insert(values.end(), numbers_of_run.begin(), numbers_of_run.end());
      } else if (!is_same(values, numbers_of_run)) {
        fail_shape(first, run, variable->name);
      }
    }
    if (is_scale) {
      content.add_dimension(merged, values.size());
    } else {
      if (has_arm) merged.dimensions.insert(merged.dimensions.begin(), kReplicate);
      content.add_variable(merged);
    }
    content.write(merged.name, values);
  }
  finish_results(content, path);
}

}  // namespace

std::string replicate_directory(const std::string& output, std::uint32_t number) {
  return (fs::path(output) / kReplicatesName / std::to_string(number)).string();
}

void remove_replicates(const std::string& output) {
  std::error_code failure;
  const fs::path directory = fs::path(output) / kReplicatesName;
  fs::remove(plan_path(output), failure);
  std::vector<fs::path> runs;
  // A directory that is not there has none.
  for (fs::directory_iterator entry(directory, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
      runs.push_back(entry->path());
    }
  }
  for (const fs::path& run : runs) {
    fs::remove_all(run, failure);
    if (failure) {
      throw system_failure(fmt::format("remove '{}' of the previous run", run.string()),
                           failure.value());
    }
  }
  fs::remove(directory, failure);  // refused if it holds anything else
}

void write_replicate_plan(const std::string& output, const ReplicatePlan& plan) {
  const fs::path path = plan_path(output);
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);
  if (failure) {
    throw system_failure(fmt::format("create the directory '{}'", path.parent_path().string()),
                         failure.value());
  }
  const nlohmann::ordered_json json = {{"study_directory", plan.directory}, {"study", plan.study}};
  write_file(path.string(), json.dump(2) + "\n");
}

bool has_replicate_plan(const std::string& output) {
  std::error_code unknown;  // reading tells of it
  return fs::exists(plan_path(output), unknown);
}

ReplicatePlan read_replicate_plan(const std::string& output) {
  const std::string path = plan_path(output).string();
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const nlohmann::json json = nlohmann::json::parse(text.str(), nullptr, false);
  const auto is_text = [&](const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_string();
  };
  if (!is_text("study") || !is_text("study_directory")) {
    throw Error(ErrorKind::input,
                fmt::format("'{}' cannot be read, or is not what eustress wrote; start the study "
                            "again with its own file: finished replicates are kept",
                            path));
  }
  return {json["study"].get<std::string>(), json["study_directory"].get<std::string>()};
}

bool is_finished_run(const std::string& directory, const std::string& study) {
  std::error_code unknown;
  const fs::path results = fs::path(directory) / kResultsName;
  if (!fs::exists(results, unknown)) return false;
  const ResultsFile file(results.string());
  const std::vector<ChangedKey> changes = changed_keys(file.text("study"), study);
  if (!changes.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' is of another study, so this job cannot use it. Changed keys:{}\n"
                            "Restore them, choose another output directory with -o, or start anew "
                            "with --force",
                            directory, listed(changes)));
  }
  const fs::path individuals = fs::path(directory) / kIndividualsName;
  if (fs::exists(individuals, unknown)) ResultsFile(individuals.string()).verify();
  return true;
}

std::string merge_results(const std::string& path, std::span<const std::string> directories) {
  if (directories.size() < 2) {
    throw Error(ErrorKind::usage,
                fmt::format("{} run was given; two at least can be merged", directories.size()));
  }
  std::vector<Run> runs;
  for (const std::string& directory : directories) {
    runs.push_back(load(directory));
    require_same_study(runs.front(), runs.back());
  }
  std::ranges::stable_sort(runs, {}, [](const Run& r) { return std::pair{r.seed, r.replicate}; });
  for (std::size_t r = 1; r < runs.size(); ++r) {
    if (runs[r].seed != runs[r - 1].seed || runs[r].replicate != runs[r - 1].replicate) continue;
    throw Error(
        ErrorKind::usage,
        fmt::format("'{}' and '{}' are the same run, seed {} and replicate {}; give each "
                    "once",
                    runs[r - 1].directory, runs[r].directory, runs[r].seed, runs[r].replicate));
  }
  std::string study = common_study(runs);
  write_merged(path, runs, study);
  return study;
}

}  // namespace eustress::io
