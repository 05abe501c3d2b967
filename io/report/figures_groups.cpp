// Figures that compare strata of the cohort, and arms of the study.

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/report/figures.hpp"
#include "io/report/statistics.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::size_t kSortedAbove = 12;  ///< more strata are sorted by their mean
constexpr std::size_t kMostRows = 120;
constexpr std::size_t kMostLines = 6;
constexpr double kRowHeight = 17.0;

/// Strata in which people were assessed, as rows of a chart.
std::vector<std::size_t> rows_of_strata(const RunData& run, const Quantity& by) {
  const std::size_t last = run.assessment_days.size() - 1;
  std::vector<std::size_t> rows;
  for (std::size_t s = 1; s < run.strata.size(); ++s) {
    if (std::isfinite(by.mean.at(0, s, last))) rows.push_back(s);
  }
  if (rows.size() > kSortedAbove) {
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return by.mean.at(0, a, last) < by.mean.at(0, b, last);
    });
  }
  return rows;
}

/// Mean and the middle half of people (else one sd) of every stratum at the last assessment.
Plot dot_plot(const RunData& run, const Quantity& quantity, const std::vector<std::size_t>& strata,
              const std::string& title, const std::string& label) {
  const std::size_t last = run.assessment_days.size() - 1;
  const auto quantile = [&](double p) -> const Grid* {
    for (std::size_t i = 0; i < run.probabilities.size() && i < quantity.quantiles.size(); ++i) {
      if (std::abs(run.probabilities[i] - p) < 1e-9) return &quantity.quantiles[i];
    }
    return nullptr;
  };
  const Grid *lower = quantile(0.25), *upper = quantile(0.75);
  std::vector<double> y, low, high;
  std::vector<std::string> names;
  for (const std::size_t s : strata) {
    y.push_back(static_cast<double>(names.size()));
    names.push_back(readable(run.strata[s]));
    const double mean = quantity.mean.at(0, s, last), sd = quantity.sd.at(0, s, last);
    low.push_back(lower != nullptr ? lower->at(0, s, last) : mean - sd);
    high.push_back(upper != nullptr ? upper->at(0, s, last) : mean + sd);
  }
  Plot plot({title,
             {label, {}, {}},
             {"", {}, {}},
             480.0,
             90.0 + kRowHeight * static_cast<double>(names.size())});
  plot.rows(names).rule_at_x(quantity.mean.at(0, 0, last));
  plot.intervals(lower != nullptr ? "25\u201375 % of people" : "mean \u00B1 sd", low, high, y,
                 {Colour::sky, Dash::solid, 4.0});
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    std::vector<double> mean;
    mean.reserve(strata.size());
    for (const std::size_t s : strata) mean.push_back(quantity.mean.at(arm, s, last));
    Style style = series_style(arm);
    style.width = 3.6;
    plot.points(run.arms.size() == 1 ? "mean" : "mean, " + run.arms[arm], std::move(mean), y,
                style);
  }
  return plot;
}

/// Course of the mean in every stratum, while they are few enough to be told apart.
void add_courses(FigureBuilder& figure, const RunData& run, const Quantity& quantity,
                 const std::string& title, const std::string& label) {
  if (run.strata.size() - 1 > kMostLines || run.assessment_days.size() < 2) return;
  const TimeAxis time(run);
  Plot plot({title, time.axis, {label, {}, {}}});
  time.mark_events(plot, run);
  for (std::size_t s = 1; s < run.strata.size(); ++s) {
    plot.line(readable(run.strata[s]), thinned(time.positions(run.assessment_days)),
              thinned(quantity.mean.course(0, s)), series_style(s - 1));
  }
  figure.add(plot);
}

struct Contrast {
  const char *quantity, *title, *label;
  double scale;
};
constexpr Contrast kContrasts[] = {
    {"symptoms", "slow symptoms S", "difference (model units)", 1.0},
    {"distress", "fast distress D", "difference (model units)", 1.0},
    {"depressed", "depression-like episode", "difference (% points)", 100.0},
    {"ptsd", "PTSD-like state", "difference (% points)", 100.0},
    {"mastered", "encounters mastered", "difference (1/day)", 1.0},
    {"self_control", "self-control under stress w", "difference", 1.0},
    {"control_belief", "belief in control", "difference", 1.0},
    {"allostatic_load", "allostatic load L", "difference (model units)", 1.0},
};

std::string paired_table(const RunData& run) {
  if (!run.people || run.people->final_symptoms.size() < 2) return "";
  const auto& arms = run.people->final_symptoms;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t arm = 1; arm < arms.size(); ++arm) {
    std::vector<double> difference(arms[arm].values);
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= arms[0].values[i];
    const Summary s = summary(difference);
    const double n = static_cast<double>(s.count);
    const double error =
        s.count > 1 ? s.sd / std::sqrt(n - 1.0) : std::numeric_limits<double>::quiet_NaN();
    double better = 0.0;
    for (const double d : difference) better += d < 0.0 ? 1.0 : 0.0;
    rows.push_back(
        {arms[arm].name, significant(s.mean, 3),
         significant(s.mean - 1.96 * error, 3) + " to " + significant(s.mean + 1.96 * error, 3),
         significant(s.sd, 3), percent(better / n, 1)});
  }
  return table_html({"final symptoms against " + run.arms[0], "mean paired difference",
                     "95 % interval", "sd between people", "people with fewer symptoms"},
                    rows);
}

}  // namespace

std::vector<Figure> strata_figures(const RunData& run) {
  const Quantity* ghq = find(run.assessed, "ghq12");
  const Quantity* symptoms = find(run.assessed, "symptoms");
  if (run.strata.size() < 2 || run.assessment_days.empty() || ghq == nullptr) return {};
  std::vector<std::size_t> strata = rows_of_strata(run, *ghq);
  if (strata.empty()) return {};
  std::string caption = "Each row is a stratum of the cohort at the last assessment (day " +
                        fixed(run.assessment_days.back(), 0) +
                        "). The dot is the mean, the bar holds the middle half of the people, the "
                        "vertical line is the "
                        "mean of everybody.";
  if (strata.size() > kSortedAbove) {
    caption += " Rows are sorted by mean GHQ-12, the healthiest on top.";
  }
  if (strata.size() > kMostRows) {
    // The extremes are what one looks for.
    caption += " Of " + std::to_string(strata.size()) + " strata the " +
               std::to_string(kMostRows / 2) + " lowest and highest are shown.";
    strata.erase(strata.begin() + kMostRows / 2, strata.end() - kMostRows / 2);
  }
  FigureBuilder figure;
  figure.add(
      dot_plot(run, *ghq, strata, "GHQ-12 at the end", "GHQ-12 (0\u201336, higher is worse)"));
  if (symptoms != nullptr) {
    figure.add(
        dot_plot(run, *symptoms, strata, "slow symptoms S at the end", "symptoms (model units)"));
  }
  std::vector<Figure> figures = {
      figure.finish("strata", "Strata at the end of the run", std::move(caption))};
  FigureBuilder courses;
  add_courses(courses, run, *ghq, "mean GHQ-12", "GHQ-12 (0\u201336)");
  if (symptoms != nullptr) {
    add_courses(courses, run, *symptoms, "mean symptoms S", "symptoms (model units)");
  }
  if (!courses.empty()) {
    figures.push_back(courses.finish("strata-courses", "Strata over time",
                                     "Means of the strata at each assessment" +
                                         (run.arms.size() > 1 ? " in " + run.arms[0] : "") + "." +
                                         events_sentence(run)));
  }
  return figures;
}

std::vector<Figure> arm_figures(const RunData& run) {
  if (run.arms.size() < 2 || run.series_days.empty()) return {};
  const TimeAxis time(run);
  const std::vector<double> x = thinned(time.positions(run.series_days));
  FigureBuilder figure;
  for (const Contrast& contrast : kContrasts) {
    const Quantity* quantity = find(run.series, contrast.quantity);
    if (quantity == nullptr) continue;
    Plot plot({contrast.title, time.axis, {contrast.label, {}, {}}, 300.0, 230.0});
    time.mark_events(plot, run);
    plot.rule_at_y(0.0);
    const std::vector<double> reference = quantity->mean.course(0, 0);
    for (std::size_t arm = 1; arm < run.arms.size(); ++arm) {
      std::vector<double> difference = quantity->mean.course(arm, 0);
      for (std::size_t i = 0; i < difference.size(); ++i) {
        difference[i] = contrast.scale * (difference[i] - reference[i]);
      }
      plot.line(run.arms[arm], x, thinned(difference), series_style(arm));
    }
    figure.add(plot);
  }
  if (figure.empty()) return {};
  figure.add_below(paired_table(run));
  return {figure.finish(
      "arms", "Differences between arms",
      "Mean of the arm minus mean of " + run.arms[0] +
          "; zero is the dashed line. All arms hold the same people with the same luck, so that "
          "differences are effects of the arm and the noise of chance events mostly cancels." +
          events_sentence(run),
      true)};
}

}  // namespace eustress::io::report
