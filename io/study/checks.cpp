#include "io/study/checks.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/population/factors.hpp"
#include "io/study/step_grid.hpp"

namespace eustress::io {
namespace {

constexpr int kMinutesPerDay = 1440;

std::string_view word(ProbeKind kind) {
  return kProbeKinds[static_cast<std::size_t>(kind)];
}

void check_day(std::string_view key, int day, const SectionStatus& status, const Frame& frame,
               Diagnostics& diagnostics) {
  if (!frame.days || !status.right(key) || day < *frame.days) return;
  diagnostics.error(status.place(key),
                    fmt::format("{} = {} is after the end of the run; legal is 0 to {} [d]", key,
                                day, *frame.days - 1));
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
  constexpr std::array<Belongs, 6> kBelongs = {{{"mean", "factor"},
                                                {"sd", "factor"},
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
  if (role == "exposure" && !status.given("hassle_effect")) {
    diagnostics.error(status.table->place,
                      "missing required key 'hassle_effect' of an exposure column");
  }
  if (plan.covariate == Covariate::sex && plan.sex_zero == plan.sex_one &&
      status.right("sex_zero") && status.right("sex_one")) {
    diagnostics.error(status.place(status.given("sex_one") ? "sex_one" : "sex_zero"),
                      "sex_zero and sex_one are the same value");
  }
}

void check_columns(std::span<const Element<ColumnPlan>> columns, Diagnostics& diagnostics) {
  std::size_t exposures = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& [plan, status] = columns[i];
    const std::string_view role = role_of(columns[i], diagnostics);
    if (!role.empty()) check_column_keys(columns[i], role, diagnostics);
    if (role == "exposure" && ++exposures == kExtras + 1) {
      diagnostics.error(status.place("exposure"),
                        fmt::format("more than {} exposure columns", kExtras));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [earlier, earlier_status] = columns[j];
      const std::string place = diagnostics.where(earlier_status.table->place);
      if (status.right("column") && earlier_status.right("column") &&
          plan.column == earlier.column) {
        diagnostics.error(
            status.place("column"),
            fmt::format("column \"{}\" already has a role, at {}", plan.column, place));
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
  check_day("start_day", plan.start_day, status, frame, diagnostics);
  if (status.right("end_day")) {
    if (frame.days && plan.end_day > *frame.days) {
      diagnostics.error(
          status.place("end_day"),
          fmt::format("end_day = {} is after the end of the run; legal is 1 to {} [d], the "
                      "day after the last",
                      plan.end_day, *frame.days));
    }
    if (status.right("start_day") && plan.end_day <= plan.start_day) {
      diagnostics.error(status.place("end_day"),
                        fmt::format("end_day = {} is not after start_day = {} [d]", plan.end_day,
                                    plan.start_day));
    }
  }
  if (plan.group && !frame.has_groups) {
    diagnostics.error(status.place("group"),
                      "group needs a [[population.column]] with covariate = \"group\"");
  }
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
        fmt::format("time is not on the step grid; legal are multiples of dt_min = {} [min] "
                    "after midnight",
                    30.0 / *frame.steps_per_half_hour));
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
  if (kind != nullptr && kind->value.text == kProbeKinds[2] && !status.given("samples_min") &&
      frame.steps_per_half_hour) {
    plan.samples_min = tsst_samples(*frame.steps_per_half_hour);
    if (status.right("time") && (!on_day_of_probe(plan, plan.samples_min.front()) ||
                                 !on_day_of_probe(plan, plan.samples_min.back()))) {
      diagnostics.error(status.place(status.given("time") ? "time" : "kind"),
                        "the samples of kind = \"tsst\", from -30 to 120 [min], are not all on the "
                        "day of the probe; move time to 00:30 to 21:59, or give samples_min");
    }
  }
  check_samples(probe, frame, diagnostics);
}

void check_probe_days(std::span<const Element<Probe>> probes, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto& [plan, status] = probes[i];
    if (!status.right("day") || !status.right("kind")) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [earlier, earlier_status] = probes[j];
      if (earlier.day != plan.day || earlier.kind != plan.kind || !earlier_status.right("day") ||
          !earlier_status.right("kind")) {
        continue;
      }
      diagnostics.error(
          status.place("day"),
          fmt::format("there is already a {} probe on day {}, at {}; one a day is legal",
                      word(plan.kind), plan.day, diagnostics.where(earlier_status.table->place)));
      break;
    }
  }
}

void check_output(const Study& study, const SectionStatus& output, const Frame& frame,
                  Diagnostics& diagnostics) {
  constexpr int kDaysPerWeek = 7;  // the hassle inventory asks for whole weeks
  const int every = study.output.questionnaire_every_days;
  if (output.right("questionnaire_every_days") && every % kDaysPerWeek != 0) {
    diagnostics.error(output.place("questionnaire_every_days"),
                      fmt::format("questionnaire_every_days = {} is no multiple of 7 [d]", every));
  }
  if (!output.right("strata")) return;
  if (study.output.strata != Strata::factor && output.given("strata_factor")) {
    diagnostics.error(output.table->find("strata_factor")->key_place,
                      "strata_factor has a meaning only with strata = \"factor\"");
  }
  if (study.output.strata == Strata::group && !frame.has_groups) {
    diagnostics.error(
        output.place("strata"),
        "strata = \"group\" needs a [[population.column]] with covariate = \"group\"");
  }
}

}  // namespace eustress::io
