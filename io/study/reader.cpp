#include "io/study/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "io/study/arms.hpp"
#include "io/study/catalogue.hpp"
#include "io/study/checks.hpp"
#include "io/study/overrides.hpp"
#include "io/study/section.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {
namespace {

constexpr std::string_view kLoadings = "loadings";

class StudyReader {
 public:
  StudyReader(const Node& root, Diagnostics& diagnostics)
      : root_(root), diagnostics_(diagnostics) {}

  Study read() {
    check_sections();
    const SectionStatus whole =
        read_keys(study_keys(), single(root_, "study", "study"), "[study]", study_, diagnostics_);
    const SectionStatus numerics = read_keys(numerics_keys(), single(root_, "numerics", "numerics"),
                                             "[numerics]", study_, diagnostics_);
    Frame frame;
    check_replicates(study_, whole, diagnostics_);
    if (whole.right("days")) frame.days = study_.days;
    frame.steps_per_half_hour = checked_steps(study_, numerics, diagnostics_);

    read_population(frame);
    const SectionStatus output = read_keys(output_keys(), single(root_, "output", "output"),
                                           "[output]", study_, diagnostics_);
    check_output(study_, output, frame, diagnostics_);
    std::vector<Element<Regime>> regimes = elements("regime", regime_keys());
    for (const Element<Regime>& regime : regimes) check_regime(regime, frame, diagnostics_);
    study_.regimes = values_of(std::move(regimes));
    std::vector<Element<Wave>> waves = elements("wave", wave_keys());
    for (const Element<Wave>& wave : waves) check_wave(wave, frame, diagnostics_);
    study_.waves = values_of(std::move(waves));
    const SectionStatus replay = read_keys(replay_keys(), single(root_, "replay", "replay"),
                                           "[replay]", study_, diagnostics_);
    check_replay(study_, replay, diagnostics_);
    std::vector<Element<Probe>> probes = elements("probe", probe_keys());
    for (Element<Probe>& probe : probes) check_probe(probe, frame, diagnostics_);
    probes = scheduled_probes(std::move(probes), frame, diagnostics_);
    check_probe_days(probes, diagnostics_);
    study_.probes = values_of(std::move(probes));
    const SectionStatus outcomes = read_keys(outcome_keys(), single(root_, "outcomes", "outcomes"),
                                             "[outcomes]", study_, diagnostics_);
    check_outcomes(study_, outcomes, diagnostics_);
    read_keys(checkpoint_keys(), single(root_, "checkpoint", "checkpoint"), "[checkpoint]", study_,
              diagnostics_);
    read_model();
    std::vector<Element<Intervention>> interventions =
        elements("intervention", intervention_keys());
    for (const Element<Intervention>& intervention : interventions) {
      check_intervention(intervention, frame, diagnostics_);
      study_.interventions.push_back(intervention.value);
    }
    study_.arms = read_arms(study_, repeated(root_, "arm", "arm"), diagnostics_);
    check_interventions_of_arms(interventions, study_.arms, diagnostics_);
    const SectionStatus traces = read_keys(trace_keys(), single(root_, "traces", "traces"),
                                           "[traces]", study_, diagnostics_);
    check_traces(study_, traces, frame, diagnostics_);
    return std::move(study_);
  }

 private:
  // The whole table of a section that stands once, its unknown keys reported, or null.
  const Node* single(const Node& parent, std::string_view key, std::string_view section,
                     std::string_view besides = {}) {
    const Entry* entry = parent.find(key);
    if (entry == nullptr) return nullptr;
    if (entry->value.kind != Node::Kind::table) {
      diagnostics_.error(
          entry->value.place,
          fmt::format("{0} is one section: write [{0}] and its keys below; found {1}", section,
                      entry->value.description()));
      return nullptr;
    }
    check_known_keys(entry->value, section, besides, diagnostics_);
    return &entry->value;
  }

  // The list of the tables of a repeated section, or null.
  const Node* repeated(const Node& parent, std::string_view key, std::string_view section) {
    const Entry* entry = parent.find(key);
    if (entry == nullptr) return nullptr;
    const Node& list = entry->value;
    const auto is_table = [](const Node& item) { return item.kind == Node::Kind::table; };
    if (list.kind != Node::Kind::list ||
        !std::all_of(list.items.begin(), list.items.end(), is_table)) {
      diagnostics_.error(
          list.place, fmt::format("{0} may stand several times: write [[{0}]] with double brackets "
                                  "and its keys below; found {1}",
                                  section, list.description()));
      return nullptr;
    }
    return &list;
  }

  template <class T>
  std::vector<Element<T>> elements_of(const Node* list, std::string_view section,
                                      std::span<const KeyRow<T>> rows) {
    std::vector<Element<T>> result;
    if (list == nullptr) return result;
    for (const Node& table : list->items) {
      check_known_keys(table, section, {}, diagnostics_);
      Element<T>& element = result.emplace_back();
      element.status =
          read_keys(rows, &table, fmt::format("[[{}]]", section), element.value, diagnostics_);
    }
    return result;
  }

  // Those of a repeated section at the top of the file, which have different names.
  template <class T>
  std::vector<Element<T>> elements(std::string_view section, std::span<const KeyRow<T>> rows) {
    std::vector<Element<T>> result = elements_of(repeated(root_, section, section), section, rows);
    check_names<T>(result, fmt::format("[[{}]]", section), diagnostics_);
    return result;
  }

  template <class T>
  static std::vector<T> values_of(std::vector<Element<T>> all) {
    std::vector<T> result;
    result.reserve(all.size());
    for (Element<T>& element : all) result.push_back(std::move(element.value));
    return result;
  }

  void read_population(Frame& frame) {
    const Node* table = single(root_, "population", "population", "column");
    const SectionStatus status =
        read_keys(population_keys(), table, "[population]", study_, diagnostics_);
    if (status.right("individuals")) frame.individuals = study_.population.individuals;
    std::vector<Element<ColumnPlan>> columns;
    if (table != nullptr) {
      columns = elements_of(repeated(*table, "column", "population.column"), "population.column",
                            column_keys());
    }
    check_population(study_, status, columns, diagnostics_);
    std::vector<ColumnPlan> plans;
    for (const Element<ColumnPlan>& column : columns) {
      plans.push_back(column.value);
      // A role that was refused may have been meant as the group.
      frame.has_groups = frame.has_groups || column.value.covariate == Covariate::group ||
                         !column.status.right("covariate");
    }
    set_columns(study_, plans);
  }

  void read_model() {
    ModelPlan plan;
    const SectionStatus model =
        read_keys(model_keys(), single(root_, "model", "model"), "[model]", plan, diagnostics_);
    study_.parameters = default_parameters();
    if (model.right("hpa_preset") && !apply_hpa_preset(plan.hpa_preset, study_.parameters.hpa)) {
      throw Error(ErrorKind::internal,
                  "the preset \"" + plan.hpa_preset + "\" is listed but not built");
    }

    const std::vector<ParameterSlot> slots = slots_of(study_.parameters);
    for (const Section& section : catalogue()) {
      if (!section.of_model) continue;
      const Node* table = model_section(section.name);
      if (table == nullptr) continue;
      for (const ParameterSlot& slot : slots) {
        const Entry* entry =
            slot.info.section == section.name ? table->find(slot.info.key) : nullptr;
        if (entry == nullptr) continue;
        const std::optional<Setting> value =
            checked_value(key_of(slot.info), entry->value, diagnostics_);
        if (value) slot.set(*value);
      }
    }
  }

  const Node* model_section(std::string_view name) {
    if (!name.starts_with(kLoadings)) return single(root_, name, name);
    const Entry* loadings = root_.find(kLoadings);
    if (loadings == nullptr || loadings->value.kind != Node::Kind::table) return nullptr;
    return single(loadings->value, name.substr(kLoadings.size() + 1), name);
  }

  // Names at the top of the file, and those of [loadings.<trait>].
  void check_sections() {
    for (const Entry& entry : root_.entries) {
      if (entry.key != kLoadings) {
        // A quoted name may hold a dot, but is not a path.
        if (entry.key.find('.') != std::string::npos || find_section(entry.key) == nullptr) {
          report_unknown_section(entry, diagnostics_);
        }
        continue;
      }
      if (entry.value.kind != Node::Kind::table) {
        diagnostics_.error(entry.value.place,
                           "loadings is a group of sections: write [loadings.TRAIT]; found " +
                               entry.value.description());
        continue;
      }
      for (const Entry& trait : entry.value.entries) {
        if (find_section(fmt::format("{}.{}", kLoadings, trait.key)) == nullptr) {
          report_unknown_loading(trait, diagnostics_);
        }
      }
    }
  }

  const Node& root_;
  Diagnostics& diagnostics_;
  Study study_{};
};

}  // namespace

Study read_study(const std::string& text, const std::string& file_name,
                 std::span<const std::string> overrides, std::vector<std::string>& warnings,
                 std::span<const std::string> origins) {
  Diagnostics diagnostics(text, file_name, overrides, origins);
  std::optional<Node> root = parse_toml(text, diagnostics);
  // What a file that is not TOML holds is unknown; only the form of the overrides can be checked.
  if (!root) {
    for (std::size_t i = 0; i < overrides.size(); ++i) {
      parse_override(overrides[i], static_cast<std::uint32_t>(i + 1), diagnostics);
    }
    diagnostics.throw_if_errors();
  }
  apply_overrides(*root, overrides, diagnostics);
  Study study = StudyReader(*root, diagnostics).read();
  diagnostics.throw_if_errors();
  const std::vector<std::string> found = diagnostics.warnings();
  warnings.insert(warnings.end(), found.begin(), found.end());
  return study;
}

}  // namespace eustress::io
