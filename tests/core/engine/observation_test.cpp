// Sums and histograms of whole numbers against moments and quantiles computed directly.

#include "core/engine/observation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace eustress {
namespace {

Study small_study() {
  Study study;
  study.days = 20;
  study.output.series_every_days = 3;
  study.output.questionnaire_every_days = 7;
  Probe tsst, crh;
  tsst.name = "tsst";
  tsst.day = 3;
  tsst.samples_min = {-30, 0, 30};
  crh.name = "crh";
  crh.day = 5;
  crh.samples_min = {0, 15};
  study.probes = {tsst, crh};
  return study;
}

double uniform(std::mt19937_64& engine, double low, double high) {
  return low + (high - low) * static_cast<double>(engine() >> 11) * 0x1p-53;
}

double mean_of(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
double variance_of(const std::vector<double>& x) {
  const double m = mean_of(x);
  double sum = 0.0;
  for (const double v : x) sum += (v - m) * (v - m);
  return sum / static_cast<double>(x.size());
}

/// One quantity with a histogram, of an assessment or of a probe sample.
struct Graded {
  const GradedQuantity* quantity;
  std::function<void(ObservationSums&, double)> add;
  std::function<Moments(const ObservationSums&)> moments;
  std::function<double(const ObservationSums&, double)> quantile;
};
std::vector<Graded> all_graded() {
  std::vector<Graded> all;
  for (std::size_t q = 0; q < kAssessedCount; ++q) {
    all.push_back(
        {&kAssessed[q], [q](ObservationSums& s, double x) { s.add_assessed(1, 0, q, x); },
         [q](const ObservationSums& s) { return s.assessed(1, 0, q); },
         [q](const ObservationSums& s, double p) { return s.assessed_quantile(1, 0, q, p); }});
  }
  for (std::size_t a = 0; a < kSampledCount; ++a) {
    all.push_back(
        {&kSampled[a], [a](ObservationSums& s, double x) { s.add_sample(1, 1, 0, a, x); },
         [a](const ObservationSums& s) { return s.sampled(1, 1, 0, a); },
         [a](const ObservationSums& s, double p) { return s.sampled_quantile(1, 1, 0, a, p); }});
  }
  return all;
}

/// A value is rounded to 2^-30 of the scale, so a mean is off by half of that at most; a square is
/// cut off at 2^-30 of the squared scale.
constexpr double kMeanResolution = 0x1p-31;
constexpr double kVarianceResolution = 0x1p-28;

void expect_moments(const Moments& m, const std::vector<double>& x, double scale) {
  const double rounding = 1e-12;  // of the sums of doubles here
  EXPECT_EQ(m.count, static_cast<std::int64_t>(x.size()));
  EXPECT_NEAR(m.mean, mean_of(x), scale * (kMeanResolution + rounding));
  EXPECT_NEAR(m.sd * m.sd, variance_of(x), scale * scale * (kVarianceResolution + rounding));
}

// --- layout -----------------------------------------------------------------------------------

TEST(ObservationLayout, TimesAssessmentsAndProbesOfAStudy) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  EXPECT_EQ(layout.strata, std::vector<std::string>{"all"});
  EXPECT_EQ(layout.series_times(), 7U);  // days 0-2, ..., 18-19
  EXPECT_EQ(layout.assessment_days, (std::vector<int>{6, 13}));
  ASSERT_EQ(layout.probes.size(), 2U);
  EXPECT_EQ(layout.probes[0].name, "tsst");
  EXPECT_EQ(layout.probes[0].day, 3);
  EXPECT_EQ(layout.probes[1].minutes, (std::vector<int>{0, 15}));
}

TEST(ObservationLayout, AStudyShorterThanTheIntervalHasNoAssessment) {
  Study study = small_study();
  study.days = 6;
  EXPECT_TRUE(observation_layout(study, {}).assessment_days.empty());
  study.days = 7;
  EXPECT_EQ(observation_layout(study, {}).assessment_days, std::vector<int>{6});
}

TEST(ObservationLayout, StrataOfEveryKind) {
  Study study = small_study();
  study.output.strata = {"sex"};
  EXPECT_EQ(observation_layout(study, {}).strata,
            (std::vector<std::string>{"all", "sex_0", "sex_1"}));
  study.output.strata = {"group"};
  EXPECT_EQ(observation_layout(study, std::vector<std::int32_t>{0, 2, 99}).strata,
            (std::vector<std::string>{"all", "group_0", "group_2", "group_99"}));
  EXPECT_EQ(observation_layout(study, {}).strata, std::vector<std::string>{"all"});
  study.output.strata = {"optimism"};
  EXPECT_EQ(observation_layout(study, {}).strata,
            (std::vector<std::string>{"all", "optimism_low", "optimism_middle", "optimism_high"}));
}

TEST(ObservationLayout, CellsAreThreePerSeriesAHistogramMorePerGradedQuantityAndOutcomes) {
  Study study = small_study();
  for (const bool by_sex : {false, true}) {
    if (by_sex) study.output.strata = {"sex"};
    const ObservationLayout layout = observation_layout(study, {});
    const std::size_t n_strata = by_sex ? 3 : 1;
    // Both probes have a sample at the onset and one after it: six indices and responders.
    const std::size_t series = 7 * 26, graded = 2 * 6 + (3 + 2) * 4 + 2 * 6, responders = 2 * 3;
    EXPECT_EQ(layout.cells(), n_strata * (3 * series + (3 + 512) * graded + responders +
                                          layout.outcomes.cell.count));
    EXPECT_EQ(ObservationSums(layout).cells().size(), layout.cells());
  }
}

// Every quantity has cells of its own: what is put into one is found there and nowhere else.
TEST(ObservationSums, CellsDoNotOverlap) {
  Study study = small_study();
  study.output.strata = {"sex"};
  const ObservationLayout layout = observation_layout(study, {});
  ObservationSums sums(layout);
  const std::size_t strata = layout.strata.size();
  const auto series_value = [&](std::size_t t, std::size_t s, std::size_t q) {
    return kSeries[q].scale * static_cast<double>(1 + (t * strata + s) * kSeriesCount + q) / 1024.0;
  };
  const auto graded_value = [](const GradedQuantity& q, std::size_t i) {
    return q.low + (q.high - q.low) * static_cast<double>(1 + i) / 128.0;
  };
  for (std::size_t s = 0; s < strata; ++s) {
    for (std::size_t t = 0; t < layout.series_times(); ++t) {
      for (std::size_t q = 0; q < kSeriesCount; ++q) {
        sums.add_series(t, s, static_cast<Series>(q), series_value(t, s, q));
      }
    }
    for (std::size_t a = 0; a < layout.assessment_days.size(); ++a) {
      for (std::size_t q = 0; q < kAssessedCount; ++q) {
        sums.add_assessed(a, s, q, graded_value(kAssessed[q], a * strata + s));
      }
    }
    for (std::size_t p = 0; p < layout.probes.size(); ++p) {
      for (std::size_t n = 0; n < layout.probes[p].minutes.size(); ++n) {
        for (std::size_t a = 0; a < kSampledCount; ++a) {
          sums.add_sample(p, n, s, a, graded_value(kSampled[a], (p * 5 + n) * strata + s));
        }
      }
    }
  }
  const auto expect_one = [](const Moments& m, double value, double scale) {
    EXPECT_EQ(m.count, 1);
    EXPECT_NEAR(m.mean, value, 1e-9 * scale);
  };
  for (std::size_t s = 0; s < strata; ++s) {
    for (std::size_t t = 0; t < layout.series_times(); ++t) {
      for (std::size_t q = 0; q < kSeriesCount; ++q) {
        expect_one(sums.series(t, s, q), series_value(t, s, q), kSeries[q].scale);
      }
    }
    for (std::size_t a = 0; a < layout.assessment_days.size(); ++a) {
      for (std::size_t q = 0; q < kAssessedCount; ++q) {
        const double x = graded_value(kAssessed[q], a * strata + s);
        expect_one(sums.assessed(a, s, q), x, 100.0);
        EXPECT_NEAR(sums.assessed_quantile(a, s, q, 0.5), x,
                    (kAssessed[q].high - kAssessed[q].low) / static_cast<double>(kBins));
      }
    }
    for (std::size_t p = 0; p < layout.probes.size(); ++p) {
      for (std::size_t n = 0; n < layout.probes[p].minutes.size(); ++n) {
        for (std::size_t a = 0; a < kSampledCount; ++a) {
          const double x = graded_value(kSampled[a], (p * 5 + n) * strata + s);
          expect_one(sums.sampled(p, n, s, a), x, 100.0);
          EXPECT_NEAR(sums.sampled_quantile(p, n, s, a, 0.5), x,
                      (kSampled[a].high - kSampled[a].low) / static_cast<double>(kBins));
        }
      }
    }
  }
  // and every cell of a count, 1 each, was seen
  std::size_t observations = 0;
  for (const auto& s : layout.probes) observations += s.minutes.size() * kSampledCount;
  observations += layout.assessment_days.size() * kAssessedCount;
  std::int64_t in_histograms = 0;
  for (const std::int64_t c : sums.cells()) in_histograms += c == 1;
  EXPECT_EQ(in_histograms, static_cast<std::int64_t>(
                               strata * (2 * observations + layout.series_times() * kSeriesCount)));
}

// --- moments ----------------------------------------------------------------------------------

TEST(ObservationSums, MomentsOfSeriesWithinTheirResolution) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  std::mt19937_64 engine(1);
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    SCOPED_TRACE(kSeries[q].name);
    const double scale = kSeries[q].scale;
    for (const double spread : {1.0, 0.1, 1e-3}) {
      ObservationSums sums(layout);
      std::vector<double> x(5000);
      const double centre = uniform(engine, -0.5, 0.5);
      for (double& v : x) {
        v = std::clamp(scale * (centre + spread * uniform(engine, -1.0, 1.0)), -scale, scale);
        sums.add_series(2, 0, static_cast<Series>(q), v);
      }
      expect_moments(sums.series(2, 0, q), x, scale);
    }
  }
}

TEST(ObservationSums, MomentsOfGradedQuantitiesWithinTheirResolution) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  std::mt19937_64 engine(2);
  for (const Graded& g : all_graded()) {
    SCOPED_TRACE(g.quantity->name);
    const double low = g.quantity->low, high = g.quantity->high;
    ObservationSums sums(layout);
    std::vector<double> x(5000);
    for (double& v : x) {
      v = uniform(engine, low, high);
      g.add(sums, v);
    }
    expect_moments(g.moments(sums), x, std::max(std::abs(low), std::abs(high)));
  }
}

TEST(ObservationSums, AConstantHasNoSpread) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  ObservationSums sums(layout);
  for (int i = 0; i < 1000; ++i) sums.add_series(0, 0, Series::cortisol, 1.0 / 3.0);
  const Moments m = sums.series(0, 0, static_cast<std::size_t>(Series::cortisol));
  EXPECT_NEAR(m.mean, 1.0 / 3.0, 64.0 * kMeanResolution);
  EXPECT_LT(m.sd * m.sd, 64.0 * 64.0 * kVarianceResolution);
  EXPECT_GE(m.sd, 0.0);
}

// --- clipping ---------------------------------------------------------------------------------

TEST(ObservationSums, ValuesOutOfRangeCountAsItsEnds) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    ObservationSums sums(layout);
    const double scale = kSeries[q].scale;
    const auto quantity = static_cast<Series>(q);
    sums.add_series(0, 0, quantity, 1e300);
    sums.add_series(0, 0, quantity, 1.5 * scale);
    EXPECT_EQ(sums.series(0, 0, q).mean, scale) << kSeries[q].name;
    sums.add_series(0, 0, quantity, -1e300);
    sums.add_series(0, 0, quantity, -1.5 * scale);
    EXPECT_EQ(sums.series(0, 0, q).mean, 0.0) << kSeries[q].name;
    EXPECT_EQ(sums.series(0, 0, q).sd, scale) << kSeries[q].name;
  }
  for (const Graded& g : all_graded()) {
    SCOPED_TRACE(g.quantity->name);
    const double low = g.quantity->low, high = g.quantity->high;
    const double width = (high - low) / static_cast<double>(kBins);
    const double scale = std::max(std::abs(low), std::abs(high));
    ObservationSums above(layout), below(layout);
    for (const double x : {high, high + 1.0, 1e300}) g.add(above, x);
    for (const double x : {low, low - 1.0, -1e300}) g.add(below, x);
    EXPECT_NEAR(g.moments(above).mean, high, scale * kMeanResolution);
    EXPECT_NEAR(g.moments(below).mean, low, scale * kMeanResolution);
    EXPECT_GE(g.quantile(above, 0.5), high - width);
    EXPECT_LE(g.quantile(above, 0.5), high);
    EXPECT_GE(g.quantile(below, 0.5), low);
    EXPECT_LE(g.quantile(below, 0.5), low + width);
  }
}

TEST(ObservationSums, WhatIsNoNumberCountsAsTheLowEnd) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  for (const Graded& g : all_graded()) {
    SCOPED_TRACE(g.quantity->name);
    ObservationSums lowest(layout), undefined(layout);
    g.add(lowest, g.quantity->low);
    g.add(undefined, std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(std::ranges::equal(undefined.cells(), lowest.cells()));
  }
}

// --- quantiles --------------------------------------------------------------------------------

TEST(ObservationSums, QuantilesAreWithinABinOfTheOrderStatistics) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  std::mt19937_64 engine(3);
  for (const Graded& g : all_graded()) {
    SCOPED_TRACE(g.quantity->name);
    const double low = g.quantity->low, high = g.quantity->high;
    const double width = (high - low) / static_cast<double>(kBins);
    ObservationSums sums(layout);
    std::vector<double> x(2001);
    for (double& v : x) {
      const double u = uniform(engine, 0.0, 1.0);
      v = low + (high - low) * u * u * u;  // skewed, most of it in the lowest bins
      g.add(sums, v);
    }
    std::sort(x.begin(), x.end());
    for (const double q : {0.001, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(x.size()))) - 1;
      EXPECT_NEAR(g.quantile(sums, q), x[rank], width) << "quantile " << q;
    }
  }
}

TEST(ObservationSums, QuantilesAreLinearWithinABin) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  for (const Graded& g : all_graded()) {
    SCOPED_TRACE(g.quantity->name);
    const double low = g.quantity->low;
    const double width = (g.quantity->high - low) / static_cast<double>(kBins);
    ObservationSums sums(layout);
    for (int i = 0; i < 30; ++i) g.add(sums, low + 100.5 * width);
    for (int i = 0; i < 10; ++i) g.add(sums, low + 300.5 * width);
    EXPECT_NEAR(g.quantile(sums, 0.25), low + width * (100.0 + 1.0 / 3.0), 1e-9 * width);
    EXPECT_NEAR(g.quantile(sums, 0.6), low + width * 100.8, 1e-9 * width);
    EXPECT_NEAR(g.quantile(sums, 0.75), low + width * 101.0, 1e-9 * width);
    EXPECT_NEAR(g.quantile(sums, 0.875), low + width * 300.5, 1e-9 * width);
  }
}

TEST(ObservationSums, ScoresKeepTheirOwnBins) {
  // Whole numbers are told apart by their quantiles, whatever the number of bins per unit.
  const ObservationLayout layout = observation_layout(small_study(), {});
  for (std::size_t q = 0; q < 4; ++q) {
    const int most = q == 0 ? 36 : q == 1 ? 84 : q == 2 ? 511 : 63;
    for (int score = 0; score <= most; ++score) {
      ObservationSums sums(layout);
      sums.add_assessed(0, 0, q, score);
      EXPECT_NEAR(sums.assessed_quantile(0, 0, q, 0.5), score, 0.5) << kAssessed[q].name;
    }
  }
}

TEST(ObservationSums, TheHistogramCountsEveryValueOnce) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  std::mt19937_64 engine(4);
  ObservationSums sums(layout);
  std::vector<std::int64_t> expected(kBins, 0);
  const GradedQuantity& latent = kAssessed[5];
  const double width = (latent.high - latent.low) / static_cast<double>(kBins);
  for (int i = 0; i < 3000; ++i) {
    const auto bin = static_cast<std::size_t>(engine() % kBins);
    ++expected[bin];
    sums.add_assessed(1, 0, 5, latent.low + width * (static_cast<double>(bin) + 0.5));
  }
  const auto histogram = sums.assessed_histogram(1, 0, 5);
  EXPECT_EQ(std::vector<std::int64_t>(histogram.begin(), histogram.end()), expected);
  for (const std::int64_t n : sums.assessed_histogram(0, 0, 5)) EXPECT_EQ(n, 0);
}

// --- merging and nothing ----------------------------------------------------------------------

TEST(ObservationSums, PartsAddUpToTheWholeInAnyOrder) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  std::mt19937_64 engine(5);
  ObservationSums whole(layout);
  std::vector<ObservationSums> parts(5, ObservationSums(layout));
  for (std::size_t i = 0; i < 5000; ++i) {
    const auto q = static_cast<std::size_t>(engine() % kSeriesCount);
    const auto part = static_cast<std::size_t>(engine() % parts.size());
    const double x = uniform(engine, -2.0, 2.0);
    for (ObservationSums* sums : {&whole, &parts[part]}) {
      sums->add_series(i % 7, 0, static_cast<Series>(q), x);
      sums->add_assessed(i % 2, 0, q % kAssessedCount, 10.0 * x);
      sums->add_sample(1, i % 2, 0, q % kSampledCount, std::abs(x));
    }
  }
  ObservationSums forwards(layout), backwards(layout), pairs(layout);
  for (std::size_t i = 0; i < parts.size(); ++i) forwards.merge(parts[i]);
  for (std::size_t i = parts.size(); i-- > 0;) backwards.merge(parts[i]);
  ObservationSums left = parts[3], right = parts[0];
  left.merge(parts[1]);
  right.merge(parts[4]);
  right.merge(parts[2]);
  pairs.merge(right);
  pairs.merge(left);
  for (ObservationSums* sums : {&forwards, &backwards, &pairs}) {
    EXPECT_TRUE(std::ranges::equal(sums->cells(), whole.cells()));
  }
}

TEST(ObservationSums, WhereNobodyWasObservedThereIsNoNumber) {
  const ObservationLayout layout = observation_layout(small_study(), {});
  ObservationSums sums(layout);
  const Moments series = sums.series(3, 0, 5);
  EXPECT_EQ(series.count, 0);
  EXPECT_TRUE(std::isnan(series.mean) && std::isnan(series.sd));
  for (const Graded& g : all_graded()) {
    EXPECT_EQ(g.moments(sums).count, 0);
    EXPECT_TRUE(std::isnan(g.moments(sums).mean) && std::isnan(g.moments(sums).sd));
    EXPECT_TRUE(std::isnan(g.quantile(sums, 0.5)));
  }
  // One neighbour more changes nothing.
  sums.add_series(2, 0, static_cast<Series>(5), 1.0);
  EXPECT_TRUE(std::isnan(sums.series(3, 0, 5).mean));
}

}  // namespace
}  // namespace eustress
