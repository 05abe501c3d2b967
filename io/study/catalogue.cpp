#include "io/study/catalogue.hpp"

#include <algorithm>

namespace eustress::io {
namespace {

template <class T>
Section section(std::string_view name, bool repeated, std::string_view doc,
                std::span<const KeyRow<T>> rows, const T& defaults) {
  Section result;
  result.name = std::string(name);
  result.repeated = repeated;
  result.doc = doc;
  for (const KeyRow<T>& row : rows) {
    std::optional<Setting> value;
    if (!row.info.required) value = row.get(defaults);
    result.keys.push_back({row.info, value, {}});
  }
  return result;
}

std::string_view doc_of_model_section(std::string_view name) {
  if (name == "traits")
    return "residual variation between persons, on the scale of the trait's link";
  if (name == "interventions") return "what a unit of dose of each [[intervention]] does";
  if (name.starts_with("loadings."))
    return "effects of resilience factors on the trait, per standard deviation";
  return {};
}

std::vector<Section> all_sections() {
  const Study study{};
  std::vector<Section> sections = {
      section<Study>("study", false, "what is simulated", study_keys(), study),
      section<Study>("population", false, "who takes part", population_keys(), study),
      section<ColumnPlan>("population.column", true,
                          "what a column of the cohort table means: exactly one role, which is "
                          "factor, covariate, exposure or outcome",
                          column_keys(), {}),
      section<Regime>("regime", true, "a time window with another exposure", regime_keys(), {}),
      section<Wave>("wave", true, "a potentially traumatic event that hits a share of the cohort",
                    wave_keys(), {}),
      section<Study>("replay", false,
                     "exposure that was recorded, from a table with the columns individual, day, "
                     "time (HH:MM), class, severity and optionally kind (hassle, minor, severe, "
                     "traumatic), controllability, predictability, duration_min",
                     replay_keys(), study),
      section<Probe>("probe", true,
                     "a standard challenge for everybody, with samples of the response",
                     probe_keys(), {}),
      section<Intervention>("intervention", true,
                            "what is done for whom, in some arms; its effects are those of "
                            "[interventions]",
                            intervention_keys(), {}),
      section<Arm>("arm", true,
                   "the same individuals with the same luck under other parameters; the reference "
                   "arm is always there",
                   arm_keys(), {}),
      section<Study>("output", false, "what is kept", output_keys(), study),
      section<Study>("traces", false, "individuals whose whole course is kept", trace_keys(),
                     study),
      section<Study>("outcomes", false, "how what happened to people is summarised", outcome_keys(),
                     study),
      section<Study>("numerics", false, "how it is computed", numerics_keys(), study),
      section<Study>("checkpoint", false, "when a running study is saved", checkpoint_keys(),
                     study),
      section<ModelPlan>("model", false, "shorthands for sets of parameters", model_keys(), {}),
  };
  ModelParameters parameters = default_parameters();
  for (const ParameterSlot& slot : slots_of(parameters)) {
    const std::string_view name = slot.info.section;
    auto found = std::find_if(sections.begin(), sections.end(),
                              [&](const Section& s) { return s.name == name; });
    if (found == sections.end()) {
      sections.push_back({std::string(name), false, true, doc_of_model_section(name), {}});
      found = sections.end() - 1;
    }
    found->keys.push_back({key_of(slot.info), slot.value(), slot.info});
  }
  return sections;
}

}  // namespace

const KeyEntry* Section::find(std::string_view key) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const KeyEntry& k) { return k.info.key == key; });
  return found == keys.end() ? nullptr : &*found;
}

const std::vector<Section>& catalogue() {
  static const std::vector<Section> sections = all_sections();
  return sections;
}

const Section* find_section(std::string_view name) {
  const auto found = std::find_if(catalogue().begin(), catalogue().end(),
                                  [&](const Section& s) { return s.name == name; });
  return found == catalogue().end() ? nullptr : &*found;
}

KeyInfo key_of(const ParameterInfo& parameter) {
  KeyInfo info;
  info.key = parameter.key;
  info.doc = parameter.doc;
  if (parameter.is_switch) {
    info.type = KeyType::boolean;
  } else {
    info.type = KeyType::number;
    info.unit = parameter.unit;
    info.low = parameter.low;
    info.high = parameter.high;
  }
  return info;
}

Setting ParameterSlot::value() const {
  if (is_on != nullptr) return *is_on;
  return *number;
}

void ParameterSlot::set(const Setting& value) const {
  if (is_on != nullptr) {
    *is_on = std::get<bool>(value);
  } else {
    *number = std::get<double>(value);
  }
}

std::vector<ParameterSlot> slots_of(ModelParameters& parameters) {
  std::vector<ParameterSlot> slots;
  for_each_parameter(parameters, [&](const ParameterInfo& info, double* number, bool* is_on) {
    slots.push_back({info, number, is_on});
  });
  return slots;
}

}  // namespace eustress::io
