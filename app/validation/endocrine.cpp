// Rows E1 to E18: the endocrine response.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "app/validation/glands.hpp"
#include "app/validation/targets.hpp"

namespace eustress::app::validation {

namespace {

using io::report::Axis;
using io::report::Colour;
using io::report::Dash;
using io::report::Plot;

Estimate exact(double value) {
  return {value, 0.0};
}

// --- glands (E1-E3) -----------------------------------------------------------------------------

using GlandRecovery = Recovery<HpaState<double>>;

Measurement measurement_of(const std::vector<double>& values) {
  Measurement m;
  for (const double value : values) m.values.push_back(exact(value));
  return m;
}

Measurement steady_states_of(const Runs& runs) {
  const Study& study = runs.at("glands").study;
  const auto states = steady_states<ReferenceSteps>(study.parameters.hpa, study.dt_min);
  Measurement m = measurement_of(steady_state_quantities(states));
  const std::vector<double> drive(kSteadyDrives.begin(), kSteadyDrives.end());
  std::vector<double> cortisol, pituitary;
  for (const HpaState<double>& s : states) {
    cortisol.push_back(s.cortisol);
    pituitary.push_back(s.pituitary);
  }
  Plot plot({"Three years of constant drive",
             {"drive u", {}, {}, {}},
             {"relative to baseline", {}, {}, {}}});
  plot.line("cortisol", drive, cortisol, {Colour::blue});
  plot.points("cortisol, published", drive, {.98528, 1.43394, 1.82621, 2.44323, 3.25215},
              {Colour::blue});
  plot.line("pituitary mass", drive, pituitary, {Colour::vermillion, Dash::dashed});
  plot.points("pituitary mass, published", drive, {1.01494, 1.04607, 1.09516, 1.22788, 1.53744},
              {Colour::vermillion});
  m.plots.push_back(std::move(plot));
  return m;
}

Plot recovery_plot(const GlandRecovery& r, const std::string& title) {
  Plot plot({title,
             {"days after two months of stress", {}, {}, {}},
             {"relative to baseline", {}, {}, {}}});
  plot.line("cortisol", r.days, r.cortisol_course, io::report::series_style(0));
  plot.line("adrenal mass", r.days, r.adrenal_course, io::report::series_style(1));
  plot.line("ACTH", r.days, r.acth_course, io::report::series_style(2));
  plot.line("pituitary mass", r.days, r.pituitary_course, io::report::series_style(3));
  return plot;
}

Measurement gland_recovery(const Runs& runs) {
  const Study& study = runs.at("glands").study;
  const HpaParameters& p = study.parameters.hpa;
  const auto normal = recover<ReferenceSteps>(p, study.dt_min);
  const auto slow = recover<ReferenceSteps>(with_slow_glands(p), study.dt_min);
  Measurement m = measurement_of(recovery_quantities(normal, slow));
  m.plots.push_back(recovery_plot(normal, "Glands of 7 and 14 d"));
  m.plots.push_back(recovery_plot(slow, "Glands of 20 and 30 d"));
  return m;
}

Measurement crh_test(const Runs& runs) {
  const Study& study = runs.at("glands").study;
  const HpaParameters& p = study.parameters.hpa;
  return measurement_of(crh_test_quantities<ReferenceSteps>(
      recover<ReferenceSteps>(p, study.dt_min), p, study.dt_min));
}

Measurement receptor_occupancy(const Runs& runs) {
  const ReceptorParameters& p = runs.at("glands").study.parameters.receptors;
  const auto at = [&](double nmol_l) {
    return occupancy_reference(p, nmol_l / p.total_cortisol_nmol_l);
  };
  Measurement m;
  m.values = {exact(100.0 * at(43.0).mr), exact(100.0 * at(43.0).gr), exact(100.0 * at(811.0).mr),
              exact(100.0 * at(811.0).gr)};
  Plot plot({"Occupancy", {"corticosterone, nmol/l", {}, {}, {}}, {"%", 0.0, 100.0, {}}});
  std::vector<double> x, mr, gr;
  for (double c = 0.0; c <= 900.0; c += 10.0) {
    x.push_back(c);
    mr.push_back(100.0 * at(c).mr);
    gr.push_back(100.0 * at(c).gr);
  }
  plot.line("MR", x, mr, io::report::series_style(0))
      .line("GR", x, gr, io::report::series_style(1));
  m.plots.push_back(std::move(plot));
  return m;
}

// --- stress tests (E4-E12, E17, E18) ------------------------------------------------------------

constexpr std::size_t kAnalytes = 4;  // cortisol, ACTH, NE, E, one course after the other
enum Analyte : std::size_t { cortisol, acth, noradrenaline, adrenaline };

std::size_t samples_of_all_probes(const Study& study) {
  std::size_t n = 0;
  for (const Probe& probe : study.probes) n += probe.samples_min.size();
  return n;
}
/// Kept: per probe the courses of the analytes, then the factors.
std::size_t test_numbers(const Study& study) {
  return kAnalytes * samples_of_all_probes(study) + kFactors;
}
void keep_test(const Evening& evening, std::span<float> numbers) {
  std::size_t first = 0;
  for (const Probe& probe : evening.study.probes) {
    const std::size_t n = probe.samples_min.size();
    if (probe.day == evening.day) {
      for (std::size_t i = 0; i < n; ++i) {
        const SampleLanes& sample = evening.stressor_sample(i);
        numbers[first + cortisol * n + i] = evening.value(sample.cortisol);
        numbers[first + acth * n + i] = evening.value(sample.acth);
        numbers[first + noradrenaline * n + i] = evening.value(sample.noradrenaline);
        numbers[first + adrenaline * n + i] = evening.value(sample.adrenaline);
      }
    }
    first += kAnalytes * n;
  }
  if (evening.day + 1 == evening.study.days) {
    for (std::size_t f = 0; f < kFactors; ++f) {
      numbers[first + f] = evening.value(evening.state.traits.factor[f]);
    }
  }
}

/// What a run kept of one stress test.
class StressTest {
 public:
  StressTest(const Run& run, std::size_t arm, std::size_t probe = 0)
      : run_(run), arm_(arm), minutes_(run.study.probes[probe].samples_min) {
    for (std::size_t p = 0; p < probe; ++p) {
      first_ += kAnalytes * run.study.probes[p].samples_min.size();
    }
    onset_ =
        static_cast<std::size_t>(std::find(minutes_.begin(), minutes_.end(), 0) - minutes_.begin());
  }
  [[nodiscard]] std::size_t people() const { return run_.people.size(); }
  [[nodiscard]] const std::vector<int>& minutes() const { return minutes_; }
  [[nodiscard]] std::vector<double> minutes_as_numbers() const {
    return {minutes_.begin(), minutes_.end()};
  }
  [[nodiscard]] std::size_t onset() const { return onset_; }
  [[nodiscard]] std::size_t sample_at(int minute) const {
    return static_cast<std::size_t>(std::find(minutes_.begin(), minutes_.end(), minute) -
                                    minutes_.begin());
  }
  [[nodiscard]] double at(std::size_t person, Analyte analyte, std::size_t sample) const {
    return run_.people.of(person, arm_)[first_ + analyte * minutes_.size() + sample];
  }
  [[nodiscard]] double baseline(std::size_t person, Analyte analyte) const {
    return at(person, analyte, onset_);
  }
  /// Sample of the highest value after the onset: of the blood samples every 5 min to 90 min, of
  /// cortisol only at the times when saliva is taken. With more samples chance alone would find
  /// higher peaks.
  [[nodiscard]] std::size_t peak(std::size_t person, Analyte analyte) const {
    constexpr std::array kSalivaMin = {15, 25, 35, 45, 60, 75, 90};
    std::size_t best = analyte == cortisol ? sample_at(kSalivaMin.front()) : onset_ + 1;
    for (std::size_t i = best; i < minutes_.size() && minutes_[i] <= 90; ++i) {
      if (analyte == cortisol &&
          std::find(kSalivaMin.begin(), kSalivaMin.end(), minutes_[i]) == kSalivaMin.end()) {
        continue;
      }
      if (at(person, analyte, i) > at(person, analyte, best)) best = i;
    }
    return best;
  }
  [[nodiscard]] double rise(std::size_t person, Analyte analyte) const {
    return at(person, analyte, peak(person, analyte)) - baseline(person, analyte);
  }
  [[nodiscard]] double fold(std::size_t person, Analyte analyte) const {
    return at(person, analyte, peak(person, analyte)) / baseline(person, analyte);
  }
  [[nodiscard]] std::vector<double> mean_course(std::span<const std::uint32_t> who,
                                                Analyte analyte) const {
    std::vector<double> course(minutes_.size(), 0.0);
    for (const std::uint32_t i : who) {
      for (std::size_t t = 0; t < course.size(); ++t) course[t] += at(i, analyte, t);
    }
    for (double& x : course) x /= static_cast<double>(who.size());
    return course;
  }
  [[nodiscard]] double factor(std::size_t person, Factor f) const {
    const auto numbers = run_.people.of(person, arm_);
    return numbers[numbers.size() - kFactors + index_of(f)];
  }

 private:
  const Run& run_;
  std::size_t arm_, first_ = 0, onset_ = 0;
  std::vector<int> minutes_;
};

/// Landmarks of a mean course.
struct Course {
  double baseline, peak, peak_min, tenth_min;  ///< tenth: back to 10 % of the rise
};
Course landmarks(const StressTest& test, const std::vector<double>& course) {
  const std::vector<double> t = test.minutes_as_numbers();
  std::size_t top = test.onset() + 1;
  for (std::size_t i = top; i < course.size() && t[i] <= 90.0; ++i) {
    if (course[i] > course[top]) top = i;
  }
  Course c{course[test.onset()], course[top], t[top], kUnstated};
  if (top + 1 < course.size()) {  // vertex of the parabola through the three highest samples
    const double left = course[top - 1], right = course[top + 1];
    const double bend = left - 2.0 * course[top] + right;
    if (bend < 0.0) c.peak_min += 0.5 * (left - right) / bend * (t[top + 1] - t[top]);
  }
  const double level = c.baseline + 0.1 * (c.peak - c.baseline);
  for (std::size_t i = top + 1; i < course.size(); ++i) {
    if (course[i] > level) continue;
    c.tenth_min =
        t[i - 1] + (t[i] - t[i - 1]) * (course[i - 1] - level) / (course[i - 1] - course[i]);
    break;
  }
  return c;
}

std::vector<std::uint32_t> everybody(const StressTest& test) {
  std::vector<std::uint32_t> who(test.people());
  std::iota(who.begin(), who.end(), 0U);
  return who;
}

Plot course_plot(const std::string& title, const std::string& unit) {
  return Plot(
      {title, {"minutes after onset", {}, {}, io::report::TickSteps::minutes}, {unit, {}, {}, {}}});
}
Plot mean_plot(const StressTest& test, Analyte analyte, const std::string& title) {
  Plot plot = course_plot(title, "relative to baseline");
  const auto who = everybody(test);
  std::vector<double> low, high;
  for (std::size_t t = 0; t < test.minutes().size(); ++t) {
    std::vector<double> x;
    for (const std::uint32_t i : who) x.push_back(test.at(i, analyte, t));
    low.push_back(quantile(x, 0.1));
    high.push_back(quantile(x, 0.9));
  }
  plot.band("10 to 90 % of people", test.minutes_as_numbers(), low, high, Colour::blue, 0.18);
  plot.line("mean", test.minutes_as_numbers(), test.mean_course(who, analyte), {Colour::blue});
  plot.period(0.0, 15.0, "test", "stress test");
  return plot;
}

Measurement cortisol_peak(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    double within = 0.0;
    for (const std::uint32_t i : who) {
      const int minute = test.minutes()[test.peak(i, cortisol)];
      within += minute >= 20 && minute <= 55 ? 1.0 : 0.0;
    }
    return {landmarks(test, test.mean_course(who, cortisol)).peak_min,
            100.0 * within / static_cast<double>(who.size())};
  });
  m.plots.push_back(mean_plot(test, cortisol, "Cortisol"));
  return m;
}
Measurement cortisol_decline(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    const Course c = landmarks(test, test.mean_course(who, cortisol));
    return {c.tenth_min - c.peak_min};
  });
  m.plots.push_back(mean_plot(test, cortisol, "Cortisol"));
  return m;
}
Measurement cortisol_fold(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    std::vector<double> fold, log_fold, log_baseline;
    for (const std::uint32_t i : who) {
      fold.push_back(test.fold(i, cortisol));
      log_fold.push_back(std::log(fold.back()));
      log_baseline.push_back(std::log(test.baseline(i, cortisol)));
    }
    return {quantile(fold, 0.5), standard_deviation(log_fold), correlation(log_baseline, log_fold)};
  });
  Plot plot({"Baseline and response", {"ln baseline", {}, {}, {}}, {"ln fold", {}, {}, {}}});
  std::vector<double> x, y;
  for (std::size_t i = 0; i < std::min<std::size_t>(test.people(), 800); ++i) {
    x.push_back(std::log(test.baseline(i, cortisol)));
    y.push_back(std::log(test.fold(i, cortisol)));
  }
  plot.points("people", x, y, {Colour::blue, Dash::solid, 1.6}, 0.35);
  m.plots.push_back(std::move(plot));
  return m;
}
Measurement responders(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) {
    std::vector<double> shares;
    for (const double limit : {1.155, 1.5, 2.0}) {
      double count = 0.0;
      for (const std::uint32_t i : who) count += test.fold(i, cortisol) >= limit ? 1.0 : 0.0;
      shares.push_back(100.0 * count / static_cast<double>(who.size()));
    }
    return shares;
  });
  std::vector<double> edges, heights;
  for (double e = 0.5; e <= 6.0; e += 0.25) edges.push_back(e);
  heights.assign(edges.size() - 1, 0.0);
  for (std::size_t i = 0; i < test.people(); ++i) {
    const double bin = (test.fold(i, cortisol) - 0.5) / 0.25;
    if (bin >= 0.0 && bin < static_cast<double>(heights.size())) {
      heights[static_cast<std::size_t>(bin)] += 1.0;
    }
  }
  Plot plot({"Peak relative to baseline", {"fold", {}, {}, {}}, {"people", {}, {}, {}}});
  plot.bars("people", edges, heights, Colour::blue);
  for (const double limit : {1.155, 1.5, 2.0}) plot.rule_at_x(limit);
  m.plots.push_back(std::move(plot));
  return m;
}
Measurement acth_lead(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    const Course a = landmarks(test, test.mean_course(who, acth));
    const Course c = landmarks(test, test.mean_course(who, cortisol));
    std::vector<double> fold;
    for (const std::uint32_t i : who) fold.push_back(test.fold(i, acth));
    return {c.peak_min - a.peak_min, quantile(fold, 0.5)};
  });
  m.plots.push_back(mean_plot(test, acth, "ACTH"));
  return m;
}
Measurement catecholamines(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  const double end = runs.at("tsst").study.probes[0].duration_min;
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    const Course ne = landmarks(test, test.mean_course(who, noradrenaline));
    const Course e = landmarks(test, test.mean_course(who, adrenaline));
    std::vector<double> ne_rise, e_rise;
    for (const std::uint32_t i : who) {
      ne_rise.push_back(test.rise(i, noradrenaline));
      e_rise.push_back(test.rise(i, adrenaline));
    }
    return {100.0 * (ne.peak / ne.baseline - 1.0),
            100.0 * (e.peak / e.baseline - 1.0),
            ne.tenth_min - end,
            e.tenth_min - end,
            e.peak_min,
            correlation(e_rise, ne_rise)};
  });
  m.plots.push_back(mean_plot(test, noradrenaline, "Noradrenaline"));
  m.plots.push_back(mean_plot(test, adrenaline, "Adrenaline"));
  return m;
}

/// Standardised change from the onset to 30 min later, the reading of Dickerson & Kemeny: mean
/// change over the standard deviation before the test.
double pre_post_effect(const StressTest& test, std::span<const std::uint32_t> who) {
  const std::size_t later = test.sample_at(30);
  std::vector<double> before, change;
  for (const std::uint32_t i : who) {
    before.push_back(test.baseline(i, cortisol));
    change.push_back(test.at(i, cortisol, later) - before.back());
  }
  return mean(change) / standard_deviation(before);
}
Measurement two_by_two(const Runs& runs) {
  const StressTest both(runs.at("tsst"), 0), evaluated(runs.at("tsst-controllable"), 0),
      uncontrollable(runs.at("tsst-unobserved"), 0), neither(runs.at("tsst-neither"), 0);
  Measurement m;
  m.values = jackknife(both.people(), [&](auto who) -> std::vector<double> {
    const double b = pre_post_effect(both, who), e = pre_post_effect(evaluated, who),
                 u = pre_post_effect(uncontrollable, who), n = pre_post_effect(neither, who);
    return {b, e, u, n, b - std::max(e, u), std::min(e, u) - n, b / (0.5 * (e + u))};
  });
  Plot plot = course_plot("Cortisol by condition", "relative to baseline");
  const std::pair<const char*, const StressTest*> conditions[] = {
      {"uncontrollable and evaluated", &both},
      {"evaluated only", &evaluated},
      {"uncontrollable only", &uncontrollable},
      {"neither", &neither}};
  std::size_t n = 0;
  for (const auto& [name, test] : conditions) {
    plot.line(name, test->minutes_as_numbers(), test->mean_course(everybody(*test), cortisol),
              io::report::series_style(n++));
  }
  m.plots.push_back(std::move(plot));
  return m;
}

/// Two arms of the stress test side by side.
Plot arms_plot(const Run& run, std::size_t arm, const char* name) {
  Plot plot = course_plot("Cortisol", "relative to baseline");
  const StressTest without(run, 0), with(run, arm);
  plot.line("untreated", without.minutes_as_numbers(),
            without.mean_course(everybody(without), cortisol), io::report::series_style(0));
  plot.line(name, with.minutes_as_numbers(), with.mean_course(everybody(with), cortisol),
            io::report::series_style(1));
  return plot;
}
Measurement propranolol(const Runs& runs) {
  const Run& run = runs.at("tsst");
  const StressTest placebo(run, 0), drug(run, 1);
  const double dose = run.study.interventions.front().dose;
  Measurement m;
  m.values = jackknife(placebo.people(), [&](auto who) -> std::vector<double> {
    std::vector<double> output, hormone;
    for (const std::uint32_t i : who) {
      // (I13): under the drug noradrenaline beyond baseline acts by 1/(1 + dose).
      output.push_back(drug.rise(i, noradrenaline) / (1.0 + dose) - placebo.rise(i, noradrenaline));
      hormone.push_back(drug.rise(i, cortisol) - placebo.rise(i, cortisol));
    }
    return {mean(output), mean(hormone)};
  });
  m.plots.push_back(arms_plot(run, 1, "propranolol"));
  return m;
}
Measurement support(const Runs& runs) {
  const Run& run = runs.at("tsst");
  const StressTest alone(run, 0), friends(run, 2);
  Measurement m;
  m.values = jackknife(alone.people(), [&](auto who) -> std::vector<double> {
    std::vector<double> a, b;
    for (const std::uint32_t i : who) {
      a.push_back(alone.rise(i, cortisol));
      b.push_back(friends.rise(i, cortisol));
    }
    return {hedges_g(a, b)};
  });
  m.plots.push_back(arms_plot(run, 2, "with a friend"));
  return m;
}
Measurement early_adversity(const Runs& runs) {
  const StressTest test(runs.at("tsst"), 0);
  Measurement m;
  m.values = jackknife(test.people(), [&](auto who) -> std::vector<double> {
    std::vector<double> exposed, spared;
    for (const std::uint32_t i : who) {
      const double z = test.factor(i, Factor::early_adversity);
      if (z > 1.0) exposed.push_back(test.rise(i, cortisol));
      if (z < 0.0) spared.push_back(test.rise(i, cortisol));
    }
    return {hedges_g(exposed, spared)};
  });
  return m;
}
Measurement repetition(const Runs& runs) {
  const Run& run = runs.at("tsst-repeated");
  const StressTest first(run, 0, 0), third(run, 0, 2);
  Measurement m;
  m.values = jackknife(first.people(), [&](auto who) {
    std::vector<double> ratios;
    for (const Analyte analyte : {cortisol, noradrenaline, adrenaline}) {
      double early = 0.0, late = 0.0;
      for (const std::uint32_t i : who) {
        early += first.rise(i, analyte);
        late += third.rise(i, analyte);
      }
      ratios.push_back(late / early);
    }
    return ratios;
  });
  Plot plot = course_plot("Cortisol", "relative to baseline");
  for (std::size_t n = 0; n < 3; ++n) {
    const StressTest test(run, 0, n);
    plot.line(std::array{"first test", "second", "third"}[n], test.minutes_as_numbers(),
              test.mean_course(everybody(test), cortisol), io::report::series_style(n));
  }
  m.plots.push_back(std::move(plot));
  return m;
}

// --- an ordinary day (E13-E15) ------------------------------------------------------------------

/// Kept: cortisol at the samples, then the person's waking time [h].
std::size_t rest_numbers(const Study& study) {
  return study.probes[0].samples_min.size() + 1;
}
void keep_rest(const Evening& evening, std::span<float> numbers) {
  const Probe& probe = evening.study.probes[0];
  if (evening.day != probe.day) return;
  for (std::size_t i = 0; i < probe.samples_min.size(); ++i) {
    numbers[i] = evening.value(evening.crh_sample(i).cortisol);
  }
  // (C3): waking is at the nearest half-hour.
  const double wake =
      evening.parameters.drive.wake_h +
      evening.state.traits.x[static_cast<std::size_t>(Trait::circadian_phase)][evening.lane];
  numbers.back() = static_cast<float>(std::round(2.0 * wake) / 2.0);
}
constexpr std::size_t kSamplesPerHour = 6;

Measurement awakening(const Runs& runs) {
  const Run& run = runs.at("rest-day");
  // 2.5 nmol/l in saliva (Wuest 2000). Saliva holds about .6 of the free hormone of plasma, as the
  // glands turn the rest to cortisone.
  constexpr double kSalivaryShare = 0.6;
  const ReceptorParameters& receptors = run.study.parameters.receptors;
  const double threshold =
      2.5 / (kSalivaryShare * receptors.free_fraction * receptors.total_cortisol_nmol_l);
  const auto level = [&](std::size_t i, double after_min) {
    const auto numbers = run.people.of(i);
    const double hour = numbers.back() + after_min / 60.0;
    return static_cast<double>(
        numbers[static_cast<std::size_t>(std::lround(hour * kSamplesPerHour))]);
  };
  const auto awake = [&](std::size_t i) {
    return run.people.of(i).back() >= 0.5F && run.people.of(i).back() <= 22.0F;
  };
  Measurement m;
  m.values = jackknife(run.people.size(), [&](auto who) -> std::vector<double> {
    double at_waking = 0.0, later = 0.0, responders = 0.0, n = 0.0;
    for (const std::uint32_t i : who) {
      if (!awake(i)) continue;
      n += 1.0;
      at_waking += level(i, 0.0);
      later += level(i, 30.0);
      responders += level(i, 30.0) - level(i, 0.0) >= threshold ? 1.0 : 0.0;
    }
    return {100.0 * (later / at_waking - 1.0), 100.0 * responders / n};
  });
  std::vector<double> minutes, course;
  for (double t = 0.0; t <= 90.0; t += 10.0) {
    double sum = 0.0, n = 0.0;
    for (std::size_t i = 0; i < run.people.size(); ++i) {
      if (!awake(i)) continue;
      sum += level(i, t);
      n += 1.0;
    }
    minutes.push_back(t);
    course.push_back(sum / n);
  }
  Plot plot({"After waking",
             {"minutes after waking", {}, {}, io::report::TickSteps::minutes},
             {"cortisol relative to baseline", {}, {}, {}}});
  plot.line("mean", minutes, course, {Colour::blue});
  m.plots.push_back(std::move(plot));
  return m;
}

Measurement diurnal_rhythm(const Runs& runs) {
  const Run& run = runs.at("rest-day");
  const std::size_t samples = run.people.width() - 1;
  const auto mean_day = [&](std::span<const std::uint32_t> who) {
    std::vector<double> day(samples, 0.0);
    for (const std::uint32_t i : who) {
      const auto numbers = run.people.of(i);
      for (std::size_t t = 0; t < samples; ++t) day[t] += numbers[t];
    }
    for (double& x : day) x /= static_cast<double>(who.size());
    return day;
  };
  // Each person's cosinor once; subsets only take means of them.
  std::vector<double> days;
  for (std::size_t t = 0; t < samples; ++t) {
    days.push_back(static_cast<double>(t) / static_cast<double>(samples));
  }
  std::vector<double> relative(run.people.size()), phase(run.people.size());
  for (std::size_t i = 0; i < run.people.size(); ++i) {
    const auto numbers = run.people.of(i).first(samples);
    const Cosinor fit = cosinor(days, std::vector<double>(numbers.begin(), numbers.end()));
    relative[i] = 100.0 * fit.amplitude / fit.mesor;
    phase[i] = fit.acrophase_h;
  }
  Measurement m;
  m.values = jackknife(run.people.size(), [&](auto who) -> std::vector<double> {
    std::vector<double> amplitude, acrophase;
    for (const std::uint32_t i : who) {
      amplitude.push_back(relative[i]);
      acrophase.push_back(phase[i]);
    }
    const std::vector<double> day = mean_day(who);
    const auto [low, high] = std::minmax_element(day.begin(), day.end());
    return {mean(amplitude), quantile(acrophase, 0.5), *high / *low};
  });
  std::vector<std::uint32_t> who(run.people.size());
  std::iota(who.begin(), who.end(), 0U);
  std::vector<double> hours, low, high;
  for (std::size_t t = 0; t < samples; ++t) {
    hours.push_back(static_cast<double>(t) / kSamplesPerHour);
    std::vector<double> x;
    for (const std::uint32_t i : who) x.push_back(run.people.of(i)[t]);
    low.push_back(quantile(x, 0.1));
    high.push_back(quantile(x, 0.9));
  }
  Plot plot({"An ordinary day",
             {"hour of the day", 0.0, 24.0, io::report::TickSteps::whole},
             {"cortisol relative to baseline", {}, {}, {}}});
  plot.band("10 to 90 % of people", hours, low, high, Colour::blue, 0.18);
  plot.line("mean", hours, mean_day(who), {Colour::blue});
  m.plots.push_back(std::move(plot));
  return m;
}

/// Pulses of one day, after the method Cluster of Veldhuis & Johnson (1986): means of two
/// consecutive samples rise from nadir to peak by a factor of at least `threshold`, and fall by as
/// much.
std::vector<double> pulse_amplitudes(std::span<const float> day, double threshold) {
  std::vector<double> amplitudes;
  double nadir = 0.5 * (day[0] + day[1]), peak = nadir;
  bool rising = false;
  for (std::size_t i = 1; i < day.size(); ++i) {
    const double x = 0.5 * (day[i - 1] + day[i]);
    if (rising) {
      peak = std::max(peak, x);
      if (x * threshold <= peak) {
        amplitudes.push_back(peak - nadir);
        rising = false;
        nadir = x;
      }
    } else {
      nadir = std::min(nadir, x);
      if (x >= threshold * nadir) {
        rising = true;
        peak = x;
      }
    }
  }
  return amplitudes;
}
Measurement ultradian_pulses(const Runs& runs) {
  const Run& run = runs.at("rest-day");
  const std::size_t samples = run.people.width() - 1;
  // Three standard deviations of the difference between two means of two samples, and at least the
  // 15 % of a good assay.
  const double threshold =
      std::max(1.15, std::exp(3.0 * run.study.parameters.assay.cortisol_within_sd));
  std::vector<double> number(run.people.size()), variation(run.people.size());
  for (std::size_t i = 0; i < run.people.size(); ++i) {
    const std::vector<double> amplitudes =
        pulse_amplitudes(run.people.of(i).first(samples), threshold);
    number[i] = static_cast<double>(amplitudes.size());
    variation[i] = standard_deviation(amplitudes) / mean(amplitudes);
  }
  Measurement m;
  m.values = jackknife(run.people.size(), [&](auto who) -> std::vector<double> {
    std::vector<double> n, cv;
    for (const std::uint32_t i : who) {
      n.push_back(number[i]);
      if (std::isfinite(variation[i])) cv.push_back(variation[i]);
    }
    return {mean(n), mean(cv)};
  });
  Plot plot({"Four people",
             {"hour of the day", 0.0, 24.0, io::report::TickSteps::whole},
             {"cortisol relative to baseline", {}, {}, {}}});
  std::vector<double> hours;
  for (std::size_t t = 0; t < samples; ++t)
    hours.push_back(static_cast<double>(t) / kSamplesPerHour);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, run.people.size()); ++i) {
    const auto numbers = run.people.of(i).first(samples);
    plot.line("", hours, {numbers.begin(), numbers.end()}, io::report::series_style(i));
  }
  m.plots.push_back(std::move(plot));
  return m;
}

void only_reference_arm(Study& study) {
  study.arms.resize(1);
  study.interventions.clear();
}
void controllable(Study& study) {
  only_reference_arm(study);
  study.probes[0].controllability = 0.9;
}
void unobserved(Study& study) {
  only_reference_arm(study);
  study.probes[0].stressor = StressorClass::demand;
}
void neither(Study& study) {
  controllable(study);
  unobserved(study);
}

}  // namespace

std::span<const Protocol> endocrine_protocols() {
  static const std::array protocols = {
      Protocol{"glands", "glands.toml", 0, 0},
      Protocol{"tsst", "tsst.toml", 2048, 10240, test_numbers, keep_test},
      Protocol{"tsst-controllable", "tsst.toml", 2048, 10240, test_numbers, keep_test,
               controllable},
      Protocol{"tsst-unobserved", "tsst.toml", 2048, 10240, test_numbers, keep_test, unobserved},
      Protocol{"tsst-neither", "tsst.toml", 2048, 10240, test_numbers, keep_test, neither},
      Protocol{"tsst-repeated", "tsst-repeated.toml", 2048, 10240, test_numbers, keep_test},
      Protocol{"rest-day", "rest-day.toml", 2048, 10240, rest_numbers, keep_rest},
  };
  return protocols;
}

namespace {

/// A published number that must be met to a relative error of 1e-4.
Quantity precisely(std::string_view name, double value) {
  return {name, value, value * (1.0 - 1e-4), value * (1.0 + 1e-4)};
}
Quantity within(std::string_view name, double value, double tolerance) {
  return {name, value, value - tolerance, value + tolerance};
}

}  // namespace

const std::vector<Target>& endocrine_targets() {
  static const std::vector<Target> targets = {
      {"E1",
       "HPA axis after three years of constant drive",
       'C',
       "Karin 2020",
       "The axis alone with the rates of Karin et al., no noise, steps of 5 min.",
       {"glands"},
       {precisely("u=1: cortisol", .98528),
        precisely("u=1: pituitary mass", 1.01494),
        precisely("u=1.5: cortisol", 1.43394),
        precisely("u=1.5: pituitary mass", 1.04607),
        precisely("u=2: cortisol", 1.82621),
        precisely("u=2: pituitary mass", 1.09516),
        precisely("u=3: cortisol", 2.44323),
        precisely("u=3: pituitary mass", 1.22788),
        precisely("u=5: cortisol", 3.25215),
        precisely("u=5: pituitary mass", 1.53744),
        {"largest deviation of CRH and ACTH from 1", 0.0, 0.0, 1e-4}},
       steady_states_of},
      {"E2",
       "recovery from two months of fourfold drive",
       'C',
       "Karin 2020; Milo 2025",
       "The axis alone: 1,000 d of u = 1, 60 d of u = 4, then u = 1; days until a quantity stays "
       "within 10 % of its baseline; a second time with glands of 20 and 30 d.",
       {"glands"},
       {within("cortisol, d", 26, 2),
        within("adrenal mass, d", 61, 2),
        within("ACTH, d", 70, 2),
        within("pituitary mass, d", 82, 2),
        {"shortest distance in that order, d", kUnstated, 1e-9, kOpen},
        {"nadir of ACTH", .43, .41, .45},
        within("slow glands: cortisol, d", 76, 2),
        within("slow glands: adrenal mass, d", 139, 2),
        within("slow glands: ACTH, d", 156, 2),
        within("slow glands: pituitary mass, d", 185, 2),
        {"slow glands: shortest distance in that order, d", kUnstated, 1e-9, kOpen}},
       gland_recovery},
      {"E3",
       "CRH test 28 d after two months of stress",
       'C',
       "Karin 2020; sign: von Bardeleben 1989",
       "The axis of E2: 10 units of CRH with a half-life of 30 min; highest rise of ACTH in four "
       "hours, relative to the same test before.",
       {"glands"},
       {{"rise of ACTH relative to baseline", .68, .68 * .97, .68 * 1.03},
        {"basal cortisol relative to baseline", 1.08, 1.07 * .97, 1.09 * 1.03}},
       crh_test},
      {"E4",
       "stress test: time of the cortisol peak",
       'P',
       "Kirschbaum 1993; 58 people of a published data set",
       "TSST of 15 min at 15:00 after a year of everyday life, samples every 5 min; peak of "
       "the mean (parabola through three samples); each person's highest of the samples at 15, 25, "
       "35, 45, 60, 75 and 90 min.",
       {"tsst"},
       {{"peak of the mean, min after onset", 37.5, 30, 45},
        {"people who peak at 20 to 55 min, %", 80, 80, 100}},
       cortisol_peak},
      {"E5",
       "stress test: decline of cortisol",
       'D',
       "58 people of a published data set",
       "As E4; from the peak of the mean to 10 % of its rise above the level at onset.",
       {"tsst"},
       {{"peak to 10 % of the rise, min", 92, 65, 120}},
       cortisol_decline},
      {"E6",
       "stress test: size of the cortisol response",
       'D',
       "58 people of a published data set",
       "As E4; fold: each person's highest sample over the level at onset.",
       {"tsst"},
       {within("median fold", 2.37, .25), within("sd of ln fold", .43, .08),
        within("correlation of ln baseline and ln fold", -.36, .15)},
       cortisol_fold},
      {"E7",
       "stress test: responders",
       'D',
       "58 people of a published data set; threshold of 15.5 %: Miller 2013",
       "As E6.",
       {"tsst"},
       {{"fold of at least 1.155, %", kUnstated, 90, 98},
        {"fold of at least 1.5, %", kUnstated, 78, 90},
        {"fold of at least 2, %", kUnstated, 60, 76}},
       responders},
      {"E8",
       "stress test: ACTH before cortisol",
       'C',
       "published equations",
       "As E4; distance of the peaks of the means; median of each person's fold, blood every 5 "
       "min.",
       {"tsst"},
       {{"ACTH peaks earlier by, min", kUnstated, 10, 22},
        {"ACTH, median fold", kUnstated, 2, 4.5}},
       acth_lead},
      {"E9",
       "stress test: catecholamines in plasma",
       'P',
       "Richter 1996",
       "As E4; means over people relative to onset; back: 10 % of the rise of the mean.",
       {"tsst"},
       {{"noradrenaline up by, %", kUnstated, 50, 100},
        {"adrenaline up by, %", kUnstated, 80, 150},
        {"noradrenaline back, min after the end", kUnstated, 0, 20},
        {"adrenaline back, min after the end", kUnstated, 0, 20},
        {"adrenaline peaks, min after onset", kUnstated, 0, 15},
        {"correlation of the rises", kUnstated, .4, .8}},
       catecholamines},
      {"E10",
       "uncontrollable x evaluated",
       'P',
       "Dickerson & Kemeny 2004",
       "The test of E4 with the class social-evaluative or demand and a controllability of .1 or "
       ".9; effect: mean change from onset to 30 min over the sd at onset.",
       {"tsst", "tsst-controllable", "tsst-unobserved", "tsst-neither"},
       {{"effect of both", .92, -kOpen, kOpen},
        {"effect if evaluated only", kUnstated, -kOpen, kOpen},
        {"effect if uncontrollable only", kUnstated, -kOpen, kOpen},
        {"effect of neither", kUnstated, -kOpen, kOpen},
        {"both - either, the larger", kUnstated, 0, kOpen},
        {"either, the smaller - neither", kUnstated, 0, kOpen},
        {"both/either, the mean", kUnstated, 2, kOpen}},
       two_by_two},
      {"E11",
       "beta-blockade before a stress test",
       'P',
       "Andrews & Pruessner 2013",
       "The test of E4 with propranolol from 90 min before it, the same people without; acting "
       "noradrenaline (I13) and cortisol, mean difference of the rises.",
       {"tsst"},
       {{"sympathetic output", kUnstated, -kOpen, 0}, {"cortisol", kUnstated, 0, kOpen}},
       propranolol},
      {"E12",
       "three stress tests four weeks apart",
       'P',
       "Schommer 2003",
       "Mean rise from onset to the highest sample, third over first test.",
       {"tsst-repeated"},
       {{"cortisol", kUnstated, .6, .85},
        {"noradrenaline", kUnstated, .95, 1.05},
        {"adrenaline", kUnstated, .95, 1.05}},
       repetition},
      {"E13",
       "cortisol awakening response",
       'P',
       "Wuest 2000",
       "An ordinary day, samples every 10 min from each person's waking; means at 30 min and at "
       "waking; responder: a rise of 2.5 nmol/l in saliva, at .6 of free cortisol.",
       {"rest-day"},
       {{"rise in 30 min, %", kUnstated, 40, 75}, {"responders, %", kUnstated, 70, 80}},
       awakening},
      {"E14",
       "diurnal rhythm of cortisol",
       'P',
       "Carroll 2007",
       "An ordinary day, samples every 10 min; a cosine of 24 h fitted to each person, mean and "
       "median; highest over lowest sample of the mean day.",
       {"rest-day"},
       {{"amplitude/mesor, %", kUnstated, 60, 85},
        {"acrophase, h", kUnstated, 8.5, 10.5},
        {"highest/lowest", kUnstated, 6, 12}},
       diurnal_rhythm},
      {"E15",
       "ultradian pulses of cortisol",
       'P',
       "pulsatility studies",
       "As E14; a pulse rises by three standard deviations of the assay and falls as much, in "
       "means "
       "of two samples; CV within a person.",
       {"rest-day"},
       {{"pulses per 24 h", kUnstated, 5, 10}, {"CV of amplitude", kUnstated, .45, .60}},
       ultradian_pulses},
      {"E16",
       "occupancy of receptors at 43 and 811 nmol/l",
       'P',
       "Reul 1987",
       "The occupancies (G2) at these totals.",
       {"glands"},
       {within("MR at 43 nmol/l, %", 77.8, 3),
        within("GR at 43 nmol/l, %", 28.1, 3),
        {"MR at 811 nmol/l, %", kUnstated, 95, 100},
        {"GR at 811 nmol/l, %", kUnstated, 70, 90}},
       receptor_occupancy},
      {"E17",
       "early adversity and the cortisol response",
       'P',
       "Bunea 2017; Fogelman 2018",
       "The test of E4; rise of people with early adversity beyond 1 sd and of those below the "
       "mean.",
       {"tsst"},
       {{"Hedges g", kUnstated, -.6, 0}},
       early_adversity},
      {"E18",
       "a friend lowers the cortisol response",
       'P',
       "Heinrichs 2003",
       "The test of E4 with support two standard deviations above the person's own; rise without "
       "and with, as independent groups.",
       {"tsst"},
       {{"d", kUnstated, .2, .8}},
       support},
  };
  return targets;
}

}  // namespace eustress::app::validation
