// Figures over model time: mental health, exposure, learning, biology.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "io/report/figures.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr int kMostBars = 40;
constexpr double kLeastShare = 0.1;  ///< [%] of a bar at either end

/// Charts of daily series in one figure; nothing if the run has none of them.
std::vector<Figure> series_figure(const RunData& run, std::string id, std::string title,
                                  std::string caption, std::span<const SeriesPanel> panels,
                                  bool small) {
  FigureBuilder figure;
  for (const SeriesPanel& panel : panels) {
    if (const auto plot = series_plot(run, panel, small)) figure.add(*plot);
  }
  if (figure.empty()) return {};
  return {figure.finish(std::move(id), std::move(title), std::move(caption) + events_sentence(run),
                        small)};
}

/// Distribution of a questionnaire over the assessments, and its mean in every arm.
void add_assessed(FigureBuilder& figure, const RunData& run, const char* name,
                  const std::string& title, const std::string& y_label) {
  const Quantity* quantity = find(run.assessed, name);
  if (quantity == nullptr || run.assessment_days.empty()) return;
  const TimeAxis time(run);
  const std::vector<double> x = time.positions(run.assessment_days);
  const bool has_arms = run.arms.size() > 1;
  Plot fan({has_arms ? title + ", " + run.arms[0] : title, time.axis, {y_label, {}, {}}});
  time.mark_events(fan, run);
  add_fan(fan, run, *quantity, x, 0);
  if (run.assessment_days.size() == 1) {
    fan.points("", x, quantity->mean.course(0, 0), {Colour::ink, Dash::solid, 3.5});
  }
  figure.add(fan);
  if (!has_arms) return;
  Plot means({title + ", means of the arms", time.axis, {y_label, {}, {}}});
  time.mark_events(means, run);
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    means.line("mean, " + run.arms[arm], thinned(x), thinned(quantity->mean.course(arm, 0)),
               series_style(arm));
  }
  figure.add(means);
}

/// The histogram in wider bins: whole numbers per bar for counts, and few enough bars to be seen,
/// up to the value that nearly nobody exceeds.
struct WideBins {
  std::vector<double> edges, shares;  ///< shares in per cent
};
double wide_bin_width(const Quantity& quantity, bool is_count) {
  double people = 0.0, last = 0.0;
  std::vector<double> in_bin(quantity.bin_middles.size(), 0.0);
  for (std::size_t bin = 0; bin < in_bin.size(); ++bin) {
    in_bin[bin] = quantity.histogram.at(0, 0, bin);
    people += in_bin[bin];
  }
  double below = 0.0;
  for (std::size_t bin = 0; bin < in_bin.size() && below < 0.998 * people; ++bin) {
    below += in_bin[bin];
    last = quantity.bin_middles[bin];
  }
  const double span = std::max(last - quantity.bin_middles.front(), 1e-6);
  const Ticks ticks = nice_ticks(0.0, span, kMostBars, TickSteps::decimal);
  const double width = ticks.at.size() > 1 ? ticks.at[1] - ticks.at[0] : span;
  return is_count ? std::max(1.0, std::round(width)) : width;
}
WideBins wide_bins(const Quantity& quantity, std::size_t arm, double width, bool is_count) {
  const double origin = is_count ? -0.5 : 0.0;
  const auto index = [&](double value) { return std::floor((value - origin) / width + 1e-9); };
  const double first = index(quantity.bin_middles.front());
  const auto bars = static_cast<std::size_t>(index(quantity.bin_middles.back()) - first) + 1;
  WideBins wide;
  wide.shares.assign(bars, 0.0);
  double people = 0.0;
  for (std::size_t bin = 0; bin < quantity.bin_middles.size(); ++bin) {
    const double n = quantity.histogram.at(arm, 0, bin);
    wide.shares[static_cast<std::size_t>(index(quantity.bin_middles[bin]) - first)] += n;
    people += n;
  }
  for (double& share : wide.shares) share *= people > 0.0 ? 100.0 / people : 0.0;
  for (std::size_t i = 0; i <= bars; ++i) {
    wide.edges.push_back(origin + (first + static_cast<double>(i)) * width);
  }
  return wide;
}

void add_distribution(FigureBuilder& figure, const RunData& run, const char* name,
                      const std::string& title, const std::string& x_label, bool is_count) {
  const Quantity* quantity = find(run.assessed, name);
  if (quantity == nullptr || quantity->histogram.times < 2) return;
  const double width = wide_bin_width(*quantity, is_count);
  std::vector<WideBins> arms;
  std::size_t begin = SIZE_MAX, end = 0;  // bars that hold anybody worth showing
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    arms.push_back(wide_bins(*quantity, arm, width, is_count));
    const std::vector<double>& shares = arms.back().shares;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] < kLeastShare) continue;
      begin = std::min(begin, i);
      end = std::max(end, i + 1);
    }
  }
  if (begin >= end) return;
  Plot plot({title, {x_label, {}, {}}, {"share of people (%)", 0.0, {}}, 300.0, 230.0});
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    const auto cut = [&](const std::vector<double>& v, std::size_t extra) {
      return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(begin),
                                 v.begin() + static_cast<std::ptrdiff_t>(end + extra));
    };
    const std::vector<double> edges = cut(arms[arm].edges, 1), shares = cut(arms[arm].shares, 0);
    if (arms.size() == 1) {
      plot.bars("", edges, shares, Colour::blue);
    } else {
      plot.outline(run.arms[arm], edges, shares, series_style(arm));
    }
  }
  figure.add(plot);
}

}  // namespace

std::vector<Figure> mental_health_figures(const RunData& run) {
  std::vector<Figure> figures;
  FigureBuilder ghq;
  add_assessed(ghq, run, "ghq12", "GHQ-12 score", "GHQ-12 (0\u201336)");
  add_assessed(ghq, run, "symptoms", "slow symptoms S", "symptoms (model units)");
  if (!ghq.empty()) {
    figures.push_back(ghq.finish(
        "ghq", "Mental health in the virtual questionnaires",
        "What the simulated people would answer: the 12-item General Health Questionnaire (each "
        "item "
        "0-3, higher is worse, healthy populations score about 11) and the slow symptoms behind "
        "it. "
        "Half of the people lie in the dark band, nine in ten in the light one; a mean above the "
        "median says that few people carry most of the symptoms." +
            events_sentence(run)));
  }
  FigureBuilder distributions;
  add_distribution(distributions, run, "ghq12", "GHQ-12 score", "score (0\u201336)", true);
  add_distribution(distributions, run, "symptoms", "slow symptoms S", "symptoms (model units)",
                   false);
  add_distribution(distributions, run, "hassles_7d", "hassles of the last 7 days",
                   "hassles (count)", true);
  add_distribution(distributions, run, "life_events_13w", "life events of the last 13 weeks",
                   "life events (count)", true);
  if (!distributions.empty()) {
    figures.push_back(distributions.finish(
        "distributions", "How people differ at the last assessment",
        "Share of the people per score or interval on the evening of day " +
            fixed(run.assessment_days.back(), 0) +
            ". Bars that hold fewer than 1 in 1,000 people at the ends are left out.",
        true));
  }
  const SeriesPanel mean_courses[] = {
      {"symptoms", "slow symptoms S", "symptoms (model units)"},
      {"distress", "fast distress D", "distress (model units)", 1.0, true},
  };
  for (Figure& f : series_figure(
           run, "symptoms", "Symptoms and distress, day by day",
           "Distress follows the load of the last days and may be negative (less load than usual); "
           "symptoms build up after severe events and recover over weeks to years. The scale of "
           "both is that of the latent score P, in which people differ by about 1.",
           mean_courses, false)) {
    figures.push_back(std::move(f));
  }
  const SeriesPanel prevalence[] = {
      {"depressed", "depression-like episode", "share of people (%)", 100.0},
      {"ptsd", "PTSD-like state", "share of people (%)", 100.0},
  };
  for (Figure& f : series_figure(
           run, "prevalence", "Disorder-like states",
           "Share of the cohort that is above the diagnosis-like threshold on that day. These are "
           "states of the model, not diagnoses.",
           prevalence, false)) {
    figures.push_back(std::move(f));
  }
  return figures;
}

std::vector<Figure> exposure_figures(const RunData& run) {
  const SeriesPanel panels[] = {
      {"hassles", "daily hassles", "hassles (1/day)"},
      {"encounters", "encounters with an acute response", "encounters (1/day)"},
      {"mastered", "encounters mastered", "mastered (1/day)"},
      {"avoided", "encounters avoided", "avoided (1/day)"},
      {"life_event", "life events", "per 1,000 and day", 1000.0},
      {"traumatic_event", "potentially traumatic events", "per 1,000 and day", 1000.0},
  };
  std::vector<Figure> figures = series_figure(
      run, "exposure", "What happened to the cohort",
      "Means over the cohort, day by day. Hassles are what the inventory counts; the encounters "
      "among them are met with appraisal, coping and an acute hormonal response, and are mastered "
      "if engaging or reappraising succeeds.",
      panels, true);
  FigureBuilder inventories;
  add_assessed(inventories, run, "hassles_7d", "hassles of the last 7 days", "hassles (count)");
  add_assessed(inventories, run, "life_events_13w", "life events of the last 13 weeks",
               "life events (count)");
  if (!inventories.empty()) {
    figures.push_back(inventories.finish(
        "inventories", "Exposure as the inventories report it",
        "Distribution over people at each assessment. People differ lastingly in how many hassles "
        "they meet, so the bands stay wide when the mean is steady. The first weeks count fewer "
        "than 13 weeks of life events." +
            events_sentence(run)));
  }
  return figures;
}

std::vector<Figure> learning_figures(const RunData& run) {
  const SeriesPanel panels[] = {
      {"control_belief", "belief in control", "belief (0\u20131)"},
      {"predicted_threat", "predicted threat", "threat (model units)"},
      {"prediction_error", "threat prediction error", "mean absolute error"},
      {"safety_memory", "safety memory", "strength (model units)"},
      {"success_memory", "success memory", "strength (model units)"},
      {"engage_value", "value of engaging", "learned value Q"},
      {"self_control", "self-control under stress w", "self-control (0\u20131)"},
      {"self_efficacy", "self-efficacy", "standard deviations"},
  };
  return series_figure(
      run, "learning", "What the cohort learned",
      "Means over the cohort. Resilience is learned here if predictions get better (their error "
      "falls), control is found and remembered, engaging pays, and self-control grows.",
      panels, true);
}

std::vector<Figure> biology_figures(const RunData& run) {
  const SeriesPanel panels[] = {
      {"cortisol", "cortisol, daily mean", "relative to baseline 1"},
      {"noradrenaline", "plasma noradrenaline, daily mean", "relative to baseline 1"},
      {"allostatic_load", "allostatic load L", "load (model units)"},
      {"energy", "energy stores at midnight", "filled share (0\u20131)"},
  };
  return series_figure(run, "biology", "Biology from day to day",
                       "Means over the cohort of daily means. Hormones are relative to the basal "
                       "level of a person without stress.",
                       panels, true);
}

}  // namespace eustress::io::report
