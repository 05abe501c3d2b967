#pragma once

// Outcomes of a stratum from its cells (docs/model.md, section 14). NaN where there is nothing to
// say: too few persons or assessments, or no variation.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/outcomes/layout.hpp"

namespace eustress {

/// The cells of one stratum and arm; layout.cell.count of them.
using OutcomeCells = std::span<const std::int64_t>;

/// Over persons; sd with n in the denominator.
struct OutcomeMoments {
  std::int64_t count;
  double mean, sd;
};
OutcomeMoments outcome_moments(const OutcomeLayout& layout, OutcomeCells cells, Outcome outcome);

/// Paired differences to the reference arm, person by person. Improved and worsened: persons for
/// whom the difference is good or bad (PersonOutcome::better).
struct OutcomeEffect {
  OutcomeMoments difference;
  std::int64_t improved, worsened;
};
OutcomeEffect outcome_effect(const OutcomeLayout& layout, OutcomeCells cells, Outcome outcome);
/// (var arm + var reference)/var difference: how many times the persons of two independent runs
/// would have to be more for the same standard error.
double variance_ratio(const OutcomeMoments& arm, const OutcomeMoments& reference,
                      const OutcomeMoments& difference);

/// What makes an SR score of the scores of an assessment: SR = (z(P) - slope z(E))/residual_sd.
struct StressorReactivityNorm {
  double p_mean, p_sd;
  double hassles_weight, events_weight, e_mean;  ///< z(E) = weights times counts - e_mean
  double slope;                                  ///< of z(P) on z(E), pooled
  double residual_sd;                            ///< of z(P) given z(E)
};
StressorReactivityNorm reactivity_norm(const OutcomeLayout& layout, OutcomeCells cells);
/// Mean SR of a stratum by the norm of another one, or of the reference arm.
double mean_reactivity(const OutcomeLayout& layout, OutcomeCells cells,
                       const StressorReactivityNorm& norm);

struct StressorReactivity {
  std::int64_t observations, persons;
  double slope, slope_within, slope_between;  ///< of z(P) on z(E)
  double curvature;                           ///< of z(P) on z(E)^2, beside z(E)
  double correlation;                         ///< of E and P, pooled
  double slope_window, slope_long_term;       ///< of z of the means of a window, of all assessments
  double icc_p, icc_e, icc_single, icc_window;     ///< ICC(1)
  double within_sd_p;                              ///< of P, within persons, in its unit
  std::array<double, kLags> lag_p, lag_e, lag_sr;  ///< correlations of assessments so far apart
};
StressorReactivity stressor_reactivity(const OutcomeLayout& layout, OutcomeCells cells);

/// Of the factors before the study with the SR score of the means over all assessments.
struct FactorReactivity {
  std::array<double, kFactors> correlation;
  double r2;  ///< of all factors together
};
FactorReactivity factor_reactivity(const OutcomeLayout& layout, OutcomeCells cells);

struct TrajectoryCourse {
  std::int64_t persons;
  std::vector<std::int64_t> assessments;  ///< bins + 1: before the event, after it
  std::vector<double> mean;               ///< of P
};
TrajectoryCourse trajectory_course(const OutcomeLayout& layout, OutcomeCells cells,
                                   Trajectory trajectory);

/// P of all persons with an event on the bins of time since, by least squares with an intercept of
/// each person; the time before the event is the reference. Classical standard errors.
struct EventStudyResult {
  std::int64_t persons;
  std::vector<std::int64_t> assessments;  ///< bins + 1
  std::vector<double> coefficient, se;    ///< bins + 1 in units of P; 0 and NaN for the reference
  double within_sd;                       ///< of P within these persons
};
EventStudyResult event_study(const OutcomeLayout& layout, OutcomeCells cells);

/// Kaplan-Meier estimate of the share that is still in the state, by days since its onset, with
/// Greenwood's standard error; element d: on day d. days() of the study elements.
struct Recovery {
  std::vector<double> survival, se;
  std::vector<std::int64_t> at_risk;  ///< just before day d
};
Recovery recovery(const OutcomeLayout& layout, OutcomeCells cells, std::size_t disorder);

}  // namespace eustress
