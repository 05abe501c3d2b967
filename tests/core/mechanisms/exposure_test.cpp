#include "core/mechanisms/exposure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/model_parameters.hpp"
#include "core/numerics/random.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Draws;
using testing::Sample;
using testing::share_error;

const ExposureParameters kDefaults = default_parameters().exposure;
const double kOmega =
    default_parameters().traits.omega[static_cast<std::size_t>(Trait::life_event_rate)];
constexpr double kDt = 5.0;

ExposureDraws draw(Draws& d) {
  ExposureDraws x{};
  x.n_week = d.normal();
  x.n_month = d.normal();
  x.u_count = d.uniform();
  x.u_encounters = d.uniform();
  x.u_event = d.uniform();
  x.u_event_class = d.uniform();
  x.n_event_severity = d.normal();
  x.u_event_onset = d.uniform();
  for (auto& e : x.encounter) {
    e = {.u_onset = d.uniform(),
         .u_class = d.uniform(),
         .n_severity = d.normal(),
         .n_control = d.normal(),
         .n_duration = d.normal(),
         .u_predictability = d.uniform()};
  }
  return x;
}

/// Everything that a day of exposure depends on besides the state and the draws.
struct Circumstances {
  ExposureParameters p = kDefaults;
  double x_hassles = 0.0, x_events = kOmega * kOmega / 2.0;  // personal factor 1
  double extra = 0.0, latent = 0.0;
  DayModifiers today{};
  WaveHit wave{};
  double dt_min = kDt;
};

DayExposure<double> live(ExposureState<double>& s, const Circumstances& c, const ExposureDraws& x) {
  return exposure_reference(s, c.p, kOmega, c.x_hassles, c.x_events, c.extra, c.latent, c.today,
                            c.wave, x, c.dt_min);
}

/// The rate of hassles does not fluctuate.
Circumstances steady(double rate) {
  Circumstances c;
  c.p.hassles_per_day = rate;
  c.p.week_sd = c.p.month_sd = 0.0;
  return c;
}

/// Counts of many first days.
Sample counts(const Circumstances& c, std::uint64_t seed, int days = 20000, double surge = 0.0) {
  Draws d(seed);
  Sample sample;
  for (int i = 0; i < days; ++i) {
    ExposureState<double> s{};
    s.surge = surge;
    sample.add(live(s, c, draw(d)).hassles);
  }
  return sample;
}

/// Chi-square over its degrees of freedom in standard deviations; expectations given as shares.
double chi_square_sigma(const std::vector<double>& observed, const std::vector<double>& share) {
  double n = 0.0, chi2 = 0.0;
  for (const double o : observed) n += o;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    chi2 += (observed[i] - n * share[i]) * (observed[i] - n * share[i]) / (n * share[i]);
  }
  const double df = static_cast<double>(observed.size()) - 1.0;
  return (chi2 - df) / std::sqrt(2.0 * df);
}

// --- counts -----------------------------------------------------------------------------------

TEST(ExposureHassles, AreAPoissonCountAtAFixedRate) {
  for (const double rate : {0.3, 7.0, 25.0, 60.0}) {
    const Sample n = counts(steady(rate), 101);
    EXPECT_NEAR(n.mean(), rate, 5.0 * std::sqrt(rate / n.count())) << rate;
    EXPECT_NEAR(n.variance(), rate, 5.0 * n.variance_error()) << rate;
  }
}

TEST(ExposureHassles, HaveThePoissonProbabilities) {
  constexpr double kRate = 3.0;
  const Sample n = counts(steady(kRate), 102, 50000);
  std::vector<double> observed(10), share(10);
  for (const double x : n.values()) observed[static_cast<std::size_t>(std::min(x, 9.0))] += 1.0;
  double p = std::exp(-kRate), rest = 1.0;
  for (std::size_t k = 0; k < 9; ++k) {
    share[k] = p;
    rest -= p;
    p *= kRate / (static_cast<double>(k) + 1.0);
  }
  share[9] = rest;
  EXPECT_LT(chi_square_sigma(observed, share), 5.0);
}

TEST(ExposureHassles, InversionIsExactAtTheEdges) {
  Draws d(103);
  ExposureDraws x = draw(d);
  const auto count = [&](double u) {
    ExposureState<double> s{};
    x.u_count = u;
    return live(s, steady(2.0), x).hassles;
  };
  const double p0 = std::exp(-2.0);
  EXPECT_EQ(count(p0 * (1.0 - 1e-12)), 0.0);
  EXPECT_EQ(count(p0 * (1.0 + 1e-12)), 1.0);
  EXPECT_EQ(count(3.0 * p0 * (1.0 - 1e-12)), 1.0);
  EXPECT_EQ(count(3.0 * p0 * (1.0 + 1e-12)), 2.0);
}

TEST(ExposureHassles, TheRateIsTheProductOfItsParts) {
  const auto expect_rate = [](const Circumstances& c, double rate, double open = 0.0) {
    const Sample n = counts(c, 104, 20000, open);
    EXPECT_NEAR(n.mean(), rate, 5.0 * std::sqrt(rate / n.count()));
  };
  Circumstances c = steady(4.0);
  c.x_hassles = 0.5;
  expect_rate(c, 4.0 * std::exp(0.5));
  c = steady(4.0);
  c.extra = -0.4;
  expect_rate(c, 4.0 * std::exp(-0.4));
  c = steady(4.0);
  c.today.log_hassle_rate = std::log(1.7);
  expect_rate(c, 4.0 * 1.7);
  for (const double open : {0.1, 1.0, 20.0}) {
    c = steady(4.0);
    expect_rate(c, 4.0 * std::exp(c.p.surge_gain * open / (1.0 + open)), open);
  }
  for (const double latent : {-3.0, 0.0, 2.0, 4.0, 40.0}) {
    c = steady(4.0);
    c.latent = latent;
    expect_rate(c, 4.0 * std::exp(c.p.feedback * std::clamp(latent, 0.0, 4.0)));
  }
}

TEST(ExposureHassles, TheRateIsLimited) {
  Circumstances c = steady(50.0);
  c.extra = 5.0;
  const Sample n = counts(c, 105);
  EXPECT_NEAR(n.mean(), kMaximumHassleRate, 5.0 * std::sqrt(kMaximumHassleRate / n.count()));
  c = steady(7.0);
  c.today.log_hassle_rate = -INFINITY;  // a regime without hassles
  EXPECT_EQ(counts(c, 106, 1000).mean(), 0.0);
}

TEST(ExposureHassles, FluctuationsSpreadTheRate) {
  const Circumstances c;
  Draws d(107);
  Sample n;
  for (int i = 0; i < 50000; ++i) {
    ExposureState<double> s{};
    s.week = d.normal();
    s.month = d.normal();
    n.add(live(s, c, draw(d)).hassles);
  }
  const double v = c.p.week_sd * c.p.week_sd + c.p.month_sd * c.p.month_sd;
  const double mean = c.p.hassles_per_day * std::exp(v / 2.0);
  EXPECT_NEAR(n.mean(), mean, 5.0 * n.mean_error());
  EXPECT_NEAR(n.variance(), mean + mean * mean * std::expm1(v), 5.0 * n.variance_error());
}

TEST(ExposureHassles, FluctuationsAreStationaryWithTheirCorrelationTimes) {
  const Circumstances c;
  Draws d(108);
  Sample week, later_week, month, later_month;
  constexpr int kPersons = 4000;
  for (int i = 0; i < kPersons; ++i) {
    ExposureState<double> s{};
    s.week = d.normal();
    s.month = d.normal();
    week.add(s.week);
    month.add(s.month);
    for (int day = 0; day < 14; ++day) live(s, c, draw(d));
    later_week.add(s.week);
    later_month.add(s.month);
  }
  EXPECT_NEAR(later_week.variance(), 1.0, 5.0 * later_week.variance_error());
  EXPECT_NEAR(later_month.variance(), 1.0, 5.0 * later_month.variance_error());
  const double rw = std::exp(-14.0 / c.p.week_tau_d), rm = std::exp(-14.0 / c.p.month_tau_d);
  EXPECT_NEAR(correlation(week, later_week), rw, 5.0 * (1.0 - rw * rw) / std::sqrt(kPersons));
  EXPECT_NEAR(correlation(month, later_month), rm, 5.0 * (1.0 - rm * rm) / std::sqrt(kPersons));
  EXPECT_NEAR(correlation(later_week, later_month), 0.0, 5.0 / std::sqrt(kPersons));
}

// --- encounters -------------------------------------------------------------------------------

using Encounter = DayExposure<double>::Encounter;

std::vector<Encounter> hassle_encounters(const DayExposure<double>& day) {
  std::vector<Encounter> all;
  for (int e = 0; e < kHassleSlots; ++e) {
    if (day.encounter[e].onset_step < kNever) all.push_back(day.encounter[e]);
  }
  return all;
}

std::vector<Encounter> many_encounters(const Circumstances& c, std::uint64_t seed, int days) {
  Draws d(seed);
  std::vector<Encounter> all;
  for (int i = 0; i < days; ++i) {
    ExposureState<double> s{};
    for (const Encounter& e : hassle_encounters(live(s, c, draw(d)))) all.push_back(e);
  }
  return all;
}

TEST(ExposureEncounters, AreAThinnedPartOfTheHassles) {
  // A share of a Poisson count is Poisson; beyond four a day they are cut off.
  const Circumstances c = steady(7.0);
  const double rate = 7.0 * c.p.encounter_share;
  Draws d(111);
  std::vector<double> observed(5), share(5);
  for (int i = 0; i < 50000; ++i) {
    ExposureState<double> s{};
    const DayExposure<double> day = live(s, c, draw(d));
    const std::size_t n = hassle_encounters(day).size();
    EXPECT_LE(static_cast<double>(n), day.hassles);
    observed[n] += 1.0;
  }
  double p = std::exp(-rate), rest = 1.0;
  for (std::size_t k = 0; k < 4; ++k) {
    share[k] = p;
    rest -= p;
    p *= rate / (static_cast<double>(k) + 1.0);
  }
  share[4] = rest;
  EXPECT_LT(chi_square_sigma(observed, share), 5.0);
}

TEST(ExposureEncounters, AllOrNoneOfTheHasslesAtTheEndsOfTheShare) {
  Draws d(112);
  for (int i = 0; i < 2000; ++i) {
    Circumstances c = steady(2.0);
    c.p.encounter_share = i % 2;
    ExposureState<double> s{};
    const DayExposure<double> day = live(s, c, draw(d));
    EXPECT_EQ(static_cast<double>(hassle_encounters(day).size()),
              i % 2 * std::min(day.hassles, 4.0));
  }
}

TEST(ExposureEncounters, ClassesComeInTheirShares) {
  Circumstances c = steady(20.0);
  const double shares[] = {c.p.share_social_evaluative, c.p.share_demand,
                           c.p.share_interpersonal_loss, c.p.share_threat};
  const double sum = shares[0] + shares[1] + shares[2] + shares[3];
  c.p.share_social_evaluative *= 0.2;  // only the ratios count
  c.p.share_demand *= 0.2;
  c.p.share_interpersonal_loss *= 0.2;
  c.p.share_threat *= 0.2;
  std::vector<double> observed(4), share(4);
  for (const Encounter& e : many_encounters(c, 113, 20000)) {
    observed[static_cast<std::size_t>(e.stressor)] += 1.0;
  }
  for (std::size_t k = 0; k < 4; ++k) share[k] = shares[k] / sum;
  EXPECT_LT(chi_square_sigma(observed, share), 5.0);
}

TEST(ExposureEncounters, OnsetsAreUniformOverTheWakingSteps) {
  for (const double dt : {5.0, 2.5}) {
    Circumstances c = steady(20.0);
    c.dt_min = dt;
    const double first = kFirstOnsetMin / dt, last = kLastOnsetMin / dt;
    std::vector<double> observed(static_cast<std::size_t>(last - first + 1.0));
    for (const Encounter& e : many_encounters(c, 114, 20000)) {
      ASSERT_GE(e.onset_step, first);
      ASSERT_LE(e.onset_step, last);
      ASSERT_EQ(e.onset_step, std::floor(e.onset_step));
      observed[static_cast<std::size_t>(e.onset_step - first)] += 1.0;
    }
    const std::vector<double> share(observed.size(), 1.0 / static_cast<double>(observed.size()));
    EXPECT_LT(chi_square_sigma(observed, share), 5.0);
  }
}

TEST(ExposureEncounters, SeverityIsLogNormalAndScaledByRegimes) {
  Circumstances c = steady(20.0);
  for (const double factor : {1.0, 1.8}) {
    c.today.severity = factor;
    Sample severity, log_severity;
    for (const Encounter& e : many_encounters(c, 115, 10000)) {
      severity.add(e.severity);
      log_severity.add(std::log(e.severity));
    }
    EXPECT_NEAR(severity.mean(), factor * c.p.severity, 5.0 * severity.mean_error());
    EXPECT_NEAR(log_severity.variance(), std::pow(c.p.severity_sd, 2),
                5.0 * log_severity.variance_error());
    EXPECT_NEAR(log_severity.moment(3), 0.0,
                5.0 * std::sqrt(15.0 / severity.count()) * std::pow(c.p.severity_sd, 3));
  }
}

TEST(ExposureEncounters, ControllabilityHasTheLogitOfItsClass) {
  const Circumstances c = steady(20.0);
  const double mean[] = {c.p.control_social_evaluative, c.p.control_demand,
                         c.p.control_interpersonal_loss, c.p.control_threat};
  Sample logit[4], predictability;
  for (const Encounter& e : many_encounters(c, 116, 10000)) {
    logit[static_cast<int>(e.stressor)].add(std::log(e.controllability / (1 - e.controllability)));
    predictability.add(e.predictability);
  }
  for (int k = 0; k < 4; ++k) {
    EXPECT_NEAR(logit[k].mean(), mean[k], 5.0 * logit[k].mean_error());
    EXPECT_NEAR(logit[k].variance(), 1.0, 5.0 * logit[k].variance_error());
  }
  EXPECT_NEAR(predictability.mean(), 0.5, 5.0 * predictability.mean_error());
  EXPECT_NEAR(predictability.variance(), 1.0 / 12.0, 5.0 * predictability.variance_error());
}

TEST(ExposureEncounters, RegimesScaleControllabilityWithinItsRange) {
  Circumstances c = steady(20.0);
  c.today.controllability = 3.0;
  double highest = 0.0;
  for (const Encounter& e : many_encounters(c, 117, 1000)) {
    EXPECT_GE(e.controllability, 0.0);
    EXPECT_LE(e.controllability, 1.0);
    highest = std::max(highest, e.controllability);
  }
  EXPECT_EQ(highest, 1.0);
  c.today.controllability = 0.0;
  for (const Encounter& e : many_encounters(c, 117, 100)) EXPECT_EQ(e.controllability, 0.0);
}

TEST(ExposureEncounters, DurationsAreRoundedUpToSteps) {
  Circumstances c = steady(20.0);
  const std::vector<Encounter> all = many_encounters(c, 118, 10000);
  const double n = static_cast<double>(all.size());
  for (const double minutes : {15.0, 30.0, 60.0}) {
    double within = 0.0;
    for (const Encounter& e : all) within += e.steps <= minutes / kDt ? 1.0 : 0.0;
    const double z = std::log(minutes / c.p.duration_min) / c.p.duration_sd;
    const double share = 0.5 * std::erfc(-z / std::sqrt(2.0));
    EXPECT_NEAR(within / n, share, 5.0 * share_error(share, n)) << minutes << " min";
  }
  c.p.duration_min = 240.0;
  for (const Encounter& e : many_encounters(c, 118, 500)) EXPECT_LE(e.steps, 240.0 / kDt);
}

// --- events -----------------------------------------------------------------------------------

TEST(ExposureEvents, ComeAtTheirRatesAndInTheirKinds) {
  Circumstances c;
  c.today.event_rate = 20.0;
  c.p.severe_events_per_y = 3.0;
  c.p.traumatic_events_per_y = 2.0;
  c.p.traumatic_spread = 1.0;  // then x_events has the factor 1 for these too
  c.p.traumatic_own_sd = 0.0;
  const double rates[] = {c.p.minor_events_per_y, c.p.severe_events_per_y,
                          c.p.traumatic_events_per_y};
  const double total = 20.0 * (rates[0] + rates[1] + rates[2]) / kDaysPerYear;
  Draws d(121);
  std::vector<double> kinds(3);
  constexpr int kDays = 40000;
  double events = 0.0;
  for (int i = 0; i < kDays; ++i) {
    ExposureState<double> s{};
    const auto day = live(s, c, draw(d));
    EXPECT_EQ(day.event > 0.0, day.encounter[kEventSlot].onset_step < kNever);
    EXPECT_EQ(s.traumas, day.event == 3.0 ? 1.0 : 0.0);
    if (day.event == 0.0) continue;
    events += 1.0;
    kinds[static_cast<std::size_t>(day.event) - 1] += 1.0;
  }
  const double p = -std::expm1(-total);
  EXPECT_NEAR(events / kDays, p, 5.0 * share_error(p, kDays));
  const double sum = rates[0] + rates[1] + rates[2];
  EXPECT_LT(chi_square_sigma(kinds, {rates[0] / sum, rates[1] / sum, rates[2] / sum}), 5.0);
}

TEST(ExposureEvents, PersonalDifferencesLeaveTheMeanRate) {
  Circumstances c;
  c.today.event_rate = 5.0;
  c.p.traumatic_events_per_y = 0.0;
  Draws d(122);
  Sample happened;
  double expected = 0.0;
  constexpr int kPersons = 40000;
  for (int i = 0; i < kPersons; ++i) {
    c.x_events = kOmega * d.normal();
    const double personal = std::exp(c.x_events - kOmega * kOmega / 2.0);
    expected += -std::expm1(-5.0 * personal * (c.p.minor_events_per_y + c.p.severe_events_per_y) /
                            kDaysPerYear);
    ExposureState<double> s{};
    happened.add(live(s, c, draw(d)).event > 0.0 ? 1.0 : 0.0);
  }
  const double rate = 5.0 * (c.p.minor_events_per_y + c.p.severe_events_per_y) / kDaysPerYear;
  EXPECT_NEAR(expected / kPersons, -std::expm1(-rate), 0.004);  // nearly linear at this rate
  EXPECT_NEAR(happened.mean(), expected / kPersons, 5.0 * happened.mean_error());
}

// Counts of four months: a Poisson variable whose rate is r (1 + v/3)^3 over its mean, v normal
// with mean 0 and variance (k_v omega)^2 + s_v^2 = 9 q, has the mean r and the variance
// r + r^2 ((1 + 15 q + 45 q^2 + 15 q^3)/(1 + 3 q)^2 - 1).
TEST(ExposureEvents, TraumaticOnesDifferBetweenPeopleBySpreadAndOfTheirOwn) {
  Draws d(123);
  struct Case {
    double spread, own_sd;
  };
  for (const auto [spread, own_sd] : {Case{0.0, 0.0}, Case{1.3, 0.0}, Case{0.7, 0.6}}) {
    Circumstances c;
    c.p.minor_events_per_y = c.p.severe_events_per_y = 0.0;
    c.p.traumatic_events_per_y = 3.0;
    c.p.traumatic_spread = spread;
    c.p.traumatic_own_sd = own_sd;
    Sample counts;
    for (int person = 0; person < 3000; ++person) {
      c.x_events = kOmega * d.normal();
      const double own = d.normal();
      ExposureState<double> s{};
      for (int day = 0; day < 122; ++day) {
        ExposureDraws today = draw(d);
        today.n_traumatic = own;
        live(s, c, today);
      }
      counts.add(s.traumas);
    }
    const double rate = 3.0 * 122.0 / kDaysPerYear, sd = spread * kOmega;
    const double q = (sd * sd + own_sd * own_sd) / 9.0, mean_root = 1.0 + 3.0 * q;
    const double sixth = 1.0 + q * (15.0 + q * (45.0 + q * 15.0));
    EXPECT_NEAR(counts.mean(), rate, 5.0 * counts.mean_error()) << spread;
    const double variance = rate + rate * rate * (sixth / (mean_root * mean_root) - 1.0);
    EXPECT_NEAR(counts.variance(), variance, 5.0 * counts.variance_error()) << spread;
  }
}

TEST(ExposureEvents, TraumaticOnesOfAnAveragePersonComeAtTheirRate) {
  Circumstances c;
  c.x_events = 50.0 * -1.0;  // practically no life events of one's own
  c.p.traumatic_events_per_y = 50.0;
  c.p.traumatic_spread = c.p.traumatic_own_sd = 0.0;
  Draws d(123);
  Sample happened;
  for (int i = 0; i < 20000; ++i) {
    ExposureState<double> s{};
    const double kind = live(s, c, draw(d)).event;
    EXPECT_TRUE(kind == 0.0 || kind == 3.0);
    happened.add(kind > 0.0 ? 1.0 : 0.0);
  }
  EXPECT_NEAR(happened.mean(), -std::expm1(-50.0 / kDaysPerYear), 5.0 * happened.mean_error());
}

TEST(ExposureEvents, EncountersHaveThePropertiesOfTheirKind) {
  Circumstances c;
  c.today.event_rate = 100.0;
  c.p.severe_events_per_y = 9.0;
  c.p.traumatic_events_per_y = 9.0;
  Sample severity[4], onset;
  std::vector<double> classes(4);
  Draws d(124);
  for (int i = 0; i < 20000; ++i) {
    ExposureState<double> s{};
    const auto day = live(s, c, draw(d));
    if (day.event == 0.0) continue;
    const Encounter& e = day.encounter[kEventSlot];
    const int kind = static_cast<int>(day.event);
    severity[kind].add(e.severity);
    onset.add(e.onset_step);
    EXPECT_EQ(e.predictability, 0.0);
    EXPECT_EQ(e.steps, std::ceil(c.p.event_duration_min / kDt));
    const double control[] = {0.0, c.p.minor_controllability, c.p.severe_controllability,
                              c.p.traumatic_controllability};
    EXPECT_EQ(e.controllability, control[kind]);
    if (kind == 3) {
      EXPECT_EQ(e.stressor, static_cast<double>(StressorClass::threat));
    } else {
      classes[static_cast<std::size_t>(e.stressor)] += 1.0;
    }
  }
  const double mean[] = {0.0, c.p.minor_severity, c.p.severe_severity, c.p.traumatic_severity};
  for (int kind = 1; kind < 4; ++kind) {
    EXPECT_NEAR(severity[kind].mean(), mean[kind], 5.0 * severity[kind].mean_error());
  }
  EXPECT_NEAR(onset.mean(), 0.5 * (kFirstOnsetMin + kLastOnsetMin) / kDt, 5.0 * onset.mean_error());
  EXPECT_LT(chi_square_sigma(classes, {c.p.share_social_evaluative, c.p.share_demand,
                                       c.p.share_interpersonal_loss, c.p.share_threat}),
            5.0);
}

TEST(ExposureEvents, OpenAStreamOfSecondaryHasslesTheNextDay) {
  Draws d(125);
  ExposureDraws eventful = draw(d), quiet = eventful;
  eventful.u_event = 1e-9;
  quiet.u_event = 1.0 - 1e-9;
  const Circumstances c;
  ExposureState<double> with{}, without{};
  const auto day = live(with, c, eventful);
  EXPECT_EQ(day.event, 1.0);
  EXPECT_EQ(day.hassles, live(without, c, quiet).hassles);
  const double opened =
      c.p.surge_minor * std::pow(day.encounter[kEventSlot].severity / c.p.minor_severity,
                                 c.p.surge_severity_exponent);
  EXPECT_NEAR(with.surge, opened, 1e-15);
  EXPECT_EQ(without.surge, 0.0);
  for (int i = 0; i < 40; ++i) live(with, c, quiet);
  EXPECT_NEAR(with.surge, opened * std::exp(-40.0 / c.p.surge_tau_d), 1e-12);
}

// Of two events the more severe one brings hardly more hassles at first, but for longer: by
// tau_s ln(ratio of what they open) where problems are few.
TEST(ExposureEvents, ThatAreSevereBringHasslesForLonger) {
  const ExposureParameters p = kDefaults;
  const auto share_after = [&](double opened, double days) {
    const double open = opened * std::exp(-days / p.surge_tau_d);
    return open / (1.0 + open);
  };
  ExposureState<double> middle{}, high{};
  for (auto [state, severity] : {std::pair{&middle, 1.0}, std::pair{&high, 2.0}}) {
    ReplayDay<double> rows{};
    for (auto& e : rows.encounter) e.onset_step = kNever;
    rows.event = static_cast<double>(EventKind::severe);
    rows.encounter[kEventSlot] = {240.0, 3.0, severity * p.severe_severity, 0.0, 0.0, 12.0};
    DayExposure<double> day{};
    replay_reference(day, *state, p, rows);
  }
  EXPECT_NEAR(middle.surge, p.surge_severe, 1e-12);
  EXPECT_NEAR(high.surge, p.surge_severe * std::pow(2.0, p.surge_severity_exponent), 1e-12);
  EXPECT_LT(share_after(high.surge, 0.0), 1.1 * share_after(middle.surge, 0.0));
  const double longer = p.surge_tau_d * p.surge_severity_exponent * std::log(2.0);
  EXPECT_NEAR(share_after(high.surge, 500.0 + longer), share_after(middle.surge, 500.0), 1e-12);
  EXPECT_GT(longer, 60.0);
}

TEST(ExposureEvents, SeverityCountsUpToFourTimesItsMean) {
  const ExposureParameters p = kDefaults;
  for (const auto& [kind, mean] :
       {std::pair{1.0, p.minor_severity}, std::pair{2.0, p.severe_severity},
        std::pair{3.0, p.traumatic_severity}}) {
    EXPECT_EQ(severity_ratio_reference(p, kind, 0.0), 0.0);
    EXPECT_DOUBLE_EQ(severity_ratio_reference(p, kind, 1.7 * mean), 1.7);
    EXPECT_EQ(severity_ratio_reference(p, kind, 9.0 * mean), kLargestSeverityRatio);
  }
}

TEST(ExposureEvents, AWaveGoesBeforeOnesOwnEvent) {
  Draws d(126);
  ExposureDraws x = draw(d);
  x.u_event = 1e-9;
  Circumstances c;
  ExposureState<double> own{}, hit{};
  const auto without = live(own, c, x);
  EXPECT_EQ(without.event, 1.0);
  c.wave = {true, 1.5, 0.3, StressorClass::interpersonal_loss};
  const auto day = live(hit, c, x);
  EXPECT_EQ(day.event, 3.0);
  const Encounter& e = day.encounter[kEventSlot];
  const double sd = c.p.event_severity_sd;
  EXPECT_NEAR(e.severity,
              1.5 * c.p.traumatic_severity * std::exp(sd * x.n_event_severity - sd * sd / 2.0),
              1e-12);
  EXPECT_EQ(e.controllability, 0.3);
  EXPECT_EQ(e.stressor, static_cast<double>(StressorClass::interpersonal_loss));
  EXPECT_EQ(e.predictability, 0.0);
  EXPECT_EQ(hit.traumas, 1.0);
  EXPECT_NEAR(hit.surge,
              c.p.surge_traumatic *
                  std::pow(e.severity / c.p.traumatic_severity, c.p.surge_severity_exponent),
              1e-12);
  EXPECT_EQ(day.hassles, without.hassles);  // everyday life goes on
}

// --- events that bring events -----------------------------------------------------------------

/// Life events of three months (91 days), after a year of running in, of people with the personal
/// factors of the model.
Sample events_of_a_quarter(double excitation, std::uint64_t seed) {
  Circumstances c;
  c.p.event_excitation = excitation;
  Draws d(seed);
  Sample sample;
  for (int person = 0; person < 1500; ++person) {
    c.x_events = kOmega * d.normal();
    ExposureState<double> s{};
    double count = 0.0;
    for (int day = 0; day < 365 + 91; ++day) {
      const double event = live(s, c, draw(d)).event;
      if (day >= 365 && event > 0.0) count += 1.0;
    }
    sample.add(count);
  }
  return sample;
}

TEST(ExposureEvents, ThatBringEventsMakeCountsMoreUneven) {
  const Sample none = events_of_a_quarter(0.0, 401);
  const Sample some = events_of_a_quarter(3.0, 401);
  const Sample much = events_of_a_quarter(10.0, 401);
  const auto dispersion = [](const Sample& x) { return x.variance() / x.mean(); };
  // S10 asks for 1.8 to 3.5 of everybody; the sampling error of the ratio is about 0.1.
  EXPECT_GT(dispersion(none), 1.5);
  EXPECT_LT(dispersion(none), 3.5);
  EXPECT_GT(dispersion(some), dispersion(none) + 0.2);
  EXPECT_GT(dispersion(much), dispersion(some) + 0.5);
  EXPECT_GT(some.mean(), none.mean());
}

TEST(ExposureEvents, ExcitationRaisesTheChanceWithOpenProblems) {
  Circumstances c;
  c.p.event_excitation = 2.0;
  c.p.traumatic_events_per_y = 0.0;
  Draws d(402);
  ExposureDraws x = draw(d);
  const double daily = (c.p.minor_events_per_y + c.p.severe_events_per_y) / kDaysPerYear;
  for (const double surge : {0.0, 0.5, 1.0, 4.0}) {
    const double chance = 1.0 - std::exp(-daily * (1.0 + 2.0 * surge / (1.0 + surge)));
    for (const double beside : {-1e-9, 1e-9}) {
      ExposureState<double> s{};
      s.surge = surge;
      x.u_event = chance + beside;
      EXPECT_EQ(live(s, c, x).event > 0.0, beside < 0.0) << surge;
    }
  }
}

TEST(ExposureReplay, PutsRowsOverWhatWasDrawn) {
  DayExposure<double> day{};
  for (auto& e : day.encounter) e.onset_step = kNever;
  day.hassles = 9.0;
  day.encounter[0].onset_step = 100.0;
  day.encounter[3].onset_step = 200.0;
  ReplayDay<double> rows{};
  for (auto& e : rows.encounter) e.onset_step = kNever;
  rows.hassles = 1.0;
  rows.event = static_cast<double>(EventKind::traumatic);
  rows.encounter[3] = {150.0, 2.0, 0.7, 0.1, 0.5, 4.0};
  rows.encounter[kEventSlot] = {240.0, 3.0, 4.0, 0.0, 0.0, 12.0};
  ExposureState<double> s{};
  s.surge = 0.1;
  replay_reference(day, s, kDefaults, rows);
  EXPECT_EQ(day.hassles, 10.0);
  EXPECT_EQ(day.event, 3.0);
  EXPECT_EQ(day.encounter[0].onset_step, 100.0);
  EXPECT_EQ(day.encounter[1].onset_step, kNever);
  EXPECT_EQ(day.encounter[3].onset_step, 150.0);
  EXPECT_EQ(day.encounter[3].severity, 0.7);
  EXPECT_EQ(day.encounter[kEventSlot].severity, 4.0);
  EXPECT_NEAR(s.surge,
              0.1 + kDefaults.surge_traumatic * std::pow(4.0 / kDefaults.traumatic_severity,
                                                         kDefaults.surge_severity_exponent),
              1e-12);
  EXPECT_EQ(s.traumas, 1.0);
}

TEST(ExposureOfGroups, IsOneDrawPerGroupAndReplicate) {
  ExposureParameters p = kDefaults;
  p.group_sd = 0.5;
  const DrawKeys keys{7, 2};
  // (X2') by hand.
  EXPECT_EQ(group_log_rate(p, keys, 12),
            0.5 * normal_pair({7, 2, Purpose::groups}, 12, 0, 0).first);
  EXPECT_NE(group_log_rate(p, keys, 12), group_log_rate(p, keys, 13));
  EXPECT_NE(group_log_rate(p, keys, 12), group_log_rate(p, {7, 3}, 12));
  EXPECT_EQ(group_log_rate(p, keys, -1), 0.0);
  p.group_sd = 0.0;
  EXPECT_EQ(group_log_rate(p, keys, 12), 0.0);
}

TEST(ExposureOfGroups, HasTheVarianceAskedForBetweenGroups) {
  ExposureParameters p = kDefaults;
  p.group_sd = 0.3;
  Sample shared;
  for (std::int32_t group = 0; group < 20000; ++group) {
    shared.add(group_log_rate(p, {11, 0}, group));
  }
  EXPECT_NEAR(shared.mean(), 0.0, 5.0 * shared.mean_error());
  EXPECT_NEAR(shared.variance(), 0.09, 5.0 * shared.variance_error());
}

}  // namespace
}  // namespace eustress
