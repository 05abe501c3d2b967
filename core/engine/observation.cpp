#include "core/engine/observation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/engine/strata.hpp"

namespace eustress {

namespace {

// A series cell holds count, sum, sum of squares; a graded cell these and a histogram.
constexpr std::size_t kMomentCells = 3;
constexpr std::size_t kGradedCells = kMomentCells + kBins;
constexpr double kOne = 0x1p30;  // fixed-point representation of a quantity's scale
// Of a probe and stratum: individuals, responders by amount and by percentage; then the indices.
constexpr std::size_t kResponderCells = 3;

std::size_t index_cells(const ObservationLayout::ProbeSamples& probe) {
  const std::size_t indices = probe.indices().size();
  return indices == 0 ? 0 : kResponderCells + indices * kGradedCells;
}

/// x/scale within [-1, 1] as a whole number. NaN becomes 0: states are checked before.
std::int64_t fixed_point(double x, double scale) {
  const double r = std::clamp(x / scale, -1.0, 1.0);
  return std::lrint((r == r ? r : 0.0) * kOne);
}

/// So that dividing by a scale and multiplying by its inverse are the same.
constexpr bool are_powers_of_two() {
  for (const SeriesQuantity& q : kSeries) {
    if (!std::has_single_bit(static_cast<unsigned>(q.scale)) || q.scale < 1.0) return false;
  }
  return true;
}
static_assert(are_powers_of_two());

void add_moments(std::int64_t* cell, double x, double scale) {
  const std::int64_t value = fixed_point(x, scale);
  cell[0] += 1;
  cell[1] += value;
  cell[2] += (value * value) >> 30;
}

Moments moments_of(const std::int64_t* cell, double scale) {
  if (cell[0] == 0) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {0, nan, nan};
  }
  const double n = static_cast<double>(cell[0]);
  const double mean = static_cast<double>(cell[1]) / kOne / n;
  const double square = static_cast<double>(cell[2]) / kOne / n;
  return {cell[0], scale * mean, scale * std::sqrt(std::max(0.0, square - mean * mean))};
}

double largest_magnitude(const GradedQuantity& q) {
  return std::max(std::abs(q.low), std::abs(q.high));
}

}  // namespace

std::size_t ObservationLayout::cells() const {
  std::size_t samples = 0, of_indices = 0;
  for (const ProbeSamples& probe : probes) {
    samples += probe.minutes.size();
    of_indices += index_cells(probe);
  }
  return strata.size() *
         (series_times() * kSeriesCount * kMomentCells +
          (assessment_days.size() * kAssessedCount + samples * kSampledCount) * kGradedCells +
          of_indices + outcomes.cell.count);
}

ObservationLayout observation_layout(const Study& study, std::span<const std::int32_t> groups) {
  ObservationLayout layout;
  layout.strata = Strata(study.output, groups).names();
  layout.days = study.days;
  layout.series_every = study.output.series_every_days;
  for (int day = study.output.questionnaire_every_days - 1; day < study.days;
       day += study.output.questionnaire_every_days) {
    layout.assessment_days.push_back(day);
  }
  for (const Probe& probe : study.probes) {
    layout.probes.push_back({probe.name, probe.day, probe.samples_min,
                             probe.kind == ProbeKind::rest ? probe.minute : -1});
  }
  for (const ExposureColumn& exposure : study.exposure_columns) {
    layout.exposure_columns.push_back(exposure.label());
  }
  layout.outcomes =
      outcome_layout(study.outcomes, study.days, study.output.questionnaire_every_days);
  return layout;
}

GradedQuantity index_quantity(const ObservationLayout::ProbeSamples& probe, CortisolIndex index) {
  const double span = probe.minutes.back() - probe.minutes.front();
  const auto i = static_cast<std::size_t>(index);
  GradedQuantity quantity{kCortisolIndexNames[i], kCortisolIndexUnits[i], 0.0, 32.0,
                          kCortisolIndexDocs[i]};
  switch (index) {
    case CortisolIndex::auc_ground:
      quantity.high = 16.0 * span;
      break;
    case CortisolIndex::auc_increase:
      quantity.low = -4.0 * span;
      quantity.high = 12.0 * span;
      break;
    case CortisolIndex::time_to_peak:
      quantity.high = probe.minutes.back();
      break;
    case CortisolIndex::rise:
      quantity.low = -8.0;
      quantity.high = 24.0;
      break;
    case CortisolIndex::awakening_increase:
      quantity.low = -240.0;
      quantity.high = 720.0;
      break;
    case CortisolIndex::diurnal_slope:
      quantity.low = -2.0;
      quantity.high = 2.0;
      break;
    case CortisolIndex::acrophase:
      quantity.high = 24.0;
      break;
    case CortisolIndex::mesor:
    case CortisolIndex::amplitude:
      quantity.high = 16.0;
      break;
    case CortisolIndex::peak:
    case CortisolIndex::fold:
      break;
  }
  return quantity;
}

std::vector<CortisolIndex> ObservationLayout::ProbeSamples::indices() const {
  std::vector<CortisolIndex> all;
  const auto add = [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) all.push_back(static_cast<CortisolIndex>(i));
  };
  if (has_cortisol_indices(minutes)) add(0, kResponseIndices);
  if (shows_a_day()) add(kResponseIndices, kCortisolIndices);
  return all;
}

bool ObservationLayout::ProbeSamples::shows_a_day() const {
  return rest_from_min >= 0 && has_diurnal_indices(minutes);
}

std::array<double, kCortisolIndices> ObservationLayout::ProbeSamples::index_values(
    std::span<const double> cortisol, double waking_min) const {
  std::array<double, kCortisolIndices> values;
  values.fill(std::numeric_limits<double>::quiet_NaN());
  if (has_cortisol_indices(minutes)) {
    std::ranges::copy(cortisol_indices(minutes, cortisol), values.begin());
  }
  if (shows_a_day()) {
    std::vector<int> of_day = minutes;
    for (int& minute : of_day) minute += rest_from_min;
    std::ranges::copy(diurnal_indices(of_day, cortisol, waking_min),
                      values.begin() + kResponseIndices);
  }
  return values;
}

ObservationSums::ObservationSums(const ObservationLayout& layout)
    : layout_(&layout), strata_(layout.strata.size()), cells_(layout.cells(), 0) {
  assessed_start_ = strata_ * layout.series_times() * kSeriesCount * kMomentCells;
  sampled_start_ =
      assessed_start_ + strata_ * layout.assessment_days.size() * kAssessedCount * kGradedCells;
  std::size_t start = sampled_start_;
  for (const auto& probe : layout.probes) {
    probe_start_.push_back(start);
    start += strata_ * probe.minutes.size() * kSampledCount * kGradedCells;
  }
  for (const auto& probe : layout.probes) {
    index_start_.push_back(start);
    start += strata_ * index_cells(probe);
  }
  outcome_start_ = start;
}

void ObservationSums::merge(const ObservationSums& other) {
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += other.cells_[i];
}

std::size_t ObservationSums::series_cell(std::size_t time, std::size_t stratum,
                                         std::size_t quantity) const {
  return ((time * strata_ + stratum) * kSeriesCount + quantity) * kMomentCells;
}
std::size_t ObservationSums::assessed_cell(std::size_t assessment, std::size_t stratum,
                                           std::size_t quantity) const {
  return assessed_start_ +
         ((assessment * strata_ + stratum) * kAssessedCount + quantity) * kGradedCells;
}
std::size_t ObservationSums::sampled_cell(std::size_t probe, std::size_t sample,
                                          std::size_t stratum, std::size_t analyte) const {
  return probe_start_[probe] +
         ((sample * strata_ + stratum) * kSampledCount + analyte) * kGradedCells;
}

void ObservationSums::add_series(std::size_t time, std::size_t stratum, Series quantity,
                                 double value) {
  const auto q = static_cast<std::size_t>(quantity);
  add_moments(&cells_[series_cell(time, stratum, q)], value, kSeries[q].scale);
}

void ObservationSums::add_series(std::size_t time, const SeriesDay& day,
                                 std::span<const std::size_t> strata) {
  constexpr auto kError = static_cast<std::size_t>(Series::prediction_error);
  const auto sum = [&](const std::int64_t* numbers) {
    return std::accumulate(numbers, numbers + strata.size(), std::int64_t{0});
  };
  std::int64_t* all = &cells_[series_cell(time, 0, 0)];
  for (std::size_t q = 0; q < kSeriesCount; ++q, all += kMomentCells) {
    all[0] += q == kError ? sum(day.has_prediction) : static_cast<std::int64_t>(strata.size());
    all[1] += sum(day.value[q]);
    all[2] += sum(day.square[q]);
  }
  if (strata_ == 1) return;
  for (std::size_t person = 0; person < strata.size(); ++person) {
    if (strata[person] == 0) continue;
    std::int64_t* own = &cells_[series_cell(time, strata[person], 0)];
    for (std::size_t q = 0; q < kSeriesCount; ++q, own += kMomentCells) {
      own[0] += q == kError ? day.has_prediction[person] : 1;
      own[1] += day.value[q][person];
      own[2] += day.square[q][person];
    }
  }
}

void ObservationSums::add_graded(std::size_t cell, const GradedQuantity& quantity, double value) {
  // NaN counts as `low`: it is no position in the histogram.
  const double x = value > quantity.low ? std::min(value, quantity.high) : quantity.low;
  add_moments(&cells_[cell], x, largest_magnitude(quantity));
  const double position =
      (x - quantity.low) / (quantity.high - quantity.low) * static_cast<double>(kBins);
  const auto bin = std::min(static_cast<std::size_t>(position), kBins - 1);
  cells_[cell + kMomentCells + bin] += 1;
}

void ObservationSums::add_assessed(std::size_t assessment, std::size_t stratum,
                                   std::size_t quantity, double value) {
  add_graded(assessed_cell(assessment, stratum, quantity), kAssessed[quantity], value);
}
void ObservationSums::add_sample(std::size_t probe, std::size_t sample, std::size_t stratum,
                                 std::size_t analyte, double value) {
  add_graded(sampled_cell(probe, sample, stratum, analyte), kSampled[analyte], value);
}

std::size_t ObservationSums::index_cell(std::size_t probe, std::size_t stratum) const {
  return index_start_[probe] + stratum * index_cells(layout_->probes[probe]);
}

std::size_t ObservationSums::index_cell(std::size_t probe, std::size_t stratum,
                                        CortisolIndex index) const {
  const std::vector<CortisolIndex> mine = layout_->probes[probe].indices();
  const auto place = std::find(mine.begin(), mine.end(), index) - mine.begin();
  return index_cell(probe, stratum) + kResponderCells +
         static_cast<std::size_t>(place) * kGradedCells;
}

void ObservationSums::add_indices(std::size_t probe, std::size_t stratum,
                                  std::span<const double, kCortisolIndices> values,
                                  double nmol_per_l) {
  const auto& samples = layout_->probes[probe];
  const std::vector<CortisolIndex> mine = samples.indices();
  if (mine.empty()) return;
  const auto value = [&](CortisolIndex index) { return values[static_cast<std::size_t>(index)]; };
  if (has_cortisol_indices(samples.minutes)) {
    std::int64_t* counts = &cells_[index_cell(probe, stratum)];
    counts[0] += 1;
    counts[1] += value(CortisolIndex::rise) * nmol_per_l >= kResponderNmolPerL ? 1 : 0;
    counts[2] += value(CortisolIndex::fold) >= kResponderFold ? 1 : 0;
  }
  std::size_t cell = index_cell(probe, stratum) + kResponderCells;
  for (const CortisolIndex index : mine) {
    if (!std::isnan(value(index))) add_graded(cell, index_quantity(samples, index), value(index));
    cell += kGradedCells;
  }
}

Moments ObservationSums::index(std::size_t probe, std::size_t stratum, CortisolIndex index) const {
  return graded_moments(index_cell(probe, stratum, index),
                        index_quantity(layout_->probes[probe], index));
}
double ObservationSums::index_quantile(std::size_t probe, std::size_t stratum, CortisolIndex index,
                                       double q) const {
  return graded_quantile(index_cell(probe, stratum, index),
                         index_quantity(layout_->probes[probe], index), q);
}
ObservationSums::Responders ObservationSums::responders(std::size_t probe,
                                                        std::size_t stratum) const {
  const std::int64_t* counts = &cells_[index_cell(probe, stratum)];
  return {counts[0], counts[1], counts[2]};
}

std::span<std::int64_t> ObservationSums::outcomes() {
  return std::span(cells_).subspan(outcome_start_, strata_ * layout_->outcomes.cell.count);
}
std::span<const std::int64_t> ObservationSums::outcomes(std::size_t stratum) const {
  const std::size_t count = layout_->outcomes.cell.count;
  return std::span(cells_).subspan(outcome_start_ + stratum * count, count);
}

Moments ObservationSums::graded_moments(std::size_t cell, const GradedQuantity& quantity) const {
  return moments_of(&cells_[cell], largest_magnitude(quantity));
}
Moments ObservationSums::series(std::size_t time, std::size_t stratum, std::size_t quantity) const {
  return moments_of(&cells_[series_cell(time, stratum, quantity)], kSeries[quantity].scale);
}
Moments ObservationSums::assessed(std::size_t assessment, std::size_t stratum,
                                  std::size_t quantity) const {
  return graded_moments(assessed_cell(assessment, stratum, quantity), kAssessed[quantity]);
}
Moments ObservationSums::sampled(std::size_t probe, std::size_t sample, std::size_t stratum,
                                 std::size_t analyte) const {
  return graded_moments(sampled_cell(probe, sample, stratum, analyte), kSampled[analyte]);
}

std::span<const std::int64_t> ObservationSums::assessed_histogram(std::size_t assessment,
                                                                  std::size_t stratum,
                                                                  std::size_t quantity) const {
  return {&cells_[assessed_cell(assessment, stratum, quantity) + kMomentCells], kBins};
}

double ObservationSums::graded_quantile(std::size_t cell, const GradedQuantity& quantity,
                                        double q) const {
  const std::int64_t count = cells_[cell];
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  const double target = q * static_cast<double>(count);
  const double width = (quantity.high - quantity.low) / static_cast<double>(kBins);
  double below = 0.0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const double here = static_cast<double>(cells_[cell + kMomentCells + bin]);
    if (here > 0.0 && below + here >= target) {
      return quantity.low + width * (static_cast<double>(bin) + (target - below) / here);
    }
    below += here;
  }
  return quantity.high;
}
double ObservationSums::assessed_quantile(std::size_t assessment, std::size_t stratum,
                                          std::size_t quantity, double q) const {
  return graded_quantile(assessed_cell(assessment, stratum, quantity), kAssessed[quantity], q);
}
double ObservationSums::sampled_quantile(std::size_t probe, std::size_t sample, std::size_t stratum,
                                         std::size_t analyte, double q) const {
  return graded_quantile(sampled_cell(probe, sample, stratum, analyte), kSampled[analyte], q);
}

std::vector<RecordColumn> record_columns(const ObservationLayout& layout) {
  using Type = RecordColumn::Type;
  std::vector<RecordColumn> columns = {
      {"individual", "1", "number of the individual", Type::uint64, false, "", 1},
      {"age", "years", "age at the start", Type::float32, false, "", 1},
      {"sex", "1", "0 or 1, as coded in the cohort table", Type::int16, false, "", 1},
      {"group", "1", "group of the cohort table, -1: none", Type::int32, false, "", 1},
      {"stratum", "1", "index of the stratum besides all, 0: none", Type::int32, false, "", 1},
  };
  for (const FactorInfo& factor : kFactorTable) {
    columns.push_back(
        {std::string(factor.name), "sd", std::string(factor.doc), Type::float32, false, "", 1});
  }
  columns.push_back(
      {"reported", "1", "outcome column of the cohort table", Type::float32, false, "", 1});
  const std::size_t assessments = layout.assessment_days.size();
  for (const GradedQuantity& quantity : kAssessed) {
    const bool is_score = quantity.unit == "count" || quantity.name.starts_with("ghq");
    columns.push_back({std::string(quantity.name), std::string(quantity.unit),
                       std::string(quantity.doc), is_score ? Type::int16 : Type::float32, true,
                       "assessment", assessments});
  }
  columns.push_back(
      {"final_symptoms", "1", "slow symptoms S on the last evening", Type::float32, true, "", 1});
  columns.push_back({"final_self_control", "1", "self-control w on the last evening", Type::float32,
                     true, "", 1});
  columns.push_back({"final_control_belief", "1",
                     "belief in control on the last evening, mean over stressor classes",
                     Type::float32, true, "", 1});
  columns.push_back(
      {"event_day", "1", "day of the event of [outcomes], -1: none", Type::int32, true, "", 1});
  for (const std::string_view disorder : kDisorderNames) {
    const std::string name(disorder);
    columns.push_back({name + "_onset_day", "1",
                       "day on whose evening the first " + name + "-like state began, -1: never",
                       Type::int32, true, "", 1});
    columns.push_back({name + "_end_day", "1",
                       "day on whose evening the first " + name + "-like state was over, -1: never",
                       Type::int32, true, "", 1});
  }
  // Numbered: the names of a table's columns are free text.
  for (std::size_t e = 0; e < layout.exposure_columns.size(); ++e) {
    columns.push_back({"exposure_" + std::to_string(e + 1), "sd",
                       "exposure column " + layout.exposure_columns[e] +
                           " of the cohort table, standardised in the table",
                       Type::float32, false, "", 1});
  }
  for (const auto& probe : layout.probes) {
    for (const GradedQuantity& analyte : kSampled) {
      columns.push_back({probe.name + "_" + std::string(analyte.name), std::string(analyte.unit),
                         std::string(analyte.doc), Type::float32, true, probe.name + "_sample",
                         probe.minutes.size()});
    }
  }
  return columns;
}

}  // namespace eustress
