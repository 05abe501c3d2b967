// The two cohort tables that come with the program, read and synthesised (targets R1 and R3).

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/population/synthesis.hpp"
#include "io/tables/cohort_csv.hpp"

namespace eustress {
namespace {

const std::string kData = EUSTRESS_STUDY_DATA;

struct Sums {
  double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0, xxx = 0.0;
  void add(double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return;
    n += 1.0;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
    xxx += a * a * a;
  }
  [[nodiscard]] double mean() const { return x / n; }
  [[nodiscard]] double variance() const { return xx / n - mean() * mean(); }
  [[nodiscard]] double skew() const {
    const double m = mean();
    return (xxx / n - 3.0 * m * xx / n + 2.0 * m * m * m) / std::pow(variance(), 1.5);
  }
  [[nodiscard]] double correlation() const {
    return (xy / n - x / n * y / n) / std::sqrt(variance() * (yy / n - y / n * y / n));
  }
};

// Every column that the study maps, and two more with many missing cells.
TEST(RealCohorts, SapaUpSampledToAMillionKeepsMomentsAndCorrelations) {
  CohortMapping mapping;
  const auto map = [&mapping](const char* column, Factor factor) {
    mapping.factors.push_back({.column = column, .factor = factor, .mean = {}, .sd = {}});
  };
  map("trust", Factor::social_support);
  map("sociability", Factor::social_integration);
  map("education", Factor::socioeconomic_resources);
  map("industry", Factor::self_efficacy);
  map("adaptability", Factor::positive_appraisal);
  map("emotional_stability", Factor::emotional_stability);
  map("self_control", Factor::executive_capacity);
  map("exercise", Factor::fitness);
  map("self_rated_health", Factor::sleep_quality);
  mapping.age = "age";
  mapping.sex = "sex";
  mapping.sex_zero = 1.0;
  mapping.sex_one = 2.0;
  mapping.exposure_columns = {{"smoking"}, {"er_visits"}};
  mapping.outcome = "well_being";
  const CohortTable table = io::read_cohort_table(
      kData + "/sapa_odd.csv", {.id_column = "id", .columns = mapped_columns(mapping)});
  ASSERT_EQ(table.rows(), 2000u);
  const Synthesis synthesis(SynthesisOptions{.seed = 2024}, table, mapping);
  for (const std::string& warning : synthesis.warnings()) ADD_FAILURE() << warning;

  // The mapped columns, with the table's values and with those of the individuals.
  const std::size_t n_factors = mapping.factors.size();
  const std::size_t n = n_factors + 4;
  const auto table_value = [&](std::size_t row, std::size_t c) {
    const double x = table.cell(row, c);
    return c == n_factors + 1 ? x - 1.0 : x;  // sex from 1, 2 to 0, 1
  };
  ASSERT_EQ(table.columns[n_factors + 1], "sex");
  std::vector<Sums> asked(n * n), got(n * n);
  for (std::size_t r = 0; r < table.rows(); ++r) {
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b <= a; ++b)
        asked[a * n + b].add(table_value(r, a), table_value(r, b));
    }
  }
  constexpr std::uint64_t kPeople = 1000000;
  std::vector<double> x(n);
  for (std::uint64_t i = 0; i < kPeople; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    for (std::size_t a = 0; a < n_factors; ++a) x[a] = d.z[index_of(mapping.factors[a].factor)];
    x[n_factors] = d.age;
    x[n_factors + 1] = d.sex;
    x[n_factors + 2] = d.extra[0];
    x[n_factors + 3] = d.extra[1];
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b <= a; ++b) got[a * n + b].add(x[a], x[b]);
    }
  }
  double worst = 0.0;
  std::string worst_pair;
  for (std::size_t a = 0; a < n; ++a) {
    const Sums& own = asked[a * n + a];
    const bool standardised = a < n_factors || a >= n_factors + 2;
    const double centre = standardised ? own.mean() : 0.0;
    const double scale = standardised ? std::sqrt(own.variance()) : 1.0;
    const Sums& drawn = got[a * n + a];
    const double sd = std::sqrt(own.variance());
    // People who left a question open are younger than the others, by four years for education, so
    // the mean of a completed column is not that of its given cells but the one that age predicts.
    Sums age_given, age_open;
    for (std::size_t r = 0; r < table.rows(); ++r) {
      const double age = table_value(r, n_factors);
      const double value = table_value(r, a);
      (std::isnan(value) ? age_open : age_given).add(age, std::isnan(value) ? 0.0 : value);
    }
    double expected = own.mean();
    if (age_open.n > 0.0) {
      const double slope = age_given.correlation() * sd / std::sqrt(age_given.variance());
      const double open_share = age_open.n / static_cast<double>(table.rows());
      expected += open_share * slope * (age_open.mean() - age_given.mean());
    }
    EXPECT_NEAR(centre + scale * drawn.mean(), expected, 0.02 * sd) << table.columns[a];
    EXPECT_NEAR(scale * std::sqrt(drawn.variance()) / sd, 1.0, 0.02) << table.columns[a];
    // Within the sampling error of the table's own skewness.
    EXPECT_NEAR(drawn.skew(), own.skew(), std::sqrt(6.0 / own.n) * (1.0 + std::abs(own.skew())))
        << table.columns[a];
    for (std::size_t b = 0; b < a; ++b) {
      const double error = got[a * n + b].correlation() - asked[a * n + b].correlation();
      EXPECT_LT(std::abs(error), 0.02) << table.columns[a] << " x " << table.columns[b];
      if (std::abs(error) > std::abs(worst)) {
        worst = error;
        worst_pair = table.columns[a] + " x " + table.columns[b];
      }
    }
  }
  RecordProperty("worst_correlation_error", std::to_string(worst));
  RecordProperty("worst_pair", worst_pair);
}

TEST(RealCohorts, ArmyCompaniesAreTakenOverRowByRow) {
  CohortMapping mapping;
  mapping.factors = {
      {.column = "cohesion", .factor = Factor::social_integration, .mean = {}, .sd = {}},
      {.column = "leadership", .factor = Factor::social_support, .mean = {}, .sd = {}}};
  mapping.exposure_columns = {{"work_hours"}};
  mapping.group = "company";
  mapping.outcome = "well_being";
  const CohortTable table = io::read_cohort_table(
      kData + "/bh1996_odd.csv", {.id_column = "", .columns = mapped_columns(mapping)});
  ASSERT_EQ(table.rows(), 3883u);
  const Synthesis synthesis(SynthesisOptions{.seed = 1}, table, mapping);
  EXPECT_TRUE(synthesis.warnings().empty());
  std::set<std::int32_t> companies;
  Sums cohesion, hours, drawn;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    cohesion.add(table.cell(r, 0), table.cell(r, 1));
    hours.add(table.cell(r, *table.find("work_hours")), 0.0);
  }
  for (std::uint64_t i = 0; i < table.rows(); ++i) {
    const IndividualDraw d = synthesis.draw(i);
    ASSERT_EQ(d.row, static_cast<std::int64_t>(i));
    companies.insert(d.group);
    EXPECT_EQ(d.group, static_cast<std::int32_t>(table.cell(i, *table.find("company"))));
    EXPECT_EQ(d.outcome, table.cell(i, *table.find("well_being")));
    EXPECT_NEAR(cohesion.mean() +
                    std::sqrt(cohesion.variance()) * d.z[index_of(Factor::social_integration)],
                table.cell(i, 0), 1e-9);
    EXPECT_NEAR(hours.mean() + std::sqrt(hours.variance()) * d.extra[0],
                table.cell(i, *table.find("work_hours")), 1e-9);
    drawn.add(d.z[index_of(Factor::social_support)], d.z[index_of(Factor::social_integration)]);
  }
  EXPECT_EQ(companies.size(), 50u);
  EXPECT_NEAR(drawn.correlation(), cohesion.correlation(), 1e-9);
}

}  // namespace
}  // namespace eustress
