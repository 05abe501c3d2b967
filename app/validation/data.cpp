// Rows R1 to R4: real cohorts.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/validation/panels.hpp"
#include "app/validation/targets.hpp"
#include "io/tables/cohort_csv.hpp"

namespace eustress::app::validation {

namespace {

using io::report::Colour;
using io::report::Dash;
using io::report::Plot;

// --- the army (R1, R2) --------------------------------------------------------------------------

std::size_t army_numbers(const Study&) {
  return 1;
}
/// Mean well-being of the year: the GHQ-12, reversed.
void keep_army(const Evening& evening, std::span<float> numbers) {
  if (!evening.is_questionnaire_day()) return;
  const auto count =
      static_cast<float>(evening.study.days / evening.study.output.questionnaire_every_days);
  numbers[0] -= evening.value(evening.assessment.ghq12) / count;
}

constexpr std::size_t kPredictors = 3;  // cohesion, leadership, work hours
constexpr std::size_t kHours = 2;
struct Army {
  std::vector<int> company;
  std::vector<double> columns;  ///< kPredictors of each soldier
  std::vector<double> reported;
  [[nodiscard]] std::size_t size() const { return company.size(); }
  [[nodiscard]] std::vector<double> column(std::size_t c) const {
    std::vector<double> values;
    for (std::size_t i = 0; i < size(); ++i) values.push_back(columns[i * kPredictors + c]);
    return values;
  }
};
const Army& army() {
  static const Army soldiers = [] {
    const CohortTable table = io::parse_cohort_table(
        embedded_file("bh1996_odd.csv"), "bh1996_odd.csv",
        {"", {"company", "cohesion", "leadership", "work_hours", "well_being"}});
    Army a;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      a.company.push_back(static_cast<int>(table.cell(row, 0)));
      for (std::size_t c = 1; c <= kPredictors; ++c) a.columns.push_back(table.cell(row, c));
      a.reported.push_back(table.cell(row, kPredictors + 1));
    }
    return a;
  }();
  return soldiers;
}

/// Mean simulated well-being of each soldier over these replicates.
std::vector<double> simulated(const Run& run, const std::vector<bool>& of_replicates) {
  const std::size_t n = army().size();
  std::vector<double> means(n, 0.0);
  double used = 0.0;
  for (std::size_t r = 0; r < run.replicates; ++r) {
    if (!of_replicates[r]) continue;
    used += 1.0;
    for (std::size_t i = 0; i < n; ++i) means[i] += run.people.of(r * n + i)[0];
  }
  for (double& m : means) m /= used;
  return means;
}

/// The columns of each soldier with the means of the columns over the company: the regressors of a
/// contextual model.
std::vector<double> with_company_means() {
  const Army& a = army();
  std::map<int, std::array<double, kPredictors + 1>> sums;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto& sum = sums[a.company[i]];
    for (std::size_t c = 0; c < kPredictors; ++c) sum[c] += a.columns[i * kPredictors + c];
    sum[kPredictors] += 1.0;
  }
  std::vector<double> x;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto& sum = sums[a.company[i]];
    for (std::size_t c = 0; c < kPredictors; ++c) x.push_back(a.columns[i * kPredictors + c]);
    for (std::size_t c = 0; c < kPredictors; ++c) x.push_back(sum[c] / sum[kPredictors]);
  }
  return x;
}

/// Every soldier's well-being by a regression on `x` that was fitted to the other folds. The folds
/// are whole companies: the n-th company is in fold n mod 10.
std::vector<double> predicted_by_company(std::span<const double> x, std::size_t columns) {
  constexpr std::size_t kFolds = 10;
  const Army& a = army();
  std::map<int, std::size_t> fold_of;
  for (const int company : a.company) fold_of.emplace(company, 0);
  std::size_t next = 0;
  for (auto& [company, fold] : fold_of) fold = next++ % kFolds;
  std::vector<double> predictions(a.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<double> y, training;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (fold_of[a.company[i]] == fold) continue;
      y.push_back(a.reported[i]);
      const auto row = x.subspan(i * columns, columns);
      training.insert(training.end(), row.begin(), row.end());
    }
    const Regression fit = least_squares(y, training, columns);
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (fold_of[a.company[i]] == fold) {
        predictions[i] = fit.predict(x.subspan(i * columns, columns));
      }
    }
  }
  return predictions;
}
/// 1 - squared errors over squared deviations from the mean.
double explained(std::span<const double> predictions) {
  const std::vector<double>& y = army().reported;
  const double centre = mean(y);
  double errors = 0.0, all = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    errors += (y[i] - predictions[i]) * (y[i] - predictions[i]);
    all += (y[i] - centre) * (y[i] - centre);
  }
  return 1.0 - errors / all;
}

/// R2 of the simulator's prediction, the expected well-being of somebody with these columns, from
/// means over `replicates` draws of luck. Luck that is left in a mean adds its variance, which
/// falls as 1/replicates, to that of the prediction, so 1/R2 is linear in 1/replicates and the
/// jackknife of 1/R2 gives its limit. r2: of all replicates, then without each of them.
double of_many_replicates(std::span<const double> r2) {
  const auto replicates = static_cast<double>(r2.size() - 1);
  double without = 0.0;
  for (const double value : r2.subspan(1)) without += 1.0 / value / replicates;
  return 1.0 / (replicates / r2[0] - (replicates - 1.0) * without);
}

Measurement well_being_of_soldiers(const Runs& runs) {
  const Run& run = runs.at("army");
  const double linear = explained(predicted_by_company(army().columns, kPredictors));
  const double contextual = explained(predicted_by_company(with_company_means(), 2 * kPredictors));
  // Two numbers, intercept and slope, bring the questionnaire to the scale of the table.
  const auto scores = [&](const std::vector<bool>& used) -> std::pair<double, double> {
    const std::vector<double> predictions = predicted_by_company(simulated(run, used), 1);
    return {explained(predictions), least_squares(army().reported, predictions, 1).coefficients[1]};
  };
  Measurement m;
  const std::size_t groups = std::min<std::size_t>(16, run.replicates);
  m.values = jackknife_of_groups(groups, [&](std::size_t left_out) -> std::vector<double> {
    std::vector<bool> used;
    for (std::size_t r = 0; r < run.replicates; ++r) used.push_back(r % groups != left_out);
    const auto [of_mean, slope] = scores(used);
    std::vector<double> r2 = {of_mean};
    for (std::size_t r = 0; r < run.replicates; ++r) {
      if (!used[r]) continue;
      used[r] = false;
      r2.push_back(scores(used).first);
      used[r] = true;
    }
    const double limit = of_many_replicates(r2);
    return {limit, of_mean, linear, contextual, limit - linear, slope};
  });
  const std::vector<double> predictions =
      predicted_by_company(simulated(run, std::vector<bool>(run.replicates, true)), 1);
  Plot plot({"Soldiers by predicted well-being",
             {"predicted, mean of a tenth", {}, {}, {}},
             {"reported, mean of a tenth", {}, {}, {}}});
  const auto tenths = [&](const std::vector<double>& p) {
    std::vector<std::pair<double, double>> order;
    for (std::size_t i = 0; i < p.size(); ++i) order.emplace_back(p[i], army().reported[i]);
    std::sort(order.begin(), order.end());
    std::pair<std::vector<double>, std::vector<double>> means;
    for (std::size_t d = 0; d < 10; ++d) {
      const std::size_t begin = d * order.size() / 10, end = (d + 1) * order.size() / 10;
      double x = 0.0, y = 0.0;
      for (std::size_t i = begin; i < end; ++i) {
        x += order[i].first / static_cast<double>(end - begin);
        y += order[i].second / static_cast<double>(end - begin);
      }
      means.first.push_back(x);
      means.second.push_back(y);
    }
    return means;
  };
  const auto own = tenths(predictions);
  const auto peer = tenths(predicted_by_company(army().columns, kPredictors));
  plot.line("simulator", own.first, own.second, io::report::series_style(0));
  plot.line("linear regression", peer.first, peer.second, io::report::series_style(1));
  m.plots.push_back(std::move(plot));
  return m;
}

/// Slope of well-being on hours, intraclass correlation by company.
std::pair<double, double> hours_and_companies(std::span<const double> well_being,
                                              std::span<const double> hours,
                                              std::span<const int> company) {
  return {least_squares(well_being, hours, 1).coefficients[1],
          intraclass_correlation(well_being, company)};
}
Measurement companies(const Runs& runs) {
  const Run& run = runs.at("army");
  const Army& a = army();
  const std::vector<double> hours = a.column(kHours);
  // The data with their sampling error over companies.
  std::vector<int> codes = a.company;
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  const std::vector<Estimate> data =
      jackknife_of_groups(codes.size(), [&](std::size_t left_out) -> std::vector<double> {
        std::vector<double> y, x;
        std::vector<int> group;
        for (std::size_t i = 0; i < a.size(); ++i) {
          if (left_out < codes.size() && a.company[i] == codes[left_out]) continue;
          y.push_back(a.reported[i]);
          x.push_back(hours[i]);
          group.push_back(a.company[i]);
        }
        const auto [slope, icc] = hours_and_companies(y, x, group);
        return {slope, icc};
      });
  const double sd = standard_deviation(a.reported);
  std::vector<std::pair<double, double>> of_replicate;
  for (std::size_t r = 0; r < run.replicates; ++r) {
    std::vector<double> y;
    for (std::size_t i = 0; i < a.size(); ++i) y.push_back(run.people.of(r * a.size() + i)[0]);
    y = eustress::standardised(y);
    for (double& v : y) v *= sd;
    of_replicate.push_back(hours_and_companies(y, hours, a.company));
  }
  Measurement m;
  m.values = jackknife_of_groups(run.replicates, [&](std::size_t left_out) -> std::vector<double> {
    double slope = 0.0, icc = 0.0, n = 0.0;
    for (std::size_t r = 0; r < run.replicates; ++r) {
      if (r == left_out) continue;
      slope += of_replicate[r].first;
      icc += of_replicate[r].second;
      n += 1.0;
    }
    slope /= n;
    icc /= n;
    return {slope, data[0].value, (slope - data[0].value) / data[0].standard_error,
            icc,   data[1].value, (icc - data[1].value) / data[1].standard_error};
  });
  return m;
}

// --- the SAPA cohort (R3) -----------------------------------------------------------------------

std::size_t sapa_numbers(const Study&) {
  return kFactors;
}
void keep_sapa(const Evening& evening, std::span<float> numbers) {
  for (std::size_t f = 0; f < kFactors; ++f) {
    numbers[f] = evening.value(evening.state.traits.factor[f]);
  }
}
Measurement synthesis_of_cohort(const Runs& runs) {
  const Run& run = runs.at("sapa");
  const std::vector<FactorColumn>& mapping = run.study.population.mapping.factors;
  std::vector<std::string> names;
  for (const FactorColumn& column : mapping) names.push_back(column.column);
  const CohortTable table =
      io::parse_cohort_table(embedded_file("sapa_odd.csv"), "sapa_odd.csv", {"", names});
  const std::size_t k = mapping.size();

  // Of the table: each column from the rows that have it, each correlation from those with both.
  std::vector<double> skews, centres, spreads;
  std::vector<std::vector<double>> r(k, std::vector<double>(k, 1.0));
  for (std::size_t a = 0; a < k; ++a) {
    std::vector<double> given;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (std::isfinite(table.cell(row, a))) given.push_back(table.cell(row, a));
    }
    skews.push_back((mapping[a].reverse ? -1.0 : 1.0) * skewness(given));
    centres.push_back(mean(given));
    spreads.push_back(standard_deviation(given));
    for (std::size_t b = 0; b < a; ++b) {
      std::vector<double> x, y;
      for (std::size_t row = 0; row < table.rows(); ++row) {
        if (!std::isfinite(table.cell(row, a)) || !std::isfinite(table.cell(row, b))) continue;
        x.push_back(table.cell(row, a));
        y.push_back(table.cell(row, b));
      }
      const bool turned = mapping[a].reverse != mapping[b].reverse;
      r[a][b] = (turned ? -1.0 : 1.0) * correlation(x, y);
    }
  }
  Measurement m;
  std::vector<double> given_r, made_r;
  m.values = jackknife(run.people.size(), [&](auto who) -> std::vector<double> {
    double of_means = 0.0, of_sds = 0.0, of_skews = 0.0, of_correlations = 0.0;
    std::vector<std::vector<double>> columns;
    for (std::size_t a = 0; a < k; ++a) {
      columns.push_back(column_of(run, who, index_of(mapping[a].factor)));
      // The factor is the column in standard deviations of the reference population.
      const double sign = mapping[a].reverse ? -1.0 : 1.0;
      const double scale = mapping[a].sd.value_or(spreads[a]);
      const double expected = sign * (centres[a] - mapping[a].mean.value_or(centres[a])) / scale;
      of_means = std::max(of_means, std::abs(mean(columns[a]) - expected));
      of_sds = std::max(of_sds, std::abs(standard_deviation(columns[a]) - spreads[a] / scale));
      of_skews = std::max(of_skews, std::abs(skewness(columns[a]) - skews[a]));
      for (std::size_t b = 0; b < a; ++b) {
        const double made = correlation(columns[a], columns[b]);
        of_correlations = std::max(of_correlations, std::abs(made - r[a][b]));
        if (who.size() < run.people.size()) continue;
        given_r.push_back(r[a][b]);
        made_r.push_back(made);
      }
    }
    return {of_correlations, of_means, of_sds, of_skews};
  });
  Plot plot({"Correlations between columns", {"table", {}, {}, {}}, {"synthesised", {}, {}, {}}});
  plot.line("", {-0.3, 0.8}, {-0.3, 0.8}, {Colour::grey, Dash::dashed, 1.0});
  plot.points("pairs of columns", given_r, made_r, {Colour::blue, Dash::solid, 3.0});
  m.plots.push_back(std::move(plot));
  return m;
}

}  // namespace

std::span<const Protocol> data_protocols() {
  static const std::array protocols = {
      Protocol{"army", "army.toml", 32, 64, army_numbers, keep_army, nullptr, true},
      Protocol{"sapa", "sapa.toml", 100000, 1000000, sapa_numbers, keep_sapa},
  };
  return protocols;
}

namespace {

/// A correlation with the published sign, within .15.
Quantity signed_correlation(std::string_view name, double r) {
  return {name, r, r > 0.0 ? std::max(r - .15, 0.0) : r - .15,
          r > 0.0 ? r + .15 : std::min(r + .15, 0.0)};
}

}  // namespace

const std::vector<Target>& data_targets() {
  static const std::vector<Target> targets = {
      {"R1",
       "well-being of soldiers, out of sample",
       'D',
       "Bliese & Halverson 1996",
       "3,883 soldiers with their cohesion, leadership and hours, half a year in 32 or more "
       "replicates; mean GHQ-12 brought to the reported scale by a line; companies in ten folds, "
       "against a linear regression on the same three columns in the same folds. R2 of the "
       "simulator: limit of many replicates, since 1/R2 is linear in 1/replicates.",
       {"army"},
       {{"R2 of the simulator", kUnstated, -kOpen, kOpen},
        {"R2 of the mean of these replicates", kUnstated, -kOpen, kOpen},
        {"R2 of the linear regression", kUnstated, -kOpen, kOpen},
        {"R2 of a regression with company means", kUnstated, -kOpen, kOpen},
        {"simulator - linear regression", kUnstated, 0, kOpen},
        {"calibration slope", 1, -kOpen, kOpen}},
       well_being_of_soldiers},
      {"R2",
       "hours and companies",
       'D',
       "Bliese & Halverson 1996",
       "The run of R1 on the scale of the table, mean over replicates; the interval of the data by "
       "a jackknife over companies.",
       {"army"},
       {{"slope on hours, simulated", kUnstated, -kOpen, kOpen},
        {"slope on hours, data", kUnstated, -kOpen, kOpen},
        {"slope: difference in standard errors", 0, -1.96, 1.96},
        {"ICC by company, simulated", kUnstated, -kOpen, kOpen},
        {"ICC by company, data", kUnstated, -kOpen, kOpen},
        {"ICC: difference in standard errors", 0, -1.96, 1.96}},
       companies},
      {"R3",
       "synthesis of a cohort from a table",
       'D',
       "Condon 2017",
       "2,000 people with missing cells, drawn again to 100,000 or a million; largest error over "
       "columns and pairs. Means, sds and skewness within two standard errors of the table itself.",
       {"sapa"},
       {{"correlations", kUnstated, 0, .02},
        {"means, sd", kUnstated, 0, .045},
        {"standard deviations, sd", kUnstated, 0, .032},
        {"skewness", kUnstated, 0, .11}},
       synthesis_of_cohort},
      {"R4",
       "stress, resources and depression of entrepreneurs",
       'D',
       "Pollack 2012",
       "The cohort of S1 at the first wave, with scales as short as the survey's: stress by two of "
       "the "
       "58 items of the inventory, depression by six items of the GHQ; self-efficacy, social "
       "integration.",
       {"cohort"},
       {signed_correlation("stress - self-efficacy", -.16),
        signed_correlation("stress - social ties", -.07),
        signed_correlation("stress - depression", .34),
        signed_correlation("self-efficacy - social ties", .19),
        signed_correlation("self-efficacy - depression", -.25),
        signed_correlation("social ties - depression", -.05)},
       stress_and_depression},
  };
  return targets;
}

}  // namespace eustress::app::validation
