#pragma once

// [outcomes]: how what happened to people is summarised (docs/model.md, section 14).

namespace eustress {

/// The questionnaire whose score is mental health P in all outcomes.
enum class MentalHealthScale { ghq28, ghq12 };

/// Exposure E at an assessment: the mean of z(hassles of 7 days) and z(life events of 13 weeks), or
/// the sum of the two counts.
enum class ExposureScore { z_mean, sum };

/// The event that starts a person's clock: the first of its kind in the study.
enum class OutcomeEvent { none, first_severe, first_traumatic, wave };

/// Usual cut-off of the sum score with items scored 0 to 3: 23/24 of the GHQ-28 (Sterling 2011, doi
/// 10.1016/S1836-9553(11)70060-1) and 11/12 of the GHQ-12 (Goldberg et al. 1997, doi
/// 10.1017/S0033291796004242).
inline constexpr double kGhq28Cutoff = 24.0;
inline constexpr double kGhq12Cutoff = 12.0;

struct OutcomePlan {
  MentalHealthScale mental_health = MentalHealthScale::ghq28;
  ExposureScore exposure = ExposureScore::z_mean;
  int window = 4;  ///< assessments of a sliding window
  /// Without the key in the study file: wave if the study has one.
  OutcomeEvent event = OutcomeEvent::first_severe;
  /// A mean score of at least this is unwell. Without the key: the cut-off of the questionnaire.
  double threshold = kGhq28Cutoff;
  /// Days after the event, first day and the day after the last, whose mean scores make the
  /// trajectory. An assessment belongs to the evening of its day.
  int early_from_d = 0, early_to_d = 91, late_from_d = 182, late_to_d = 365;
  int bin_d = 91;  ///< width of a bin of time since the event
  int bins = 8;    ///< bins after the event at most; the last one has no end
};

}  // namespace eustress
