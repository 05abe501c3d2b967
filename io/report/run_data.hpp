#pragma once

// What a report is made of: the content of a run directory as plain data.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/study.hpp"
#include "io/results/comparison.hpp"

namespace eustress::io::report {

/// Values over arm, stratum and time (assessment, sample).
struct Grid {
  std::size_t strata = 0, times = 0;
  std::vector<double> values;  ///< [arm][stratum][time]

  [[nodiscard]] double at(std::size_t arm, std::size_t stratum, std::size_t time) const {
    return values[(arm * strata + stratum) * times + time];
  }
  /// All times of one arm and stratum.
  [[nodiscard]] std::vector<double> course(std::size_t arm, std::size_t stratum) const;
};

/// A quantity of the cohort; NaN where nobody was observed.
struct Quantity {
  std::string name, unit, doc;
  Grid count, mean, sd;         ///< of replicates: means over these
  Grid half_width;              ///< of the 95 % interval of the mean over replicates; else no times
  std::vector<Grid> quantiles;  ///< one per probability; empty for the daily series
  Grid histogram;               ///< of the last assessment: people per bin; no times for others
  std::vector<double> bin_middles;
};
[[nodiscard]] const Quantity* find(const std::vector<Quantity>& quantities, std::string_view name);

/// A cortisol index of an ordinary day over individuals; one number per arm.
struct DayIndex {
  std::string name, unit;
  std::vector<double> count, mean, sd;
};

struct ProbeData {
  std::string name;
  std::optional<Probe> plan;    ///< as the study says
  std::vector<double> minutes;  ///< of the samples, relative to onset
  std::vector<Quantity> analytes;
  std::vector<DayIndex> day_indices;
};

/// Course of a traced quantity, one per arm of the traces.
struct TracedCourse {
  std::string name;
  std::vector<std::vector<double>> of_arm;
};

/// The first individual of traces.nc.
struct TracedPerson {
  std::uint64_t individual = 0;
  std::size_t traced = 1;         ///< individuals in the file
  std::vector<std::string> arms;  ///< of the file
  std::vector<double> times;      ///< of the moments [d]; empty: none within days
  std::vector<double> days;       ///< evening of each day [d]
  std::vector<TracedCourse> moments, daily;

  /// nullptr if it is not in the file.
  [[nodiscard]] const TracedCourse* find(std::string_view name) const;
};

struct Column {
  std::string name;
  std::vector<double> values;  ///< one per individual
};

/// Name of the outcome that is compared with reported well-being.
inline constexpr std::string_view kMeanLatent = "mean_latent_distress";

/// What individuals.h5 tells; everything in the order of individuals.
struct People {
  std::size_t count = 0;
  std::vector<std::int32_t> group;  ///< negative: none
  std::vector<Column> factors;      ///< resilience factors at the start
  std::vector<Column> exposures;    ///< exposure columns of the cohort table, if they are kept
  std::vector<double> reported;     ///< outcome of the cohort table, NaN where there is none
  std::vector<Column> outcomes;     ///< of the reference arm: mean latent distress and others
  /// Symptoms on the last evening, one column per arm, named after it.
  std::vector<Column> final_symptoms;

  [[nodiscard]] bool has_reported() const;
};

/// What is made of the whole courses of persons; places of all further dimensions are times.
struct NamedGrid {
  std::string name;
  Grid grid;
};

struct OutcomeData {
  std::vector<NamedGrid> grids;  ///< sr_*, factor_*, trajectory_*, event_study_*, recovery_*
  std::vector<std::string> factors, trajectories;  ///< names of the places of these dimensions
  std::vector<double> since_event;                 ///< first day of each bin [d]
  std::vector<double> recovery_days;               ///< since the onset [d]
  std::vector<Effect> effects;                     ///< of all arms against the first, on everybody

  /// nullptr if the run does not have it.
  [[nodiscard]] const Grid* find(std::string_view name) const;
};

struct RunFile {
  std::string name, what;
  std::optional<std::uint64_t> bytes;  ///< of files that do not depend on how the run was computed
};

struct RunData {
  std::string name, title;
  std::uint64_t individuals = 0, seed = 0;
  int days = 0;
  std::size_t replicates = 1;  ///< of which everything here is the mean
  std::vector<std::pair<std::string, std::string>> provenance;  ///< label and value
  std::string version, commit;
  std::vector<std::string> arms, arm_descriptions;  ///< the first is the reference
  std::vector<std::string> strata;                  ///< the first is everybody
  std::vector<double> series_days;                  ///< middle of each interval of the series [d]
  std::vector<double> assessment_days;              ///< end of the day of each assessment [d]
  std::vector<double> probabilities;
  std::vector<Quantity> series, assessed;
  std::vector<ProbeData> probes;
  OutcomeData outcomes;
  std::optional<People> people;
  std::optional<TracedPerson> traced;
  std::string study_text;      ///< the effective study file
  std::optional<Study> study;  ///< the same, read; empty if it could not be
  std::vector<RunFile> files;
};

/// Reads results.nc of the directory, and individuals.h5 and traces.nc if they are there. Errors:
/// Error(input) for files that are missing or cannot be read.
[[nodiscard]] RunData read_run(const std::string& directory);

}  // namespace eustress::io::report
