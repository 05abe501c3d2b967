#include "io/results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "core/numerics/student_t.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/results_file.hpp"
#include "io/study/difference.hpp"
#include "io/study/reader.hpp"

namespace eustress::io {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLevel = 0.95;
constexpr double kNormal = 1.959963984540054;  ///< standard normal quantile of kLevel
constexpr double kDaysPerYear = 365.0;
constexpr std::string_view kOutcome = "outcome_", kMean = "_mean";
constexpr std::uint64_t kPiece = std::uint64_t{1} << 18;  ///< persons in memory at a time

std::size_t place_of(const std::string& name, const std::vector<std::string>& names,
                     std::string_view kind, const std::string& path) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw Error(ErrorKind::usage, fmt::format("'{}' has no {} '{}'; it has {}.{}", path, kind, name,
                                            fmt::join(names, ", "), did_you_mean(name, names)));
}

std::vector<std::string> chosen(const std::vector<std::string>& asked,
                                const std::vector<std::string>& there, const std::string& path) {
  for (const std::string& name : asked) place_of(name, there, "outcome", path);
  return asked.empty() ? there : asked;
}

/// Days of the study, NaN if its text cannot be read by this version.
double days_of(const ResultsFile& file) {
  try {
    std::vector<std::string> warnings;
    return read_study(file.text("study"), "study", {}, warnings).days;
  } catch (const Error&) {
    return kNaN;
  }
}

/// A variable over ([replicate,] arm, stratum), for one stratum.
class ArmNumbers {
 public:
  ArmNumbers(const ResultsFile& file, const std::string& variable, std::size_t stratum) {
    if (!file.has(variable)) return;
    const NumberArray array = file.read(variable);
    const bool has_replicates = array.shape.size() == 3 && array.dimensions[0] == "replicate";
    if (!has_replicates && array.shape.size() != 2) {
      throw Error(ErrorKind::input, fmt::format("'{}': variable '{}' has {} dimensions, not 2",
                                                file.path(), variable, array.shape.size()));
    }
    const std::size_t n = array.shape.size();
    arms_ = array.shape[n - 2];
    for (std::size_t i = stratum; i < array.values.size(); i += array.shape[n - 1]) {
      values_.push_back(array.values[i]);
    }
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] double at(std::size_t replicate, std::size_t arm) const {
    return values_.empty() ? kNaN : values_[replicate * arms_ + arm];
  }

 private:
  std::size_t arms_ = 1;
  std::vector<double> values_;
};

struct Spread {
  double mean = kNaN, sd = kNaN;  ///< sd with n - 1
};
Spread spread(std::span<const double> values) {
  if (values.empty()) return {};
  double sum = 0.0, squares = 0.0;
  for (const double x : values) sum += x;
  const auto n = static_cast<double>(values.size());
  const double mean = sum / n;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {mean, values.size() > 1 ? std::sqrt(squares / (n - 1.0)) : kNaN};
}

/// What follows from the difference and its interval.
void finish(Effect& effect, double days) {
  // As of one person, so that the half width is taken over as it is.
  const PairedDifference change{1, effect.difference.value,
                                effect.difference.high - effect.difference.value};
  if (effect.outcome.starts_with("ever_")) {
    effect.needed_to_treat = number_needed_to_treat(change, 1.0);
  }
  if (effect.unit == "d" && std::isfinite(days)) {
    const Interval averted = days_averted_per_1000(change, 1.0);
    const double per_year = kDaysPerYear / days;
    effect.days_averted =
        Interval{averted.value * per_year, averted.low * per_year, averted.high * per_year};
  }
}

std::vector<std::string> outcomes_of(const ResultsFile& file) {
  std::vector<std::string> names;
  for (const NetcdfReader::Content& variable : file.variables()) {
    if (!variable.name.starts_with(kOutcome) || !variable.name.ends_with(kMean)) continue;
    names.push_back(variable.name.substr(kOutcome.size(),
                                         variable.name.size() - kOutcome.size() - kMean.size()));
  }
  return names;
}

Effect effect_of(const ResultsFile& file, const std::string& name, std::size_t arm,
                 std::size_t reference, std::size_t stratum, std::size_t replicates) {
  const std::string outcome = fmt::format("outcome_{}", name);
  const std::string paired = fmt::format("effect_{}", name);
  const ArmNumbers mean(file, outcome + "_mean", stratum), sd(file, outcome + "_sd", stratum);
  const ArmNumbers count(file, file.has(outcome + "_count") ? outcome + "_count" : "outcome_count",
                         stratum);
  const ArmNumbers difference(file, paired + "_mean", stratum);
  const ArmNumbers difference_sd(file, paired + "_sd", stratum);
  const ArmNumbers pairs(file, file.has(paired + "_count") ? paired + "_count" : "effect_count",
                         stratum);
  const ArmNumbers ratio(file, paired + "_variance_ratio", stratum);
  const ArmNumbers improved(file, paired + "_improved", stratum);
  const ArmNumbers worsened(file, paired + "_worsened", stratum);
  // Those of persons are against the first arm.
  const bool is_paired = reference == 0 && !difference.empty();

  Effect effect;
  effect.arm = file.arms()[arm];
  effect.outcome = name;
  effect.unit = file.text(outcome + "_mean", "units");
  std::vector<double> references, means, differences, sds;
  double persons = 0.0;
  for (std::size_t r = 0; r < replicates; ++r) {
    references.push_back(mean.at(r, reference));
    means.push_back(mean.at(r, arm));
    differences.push_back(is_paired ? difference.at(r, arm)
                                    : mean.at(r, arm) - mean.at(r, reference));
    sds.push_back(sd.at(r, reference));
    const double n = is_paired && !pairs.empty() ? pairs.at(r, arm) : count.at(r, arm);
    if (std::isfinite(n)) persons += n;
  }
  effect.persons = static_cast<std::int64_t>(persons);
  effect.reference_mean = spread(references).mean;
  effect.arm_mean = spread(means).mean;
  const Spread change = spread(differences);
  effect.reference_sd = spread(sds).mean;
  effect.standardised = change.mean / effect.reference_sd;
  double half = kNaN;
  if (replicates > 1) {
    effect.basis = Basis::replicates;
    half = student_t(kLevel, static_cast<int>(replicates) - 1) * change.sd /
           std::sqrt(static_cast<double>(replicates));
  } else if (is_paired) {
    half = kNormal * difference_sd.at(0, arm) / std::sqrt(persons);
  } else {
    effect.basis = Basis::unpaired;
    half = kNormal * std::sqrt(sd.at(0, arm) * sd.at(0, arm) / count.at(0, arm) +
                               sd.at(0, reference) * sd.at(0, reference) / count.at(0, reference));
  }
  effect.difference = {change.mean, change.mean - half, change.mean + half};
  if (!is_paired) return effect;
  const auto total = [&](const ArmNumbers& numbers) -> std::optional<std::int64_t> {
    if (numbers.empty()) return std::nullopt;
    double sum = 0.0;
    for (std::size_t r = 0; r < replicates; ++r) sum += numbers.at(r, arm);
    return static_cast<std::int64_t>(sum);
  };
  effect.improved = total(improved);
  effect.worsened = total(worsened);
  std::vector<double> ratios;
  for (std::size_t r = 0; r < replicates; ++r) ratios.push_back(ratio.at(r, arm));
  if (const double r = spread(ratios).mean; std::isfinite(r)) effect.variance_ratio = r;
  return effect;
}

// --- two runs ------------------------------------------------------------------------------------

std::string individuals_of(const std::string& directory) {
  const std::filesystem::path path = std::filesystem::path(directory) / kIndividualsName;
  std::error_code unknown;  // reading tells of it
  if (ResultsFile(finished_results(directory)).has("replicate")) {
    throw Error(ErrorKind::usage,
                fmt::format("'{0}' holds replicates; persons are paired between single runs, such "
                            "as those in '{0}/{1}'",
                            directory, kReplicatesName));
  }
  if (!std::filesystem::exists(path, unknown)) {
    throw Error(ErrorKind::input,
                fmt::format("'{}' has no {}, by which persons of two runs are paired; run the "
                            "study with output.individuals = true",
                            directory, kIndividualsName));
  }
  return path.string();
}

/// Who takes part, when, and with which luck must be the same.
void require_same_people(const ResultsFile& reference, const ResultsFile& other) {
  std::vector<ChangedKey> changes = changed_keys(reference.text("study"), other.text("study"));
  std::erase_if(changes, [](const ChangedKey& change) {
    constexpr std::string_view kFixed[] = {"study.seed", "study.replicate", "study.days",
                                           "population", "content of "};
    return std::ranges::none_of(kFixed,
                                [&](std::string_view key) { return change.key.starts_with(key); });
  });
  if (changes.empty() && reference.individuals() == other.individuals()) return;
  std::string text;
  for (const ChangedKey& change : changes) {
    text += fmt::format("\n  {}: {}, {}", change.key, change.left, change.right);
  }
  throw Error(ErrorKind::usage,
              fmt::format("persons of '{}' and '{}' cannot be paired: they are not the same people "
                          "with the same luck. Keys that differ:{}",
                          reference.path(), other.path(), text));
}

/// Days that are -1 where there is none: they have no mean.
bool is_coded_day(std::string_view name) {
  return name == "event_day" || name.ends_with("_onset_day") || name.ends_with("_end_day");
}

/// Columns that hold one number per arm and person, or one per assessment too.
struct PersonColumn {
  std::string name, variable, unit;
};
std::vector<PersonColumn> person_columns(const ResultsFile& file) {
  std::vector<PersonColumn> columns;
  for (const NetcdfReader::Content& variable : file.variables()) {
    const auto& dimensions = variable.dimensions;
    const bool is_course = dimensions.size() == 3 && dimensions[2] == "assessment";
    if (dimensions.size() < 2 || dimensions[0] != "arm" || dimensions[1] != "individual" ||
        (dimensions.size() > 2 && !is_course) || is_coded_day(variable.name)) {
      continue;
    }
    columns.push_back({is_course ? "mean_" + variable.name : variable.name, variable.name,
                       file.text(variable.name, "units")});
  }
  return columns;
}

/// Of the persons from `first` on, in an arm: the number, or the mean over assessments.
std::vector<double> values_of(const ResultsFile& file, const std::string& variable, std::size_t arm,
                              std::uint64_t first, std::uint64_t count) {
  const NetcdfReader::Content& content = file.described(variable);
  std::vector<std::uint64_t> starts(content.shape.size(), 0), counts = content.shape;
  starts[0] = arm;
  counts[0] = 1;
  starts[1] = first;
  counts[1] = count;
  const std::vector<double> numbers = file.read(variable, starts, counts);
  const std::size_t width = numbers.size() / static_cast<std::size_t>(count);
  std::vector<double> values(static_cast<std::size_t>(count), 0.0);
  for (std::size_t i = 0; i < numbers.size(); ++i) values[i / width] += numbers[i];
  for (double& value : values) value /= static_cast<double>(width);
  return values;
}

/// Sums of a column over persons, relative to those of the first person so that squares stay exact
/// enough.
struct Moments {
  double origin = kNaN, sum = 0.0, squares = 0.0;
  void add(double x) {
    if (std::isnan(origin)) origin = x;
    sum += x - origin;
    squares += (x - origin) * (x - origin);
  }
  [[nodiscard]] double mean(double n) const { return origin + sum / n; }
  [[nodiscard]] double variance(double n) const {
    return std::max(0.0, (squares - sum * sum / n) / n);
  }
};

bool is_higher_better(std::string_view name) {
  return name.find("self_control") != std::string_view::npos ||
         name.find("control_belief") != std::string_view::npos ||
         name.find("mastered") != std::string_view::npos;
}

Effect effect_between(const ResultsFile& reference, std::size_t reference_arm,
                      const ResultsFile& other, std::size_t arm, const PersonColumn& column,
                      std::optional<double> stratum) {
  Moments before, after, change;
  double n = 0.0;
  std::int64_t lower = 0, higher = 0;
  for (std::uint64_t first = 0; first < reference.individuals(); first += kPiece) {
    const std::uint64_t count = std::min(kPiece, reference.individuals() - first);
    const auto a = values_of(reference, column.variable, reference_arm, first, count);
    const auto b = values_of(other, column.variable, arm, first, count);
    std::vector<double> strata;
    if (stratum) {
      const std::vector<std::uint64_t> start = {first}, length = {count};
      strata = reference.read("stratum", start, length);
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
      if (stratum && strata[i] != *stratum) continue;
      n += 1.0;
      before.add(a[i]);
      after.add(b[i]);
      change.add(b[i] - a[i]);
      lower += b[i] < a[i] ? 1 : 0;
      higher += b[i] > a[i] ? 1 : 0;
    }
  }
  Effect effect;
  effect.arm = other.arms()[arm];
  effect.outcome = column.name;
  effect.unit = column.unit;
  effect.persons = static_cast<std::int64_t>(n);
  effect.reference_mean = n > 0.0 ? before.mean(n) : kNaN;
  effect.arm_mean = n > 0.0 ? after.mean(n) : kNaN;
  const double difference = n > 0.0 ? change.mean(n) : kNaN;
  effect.difference = mean_difference(
      {effect.persons, difference, std::sqrt(n > 0.0 ? change.variance(n) : kNaN)}, kNormal);
  effect.reference_sd = std::sqrt(n > 0.0 ? before.variance(n) : kNaN);
  effect.standardised = difference / effect.reference_sd;
  const bool is_better_higher = is_higher_better(column.name);
  effect.improved = is_better_higher ? higher : lower;
  effect.worsened = is_better_higher ? lower : higher;
  if (change.variance(n) > 0.0) {
    effect.variance_ratio = (before.variance(n) + after.variance(n)) / change.variance(n);
  }
  return effect;
}

}  // namespace

std::string_view to_string(Basis basis) {
  switch (basis) {
    case Basis::persons:
      return "paired persons";
    case Basis::replicates:
      return "replicates";
    case Basis::unpaired:
      break;
  }
  return "persons, not paired";
}

Comparison compare_arms(const std::string& directory, const ComparisonRequest& request) {
  return compare_arms(ResultsFile(finished_results(directory)), request);
}

Comparison compare_arms(const ResultsFile& file, const ComparisonRequest& request) {
  const std::vector<std::string>& arms = file.arms();
  const std::vector<std::string> there = outcomes_of(file);
  if (there.empty()) {
    throw Error(ErrorKind::input,
                fmt::format("'{}' has no outcomes of persons (outcome_*); run the study again with "
                            "this version",
                            file.path()));
  }
  if (arms.size() < 2) {
    throw Error(
        ErrorKind::usage,
        fmt::format("'{}' has one arm only, '{}': give the study another [[arm]], or name a "
                    "second run to compare with",
                    file.path(), arms.front()));
  }
  const std::vector<std::string> outcomes = chosen(request.outcomes, there, file.path());
  const std::size_t reference =
      request.reference.empty() ? 0 : place_of(request.reference, arms, "arm", file.path());
  const std::size_t stratum =
      request.stratum.empty() ? 0
                              : place_of(request.stratum, file.strata(), "stratum", file.path());
  Comparison comparison;
  comparison.title = file.path();
  comparison.reference = arms[reference];
  comparison.stratum = file.strata()[stratum];
  comparison.individuals = file.individuals();
  if (file.has("replicate")) comparison.replicates = file.described("replicate").shape.front();
  if (reference != 0 && comparison.replicates == 1) {
    comparison.notes.push_back(
        fmt::format("pairs of persons are kept with '{}' only; against '{}' intervals are those of "
                    "independent persons, which are too wide",
                    arms[0], arms[reference]));
  }
  const double days = days_of(file);
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    if (arm == reference) continue;
    comparison.arms.push_back(arms[arm]);
    for (const std::string& outcome : outcomes) {
      comparison.effects.push_back(
          effect_of(file, outcome, arm, reference, stratum, comparison.replicates));
      finish(comparison.effects.back(), days);
    }
  }
  return comparison;
}

Comparison compare_runs(const std::string& reference_directory, const std::string& directory,
                        const ComparisonRequest& request) {
  const ResultsFile reference(individuals_of(reference_directory));
  const ResultsFile other(individuals_of(directory));
  require_same_people(reference, other);
  reference.verify();
  other.verify();
  std::vector<PersonColumn> columns = person_columns(reference);
  std::erase_if(columns, [&](const PersonColumn& c) {
    return !other.has(c.variable) ||
           other.described(c.variable).dimensions != reference.described(c.variable).dimensions;
  });
  std::vector<std::string> there;
  for (const PersonColumn& column : columns) there.push_back(column.name);
  const std::vector<std::string> outcomes = chosen(request.outcomes, there, reference.path());
  std::optional<double> stratum;
  if (!request.stratum.empty()) {
    stratum = static_cast<double>(
        place_of(request.stratum, reference.strata(), "stratum", reference.path()));
    if (*stratum == 0.0) stratum.reset();  // everybody
  }
  Comparison comparison;
  comparison.title = fmt::format("{} against {}", directory, reference_directory);
  comparison.stratum = request.stratum.empty() ? reference.strata().front() : request.stratum;
  comparison.individuals = reference.individuals();
  const double days = days_of(reference);
  for (std::size_t arm = 0; arm < other.arms().size(); ++arm) {
    const std::string& name = other.arms()[arm];
    const std::string& against = request.reference.empty() ? name : request.reference;
    if (!request.reference.empty()) {
      place_of(request.reference, reference.arms(), "arm", reference.path());
    }
    const auto found = std::ranges::find(reference.arms(), against);
    if (found == reference.arms().end()) {
      comparison.notes.push_back(
          fmt::format("'{}' has no arm '{}', which is left out", reference_directory, name));
      continue;
    }
    comparison.arms.push_back(name);
    for (const PersonColumn& column : columns) {
      if (std::ranges::find(outcomes, column.name) == outcomes.end()) continue;
      comparison.effects.push_back(
          effect_between(reference, static_cast<std::size_t>(found - reference.arms().begin()),
                         other, arm, column, stratum));
      finish(comparison.effects.back(), days);
    }
  }
  comparison.reference = request.reference.empty()
                             ? fmt::format("the same arm of {}", reference_directory)
                             : fmt::format("{} of {}", request.reference, reference_directory);
  if (comparison.arms.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' and '{}' have no arm of the same name; choose one with "
                            "--reference: {}",
                            reference_directory, directory, fmt::join(reference.arms(), ", ")));
  }
  return comparison;
}

std::string comparison_json(const Comparison& comparison) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); };
  const auto interval = [&](const std::optional<Interval>& x) {
    if (!x) return Json(nullptr);
    return Json{{"value", number(x->value)}, {"low", number(x->low)}, {"high", number(x->high)}};
  };
  const auto optional = [](const auto& x) { return x ? Json(*x) : Json(nullptr); };
  Json effects = Json::array();
  for (const Effect& effect : comparison.effects) {
    effects.push_back({{"arm", effect.arm},
                       {"outcome", effect.outcome},
                       {"unit", effect.unit},
                       {"basis", to_string(effect.basis)},
                       {"persons", effect.persons},
                       {"reference_mean", number(effect.reference_mean)},
                       {"arm_mean", number(effect.arm_mean)},
                       {"difference", interval(effect.difference)},
                       {"standardised", number(effect.standardised)},
                       {"improved", optional(effect.improved)},
                       {"worsened", optional(effect.worsened)},
                       {"variance_ratio", optional(effect.variance_ratio)},
                       {"number_needed_to_treat", interval(effect.needed_to_treat)},
                       {"days_averted_per_1000_person_years", interval(effect.days_averted)}});
  }
  const Json json = {{"results", comparison.title},
                     {"reference", comparison.reference},
                     {"stratum", comparison.stratum},
                     {"individuals", comparison.individuals},
                     {"replicates", comparison.replicates},
                     {"notes", comparison.notes},
                     {"effects", effects}};
  return json.dump(2) + "\n";
}

}  // namespace eustress::io
