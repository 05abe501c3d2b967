#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

#include "io/study/catalogue.hpp"
#include "io/study/checks.hpp"
#include "io/study/difference.hpp"
#include "io/study/keys.hpp"
#include "io/study/reader.hpp"
#include "io/study/toml_text.hpp"

namespace eustress::io {
namespace {

template <class T>
std::string keys_text(std::span<const KeyRow<T>> rows, const T& object) {
  std::string text;
  for (const KeyRow<T>& row : rows) text += key_line(row.info, row.get(object), {}, false);
  return text;
}

template <class T>
std::string elements_text(std::string_view section, std::span<const KeyRow<T>> rows,
                          std::span<const T> elements) {
  std::string text;
  for (const T& element : elements) {
    text += fmt::format("\n[[{}]]\n{}", section, keys_text(rows, element));
  }
  return text;
}

// Only the keys that its kind has: the others would be refused.
std::string probe_text(const Probe& probe) {
  std::string text = "\n[[probe]]\n";
  const std::string_view kind = kProbeKinds[static_cast<std::size_t>(probe.kind)];
  for (const KeyRow<Probe>& row : probe_keys()) {
    if (row.info.only_for.empty() || row.info.only_for == kind) {
      text += key_line(row.info, row.get(probe), {}, false);
    }
  }
  return text;
}

// Only the keys that its kind and target have.
std::string intervention_text(const Intervention& intervention) {
  std::string text = "\n[[intervention]]\n";
  for (const KeyRow<Intervention>& row : intervention_keys()) {
    if (has_key(intervention, row.info)) {
      text += key_line(row.info, row.get(intervention), {}, false);
    }
  }
  return text;
}

// Only the keys that its role has.
std::string column_text(const ColumnPlan& column) {
  std::string text = "\n[[population.column]]\n";
  const auto has = [&](std::string_view key) {
    if (key == "column") return true;
    if (key == "level") return column.factor.has_value() || column.exposure;
    if (key == "factor" || key == "mean" || key == "sd" || key == "minimum" || key == "maximum" ||
        key == "reverse") {
      return column.factor.has_value();
    }
    if (key == "covariate") return column.covariate.has_value();
    if (key == "sex_zero" || key == "sex_one") return column.covariate == Covariate::sex;
    if (key == "exposure" || key == "hassle_effect") return column.exposure;
    return column.outcome;
  };
  for (const KeyRow<ColumnPlan>& row : column_keys()) {
    if (has(row.info.key)) text += key_line(row.info, row.get(column), {}, false);
  }
  return text;
}

std::string arm_text(const Arm& arm) {
  std::string text = "\n[[arm]]\n" + keys_text(arm_keys(), arm);
  if (!arm.changes.empty()) text += "\n[arm.set]\n";
  for (const auto& [path, value] : arm.changes) text += fmt::format("\"{}\" = {}\n", path, value);
  return text;
}

std::string output_text(const Study& study) {
  std::string text = "\n[output]\n";
  for (const KeyRow<Study>& row : output_keys()) {
    if (row.info.key == "age_bands" && !is_split_by_age(study.output)) continue;
    if (row.info.key == "quantiles" && !is_split_by_factor(study.output)) continue;
    text += key_line(row.info, row.get(study), {}, false);
  }
  return text;
}

std::string traces_text(const Study& study) {
  if (!study.traces.is_asked_for()) return {};
  std::string text = "\n[traces]\n";
  for (const KeyRow<Study>& row : trace_keys()) {
    if (row.info.key == "individuals" && study.traces.first) continue;
    text += key_line(row.info, row.get(study), {}, false);
  }
  return text;
}

std::string model_text(const ModelParameters& parameters) {
  // The table is walked through pointers to members that may be written.
  ModelParameters copy = parameters;
  std::string text;
  std::string_view section;
  for (const ParameterSlot& slot : slots_of(copy)) {
    if (slot.info.section != section) {
      section = slot.info.section;
      text += fmt::format("\n[{}]\n", section);
    }
    text += key_line(key_of(slot.info), slot.value(), slot.info.symbol, false);
  }
  return text;
}

std::string study_text(const Study& study, bool with_free_keys) {
  std::string text =
      "# The effective configuration: every key with its value. Reading this file gives the same\n"
      "# study. A preset of [model] is contained in the values of [hpa].\n";
  text += "\n[study]\n" + keys_text(study_keys(), study);
  text += "\n[population]\n" + keys_text(population_keys(), study);
  for (const ColumnPlan& column : columns_of(study)) text += column_text(column);
  text += elements_text<Regime>("regime", regime_keys(), study.regimes);
  text += elements_text<Wave>("wave", wave_keys(), study.waves);
  if (!study.replay.file.empty()) text += "\n[replay]\n" + keys_text(replay_keys(), study);
  for (const Probe& probe : study.probes) text += probe_text(probe);
  for (const Intervention& i : study.interventions) text += intervention_text(i);
  for (const Arm& arm : study.arms) {
    if (arm.name != kReferenceArm) text += arm_text(arm);
  }
  text += output_text(study);
  text += traces_text(study);
  text += "\n[outcomes]\n" + keys_text(outcome_keys(), study);
  text += "\n[numerics]\n";
  for (const KeyRow<Study>& row : numerics_keys()) {
    if (!with_free_keys && is_free_to_change(fmt::format("numerics.{}", row.info.key))) continue;
    text += key_line(row.info, row.get(study), {}, false);
  }
  if (with_free_keys) text += "\n[checkpoint]\n" + keys_text(checkpoint_keys(), study);
  return text + model_text(study.parameters);
}

}  // namespace

std::string dump_study(const Study& study) {
  return study_text(study, true);
}

std::string dump_results_study(const Study& study) {
  return study_text(study, false);
}

}  // namespace eustress::io
