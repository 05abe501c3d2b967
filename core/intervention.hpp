#pragma once

// [[intervention]]: what is done for whom, from when to when, how much of it, and how well it is
// followed. What it does is in core/mechanisms/interventions.hpp.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/population/factors.hpp"
#include "core/state.hpp"

namespace eustress {

/// Drugs come last: they act in a window of hours.
enum class InterventionKind : int {
  coping_training,
  controllability_training,
  inoculation,
  self_control_training,
  social_support,
  support_loss,
  exercise,
  sleep,
  treatment,
  propranolol,
  hydrocortisone,
  metyrapone,
};
inline constexpr int kInterventionKinds = 12;
inline constexpr std::array<std::string_view, kInterventionKinds> kInterventionKindNames = {
    "coping_training", "controllability_training",
    "inoculation",     "self_control_training",
    "social_support",  "support_loss",
    "exercise",        "sleep",
    "treatment",       "propranolol",
    "hydrocortisone",  "metyrapone"};

[[gnu::always_inline]] constexpr bool is_drug(InterventionKind kind) {
  return kind >= InterventionKind::propranolol;
}

/// Who gets it.
enum class InterventionTarget : int {
  all,
  fraction,     ///< a random share of the cohort
  factor_low,   ///< below a quantile of a resilience factor
  factor_high,  ///< above it
  symptoms,     ///< slow symptoms S above a threshold
  stratum,      ///< a stratum of [output]
  risk,         ///< above a quantile of a weighted sum of factors
};
inline constexpr std::array<std::string_view, 7> kInterventionTargetNames = {
    "all", "fraction", "factor_low", "factor_high", "symptoms", "stratum", "risk"};

/// Interventions of one arm at most.
inline constexpr int kInterventionSlots = 6;

struct Intervention {
  std::string name;
  InterventionKind kind = InterventionKind::coping_training;
  std::vector<std::string> arms;   ///< empty: all but the reference arm
  int start_day = 0, end_day = 1;  ///< first day and the day after the last
  double dose = 1.0;

  InterventionTarget target = InterventionTarget::all;
  double fraction = 0.5;
  Factor factor = Factor::self_efficacy;
  double quantile = 0.5;                                ///< factor_low, factor_high, risk
  std::vector<std::pair<std::string, double>> weights;  ///< risk: factor, weight
  double threshold = 1.0;                               ///< symptoms
  bool stepped = false;                                 ///< symptoms: whenever first above it
  std::string stratum;

  double adherence = 1.0;      ///< share of days
  double dropout_per_d = 0.0;  ///< hazard
  double build_up_d = 0.0, decay_d = 0.0;
  double booster = 0.0;

  int every_days = 7;  ///< inoculation
  StressorClass stressor = StressorClass::demand;
  double severity_from = 0.3, severity_to = 1.2;
  double controllability = 0.8;
  int minute = 0;           ///< of inoculation and drugs: onset, minutes after midnight
  int duration_min = 1440;  ///< of inoculation and drugs
};

/// Whether an arm of that name and place among the arms gets the intervention.
inline bool belongs_to(const Intervention& intervention, std::string_view arm, std::size_t place) {
  if (intervention.arms.empty()) return place > 0;
  return std::find(intervention.arms.begin(), intervention.arms.end(), arm) !=
         intervention.arms.end();
}

}  // namespace eustress
