#pragma once

// Checks that join several keys of a study.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/study/section.hpp"

namespace eustress::io {

/// An element of a repeated section with what is known about its keys.
template <class T>
struct Element {
  T value;
  SectionStatus status;
};

/// What elements are checked against; nothing where the study's own value is wrong.
struct Frame {
  std::optional<int> days;
  std::optional<int> steps_per_half_hour;
  std::optional<std::uint64_t> individuals;
  bool has_groups = false;
  /// All names, "all" first; nothing if [output] strata is wrong or they depend on the groups of a
  /// cohort table.
  std::optional<std::vector<std::string>> strata;
};

/// [numerics] dt_min; nothing and an error if it does not divide 30.
std::optional<int> checked_steps(const Study& study, const SectionStatus& numerics,
                                 Diagnostics& diagnostics);

/// Numbers of all replicates are legal.
void check_replicates(const Study& study, const SectionStatus& status, Diagnostics& diagnostics);
void check_population(const Study& study, const SectionStatus& population,
                      std::span<const Element<ColumnPlan>> columns, Diagnostics& diagnostics);
void check_regime(const Element<Regime>& regime, const Frame& frame, Diagnostics& diagnostics);
void check_wave(const Element<Wave>& wave, const Frame& frame, Diagnostics& diagnostics);
/// Sets the samples of a probe of kind "tsst" that gives none.
void check_probe(Element<Probe>& probe, const Frame& frame, Diagnostics& diagnostics);
/// The probes of schedules, each with its own name and day, in the place of the schedule.
std::vector<Element<Probe>> scheduled_probes(std::vector<Element<Probe>> probes, const Frame& frame,
                                             Diagnostics& diagnostics);
/// At most one probe of each kind on a day.
void check_probe_days(std::span<const Element<Probe>> probes, Diagnostics& diagnostics);
/// What can be said of one intervention alone.
void check_intervention(const Element<Intervention>& intervention, const Frame& frame,
                        Diagnostics& diagnostics);
/// Names of arms, six in an arm, drugs of one kind at different times.
void check_interventions_of_arms(std::span<const Element<Intervention>> interventions,
                                 std::span<const Arm> arms, Diagnostics& diagnostics);
/// Sets event and threshold where they are not given. Waves must have been read.
void check_outcomes(Study& study, const SectionStatus& outcomes, Diagnostics& diagnostics);
/// Also sets frame.strata.
void check_output(const Study& study, const SectionStatus& output, Frame& frame,
                  Diagnostics& diagnostics);
/// The arms must have been read.
void check_traces(const Study& study, const SectionStatus& traces, const Frame& frame,
                  Diagnostics& diagnostics);
void check_replay(const Study& study, const SectionStatus& replay, Diagnostics& diagnostics);

/// Whether strata are split by age, or by a resilience factor.
bool is_split_by_age(const OutputPlan& output);
bool is_split_by_factor(const OutputPlan& output);

/// All names within one repeated section are different.
template <class T>
void check_names(std::span<const Element<T>> elements, std::string_view heading,
                 Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const SectionStatus& status = elements[i].status;
    if (!status.right("name")) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (!elements[j].status.right("name") || elements[j].value.name != elements[i].value.name)
        continue;
      diagnostics.error(status.place("name"),
                        "there is already a " + std::string(heading) + " with the name \"" +
                            elements[i].value.name + "\", at " +
                            diagnostics.where(elements[j].status.place("name")));
      break;
    }
  }
}

}  // namespace eustress::io
