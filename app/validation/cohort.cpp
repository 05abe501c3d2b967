// Rows S1 to S15: exposure, mental health and resilience relative to exposure, measured as the
// cohort studies did.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "app/validation/panels.hpp"
#include "app/validation/targets.hpp"
#include "core/engine/day.hpp"
#include "core/mechanisms/malleability.hpp"
#include "core/mechanisms/questionnaires.hpp"
#include "core/numerics/random.hpp"

namespace eustress::app::validation {

namespace {

using io::report::Colour;
using io::report::Dash;
using io::report::Plot;

constexpr int kFirstWeek = 52;
constexpr std::size_t kWeeks = 6, kWaves = 8;
constexpr int kWeeksPerWave = 13;
constexpr std::size_t kMalleableCount = kMalleableFactors.size();

// What is kept of a person, one after the other.
constexpr std::size_t kWeeklyProblems = 0;                         // GHQ-12
constexpr std::size_t kWeeklyExposure = kWeeklyProblems + kWeeks;  // hassles
constexpr std::size_t kWaveProblems = kWeeklyExposure + kWeeks;    // GHQ-28
constexpr std::size_t kWaveHassles = kWaveProblems + kWaves;
constexpr std::size_t kWaveEvents = kWaveHassles + kWaves;  // life events of 13 weeks
constexpr std::size_t kFactorsBefore = kWaveEvents + kWaves;
constexpr std::size_t kMalleableAfter = kFactorsBefore + kFactors;
constexpr std::size_t kStressorDays = kMalleableAfter + kMalleableCount;
constexpr std::size_t kMastered = kStressorDays + 1;  // from the first wave to the second
constexpr std::size_t kFailed = kMastered + 1;        // neither mastered nor avoided
constexpr std::size_t kShortStress = kFailed + 1;     // short scales of the first wave, (V4)
constexpr std::size_t kShortDepression = kShortStress + 1;
constexpr std::size_t kNumbers = kShortDepression + 1;

// Of the survey of R4: a mean of two items on stress and six items on depression.
constexpr int kStressItems = 2, kDepressionItems = 6;

/// The short scales of this evening's questionnaires, whose draws they share.
void keep_short_scales(const Evening& evening, std::span<float> numbers) {
  const StreamKey key =
      DrawKeys{evening.study.seed, evening.study.replicate}(Purpose::questionnaire);
  const auto day = static_cast<std::uint32_t>(evening.day);
  std::array<double, kDepressionItems> u;
  for (std::size_t i = 0; i < u.size(); i += 2) {
    const UniformPair pair =
        uniform_pair(key, evening.person, day, static_cast<std::uint32_t>(i / 2));
    u[i] = pair.first;
    u[i + 1] = pair.second;
  }
  numbers[kShortDepression] = static_cast<float>(
      ghq_reference(evening.parameters.questionnaires,
                    evening.state.mental_health.latent[evening.lane], u.data(), kDepressionItems));
  numbers[kShortStress] = static_cast<float>(short_inventory_reference(
      static_cast<int>(evening.assessment.hassles_7d[evening.lane]), kStressItems,
      uniform_pair(key, evening.person, day, kShortInventoryPair).first));
}

std::size_t cohort_numbers(const Study&) {
  return kNumbers;
}
void keep_cohort(const Evening& evening, std::span<float> numbers) {
  const int week = evening.day / 7 - kFirstWeek;
  if (week < 0) return;
  const auto at = static_cast<std::size_t>(week);
  // Share of the days of the weekly study with an encounter.
  if (at < kWeeks) {
    numbers[kStressorDays] +=
        evening.today.encounters[evening.lane] > 0.0 ? 1.0F / (7.0F * kWeeks) : 0.0F;
  }
  if (at > 0 && at <= kWeeksPerWave) {
    const float mastered = evening.value(evening.today.mastered);
    numbers[kMastered] += mastered;
    numbers[kFailed] +=
        evening.value(evening.today.encounters) - mastered - evening.value(evening.today.avoided);
  }
  if (!evening.is_questionnaire_day()) return;
  if (at < kWeeks) {
    numbers[kWeeklyProblems + at] = evening.value(evening.assessment.ghq12);
    numbers[kWeeklyExposure + at] = evening.value(evening.assessment.hassles_7d);
  }
  const std::size_t wave = at / kWeeksPerWave;
  if (at % kWeeksPerWave != 0 || wave >= kWaves) return;
  numbers[kWaveProblems + wave] = evening.value(evening.assessment.ghq28);
  numbers[kWaveHassles + wave] = evening.value(evening.assessment.hassles_7d);
  numbers[kWaveEvents + wave] = evening.value(evening.assessment.life_events_13w);
  const auto malleable = [&](std::size_t m) {
    return evening.value(evening.state.traits.factor[index_of(kMalleableFactors[m])]) +
           evening.value(evening.state.malleability.delta[m]);
  };
  if (wave == 0) {
    keep_short_scales(evening, numbers);
    for (std::size_t f = 0; f < kFactors; ++f) {
      numbers[kFactorsBefore + f] = evening.value(evening.state.traits.factor[f]);
    }
    for (std::size_t m = 0; m < kMalleableCount; ++m) {
      numbers[kFactorsBefore + index_of(kMalleableFactors[m])] = malleable(m);
    }
  }
  if (wave == 1) {
    for (std::size_t m = 0; m < kMalleableCount; ++m) numbers[kMalleableAfter + m] = malleable(m);
  }
}

using Who = std::span<const std::uint32_t>;

Panel weekly_problems(const Run& run, Who who) {
  return panel_of(run, who, kWeeklyProblems, kWeeks);
}
Panel weekly_exposure(const Run& run, Who who) {
  return panel_of(run, who, kWeeklyExposure, kWeeks);
}
Panel wave_problems(const Run& run, Who who) {
  return panel_of(run, who, kWaveProblems, kWaves);
}
Panel wave_hassles(const Run& run, Who who) {
  return panel_of(run, who, kWaveHassles, kWaves);
}
Panel wave_events(const Run& run, Who who) {
  return panel_of(run, who, kWaveEvents, kWaves);
}
/// The composite of the three-monthly studies: mean of z(hassles) and z(life events).
Panel wave_exposure(const Run& run, Who who) {
  Panel e = standardised(wave_hassles(run, who));
  const Panel events = standardised(wave_events(run, who));
  for (std::size_t i = 0; i < e.values.size(); ++i) {
    e.values[i] = 0.5 * (e.values[i] + events.values[i]);
  }
  return e;
}
Panel weekly_reactivity(const Run& run, Who who) {
  return stressor_reactivity(weekly_exposure(run, who), weekly_problems(run, who));
}

constexpr std::array kPredictors = {Factor::social_support, Factor::optimism, Factor::self_efficacy,
                                    Factor::emotional_stability};

/// A row that is measured on the cohort and has no chart of its own.
template <class Function>
Measurement measure(const Runs& runs, Function&& of) {
  const Run& run = runs.at("cohort");
  return {
      jackknife(run.people.size(), [&](Who who) -> std::vector<double> { return of(run, who); }),
      {}};
}

Measurement problems_icc(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    return {intraclass_correlation(weekly_problems(run, who)),
            intraclass_correlation(wave_problems(run, who))};
  });
}
Measurement exposure_icc(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    return {intraclass_correlation(weekly_exposure(run, who)),
            intraclass_correlation(wave_exposure(run, who))};
  });
}
Measurement reactivity_icc(const Runs& runs) {
  constexpr std::size_t kWindow = 3;
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const Panel e = weekly_exposure(run, who), p = weekly_problems(run, who);
    const double single = intraclass_correlation(stressor_reactivity(e, p));
    const double sliding = intraclass_correlation(
        stressor_reactivity(sliding_means(e, kWindow), sliding_means(p, kWindow)));
    return {single, sliding, sliding - single};
  });
}
Measurement weekly_lags(const Runs& runs) {
  Measurement m = measure(runs, [](const Run& run, Who who) {
    std::vector<double> values;
    double smallest_fall = 1.0;
    for (const Panel& panel :
         {weekly_problems(run, who), weekly_exposure(run, who), weekly_reactivity(run, who)}) {
      double before = 1.0;
      for (std::size_t lag = 1; lag <= 4; ++lag) {
        values.push_back(lagged_correlation(panel, lag));
        smallest_fall = std::min(smallest_fall, before - values.back());
        before = values.back();
      }
    }
    values.push_back(smallest_fall);
    return values;
  });
  Plot plot({"Correlation over weeks",
             {"lag, weeks", 0.5, 4.5, io::report::TickSteps::whole},
             {"correlation", 0.3, 1.0, {}}});
  const std::vector<double> lags = {1, 2, 3, 4};
  const std::vector<std::vector<double>> published = {
      {.74, .68, .66, .62}, {.84, .80, .72, .68}, {.69, .62, .60, .57}};
  for (std::size_t q = 0; q < 3; ++q) {
    std::vector<double> simulated;
    for (std::size_t lag = 0; lag < 4; ++lag) simulated.push_back(m.values[4 * q + lag].value);
    const io::report::Style style = io::report::series_style(q);
    const char* name = std::array{"P", "E", "SR"}[q];
    plot.line(std::string(name).append(", simulated"), lags, simulated, style);
    plot.points(std::string(name).append(", published"), lags, published[q],
                {style.colour, Dash::solid, 3.5});
  }
  m.plots.push_back(std::move(plot));
  return m;
}
Measurement exposure_and_problems(const Runs& runs) {
  Measurement m = measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const Panel p = wave_problems(run, who);
    return {correlation(weekly_exposure(run, who).values, weekly_problems(run, who).values),
            correlation(wave_exposure(run, who).values, p.values),
            correlation(wave_hassles(run, who).values, p.values) -
                correlation(wave_events(run, who).values, p.values)};
  });
  const Run& run = runs.at("cohort");
  Plot plot({"Exposure and problems", {"hassles of a week", {}, {}, {}}, {"GHQ-12", {}, {}, {}}});
  std::vector<double> x, y;
  for (std::size_t i = 0; i < std::min<std::size_t>(1000, run.people.size()); ++i) {
    x.push_back(run.people.of(i)[kWeeklyExposure]);
    y.push_back(run.people.of(i)[kWeeklyProblems]);
  }
  plot.points("people", x, y, {Colour::blue, Dash::solid, 1.6}, 0.35);
  m.plots.push_back(std::move(plot));
  return m;
}
Measurement slopes(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const WithinBetween s = within_between_slopes(standardised(weekly_exposure(run, who)),
                                                  standardised(weekly_problems(run, who)));
    return {s.within, s.between, s.between - s.within};
  });
}
Measurement curvature(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const Panel e = standardised(weekly_exposure(run, who));
    const Panel p = standardised(weekly_problems(run, who));
    std::vector<double> x;
    for (const double z : e.values) {
      x.push_back(z);
      x.push_back(z * z);
    }
    return {least_squares(p.values, x, 2).coefficients[2]};
  });
}
Measurement hassle_days(const Runs& runs) {
  Measurement m = measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const Panel e = weekly_exposure(run, who);
    const double centre = mean(e.values), spread = variance(e.values);
    return {centre, std::sqrt(spread) / centre, spread / centre};
  });
  const Run& run = runs.at("cohort");
  std::vector<double> edges, heights;
  for (double edge = 0.0; edge <= 200.0; edge += 10.0) edges.push_back(edge);
  heights.assign(edges.size() - 1, 0.0);
  for (std::size_t i = 0; i < run.people.size(); ++i) {
    const auto bin = static_cast<std::size_t>(run.people.of(i)[kWeeklyExposure] / 10.0F);
    if (bin < heights.size()) heights[bin] += 1.0;
  }
  Plot plot({"Hassle-days of a week", {"hassle-days", {}, {}, {}}, {"people", {}, {}, {}}});
  plot.bars("people", edges, heights, Colour::blue);
  m.plots.push_back(std::move(plot));
  return m;
}
Measurement stressor_days(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    return {mean(column_of(run, who, kStressorDays))};
  });
}
Measurement life_events(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const Panel events = wave_events(run, who);
    return {mean(events.values), variance(events.values) / mean(events.values),
            correlation(events.values, wave_hassles(run, who).values)};
  });
}
Measurement factors_and_reactivity(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) {
    const std::vector<double> sr = person_means(weekly_reactivity(run, who));
    std::vector<double> values;
    for (const Factor factor : kPredictors) {
      values.push_back(correlation(column_of(run, who, kFactorsBefore + index_of(factor)), sr));
    }
    // Support comes first, and is the weakest.
    const double next = -std::max({values[1], values[2], values[3]});
    values.push_back(next - std::abs(values[0]));
    return values;
  });
}
Measurement joint_prediction(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    std::vector<double> x;
    for (const std::uint32_t i : who) {
      for (const Factor factor : kPredictors) {
        x.push_back(run.people.of(i)[kFactorsBefore + index_of(factor)]);
      }
    }
    return {least_squares(person_means(weekly_reactivity(run, who)), x, kPredictors.size()).r2};
  });
}
Measurement interactions(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) {
    const Panel e = standardised(weekly_exposure(run, who));
    const Panel p = standardised(weekly_problems(run, who));
    std::vector<double> values;
    for (const Factor factor : kPredictors) {
      const std::vector<double> z =
          eustress::standardised(column_of(run, who, kFactorsBefore + index_of(factor)));
      std::vector<double> x;
      for (std::size_t i = 0; i < z.size(); ++i) {
        for (const double exposure : e.person(i)) {
          x.insert(x.end(), {exposure, z[i], exposure * z[i]});
        }
      }
      values.push_back(least_squares(p.values, x, 3).coefficients[3]);
    }
    return values;
  });
}
Measurement factor_stability(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) {
    std::vector<double> values;
    for (std::size_t f = 0; f < kMalleableCount; ++f) {
      values.push_back(
          correlation(column_of(run, who, kFactorsBefore + index_of(kMalleableFactors[f])),
                      column_of(run, who, kMalleableAfter + f)));
    }
    return values;
  });
}

}  // namespace

Measurement stress_and_depression(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) {
    const std::array<std::vector<double>, 4> columns = {
        column_of(run, who, kShortStress),
        column_of(run, who, kFactorsBefore + index_of(Factor::self_efficacy)),
        column_of(run, who, kFactorsBefore + index_of(Factor::social_integration)),
        column_of(run, who, kShortDepression)};
    std::vector<double> values;
    for (const auto& [a, b] :
         {std::pair{0U, 1U}, {0U, 2U}, {0U, 3U}, {1U, 2U}, {1U, 3U}, {2U, 3U}}) {
      values.push_back(correlation(columns[a], columns[b]));
    }
    return values;
  });
}
// T9 is measured on the same run.
Measurement steeling(const Runs& runs) {
  return measure(runs, [](const Run& run, Who who) -> std::vector<double> {
    const std::size_t efficacy = static_cast<std::size_t>(
        std::find(kMalleableFactors.begin(), kMalleableFactors.end(), Factor::self_efficacy) -
        kMalleableFactors.begin());
    const std::vector<double> before = eustress::standardised(
        column_of(run, who, kFactorsBefore + index_of(Factor::self_efficacy)));
    const std::vector<double> challenge = eustress::standardised(column_of(run, who, kMastered));
    const std::vector<double> hindrance = eustress::standardised(column_of(run, who, kFailed));
    std::vector<double> x;
    for (std::size_t i = 0; i < who.size(); ++i) {
      x.insert(x.end(), {before[i], challenge[i], hindrance[i]});
    }
    const Regression fit = least_squares(
        eustress::standardised(column_of(run, who, kMalleableAfter + efficacy)), x, 3);
    return {fit.coefficients[2], fit.coefficients[3]};
  });
}

namespace {

Quantity near(std::string_view name, double value) {
  return {name, value, value - .08, value + .08};
}

}  // namespace

std::span<const Protocol> cohort_protocols() {
  static const std::array protocols = {
      Protocol{"cohort", "cohort.toml", 4096, 10240, cohort_numbers, keep_cohort},
  };
  return protocols;
}

const std::vector<Target>& cohort_targets() {
  static const std::vector<Target> targets = {
      {"S1",
       "ICC of mental health problems P",
       'P',
       "DynaCORE-L, MARP, LORA",
       "Six weekly GHQ-12 and eight three-monthly GHQ-28 after a year; ICC(1).",
       {"cohort"},
       {{"weekly", .69, .50, .75}, {"three-monthly", .34, .28, .55}},
       problems_icc},
      {"S2",
       "ICC of stressor exposure E",
       'P',
       "DynaCORE-L, MARP, LORA",
       "As S1; hassles of the week, and the mean of z(hassles) and z(life events).",
       {"cohort"},
       {{"weekly", kUnstated, .58, .80}, {"three-monthly", kUnstated, .33, .58}},
       exposure_icc},
      {"S3",
       "ICC of stressor reactivity SR",
       'P',
       "FRESHMO cohorts",
       "Weekly SR: residual of z(P) on z(E) over all people and weeks; single weeks and means of "
       "three weeks.",
       {"cohort"},
       {{"single time point", kUnstated, .45, .70},
        {"sliding window", kUnstated, .62, .90},
        {"sliding - single", kUnstated, 0, kOpen}},
       reactivity_icc},
      {"S4",
       "correlation over one to four weeks",
       'D',
       "DynaCORE-L",
       "As S1, mean over the pairs of weeks.",
       {"cohort"},
       {near("P, 1 week", .74),
        near("P, 2 weeks", .68),
        near("P, 3 weeks", .66),
        near("P, 4 weeks", .62),
        near("E, 1 week", .84),
        near("E, 2 weeks", .80),
        near("E, 3 weeks", .72),
        near("E, 4 weeks", .68),
        near("SR, 1 week", .69),
        near("SR, 2 weeks", .62),
        near("SR, 3 weeks", .60),
        near("SR, 4 weeks", .57),
        {"smallest fall from week to week", kUnstated, 0, kOpen}},
       weekly_lags},
      {"S5",
       "correlation of E and P",
       'D',
       "DynaCORE-L, MARP, LORA",
       "As S1 and S2, over all people and times.",
       {"cohort"},
       {{"weekly", kUnstated, .36, .60},
        {"three-monthly", kUnstated, .25, .45},
        {"hassles - life events", kUnstated, 0, kOpen}},
       exposure_and_problems},
      {"S6",
       "slope of z(P) on z(E)",
       'D',
       "DynaCORE-L",
       "Weekly; deviations from the person's means, and person means.",
       {"cohort"},
       {{"within persons", kUnstated, .22, .38},
        {"between persons", kUnstated, .42, .70},
        {"between - within", kUnstated, 0, kOpen}},
       slopes},
      {"S7",
       "curvature of P on E",
       'D',
       "DynaCORE-L",
       "Weekly; coefficient of z(E) squared in the regression of z(P).",
       {"cohort"},
       {{"quadratic coefficient", kUnstated, -.06, .06}},
       curvature},
      {"S8",
       "hassle-days of a week",
       'D',
       "DynaCORE-L, LORA",
       "The weekly inventory over all people and weeks.",
       {"cohort"},
       {{"mean", kUnstated, 48, 65},
        {"CV", kUnstated, .45, .60},
        {"variance/mean", kUnstated, 8, kOpen}},
       hassle_days},
      {"S9",
       "days with at least one stressor",
       'P',
       "Zawadzki 2019",
       "Share of the 42 days with an encounter that raises an acute response.",
       {"cohort"},
       {{"share", kUnstated, .40, .75}},
       stressor_days},
      {"S10",
       "life events of three months",
       'D',
       "MARP, LORA",
       "The list over all people and waves.",
       {"cohort"},
       {{"mean", kUnstated, 1.8, 3.2},
        {"variance/mean", kUnstated, 1.8, 3.5},
        {"correlation with hassles", kUnstated, .25, .50}},
       life_events},
      {"S11",
       "lifetime trauma",
       'P',
       "Liu 2017",
       "Potentially traumatic events of 43 years, the mean age in the surveys.",
       {"lifetime"},
       {{"any, %", 70.4, 65, 76}, {"per head", 3.2, 2.7, 3.7}},
       lifetime_trauma},
      {"S12",
       "factors and mean SR",
       'D',
       "DynaCORE-L and a student cohort",
       "Correlation of the factor at the start with the mean of six weekly SR.",
       {"cohort"},
       {{"social support", -.23, -.50, -.15},
        {"optimism", -.31, -.50, -.15},
        {"self-efficacy", -.32, -.50, -.15},
        {"emotional stability", -.32, -.50, -.15},
        {"next weakest - support, absolute", kUnstated, 0, kOpen}},
       factors_and_reactivity},
      {"S13",
       "joint prediction of SR by the factors",
       'D',
       "DynaCORE-L and a student cohort",
       "R2 of the four factors of S12 on the mean of six weekly SR.",
       {"cohort"},
       {{"R2", kUnstated, .12, .38}},
       joint_prediction},
      {"S14",
       "E x factor interaction on P",
       'D',
       "DynaCORE-L",
       "Weekly counts; coefficient of the product of z(E) and z(factor), each factor alone.",
       {"cohort"},
       {{"social support", kUnstated, -.12, .12},
        {"optimism", kUnstated, -.12, .12},
        {"self-efficacy", kUnstated, -.12, .12},
        {"emotional stability", kUnstated, -.12, .12}},
       interactions},
      {"S15",
       "three-month stability of malleable factors",
       'P',
       "longitudinal studies",
       "Correlation of trait and drift with itself 13 weeks later.",
       {"cohort"},
       {{"social support", kUnstated, .70, .90},
        {"self-efficacy", kUnstated, .70, .90},
        {"optimism", kUnstated, .70, .90},
        {"positive appraisal", kUnstated, .70, .90}},
       factor_stability},
  };
  return targets;
}

}  // namespace eustress::app::validation
