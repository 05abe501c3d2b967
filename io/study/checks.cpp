#include "io/study/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/strata.hpp"
#include "core/engine/trace.hpp"
#include "core/error.hpp"
#include "core/population/factors.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/study/step_grid.hpp"

namespace eustress::io {
namespace {

constexpr int kMinutesPerDay = 1440;

std::string_view word(ProbeKind kind) {
  return kProbeKinds[static_cast<std::size_t>(kind)];
}

std::string clock_time(int minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

void check_day(std::string_view key, int day, const SectionStatus& status, const Frame& frame,
               Diagnostics& diagnostics) {
  if (!frame.days || !status.right(key) || day < *frame.days) return;
  diagnostics.error(status.place(key),
                    fmt::format("{} = {} is after the end of the run; legal is 0 to {} [d]", key,
                                day, *frame.days - 1));
}

void check_window(std::string_view start_key, int start_day, std::string_view end_key, int end_day,
                  const SectionStatus& status, const Frame& frame, Diagnostics& diagnostics) {
  check_day(start_key, start_day, status, frame, diagnostics);
  if (!status.right(end_key)) return;
  if (frame.days && end_day > *frame.days) {
    diagnostics.error(status.place(end_key),
                      fmt::format("{} = {} is after the end of the run; legal is 1 to {} [d], "
                                  "the day after the last",
                                  end_key, end_day, *frame.days));
  }
  if (status.right(start_key) && end_day <= start_day) {
    diagnostics.error(status.place(end_key), fmt::format("{} = {} is not after {} = {} [d]",
                                                         end_key, end_day, start_key, start_day));
  }
}

void check_window(int start_day, int end_day, const SectionStatus& status, const Frame& frame,
                  Diagnostics& diagnostics) {
  check_window("start_day", start_day, "end_day", end_day, status, frame, diagnostics);
}

// Roles a column can have, as keys.
constexpr std::array<std::string_view, 4> kRoles = {"factor", "covariate", "exposure", "outcome"};

// The key of the column's role, or an empty view and an error.
std::string_view role_of(const Element<ColumnPlan>& column, Diagnostics& diagnostics) {
  const auto& [plan, status] = column;
  std::vector<std::string_view> roles;
  if (plan.factor) roles.push_back(kRoles[0]);
  if (plan.covariate) roles.push_back(kRoles[1]);
  if (plan.exposure) roles.push_back(kRoles[2]);
  if (plan.outcome) roles.push_back(kRoles[3]);
  if (roles.size() == 1) return roles[0];
  for (const std::string_view role : kRoles) {
    if (!status.right(role)) return {};
  }
  if (roles.empty()) {
    diagnostics.error(status.table->place,
                      "the column has no role: give it factor, covariate, exposure = true or "
                      "outcome = true");
  } else {
    diagnostics.error(status.place(roles[1]), fmt::format("a column has one role; this one has {}",
                                                          fmt::join(roles, ", ")));
  }
  return {};
}

void check_column_keys(const Element<ColumnPlan>& column, std::string_view role,
                       Diagnostics& diagnostics) {
  struct Belongs {
    std::string_view key, role;
  };
  constexpr std::array<Belongs, 8> kBelongs = {{{"mean", "factor"},
                                                {"sd", "factor"},
                                                {"minimum", "factor"},
                                                {"maximum", "factor"},
                                                {"reverse", "factor"},
                                                {"hassle_effect", "exposure"},
                                                {"sex_zero", "covariate"},
                                                {"sex_one", "covariate"}}};
  const auto& [plan, status] = column;
  for (const Belongs& b : kBelongs) {
    const bool is_sex_code = b.role == "covariate";
    const bool belongs = is_sex_code ? plan.covariate == Covariate::sex : role == b.role;
    if (status.given(b.key) && !belongs) {
      diagnostics.error(status.table->find(b.key)->key_place,
                        fmt::format("{} is a key of columns with {}, and this one has {}", b.key,
                                    is_sex_code ? "covariate = \"sex\"" : b.role, role));
    }
  }
  if (status.given("level") && role != "factor" && role != "exposure") {
    diagnostics.error(
        status.table->find("level")->key_place,
        fmt::format("level is a key of columns with factor or exposure, and this one has {}",
                    role));
  }
  if (role == "exposure" && !status.given("hassle_effect")) {
    diagnostics.error(status.table->place,
                      "missing required key 'hassle_effect' of an exposure column");
  }
  for (const auto& [key, other] : {std::pair{"minimum", "maximum"}, {"maximum", "minimum"}}) {
    if (role == "factor" && status.given(key) && !status.given(other)) {
      diagnostics.error(status.place(key),
                        fmt::format("{} needs {}: a scale has two ends", key, other));
    }
  }
  if (plan.minimum && plan.maximum && *plan.minimum >= *plan.maximum) {
    diagnostics.error(status.place("maximum"),
                      fmt::format("maximum = {} is not above minimum = {}",
                                  plain_number(*plan.maximum), plain_number(*plan.minimum)));
  } else if (plan.minimum && plan.maximum && plan.mean &&
             (*plan.mean < *plan.minimum || *plan.mean > *plan.maximum)) {
    diagnostics.error(
        status.place("mean"),
        fmt::format("mean = {} is outside of the scale from {} to {}", plain_number(*plan.mean),
                    plain_number(*plan.minimum), plain_number(*plan.maximum)));
  }
  if (plan.covariate == Covariate::sex && plan.sex_zero == plan.sex_one &&
      status.right("sex_zero") && status.right("sex_one")) {
    diagnostics.error(status.place(status.given("sex_one") ? "sex_one" : "sex_zero"),
                      "sex_zero and sex_one are the same value");
  }
}

// Whether one column can be both: a factor and an exposure, or one of them at two levels.
bool may_both_be(const ColumnPlan& a, const ColumnPlan& b) {
  const auto is_resource_or_demand = [](const ColumnPlan& c) { return c.factor || c.exposure; };
  if (!is_resource_or_demand(a) || !is_resource_or_demand(b)) return false;
  return a.factor.has_value() != b.factor.has_value() || a.level != b.level;
}

void check_columns(std::span<const Element<ColumnPlan>> columns, Diagnostics& diagnostics) {
  const bool has_groups = std::ranges::any_of(
      columns, [](const auto& c) { return c.value.covariate == Covariate::group; });
  std::size_t exposures = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& [plan, status] = columns[i];
    const std::string_view role = role_of(columns[i], diagnostics);
    if (!role.empty()) check_column_keys(columns[i], role, diagnostics);
    if (plan.level == ColumnLevel::group && status.right("level") && !has_groups) {
      diagnostics.error(status.place("level"),
                        "level = \"group\" needs a column with covariate = \"group\", and there is "
                        "none");
    }
    if (role == "exposure" && ++exposures == kExtras + 1) {
      diagnostics.error(status.place("exposure"),
                        fmt::format("more than {} exposure columns", kExtras));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [earlier, earlier_status] = columns[j];
      const std::string place = diagnostics.where(earlier_status.table->place);
      if (status.right("column") && earlier_status.right("column") &&
          plan.column == earlier.column && !may_both_be(plan, earlier)) {
        diagnostics.error(
            status.place("column"),
            fmt::format("column \"{}\" already has a role, at {}; besides it may only be the other "
                        "of factor and exposure, or the same at another level",
                        plan.column, place));
        break;
      }
      if (plan.factor && plan.factor == earlier.factor) {
        diagnostics.error(
            status.place("factor"),
            fmt::format("there is already a column for {}, at {}", name_of(*plan.factor), place));
        break;
      }
      if (plan.covariate && plan.covariate == earlier.covariate) {
        diagnostics.error(
            status.place("covariate"),
            fmt::format("there is already a column for this covariate, at {}", place));
        break;
      }
      if (plan.outcome && earlier.outcome) {
        diagnostics.error(status.place("outcome"),
                          fmt::format("there is already an outcome column, at {}", place));
        break;
      }
    }
  }
}

void check_keys_of_kind(const Element<Probe>& probe, Diagnostics& diagnostics) {
  const auto& [plan, status] = probe;
  if (!status.right("kind")) return;
  for (const KeyRow<Probe>& row : probe_keys()) {
    const KeyInfo& info = row.info;
    if (info.only_for.empty() || info.only_for == word(plan.kind) || !status.given(info.key))
      continue;
    diagnostics.error(status.table->find(info.key)->key_place,
                      fmt::format("{} is a key of {} probes, and this is a {} probe", info.key,
                                  info.only_for, word(plan.kind)));
  }
}

// Samples are taken while the day of the probe is simulated.
bool on_day_of_probe(const Probe& probe, int sample_min) {
  const int minute = probe.minute + sample_min;
  return minute >= 0 && minute < kMinutesPerDay;
}

void check_samples(const Element<Probe>& probe, const Frame& frame, Diagnostics& diagnostics) {
  const auto& [plan, status] = probe;
  if (!status.given("samples_min") || !status.right("samples_min")) return;
  const Node& list = status.table->find("samples_min")->value;
  for (std::size_t i = 0; i < plan.samples_min.size(); ++i) {
    const int sample = plan.samples_min[i];
    const Place& place = list.items[i].place;
    if (frame.steps_per_half_hour && !on_step_grid(sample, *frame.steps_per_half_hour)) {
      diagnostics.error(place,
                        fmt::format("samples_min[{}] = {} is not on the step grid; legal are "
                                    "multiples of dt_min = {} [min]",
                                    i, sample, 30.0 / *frame.steps_per_half_hour));
    }
    if (i > 0 && sample <= plan.samples_min[i - 1]) {
      diagnostics.error(place,
                        fmt::format("samples_min[{}] = {} does not ascend; the sample before it "
                                    "is at {} [min]",
                                    i, sample, plan.samples_min[i - 1]));
    }
    if (status.right("time") && !on_day_of_probe(plan, sample)) {
      diagnostics.error(
          place, fmt::format("samples_min[{}] = {} is not on the day of the probe; legal are "
                             "{} to {} [min] from the onset",
                             i, sample, -plan.minute, kMinutesPerDay - 1 - plan.minute));
    }
  }
}

void check_keys_of_kind(const Element<Intervention>& intervention, Diagnostics& diagnostics) {
  const auto& [plan, status] = intervention;
  for (const KeyRow<Intervention>& row : intervention_keys()) {
    const KeyInfo& info = row.info;
    if (!status.given(info.key) || has_key(plan, info)) continue;
    // Words of only_for are kinds or targets, never both.
    const std::string first(info.only_for.substr(0, info.only_for.find(' ')));
    const bool of_kind = std::find(kInterventionKindNames.begin(), kInterventionKindNames.end(),
                                   first) != kInterventionKindNames.end();
    if (!status.right(of_kind ? "kind" : "target")) continue;
    std::string owners(info.only_for);
    for (std::size_t at = 0; (at = owners.find(' ', at)) != std::string::npos; at += 2) {
      owners.replace(at, 1, ", ");
    }
    diagnostics.error(
        status.table->find(info.key)->key_place,
        fmt::format("{} is a key of {} {}, and this is {}", info.key, of_kind ? "kind" : "target",
                    owners,
                    of_kind ? kInterventionKindNames[static_cast<std::size_t>(plan.kind)]
                            : kInterventionTargetNames[static_cast<std::size_t>(plan.target)]));
  }
}

// That there is a stratum of the name in the key `stratum`.
void check_stratum_name(const std::string& name, const SectionStatus& status,
                        std::span<const std::string> strata, Diagnostics& diagnostics) {
  if (std::find(strata.begin(), strata.end(), name) != strata.end()) return;
  constexpr std::size_t kMostListed = 12;
  std::string advice = did_you_mean(name, strata);
  if (advice.empty() && strata.size() <= kMostListed) {
    advice = fmt::format(" There are: {}", fmt::join(strata, ", "));
  }
  diagnostics.error(status.place("stratum"),
                    with_advice(fmt::format("unknown stratum \"{}\"", printable(name)), advice));
}

void check_stratum(const Element<Intervention>& intervention, const Frame& frame,
                   Diagnostics& diagnostics) {
  const auto& [plan, status] = intervention;
  if (!status.right("stratum")) return;
  if (!status.given("stratum")) {
    diagnostics.error(status.place("target"), "target = \"stratum\" needs the key stratum");
    return;
  }
  if (!frame.strata) return;
  if (frame.strata->size() == 1) {
    diagnostics.error(status.place("stratum"), "a stratum as the target needs [output] strata");
    return;
  }
  check_stratum_name(plan.stratum, status, std::span(*frame.strata).subspan(1), diagnostics);
}

void check_target(const Element<Intervention>& intervention, const Frame& frame,
                  Diagnostics& diagnostics) {
  const Intervention& plan = intervention.value;
  const SectionStatus& status = intervention.status;
  const auto needs = [&](std::string_view key) {
    if (!status.given(key)) {
      diagnostics.error(
          status.place("target"),
          fmt::format("target = \"{}\" needs the key {}",
                      kInterventionTargetNames[static_cast<std::size_t>(plan.target)], key));
    }
  };
  switch (plan.target) {
    case InterventionTarget::all:
      break;
    case InterventionTarget::fraction:
      needs("fraction");
      break;
    case InterventionTarget::factor_low:
    case InterventionTarget::factor_high:
      needs("factor");
      needs("quantile");
      break;
    case InterventionTarget::risk: {
      needs("quantile");
      needs("weights");
      const bool all_zero = std::all_of(plan.weights.begin(), plan.weights.end(),
                                        [](const auto& w) { return w.second == 0.0; });
      if (status.given("weights") && status.right("weights") && all_zero) {
        diagnostics.error(status.place("weights"), "weights of a risk score are not all 0");
      }
      break;
    }
    case InterventionTarget::symptoms:
      needs("threshold");
      if (!plan.stepped && status.right("start_day") && plan.start_day == 0) {
        diagnostics.warning(status.place("start_day"),
                            "the intervention targets 0 people: nobody has symptoms in the morning "
                            "of day 0; begin later, or set stepped = true");
      }
      break;
    case InterventionTarget::stratum:
      check_stratum(intervention, frame, diagnostics);
      break;
  }
}

void check_hours(const Element<Intervention>& intervention, const Frame& frame,
                 Diagnostics& diagnostics) {
  const Intervention& plan = intervention.value;
  const SectionStatus& status = intervention.status;
  if (!status.right("time") || !status.right("duration_min")) return;
  if (plan.kind == InterventionKind::inoculation && !status.given("duration_min")) {
    diagnostics.error(status.table->place,
                      "missing required key 'duration_min' of an inoculation: how long a session "
                      "lasts");
    return;
  }
  if (frame.steps_per_half_hour) {
    const double dt = 30.0 / *frame.steps_per_half_hour;
    const auto check = [&](std::string_view key, int minutes, const std::string& value) {
      if (on_step_grid(minutes, *frame.steps_per_half_hour)) return;
      diagnostics.error(status.place(key),
                        fmt::format("{} = {} is not on the step grid; legal are multiples of "
                                    "dt_min = {} [min]",
                                    key, value, dt));
    };
    check("time", plan.minute, clock_time(plan.minute));
    if (is_drug(plan.kind)) {
      check("duration_min", plan.duration_min, std::to_string(plan.duration_min));
    }
  }
  if (plan.minute + plan.duration_min > kMinutesPerDay) {
    diagnostics.error(status.place(status.given("duration_min") ? "duration_min" : "time"),
                      fmt::format("the intervention ends after midnight; with this time, "
                                  "duration_min is at most {} [min]",
                                  kMinutesPerDay - plan.minute));
  }
}

// That there are arms of the names in the key `arms`.
void check_arm_names(const std::vector<std::string>& arms, const SectionStatus& status,
                     const std::vector<std::string>& names, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (std::find(names.begin(), names.end(), arms[i]) != names.end()) continue;
    std::string advice = did_you_mean(arms[i], names);
    if (advice.empty()) advice = fmt::format(" There are: {}", fmt::join(names, ", "));
    diagnostics.error(status.table->find("arms")->value.items[i].place,
                      with_advice(fmt::format("unknown arm \"{}\"", arms[i]), advice));
  }
}

// That the numbers in the key `individuals` are those of different people of the cohort.
void check_traced_people(const TracePlan& plan, const SectionStatus& traces, const Frame& frame,
                         Diagnostics& diagnostics) {
  if (plan.first && traces.right("first") && frame.individuals &&
      *plan.first > static_cast<std::int64_t>(*frame.individuals)) {
    diagnostics.error(traces.place("first"),
                      fmt::format("first = {} is more than the cohort has; legal is 1 to {}",
                                  *plan.first, *frame.individuals));
  }
  if (!traces.given("individuals") || !traces.right("individuals")) return;
  if (plan.individuals.empty()) {
    diagnostics.error(traces.place("individuals"),
                      "individuals is empty; give at least one number, or leave [traces] out");
  }
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < plan.individuals.size(); ++i) {
    const std::int64_t id = plan.individuals[i];
    const Place& place = traces.table->find("individuals")->value.items[i].place;
    if (!seen.insert(id).second) {
      diagnostics.error(place, fmt::format("{} stands in individuals already", id));
    } else if (frame.individuals && id >= static_cast<std::int64_t>(*frame.individuals)) {
      diagnostics.error(place, fmt::format("individuals[{}] = {} is not in the cohort; legal is 0 "
                                           "to {}",
                                           i, id, *frame.individuals - 1));
    }
  }
}

// Files that nobody can have meant, and those that somebody may not have meant.
void check_trace_size(const Study& study, const SectionStatus& traces, Diagnostics& diagnostics) {
  constexpr double kMostBytes = 0x1p40;  // a tebibyte
  constexpr double kManyBytes = 0x1p30;
  constexpr double kMostOfPerson = 0x1p30;  // which is in memory as a whole
  const TraceSize size = trace_size(study);
  const Place place = traces.place(study.traces.first ? "first" : "individuals");
  constexpr std::string_view kRemedy =
      "take a larger every_min, fewer days by from_day and to_day, fewer people, or fewer arms";
  if (size.one > kMostOfPerson) {
    diagnostics.error(place,
                      fmt::format("the trace of one individual in one arm would have {:.0f} bytes; "
                                  "at most {:.0f} are legal: take a larger every_min, or fewer "
                                  "days by from_day and to_day",
                                  size.one, kMostOfPerson));
  } else if (size.all > kMostBytes) {
    diagnostics.error(place, fmt::format("traces.nc would have {:.0f} bytes; at most {:.0f} are "
                                         "legal: {}",
                                         size.all, kMostBytes, kRemedy));
  } else if (size.all > kManyBytes) {
    diagnostics.warning(place, fmt::format("traces.nc will have {:.0f} bytes; to have less, {}",
                                           size.all, kRemedy));
  }
}

std::string times_of(const Intervention& plan) {
  return fmt::format("days {} to {} from {} to {}", plan.start_day, plan.end_day - 1,
                     clock_time(plan.minute), clock_time(plan.minute + plan.duration_min));
}

bool overlap(const Intervention& a, const Intervention& b) {
  return a.start_day < b.end_day && b.start_day < a.end_day &&
         a.minute < b.minute + b.duration_min && b.minute < a.minute + a.duration_min;
}

}  // namespace

std::optional<int> checked_steps(const Study& study, const SectionStatus& numerics,
                                 Diagnostics& diagnostics) {
  if (!numerics.right("dt_min")) return std::nullopt;
  const std::optional<int> steps = steps_per_half_hour(study.dt_min);
  if (!steps) {
    diagnostics.error(
        numerics.place("dt_min"),
        fmt::format("dt_min = {} does not divide 30 min; legal are 30/n from 0.25 to 6 "
                    "[min]: 6, 5, 3.75, 3, 2.5, 2, 1.5, 1, 0.5, ...",
                    plain_number(study.dt_min)));
  }
  return steps;
}

void check_replicates(const Study& study, const SectionStatus& status, Diagnostics& diagnostics) {
  if (!status.right("replicate") || !status.right("replicates")) return;
  constexpr auto kMost = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  const std::int64_t last = std::int64_t{study.replicate} + study.replicates - 1;
  if (last <= kMost) return;
  diagnostics.error(status.place(status.given("replicates") ? "replicates" : "replicate"),
                    fmt::format("the last of {} replicates from number {} on would be number {}, "
                                "beyond {}",
                                study.replicates, study.replicate, last, kMost));
}

void check_population(const Study& study, const SectionStatus& population,
                      std::span<const Element<ColumnPlan>> columns, Diagnostics& diagnostics) {
  const PopulationPlan& plan = study.population;
  if (population.right("age_min_y") && population.right("age_max_y") &&
      plan.age_min > plan.age_max) {
    const std::string_view key = population.given("age_max_y") ? "age_max_y" : "age_min_y";
    diagnostics.error(population.place(key),
                      fmt::format("age_max_y = {} is below age_min_y = {} [y]",
                                  plain_number(plan.age_max), plain_number(plan.age_min)));
  }
  check_columns(columns, diagnostics);
  if (plan.cohort.empty() && population.right("cohort") && !columns.empty()) {
    diagnostics.error(columns[0].status.table->place,
                      "a [[population.column]] needs a cohort table: give [population] cohort");
  }
  if (plan.cohort.empty() && population.right("cohort") && !plan.id_column.empty()) {
    diagnostics.error(population.place("id_column"), "id_column needs a cohort table: give cohort");
  }
  if (!plan.cohort.empty() && columns.empty()) {
    diagnostics.error(
        population.place("cohort"),
        "cohort needs at least one [[population.column]] that says what a column of the "
        "table means");
  }
}

void check_regime(const Element<Regime>& regime, const Frame& frame, Diagnostics& diagnostics) {
  const auto& [plan, status] = regime;
  check_window(plan.start_day, plan.end_day, status, frame, diagnostics);
  if (plan.group && !frame.has_groups) {
    diagnostics.error(status.place("group"),
                      "group needs a [[population.column]] with covariate = \"group\"");
  }
  if (plan.stratum.empty() || !status.right("stratum") || !frame.strata) return;
  if (frame.strata->size() == 1) {
    diagnostics.error(status.place("stratum"), "a regime of a stratum needs [output] strata");
    return;
  }
  check_stratum_name(plan.stratum, status, *frame.strata, diagnostics);
}

void check_wave(const Element<Wave>& wave, const Frame& frame, Diagnostics& diagnostics) {
  check_day("day", wave.value.day, wave.status, frame, diagnostics);
}

void check_probe(Element<Probe>& probe, const Frame& frame, Diagnostics& diagnostics) {
  auto& [plan, status] = probe;
  check_day("day", plan.day, status, frame, diagnostics);
  check_keys_of_kind(probe, diagnostics);
  if (frame.steps_per_half_hour && status.right("time") &&
      !on_step_grid(plan.minute, *frame.steps_per_half_hour)) {
    diagnostics.error(
        status.place("time"),
        fmt::format("time = {} is not on the step grid; legal are multiples of dt_min = {} [min] "
                    "after midnight",
                    clock_time(plan.minute), 30.0 / *frame.steps_per_half_hour));
  }
  if (plan.kind == ProbeKind::stressor && status.right("time") && status.right("duration_min") &&
      plan.minute + plan.duration_min > kMinutesPerDay) {
    const std::string_view key = status.given("duration_min") ? "duration_min" : "time";
    diagnostics.error(
        status.place(key),
        fmt::format("the probe ends after midnight; with this time, duration_min is at "
                    "most {} [min]",
                    kMinutesPerDay - plan.minute));
  }
  const Entry* kind = status.table->find("kind");
  if (kind != nullptr && kind->value.text == kTsst && !status.given("samples_min") &&
      frame.steps_per_half_hour) {
    plan.samples_min = tsst_samples(*frame.steps_per_half_hour);
    if (status.right("time") && (!on_day_of_probe(plan, plan.samples_min.front()) ||
                                 !on_day_of_probe(plan, plan.samples_min.back()))) {
      diagnostics.error(status.place(status.given("time") ? "time" : "kind"),
                        "the samples of kind = \"tsst\", from -30 to 120 [min], are not all on the "
                        "day of the probe; move time to 00:30 to 21:59, or give samples_min");
    }
  }
  if (plan.kind == ProbeKind::rest && plan.samples_min.empty() && status.right("kind") &&
      status.right("samples_min")) {
    diagnostics.error(status.place("kind"),
                      "a probe of kind = \"rest\" only takes samples: give samples_min");
  }
  check_samples(probe, frame, diagnostics);
}

std::vector<Element<Probe>> scheduled_probes(std::vector<Element<Probe>> probes, const Frame& frame,
                                             Diagnostics& diagnostics) {
  constexpr std::size_t kLongestName = 64;
  std::map<std::string, Place, std::less<>> names;
  for (const auto& [plan, status] : probes) names.emplace(plan.name, status.place("name"));
  std::vector<Element<Probe>> all;
  for (Element<Probe>& probe : probes) {
    auto& [plan, status] = probe;
    const int repeats = plan.repeats;
    const int every = plan.every_days;
    plan.repeats = plan.every_days = 1;
    const bool is_right = status.right("repeats") && status.right("every_days") &&
                          status.right("day") && status.right("name");
    if (is_right && repeats == 1 && every > 1) {
      diagnostics.error(status.table->find("every_days")->key_place,
                        "every_days has a meaning only with repeats of 2 or more");
    }
    if (!is_right || repeats == 1) {
      all.push_back(std::move(probe));
      continue;
    }
    const std::int64_t last = plan.day + std::int64_t{every} * (repeats - 1);
    if (frame.days && last >= *frame.days) {
      const int fitting = plan.day < *frame.days ? 1 + (*frame.days - 1 - plan.day) / every : 0;
      diagnostics.error(status.place("repeats"),
                        fmt::format("repeats = {} puts the last probe on day {}, after the end of "
                                    "the run; with this day and every_days = {}, at most {} fit",
                                    repeats, last, every, fitting));
    }
    const std::string longest = fmt::format("{}_{}", plan.name, repeats);
    if (longest.size() > kLongestName) {
      diagnostics.error(status.place("name"),
                        fmt::format("the repeats of this probe need names up to \"{}\", which is "
                                    "longer than {} characters",
                                    longest, kLongestName));
    }
    for (int i = 1; i <= repeats; ++i) {
      Element<Probe>& one = all.emplace_back(probe);
      one.value.name = fmt::format("{}_{}", plan.name, i);
      one.value.day = plan.day + every * (i - 1);
      const auto [taken, is_new] = names.emplace(one.value.name, status.place("name"));
      if (is_new || taken->second == status.place("name")) continue;
      diagnostics.error(status.place("name"),
                        fmt::format("the repeats of this probe need the name \"{}\", which is "
                                    "that of the probe at {}",
                                    one.value.name, diagnostics.where(taken->second)));
    }
  }
  return all;
}

void check_probe_days(std::span<const Element<Probe>> probes, Diagnostics& diagnostics) {
  std::set<std::pair<const Node*, const Node*>> reported;  // schedules may meet on many days
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto& [plan, status] = probes[i];
    if (!status.right("day") || !status.right("kind")) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [earlier, earlier_status] = probes[j];
      if (earlier.day != plan.day || earlier.kind != plan.kind || !earlier_status.right("day") ||
          !earlier_status.right("kind")) {
        continue;
      }
      if (!reported.emplace(status.table, earlier_status.table).second) break;
      diagnostics.error(
          status.place("day"),
          fmt::format("there is already a {} probe on day {}, at {}; one a day is legal",
                      word(plan.kind), plan.day, diagnostics.where(earlier_status.table->place)));
      break;
    }
  }
}

void check_intervention(const Element<Intervention>& intervention, const Frame& frame,
                        Diagnostics& diagnostics) {
  const auto& [plan, status] = intervention;
  check_window(plan.start_day, plan.end_day, status, frame, diagnostics);
  check_keys_of_kind(intervention, diagnostics);
  if (status.right("target")) check_target(intervention, frame, diagnostics);
  const bool is_timed = is_drug(plan.kind) || plan.kind == InterventionKind::inoculation;
  if (status.right("kind") && is_timed) check_hours(intervention, frame, diagnostics);
}

void check_interventions_of_arms(std::span<const Element<Intervention>> interventions,
                                 std::span<const Arm> arms, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const Arm& arm : arms) names.push_back(arm.name);
  for (const auto& [plan, status] : interventions) {
    if (!status.right("arms")) continue;
    check_arm_names(plan.arms, status, names, diagnostics);
    if (plan.arms.empty() && arms.size() == 1) {
      diagnostics.warning(status.table->place,
                          "the intervention belongs to no arm: the study has only the reference "
                          "arm; add an [[arm]], or name it in arms");
    }
  }
  for (std::size_t a = 0; a < arms.size(); ++a) {
    std::vector<const Element<Intervention>*> mine;
    for (const auto& element : interventions) {
      if (!element.status.right("arms") || !belongs_to(element.value, arms[a].name, a)) continue;
      if (mine.size() == kInterventionSlots) {
        diagnostics.error(element.status.table->place,
                          fmt::format("arm '{}' has more than {} interventions, and '{}' is "
                                      "beyond that; give fewer, or other arms",
                                      arms[a].name, kInterventionSlots, element.value.name));
        break;
      }
      mine.push_back(&element);
    }
    for (std::size_t i = 0; i < mine.size(); ++i) {
      const auto& [plan, status] = *mine[i];
      const auto is_right = [](const SectionStatus& s) {
        return s.right("kind") && s.right("start_day") && s.right("end_day") && s.right("time") &&
               s.right("duration_min");
      };
      if (!is_right(status) || !is_drug(plan.kind)) continue;
      for (std::size_t j = 0; j < i; ++j) {
        const auto& [earlier, earlier_status] = *mine[j];
        if (!is_right(earlier_status) || earlier.kind != plan.kind || !overlap(plan, earlier)) {
          continue;
        }
        diagnostics.error(
            status.table->place,
            fmt::format("arm '{}' already has {} at these times, at {}: {}; '{}' has "
                        "{}. Legal are other days, or other hours",
                        arms[a].name, kInterventionKindNames[static_cast<std::size_t>(plan.kind)],
                        diagnostics.where(earlier_status.table->place), times_of(earlier),
                        plan.name, times_of(plan)));
        break;
      }
    }
  }
}

void check_output(const Study& study, const SectionStatus& output, Frame& frame,
                  Diagnostics& diagnostics) {
  constexpr int kDaysPerWeek = 7;  // the hassle inventory asks for whole weeks
  const int every = study.output.questionnaire_every_days;
  if (output.right("questionnaire_every_days") && every % kDaysPerWeek != 0) {
    diagnostics.error(output.place("questionnaire_every_days"),
                      fmt::format("questionnaire_every_days = {} is no multiple of 7 [d]", every));
  }
  const auto needs = [&](std::string_view key, bool is_used, std::string_view what) {
    if (is_used || !output.given(key) || !output.right("strata")) return true;
    diagnostics.error(output.table->find(key)->key_place,
                      fmt::format("{} has a meaning only with {} in strata", key, what));
    return false;
  };
  bool is_right = output.right("strata") && output.right("age_bands") && output.right("quantiles");
  is_right &= needs("age_bands", is_split_by_age(study.output), "\"age\"");
  is_right &= needs("quantiles", is_split_by_factor(study.output), "a resilience factor");
  const std::vector<int>& bands = study.output.age_bands;
  for (std::size_t i = 0; output.given("age_bands") && output.right("age_bands"); ++i) {
    if (bands.empty()) {
      diagnostics.error(output.place("age_bands"), "age_bands is empty; give at least one age");
      is_right = false;
    }
    if (i + 1 >= bands.size()) break;
    if (bands[i + 1] > bands[i]) continue;
    diagnostics.error(output.table->find("age_bands")->value.items[i + 1].place,
                      fmt::format("age_bands[{}] = {} does not ascend; the age before it is {} [y]",
                                  i + 1, bands[i + 1], bands[i]));
    is_right = false;
  }
  if (!output.right("strata")) return;
  const std::vector<std::string>& strata = study.output.strata;
  bool has_group = false;
  for (std::size_t i = 0; i < strata.size(); ++i) {
    const Place& place = output.table->find("strata")->value.items[i].place;
    if (std::find(strata.begin(), strata.begin() + static_cast<std::ptrdiff_t>(i), strata[i]) !=
        strata.begin() + static_cast<std::ptrdiff_t>(i)) {
      diagnostics.error(place, fmt::format("\"{}\" stands in strata already", strata[i]));
      is_right = false;
    }
    if (strata[i] != "group") continue;
    has_group = true;
    if (!frame.has_groups) {
      diagnostics.error(
          place, "\"group\" in strata needs a [[population.column]] with covariate = \"group\"");
      is_right = false;
    }
  }
  if (!is_right) return;
  try {
    // Of a cohort with one group, if there are any: more are found when its table is read.
    const std::array<std::int32_t, 1> one_group = {0};
    const Strata all(study.output, has_group ? std::span<const std::int32_t>(one_group)
                                             : std::span<const std::int32_t>());
    if (!has_group) frame.strata = all.names();
  } catch (const Error& error) {
    diagnostics.error(output.place("strata"), error.what());
  }
}

void check_outcomes(Study& study, const SectionStatus& outcomes, Diagnostics& diagnostics) {
  OutcomePlan& plan = study.outcomes;
  if (!outcomes.given("event") && !study.waves.empty()) plan.event = OutcomeEvent::wave;
  if (!outcomes.given("threshold") && plan.mental_health == MentalHealthScale::ghq12) {
    plan.threshold = kGhq12Cutoff;
  }
  if (outcomes.given("event") && outcomes.right("event") && plan.event == OutcomeEvent::wave &&
      study.waves.empty()) {
    diagnostics.error(outcomes.place("event"), "event = \"wave\" needs a [[wave]] in the study");
  }
  const int highest =
      3 * (plan.mental_health == MentalHealthScale::ghq28 ? kGhqLongItems : kGhqShortItems);
  if (outcomes.right("threshold") && outcomes.right("mental_health") && plan.threshold > highest) {
    diagnostics.error(
        outcomes.place("threshold"),
        fmt::format("threshold = {} is above the highest score of the {}, {}",
                    plain_number(plan.threshold), highest == 84 ? "GHQ-28" : "GHQ-12", highest));
  }
  const auto check_ends = [&](std::string_view from_key, int from, std::string_view to_key,
                              int to) {
    if (!outcomes.right(from_key) || !outcomes.right(to_key) || to > from) return;
    diagnostics.error(outcomes.place(outcomes.given(to_key) ? to_key : from_key),
                      fmt::format("{} = {} is not after {} = {} [d]", to_key, to, from_key, from));
  };
  check_ends("early_from_d", plan.early_from_d, "early_to_d", plan.early_to_d);
  check_ends("late_from_d", plan.late_from_d, "late_to_d", plan.late_to_d);
  if (outcomes.right("early_to_d") && outcomes.right("late_from_d") &&
      plan.late_from_d < plan.early_to_d) {
    diagnostics.error(
        outcomes.place(outcomes.given("late_from_d") ? "late_from_d" : "early_to_d"),
        fmt::format("late_from_d = {} is before the end of the early window, early_to_d = {} [d]",
                    plan.late_from_d, plan.early_to_d));
  }
}

void check_traces(const Study& study, const SectionStatus& traces, const Frame& frame,
                  Diagnostics& diagnostics) {
  const TracePlan& plan = study.traces;
  if (traces.given("individuals") && traces.given("first")) {
    diagnostics.error(traces.table->find("first")->key_place,
                      "first and individuals exclude each other: give one of them");
    return;
  }
  if (!traces.given("individuals") && !traces.given("first")) {
    for (const KeyRow<Study>& row : trace_keys()) {
      if (!traces.given(row.info.key)) continue;
      diagnostics.error(traces.table->find(row.info.key)->key_place,
                        fmt::format("{} has a meaning only with individuals, or first, in [traces]",
                                    row.info.key));
    }
    return;
  }
  check_traced_people(plan, traces, frame, diagnostics);
  const bool is_on_grid = !frame.steps_per_half_hour ||
                          std::fmod(plan.every_min * *frame.steps_per_half_hour, 30.0) == 0.0;
  if (traces.right("every_min") && !is_on_grid) {
    diagnostics.error(traces.place("every_min"),
                      fmt::format("every_min = {} is not on the step grid; legal are multiples of "
                                  "dt_min = {} [min], and 0 for one row a day",
                                  plain_number(plan.every_min), 30.0 / *frame.steps_per_half_hour));
  }
  if (traces.given("to_day")) {
    check_window("from_day", plan.from_day, "to_day", plan.to_day.value_or(0), traces, frame,
                 diagnostics);
  } else {
    check_day("from_day", plan.from_day, traces, frame, diagnostics);
  }
  std::vector<std::string> names;
  for (const Arm& arm : study.arms) names.push_back(arm.name);
  if (traces.right("arms")) check_arm_names(plan.arms, traces, names, diagnostics);
  const bool is_right = traces.failed.empty() && is_on_grid && frame.individuals && frame.days &&
                        frame.steps_per_half_hour && plan.from_day < *frame.days;
  if (is_right) check_trace_size(study, traces, diagnostics);
}

void check_replay(const Study& study, const SectionStatus& replay, Diagnostics& diagnostics) {
  if (!study.replay.file.empty() || !replay.right("file")) return;
  for (const std::string_view key : {"replaces", "who"}) {
    if (!replay.given(key)) continue;
    diagnostics.error(replay.table->find(key)->key_place,
                      fmt::format("{} has a meaning only with a file in [replay]", key));
  }
}

bool is_split_by_age(const OutputPlan& output) {
  return std::find(output.strata.begin(), output.strata.end(), "age") != output.strata.end();
}

bool is_split_by_factor(const OutputPlan& output) {
  return std::any_of(output.strata.begin(), output.strata.end(),
                     [](const std::string& word) { return find_factor(word).has_value(); });
}

}  // namespace eustress::io
