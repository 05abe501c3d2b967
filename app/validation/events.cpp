// Rows T1 to T12 (and S11): events and what follows, disorder, mechanisms, interventions.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>

#include "app/validation/panels.hpp"
#include "app/validation/targets.hpp"
#include "core/mechanisms/interventions.hpp"
#include "core/mechanisms/malleability.hpp"
#include "core/numerics/random.hpp"
#include "core/statistics/event_study.hpp"

namespace eustress::app::validation {

namespace {

using io::report::Colour;
using io::report::Dash;
using io::report::Plot;
using Who = std::span<const std::uint32_t>;

// --- lifetimes ----------------------------------------------------------------------------------

constexpr int kMonthDays = 28;
constexpr std::size_t kMonthsPerYear = 13;

// Kept: two counters and the adversity of childhood; then per month the GHQ-12; then per month a
// code of what happened in it.
constexpr std::size_t kTraumas = 0, kAdversity = 1, kLifeHead = 2;
enum Happened : unsigned {
  severe_low = 1,  // a severe event of the lower, middle, upper third of severity
  severe_middle = 2,
  severe_high = 4,
  trauma = 8,
  depressed = 16,  // on any day
  ptsd = 32,
};

std::size_t months_of(const Study& study) {
  return static_cast<std::size_t>(study.days / kMonthDays);
}
std::size_t lifetime_numbers(const Study& study) {
  return kLifeHead + 2 * months_of(study);
}
void keep_lifetime(const Evening& evening, std::span<float> numbers) {
  const std::size_t months = months_of(evening.study);
  const auto month = static_cast<std::size_t>(evening.day / kMonthDays);
  if (month >= months) return;
  unsigned code = static_cast<unsigned>(numbers[kLifeHead + months + month]);
  const auto event = static_cast<EventKind>(static_cast<int>(evening.today.event[evening.lane]));
  if (event == EventKind::traumatic) {
    code |= trauma;
    numbers[kTraumas] += 1.0F;
  }
  if (event == EventKind::severe) {
    // The draw of the event's severity (core/engine/day.hpp); .4307: a third of the normal
    // distribution lies beyond.
    const DrawKeys keys{evening.study.seed, evening.study.replicate};
    const double n = normal_pair(keys(Purpose::life_events), evening.person,
                                 static_cast<std::uint32_t>(evening.day), 2)
                         .first;
    code |= n < -0.4307 ? severe_low : n > 0.4307 ? severe_high : severe_middle;
  }
  const auto& health = evening.state.mental_health;
  if (health.depressed_days[evening.lane] >= kDepressionDays) code |= depressed;
  if (health.ptsd_days[evening.lane] >= kPtsdDays) code |= ptsd;
  numbers[kLifeHead + months + month] = static_cast<float>(code);
  if (evening.is_questionnaire_day()) {
    numbers[kLifeHead + month] = evening.value(evening.assessment.ghq12);
    numbers[kAdversity] =
        evening.value(evening.state.traits.factor[index_of(Factor::early_adversity)]);
  }
}

/// One person's life.
class Life {
 public:
  Life(const Run& run, std::size_t person)
      : numbers_(run.people.of(person)), months_(months_of(run.study)) {}
  [[nodiscard]] std::size_t months() const { return months_; }
  [[nodiscard]] double traumas() const { return numbers_[kTraumas]; }
  [[nodiscard]] double adversity() const { return numbers_[kAdversity]; }
  [[nodiscard]] double problems(std::size_t month) const { return numbers_[kLifeHead + month]; }
  [[nodiscard]] bool has(std::size_t month, unsigned what) const {
    return (static_cast<unsigned>(numbers_[kLifeHead + months_ + month]) & what) != 0;
  }
  [[nodiscard]] bool has_between(std::size_t first, std::size_t end, unsigned what) const {
    for (std::size_t m = first; m < std::min(end, months_); ++m) {
      if (has(m, what)) return true;
    }
    return false;
  }

 private:
  std::span<const float> numbers_;
  std::size_t months_;
};

// --- event study (T1) ---------------------------------------------------------------------------

constexpr std::array<double, 5> kBinEnds = {91.0, 182.0, 274.0, 365.0, 730.0};  // d
constexpr std::size_t kBinCount = kBinEnds.size();
constexpr std::array<unsigned, 3> kSeverities = {severe_high, severe_middle, severe_low};

/// Well-being at the end of every month after the first year, and the severe events of all.
EventStudy event_study_of(const Life& life) {
  std::vector<double> times, well_being;
  std::vector<EventStudy::Event> events;
  for (std::size_t m = 0; m < life.months(); ++m) {
    if (m >= kMonthsPerYear) {
      times.push_back(kMonthDays * static_cast<double>(m + 1));
      well_being.push_back(-life.problems(m));
    }
    for (std::size_t s = 0; s < kSeverities.size(); ++s) {
      // In the middle of the month on average.
      if (life.has(m, kSeverities[s])) {
        events.push_back({kMonthDays * (static_cast<double>(m) + 0.5), s});
      }
    }
  }
  EventStudy study({kBinEnds.begin(), kBinEnds.end()}, kSeverities.size());
  study.add_person(times, well_being, events);
  return study;
}

Measurement event_study(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  std::vector<EventStudy> people;
  for (std::size_t i = 0; i < run.people.size(); ++i) {
    people.push_back(event_study_of(Life(run, i)));
  }
  Measurement m;
  std::vector<double> effects;
  m.values = jackknife(run.people.size(), [&](Who who) {
    EventStudy all({kBinEnds.begin(), kBinEnds.end()}, kSeverities.size());
    for (const std::uint32_t i : who) all.merge(people[i]);
    const std::vector<double> b = all.effects();
    if (who.size() == run.people.size()) effects = b;
    std::vector<double> values;
    for (std::size_t s = 0; s < kSeverities.size(); ++s) {
      for (const std::size_t bin : {0U, 1U, 3U, 4U}) values.push_back(b[s * kBinCount + bin]);
    }
    return values;
  });
  Plot plot({"Well-being after severe events",
             {"months since the event", 0.0, 24.0, {}},
             {"within-person sd", {}, {}, {}}});
  const std::vector<double> middle = {1.5, 4.5, 7.5, 10.5, 18.0};
  const std::vector<std::vector<double>> published = {
      {-.45, -.31, -.26, -.06}, {-.43, -.41, -.15, .05}, {-.38, -.18, -.06, -.02}};
  for (std::size_t s = 0; s < kSeverities.size(); ++s) {
    const auto from = effects.begin() + static_cast<std::ptrdiff_t>(s * kBinCount);
    const io::report::Style style = io::report::series_style(s);
    const std::string name = std::array{"upper third (points: illness)", "middle (bereavement)",
                                        "lower (separation)"}[s];
    plot.line(name, middle, {from, from + static_cast<std::ptrdiff_t>(kBinCount)}, style);
    plot.points("", {1.5, 4.5, 10.5, 18.0}, published[s], {style.colour, Dash::solid, 3.5});
  }
  plot.rule_at_y(0.0);
  m.plots.push_back(std::move(plot));
  return m;
}

// --- trajectories (T2) --------------------------------------------------------------------------

constexpr std::size_t kDisasterMonth = 13;

std::size_t disaster_numbers(const Study& study) {
  return months_of(study);
}
void keep_disaster(const Evening& evening, std::span<float> numbers) {
  if (!evening.is_questionnaire_day()) return;
  numbers[static_cast<std::size_t>(evening.day / kMonthDays)] =
      evening.value(evening.assessment.ghq28);
}
double mean_of(std::span<const float> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

/// Resilient, recovered, chronic, delayed: raised or not in the first three months, and from the
/// second year on. Raised: the mean of the window is one standard deviation of the population
/// before the event above the person's own half-year before.
Measurement trajectories(const Runs& runs) {
  const Run& run = runs.at("disaster");
  const auto kind = [&](std::size_t i, double sd) {
    const auto x = run.people.of(i);
    const double before = mean_of(x.subspan(kDisasterMonth - 6, 6));
    const bool early = mean_of(x.subspan(kDisasterMonth, 3)) - before >= sd;
    const bool late = mean_of(x.subspan(kDisasterMonth + 12, 6)) - before >= sd;
    return early ? (late ? 2U : 1U) : (late ? 3U : 0U);
  };
  Measurement m;
  double spread = 0.0;
  m.values = jackknife(run.people.size(), [&](Who who) {
    const double sd = standard_deviation(column_of(run, who, kDisasterMonth - 1));
    if (who.size() == run.people.size()) spread = sd;
    std::vector<double> shares(4, 0.0);
    for (const std::uint32_t i : who) {
      shares[kind(i, sd)] += 100.0 / static_cast<double>(who.size());
    }
    return shares;
  });
  Plot plot({"Courses after the event",
             {"months since the event", {}, {}, {}},
             {"GHQ-28 above the half-year before", {}, {}, {}}});
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<double> t, course(run.people.width() - kDisasterMonth + 6, 0.0);
    double n = 0.0;
    for (std::size_t i = 0; i < run.people.size(); ++i) {
      if (kind(i, spread) != k) continue;
      const auto x = run.people.of(i);
      const double before = mean_of(x.subspan(kDisasterMonth - 6, 6));
      for (std::size_t j = 0; j < course.size(); ++j)
        course[j] += x[kDisasterMonth - 6 + j] - before;
      n += 1.0;
    }
    for (std::size_t j = 0; j < course.size(); ++j) {
      t.push_back(static_cast<double>(j) - 5.0);
      course[j] /= std::max(n, 1.0);
    }
    plot.line(std::array{"resilient", "recovered", "chronic", "delayed"}[k], t, course,
              io::report::series_style(k));
  }
  plot.event(0.0, "A", "potentially traumatic event");
  m.plots.push_back(std::move(plot));
  return m;
}

// --- disorder (T3-T6) ---------------------------------------------------------------------------

Measurement ptsd_per_trauma(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    double traumas = 0.0, cases = 0.0;
    for (const std::uint32_t i : who) {
      const Life life(run, i);
      for (std::size_t month = 1; month + kMonthsPerYear < life.months(); ++month) {
        if (!life.has(month, trauma) || life.has_between(month - 1, month + 1, ptsd)) continue;
        traumas += 1.0;
        cases += life.has_between(month + 1, month + 1 + kMonthsPerYear, ptsd) ? 1.0 : 0.0;
      }
    }
    return {100.0 * cases / traumas};
  });
  return m;
}

/// Episodes of the PTSD-like state: days from onset until a month without it, or until the end.
struct Episodes {
  std::vector<double> days;
  std::vector<std::uint8_t> recovered;
};
Episodes ptsd_episodes(const Run& run, Who who) {
  Episodes all;
  for (const std::uint32_t i : who) {
    const Life life(run, i);
    for (std::size_t month = 1; month < life.months(); ++month) {
      if (!life.has(month, ptsd) || life.has(month - 1, ptsd)) continue;
      std::size_t end = month + 1;
      while (end < life.months() && life.has(end, ptsd)) ++end;
      // The state began 30 days after the symptoms, in the middle of its month on average, and
      // ended in the middle of the month before `end`.
      all.days.push_back(kPtsdDays + kMonthDays * static_cast<double>(end - month - 1));
      all.recovered.push_back(end < life.months() ? 1 : 0);
      month = end;
    }
  }
  return all;
}
Measurement recovery(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  const auto recovered_by = [](const Episodes& e, double days) {
    return 100.0 * (1.0 - survival(e.days, e.recovered, days));
  };
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) {
    const Episodes e = ptsd_episodes(run, who);
    std::vector<double> values;
    for (const double days : {91.0, 182.0, 730.0, 3652.0}) values.push_back(recovered_by(e, days));
    return values;
  });
  std::vector<std::uint32_t> who(run.people.size());
  std::iota(who.begin(), who.end(), 0U);
  const Episodes all = ptsd_episodes(run, who);
  std::vector<double> years, curve;
  for (double year = 0.0; year <= 10.0; year += 1.0 / 13.0) {
    years.push_back(year);
    curve.push_back(recovered_by(all, 365.0 * year));
  }
  Plot plot({"Recovered from the PTSD-like state",
             {"years since onset", 0.0, 10.0, {}},
             {"%", 0.0, 100.0, {}}});
  plot.line("simulated", years, curve, {Colour::blue});
  plot.points("published", {0.25, 0.5, 2.0, 10.0}, {20, 27, 50, 77},
              {Colour::ink, Dash::solid, 3.5});
  m.plots.push_back(std::move(plot));
  return m;
}

/// Share of calendar years with depression, in percent, with a major stressor in the year and
/// without one; people with childhood adversity as rare as none (57 %) and three or more types
/// (13 %) are in McLaughlin (2010).
Measurement sensitisation(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  constexpr double kNoneBelow = 0.176, kManyAbove = 1.126;  // normal quantiles .57 and .87
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    double years[2][2] = {}, ill[2][2] = {};
    for (const std::uint32_t i : who) {
      const Life life(run, i);
      if (life.adversity() >= kNoneBelow && life.adversity() <= kManyAbove) continue;
      const std::size_t group = life.adversity() > kManyAbove ? 1 : 0;
      for (std::size_t first = kMonthsPerYear; first + kMonthsPerYear <= life.months();
           first += kMonthsPerYear) {
        const std::size_t end = first + kMonthsPerYear;
        const std::size_t stressor =
            life.has_between(first, end, severe_low | severe_middle | severe_high | trauma) ? 1 : 0;
        years[group][stressor] += 1.0;
        ill[group][stressor] += life.has_between(first, end, depressed) ? 1.0 : 0.0;
      }
    }
    const auto risk = [&](std::size_t g, std::size_t s) { return 100.0 * ill[g][s] / years[g][s]; };
    const double none = risk(0, 1) - risk(0, 0), many = risk(1, 1) - risk(1, 0);
    return {none, many, many - none};
  });
  return m;
}

Measurement cumulative_adversity(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  const auto last_problems = [](const Life& life) {
    double sum = 0.0;
    for (std::size_t m = life.months() - kMonthsPerYear; m < life.months(); ++m) {
      sum += life.problems(m);
    }
    return sum / kMonthsPerYear;
  };
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    std::vector<double> x, linear, y;
    double ill[3] = {}, n[3] = {};
    for (const std::uint32_t i : who) {
      const Life life(run, i);
      const double count = life.traumas();
      linear.push_back(count);
      x.insert(x.end(), {count, count * count});
      y.push_back(last_problems(life));
      const std::size_t group = count <= 1.0 ? 0 : count <= 4.0 ? 1 : 2;
      n[group] += 1.0;
      ill[group] +=
          life.has_between(life.months() - kMonthsPerYear, life.months(), depressed | ptsd) ? 1.0
                                                                                            : 0.0;
    }
    y = eustress::standardised(y);
    const Regression straight = least_squares(y, linear, 1), bent = least_squares(y, x, 2);
    const double a = bent.coefficients[1], b = bent.coefficients[2];
    return {b, -a / (2.0 * b), bent.r2 - straight.r2,
            100.0 * std::min(ill[1] / n[1] - ill[0] / n[0], ill[2] / n[2] - ill[1] / n[1])};
  });
  std::vector<double> counts, means;
  for (double count = 0.0; count <= 9.0; count += 1.0) {
    double sum = 0.0, n = 0.0;
    for (std::size_t i = 0; i < run.people.size(); ++i) {
      const Life life(run, i);
      if (life.traumas() != count) continue;
      sum += last_problems(life);
      n += 1.0;
    }
    if (n < 10.0) continue;
    counts.push_back(count);
    means.push_back(sum / n);
  }
  Plot plot({"Problems by lifetime adversity",
             {"potentially traumatic events", {}, {}, {}},
             {"GHQ-12 of the last year", {}, {}, {}}});
  plot.line("mean", counts, means, {Colour::blue});
  plot.points("", counts, means, {Colour::blue, Dash::solid, 3.0});
  m.plots.push_back(std::move(plot));
  return m;
}

// --- mechanisms (T7, T8, T12) -------------------------------------------------------------------

std::size_t fear_numbers(const Study&) {
  return 1;
}
/// Rise of noradrenaline in the last probe, as skin conductance is sympathetic.
void keep_fear(const Evening& evening, std::span<float> numbers) {
  const Probe& test = evening.study.probes.back();
  if (evening.day != test.day) return;
  float highest = 0.0F;
  for (std::size_t n = 0; n < test.samples_min.size(); ++n) {
    highest = std::max(highest, evening.value(evening.stressor_sample(n).noradrenaline));
  }
  numbers[0] = highest - evening.value(evening.stressor_sample(0).noradrenaline);
}
void inescapable(Study& study) {
  study.probes.front().controllability = 0.0;
}
void without_stress(Study& study) {
  study.probes.erase(study.probes.begin());
}
Measurement return_of_fear(const Runs& runs) {
  const Run &escapable = runs.at("fear"), &helpless = runs.at("fear-inescapable"),
            &none = runs.at("fear-without-stress");
  Measurement m;
  m.values = jackknife(none.people.size(), [&](Who who) -> std::vector<double> {
    const double rest = mean(column_of(none, who, 0));
    return {mean(column_of(escapable, who, 0)) / rest - 1.0,
            mean(column_of(helpless, who, 0)) / rest - 1.0};
  });
  return m;
}

std::size_t habit_numbers(const Study&) {
  return 1;
}
void keep_habit(const Evening& evening, std::span<float> numbers) {
  if (evening.day == evening.study.probes.front().day) {
    numbers[0] = evening.value(evening.today.avoided);
  }
}
Measurement habit_shift(const Runs& runs) {
  const Run& run = runs.at("habit");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    const auto avoided = [&](std::size_t arm) { return mean(column_of(run, who, 0, arm)); };
    const double noradrenaline = avoided(0), neither = avoided(1), glucocorticoids = avoided(2),
                 both = avoided(3);
    const double interaction = both - noradrenaline - glucocorticoids + neither;
    return {interaction, (noradrenaline - neither) / interaction,
            (glucocorticoids - neither) / interaction};
  });
  return m;
}

// Kept per arm: mean absolute error of predicted threat in the first and in the last quarter (sum,
// count), mastered and all encounters of the last year, mean latent distress of the last year.
std::size_t ablation_numbers(const Study&) {
  return 7;
}
void keep_ablation(const Evening& evening, std::span<float> numbers) {
  constexpr int kQuarter = 91;
  const bool first = evening.day < kQuarter;
  const bool last = evening.day >= evening.study.days - kQuarter;
  if (first || last) {
    numbers[first ? 0 : 2] += evening.value(evening.today.prediction_error);
    numbers[first ? 1 : 3] += evening.value(evening.today.predictions);
  }
  if (evening.day < evening.study.days - 364) return;
  numbers[4] += evening.value(evening.today.mastered);
  numbers[5] += evening.value(evening.today.encounters);
  numbers[6] += evening.value(evening.state.mental_health.latent) / 364.0F;
}
Measurement ablations(const Runs& runs) {
  const Run& run = runs.at("ablations");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    const auto total = [&](std::size_t arm, std::size_t at) {
      return mean(column_of(run, who, at, arm));
    };
    const auto error = [&](std::size_t arm) { return total(arm, 2) / total(arm, 3); };
    const auto mastered = [&](std::size_t arm) { return total(arm, 4) / total(arm, 5); };
    const auto worse = [&](std::size_t arm) { return total(arm, 6) - total(0, 6); };
    return {error(0) / (total(0, 0) / total(0, 1)),
            mastered(1) - mastered(0),
            error(2) - error(0),
            worse(3),
            mastered(4) - mastered(0),
            worse(5),
            worse(6),
            worse(7),
            worse(8),
            worse(9)};
  });
  return m;
}

// --- interventions (T10, T11) -------------------------------------------------------------------

constexpr int kTrainingBegin = 364, kTrainingEnd = 420;

// Kept per arm: the malleable factors and the GHQ-28 at the end of the training; depressed on any
// day of the four weeks before the training; on any day of the year after its beginning.
constexpr std::size_t kTrained = kMalleableFactors.size();
std::size_t training_numbers(const Study&) {
  return kTrained + 3;
}
void keep_training(const Evening& evening, std::span<float> numbers) {
  const bool is_depressed =
      evening.state.mental_health.depressed_days[evening.lane] >= kDepressionDays;
  if (is_depressed && evening.day >= kTrainingBegin - kMonthDays && evening.day < kTrainingBegin) {
    numbers[kTrained + 1] = 1.0F;
  }
  if (is_depressed && evening.day >= kTrainingBegin && evening.day < kTrainingBegin + 365) {
    numbers[kTrained + 2] = 1.0F;
  }
  if (evening.day != kTrainingEnd - 1) return;
  // What the training adds while it lasts (I5); it is the first intervention of its arm.
  const double level = intervention_level(evening.state.interventions.level[0][evening.lane]);
  for (std::size_t f = 0; f < kTrained; ++f) {
    const Factor factor = kMalleableFactors[f];
    const bool is_trained = std::ranges::find(kTrainedFactors, factor) != kTrainedFactors.end();
    numbers[f] = evening.value(evening.state.traits.factor[index_of(factor)]) +
                 evening.value(evening.state.malleability.delta[f]) +
                 static_cast<float>(
                     is_trained ? evening.parameters.interventions.coping_factors * level : 0.0);
  }
  numbers[kTrained] = evening.value(evening.assessment.ghq28);
}
Measurement training_effect(const Runs& runs) {
  const Run& run = runs.at("training");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    double factors = 0.0;
    for (std::size_t f = 0; f < kTrained; ++f) {
      factors += hedges_g(column_of(run, who, f, 1), column_of(run, who, f, 0)) /
                 static_cast<double>(kTrained);
    }
    return {factors, hedges_g(column_of(run, who, kTrained, 1), column_of(run, who, kTrained, 0))};
  });
  return m;
}
Measurement prevention(const Runs& runs) {
  const Run& run = runs.at("training");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    double cases[2] = {}, people = 0.0;
    for (const std::uint32_t i : who) {
      if (run.people.of(i, 0)[kTrained + 1] > 0.0F) continue;
      people += 1.0;
      for (std::size_t arm = 0; arm < 2; ++arm) cases[arm] += run.people.of(i, arm)[kTrained + 2];
    }
    return {cases[1] / cases[0], 100.0 * cases[0] / people};
  });
  return m;
}

Quantity close(std::string_view name, double value) {
  return {name, value, value - .10, value + .10};
}

}  // namespace

Measurement lifetime_trauma(const Runs& runs) {
  const Run& run = runs.at("lifetime");
  Measurement m;
  m.values = jackknife(run.people.size(), [&](Who who) -> std::vector<double> {
    const std::vector<double> count = column_of(run, who, kTraumas);
    const auto any = std::count_if(count.begin(), count.end(), [](double n) { return n > 0.0; });
    return {100.0 * static_cast<double>(any) / static_cast<double>(who.size()), mean(count)};
  });
  std::vector<double> edges, heights(12, 0.0);
  for (double e = -0.5; e <= 11.5; e += 1.0) edges.push_back(e);
  for (std::size_t i = 0; i < run.people.size(); ++i) {
    const auto n = static_cast<std::size_t>(run.people.of(i)[kTraumas]);
    if (n < heights.size()) heights[n] += 1.0;
  }
  Plot plot({"Potentially traumatic events of a lifetime",
             {"events", {}, {}, io::report::TickSteps::whole},
             {"people", {}, {}, {}}});
  plot.bars("people", edges, heights, Colour::blue);
  m.plots.push_back(std::move(plot));
  return m;
}

std::span<const Protocol> event_protocols() {
  static const std::array protocols = {
      Protocol{"lifetime", "lifetime.toml", 4096, 10240, lifetime_numbers, keep_lifetime},
      Protocol{"disaster", "disaster.toml", 4096, 10240, disaster_numbers, keep_disaster},
      Protocol{"fear", "fear.toml", 2048, 10240, fear_numbers, keep_fear},
      Protocol{"fear-inescapable", "fear.toml", 2048, 10240, fear_numbers, keep_fear, inescapable},
      Protocol{"fear-without-stress", "fear.toml", 2048, 10240, fear_numbers, keep_fear,
               without_stress},
      Protocol{"habit", "habit.toml", 4096, 20480, habit_numbers, keep_habit},
      Protocol{"training", "training.toml", 4096, 20480, training_numbers, keep_training},
      Protocol{"ablations", "ablations.toml", 1024, 10240, ablation_numbers, keep_ablation},
  };
  return protocols;
}

const std::vector<Target>& event_targets() {
  static const std::vector<Target> targets = {
      {"T1",
       "well-being after severe events",
       'P',
       "HILDA",
       "Lifetimes of natural exposure, GHQ-12 every four weeks; regression with person fixed "
       "effects on time since every severe event, in units of within-person sd. Upper, middle and "
       "lower third of severity stand for illness, bereavement and separation.",
       {"lifetime"},
       {close("illness, 0-3 months", -.45), close("illness, 3-6 months", -.31),
        close("illness, 9-12 months", -.26), close("illness, 1-2 years", -.06),
        close("bereavement, 0-3 months", -.43), close("bereavement, 3-6 months", -.41),
        close("bereavement, 9-12 months", -.15), close("bereavement, 1-2 years", .05),
        close("separation, 0-3 months", -.38), close("separation, 3-6 months", -.18),
        close("separation, 9-12 months", -.06), close("separation, 1-2 years", -.02)},
       event_study},
      {"T2",
       "trajectories after one potentially traumatic event",
       'P',
       "Galatzer-Levy 2018, normalised",
       "The event happens to all. Raised: GHQ-28 of the window one standard deviation of the "
       "population above the person's half-year before; windows: months 1-3 and 13-18.",
       {"disaster"},
       {{"resilient, %", kUnstated, 50, 75},
        {"recovered, %", kUnstated, 12, 28},
        {"chronic, %", kUnstated, 6, 16},
        {"delayed, %", kUnstated, 4, 14}},
       trajectories},
      {"T3",
       "PTSD-like state per trauma",
       'P',
       "Liu 2017",
       "Natural traumas of people not in the state; the state within a year.",
       {"lifetime"},
       {{"share, %", kUnstated, 2.8, 5.5}},
       ptsd_per_trauma},
      {"T4",
       "recovery from the PTSD-like state",
       'P',
       "Rosellini 2018",
       "Kaplan-Meier over all episodes of the lifetimes, from the onset of symptoms to a month "
       "without the state.",
       {"lifetime"},
       {{"3 months, %", kUnstated, 15, 27},
        {"6 months, %", kUnstated, 22, 35},
        {"24 months, %", kUnstated, 42, 58},
        {"10 years, %", kUnstated, 68, 84}},
       recovery},
      {"T5",
       "stress sensitisation by childhood adversity",
       'P',
       "McLaughlin 2010",
       "Years with a severe or traumatic event against years without: share with a depression-like "
       "episode, in points; adversity below the .57 and above the .87 quantile.",
       {"lifetime"},
       {{"no adversity, points", kUnstated, 10, 19},
        {"three types or more, points", kUnstated, 21, 33},
        {"difference, points", kUnstated, 0, kOpen}},
       sensitisation},
      {"T6",
       "cumulative lifetime adversity",
       'P',
       "Seery 2010",
       "GHQ-12 of the last year on the number of potentially traumatic events and its square; "
       "disorder in the last year at 0-1, 2-4 and 5 or more events.",
       {"lifetime"},
       {{"quadratic coefficient", kUnstated, 0, kOpen},
        {"vertex, events", kUnstated, 1, 5},
        {"R2 beyond the line", kUnstated, 0, .02},
        {"smallest step of disorder, points", kUnstated, 0, kOpen}},
       cumulative_adversity},
      {"T7",
       "return of fear a week after stress",
       'P',
       "Hartley 2014",
       "An hour of stress, escapable or not, or none; fear conditioning a week and the test eight "
       "days later: rise of noradrenaline relative to no stress.",
       {"fear", "fear-inescapable", "fear-without-stress"},
       {{"after escapable stress", kUnstated, -kOpen, 0},
        {"after inescapable stress", kUnstated, 0, kOpen}},
       return_of_fear},
      {"T8",
       "shift to habits with noradrenaline and cortisol",
       'P',
       "Schwabe 2010",
       "Two by two: noradrenaline of a stressor blocked or not, hydrocortisone or not; share that "
       "avoids.",
       {"habit"},
       {{"interaction, share of people", kUnstated, 1e-9, kOpen},
        {"noradrenaline alone/interaction", 0, -.25, .25},
        {"cortisol alone/interaction", 0, -.25, .25}},
       habit_shift},
      {"T9",
       "steeling over three months",
       'P',
       "Crane & Searle 2016",
       "Self-efficacy on itself 13 weeks before and on stressors mastered and not mastered in "
       "between, all standardised.",
       {"cohort"},
       {{"challenge", .18, .08, .28}, {"hindrance", -.24, -.36, -.12}},
       steeling},
      {"T10",
       "resilience training",
       'P',
       "Schaefer 2024",
       "Eight weeks of training with adherence .8; standardised differences at its end: mean over "
       "the malleable factors, GHQ-28.",
       {"training"},
       {{"factors, sd", .31, .21, .41}, {"distress, sd", -.24, -.31, -.18}},
       training_effect},
      {"T11",
       "prevention of depression",
       'P',
       "Cuijpers 2021",
       "The training of T10; depression-like episode in the year from its beginning among people "
       "without one before.",
       {"training"},
       {{"relative risk", kUnstated, .70, .92}, {"risk without training, %", kUnstated, 0, 100}},
       prevention},
      {"T12",
       "prediction errors, and what each learning mechanism is for",
       'P',
       "theory",
       "Two years with a mechanism switched off in each arm, the same people and luck: differences "
       "to the full model in the last year.",
       {"ablations"},
       {{"prediction error, last/first quarter", kUnstated, 0, 1},
        {"no reinforcement: share mastered", kUnstated, -kOpen, 0},
        {"no threat memory: prediction error", kUnstated, 0, kOpen},
        {"no safety memory: distress P", kUnstated, 0, kOpen},
        {"no success memory: share mastered", kUnstated, -kOpen, 0},
        {"no control learning: distress P", kUnstated, 0, kOpen},
        {"no generalisation: distress P", kUnstated, 0, kOpen},
        {"no self-control: distress P", kUnstated, 0, kOpen},
        {"no steeling: distress P", kUnstated, 0, kOpen},
        {"no learning at all: distress P", kUnstated, 0, kOpen}},
       ablations},
  };
  return targets;
}

}  // namespace eustress::app::validation
