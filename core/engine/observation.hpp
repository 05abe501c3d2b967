#pragma once

// What is observed of a cohort: sums, sums of squares and histograms of whole numbers, so that the
// order in which individuals, threads and ranks add to them does not matter.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/series.hpp"
#include "core/outcomes/cortisol.hpp"
#include "core/outcomes/layout.hpp"
#include "core/study.hpp"

namespace eustress {

/// A quantity with a histogram: mean, standard deviation and quantiles.
struct GradedQuantity {
  std::string_view name, unit;
  double low, high;  ///< range of the histogram and of the values that enter the mean
  std::string_view doc;
};
/// Of every assessment.
inline constexpr std::array kAssessed = {
    GradedQuantity{"ghq12", "1", -0.5, 40.46875,
                   "General Health Questionnaire, 12 items scored 0-3"},
    GradedQuantity{"ghq28", "1", -0.5, 95.5, "General Health Questionnaire, 28 items scored 0-3"},
    GradedQuantity{"hassles_7d", "count", -0.5, 511.5, "hassles of the last 7 days"},
    GradedQuantity{"life_events_13w", "count", -0.5, 63.5, "life events of the last 13 weeks"},
    GradedQuantity{"symptoms", "1", 0.0, 32.0, "slow symptoms S"},
    GradedQuantity{"latent", "1", -8.0, 24.0, "latent distress P"},
};
inline constexpr std::size_t kAssessedCount = kAssessed.size();
/// Of every probe sample.
inline constexpr std::array kSampled = {
    GradedQuantity{"cortisol", "1", 0.0, 32.0, "cortisol relative to baseline"},
    GradedQuantity{"acth", "1", 0.0, 64.0, "ACTH relative to baseline"},
    GradedQuantity{"noradrenaline", "1", 0.0, 16.0, "plasma noradrenaline relative to baseline"},
    GradedQuantity{"adrenaline", "1", 0.0, 16.0, "plasma adrenaline relative to baseline"},
};
inline constexpr std::size_t kSampledCount = kSampled.size();

inline constexpr std::size_t kBins = 512;

/// The shape of all observations of one arm.
struct ObservationLayout {
  std::vector<std::string> strata;  ///< names; at least one ("all")
  int days = 0, series_every = 1;
  std::vector<int> assessment_days;  ///< day of each assessment
  struct ProbeSamples {
    std::string name;
    int day;
    std::vector<int> minutes;  ///< relative to onset
    /// Of a probe that only takes samples: minutes after midnight of the onset; -1: of others.
    int rest_from_min = -1;
    /// Cortisol indices of the probe, in their order; empty: it has none.
    [[nodiscard]] std::vector<CortisolIndex> indices() const;
    /// All indices of one person; NaN: the probe has it not, or the samples do not show it, as they
    /// need not show everybody's awakening. cortisol: one per sample; waking_min: waking of the
    /// person, minutes after midnight.
    [[nodiscard]] std::array<double, kCortisolIndices> index_values(
        std::span<const double> cortisol, double waking_min) const;
    /// Its samples show an ordinary day.
    [[nodiscard]] bool shows_a_day() const;
  };
  std::vector<ProbeSamples> probes;
  std::vector<std::string> exposure_columns;  ///< of the cohort table, in the order of the study
  OutcomeLayout outcomes;

  [[nodiscard]] std::size_t series_times() const {
    return static_cast<std::size_t>((days + series_every - 1) / series_every);
  }
  [[nodiscard]] std::size_t cells() const;  ///< length of ObservationSums::cells
};
/// Strata: those of core/engine/strata.hpp, of a cohort with these codes of groups, ascending.
ObservationLayout observation_layout(const Study& study, std::span<const std::int32_t> groups);

/// A cortisol index that the probe has; its samples give the range.
GradedQuantity index_quantity(const ObservationLayout::ProbeSamples& probe, CortisolIndex index);

/// Moments of one quantity; NaN where nobody was observed.
struct Moments {
  std::int64_t count;
  double mean, sd;
};

/// The sums of one arm. Adding is exact; `cells` of several threads or ranks are added elementwise.
class ObservationSums {
 public:
  explicit ObservationSums(const ObservationLayout& layout);

  [[nodiscard]] std::span<std::int64_t> cells() { return cells_; }
  [[nodiscard]] std::span<const std::int64_t> cells() const { return cells_; }
  void merge(const ObservationSums& other);

  void add_series(std::size_t time, std::size_t stratum, Series quantity, double value);
  /// All series of the first people of a block, one stratum for each of them, in all and in their
  /// strata.
  void add_series(std::size_t time, const SeriesDay& day, std::span<const std::size_t> strata);
  void add_assessed(std::size_t assessment, std::size_t stratum, std::size_t quantity,
                    double value);
  void add_sample(std::size_t probe, std::size_t sample, std::size_t stratum, std::size_t analyte,
                  double value);
  /// Of one person, index_values() of the probe; nothing of probes that have no cortisol indices.
  /// `nmol_per_l`: free cortisol at baseline 1.
  void add_indices(std::size_t probe, std::size_t stratum,
                   std::span<const double, kCortisolIndices> values, double nmol_per_l);

  [[nodiscard]] Moments series(std::size_t time, std::size_t stratum, std::size_t quantity) const;
  [[nodiscard]] Moments assessed(std::size_t assessment, std::size_t stratum,
                                 std::size_t quantity) const;
  [[nodiscard]] Moments sampled(std::size_t probe, std::size_t sample, std::size_t stratum,
                                std::size_t analyte) const;
  /// Counts of kBins bins of equal width from `low` to `high` of the quantity; what lies beyond is
  /// in the first or last bin.
  [[nodiscard]] std::span<const std::int64_t> assessed_histogram(std::size_t assessment,
                                                                 std::size_t stratum,
                                                                 std::size_t quantity) const;
  /// Quantiles from the histogram, linear within a bin; q in (0,1). NaN where nobody was observed.
  [[nodiscard]] double assessed_quantile(std::size_t assessment, std::size_t stratum,
                                         std::size_t quantity, double q) const;
  [[nodiscard]] double sampled_quantile(std::size_t probe, std::size_t sample, std::size_t stratum,
                                        std::size_t analyte, double q) const;
  /// Of an index that the probe has.
  [[nodiscard]] Moments index(std::size_t probe, std::size_t stratum, CortisolIndex index) const;
  [[nodiscard]] double index_quantile(std::size_t probe, std::size_t stratum, CortisolIndex index,
                                      double q) const;
  /// Individuals whose cortisol rose enough, by the amount and by the percentage of cortisol.hpp.
  struct Responders {
    std::int64_t count, by_amount, by_percentage;
  };
  [[nodiscard]] Responders responders(std::size_t probe, std::size_t stratum) const;

  /// Of all strata, one after the other; layout().outcomes.cell.count each.
  [[nodiscard]] std::span<std::int64_t> outcomes();
  [[nodiscard]] std::span<const std::int64_t> outcomes(std::size_t stratum) const;
  [[nodiscard]] const ObservationLayout& layout() const { return *layout_; }

 private:
  [[nodiscard]] std::size_t series_cell(std::size_t time, std::size_t stratum,
                                        std::size_t quantity) const;
  [[nodiscard]] std::size_t assessed_cell(std::size_t assessment, std::size_t stratum,
                                          std::size_t quantity) const;
  [[nodiscard]] std::size_t sampled_cell(std::size_t probe, std::size_t sample, std::size_t stratum,
                                         std::size_t analyte) const;
  [[nodiscard]] std::size_t index_cell(std::size_t probe, std::size_t stratum) const;
  [[nodiscard]] std::size_t index_cell(std::size_t probe, std::size_t stratum,
                                       CortisolIndex index) const;
  void add_graded(std::size_t cell, const GradedQuantity& quantity, double value);
  [[nodiscard]] Moments graded_moments(std::size_t cell, const GradedQuantity& quantity) const;
  [[nodiscard]] double graded_quantile(std::size_t cell, const GradedQuantity& quantity,
                                       double q) const;

  const ObservationLayout* layout_;  // outlives the sums
  std::size_t strata_, assessed_start_, sampled_start_;
  std::vector<std::size_t> probe_start_, index_start_;
  std::size_t outcome_start_ = 0;
  std::vector<std::int64_t> cells_;
};

// --- individual output -----------------------------------------------------------------------

/// A dataset of individuals.h5: one row per individual, `width` values per row.
struct RecordColumn {
  enum class Type { float64, float32, int32, int16, uint64 };
  std::string name, unit, doc;
  Type type;
  bool per_arm;           ///< one table per arm; else the same for all
  std::string dimension;  ///< name of the second dimension; empty: width 1, one-dimensional
  std::size_t width;
};
/// Everything that is known of an individual before the run and seen of it during the run. Columns:
/// individual, age, sex, group, stratum, factor names, reported (cohort outcome), then per arm
/// ghq12, ghq28, hassles_7d, life_events_13w, symptoms per assessment; final symptoms,
/// self_control, control_belief; days of the event and of the first onset and end of each disorder;
/// exposure_1, ... of the cohort table; and <probe>_cortisol, ... per sample.
std::vector<RecordColumn> record_columns(const ObservationLayout& layout);

/// The rows of one block, of every column: values[column][row * width + i]; per-arm columns hold
/// the arms one after the other: values[column][(arm * rows + row) * width + i].
struct BlockRecord {
  std::uint64_t first_id = 0;
  std::size_t rows = 0;
  std::vector<std::vector<double>> values;
};

}  // namespace eustress
