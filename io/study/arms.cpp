#include "io/study/arms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/study/catalogue.hpp"
#include "io/study/checks.hpp"
#include "io/study/toml_text.hpp"

namespace eustress::io {
namespace {

// One change of an arm: "hpa.stress_gain" and its value.
struct Change {
  std::string path;
  const Entry* entry;
};

// Both ways of writing: set = { "hpa.stress_gain" = 3.0 } and set = { hpa.stress_gain = 3.0 }.
void collect(const Node& table, const std::string& prefix, std::vector<Change>& changes,
             Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries) {
    const std::string path = prefix.empty() ? entry.key : prefix + "." + entry.key;
    if (entry.value.kind == Node::Kind::table) {
      collect(entry.value, path, changes, diagnostics);
      continue;
    }
    const auto earlier = std::find_if(changes.begin(), changes.end(),
                                      [&](const Change& c) { return c.path == path; });
    if (earlier == changes.end()) {
      changes.push_back({path, &entry});
    } else if (entry.key_place.override_number > 0) {
      earlier->entry = &entry;
    } else if (earlier->entry->key_place.override_number == 0) {
      diagnostics.error(entry.key_place, fmt::format("{} is set twice", printable(path)));
    }
  }
}

constexpr std::string_view kPresetPath = "model.hpa_preset";

std::string path_of(const ParameterInfo& info) {
  return fmt::format("{}.{}", info.section, info.key);
}

void report_unknown(const Change& change, const std::vector<ParameterSlot>& slots,
                    Diagnostics& diagnostics) {
  const std::size_t dot = change.path.rfind('.');
  const std::string_view key =
      std::string_view(change.path).substr(dot == std::string::npos ? 0 : dot + 1);
  const Section* section =
      dot == std::string::npos ? nullptr : find_section(change.path.substr(0, dot));
  if (section != nullptr && !section->of_model && section->find(key) != nullptr) {
    diagnostics.error(
        change.entry->key_place,
        fmt::format("{} belongs to the whole study; an arm can change parameters of the "
                    "model only",
                    change.path));
    return;
  }
  std::vector<std::string> paths = {std::string(kPresetPath)};
  std::vector<std::string> owners;
  for (const ParameterSlot& slot : slots) {
    paths.push_back(path_of(slot.info));
    if (slot.info.key == key) owners.push_back("'" + paths.back() + "'");
  }
  std::string advice = did_you_mean(change.path, paths);
  if (!owners.empty() && owners.size() <= 4) {
    advice = fmt::format(" Did you mean {}?", fmt::join(owners, ", "));
  }
  diagnostics.error(change.entry->key_place,
                    with_advice(fmt::format("unknown parameter '{}' in the set of an arm",
                                            printable(change.path)),
                                advice));
}

// The presets of an arm come before its explicit values, as they do in the study.
void apply_preset(const Change& change, Arm& arm, Diagnostics& diagnostics) {
  const KeyRow<ModelPlan>& row = model_keys()[0];
  const std::optional<Setting> value = checked_value(row.info, change.entry->value, diagnostics);
  if (!value) return;
  if (!apply_hpa_preset(std::get<std::string>(*value), arm.parameters.hpa)) {
    throw Error(ErrorKind::internal,
                "the preset " + toml_text(*value) + " is listed but not built");
  }
  arm.changes.emplace_back(change.path, toml_text(*value));
}

void apply_changes(const Node& set, Arm& arm, Diagnostics& diagnostics) {
  std::vector<Change> changes;
  collect(set, {}, changes, diagnostics);
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& c) { return c.path == kPresetPath; });
  const std::vector<ParameterSlot> slots = slots_of(arm.parameters);
  for (const Change& change : changes) {
    if (change.path == kPresetPath) {
      apply_preset(change, arm, diagnostics);
      continue;
    }
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const ParameterSlot& s) {
      return path_of(s.info) == change.path;
    });
    if (slot == slots.end()) {
      report_unknown(change, slots, diagnostics);
      continue;
    }
    const std::optional<Setting> value =
        checked_value(key_of(slot->info), change.entry->value, diagnostics);
    if (!value) continue;
    if (*value == slot->value()) {
      diagnostics.warning(
          change.entry->value.place,
          fmt::format("{} = {} is what the reference arm has", change.path, toml_text(*value)));
    }
    slot->set(*value);
    arm.changes.emplace_back(change.path, toml_text(*value));
  }
}

}  // namespace

std::vector<Arm> read_arms(const Study& study, const Node* list, Diagnostics& diagnostics) {
  Arm reference;
  reference.name = kReferenceArm;
  reference.parameters = study.parameters;

  std::vector<Element<Arm>> arms;
  if (list != nullptr) {
    for (const Node& table : list->items) {
      Element<Arm>& arm = arms.emplace_back();
      arm.value.parameters = study.parameters;
      check_known_keys(table, "arm", "set", diagnostics);
      arm.status = read_keys(arm_keys(), &table, "[[arm]]", arm.value, diagnostics);
      if (arm.value.name == reference.name) {
        diagnostics.error(arm.status.place("name"),
                          "the reference arm is always there; give this arm another name");
      }
      const Entry* set = table.find("set");
      if (set == nullptr || (set->value.kind == Node::Kind::table && set->value.entries.empty())) {
        const bool is_treated = std::ranges::any_of(
            study.interventions,
            [&](const Intervention& i) { return belongs_to(i, arm.value.name, arms.size()); });
        if (!is_treated) {
          diagnostics.warning(table.place,
                              "the arm changes nothing; it will equal the reference arm");
        }
      } else if (set->value.kind != Node::Kind::table) {
        diagnostics.error(set->value.place,
                          "set must be a table such as { \"hpa.stress_gain\" = 3.0 }, found " +
                              set->value.description());
      } else {
        apply_changes(set->value, arm.value, diagnostics);
      }
    }
  }
  check_names<Arm>(arms, "[[arm]]", diagnostics);

  std::vector<Arm> result = {std::move(reference)};
  for (Element<Arm>& arm : arms) result.push_back(std::move(arm.value));
  return result;
}

}  // namespace eustress::io
