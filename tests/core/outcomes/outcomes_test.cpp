// Outcomes of made-up people, counted by the observer, against plain computations over what was
// made up.

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "core/outcomes/observer.hpp"
#include "core/outcomes/statistics.hpp"

namespace eustress {
namespace {

constexpr int kEvery = 7;

/// Everything that the observer sees of a person.
struct Script {
  std::vector<int> p, hassles, events;                     ///< per assessment
  std::vector<double> symptoms;                            ///< per assessment
  std::vector<int> event_kind, depressed_days, ptsd_days;  ///< per day
  std::vector<double> factors = std::vector<double>(kFactors, 0.0);
  double stratum = 0.0;

  Script() = default;
  Script(int days, int score)
      : p(static_cast<std::size_t>(days / kEvery), score),
        hassles(p.size(), 50),
        events(p.size(), 2),
        symptoms(p.size(), 0.0),
        event_kind(static_cast<std::size_t>(days), 0),
        depressed_days(event_kind.size(), 0),
        ptsd_days(event_kind.size(), 0) {}
};

double uniform(std::mt19937_64& engine) {
  return static_cast<double>(engine() >> 11) * 0x1p-53;
}
double normal(std::mt19937_64& engine) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += uniform(engine);
  return sum;
}

/// Correlated scores, one event for most people, states that come and go.
std::vector<Script> random_people(std::size_t n, int days, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<Script> people;
  for (std::size_t i = 0; i < n; ++i) {
    Script s(days, 0);
    s.stratum = static_cast<double>(i % 3);
    for (double& z : s.factors) z = normal(engine);
    const double trait = normal(engine) - 0.4 * s.factors[0] + 0.3 * s.factors[5];
    const int event_day = static_cast<int>(uniform(engine) * 1.3 * days);
    double slow = 0.0;
    for (int d = 0; d < days; ++d) {
      const auto at = static_cast<std::size_t>(d);
      if (d == event_day) s.event_kind[at] = 2;
      if (d == event_day / 2) s.event_kind[at] = 1 + 2 * static_cast<int>(uniform(engine) * 2);
      const auto run = [&](const std::vector<int>& in_a_row, double share) {
        const int before = d > 0 ? in_a_row[at - 1] : 0;
        return uniform(engine) < (before > 0 ? 0.97 : share) ? before + 1 : 0;
      };
      s.depressed_days[at] = run(s.depressed_days, 0.05);
      s.ptsd_days[at] = run(s.ptsd_days, 0.03);
      if ((d + 1) % kEvery != 0) continue;
      const auto t = static_cast<std::size_t>(d / kEvery);
      slow = 0.8 * slow + normal(engine);
      const double strain = 0.5 * trait + 0.4 * slow;
      s.hassles[t] = std::max(0, static_cast<int>(50 + 15 * (strain + 0.5 * normal(engine))));
      s.events[t] = static_cast<int>(3.0 * uniform(engine) + (strain > 0 ? 1 : 0));
      const double hit = event_day < d ? 8.0 * std::exp(-(d - event_day) / 60.0) : 0.0;
      s.p[t] = std::clamp(static_cast<int>(26 + 6 * trait + 4 * strain + hit + 3 * normal(engine)),
                          0, 84);
      s.symptoms[t] = std::exp(0.5 * normal(engine));
    }
    people.push_back(std::move(s));
  }
  return people;
}

/// The observer on made-up people, at most a block of them, in one arm.
struct Observed {
  Study study;
  OutcomeLayout layout;
  std::size_t strata;
  std::unique_ptr<Block> block = std::make_unique<Block>();
  std::vector<float> numbers;
  std::vector<std::int64_t> cells;
  std::vector<double> control_belief = std::vector<double>(kBlockSize, 0.5);

  Observed(const std::vector<Script>& people, int days, const OutcomePlan& plan,
           std::size_t n_strata = 3)
      : layout(outcome_layout(plan, days, kEvery)), strata(n_strata) {
    study.outcomes = plan;
    study.days = days;
    numbers.assign(kBlockSize * layout.number.count, 0.0F);
    cells.assign(strata * layout.cell.count, 0);
    const OutcomeObserver observer(study, layout);
    auto result = std::make_unique<BlockDayResult>();
    for (int day = 0; day < days; ++day) {
      const auto d = static_cast<std::size_t>(day);
      const bool is_assessed = (day + 1) % kEvery == 0;
      const auto t = static_cast<std::size_t>(day / kEvery);
      for (std::size_t i = 0; i < people.size(); ++i) {
        const Script& s = people[i];
        PersonState<Lanes>& state = block->pack[i / kLanes];
        const auto l = static_cast<int>(i % kLanes);
        state.stratum[l] = s.stratum;
        for (std::size_t f = 0; f < kFactors; ++f) state.traits.factor[f][l] = s.factors[f];
        state.mental_health.depressed_days[l] = s.depressed_days[d];
        state.mental_health.ptsd_days[l] = s.ptsd_days[d];
        DaySummary<Lanes>& summary = result->summary[i / kLanes];
        summary.event[l] = s.event_kind[d];
        summary.hassles[l] = static_cast<double>(d % 5);
        summary.encounters[l] = 1.0;
        summary.predictions[l] = i == 0 ? 0.0 : 1.0;
        summary.prediction_error[l] = i == 0 ? 0.0 : 0.5;
        if (!is_assessed) continue;
        Assessment<Lanes>& a = result->assessment[i / kLanes];
        a.ghq12[l] = s.p[t] / 2;
        a.ghq28[l] = s.p[t];
        a.hassles_7d[l] = s.hassles[t];
        a.life_events_13w[l] = s.events[t];
        state.mental_health.symptoms[l] = s.symptoms[t];
      }
      observer.observe_day(day, people.size(), *block, *result, numbers);
      if (is_assessed) {
        observer.observe_assessment(t, people.size(), *block, *result, numbers, cells);
      }
    }
    const BlockEnd end{block.get(), numbers, control_belief, cells};
    observer.finish(people.size(), {&end, 1});
  }
  [[nodiscard]] OutcomeCells stratum(std::size_t s) const {
    return OutcomeCells(cells).subspan(s * layout.cell.count, layout.cell.count);
  }
};

using Values = std::vector<std::vector<double>>;  // [person][time]

std::vector<double> flat(const Values& x) {
  std::vector<double> all;
  for (const auto& person : x) all.insert(all.end(), person.begin(), person.end());
  return all;
}
double mean_of(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
double covariance(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = mean_of(x), my = mean_of(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mx) * (y[i] - my);
  return sum / static_cast<double>(x.size());
}
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  return covariance(x, y) / std::sqrt(covariance(x, x) * covariance(y, y));
}
Values z_of(const Values& x) {
  const auto all = flat(x);
  const double m = mean_of(all), sd = std::sqrt(covariance(all, all));
  Values z = x;
  for (auto& person : z) {
    for (double& v : person) v = (v - m) / sd;
  }
  return z;
}
Values combine(const Values& x, const Values& y, double a, double b) {
  Values z = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t t = 0; t < x[i].size(); ++t) z[i][t] = a * x[i][t] + b * y[i][t];
  }
  return z;
}
std::vector<double> person_means(const Values& x) {
  std::vector<double> means;
  for (const auto& person : x) means.push_back(mean_of(person));
  return means;
}
Values within(const Values& x) {
  Values w = x;
  for (auto& person : w) {
    const double m = mean_of(person);
    for (double& v : person) v -= m;
  }
  return w;
}
Values sliding(const Values& x, std::size_t window) {
  Values w(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t t = window; t <= x[i].size(); ++t) {
      double sum = 0.0;
      for (std::size_t k = t - window; k < t; ++k) sum += x[i][k];
      w[i].push_back(sum / static_cast<double>(window));
    }
  }
  return w;
}
double icc(const Values& x) {
  const double n = static_cast<double>(x.size()), k = static_cast<double>(x[0].size());
  const double grand = mean_of(flat(x));
  double between = 0.0, rest = 0.0;
  for (const auto& person : x) {
    const double m = mean_of(person);
    between += k * (m - grand) * (m - grand);
    for (const double v : person) rest += (v - m) * (v - m);
  }
  between /= n - 1.0;
  rest /= n * (k - 1.0);
  return (between - rest) / (between + (k - 1.0) * rest);
}
double lagged(const Values& x, std::size_t lag) {
  std::vector<double> a, b;
  for (const auto& person : x) {
    for (std::size_t t = lag; t < person.size(); ++t) {
      a.push_back(person[t - lag]);
      b.push_back(person[t]);
    }
  }
  return correlation(a, b);
}

/// Scores of the people of a stratum; 0: everybody.
struct Scores {
  Values p, h, v;
  Scores(const std::vector<Script>& people, std::size_t stratum) {
    for (const Script& s : people) {
      if (stratum > 0 && s.stratum != static_cast<double>(stratum)) continue;
      p.emplace_back(s.p.begin(), s.p.end());
      h.emplace_back(s.hassles.begin(), s.hassles.end());
      v.emplace_back(s.events.begin(), s.events.end());
    }
  }
  [[nodiscard]] Values exposure(ExposureScore score) const {
    return score == ExposureScore::sum ? combine(h, v, 1.0, 1.0)
                                       : combine(z_of(h), z_of(v), 0.5, 0.5);
  }
};

class Reactivity : public ::testing::TestWithParam<ExposureScore> {};
INSTANTIATE_TEST_SUITE_P(Outcomes, Reactivity,
                         ::testing::Values(ExposureScore::z_mean, ExposureScore::sum));

TEST_P(Reactivity, EqualsThePlainComputationInEveryStratum) {
  OutcomePlan plan;
  plan.exposure = GetParam();
  plan.window = 6;
  constexpr int kDays = 7 * 30 + 3;
  const auto people = random_people(61, kDays, 5);
  const Observed seen(people, kDays, plan);
  constexpr double kClose = 1e-10;
  for (std::size_t stratum = 0; stratum < 3; ++stratum) {
    const Scores scores(people, stratum);
    const Values zp = z_of(scores.p), ze = z_of(scores.exposure(plan.exposure));
    const StressorReactivity r = stressor_reactivity(seen.layout, seen.stratum(stratum));
    EXPECT_EQ(r.persons, static_cast<std::int64_t>(scores.p.size()));
    EXPECT_EQ(r.observations, 30 * r.persons);
    const double slope = covariance(flat(zp), flat(ze));
    EXPECT_NEAR(r.slope, slope, kClose);
    EXPECT_NEAR(r.correlation, correlation(flat(zp), flat(ze)), kClose);
    const auto wp = flat(within(zp)), we = flat(within(ze));
    EXPECT_NEAR(r.slope_within, covariance(wp, we) / covariance(we, we), kClose);
    const auto mp = person_means(zp), me = person_means(ze);
    EXPECT_NEAR(r.slope_between, covariance(mp, me) / covariance(me, me), kClose);
    EXPECT_NEAR(r.slope_long_term, correlation(mp, me), kClose);
    double squares = 0.0;
    for (const double x : flat(within(scores.p))) squares += x * x;
    EXPECT_NEAR(r.within_sd_p, std::sqrt(squares / (29.0 * static_cast<double>(r.persons))),
                kClose);

    const auto y = flat(zp), x = flat(ze);
    Eigen::MatrixXd design(static_cast<Eigen::Index>(x.size()), 3);
    for (std::size_t i = 0; i < x.size(); ++i) {
      design.row(static_cast<Eigen::Index>(i)) << 1.0, x[i], x[i] * x[i];
    }
    const Eigen::VectorXd fit = design.colPivHouseholderQr().solve(
        Eigen::Map<const Eigen::VectorXd>(y.data(), design.rows()));
    EXPECT_NEAR(r.curvature, fit(2), 1e-8);

    const Values sr = combine(zp, ze, 1.0, -slope);
    EXPECT_NEAR(r.icc_p, icc(zp), kClose);
    EXPECT_NEAR(r.icc_e, icc(ze), kClose);
    EXPECT_NEAR(r.icc_single, icc(sr), kClose);
    const Values wide_p = z_of(sliding(zp, 6)), wide_e = z_of(sliding(ze, 6));
    const double wide_slope = covariance(flat(wide_p), flat(wide_e));
    EXPECT_NEAR(r.slope_window, wide_slope, kClose);
    EXPECT_NEAR(r.icc_window, icc(combine(wide_p, wide_e, 1.0, -wide_slope)), kClose);
    for (std::size_t lag = 1; lag <= kLags; ++lag) {
      EXPECT_NEAR(r.lag_p[lag - 1], lagged(zp, lag), kClose);
      EXPECT_NEAR(r.lag_e[lag - 1], lagged(ze, lag), kClose);
      EXPECT_NEAR(r.lag_sr[lag - 1], lagged(sr, lag), kClose);
    }

    // The scores themselves, by the norm of everybody.
    const Scores everybody(people, 0);
    const Values e_all = everybody.exposure(plan.exposure);
    const Values all_p = z_of(everybody.p), all_e = z_of(e_all);
    const double all_slope = covariance(flat(all_p), flat(all_e));
    const Values all_sr = z_of(combine(all_p, all_e, 1.0, -all_slope));
    std::vector<double> mine;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (stratum > 0 && people[i].stratum != static_cast<double>(stratum)) continue;
      mine.insert(mine.end(), all_sr[i].begin(), all_sr[i].end());
    }
    EXPECT_NEAR(mean_reactivity(seen.layout, seen.stratum(stratum),
                                reactivity_norm(seen.layout, seen.stratum(0))),
                mean_of(mine), kClose);
  }
}

TEST(Outcomes, FactorsExplainTheLongTermScoreAsLeastSquaresSays) {
  const OutcomePlan plan;
  constexpr int kDays = 7 * 12;
  const auto people = random_people(64, kDays, 8);
  const Observed seen(people, kDays, plan);
  const Scores scores(people, 0);
  const auto p = person_means(z_of(scores.p)),
             e = person_means(z_of(scores.exposure(plan.exposure)));
  const double slope = covariance(p, e) / covariance(e, e);
  std::vector<double> sr;
  for (std::size_t i = 0; i < p.size(); ++i) sr.push_back(p[i] - slope * e[i]);
  const FactorReactivity f = factor_reactivity(seen.layout, seen.stratum(0));
  Eigen::MatrixXd design(64, static_cast<Eigen::Index>(kFactors) + 1);
  for (std::size_t j = 0; j < kFactors; ++j) {
    std::vector<double> z;
    for (std::size_t i = 0; i < people.size(); ++i) {
      z.push_back(people[i].factors[j]);
      design(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = z.back();
    }
    EXPECT_NEAR(f.correlation[j], correlation(z, sr), 1e-5);  // factors are rounded to 2^-16
  }
  design.col(static_cast<Eigen::Index>(kFactors)).setOnes();
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(sr.data(), 64);
  const Eigen::VectorXd fit = design.colPivHouseholderQr().solve(y);
  const double r2 = 1.0 - (y - design * fit).squaredNorm() / (y.array() - y.mean()).square().sum();
  EXPECT_GT(r2, 0.1);
  EXPECT_NEAR(f.r2, r2, 1e-4);
}

TEST(Outcomes, EventStudyIsLeastSquaresWithAnInterceptOfEachPerson) {
  OutcomePlan plan;
  plan.bin_d = 28;
  plan.bins = 4;
  constexpr int kDays = 7 * 30;
  const auto people = random_people(48, kDays, 21);
  const Observed seen(people, kDays, plan);
  ASSERT_EQ(seen.layout.bins, 4U);
  const EventStudyResult study = event_study(seen.layout, seen.stratum(0));

  std::vector<std::pair<const Script*, int>> with_event;
  for (const Script& s : people) {
    const auto day = std::ranges::find(s.event_kind, 2);
    if (day != s.event_kind.end())
      with_event.push_back({&s, static_cast<int>(day - s.event_kind.begin())});
  }
  ASSERT_EQ(study.persons, static_cast<std::int64_t>(with_event.size()));
  ASSERT_LT(with_event.size(), people.size());
  const auto n = static_cast<Eigen::Index>(with_event.size());
  Eigen::MatrixXd design = Eigen::MatrixXd::Zero(30 * n, n + 4);
  Eigen::VectorXd y(30 * n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& [script, event_day] = with_event[static_cast<std::size_t>(i)];
    for (Eigen::Index t = 0; t < 30; ++t) {
      const int since = static_cast<int>(7 * t) + 6 - event_day;
      y(30 * i + t) = script->p[static_cast<std::size_t>(t)];
      design(30 * i + t, i) = 1.0;
      if (since >= 0) design(30 * i + t, n + std::min(3, since / 28)) = 1.0;
    }
  }
  const Eigen::MatrixXd inverse = (design.transpose() * design).inverse();
  const Eigen::VectorXd fit = inverse * design.transpose() * y;
  const double variance = (y - design * fit).squaredNorm() / static_cast<double>(30 * n - n - 4);
  EXPECT_EQ(study.coefficient[0], 0.0);
  EXPECT_GT(study.coefficient[1], 2.0);  // what was made up is there
  for (Eigen::Index k = 0; k < 4; ++k) {
    const auto bin = static_cast<std::size_t>(k) + 1;
    EXPECT_NEAR(study.coefficient[bin], fit(n + k), 1e-8);
    EXPECT_NEAR(study.se[bin], std::sqrt(variance * inverse(n + k, n + k)), 1e-8);
  }
}

TEST(Outcomes, EventStudyWithoutTimeBeforeSaysNothing) {
  std::vector<Script> people(3, Script(70, 20));
  for (Script& s : people) s.event_kind[0] = 2;
  OutcomePlan plan;
  plan.bin_d = 28;
  const Observed seen(people, 70, plan, 1);
  const EventStudyResult study = event_study(seen.layout, seen.stratum(0));
  EXPECT_EQ(study.persons, 3);
  EXPECT_EQ(study.assessments[0], 0);
  for (const double c : study.coefficient) EXPECT_TRUE(std::isnan(c));
}

// Four weeks before the event, early: days 0 to 27 after it, late: 56 to 83.
TEST(Outcomes, TrajectoriesByRuleWithTheirCourse) {
  OutcomePlan plan;
  plan.threshold = 24;
  plan.early_to_d = 28;
  plan.late_from_d = 56;
  plan.late_to_d = 84;
  plan.bin_d = 28;
  constexpr int kDays = 7 * 20;
  const auto person = [&](int early, int late, int event_day, int kind) {
    Script s(kDays, 10);
    s.event_kind[static_cast<std::size_t>(event_day)] = kind;
    for (std::size_t t = 0; t < s.p.size(); ++t) {
      const int since = static_cast<int>(7 * t) + 6 - event_day;
      if (since >= 0 && since < 28) s.p[t] = early;
      if (since >= 56 && since < 84) s.p[t] = late;
    }
    return s;
  };
  const std::vector<Script> people = {
      person(23, 23, 28, 2), person(24, 23, 28, 2), person(24, 24, 28, 2),
      person(10, 40, 28, 2), person(10, 40, 35, 2), person(30, 30, 28, 1),  // no severe event
      person(30, 30, 28, 3),    // a trauma is none either
      person(30, 30, 120, 2)};  // too late for the late window
  const Observed seen(people, kDays, plan, 1);
  const std::int64_t expected[kTrajectories] = {1, 1, 1, 2, 2, 1};
  for (std::size_t k = 0; k < kTrajectories; ++k) {
    EXPECT_EQ(trajectory_course(seen.layout, seen.stratum(0), static_cast<Trajectory>(k)).persons,
              expected[k])
        << kTrajectoryNames[k];
  }
  const TrajectoryCourse delayed =
      trajectory_course(seen.layout, seen.stratum(0), Trajectory::delayed);
  ASSERT_EQ(delayed.mean.size(), seen.layout.bins + 1);
  EXPECT_EQ(delayed.assessments[0], 4 + 5);
  EXPECT_EQ(delayed.mean[0], 10.0);
  EXPECT_EQ(delayed.mean[1], 10.0);
  EXPECT_EQ(delayed.mean[2], 10.0);
  EXPECT_EQ(delayed.assessments[3], 8);
  EXPECT_EQ(delayed.mean[3], 40.0);
  const TrajectoryCourse nobody =
      trajectory_course(seen.layout, seen.stratum(0), Trajectory::no_event);
  EXPECT_EQ(nobody.assessments[0], 0);
  EXPECT_TRUE(std::isnan(nobody.mean[0]));
}

// Remission of 6-mercaptopurine patients, the standard example of survival analysis (Freireich et
// al. 1963): weeks as days, + censored. Estimates and standard errors as in every textbook.
TEST(Outcomes, KaplanMeierOfTheStandardExample) {
  const std::vector<std::pair<int, bool>> durations = {
      {6, true},   {6, true},   {6, true},   {6, false},  {7, true},   {9, false},  {10, true},
      {10, false}, {11, false}, {13, true},  {16, true},  {17, false}, {19, false}, {20, false},
      {22, true},  {23, true},  {25, false}, {32, false}, {32, false}, {34, false}, {35, false}};
  constexpr int kDays = 80;
  std::vector<Script> people;
  for (const auto& [duration, has_ended] : durations) {
    Script s(kDays, 10);
    // A state that has not ended began so that the study ends that much later.
    const int onset = has_ended ? 20 : kDays - 1 - duration;
    const int end = has_ended ? onset + duration : kDays;
    for (int d = onset; d < end; ++d) {
      s.depressed_days[static_cast<std::size_t>(d)] = 14 + d - onset;
    }
    if (has_ended) s.depressed_days[static_cast<std::size_t>(end + 10)] = 14;  // a second one
    people.push_back(std::move(s));
  }
  people.emplace_back(kDays, 10);  // never ill
  const Observed seen(people, kDays, {}, 1);
  const Recovery r = recovery(seen.layout, seen.stratum(0), 0);
  ASSERT_EQ(r.survival.size(), static_cast<std::size_t>(kDays));
  struct Row {
    std::size_t day;
    std::int64_t at_risk;
    double survival, se;
  };
  const Row rows[] = {{6, 21, 0.8571, 0.0764},  {7, 17, 0.8067, 0.0869},  {10, 15, 0.7529, 0.0963},
                      {13, 12, 0.6902, 0.1068}, {16, 11, 0.6275, 0.1141}, {22, 7, 0.5378, 0.1282},
                      {23, 6, 0.4482, 0.1346}};
  for (const Row& row : rows) {
    EXPECT_EQ(r.at_risk[row.day], row.at_risk) << row.day;
    EXPECT_NEAR(r.survival[row.day], row.survival, 5e-5) << row.day;
    EXPECT_NEAR(r.se[row.day], row.se, 5e-5) << row.day;
  }
  EXPECT_EQ(r.at_risk[0], 21);
  EXPECT_EQ(r.survival[5], 1.0);
  EXPECT_EQ(r.at_risk[36], 0);
  EXPECT_TRUE(std::isnan(r.survival[36]));
  EXPECT_EQ(recovery(seen.layout, seen.stratum(0), 1).at_risk[0], 0);
  const OutcomeMoments ever =
      outcome_moments(seen.layout, seen.stratum(0), Outcome::ever_depressed);
  EXPECT_NEAR(ever.mean, 21.0 / 22.0, 1e-15);
}

TEST(Outcomes, PersonsAreCountedAsTheyAre) {
  constexpr int kDays = 7 * 20;
  const auto people = random_people(50, kDays, 3);
  const Observed seen(people, kDays, {});
  const auto moments = [&](Outcome outcome) {
    return outcome_moments(seen.layout, seen.stratum(0), outcome);
  };
  std::vector<double> ghq, symptoms, events, disorder, ptsd;
  for (const Script& s : people) {
    ghq.push_back(mean_of({s.p.begin(), s.p.end()}));
    symptoms.push_back(mean_of(s.symptoms));
    double n_events = 0, n_disorder = 0, n_ptsd = 0;
    for (std::size_t d = 0; d < s.event_kind.size(); ++d) {
      n_events += s.event_kind[d] > 0 ? 1 : 0;
      n_disorder += s.depressed_days[d] >= 14 || s.ptsd_days[d] >= 30 ? 1 : 0;
      n_ptsd += s.ptsd_days[d] >= 30 ? 1 : 0;
    }
    events.push_back(n_events);
    disorder.push_back(n_disorder);
    ptsd.push_back(n_ptsd);
  }
  const auto expect = [&](Outcome outcome, const std::vector<double>& values, double close) {
    const OutcomeMoments m = moments(outcome);
    EXPECT_EQ(m.count, 50);
    EXPECT_NEAR(m.mean, mean_of(values), close);
    EXPECT_NEAR(m.sd, std::sqrt(covariance(values, values)), close);
  };
  expect(Outcome::mean_ghq, ghq, 1e-10);
  expect(Outcome::mean_symptoms, symptoms, 3e-5);
  expect(Outcome::life_events, events, 1e-12);
  expect(Outcome::disorder_days, disorder, 1e-10);
  expect(Outcome::ptsd_days, ptsd, 1e-10);
  EXPECT_GT(mean_of(ptsd), 1.0);  // something was there to count
  EXPECT_EQ(moments(Outcome::mean_hassles).mean, 2.0);
  EXPECT_EQ(moments(Outcome::encounters).mean, kDays);
  EXPECT_EQ(moments(Outcome::prediction_error).count, 49);  // the first person never predicted
  EXPECT_NEAR(moments(Outcome::prediction_error).mean, 0.5, 1e-9);
}

TEST(Outcomes, TheShorterQuestionnaireIsUsedIfAskedFor) {
  OutcomePlan plan;
  plan.mental_health = MentalHealthScale::ghq12;
  const std::vector<Script> people(2, Script(28, 30));
  const Observed seen(people, 28, plan, 1);
  EXPECT_EQ(outcome_moments(seen.layout, seen.stratum(0), Outcome::mean_ghq).mean, 15.0);
}

TEST(Outcomes, WithoutVariationNothingIsSaid) {
  const std::vector<Script> people(5, Script(70, 30));
  const Observed seen(people, 70, {}, 1);
  const StressorReactivity r = stressor_reactivity(seen.layout, seen.stratum(0));
  EXPECT_TRUE(std::isnan(r.slope));
  EXPECT_TRUE(std::isnan(r.icc_p));
  EXPECT_TRUE(std::isnan(r.lag_sr[0]));
  EXPECT_TRUE(std::isnan(factor_reactivity(seen.layout, seen.stratum(0)).r2));
}

TEST(Outcomes, PlansTakeOnlyTheNumbersThatTheyNeed) {
  OutcomePlan plan;
  const OutcomeLayout all = outcome_layout(plan, 3650, 7);
  EXPECT_EQ(all.assessments, 521U);
  EXPECT_EQ(all.bins, 8U);
  EXPECT_LE(all.number.count, 48U);
  EXPECT_EQ(outcome_layout(plan, 100, 7).bins, 2U);
  plan.event = OutcomeEvent::none;
  const OutcomeLayout without = outcome_layout(plan, 3650, 7);
  EXPECT_EQ(without.bins, 0U);
  EXPECT_EQ(without.number.count, all.number.count - 12);
  EXPECT_LT(without.cell.count, all.cell.count);
  const OutcomeLayout unassessed = outcome_layout({}, 5, 7);
  EXPECT_EQ(unassessed.assessments, 0U);
  EXPECT_EQ(unassessed.bins, 0U);
  EXPECT_EQ(unassessed.number.count, 15U);
  EXPECT_FALSE(outcome_layout({}, 21, 7).has_windows());
}

TEST(Outcomes, BinsBeginAtTheEvent) {
  OutcomePlan plan;
  plan.bin_d = 10;
  plan.bins = 3;
  const OutcomeLayout layout = outcome_layout(plan, 100, 7);
  const std::size_t expected[] = {0, 1, 1, 2, 3, 3, 3};
  const int since[] = {-1, 0, 9, 10, 20, 30, 90};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(layout.bin_of(since[i]), expected[i]) << since[i];
}

TEST(WideSum, HoldsWhatACellCannot) {
  std::int64_t cells[kWideCells] = {0, 0};
  const std::int64_t term = (std::int64_t{1} << 46) + 12345;
  double expected = 0.0;
  for (int i = 0; i < 3000; ++i) {
    add_wide(cells, term);
    add_wide(cells, -term / 3);
    expected += static_cast<double>(term) - static_cast<double>(term / 3);
  }
  EXPECT_NEAR(wide_value(cells), expected, 1e-12 * expected);
  EXPECT_GT(expected, 1e17);
  std::int64_t small[kWideCells] = {0, 0};
  for (const int x : {5, -7, 1 << 20, -(1 << 20)}) add_wide(small, x);
  EXPECT_EQ(wide_value(small), -2.0);
}

}  // namespace
}  // namespace eustress
