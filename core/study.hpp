#pragma once

// A study as plain data: what is simulated, on whom, for how long, and what is kept. Read from a study
// file by io/study, checked there; core only uses it. All days are counted from 0, times of day in
// minutes after midnight.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model_parameters.hpp"
#include "core/population/synthesis.hpp"
#include "core/state.hpp"

namespace eustress {

/// [population]
struct PopulationPlan {
  std::uint64_t individuals = 1;
  double age_min = 18.0, age_max = 65.0;  ///< [y]
  double share_female = 0.5;              ///< sex code 1
  std::string cohort;                     ///< path of the cohort table, relative to the study file; empty: none
  std::string correlations;               ///< path of a correlation matrix; empty: the reference one
  CohortMapping mapping;                  ///< [population.columns]
};

/// A cohort column that multiplies the rate of daily hassles: rate *= exp(effect * z).
struct ExposureColumn {
  std::string column;
  double effect = 0.0;  ///< per standard deviation of the column, log link
};

/// [[regime]]: a time window with another exposure, for all or for one group.
struct Regime {
  std::string name;
  int start_day = 0, end_day = 0;  ///< first day and the day after the last
  double hassle_rate = 1.0;        ///< factors on the rate of daily hassles,
  double life_event_rate = 1.0;    ///< of life events and potentially traumatic events,
  double severity = 1.0;           ///< on the severity of encounters
  double controllability = 1.0;    ///< and on their objective controllability
  std::optional<std::int32_t> group;
};

/// [[wave]]: a potentially traumatic event that hits a fraction of the cohort on one day.
struct Wave {
  std::string name;
  int day = 0;
  double fraction = 1.0;
  double severity = 1.0;  ///< relative to an ordinary potentially traumatic event
  double controllability = 0.05;
  StressorClass stressor = StressorClass::threat;
};

enum class ProbeKind { stressor, crh };

/// [[probe]]: a standard challenge given to everybody, with samples of the acute response.
struct Probe {
  std::string name;
  ProbeKind kind = ProbeKind::stressor;
  int day = 0;
  int minute = 15 * 60;  ///< onset, minutes after midnight, on the step grid
  StressorClass stressor = StressorClass::social_evaluative;
  double severity = 2.0;
  double controllability = 0.1;
  double predictability = 0.5;
  int duration_min = 15;
  double bolus = 10.0;          ///< crh: external CRH in baseline units
  double half_life_min = 30.0;  ///< crh
  std::vector<int> samples_min; ///< times of the samples relative to onset, on the step grid
};

/// [[arm]]: the same individuals with the same luck under other parameters.
struct Arm {
  std::string name;
  std::string description;
  ModelParameters parameters;
  /// What the arm's `set` table said, for the effective configuration: key, value as TOML text.
  std::vector<std::pair<std::string, std::string>> changes;
};

enum class Strata { none, sex, group, factor };

/// [output]
struct OutputPlan {
  int series_every_days = 1;
  int questionnaire_every_days = 7;
  bool individuals = false;             ///< write individuals.h5
  Strata strata = Strata::none;
  Factor strata_factor = Factor::social_support;  ///< tertiles, if strata = factor
};

struct Study {
  std::string name;
  std::string title;
  std::uint64_t seed = 1;
  std::uint32_t replicate = 0;
  int days = 365;
  double dt_min = 5.0;  ///< [numerics]
  PopulationPlan population;
  std::vector<ExposureColumn> exposure_columns;
  ModelParameters parameters;  ///< of the reference arm
  std::vector<Regime> regimes;
  std::vector<Wave> waves;
  std::vector<Probe> probes;
  std::vector<Arm> arms;  ///< the first is the reference arm, always there
  OutputPlan output;
};

}  // namespace eustress
