#include "core/engine/person.hpp"

#include "core/error.hpp"

namespace eustress {

namespace {

template <class Columns>
void append(std::vector<PersonColumn>& all, const std::string& mechanism, const Columns& columns) {
  for (const Column& c : columns) {
    all.push_back({mechanism + "." + std::string(c.name), std::string(c.unit), std::string(c.doc)});
  }
}

std::vector<PersonColumn> all_columns() {
  std::vector<PersonColumn> all;
  append(all, "traits", trait_columns());
  append(all, "drive", kDriveColumns);
  append(all, "hpa", kHpaColumns);
  append(all, "catecholamines", kCatecholamineColumns);
  append(all, "receptors", kReceptorColumns);
  append(all, "energy", kEnergyColumns);
  append(all, "exposure", kExposureColumns);
  append(all, "reinforcement", kReinforcementColumns);
  append(all, "controllability", kControllabilityColumns);
  append(all, "memory", kMemoryColumns);
  append(all, "steeling", kSteelingColumns);
  append(all, "self_control", kSelfControlColumns);
  append(all, "habituation", kHabituationColumns);
  append(all, "allostasis", kAllostasisColumns);
  append(all, "malleability", kMalleabilityColumns);
  append(all, "mental_health", kMentalHealthColumns);
  append(all, "interventions", kInterventionColumns);
  append(all, "person",
         std::array{Column{"extra_log_rate", "1",
                           "effects of cohort columns and of the group on ln hassle rate"},
                    Column{"stratum", "code", "index of the stratum"}});
  if (all.size() != kPersonColumns) {
    throw Error(ErrorKind::internal,
                "the columns of a person do not match PersonState: " + std::to_string(all.size()) +
                    " are described, " + std::to_string(kPersonColumns) + " are stored");
  }
  return all;
}

template <class State, class Columns>
constexpr bool described(const Columns& columns) {
  return sizeof(State) / sizeof(double) == std::size(columns);
}
static_assert(described<TraitState<double>>(std::array<Column, kTraits + kFactors>{}));
static_assert(described<DriveState<double>>(kDriveColumns));
static_assert(described<HpaState<double>>(kHpaColumns));
static_assert(described<CatecholamineState<double>>(kCatecholamineColumns));
static_assert(described<ReceptorState<double>>(kReceptorColumns));
static_assert(described<EnergyState<double>>(kEnergyColumns));
static_assert(described<ExposureState<double>>(kExposureColumns));
static_assert(described<ReinforcementState<double>>(kReinforcementColumns));
static_assert(described<ControllabilityState<double>>(kControllabilityColumns));
static_assert(described<MemoryState<double>>(kMemoryColumns));
static_assert(described<SteelingState<double>>(kSteelingColumns));
static_assert(described<SelfControlState<double>>(kSelfControlColumns));
static_assert(described<HabituationState<double>>(kHabituationColumns));
static_assert(described<AllostasisState<double>>(kAllostasisColumns));
static_assert(described<MalleabilityState<double>>(kMalleabilityColumns));
static_assert(described<MentalHealthState<double>>(kMentalHealthColumns));
static_assert(described<InterventionState<double>>(kInterventionColumns));

}  // namespace

const std::vector<PersonColumn>& person_columns() {
  static const std::vector<PersonColumn> columns = all_columns();
  return columns;
}

}  // namespace eustress
