// Figures of what is made of the whole courses of persons: trajectories, recovery, resilience,
// effects of the arms; and the factors that they began with.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "core/population/correlation.hpp"
#include "core/population/factors.hpp"
#include "io/report/figures.hpp"
#include "io/report/statistics.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr double kNormal = 1.96;
constexpr double kRowHeight = 24.0;
constexpr std::size_t kClasses = 4;  ///< of the trajectories that have both windows
constexpr std::size_t kMostArms = 6;
/// Below so many at risk a survival curve says little.
constexpr double kLeastAtRisk = 10.0;

std::vector<double> row_of(const Grid& grid, std::size_t arm, std::size_t first, std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(grid.at(arm, 0, first + i));
  return values;
}

std::string days_since(const RunData& run) {
  const std::vector<double>& since = run.outcomes.since_event;
  const double width = since.size() > 1 ? since[1] - since[0] : 0.0;
  return " Points stand in the middle of bins of " + fixed(width, 0) +
         " days; the first one holds all time before the event, the last one all after it.";
}

/// The middles of the bins of the time since the event.
std::vector<double> bin_middles(const RunData& run) {
  std::vector<double> x = run.outcomes.since_event;
  const double width = x.size() > 1 ? x[1] - x[0] : 0.0;
  for (double& day : x) day += 0.5 * width;
  return x;
}

std::string arm_label(const RunData& run, std::size_t arm, const std::string& what) {
  return run.arms.size() == 1 ? what : run.arms[arm];
}

// --- trajectories --------------------------------------------------------------------------------

/// Shares of the classes among those who have one.
std::vector<double> class_shares(const Grid& count, std::size_t arm) {
  std::vector<double> shares = row_of(count, arm, 0, kClasses);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

/// The questionnaire whose score is mental health in the outcomes, as it is written.
std::string scale_name(const RunData& run) {
  const bool is_short = run.study && run.study->outcomes.mental_health == MentalHealthScale::ghq12;
  return is_short ? "GHQ-12" : "GHQ-28";
}

/// Who is unwell, and how the cohort lies to that. Without the study the threshold is not known.
std::string threshold_sentence(const RunData& run) {
  if (!run.study) return "";
  const bool is_short = run.study->outcomes.mental_health == MentalHealthScale::ghq12;
  std::string text = " Unwell is a mean " + scale_name(run) + " of at least " +
                     significant(run.study->outcomes.threshold, 3) +
                     " (the key threshold of [outcomes]; without it the usual cut-off of the "
                     "questionnaire).";
  const Quantity* score = find(run.assessed, is_short ? "ghq12" : "ghq28");
  if (score == nullptr || run.assessment_days.empty()) return text;
  double mean = 0.0, variance = 0.0;
  for (std::size_t t = 0; t < run.assessment_days.size(); ++t) {
    mean += score->mean.at(0, 0, t);
    variance += score->sd.at(0, 0, t) * score->sd.at(0, 0, t);
  }
  mean /= static_cast<double>(run.assessment_days.size());
  variance /= static_cast<double>(run.assessment_days.size());
  text += " Over all assessments of " + run.arms[0] + " the score has mean " + fixed(mean, 1) +
          " and standard deviation " + fixed(std::sqrt(variance), 1) + ".";
  if (mean >= 0.9 * run.study->outcomes.threshold) {
    text +=
        " That is higher than in general populations, which lie well below the cut-off, so "
        "the level of the scale alone makes many people unwell, before and after the event: "
        "read shares of chronic people against those of an arm without the event, or set a "
        "threshold that fits the question.";
  }
  return text;
}

std::optional<Figure> trajectory_figure(const RunData& run) {
  const Grid* count = run.outcomes.find("trajectory_count");
  const Grid* mean = run.outcomes.find("trajectory_ghq_mean");
  const std::size_t bins = run.outcomes.since_event.size();
  const auto& names = run.outcomes.trajectories;
  if (count == nullptr || mean == nullptr || names.size() < kClasses || bins == 0 ||
      mean->times < kClasses * bins) {
    return std::nullopt;
  }
  const std::vector<double> shares = class_shares(*count, 0);
  if (!std::isfinite(shares[0])) return std::nullopt;
  FigureBuilder figure;
  const std::vector<double> x = bin_middles(run);
  Plot courses({"mean course of each class",
                {"days since the event", {}, {}, TickSteps::whole},
                {"score of the " + scale_name(run), {}, {}}});
  courses.event(0.0, "E", "the event");
  if (run.study) courses.rule_at_y(run.study->outcomes.threshold);
  for (std::size_t k = 0; k < kClasses; ++k) {
    Style style = series_style(k);
    style.width = 2.4;
    courses.line(names[k] + " (" + percent(shares[k], 1) + ")", x, row_of(*mean, 0, k * bins, bins),
                 style);
  }
  figure.add(courses);

  std::vector<std::string> rows(names.begin(), names.begin() + kClasses);
  Plot split({"share of each class",
              {"% of people with an event", 0.0, {}},
              {},
              480.0,
              110.0 + 1.6 * kRowHeight * kClasses});
  split.rows(rows);
  const std::size_t arms = std::min(run.arms.size(), kMostArms);
  for (std::size_t arm = 0; arm < arms; ++arm) {
    std::vector<double> y, share;
    for (std::size_t k = 0; k < kClasses; ++k) {
      const double offset =
          arms == 1 ? 0.0
                    : 0.5 * (static_cast<double>(arm) + 0.5) / static_cast<double>(arms) - 0.25;
      y.push_back(static_cast<double>(k) + offset);
      share.push_back(100.0 * class_shares(*count, arm)[k]);
    }
    Style style = series_style(arm);
    style.width = 4.0;
    split.points(arm_label(run, arm, "share"), share, y, style);
  }
  figure.add(split);
  return figure.finish(
      "trajectories", "Trajectories after the event",
      "People are classed by their mean score soon after the event and long after it: resilient "
      "ones are well in both windows, recovered ones at the end only, delayed ones at first only, "
      "chronic ones never. Left: the mean course of those in " +
          run.arms[0] + ", with a line at the threshold; right: how many they are." +
          threshold_sentence(run) + days_since(run));
}

std::optional<Figure> event_study_figure(const RunData& run) {
  const Grid* coefficient = run.outcomes.find("event_study_coefficient_sd");
  const Grid* error = run.outcomes.find("event_study_se_sd");
  const std::size_t bins = run.outcomes.since_event.size();
  if (coefficient == nullptr || error == nullptr || bins < 2 || coefficient->times != bins) {
    return std::nullopt;
  }
  const std::vector<double> x = bin_middles(run);
  Plot plot({"change of the " + scale_name(run),
             {"days since the event", {}, {}, TickSteps::whole},
             {"change (sd within persons)", {}, {}},
             640.0,
             330.0});
  plot.rule_at_y(0.0).event(0.0, "E", "the event");
  bool has_any = false;
  const std::size_t arms = std::min(run.arms.size(), kMostArms);
  for (std::size_t pass = 0; pass < 2; ++pass) {
    for (std::size_t arm = 0; arm < arms; ++arm) {
      const std::vector<double> y = row_of(*coefficient, arm, 0, bins);
      std::vector<double> low, high;
      for (std::size_t i = 0; i < bins; ++i) {
        const double half = kNormal * error->at(arm, 0, i);
        low.push_back(std::isfinite(half) ? y[i] - half : y[i]);
        high.push_back(std::isfinite(half) ? y[i] + half : y[i]);
        has_any = has_any || (i > 0 && std::isfinite(y[i]));
      }
      if (pass == 0) {
        plot.band(arm == 0 ? "95 % interval" : "", x, low, high, series_style(arm).colour, 0.2);
        continue;
      }
      plot.line(arm_label(run, arm, "change"), x, y, series_style(arm));
      Style points = series_style(arm);
      points.width = 3.0;
      plot.points("", x, y, points);
    }
  }
  if (!has_any) return std::nullopt;
  FigureBuilder figure;
  figure.add(plot);
  return figure.finish(
      "event-study", "Event study",
      "Regression of P on the time since the event with an intercept of each person, so that "
      "everybody is compared with themselves. The time before the event is the reference, at "
      "zero." +
          days_since(run));
}

}  // namespace

std::vector<Figure> trajectory_figures(const RunData& run) {
  std::vector<Figure> figures;
  if (auto figure = trajectory_figure(run)) figures.push_back(*std::move(figure));
  if (auto figure = event_study_figure(run)) figures.push_back(*std::move(figure));
  return figures;
}

// --- recovery ------------------------------------------------------------------------------------

std::vector<Figure> recovery_figures(const RunData& run) {
  struct State {
    const char *name, *title;
  };
  constexpr State kStates[] = {{"depression", "first depression-like episode"},
                               {"ptsd", "first PTSD-like state"}};
  const std::vector<double>& days = run.outcomes.recovery_days;
  FigureBuilder figure;
  for (const State& state : kStates) {
    const std::string stem = std::string("recovery_") + state.name;
    const Grid* survival = run.outcomes.find(stem + "_survival");
    const Grid* error = run.outcomes.find(stem + "_se");
    const Grid* at_risk = run.outcomes.find(stem + "_at_risk");
    if (survival == nullptr || error == nullptr || at_risk == nullptr ||
        survival->times != days.size() || days.empty()) {
      continue;
    }
    Plot plot({state.title,
               {"days since the onset", 0.0, {}, TickSteps::whole},
               {"% still in the state", 0.0, 100.0}});
    const std::size_t arms = std::min(run.arms.size(), kMostArms);
    bool has_any = false;
    for (std::size_t pass = 0; pass < 2; ++pass) {
      for (std::size_t arm = 0; arm < arms; ++arm) {
        // Steps: the curve falls at the days themselves.
        std::vector<double> x = {0.0}, y = {100.0}, low = {100.0}, high = {100.0};
        for (std::size_t d = 0; d < days.size(); ++d) {
          if (!(at_risk->at(arm, 0, d) >= kLeastAtRisk)) break;
          const double s = 100.0 * survival->at(arm, 0, d);
          const double half = 100.0 * kNormal * error->at(arm, 0, d);
          if (!std::isfinite(s)) break;
          const auto step = [&](double day, double value, double l, double h) {
            x.push_back(day);
            y.push_back(value);
            low.push_back(l);
            high.push_back(h);
          };
          step(days[d], y.back(), low.back(), high.back());
          step(days[d], s, std::isfinite(half) ? std::max(0.0, s - half) : s,
               std::isfinite(half) ? std::min(100.0, s + half) : s);
        }
        if (x.size() < 4) continue;
        has_any = true;
        if (pass == 0) {
          plot.band(arm == 0 ? "95 % interval" : "", x, low, high, series_style(arm).colour, 0.18);
        } else {
          plot.line(arm_label(run, arm, "people"), x, y, series_style(arm));
        }
      }
    }
    if (has_any) figure.add(plot);
  }
  if (figure.empty()) return {};
  return {figure.finish(
      "recovery", "Recovery",
      "Kaplan-Meier curves: of all people who came into the state, the share that is still in it, "
      "those who are in it at the end of the run counted until then. Curves end where fewer than " +
          fixed(kLeastAtRisk, 0) + " people are left.")};
}

// --- resilience ----------------------------------------------------------------------------------

std::vector<Figure> reactivity_figures(const RunData& run) {
  const Grid* correlation = run.outcomes.find("factor_sr_correlation");
  const Grid* persons = run.outcomes.find("sr_persons");
  const auto& factors = run.outcomes.factors;
  if (correlation == nullptr || persons == nullptr || correlation->times != factors.size() ||
      factors.empty() || !std::isfinite(correlation->at(0, 0, 0))) {
    return {};
  }
  std::vector<std::size_t> order(factors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t f) { return correlation->at(0, 0, f); });
  // Fisher's z.
  const double half = kNormal / std::sqrt(persons->at(0, 0, 0) - 3.0);
  std::vector<std::string> names;
  std::vector<double> y, value, low, high;
  for (const std::size_t f : order) {
    const double r = correlation->at(0, 0, f), z = std::atanh(r);
    y.push_back(static_cast<double>(names.size()));
    names.push_back(readable(factors[f]));
    value.push_back(r);
    low.push_back(std::tanh(z - half));
    high.push_back(std::tanh(z + half));
  }
  std::vector<double> bar_low, bar_high;
  for (const double r : value) {
    bar_low.push_back(std::min(r, 0.0));
    bar_high.push_back(std::max(r, 0.0));
  }
  Plot plot({"correlation with the SR score",
             {"correlation (left: the more of it, the more resilient)", {}, {}},
             {},
             640.0,
             90.0 + kRowHeight * static_cast<double>(names.size())});
  plot.rows(names).rule_at_x(0.0);
  plot.intervals("correlation", bar_low, bar_high, y, {Colour::sky, Dash::solid, 11.0});
  plot.intervals("95 % interval", low, high, y, {Colour::ink, Dash::solid, 1.6});
  plot.points("", value, y, {Colour::blue, Dash::solid, 3.6});
  FigureBuilder figure;
  figure.add(plot);
  std::string caption =
      "Correlations over people of each factor at the start with the stressor reactivity score of "
      "the whole run: how much worse or better their mental health was than that of others with "
      "as many stressors. Low scores are resilient.";
  if (const Grid* r2 = run.outcomes.find("factor_sr_r2")) {
    caption += " All factors together explain " + percent(r2->at(0, 0, 0), 1) + " of its variance.";
  }
  std::vector<std::vector<std::string>> rows;
  const auto add_row = [&](const char* name, const char* label) {
    const Grid* grid = run.outcomes.find(name);
    if (grid == nullptr) return;
    rows.push_back({label});
    for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
      rows.back().push_back(fixed(grid->at(arm, 0, 0), 3));
    }
  };
  add_row("sr_slope", "slope of z(P) on z(E), pooled");
  add_row("sr_slope_within", "... within persons");
  add_row("sr_slope_between", "... between persons");
  add_row("sr_icc_single", "ICC(1) of the score of one assessment");
  add_row("sr_icc_window", "ICC(1) of the score of sliding windows");
  if (!rows.empty()) {
    std::vector<std::string> head = {"stressor reactivity"};
    head.insert(head.end(), run.arms.begin(), run.arms.end());
    figure.add_below(table_html(head, rows));
  }
  return {figure.finish("sr-factors", "Resilience by factor", std::move(caption))};
}

// --- arms ----------------------------------------------------------------------------------------

std::vector<Figure> contrast_figures(const RunData& run) {
  if (run.outcomes.effects.empty()) return {};
  std::vector<std::string> names;
  for (const Effect& effect : run.outcomes.effects) {
    const bool is_shown = std::isfinite(effect.reference_sd) && effect.reference_sd > 0.0;
    const std::string name = readable(effect.outcome);
    if (is_shown && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  if (names.empty()) return {};
  const std::size_t others = std::min(run.arms.size(), kMostArms + 1) - 1;
  Plot plot({"standardised difference to " + run.arms[0],
             {"difference (sd of " + run.arms[0] + ")", {}, {}},
             {},
             640.0,
             90.0 + (kRowHeight + 6.0 * static_cast<double>(others - 1)) *
                        static_cast<double>(names.size())});
  plot.rows(names).rule_at_x(0.0);
  for (std::size_t arm = 1; arm <= others; ++arm) {
    std::vector<double> y, value, low, high;
    for (const Effect& effect : run.outcomes.effects) {
      if (effect.arm != run.arms[arm]) continue;
      const auto found = std::ranges::find(names, readable(effect.outcome));
      if (found == names.end()) continue;
      const double offset =
          others == 1 ? 0.0
                      : 0.7 * (static_cast<double>(arm) - 0.5) / static_cast<double>(others) - 0.35;
      y.push_back(static_cast<double>(found - names.begin()) + offset);
      value.push_back(effect.standardised);
      low.push_back(effect.difference.low / effect.reference_sd);
      high.push_back(effect.difference.high / effect.reference_sd);
    }
    Style style = series_style(arm);
    style.dash = Dash::solid;
    style.width = 2.4;
    plot.intervals("", low, high, y, style);
    style.width = 4.0;
    plot.points(run.arms[arm], value, y, style);
  }
  std::vector<std::vector<std::string>> rows;
  const auto interval = [](const Interval& x, int digits) {
    return significant(x.value, digits) + " (" + significant(x.low, digits) + " to " +
           significant(x.high, digits) + ")";
  };
  for (const Effect& effect : run.outcomes.effects) {
    const auto share = [&](const std::optional<std::int64_t>& n) {
      return n && effect.persons > 0
                 ? percent(static_cast<double>(*n) / static_cast<double>(effect.persons), 1)
                 : std::string("-");
    };
    if (!std::isfinite(effect.difference.value)) continue;
    std::string meaning;
    if (effect.needed_to_treat && std::isfinite(effect.needed_to_treat->value)) {
      const double n = effect.needed_to_treat->value;
      const bool is_clear = effect.needed_to_treat->low * effect.needed_to_treat->high > 0.0 &&
                            std::isfinite(effect.needed_to_treat->high);
      if (is_clear) {
        meaning = std::string(n > 0.0 ? "needed to treat: " : "needed to harm: ") +
                  significant(std::abs(n), 3);
      }
    }
    if (effect.days_averted) {
      meaning = significant(effect.days_averted->value, 3) + " days averted per 1,000 and year";
    }
    rows.push_back({effect.arm + ": " + readable(effect.outcome), interval(effect.difference, 3),
                    fixed(effect.standardised, 3), share(effect.improved), share(effect.worsened),
                    effect.variance_ratio ? fixed(*effect.variance_ratio, 1) : "-", meaning});
  }
  FigureBuilder figure;
  figure.add(plot);
  figure.add_below("<details><summary>The numbers</summary>" +
                   table_html({"arm and outcome", "difference (95 % interval)", "d", "improved",
                               "worsened", "variance ratio", ""},
                              rows) +
                   "</details>");
  const bool of_replicates = run.outcomes.effects.front().basis == Basis::replicates;
  return {figure.finish(
      "contrasts", "Effects on outcomes of persons",
      std::string("Arm minus ") + run.arms[0] +
          ", the same people with the same luck, in standard deviations between people; bars are "
          "95 % intervals " +
          (of_replicates ? "over replicates." : "from the paired differences of persons.") +
          " Left of the line there is less of the outcome than in " + run.arms[0] +
          ", which is good for all but mastered encounters, self-control and belief in control.")};
}

// --- synthesis -----------------------------------------------------------------------------------

std::vector<Figure> synthesis_figures(const RunData& run) {
  if (!run.people || run.people->factors.size() != kFactors) return {};
  // Another matrix, and columns of a table, are not in the results: then only what was obtained.
  const bool is_reference = run.study && run.study->population.correlations.empty() &&
                            run.study->population.cohort.empty();
  const std::vector<Column>& factors = run.people->factors;
  const CorrelationMatrix asked_matrix = CorrelationMatrix::reference();
  std::vector<std::string> names;
  std::vector<double> obtained(kFactors * kFactors, 1.0), asked(kFactors * kFactors, 1.0);
  double largest = 0.0;
  for (std::size_t a = 0; a < kFactors; ++a) {
    names.push_back(readable(factors[a].name));
    for (std::size_t b = 0; b < a; ++b) {
      const double r = fit_line(factors[a].values, factors[b].values).correlation;
      const double wanted =
          asked_matrix.matrix()(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
      obtained[a * kFactors + b] = obtained[b * kFactors + a] = r;
      asked[a * kFactors + b] = asked[b * kFactors + a] = wanted;
      if (std::isfinite(r)) largest = std::max(largest, std::abs(r - wanted));
    }
  }
  const std::string title = "Correlations of the factors";
  const std::string cells = is_reference ? correlation_cells(title, names, obtained, asked)
                                         : correlation_cells(title, names, obtained);
  const std::string body =
      "<div class=\"charts one\">" + cells + "</div>" +
      legend_html(std::vector<LegendEntry>{{"negative", {Colour::blue}, Swatch::bar, 0.6},
                                           {"positive", {Colour::vermillion}, Swatch::bar, 0.6}});
  const std::string people = with_separators(run.people->count) + " people of the run";
  if (!is_reference) {
    return {{"synthesis", title, body,
             "Pearson correlations among the " + people +
                 ", whose factors come from the cohort table or correlation matrix of the study; "
                 "columns are in the order of the rows. eustress check shows how far they are what "
                 "was asked for."}};
  }
  const double error = 1.0 / std::sqrt(static_cast<double>(run.people->count));
  return {{"synthesis", title, body,
           "Below the diagonal the correlations among the " + people +
               ", above it those that were asked for; columns are in the order "
               "of the rows. The largest difference is " +
               fixed(largest, 3) + ", where chance alone gives each a standard error of about " +
               fixed(error, 3) + "."}};
}

}  // namespace eustress::io::report
