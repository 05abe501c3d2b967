#pragma once

// What is counted of a person while a study runs, what is counted of a stratum, and what the
// outcomes are called.
//
// Scores of an assessment are whole numbers and everybody has the same number of assessments, so
// sums of their products over persons and times, of the sums of a person, of lagged values and of
// the normal equations of an event study are exact whole numbers. Other quantities are whole
// multiples of a resolution. Nothing therefore depends on the order in which people are counted.
//
// A person and arm has at most 48 numbers in float32, which holds whole numbers up to 2^24 exactly.
// Only the sum of squared scores can be larger, after 45 years of weekly GHQ-28 with the highest
// score of all, and is then rounded, in the same way on every layout. Ranges in a stratum of up to
// 2^33 persons: P and its products with hassles below 2^20, fourth powers of the hassles of a week
// below 2^40, products of the sums of a person below 2^46, of normal equations below 2^32; all of
// them are sums of two cells (wide_sum.hpp). Numbers of a person below 2^24 need one cell.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/outcomes/plan.hpp"
#include "core/population/factors.hpp"

namespace eustress {

/// What of an outcome of persons is good for them.
enum class Better { lower, higher };

/// An outcome that every person has, in every arm.
struct PersonOutcome {
  /// By what the whole number that is counted of a person is divided.
  enum class Per { person, assessment, day };
  std::string_view name, unit;
  /// Values are clipped to [-scale, scale] and rounded to multiples of scale 2^-24; 0: counted.
  double scale;
  Per per;
  Better better;
  bool needs_assessments;
  std::string_view doc;
};
enum class Outcome : int {
  mean_ghq,
  mean_symptoms,
  disorder_days,
  depressed_days,
  ptsd_days,
  ever_depressed,
  ever_ptsd,
  mean_hassles,
  life_events,
  traumatic_events,
  encounters,
  mastered,
  avoided,
  prediction_error,
  final_symptoms,
  final_self_control,
  final_control_belief,
  final_allostatic_load,
};
inline constexpr std::array kPersonOutcomes = {
    PersonOutcome{"mean_ghq", "1", 0, PersonOutcome::Per::assessment, Better::lower, true,
                  "mean score of the questionnaire of [outcomes] mental_health over assessments"},
    PersonOutcome{"mean_symptoms", "1", 256, PersonOutcome::Per::person, Better::lower, true,
                  "mean of slow symptoms S over assessments"},
    PersonOutcome{"disorder_days", "d", 0, PersonOutcome::Per::person, Better::lower, false,
                  "days with a depression-like episode or a PTSD-like state"},
    PersonOutcome{"depressed_days", "d", 0, PersonOutcome::Per::person, Better::lower, false,
                  "days with a depression-like episode"},
    PersonOutcome{"ptsd_days", "d", 0, PersonOutcome::Per::person, Better::lower, false,
                  "days with a PTSD-like state"},
    PersonOutcome{"ever_depressed", "1", 0, PersonOutcome::Per::person, Better::lower, false,
                  "at least one day with a depression-like episode"},
    PersonOutcome{"ever_ptsd", "1", 0, PersonOutcome::Per::person, Better::lower, false,
                  "at least one day with a PTSD-like state"},
    PersonOutcome{"mean_hassles", "1/d", 0, PersonOutcome::Per::day, Better::lower, false,
                  "reported hassles per day"},
    PersonOutcome{"life_events", "count", 0, PersonOutcome::Per::person, Better::lower, false,
                  "life events of any kind"},
    PersonOutcome{"traumatic_events", "count", 0, PersonOutcome::Per::person, Better::lower, false,
                  "potentially traumatic events"},
    PersonOutcome{"encounters", "count", 0, PersonOutcome::Per::person, Better::lower, false,
                  "encounters with an acute response"},
    PersonOutcome{"mastered", "count", 0, PersonOutcome::Per::person, Better::higher, false,
                  "encounters mastered by engaging or reappraising"},
    PersonOutcome{"avoided", "count", 0, PersonOutcome::Per::person, Better::lower, false,
                  "encounters that the person chose to avoid"},
    PersonOutcome{"prediction_error", "1", 4, PersonOutcome::Per::person, Better::lower, false,
                  "mean absolute error of predicted threat, over persons with a prediction"},
    PersonOutcome{"final_symptoms", "1", 256, PersonOutcome::Per::person, Better::lower, false,
                  "slow symptoms S on the last evening"},
    PersonOutcome{"final_self_control", "1", 1, PersonOutcome::Per::person, Better::higher, false,
                  "self-control w on the last evening"},
    PersonOutcome{"final_control_belief", "1", 1, PersonOutcome::Per::person, Better::higher, false,
                  "belief in control on the last evening, mean over stressor classes"},
    PersonOutcome{"final_allostatic_load", "1", 64, PersonOutcome::Per::person, Better::lower,
                  false, "allostatic load L on the last evening"},
};
inline constexpr std::size_t kPersonOutcomeCount = kPersonOutcomes.size();

/// Classes of the course after the event, by the mean score in the early and in the late window.
enum class Trajectory : int { resilient, recovered, chronic, delayed, no_event, incomplete };
inline constexpr std::array<std::string_view, 6> kTrajectoryNames = {
    "resilient",  ///< early well, late well
    "recovered",  ///< early unwell, late well
    "chronic",    ///< early unwell, late unwell
    "delayed",    ///< early well, late unwell
    "no_event",
    "incomplete",  ///< no assessment in the early or in the late window
};
inline constexpr std::size_t kTrajectories = kTrajectoryNames.size();

/// Lags of the autocorrelations: 1 to this, in assessments.
inline constexpr std::size_t kLags = 4;
/// What an assessment brings into the SR score: P, hassles of 7 days, life events of 13 weeks.
inline constexpr std::size_t kScores = 3;
inline constexpr std::size_t kScorePairs = kScores * (kScores + 1) / 2;
/// Diagnosis-like states whose recovery is followed.
inline constexpr std::array<std::string_view, 2> kDisorderNames = {"depression", "ptsd"};
inline constexpr std::size_t kDisorders = kDisorderNames.size();

/// Places of the numbers of a person, and of the cells of a stratum, that a plan needs.
struct OutcomeLayout {
  OutcomePlan plan;
  int days = 0;
  std::size_t assessments = 0;  ///< of each person
  int assessment_every_d = 1;   ///< the first is on the evening of the last day of this span
  std::size_t bins = 0;         ///< after the event; 0: no clock
  [[nodiscard]] bool has_windows() const;

  /// Bin of an assessment `since` days after the event; 0: before it, else 1 to `bins`.
  [[nodiscard]] std::size_t bin_of(int since) const;
  [[nodiscard]] int day_of(std::size_t assessment) const;
  /// Assessments with `from` <= days since the event < `to`.
  [[nodiscard]] int assessments_between(int event_day, int from, int to) const;

  // Numbers of a person. Those of assessments are there if there are any, those of the clock if
  // the plan has one.
  struct Numbers {
    // counts of days and of what days brought
    std::size_t hassles, life_events, traumatic_events, encounters, mastered, avoided,
        prediction_error, predictions, disorder_days;
    std::size_t disorder;     ///< of each disorder: days, day of first onset + 1, of its end + 1
    std::size_t scores;       ///< sums over assessments of P, hassles, life events
    std::size_t symptoms;     ///< sum of S over assessments
    std::size_t ring;         ///< kScores of each of the last `ring_length` assessments
    std::size_t windows;      ///< sums of the sliding sums of the scores
    std::size_t event;        ///< day of the event + 1; 0: none yet
    std::size_t squares;      ///< sum of P^2
    std::size_t early, late;  ///< sums of P in the windows
    std::size_t since;        ///< sums of P in the bins after the event
    std::size_t count;        ///< of all of them
  } number{};
  std::size_t ring_length = 0;

  // Cells of a stratum.
  struct Cells {
    std::size_t persons;    ///< kPersonOutcomeCount times: count, sum, square (wide)
    std::size_t effects;    ///< kPersonOutcomeCount times: count, sum, square (wide), improved,
                            ///< worsened
    std::size_t pooled;     ///< count, sums, products (wide), higher moments (wide)
    std::size_t of_person;  ///< products of the sums of a person (wide)
    std::size_t lags;     ///< kLags times: count, sums early and late, products early, late, lagged
    std::size_t windows;  ///< count, sums, products (wide), products of the sums of a person
    std::size_t factors;  ///< sums, products (wide), products with the sums of a person (wide)
    std::size_t trajectories;  ///< of each class persons, then per bin assessments and sum of P
    std::size_t event_study;   ///< persons, sum of P^2, of squared sums, normal matrix, right side
    std::size_t recovery;      ///< per disorder and duration in days: ended, censored
    std::size_t count;
  } cell{};
};

/// `days`: of the study; an assessment on every evening d with d + 1 a multiple of
/// `assessment_every_d`.
OutcomeLayout outcome_layout(const OutcomePlan& plan, int days, int assessment_every_d);

}  // namespace eustress
