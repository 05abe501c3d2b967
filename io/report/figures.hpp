#pragma once

// The figures of a report, one function per theme. Each leaves out what the run does not have, and
// returns nothing if that is everything.

#include <string>
#include <vector>

#include "io/report/figure.hpp"
#include "io/report/run_data.hpp"

namespace eustress::io::report {

/// Symptoms and distress, GHQ-12, prevalence of disorder-like states, over time.
[[nodiscard]] std::vector<Figure> mental_health_figures(const RunData& run);
/// Hassles, encounters and events.
[[nodiscard]] std::vector<Figure> exposure_figures(const RunData& run);
/// Prediction, control, memories, self-control.
[[nodiscard]] std::vector<Figure> learning_figures(const RunData& run);
/// Cortisol, noradrenaline, allostatic load, energy from day to day.
[[nodiscard]] std::vector<Figure> biology_figures(const RunData& run);
/// The acute response to each probe.
[[nodiscard]] std::vector<Figure> probe_figures(const RunData& run);
/// Strata side by side.
[[nodiscard]] std::vector<Figure> strata_figures(const RunData& run);
/// Courses after the event by class, and changes after it with an intercept of each person.
[[nodiscard]] std::vector<Figure> trajectory_figures(const RunData& run);
/// How long states last.
[[nodiscard]] std::vector<Figure> recovery_figures(const RunData& run);
/// What goes with resilience.
[[nodiscard]] std::vector<Figure> reactivity_figures(const RunData& run);
/// Effects of the arms on outcomes of persons, with intervals.
[[nodiscard]] std::vector<Figure> contrast_figures(const RunData& run);
/// Correlations of the factors, asked for and obtained.
[[nodiscard]] std::vector<Figure> synthesis_figures(const RunData& run);
/// Differences between arms.
[[nodiscard]] std::vector<Figure> arm_figures(const RunData& run);
/// Simulated well-being against the well-being that the cohort table reports.
[[nodiscard]] std::vector<Figure> reported_figures(const RunData& run);
/// How factors and outcomes of individuals go together.
[[nodiscard]] std::vector<Figure> individual_figures(const RunData& run);

/// One traced person: hormones over some days, mental health over the run.
[[nodiscard]] std::vector<Figure> trace_figures(const RunData& run);

/// The most important numbers as tiles, and as a table if there are several arms.
[[nodiscard]] std::string key_numbers_html(const RunData& run);

}  // namespace eustress::io::report
