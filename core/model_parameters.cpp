#include "core/model_parameters.hpp"

#include <span>

namespace eustress {

namespace {

/// Mechanisms without switches have no table of them.
template <class P>
auto switches_of(const P& parameters) {
  if constexpr (requires { switch_rows(parameters); }) {
    return std::span(switch_rows(parameters));
  } else {
    return std::span<const SwitchRow<P>>{};
  }
}

/// Calls visit(section, struct) for the parameter struct of every mechanism.
template <class Visit>
void for_each_mechanism(ModelParameters& m, Visit visit) {
  visit("drive", m.drive);
  visit("hpa", m.hpa);
  visit("perseveration", m.perseveration);
  visit("catecholamines", m.catecholamines);
  visit("receptors", m.receptors);
  visit("energy", m.energy);
  visit("networks", m.networks);
  visit("exposure", m.exposure);
  visit("appraisal", m.appraisal);
  visit("coping", m.coping);
  visit("reinforcement", m.reinforcement);
  visit("controllability", m.controllability);
  visit("memory", m.memory);
  visit("steeling", m.steeling);
  visit("self_control", m.self_control);
  visit("habituation", m.habituation);
  visit("allostasis", m.allostasis);
  visit("malleability", m.malleability);
  visit("mental_health", m.mental_health);
  visit("questionnaires", m.questionnaires);
  visit("assay", m.assay);
  visit("interventions", m.interventions);
}

/// "loadings.<trait>" for every trait, with static storage.
std::string_view loading_section(Trait trait) {
  static const auto names = [] {
    std::array<std::string, kTraits> n;
    for (std::size_t j = 0; j < n.size(); ++j) {
      n[j] = "loadings." + std::string(kTraitTable[j].name);
    }
    return n;
  }();
  return names[static_cast<std::size_t>(trait)];
}

}  // namespace

ModelParameters default_parameters() {
  ModelParameters parameters{};
  for_each_parameter(parameters, [](const ParameterInfo& info, double* number, bool* is_on) {
    if (number != nullptr) *number = info.value;
    if (is_on != nullptr) *is_on = info.value != 0.0;
  });
  return parameters;
}

void for_each_parameter(ModelParameters& parameters, const ParameterVisitor& visit) {
  for_each_mechanism(parameters, [&](std::string_view section, auto& mechanism) {
    for (const auto& row : parameter_rows(mechanism)) {
      visit({section, row.key, row.symbol, row.unit, row.value, row.low, row.high, row.origin,
             row.source, row.doc, false},
            &(mechanism.*row.member), nullptr);
    }
    for (const auto& row : switches_of(mechanism)) {
      visit({section, row.key, "", "", row.value ? 1.0 : 0.0, 0.0, 1.0, Origin::assumed, "",
             row.doc, true},
            nullptr, &(mechanism.*row.member));
    }
  });
  for (std::size_t j = 0; j < kTraitTable.size(); ++j) {
    const TraitRow& row = kTraitTable[j];
    visit({"traits", row.name, "omega", row.unit, row.omega, 0.0, row.largest, row.origin,
           row.source, "residual variation between persons on the link scale", false},
          &parameters.traits.omega[j], nullptr);
  }
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    const LoadingRow& row = kLoadingTable[i];
    const TraitRow& trait = kTraitTable[static_cast<std::size_t>(row.trait)];
    visit({loading_section(row.trait), name_of(row.factor), "Lambda", trait.unit, row.value,
           -trait.largest, trait.largest, row.origin, row.source,
           "loading of the trait on the factor", false},
          &parameters.traits.loading[i], nullptr);
  }
}

}  // namespace eustress
