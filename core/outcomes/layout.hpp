#pragma once

// What is counted of a person while a study runs, what is counted of a stratum, and what the
// outcomes are called.
//
// Scores of an assessment are whole numbers and everybody has the same number of assessments, so
// sums of their products over persons and times, of the sums of a person, of lagged values and of
// the normal equations of an event study are exact whole numbers. Other quantities are whole
// multiples of a resolution. Nothing therefore depends on the order in which people are counted.
//
// A person and arm has at most 48 numbers in float32, which holds whole numbers up to 2^24 exactly,
// with the default window and bins. Only the sum of squared scores can be larger, after 45 years of
// weekly GHQ-28 with the highest score of all, and is then rounded, in the same way on every
// layout. Ranges in a stratum of up to 2^33 persons: P below 2^7, hassles of a week below 2^10,
// their sums over the assessments of a century below 2^23; products of the sums of a person below
// 2^46, differences of outcomes below 2^23, their squares below 2^46, fourth powers of hassles
// below 2^40. All products are added in two cells (wide_sum.hpp), sums of persons in one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/outcomes/plan.hpp"
#include "core/outcomes/wide_sum.hpp"
#include "core/population/factors.hpp"

namespace eustress {

/// What of an outcome of persons is good for them.
enum class Better { lower, higher };

/// An outcome that every person has, in every arm.
struct PersonOutcome {
  /// By what the whole number that is counted of a person is divided.
  enum class Per { person, assessment, day };
  std::string_view name, unit;
  /// Values are clipped to [-scale, scale] and rounded to multiples of scale 2^-22; 0: counted.
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
    PersonOutcome{"mean_symptoms", "1", 64, PersonOutcome::Per::person, Better::lower, true,
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
    PersonOutcome{"final_symptoms", "1", 64, PersonOutcome::Per::person, Better::lower, false,
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

// Cells of some parts of a stratum.
inline constexpr std::size_t kPersonCells = 2 + kWideCells;  ///< count, sum, square
inline constexpr std::size_t kEffectCells = 4 + kWideCells;  ///< and improved, worsened
/// Products of hassles and life events of third and fourth order, and of two of them with P.
inline constexpr std::size_t kCubic = 7, kQuartic = 5;
inline constexpr std::size_t kPooledCells =
    1 + kScores + (kScorePairs + kCubic + kQuartic) * kWideCells;
inline constexpr std::size_t kLagCells = 1 + 2 * kScores + 3 * kScorePairs * kWideCells;
inline constexpr std::size_t kFactorPairs = kFactors * (kFactors + 1) / 2;
inline constexpr std::size_t kFactorCells =
    kFactors + (kFactorPairs + kFactors * kScores) * kWideCells;

/// Place of the pair i <= j among the pairs of n things: (0,0), (0,1), ... (1,1), ...
constexpr std::size_t pair_place(std::size_t i, std::size_t j, std::size_t n) {
  return i * n - i * (i + 1) / 2 + j;
}

/// Factors and outcomes that are not counted, as whole numbers of their resolution.
inline constexpr double kFactorSteps = 0x1p16;   ///< per standard deviation
inline constexpr double kFactorLimit = 16.0;     ///< [sd]
inline constexpr double kOutcomeSteps = 0x1p22;  ///< per scale

/// Places of the numbers of a person, and of the cells of a stratum, that a plan needs.
struct OutcomeLayout {
  OutcomePlan plan;
  int days = 0;
  std::size_t assessments = 0;  ///< of each person
  int assessment_every_d = 1;   ///< the first is on the evening of the last day of this span
  std::size_t bins = 0;         ///< after the event; 0: no clock

  [[nodiscard]] bool has_windows() const;
  [[nodiscard]] std::size_t windows()
      const;  ///< of each person, one for each assessment but the first
  [[nodiscard]] std::size_t trajectory_cells() const { return 1 + 2 * (bins + 1); }
  [[nodiscard]] std::size_t event_study_cells() const {
    return 1 + (bins + 1) + (2 + bins * (bins + 1) / 2 + bins) * kWideCells;
  }

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

  // Cells of a stratum. Products are wide.
  struct Cells {
    std::size_t persons;       ///< of each outcome kPersonCells
    std::size_t effects;       ///< of each outcome kEffectCells
    std::size_t pooled;        ///< count, sums, products of two, three and four
    std::size_t of_person;     ///< products of the sums of a person
    std::size_t lags;          ///< of each lag: count, sums of the earlier and the later values,
                               ///< products within the earlier, the later, and between them
    std::size_t windows;       ///< count, sums, products, products of the sums of a person
    std::size_t factors;       ///< sums, products, products with the sums of a person
    std::size_t trajectories;  ///< of each class: persons; of each bin assessments, sum of P
    std::size_t event_study;   ///< persons; assessments of each bin; sum of P^2, of squared sums of
                               ///< a person, upper triangle of the normal matrix, right side, both
                               ///< times the number of assessments
    std::size_t recovery;      ///< of each disorder: ended after 0, 1, ... days, censored after
    std::size_t count;
  } cell{};
};

/// `days`: of the study; an assessment on every evening d with d + 1 a multiple of
/// `assessment_every_d`.
OutcomeLayout outcome_layout(const OutcomePlan& plan, int days, int assessment_every_d);

}  // namespace eustress
