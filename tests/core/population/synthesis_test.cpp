#include "core/population/synthesis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Core>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/population/synthesis_report.hpp"

namespace eustress {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kSupport = index_of(Factor::social_support);
constexpr std::size_t kOptimism = index_of(Factor::optimism);
constexpr std::size_t kFitness = index_of(Factor::fitness);

// Draws for making test tables, unrelated to those of the synthesis.
double normal(std::uint64_t row, std::uint32_t index) {
  return normal_pair({99, 0, Purpose::traits}, row, 0, index).first;
}

CohortTable make_table(std::vector<std::string> columns, std::size_t rows,
                       const std::function<double(std::size_t, std::size_t)>& cell) {
  CohortTable table;
  table.file = "cohort.csv";
  table.columns = std::move(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    table.lines.push_back(r + 2);
    for (std::size_t c = 0; c < table.columns.size(); ++c) table.cells.push_back(cell(r, c));
  }
  return table;
}

struct Moments {
  double mean, sd, skew;
};

Moments moments(const std::vector<double>& x) {
  const double n = static_cast<double>(x.size());
  double mean = 0.0, second = 0.0, third = 0.0;
  for (const double v : x) mean += v / n;
  for (const double v : x) {
    second += (v - mean) * (v - mean) / n;
    third += (v - mean) * (v - mean) * (v - mean) / n;
  }
  return {mean, std::sqrt(second), third / std::pow(second, 1.5)};
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const Moments mx = moments(x), my = moments(y);
  double product = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) product += (x[i] - mx.mean) * (y[i] - my.mean);
  return product / (static_cast<double>(x.size()) * mx.sd * my.sd);
}

std::array<std::vector<double>, kFactors> factors_of(const Synthesis& synthesis,
                                                     std::uint64_t first, std::uint64_t count) {
  std::array<std::vector<double>, kFactors> out;
  for (std::uint64_t i = first; i < first + count; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    for (std::size_t f = 0; f < kFactors; ++f) out[f].push_back(d.z[f]);
  }
  return out;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same(const IndividualDraw& a, const IndividualDraw& b) {
  bool equal = same_bits(a.age, b.age) && a.sex == b.sex && a.group == b.group && a.row == b.row &&
               same_bits(a.outcome, b.outcome);
  for (std::size_t f = 0; f < kFactors; ++f) equal = equal && same_bits(a.z[f], b.z[f]);
  for (std::size_t e = 0; e < kExtras; ++e) equal = equal && same_bits(a.extra[e], b.extra[e]);
  return equal;
}

std::string error_of(const CohortTable& table, const CohortMapping& mapping) {
  try {
    const Synthesis synthesis({}, table, mapping);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

// --- without a cohort table ---------------------------------------------------------------------

TEST(SynthesisWithoutTable, HasTheMomentsAndCorrelationsAskedFor) {
  constexpr std::uint64_t kPeople = 100000;
  const Synthesis synthesis(SynthesisOptions{.seed = 11});
  const auto z = factors_of(synthesis, 0, kPeople);
  const double root_n = std::sqrt(static_cast<double>(kPeople));
  for (std::size_t a = 0; a < kFactors; ++a) {
    // Five sampling errors of mean, sd and skewness of a normal sample.
    const Moments m = moments(z[a]);
    EXPECT_NEAR(m.mean, 0.0, 5.0 / root_n) << kFactorNames[a];
    EXPECT_NEAR(m.sd, 1.0, 5.0 / (root_n * std::sqrt(2.0))) << kFactorNames[a];
    EXPECT_NEAR(m.skew, 0.0, 5.0 * std::sqrt(6.0) / root_n) << kFactorNames[a];
    for (std::size_t b = 0; b < a; ++b) {
      const double r =
          CorrelationMatrix::reference()(static_cast<Factor>(a), static_cast<Factor>(b));
      EXPECT_NEAR(correlation(z[a], z[b]), r, 5.0 * (1.0 - r * r) / root_n)
          << kFactorNames[a] << " x " << kFactorNames[b];
    }
  }
  EXPECT_TRUE(synthesis.warnings().empty());
}

TEST(SynthesisWithoutTable, DrawsAgeAndSexAsAsked) {
  constexpr int kPeople = 100000;
  const Synthesis synthesis(
      SynthesisOptions{.seed = 3, .age_min = 20.0, .age_max = 60.0, .share_sex_one = 0.3});
  std::vector<double> age, sex;
  for (std::uint64_t i = 0; i < kPeople; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    ASSERT_GE(d.age, 20.0);
    ASSERT_LE(d.age, 60.0);
    ASSERT_EQ(d.row, kNoRow);
    ASSERT_EQ(d.group, kNoGroup);
    ASSERT_TRUE(std::isnan(d.outcome));
    age.push_back(d.age);
    sex.push_back(d.sex);
  }
  const double root_n = std::sqrt(static_cast<double>(kPeople));
  const double sd = 40.0 / std::sqrt(12.0);
  EXPECT_NEAR(moments(age).mean, 40.0, 5.0 * sd / root_n);
  EXPECT_NEAR(moments(age).sd, sd, 0.01 * sd);
  EXPECT_NEAR(moments(sex).mean, 0.3, 5.0 * std::sqrt(0.21) / root_n);
  EXPECT_NEAR(correlation(age, sex), 0.0, 5.0 / root_n);
}

TEST(SynthesisWithoutTable, IsAFunctionOfSeedReplicateAndNumberOnly) {
  const Synthesis a(SynthesisOptions{.seed = 5});
  const Synthesis b(SynthesisOptions{.seed = 5});
  const Synthesis other_seed(SynthesisOptions{.seed = 6});
  const Synthesis other_replicate(SynthesisOptions{.seed = 5, .replicate = 1});
  std::vector<IndividualDraw> forward;
  for (std::uint64_t i = 0; i < 1000; ++i) forward.push_back(a.draw(i));
  for (std::uint64_t i = 1000; i-- > 0;) {
    EXPECT_TRUE(same(forward[i], b.draw(i))) << i;
    EXPECT_NE(forward[i].z[0], other_seed.draw(i).z[0]);
    EXPECT_NE(forward[i].z[0], other_replicate.draw(i).z[0]);
  }
  EXPECT_NE(a.draw(0).z[0], a.draw(std::uint64_t{1} << 32).z[0]) << "all 64 bits count";
}

// The documented draws: factors from the first seven pairs of Purpose::factors, age from the
// eighth.
TEST(SynthesisWithoutTable, UsesTheDocumentedDraws) {
  FactorCorrelations uncorrelated;
  for (const FactorInfo& row : kFactorTable) uncorrelated.factors.push_back(row.factor);
  uncorrelated.values = Eigen::MatrixXd::Identity(kFactors, kFactors);
  const Synthesis synthesis(SynthesisOptions{.seed = 8,
                                             .replicate = 2,
                                             .correlation = CorrelationMatrix::with(uncorrelated),
                                             .age_min = 0.0,
                                             .age_max = 100.0});
  const StreamKey key{8, 2, Purpose::factors};
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{77}, std::uint64_t{1} << 40}) {
    const IndividualDraw d = synthesis.draw(id);
    for (std::uint32_t i = 0; i < 7; ++i) {
      const UniformPair n = normal_pair(key, id, 0, i);
      EXPECT_DOUBLE_EQ(d.z[2 * i], n.first);
      EXPECT_DOUBLE_EQ(d.z[2 * i + 1], n.second);
    }
    EXPECT_DOUBLE_EQ(d.age, 100.0 * uniform_pair(key, id, 0, 7).first);
  }
}

TEST(SynthesisWithoutTable, RefusesOptionsOutOfRange) {
  const double nan = kMissing;
  for (const SynthesisOptions& options :
       {SynthesisOptions{.age_min = 50.0, .age_max = 40.0}, SynthesisOptions{.age_min = -1.0},
        SynthesisOptions{.age_max = 500.0}, SynthesisOptions{.age_min = nan},
        SynthesisOptions{.share_sex_one = 1.5}, SynthesisOptions{.share_sex_one = nan}}) {
    try {
      const Synthesis synthesis(options);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
    }
  }
}

TEST(SynthesisWithoutTable, WarnsWithTheDistanceOfAProjectedMatrix) {
  FactorCorrelations block;
  block.factors = {Factor::fitness, Factor::optimism, Factor::sleep_quality};
  block.values = Eigen::MatrixXd::Ones(3, 3);
  block.values(0, 2) = block.values(2, 0) = 0.0;
  const Synthesis synthesis(SynthesisOptions{.correlation = CorrelationMatrix::with(block)});
  ASSERT_FALSE(synthesis.warnings().empty());
  EXPECT_THAT(synthesis.warnings()[0], HasSubstr("Frobenius distance of 0.528"));
}

// --- with a cohort table ------------------------------------------------------------------------

TEST(SynthesisFromTable, UsesGivenCellsAsTheyAre) {
  const CohortTable table =
      make_table({"support", "neuroticism", "age", "sex", "company", "hours", "mood"}, 4,
                 [](std::size_t r, std::size_t c) {
                   const double cells[4][7] = {{1.0, 5.0, 20.0, 2.0, 7.0, 8.0, 3.5},
                                               {2.0, 4.0, 30.0, 1.0, 7.0, 9.0, kMissing},
                                               {3.0, 4.0, 40.5, 1.0, kMissing, 10.0, 1.0},
                                               {6.0, 1.0, 50.0, 2.0, 0.0, 13.0, 2.0}};
                   return cells[r][c];
                 });
  CohortMapping mapping;
  mapping.factors = {{.column = "support", .factor = Factor::social_support, .mean = {}, .sd = {}},
                     {.column = "neuroticism",
                      .factor = Factor::emotional_stability,
                      .mean = 3.0,
                      .sd = 0.5,
                      .reverse = true}};
  mapping.age = "age";
  mapping.sex = "sex";
  mapping.sex_zero = 1.0;
  mapping.sex_one = 2.0;
  mapping.group = "company";
  mapping.exposure_columns = {{"hours"}};
  mapping.outcome = "mood";
  EXPECT_EQ(mapped_columns(mapping), table.columns);

  const Synthesis synthesis(SynthesisOptions{.seed = 1}, table, mapping);
  EXPECT_EQ(synthesis.rows(), 4u);
  EXPECT_EQ(synthesis.groups(), (std::vector<std::int32_t>{0, 7}));
  const double sd = std::sqrt(3.5);  // of 1 2 3 6, divisor 4
  const double hours_sd = std::sqrt(3.5);
  const double stability[4] = {-4.0, -2.0, -2.0, 4.0};
  const std::int32_t sex[4] = {1, 0, 0, 1};
  const std::int32_t group[4] = {7, 7, kNoGroup, 0};
  for (std::uint64_t i = 0; i < 50; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    if (i < 4) {
      EXPECT_EQ(d.row, static_cast<std::int64_t>(i));
    }
    ASSERT_GE(d.row, 0);
    ASSERT_LT(d.row, 4);
    const auto r = static_cast<std::size_t>(d.row);
    EXPECT_DOUBLE_EQ(d.z[kSupport], (table.cell(r, 0) - 3.0) / sd);
    EXPECT_DOUBLE_EQ(d.z[index_of(Factor::emotional_stability)], stability[r]);
    EXPECT_EQ(d.age, table.cell(r, 2));
    EXPECT_EQ(d.sex, sex[r]);
    EXPECT_EQ(d.group, group[r]);
    EXPECT_DOUBLE_EQ(d.extra[0], (table.cell(r, 5) - 10.0) / hours_sd);
    EXPECT_EQ(d.extra[1], 0.0);
    EXPECT_TRUE(same_bits(d.outcome, table.cell(r, 6)));
  }
}

TEST(SynthesisFromTable, TakesMeansOfGroups) {
  // Groups 4: hours 8, 10 and a gap; 9: hours 15; nobody's: hours 30.
  const CohortTable table = make_table({"hours", "company"}, 5, [](std::size_t r, std::size_t c) {
    const double cells[5][2] = {
        {8.0, 4.0}, {15.0, 9.0}, {10.0, 4.0}, {kMissing, 4.0}, {30.0, kMissing}};
    return cells[r][c];
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "hours",
                      .factor = Factor::fitness,
                      .mean = 10.0,
                      .sd = 2.0,
                      .reverse = true,
                      .level = ColumnLevel::group}};
  mapping.exposure_columns = {{"hours"}, {"hours", ColumnLevel::group}};
  mapping.group = "company";
  EXPECT_EQ(mapped_columns(mapping), table.columns);
  const Synthesis synthesis(SynthesisOptions{.seed = 1}, table, mapping);
  // Means 9, 15, 9, 9 of the four rows with a group: mean 10.5, sd 1.5 sqrt(3).
  const double sd = 1.5 * std::sqrt(3.0);
  const double mean[4] = {9.0, 15.0, 9.0, 9.0};
  for (std::uint64_t i = 0; i < 4; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    EXPECT_DOUBLE_EQ(d.z[index_of(Factor::fitness)], -(mean[i] - 10.0) / 2.0);
    EXPECT_DOUBLE_EQ(d.extra[1], (mean[i] - 10.5) / sd);
  }
  // The person's own value is another column, and somebody without a group gets a drawn mean.
  EXPECT_GT(synthesis.draw(2).extra[0], synthesis.draw(0).extra[0]);
  const double drawn = synthesis.draw(4).extra[1];
  EXPECT_TRUE(drawn == (9.0 - 10.5) / sd || drawn == (15.0 - 10.5) / sd) << drawn;

  mapping.group.clear();
  EXPECT_THAT(
      error_of(table, mapping),
      HasSubstr("'hours' is wanted as the mean of its group, and no column gives the group"));
}

TEST(SynthesisFromTable, DrawsRowsEvenlyWhenUpSampled) {
  constexpr std::size_t kRows = 50;
  const CohortTable table =
      make_table({"x"}, kRows, [](std::size_t r, std::size_t) { return static_cast<double>(r); });
  CohortMapping mapping;
  mapping.exposure_columns = {{"x"}};
  const Synthesis synthesis(SynthesisOptions{.seed = 4}, table, mapping);
  constexpr int kPeople = 100000;
  std::array<int, kRows> counts{};
  for (std::uint64_t i = kRows; i < kRows + kPeople; ++i) {
    ++counts[static_cast<std::size_t>(synthesis.draw(i).row)];
  }
  double chi_square = 0.0;
  constexpr double kExpected = static_cast<double>(kPeople) / kRows;
  for (const int count : counts)
    chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  // 49 degrees of freedom: mean 49, sd sqrt(98); five sd up, and not suspiciously even.
  EXPECT_LT(chi_square, 49.0 + 5.0 * std::sqrt(98.0));
  EXPECT_GT(chi_square, 49.0 - 4.0 * std::sqrt(98.0));
}

TEST(SynthesisFromTable, DrawsUnmappedFactorsGivenTheMappedOnes) {
  constexpr std::size_t kRows = 2000;
  const CohortTable table = make_table(
      {"support"}, kRows, [](std::size_t r, std::size_t) { return 10.0 + 3.0 * normal(r, 0); });
  CohortMapping mapping;
  mapping.factors = {{.column = "support", .factor = Factor::social_support, .mean = {}, .sd = {}}};
  const Synthesis synthesis(SynthesisOptions{.seed = 21}, table, mapping);
  constexpr std::uint64_t kPeople = 100000;
  const auto z = factors_of(synthesis, 0, kPeople);
  const double root_n = std::sqrt(static_cast<double>(kPeople));
  for (std::size_t a = 1; a < kFactors; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double r =
          CorrelationMatrix::reference()(static_cast<Factor>(a), static_cast<Factor>(b));
      // .003: the column is normal only up to its 2,000 rows, so its scores are not quite its
      // values.
      EXPECT_NEAR(correlation(z[a], z[b]), r, 5.0 * (1.0 - r * r) / root_n + 0.003);
    }
    EXPECT_NEAR(moments(z[a]).sd, 1.0, 5.0 / (root_n * std::sqrt(2.0)));
  }
  EXPECT_TRUE(synthesis.warnings().empty());
}

// A cohort one sd above the reference population in support is above it in optimism by r = .35.
TEST(SynthesisFromTable, CarriesADeclaredScaleOverToUnmappedFactors) {
  const CohortTable table = make_table(
      {"support"}, 2000, [](std::size_t r, std::size_t) { return 13.0 + 1.5 * normal(r, 0); });
  CohortMapping mapping;
  mapping.factors = {
      {.column = "support", .factor = Factor::social_support, .mean = 10.0, .sd = 3.0}};
  const Synthesis synthesis(SynthesisOptions{.seed = 2}, table, mapping);
  const auto z = factors_of(synthesis, 0, 100000);
  // Sampling error of the 2,000 rows: .5/sqrt(2000) = .011 in support, .35 of that in optimism.
  EXPECT_NEAR(moments(z[kSupport]).mean, 1.0, 5.0 * 0.0112);
  EXPECT_NEAR(moments(z[kOptimism]).mean, 0.35 * moments(z[kSupport]).mean, 5.0 / std::sqrt(1e5));
  // Half the spread in support: variance of optimism 1 - .35^2 (1 - .25).
  const double spread = moments(z[kSupport]).sd;
  EXPECT_NEAR(moments(z[kOptimism]).sd, std::sqrt(1.0 - 0.1225 * (1.0 - spread * spread)), 0.012);
}

TEST(SynthesisFromTable, FillsMissingCellsGivenTheOthers) {
  // y = .6 x + .8 e, and y is missing in 36 % of the rows.
  constexpr std::size_t kRows = 20000;
  const CohortTable table = make_table({"x", "y"}, kRows, [](std::size_t r, std::size_t c) {
    const double x = normal(r, 0);
    if (c == 0) return x;
    return normal(r, 2) < -0.35 ? kMissing : 0.6 * x + 0.8 * normal(r, 1);
  });
  CohortMapping mapping;
  // Declared scales, so that the result is in the units of x and y.
  mapping.factors = {{.column = "x", .factor = Factor::optimism, .mean = 0.0, .sd = 1.0},
                     {.column = "y", .factor = Factor::fitness, .mean = 0.0, .sd = 1.0}};
  const Synthesis synthesis(SynthesisOptions{.seed = 9}, table, mapping);
  std::vector<double> x, y;
  for (std::uint64_t i = 0; i < kRows; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    if (std::isnan(table.cell(i, 1))) {
      x.push_back(d.z[kOptimism]);
      y.push_back(d.z[kFitness]);
    } else {
      EXPECT_EQ(d.z[kFitness], table.cell(i, 1));
    }
  }
  ASSERT_GT(y.size(), 6500u);
  // Slope and spread around it: a filled value is a draw, not a prediction. Two sampling errors add
  // up, that of the filled rows and that of the given ones: sqrt(1/7000 + 1/13000) = .0147.
  const double slope = correlation(x, y) * moments(y).sd / moments(x).sd;
  EXPECT_NEAR(slope, 0.6, 5.0 * 0.8 * 0.0147);
  std::vector<double> residual;
  for (std::size_t i = 0; i < y.size(); ++i) residual.push_back(y[i] - slope * x[i]);
  EXPECT_NEAR(moments(residual).sd, 0.8, 5.0 * 0.8 * 0.0147 / std::sqrt(2.0));
}

TEST(SynthesisFromTable, KeepsMarginalsAndCorrelationsOfColumnsWithGaps) {
  // Skewed, stepped and smooth columns with 30 % of the cells missing at random.
  constexpr std::size_t kRows = 4000;
  const CohortTable table =
      make_table({"smooth", "skewed", "stepped"}, kRows, [](std::size_t r, std::size_t c) {
        const double general = normal(r, 0);
        const double own = normal(r, 1 + static_cast<std::uint32_t>(c));
        const double x = 0.8 * general + 0.6 * own;
        if (normal(r, 10 + static_cast<std::uint32_t>(c)) < -0.524) return kMissing;
        if (c == 0) return x;
        if (c == 1) return std::exp(0.7 * x);
        return std::floor(std::min(std::max(3.0 + x, 1.0), 5.0));
      });
  CohortMapping mapping;
  mapping.factors = {{.column = "smooth", .factor = Factor::optimism, .mean = {}, .sd = {}},
                     {.column = "skewed", .factor = Factor::fitness, .mean = {}, .sd = {}}};
  mapping.exposure_columns = {{"stepped"}};
  const Synthesis synthesis(SynthesisOptions{.seed = 33}, table, mapping);
  constexpr std::uint64_t kPeople = 400000;
  std::array<std::vector<double>, 3> filled;
  for (std::uint64_t i = 0; i < kPeople; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    filled[0].push_back(d.z[kOptimism]);
    filled[1].push_back(d.z[kFitness]);
    filled[2].push_back(d.extra[0]);
  }
  for (std::size_t a = 0; a < 3; ++a) {
    std::vector<double> own;
    for (std::size_t r = 0; r < kRows; ++r) {
      if (!std::isnan(table.cell(r, a))) own.push_back(table.cell(r, a));
    }
    const Moments m = moments(filled[a]);
    // Missing at random: 1,200 filled rows around 2,800 given ones move the mean by about .01.
    EXPECT_NEAR(m.mean, 0.0, 0.02);
    EXPECT_NEAR(m.sd, 1.0, 0.02);
    EXPECT_NEAR(m.skew, moments(own).skew, 0.05 + 0.05 * std::abs(moments(own).skew));
    for (std::size_t b = 0; b < a; ++b) {
      std::vector<double> x, y;
      for (std::size_t r = 0; r < kRows; ++r) {
        if (std::isnan(table.cell(r, a)) || std::isnan(table.cell(r, b))) continue;
        x.push_back(table.cell(r, a));
        y.push_back(table.cell(r, b));
      }
      EXPECT_NEAR(correlation(filled[a], filled[b]), correlation(x, y), 0.02) << a << b;
    }
  }
}

TEST(SynthesisFromTable, FillsMissingAgeAndSexFromTheirColumns) {
  const CohortTable table = make_table({"age", "sex"}, 1000, [](std::size_t r, std::size_t c) {
    if (r % 2 == 1) return kMissing;
    return c == 0 ? 20.0 + static_cast<double>(r % 10) : (r % 8 == 0 ? 1.0 : 0.0);
  });
  CohortMapping mapping;
  mapping.age = "age";
  mapping.sex = "sex";
  const Synthesis synthesis(SynthesisOptions{.seed = 1}, table, mapping);
  double ones = 0.0;
  constexpr int kPeople = 20000;
  for (std::uint64_t i = 0; i < kPeople; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    EXPECT_EQ(std::fmod(d.age, 2.0), 0.0) << "only values of the column";
    EXPECT_GE(d.age, 20.0);
    EXPECT_LE(d.age, 28.0);
    ones += d.sex;
  }
  EXPECT_NEAR(ones / kPeople, 0.25, 5.0 * std::sqrt(0.25 * 0.75 / kPeople) + 0.01);
}

TEST(SynthesisFromTable, WorksOnRowsWithoutAnyValue) {
  const CohortTable table = make_table({"a", "b"}, 200, [](std::size_t r, std::size_t c) {
    return r < 100 ? normal(r, static_cast<std::uint32_t>(c)) : kMissing;
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "a", .factor = Factor::optimism, .mean = {}, .sd = {}},
                     {.column = "b", .factor = Factor::fitness, .mean = {}, .sd = {}}};
  const Synthesis synthesis(SynthesisOptions{.seed = 1}, table, mapping);
  for (std::uint64_t i = 100; i < 200; ++i) {
    const IndividualDraw d = synthesis.draw(i);
    for (const double z : d.z) EXPECT_TRUE(std::isfinite(z));
  }
  EXPECT_NE(synthesis.draw(150).z[kFitness], synthesis.draw(151).z[kFitness]);
}

TEST(SynthesisFromTable, LaterIndividualsDoNotChangeEarlierOnes) {
  const CohortTable table = make_table({"a", "b"}, 300, [](std::size_t r, std::size_t c) {
    return (r + c) % 3 == 0 ? kMissing : normal(r, static_cast<std::uint32_t>(c));
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "a", .factor = Factor::optimism, .mean = {}, .sd = {}}};
  mapping.exposure_columns = {{"b"}};
  const Synthesis small(SynthesisOptions{.seed = 1}, table, mapping);
  const Synthesis large(SynthesisOptions{.seed = 1}, table, mapping);
  std::vector<IndividualDraw> first;
  for (std::uint64_t i = 0; i < 500; ++i) first.push_back(small.draw(i));
  for (std::uint64_t i = 5000; i-- > 0;) {
    const IndividualDraw d = large.draw(i);
    if (i < 500) {
      EXPECT_TRUE(same(d, first[i])) << i;
    }
  }
  // Two people from the same row have its given cells in common, not what was filled in.
  bool found = false;
  for (std::uint64_t i = 300; i < 5000 && !found; ++i) {
    const IndividualDraw d = large.draw(i);
    if (d.row != 1) continue;
    found = true;
    EXPECT_EQ(d.z[kOptimism], first[1].z[kOptimism]);
    EXPECT_NE(d.z[kFitness], first[1].z[kFitness]);
  }
  EXPECT_TRUE(found);
}

TEST(SynthesisFromTable, WarnsWhenPairwiseCorrelationsContradictEachOther) {
  // Three columns, each pair seen in other rows: r = .95, .95 and -.95.
  const CohortTable table = make_table({"a", "b", "c"}, 300, [](std::size_t r, std::size_t c) {
    if (r % 3 == c) return kMissing;
    const std::size_t first = r % 3 == 0 ? 1 : 0;
    const double x = normal(r, 0);
    if (c == first) return x;
    const double sign = r % 3 == 1 ? -1.0 : 1.0;
    return sign * x + 0.1 * normal(r, 1);
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "a", .factor = Factor::optimism, .mean = {}, .sd = {}},
                     {.column = "b", .factor = Factor::fitness, .mean = {}, .sd = {}},
                     {.column = "c", .factor = Factor::sleep_quality, .mean = {}, .sd = {}}};
  const Synthesis synthesis({}, table, mapping);
  ASSERT_FALSE(synthesis.warnings().empty());
  EXPECT_THAT(synthesis.warnings()[0], HasSubstr("left out pair by pair"));
  EXPECT_THAT(synthesis.warnings()[0], HasSubstr("Frobenius distance of "));
  for (const double z : synthesis.draw(12345).z) EXPECT_TRUE(std::isfinite(z));
}

TEST(SynthesisFromTable, WarnsOfTooFewCommonRowsAndOfAnOddScale) {
  const CohortTable table = make_table({"a", "b"}, 40, [](std::size_t r, std::size_t c) {
    return (r < 20) == (c == 0) ? 3.0 + normal(r, 0) : kMissing;
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "a", .factor = Factor::optimism, .mean = 30.0, .sd = 1.0},
                     {.column = "b", .factor = Factor::self_efficacy, .mean = {}, .sd = {}}};
  const Synthesis synthesis({}, table, mapping);
  ASSERT_EQ(synthesis.warnings().size(), 2u);
  EXPECT_THAT(synthesis.warnings()[0], HasSubstr("check its mean and sd"));
  EXPECT_THAT(synthesis.warnings()[1], HasSubstr("only 0 rows in common"));
  EXPECT_THAT(synthesis.warnings()[1], HasSubstr("0.52"));
}

TEST(SynthesisFromTable, ReportsEveryMistakeOfTheMapping) {
  CohortTable table =
      make_table({"support", "constant", "empty", "age", "sex", "group"}, 20,
                 [](std::size_t r, std::size_t c) {
                   const double row = static_cast<double>(r);
                   const double cells[6] = {row, 4.0, kMissing, 30.0 + row, 1.0, row};
                   return cells[c];
                 });
  table.cells[2 * 6 + 3] = 190.0;
  table.cells[3 * 6 + 4] = 3.0;
  table.cells[4 * 6 + 5] = 2.5;
  CohortMapping mapping;
  mapping.factors = {
      {.column = "suport", .factor = Factor::social_support, .mean = {}, .sd = {}},
      {.column = "support", .factor = Factor::optimism, .mean = {}, .sd = -1.0},
      {.column = "support", .factor = Factor::optimism, .mean = {}, .sd = {}},
      {.column = "constant", .factor = Factor::fitness, .mean = {}, .sd = {}},
      {.column = "empty", .factor = Factor::sleep_quality, .mean = {}, .sd = {}},
      {.column = "support", .factor = Factor::gr_sensitivity, .mean = {}, .sd = 1e-9},
      {.column = "support", .factor = Factor::reward_sensitivity, .mean = kMissing, .sd = {}}};
  mapping.age = "age";
  mapping.sex = "sex";
  mapping.group = "group";
  mapping.outcome = "wellbeing";
  mapping.exposure_columns = {{"support"}, {"support"}, {"support"}, {"support"}, {"support"}};
  const std::string text = error_of(table, mapping);
  EXPECT_THAT(text, HasSubstr("cohort.csv: no column 'suport' for factor social_support. Did you "
                              "mean 'support'?"));
  EXPECT_THAT(text, HasSubstr("reference sd of column 'support' is -1"));
  EXPECT_THAT(text, HasSubstr("factor optimism, which has a column already"));
  EXPECT_THAT(text, HasSubstr("'constant' is constant (4)"));
  EXPECT_THAT(text, HasSubstr("'empty' has no values"));
  EXPECT_THAT(text, HasSubstr("standard deviations from the mean"));
  EXPECT_THAT(text, HasSubstr("reference mean of column 'support' is nan"));
  EXPECT_THAT(text, HasSubstr("cohort.csv:4:age: age 190"));
  EXPECT_THAT(text, HasSubstr("cohort.csv:5:sex: sex 3; the study says that it is 0 or 1"));
  EXPECT_THAT(text, HasSubstr("cohort.csv:6:group: group 2.5"));
  EXPECT_THAT(text, HasSubstr("no column 'wellbeing' for the outcome"));
  EXPECT_THAT(text, HasSubstr("5 exposure columns; at most 4"));
}

TEST(SynthesisFromTable, RefusesAnEmptyCohort) {
  EXPECT_THAT(error_of(make_table({"a"}, 0, [](std::size_t, std::size_t) { return 0.0; }), {}),
              HasSubstr("cohort.csv: empty cohort"));
}

TEST(SynthesisFromTable, TakesAConstantColumnWithADeclaredScale) {
  const CohortTable table = make_table({"a", "b"}, 30, [](std::size_t r, std::size_t c) {
    return c == 0 ? (r == 3 ? kMissing : 5.0) : normal(r, 0);
  });
  CohortMapping mapping;
  mapping.factors = {{.column = "a", .factor = Factor::optimism, .mean = 4.0, .sd = 2.0},
                     {.column = "b", .factor = Factor::fitness, .mean = {}, .sd = {}}};
  const Synthesis synthesis({}, table, mapping);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(synthesis.draw(i).z[kOptimism], 0.5);
}

// --- declared scales, and what was asked for --------------------------------------------------

TEST(SynthesisScale, EndsStandForMeanAndSd) {
  const CohortTable table = make_table(
      {"likert"}, 5, [](std::size_t r, std::size_t) { return 1.0 + static_cast<double>(r); });
  CohortMapping mapping;
  mapping.factors = {{"likert", Factor::optimism, {}, {}, false, 1.0, 5.0}};
  const double z[] = {-2.0, -1.0, 0.0, 1.0, 2.0};
  const Synthesis ends(SynthesisOptions{}, table, mapping);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(ends.draw(i).z[kOptimism], z[i]);
  mapping.factors[0].reverse = true;
  const Synthesis reversed(SynthesisOptions{}, table, mapping);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(reversed.draw(i).z[kOptimism], -z[i]);
  mapping.factors[0].reverse = false;
  mapping.factors[0].mean = 2.0;
  const Synthesis with_mean(SynthesisOptions{}, table, mapping);
  for (std::uint64_t i = 0; i < 5; ++i)
    EXPECT_EQ(with_mean.draw(i).z[kOptimism], static_cast<double>(i) - 1.0);
}

TEST(SynthesisScale, ValuesBeyondItAreErrorsWithTheirPlaces) {
  const CohortTable table = make_table({"likert"}, 6, [](std::size_t r, std::size_t) {
    return r == 2 ? kMissing : static_cast<double>(r);
  });
  CohortMapping mapping;
  mapping.factors = {{"likert", Factor::optimism, {}, {}, false, 1.0, 4.0}};
  try {
    const Synthesis synthesis(SynthesisOptions{}, table, mapping);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), HasSubstr("cohort.csv:2:likert: 0 is outside of the scale"));
    EXPECT_THAT(error.what(), HasSubstr("cohort.csv:7:likert: 5 is outside of the scale"));
  }
  mapping.factors = {{"likert", Factor::optimism, {}, {}, false, 4.0, 4.0}};
  EXPECT_THROW(Synthesis(SynthesisOptions{}, table, mapping), Error);
}

TEST(SynthesisReport, SumsAreThoseOfThePeopleInAnyPartition) {
  const Synthesis synthesis(SynthesisOptions{.seed = 8});
  std::vector<double> support, optimism;
  for (std::uint64_t id = 0; id < 3000; ++id) {
    support.push_back(synthesis.draw(id).z[kSupport]);
    optimism.push_back(synthesis.draw(id).z[kOptimism]);
  }
  SynthesisSums sums = sums_of(synthesis, 0, 1000);
  sums.merge(sums_of(synthesis, 1000, 3000));
  EXPECT_EQ(sums.count(), 3000U);
  const Moments expected = moments(support);
  const SynthesisSums::Shape shape = sums.shape(kSupport);
  EXPECT_NEAR(shape.mean, expected.mean, 1e-12);
  EXPECT_NEAR(shape.sd, expected.sd, 1e-12);
  EXPECT_NEAR(shape.skewness, expected.skew, 1e-9);
  EXPECT_NEAR(sums.correlations()(static_cast<Eigen::Index>(kSupport),
                                  static_cast<Eigen::Index>(kOptimism)),
              correlation(support, optimism), 1e-12);
}

TEST(SynthesisReport, AsksForWhatTheTableHas) {
  const std::size_t rows = 2000;
  const CohortTable table = make_table({"support", "fit"}, rows, [](std::size_t r, std::size_t c) {
    if ((r + c) % 10 == 0) return kMissing;
    const double skewed = std::exp(0.5 * normal(r, 0));
    return c == 0 ? skewed : 0.6 * skewed + 0.5 * normal(r, 1);
  });
  CohortMapping mapping;
  mapping.factors = {{"support", Factor::social_support, 1.0, 2.0},
                     {"fit", Factor::fitness, {}, {}}};
  const Synthesis synthesis(SynthesisOptions{.seed = 9}, table, mapping);
  std::vector<double> given;
  for (std::size_t r = 0; r < rows; ++r) {
    if (!std::isnan(table.cell(r, 0))) given.push_back((table.cell(r, 0) - 1.0) / 2.0);
  }
  const Moments expected = moments(given);
  const AskedMarginal& support = synthesis.asked()[kSupport];
  EXPECT_EQ(support.column, "support");
  EXPECT_EQ(support.missing, 200U);
  EXPECT_NEAR(support.mean, expected.mean, 1e-12);
  EXPECT_NEAR(support.sd, expected.sd, 1e-12);
  EXPECT_NEAR(support.skewness, expected.skew, 1e-9);
  const AskedMarginal& optimism = synthesis.asked()[kOptimism];
  EXPECT_EQ(optimism.column, "");
  EXPECT_EQ(optimism.mean, 0.0);
  EXPECT_EQ(optimism.sd, 1.0);
  // Obtained: sampling error of the completion of a tenth of the cells, and of resampled rows.
  const SynthesisSums people = sums_of(synthesis, 0, 40000);
  const auto a = static_cast<Eigen::Index>(kSupport), b = static_cast<Eigen::Index>(kFitness);
  EXPECT_GT(synthesis.asked_correlations()(a, b), 0.4);
  EXPECT_NEAR(people.correlations()(a, b), synthesis.asked_correlations()(a, b), 0.03);
  EXPECT_NEAR(people.shape(kSupport).mean, support.mean, 5.0 * support.sd / std::sqrt(2000.0));
}

}  // namespace
}  // namespace eustress
