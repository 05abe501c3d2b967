#pragma once

// Traces: the whole course of some individuals, at moments of the day and day by day. The path of
// an individual is a function of the study and its number, so it can be walked again, by itself,
// after the run or without one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/block.hpp"
#include "core/study.hpp"

namespace eustress {

struct TracedQuantity {
  std::string_view name, unit, doc;
};

/// At every moment, which is the beginning of a step: where a probe takes its samples too.
inline constexpr std::array kMomentQuantities = {
    TracedQuantity{"crh", "1", "CRH relative to baseline"},
    TracedQuantity{"acth", "1", "ACTH relative to baseline"},
    TracedQuantity{"cortisol", "1", "cortisol relative to baseline"},
    TracedQuantity{"brain_cortisol", "1", "cortisol that reaches the brain"},
    TracedQuantity{"pituitary", "1", "functional mass of the corticotrophs"},
    TracedQuantity{"adrenal", "1", "functional mass of the adrenal cortex"},
    TracedQuantity{"noradrenaline", "1", "plasma noradrenaline relative to baseline"},
    TracedQuantity{"adrenaline", "1", "plasma adrenaline relative to baseline"},
    TracedQuantity{"brain_noradrenaline", "1", "brain noradrenaline relative to baseline"},
    TracedQuantity{"dopamine", "1", "prefrontal dopamine relative to baseline"},
    TracedQuantity{"fast_action", "1", "fast glucocorticoid action beyond rest"},
    TracedQuantity{"genomic_action", "1", "genomic glucocorticoid action beyond rest"},
    TracedQuantity{"energy", "1", "filled share of the energy stores"},
    TracedQuantity{"arousal", "1", "arousal X"},
    TracedQuantity{"salience", "1", "activity S of the salience network"},
    TracedQuantity{"executive_control", "1", "executive control C"},
    TracedQuantity{"intensity", "1",
                   "appraised intensity I of the encounter, in the step that ends here; 0 without "
                   "one and at midnight"},
    TracedQuantity{"mr_occupancy", "1", "occupancy of the mineralocorticoid receptors"},
    TracedQuantity{"gr_occupancy", "1", "occupancy of the glucocorticoid receptors"},
};
/// The first so many are members of MomentLanes; the others follow from them.
inline constexpr std::size_t kKernelQuantities = sizeof(MomentLanes) / sizeof(Lanes);

/// Second dimension of what is kept day by day.
enum class TraceAxis { none, stressor, malleable_factor };
struct DailyQuantity {
  std::string_view name, unit, doc;
  TraceAxis along = TraceAxis::none;
  bool is_code = false;  ///< EventKind
};
/// Of every day, in the evening.
inline constexpr std::array kDailyQuantities = {
    DailyQuantity{"hassles", "count", "reported hassles of the day"},
    DailyQuantity{"encounters", "count", "encounters with an acute response"},
    DailyQuantity{"mastered", "count", "encounters mastered by engaging or reappraising"},
    DailyQuantity{"avoided", "count", "encounters that the person chose to avoid"},
    DailyQuantity{"strain", "1", "severity times unrelieved share of the day's encounters"},
    DailyQuantity{"prediction_error", "1",
                  "mean absolute error of predicted threat over the encounters of the day"},
    DailyQuantity{"life_event", "1", "kind of the life event of the day", TraceAxis::none, true},
    DailyQuantity{"traumas", "count", "potentially traumatic events so far"},
    DailyQuantity{"cortisol_daily_mean", "1", "daily mean cortisol relative to baseline"},
    DailyQuantity{"noradrenaline_daily_mean", "1",
                  "daily mean plasma noradrenaline relative to baseline"},
    DailyQuantity{"energy_midnight", "1", "filled share of the energy stores at midnight"},
    DailyQuantity{"distress", "1", "fast distress D"},
    DailyQuantity{"symptoms", "1", "slow symptoms S"},
    DailyQuantity{"mood", "1", "standardised fluctuation of mood"},
    DailyQuantity{"latent", "1", "latent distress P"},
    DailyQuantity{"depressed_days", "count", "days in a row above the depression threshold"},
    DailyQuantity{"ptsd_days", "count", "days in a row above the PTSD threshold after a trauma"},
    DailyQuantity{"sleep_quality", "1", "quality of the sleep of the last night"},
    DailyQuantity{"self_control", "1", "self-control under stress w"},
    DailyQuantity{"allostatic_load", "1", "allostatic load L"},
    DailyQuantity{"safety_general", "1", "safety memory in general"},
    DailyQuantity{"success_general", "1", "success memory in general"},
    DailyQuantity{"control_belief", "1", "belief in control chi_k", TraceAxis::stressor},
    DailyQuantity{"predicted_threat", "1", "predicted threat V_k", TraceAxis::stressor},
    DailyQuantity{"safety_memory", "1", "safety memory of the class", TraceAxis::stressor},
    DailyQuantity{"success_memory", "1", "success memory of the class", TraceAxis::stressor},
    DailyQuantity{"engage_value", "1", "learned value Q of engaging", TraceAxis::stressor},
    DailyQuantity{"reappraise_value", "1", "learned value Q of reappraising", TraceAxis::stressor},
    DailyQuantity{"avoid_value", "1", "learned value Q of avoiding", TraceAxis::stressor},
    DailyQuantity{"hpa_response", "1", "remaining HPA response h_k after habituation",
                  TraceAxis::stressor},
    DailyQuantity{"malleable_level", "sd", "resilience factor: trait and drift",
                  TraceAxis::malleable_factor},
};
std::size_t width_of(TraceAxis along);

/// At the assessments, as in individuals.h5.
inline constexpr std::array kTracedScores = {
    TracedQuantity{"ghq12", "1", "General Health Questionnaire, 12 items scored 0-3"},
    TracedQuantity{"ghq28", "1", "General Health Questionnaire, 28 items scored 0-3"},
    TracedQuantity{"hassles_7d", "count", "hassles of the last 7 days"},
    TracedQuantity{"life_events_13w", "count", "life events of the last 13 weeks"},
};

/// Moments of one day, as steps of it.
struct MomentsOfDay {
  int first_step;   ///< negative: none
  int every_steps;  ///< at least 1
  std::size_t count;
};

/// What is kept, and of whom.
struct TraceLayout {
  std::vector<std::uint64_t> individuals;  ///< numbers in the cohort, ascending
  std::vector<std::size_t> arms;           ///< places in the study, ascending
  int from_day = 0, to_day = 0;            ///< first day and the day after the last
  double dt_min = 5.0;
  int every_steps = 0;  ///< between moments, counted from midnight of from_day; 0: none
  std::vector<int> assessment_days;  ///< those from from_day to to_day

  [[nodiscard]] std::size_t days() const { return static_cast<std::size_t>(to_day - from_day); }
  [[nodiscard]] int steps_per_day() const;
  [[nodiscard]] std::size_t moments() const;
  /// Days since the start of the study.
  [[nodiscard]] double time_of(std::size_t moment) const;
  /// The day is one of those that are kept. One of its moments at least: the first step, if the
  /// layout has none, because the quality of sleep comes with a moment.
  [[nodiscard]] MomentsOfDay moments_of(int day) const;
  /// Number of the first moment of the day.
  [[nodiscard]] std::size_t moments_before(int day) const;
};
/// first_day: of a branched run, which has no course before. `study.traces` is legal.
TraceLayout trace_layout(const Study& study, int first_day = 0);

/// A row of numbers of one person in one arm: a variable of traces.nc.
struct TraceVariable {
  std::string name, unit, doc;
  std::vector<std::string> dimensions;  ///< time; day; day, stressor; day, malleable_factor;
                                        ///< assessment
  std::size_t length;                   ///< numbers of a person and arm
  bool is_code;
};
/// In the order of PersonTrace::rows.
std::vector<TraceVariable> trace_variables(const TraceLayout& layout);

/// Numbers that the traces of `study` take, in bytes: of one person in one arm, and of all.
/// Independent of the lists of people, so that a size that nobody can have meant can be told.
struct TraceSize {
  double one, all;
};
TraceSize trace_size(const Study& study);

/// The numbers of one person in one arm.
struct PersonTrace {
  std::size_t place = 0;  ///< in its block
  std::vector<std::vector<float>> rows;
};
/// Empty rows of the right lengths.
PersonTrace empty_trace(const TraceLayout& layout, std::size_t place);

/// Puts days into traces. The layout must outlive it.
class TraceRecorder {
 public:
  /// `parameters`: of the arm.
  TraceRecorder(const TraceLayout& layout, const ModelParameters& parameters);

  /// An evening: the block's state, and what the day left with the moments of layout.moments_of().
  void add_day(int day, const Block& state, const BlockDayResult& seen, PersonTrace& person) const;

 private:
  const TraceLayout& layout_;
  ControllabilityParameters control_;
  ReceptorParameters receptors_;
};

}  // namespace eustress
