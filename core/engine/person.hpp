#pragma once

// Everything that one person is and remembers between two days.

#include <cstddef>
#include <string>
#include <vector>

#include "core/model_parameters.hpp"
#include "core/numerics/lanes.hpp"

namespace eustress {

/// T = double: one person, for the scalar reference. T = Lanes: eight, as stored in a block.
template <class T>
struct PersonState {
  TraitState<T> traits;
  DriveState<T> drive;
  HpaState<T> hpa;
  CatecholamineState<T> catecholamines;
  ReceptorState<T> receptors;
  EnergyState<T> energy;
  ExposureState<T> exposure;
  ReinforcementState<T> reinforcement;
  ControllabilityState<T> controllability;
  MemoryState<T> memory;
  SteelingState<T> steeling;
  SelfControlState<T> self_control;
  HabituationState<T> habituation;
  AllostasisState<T> allostasis;
  MalleabilityState<T> malleability;
  MentalHealthState<T> mental_health;
  InterventionState<T> interventions;
  T extra_log_rate;  ///< effects of cohort columns and of the group on ln of the hassle rate
  T stratum;         ///< index of the person's stratum
};
inline constexpr std::size_t kPersonColumns = sizeof(PersonState<double>) / sizeof(double);
static_assert(sizeof(PersonState<double>) <= 1024, "at most 128 numbers per person");

/// A column of PersonState with the name of its mechanism, for checkpoints and messages.
struct PersonColumn {
  std::string name;  ///< mechanism.column
  std::string unit, doc;
};
/// All columns in the order of the struct; kPersonColumns of them.
const std::vector<PersonColumn>& person_columns();

/// What one day of one person leaves for observation, besides the state.
template <class T>
struct DaySummary {
  T hassles;           ///< count
  T encounters;        ///< count of finished ones
  T mastered;          ///< count: ended or relieved by engaging or reappraising
  T avoided;           ///< count: the person chose avoidance
  T strain;            ///< sum of severity times unrelieved share
  T prediction_error;  ///< sum of |a - V| over the encounters that were not avoided
  T predictions;       ///< count of those
  T cortisol;          ///< daily mean, 1
  T noradrenaline;     ///< daily mean, 1
  T event;             ///< EventKind
};

}  // namespace eustress
