#pragma once

// A study as plain data: what is simulated, on whom, for how long, and what is kept. Read from a
// study file by io/study, checked there; core only uses it. All days are counted from 0, times of
// day in minutes after midnight.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/challenges.hpp"
#include "core/intervention.hpp"
#include "core/model_parameters.hpp"
#include "core/outcomes/plan.hpp"
#include "core/population/synthesis.hpp"
#include "core/replay.hpp"
#include "core/state.hpp"

namespace eustress {

/// [population]
struct PopulationPlan {
  std::uint64_t individuals = 1;
  double age_min = 18.0, age_max = 65.0;  ///< [y]
  double share_female = 0.5;              ///< sex code 1
  std::string cohort;        ///< path of the cohort table, relative to the study file; empty: none
  std::string id_column;     ///< of the cohort table; empty: none
  std::string correlations;  ///< path of a correlation matrix; empty: the reference one
  CohortMapping mapping;     ///< [[population.column]]
};

/// A cohort column that multiplies the rate of daily hassles: rate *= exp(effect * z).
struct ExposureColumn {
  std::string column;
  double effect = 0.0;  ///< per standard deviation of the column, log link
  ColumnLevel level = ColumnLevel::person;
  /// For tables and figures.
  [[nodiscard]] std::string label() const {
    return level == ColumnLevel::group ? column + " (group mean)" : column;
  }
};

/// [[arm]]: the same individuals with the same luck under other parameters.
struct Arm {
  std::string name;
  std::string description;
  ModelParameters parameters;
  /// What the arm's `set` table said, for the effective configuration: key, value as TOML text.
  std::vector<std::pair<std::string, std::string>> changes;
};

/// [output]
struct OutputPlan {
  int series_every_days = 1;
  int questionnaire_every_days = 7;
  bool individuals = false;  ///< write individuals.h5
  /// What the strata are crossed of: sex, group, age, names of factors; each at most once
  /// (core/engine/strata.hpp). Empty: only everybody.
  std::vector<std::string> strata;
  std::vector<int> age_bands = {30, 45, 60};  ///< [y] ascending: where the next band begins
  int quantiles = 3;                          ///< equal parts of the reference population by factor
};

/// [traces]: individuals whose whole course is kept, at moments of the day and day by day.
struct TracePlan {
  std::vector<std::int64_t> individuals;  ///< numbers in the cohort
  std::optional<std::int64_t> first;      ///< or so many from number 0 on
  double every_min = 30.0;  ///< between moments, on the step grid; 0: none within days
  int from_day = 0;
  std::optional<int> to_day;      ///< the day after the last; without it the end of the run
  std::vector<std::string> arms;  ///< names; empty: all

  [[nodiscard]] bool is_asked_for() const { return !individuals.empty() || first.has_value(); }
};

/// How the rows get into a checkpoint; the bytes are the same.
enum class CheckpointWriter {
  pwrite,      ///< every rank writes its rows at their places itself
  collective,  ///< parallel HDF5, collective calls; needs MPI
};

/// [checkpoint]. Never changes a result.
struct CheckpointPlan {
  bool active = true;
  int every_days = 0;      ///< of the study; 0: not by days
  double every_min = 0.0;  ///< of wall time; 0: from the measured cost and mtbf_h
  double mtbf_h = 24.0;
  int keep = 3;
  bool keep_after_run = false;
  CheckpointWriter writer = CheckpointWriter::pwrite;
};

struct Study {
  std::string name;
  std::string title;
  std::uint64_t seed = 1;
  std::uint32_t replicate = 0;
  int replicates = 1;  ///< runs with replicate, replicate + 1, ..., which are then merged
  int days = 365;
  double dt_min = 5.0;      ///< [numerics]
  double memory_gib = 4.0;  ///< [numerics]
  PopulationPlan population;
  std::vector<ExposureColumn> exposure_columns;
  ModelParameters parameters;  ///< of the reference arm
  std::vector<Regime> regimes;
  std::vector<Wave> waves;
  ReplayPlan replay;
  std::vector<Probe> probes;
  std::vector<Intervention> interventions;
  std::vector<Arm> arms;  ///< the first is the reference arm, always there
  OutputPlan output;
  TracePlan traces;
  OutcomePlan outcomes;
  CheckpointPlan checkpoint;
};

}  // namespace eustress
