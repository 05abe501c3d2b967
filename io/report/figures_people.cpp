// Figures of individuals: simulated against reported well-being, correlations.

#include <algorithm>
#include <cmath>
#include <utility>

#include "io/report/figures.hpp"
#include "io/report/statistics.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::size_t kMostPoints = 2000;
constexpr std::size_t kBins = 10;
constexpr std::size_t kLeastPerGroup = 8;  ///< for a regression within a group
constexpr std::size_t kMostGroups = 120;
constexpr double kRowHeight = 17.0;
constexpr double kFarOut = 4.0;  ///< [sd] points beyond are drawn at the edge

/// Reported and simulated well-being of those who reported, both standardised.
struct Comparison {
  std::vector<std::size_t> rows;
  std::vector<double> reported, simulated;
  std::vector<std::int32_t> group;
};

const Column* find_column(const std::vector<Column>& columns, std::string_view name) {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

Comparison compare(const People& people) {
  Comparison c;
  const Column* latent = find_column(people.outcomes, kMeanLatent);
  if (latent == nullptr || !people.has_reported()) return c;
  for (std::size_t i = 0; i < people.count; ++i) {
    if (!std::isfinite(people.reported[i]) || !std::isfinite(latent->values[i])) continue;
    c.rows.push_back(i);
    c.reported.push_back(people.reported[i]);
    c.simulated.push_back(-latent->values[i]);
    c.group.push_back(i < people.group.size() ? people.group[i] : -1);
  }
  c.reported = standardised(c.reported);
  c.simulated = standardised(c.simulated);
  return c;
}

/// Range of x within kFarOut: the tails of symptoms are long.
Extent shown_range(const std::vector<double>& x) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  return {std::max(*low, -kFarOut), std::min(*high, kFarOut)};
}

/// The ends of a fitted line over the range of x that is shown.
void add_fit(Plot& plot, const std::string& label, const LineFit& fit, const std::vector<double>& x,
             Style style) {
  if (!std::isfinite(fit.slope)) return;
  const auto [low, high] = shown_range(x);
  plot.line(label, {low, high}, {fit.intercept + fit.slope * low, fit.intercept + fit.slope * high},
            style);
}

std::string with_error(const LineFit& fit) {
  return fixed(fit.slope, 3) + " \u00B1 " + fixed(1.96 * fit.slope_error, 3);
}

Plot people_plot(const Comparison& c, const LineFit& fit) {
  std::vector<double> x, y;
  const std::size_t stride = (c.rows.size() + kMostPoints - 1) / kMostPoints;
  for (std::size_t i = 0; i < c.rows.size(); i += std::max<std::size_t>(stride, 1)) {
    x.push_back(c.simulated[i]);
    y.push_back(c.reported[i]);
  }
  const auto [low, high] = shown_range(c.simulated);
  Plot plot({"people",
             {"simulated well-being (sd)", low - 0.1, high + 0.1},
             {"reported well-being (sd)", {}, {}},
             480.0,
             360.0});
  plot.points(stride > 1 ? "one person in " + std::to_string(stride) : "person", std::move(x),
              std::move(y), {Colour::sky, Dash::solid, 2.0}, 0.35);
  add_fit(plot, "regression line", fit, c.simulated, {Colour::vermillion, Dash::solid, 2.2});
  if (c.rows.size() >= 5 * kBins) {
    std::vector<double> bin_x, bin_y;
    for (const BinnedMean& bin : binned_means(c.simulated, c.reported, kBins)) {
      bin_x.push_back(bin.x);
      bin_y.push_back(bin.y);
    }
    plot.points("mean of a tenth of the people", std::move(bin_x), std::move(bin_y),
                {Colour::ink, Dash::solid, 4.0});
  }
  return plot;
}

struct GroupComparison {
  std::vector<double> simulated, reported;  ///< means of the groups
  std::vector<std::string> names;           ///< of groups with a regression within
  std::vector<LineFit> fits;
};

GroupComparison compare_groups(const Comparison& c) {
  GroupComparison result;
  std::vector<std::pair<std::int32_t, LineFit>> within;
  for (const GroupRows& g : rows_of_groups(c.group)) {
    const std::vector<double> x = pick(c.simulated, g.rows), y = pick(c.reported, g.rows);
    result.simulated.push_back(summary(x).mean);
    result.reported.push_back(summary(y).mean);
    const LineFit fit = fit_line(x, y);
    if (g.rows.size() >= kLeastPerGroup && std::isfinite(fit.slope)) {
      within.emplace_back(g.group, fit);
    }
  }
  std::stable_sort(within.begin(), within.end(),
                   [](const auto& a, const auto& b) { return a.second.slope < b.second.slope; });
  if (within.size() > kMostGroups) within.resize(kMostGroups);
  for (const auto& [group, fit] : within) {
    result.names.push_back("group " + std::to_string(group) + " (n = " + std::to_string(fit.count) +
                           ")");
    result.fits.push_back(fit);
  }
  return result;
}

/// Standardised columns that a linear regression could use: those the study maps from the table.
std::vector<std::vector<double>> given_columns(const RunData& run, const Comparison& c) {
  std::vector<std::vector<double>> columns;
  if (!run.study) return columns;
  for (const FactorColumn& mapped : run.study->population.mapping.factors) {
    if (const Column* column = find_column(run.people->factors, name_of(mapped.factor))) {
      columns.push_back(pick(column->values, c.rows));
    }
  }
  for (const Column& exposure : run.people->exposures) {
    columns.push_back(pick(exposure.values, c.rows));
  }
  return columns;
}

std::string agreement_table(const RunData& run, const Comparison& c, const LineFit& fit,
                            const GroupComparison& groups) {
  std::vector<std::vector<std::string>> rows = {
      {"people", with_separators(c.rows.size())},
      {"correlation", fixed(fit.correlation, 3)},
      {"rank correlation (Spearman)",
       fixed(fit_line(ranks(c.simulated), ranks(c.reported)).correlation, 3)},
      {"variance explained, R\u00B2", fixed(fit.r_squared(), 3)},
  };
  const auto given = given_columns(run, c);
  if (!given.empty()) {
    rows.push_back({"R\u00B2 of a linear regression on the " + std::to_string(given.size()) +
                        " given columns, for comparison",
                    fixed(regression_r_squared(given, c.reported), 3)});
  }
  if (groups.simulated.size() > 2) {
    const LineFit means = fit_line(groups.simulated, groups.reported);
    rows.push_back(
        {"correlation of the means of " + std::to_string(groups.simulated.size()) + " groups",
         fixed(means.correlation, 3)});
    rows.push_back({"variance of the means explained, R\u00B2", fixed(means.r_squared(), 3)});
  }
  return table_html({"agreement", "value"}, rows);
}

/// What can be said of each of the two, and should be alike.
std::string likeness_table(const RunData& run, const Comparison& c) {
  std::vector<std::vector<std::string>> rows;
  const Intraclass reported = intraclass_correlation(c.reported, c.group);
  if (reported.groups > 2) {
    rows.push_back({"intraclass correlation by group, ICC(1)", fixed(reported.icc, 3),
                    fixed(intraclass_correlation(c.simulated, c.group).icc, 3)});
  }
  for (const Column& exposure : run.people->exposures) {
    const std::vector<double> z = standardised(pick(exposure.values, c.rows));
    rows.push_back({"slope on " + readable(exposure.name) + " (sd per sd, 95 % interval)",
                    with_error(fit_line(z, c.reported)), with_error(fit_line(z, c.simulated))});
  }
  return rows.empty() ? "" : table_html({"structure", "reported", "simulated"}, rows);
}

Figure agreement_figure(const RunData& run, const Comparison& c, const GroupComparison& groups) {
  const LineFit fit = fit_line(c.simulated, c.reported);
  FigureBuilder figure;
  figure.add(people_plot(c, fit));
  if (groups.simulated.size() > 2) {
    const LineFit means = fit_line(groups.simulated, groups.reported);
    Plot plot({"means of the groups",
               {"simulated well-being (sd)", {}, {}},
               {"reported well-being (sd)", {}, {}},
               480.0,
               360.0});
    plot.points("mean of a group", groups.simulated, groups.reported,
                {Colour::green, Dash::solid, 4.0}, 0.8);
    add_fit(plot, "regression line of the means", means, groups.simulated,
            {Colour::vermillion, Dash::dashed, 2.2});
    figure.add(plot);
  }
  figure.add_below(agreement_table(run, c, fit, groups) + likeness_table(run, c));
  return figure.finish(
      "reported", "Simulated against reported well-being",
      "Reported: the outcome column of the cohort table, which the simulation never sees. "
      "Simulated: minus the mean of the latent distress P over all assessments of the same "
      "individual. Both are standardised; on perfect agreement all points would lie on a "
      "rising diagonal. The model is not calibrated to these people: it knows them by the given "
      "factors and exposure only, and what happens to them is drawn at random, so that individual "
      "points must scatter. People beyond 4 sd are drawn at the edge.");
}

Figure within_groups_figure(const GroupComparison& groups) {
  std::vector<double> y, slope, low, high, explained;
  for (std::size_t i = 0; i < groups.fits.size(); ++i) {
    const LineFit& fit = groups.fits[i];
    y.push_back(static_cast<double>(i));
    slope.push_back(fit.slope);
    low.push_back(fit.slope - 1.96 * fit.slope_error);
    high.push_back(fit.slope + 1.96 * fit.slope_error);
    explained.push_back(fit.r_squared());
  }
  const double height = 90.0 + kRowHeight * static_cast<double>(groups.names.size());
  Plot slopes({"slope within the group",
               {"slope of reported on simulated (sd per sd)", {}, {}},
               {},
               480.0,
               height});
  slopes.rows(groups.names).rule_at_x(0.0);
  slopes.intervals("95 % interval", low, high, y, {Colour::sky, Dash::solid, 3.0});
  slopes.points("slope", slope, y, {Colour::blue, Dash::solid, 3.6});
  Plot shares({"variance explained within the group", {"R\u00B2", 0.0, {}}, {}, 480.0, height});
  shares.rows(groups.names);
  shares.points("R\u00B2", explained, y, {Colour::vermillion, Dash::solid, 3.6});
  FigureBuilder figure;
  figure.add(slopes);
  figure.add(shares);
  return figure.finish(
      "reported-groups", "The same within each group",
      "Regression of reported on simulated well-being among the members of one group (at least " +
          std::to_string(kLeastPerGroup) +
          "), sorted by slope. Intervals that miss the line at zero are expected in most groups if "
          "simulated and reported well-being agree; in small groups they are wide.");
}

}  // namespace

std::vector<Figure> reported_figures(const RunData& run) {
  if (!run.people) return {};
  const Comparison c = compare(*run.people);
  if (c.rows.size() < 3) return {};
  const GroupComparison groups = compare_groups(c);
  std::vector<Figure> figures = {agreement_figure(run, c, groups)};
  if (groups.fits.size() > 1) figures.push_back(within_groups_figure(groups));
  return figures;
}

std::vector<Figure> individual_figures(const RunData& run) {
  if (!run.people || run.people->count < 3) return {};
  const People& people = *run.people;
  std::vector<std::pair<std::string, const std::vector<double>*>> columns;
  const auto add = [&columns](const Column& column) {
    if (summary(column.values).sd > 0.0)
      columns.emplace_back(readable(column.name), &column.values);
  };
  for (const Column& c : people.factors) add(c);
  for (const Column& c : people.exposures) add(c);
  for (const Column& c : people.outcomes) add(c);
  if (people.has_reported()) columns.emplace_back("reported well-being", &people.reported);
  if (columns.size() < 2) return {};
  const std::size_t n = columns.size();
  std::vector<std::string> names;
  std::vector<double> r(n * n, 1.0);
  for (std::size_t a = 0; a < n; ++a) {
    names.push_back(columns[a].first);
    for (std::size_t b = 0; b < a; ++b) {
      r[a * n + b] = r[b * n + a] = fit_line(*columns[a].second, *columns[b].second).correlation;
    }
  }
  const std::string title = "Factors and outcomes of individuals";
  const std::string body =
      "<div class=\"charts one\">" + correlation_cells(title, names, r) + "</div>" +
      legend_html(std::vector<LegendEntry>{{"negative", {Colour::blue}, Swatch::bar, 0.6},
                                           {"positive", {Colour::vermillion}, Swatch::bar, 0.6}});
  return {
      {"correlations", title, body,
       "Pearson correlations over " + with_separators(people.count) +
           " individuals, the stronger the fuller the colour. Factors are those at the start of "
           "the run; outcomes are those of " +
           run.arms[0] + "."}};
}

}  // namespace eustress::io::report
