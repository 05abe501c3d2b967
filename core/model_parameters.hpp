#pragma once

// All parameters of the model, one member per mechanism, and the one way to walk over them.

#include <functional>
#include <string>
#include <string_view>

#include "core/mechanisms/allostasis.hpp"
#include "core/mechanisms/appraisal.hpp"
#include "core/mechanisms/assay.hpp"
#include "core/mechanisms/catecholamines.hpp"
#include "core/mechanisms/controllability.hpp"
#include "core/mechanisms/coping.hpp"
#include "core/mechanisms/drive.hpp"
#include "core/mechanisms/energy.hpp"
#include "core/mechanisms/exposure.hpp"
#include "core/mechanisms/habituation.hpp"
#include "core/mechanisms/hpa.hpp"
#include "core/mechanisms/interventions.hpp"
#include "core/mechanisms/malleability.hpp"
#include "core/mechanisms/memory.hpp"
#include "core/mechanisms/mental_health.hpp"
#include "core/mechanisms/networks.hpp"
#include "core/mechanisms/perseveration.hpp"
#include "core/mechanisms/questionnaires.hpp"
#include "core/mechanisms/receptors.hpp"
#include "core/mechanisms/reinforcement.hpp"
#include "core/mechanisms/self_control.hpp"
#include "core/mechanisms/steeling.hpp"
#include "core/mechanisms/traits.hpp"

namespace eustress {

struct ModelParameters {
  DriveParameters drive;
  HpaParameters hpa;
  PerseverationParameters perseveration;
  CatecholamineParameters catecholamines;
  ReceptorParameters receptors;
  EnergyParameters energy;
  NetworkParameters networks;
  ExposureParameters exposure;
  AppraisalParameters appraisal;
  CopingParameters coping;
  ReinforcementParameters reinforcement;
  ControllabilityParameters controllability;
  MemoryParameters memory;
  SteelingParameters steeling;
  SelfControlParameters self_control;
  HabituationParameters habituation;
  AllostasisParameters allostasis;
  MalleabilityParameters malleability;
  MentalHealthParameters mental_health;
  QuestionnaireParameters questionnaires;
  AssayParameters assay;
  InterventionParameters interventions;
  TraitParameters traits;
};

/// All defaults of all tables.
ModelParameters default_parameters();

/// What a visitor gets: the row, and exactly one of the two pointers, into the given parameters.
using ParameterVisitor = std::function<void(const ParameterInfo&, double* number, bool* is_on)>;

/// Calls the visitor for every parameter and switch of the model, in a fixed order. Sections are
/// the mechanisms' names, then "traits" (key: trait, the residual variation omega), then
/// "loadings.<trait>" (key: factor).
void for_each_parameter(ModelParameters& parameters, const ParameterVisitor& visit);

}  // namespace eustress
