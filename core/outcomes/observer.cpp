#include "core/outcomes/observer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <vector>

namespace eustress {

namespace {

using Scores = std::array<std::int64_t, kScores>;
using Cell = std::int64_t;

std::int64_t whole(double x) {
  return static_cast<std::int64_t>(x);
}

/// A number of a person, [number][person].
double at(std::span<const float> numbers, std::size_t number, std::size_t person) {
  return numbers[number * kBlockSize + person];
}
std::int64_t whole_at(std::span<const float> numbers, std::size_t number, std::size_t person) {
  return static_cast<std::int64_t>(at(numbers, number, person));
}

/// Products of all pairs i <= j, in the order of pair_place; adds to terms, which it returns behind
/// its own.
std::int64_t* add_products(std::int64_t* terms, const Scores& x) {
  for (std::size_t i = 0; i < kScores; ++i) {
    for (std::size_t j = i; j < kScores; ++j) *terms++ += x[i] * x[j];
  }
  return terms;
}
/// The same between earlier and later values, both ways together if i < j.
std::int64_t* add_products(std::int64_t* terms, const Scores& x, const Scores& y) {
  for (std::size_t i = 0; i < kScores; ++i) {
    for (std::size_t j = i; j < kScores; ++j) {
      *terms++ += i == j ? x[i] * y[i] : x[i] * y[j] + x[j] * y[i];
    }
  }
  return terms;
}
std::int64_t* add_sums(std::int64_t* terms, const Scores& x) {
  for (const std::int64_t value : x) *terms++ += value;
  return terms;
}

void add_products_wide(Cell* cells, const Scores& x) {
  std::int64_t products[kScorePairs] = {};
  add_products(products, x);
  for (std::size_t p = 0; p < kScorePairs; ++p) add_wide(cells + p * kWideCells, products[p]);
}
constexpr std::size_t kProductCells = kScorePairs * kWideCells;

/// What an assessment of the people of a block adds to one stratum: first the terms of single
/// cells, then those of wide ones.
struct Terms {
  static constexpr std::size_t kPooledWide = kScorePairs + kCubic + kQuartic;
  std::size_t stratum = 0;
  std::int64_t pooled[1 + kScores + kPooledWide] = {};
  std::int64_t lags[kLags][1 + 2 * kScores + 3 * kScorePairs] = {};
  std::int64_t windows[1 + kScores + kScorePairs] = {};

  void add(const Scores& now) {
    pooled[0] += 1;
    std::int64_t* next = add_products(add_sums(pooled + 1, now), now);
    const auto [p, h, v] = now;
    const std::int64_t hh = h * h, hv = h * v, vv = v * v;
    for (const std::int64_t product : {hh * h, hh * v, hv * v, vv * v, hh * p, hv * p, vv * p,
                                       hh * hh, hh * hv, hh * vv, hv * vv, vv * vv}) {
      *next++ += product;
    }
  }
  void add_lagged(std::size_t lag, const Scores& earlier, const Scores& later) {
    std::int64_t* next = lags[lag];
    *next++ += 1;
    next = add_sums(add_sums(next, earlier), later);
    add_products(add_products(add_products(next, earlier), later), earlier, later);
  }
  void add_window(const Scores& sliding) {
    windows[0] += 1;
    add_products(add_sums(windows + 1, sliding), sliding);
  }
  void add(const Terms& other) {
    const auto add_all = [](auto& mine, const auto& theirs) {
      for (std::size_t i = 0; i < std::size(mine); ++i) mine[i] += theirs[i];
    };
    add_all(pooled, other.pooled);
    for (std::size_t lag = 0; lag < kLags; ++lag) add_all(lags[lag], other.lags[lag]);
    add_all(windows, other.windows);
  }
  void add_to(const OutcomeLayout& layout, Cell* cells) const {
    const auto put = [](Cell* to, std::span<const std::int64_t> terms, std::size_t single) {
      for (std::size_t i = 0; i < single; ++i) *to++ += terms[i];
      for (const std::int64_t term : terms.subspan(single)) {
        add_wide(to, term);
        to += kWideCells;
      }
    };
    put(cells + layout.cell.pooled, pooled, 1 + kScores);
    for (std::size_t lag = 0; lag < kLags; ++lag) {
      put(cells + layout.cell.lags + lag * kLagCells, lags[lag], 1 + 2 * kScores);
    }
    if (layout.has_windows()) put(cells + layout.cell.windows, windows, 1 + kScores);
  }
};

/// Those of the strata of a block.
class TermsOfStrata {
 public:
  Terms& of(std::size_t stratum) {
    // Neighbours are often of one stratum.
    for (std::size_t i = terms_.size(); i-- > 0;) {
      if (terms_[i].stratum == stratum) return terms_[i];
    }
    terms_.emplace_back().stratum = stratum;
    return terms_.back();
  }
  void add_to(const OutcomeLayout& layout, std::span<Cell> cells) const {
    Terms all;
    for (const Terms& terms : terms_) {
      all.add(terms);
      if (terms.stratum > 0) terms.add_to(layout, &cells[terms.stratum * layout.cell.count]);
    }
    all.add_to(layout, cells.data());
  }

 private:
  std::vector<Terms> terms_;
};

/// An outcome of a person as a whole number, if the person has it.
using OutcomeValues = std::array<std::optional<std::int64_t>, kPersonOutcomeCount>;

std::int64_t steps(Outcome outcome, double x) {
  const double scale = kPersonOutcomes[static_cast<std::size_t>(outcome)].scale;
  return std::lrint(std::clamp(x / scale, -1.0, 1.0) * kOutcomeSteps);
}

OutcomeValues values_of(const OutcomeLayout& layout, const BlockEnd& arm, std::size_t person) {
  const OutcomeLayout::Numbers& n = layout.number;
  const PersonState<Lanes>& s = arm.state->pack[person / kLanes];
  const auto lane = static_cast<int>(person % kLanes);
  OutcomeValues values;
  const auto set = [&](Outcome outcome, std::int64_t value) {
    values[static_cast<std::size_t>(outcome)] = value;
  };
  const auto count = [&](std::size_t number) { return whole_at(arm.numbers, number, person); };
  if (layout.assessments > 0) {
    set(Outcome::mean_ghq, count(n.scores));
    set(Outcome::mean_symptoms,
        steps(Outcome::mean_symptoms,
              at(arm.numbers, n.symptoms, person) / static_cast<double>(layout.assessments)));
  }
  const std::int64_t depressed = count(n.disorder), ptsd = count(n.disorder + 3);
  set(Outcome::disorder_days, count(n.disorder_days));
  set(Outcome::depressed_days, depressed);
  set(Outcome::ptsd_days, ptsd);
  set(Outcome::ever_depressed, depressed > 0 ? 1 : 0);
  set(Outcome::ever_ptsd, ptsd > 0 ? 1 : 0);
  set(Outcome::mean_hassles, count(n.hassles));
  set(Outcome::life_events, count(n.life_events));
  set(Outcome::traumatic_events, count(n.traumatic_events));
  set(Outcome::encounters, count(n.encounters));
  set(Outcome::mastered, count(n.mastered));
  set(Outcome::avoided, count(n.avoided));
  const double predictions = at(arm.numbers, n.predictions, person);
  if (predictions > 0.0) {
    set(Outcome::prediction_error,
        steps(Outcome::prediction_error,
              at(arm.numbers, n.prediction_error, person) / predictions));
  }
  set(Outcome::final_symptoms, steps(Outcome::final_symptoms, s.mental_health.symptoms[lane]));
  set(Outcome::final_self_control, steps(Outcome::final_self_control, s.self_control.w[lane]));
  set(Outcome::final_control_belief,
      steps(Outcome::final_control_belief, arm.control_belief[person]));
  set(Outcome::final_allostatic_load,
      steps(Outcome::final_allostatic_load, s.allostasis.load[lane]));
  return values;
}

void add_outcomes(const OutcomeLayout& layout, const OutcomeValues& mine,
                  const OutcomeValues& reference, Cell* cells) {
  for (std::size_t o = 0; o < kPersonOutcomeCount; ++o) {
    if (!mine[o]) continue;
    Cell* own = cells + layout.cell.persons + o * kPersonCells;
    own[0] += 1;
    own[1] += *mine[o];
    add_wide(own + 2, *mine[o] * *mine[o]);
    if (!reference[o]) continue;
    const std::int64_t change = *mine[o] - *reference[o];
    Cell* effect = cells + layout.cell.effects + o * kEffectCells;
    effect[0] += 1;
    effect[1] += change;
    add_wide(effect + 2, change * change);
    if (change == 0) continue;
    const bool is_better = (change < 0) == (kPersonOutcomes[o].better == Better::lower);
    effect[2 + kWideCells + (is_better ? 0 : 1)] += 1;
  }
}

}  // namespace

OutcomeObserver::OutcomeObserver(const Study& study, const OutcomeLayout& layout)
    : study_(study), layout_(layout) {}

void OutcomeObserver::observe_day(int day, std::size_t people, const Block& block,
                                  const BlockDayResult& result, std::span<float> numbers) const {
  const OutcomeLayout::Numbers& n = layout_.number;
  const auto today = static_cast<float>(day + 1);
  for (std::size_t first = 0; first < people; first += kLanes) {
    const DaySummary<Lanes>& d = result.summary[first / kLanes];
    const MentalHealthState<Lanes>& health = block.pack[first / kLanes].mental_health;
    const auto lanes = static_cast<int>(std::min<std::size_t>(kLanes, people - first));
    const auto row = [&](std::size_t number) { return &numbers[number * kBlockSize + first]; };
    const auto add = [&](std::size_t number, const Lanes& x) {
      float* sum = row(number);
      for (int l = 0; l < lanes; ++l) sum[l] += static_cast<float>(x[l]);
    };
    add(n.hassles, d.hassles);
    add(n.encounters, d.encounters);
    add(n.mastered, d.mastered);
    add(n.avoided, d.avoided);
    add(n.prediction_error, d.prediction_error);
    add(n.predictions, d.predictions);
    constexpr auto kTraumatic = static_cast<double>(EventKind::traumatic);
    float *events = row(n.life_events), *traumas = row(n.traumatic_events);
    for (int l = 0; l < lanes; ++l) {
      events[l] += d.event[l] > 0.0 ? 1.0F : 0.0F;
      traumas[l] += d.event[l] == kTraumatic ? 1.0F : 0.0F;
    }

    float* disorder_days = row(n.disorder_days);
    for (int l = 0; l < lanes; ++l) {
      const bool is_ill =
          health.depressed_days[l] >= kDepressionDays || health.ptsd_days[l] >= kPtsdDays;
      disorder_days[l] += is_ill ? 1.0F : 0.0F;
    }
    const auto follow = [&](std::size_t number, const Lanes& in_a_row, double needed) {
      float *days = row(number), *onset = row(number + 1), *end = row(number + 2);
      for (int l = 0; l < lanes; ++l) {
        const bool is_in = in_a_row[l] >= needed;
        days[l] += is_in ? 1.0F : 0.0F;
        end[l] = !is_in && onset[l] > 0.0F && end[l] == 0.0F ? today : end[l];
        onset[l] = is_in && onset[l] == 0.0F ? today : onset[l];
      }
    };
    follow(n.disorder, health.depressed_days, kDepressionDays);
    follow(n.disorder + 3, health.ptsd_days, kPtsdDays);
  }
  if (layout_.bins > 0) find_events(day, people, block, result, numbers);
}

void OutcomeObserver::find_events(int day, std::size_t people, const Block& block,
                                  const BlockDayResult& result, std::span<float> numbers) const {
  float* event = &numbers[layout_.number.event * kBlockSize];
  const auto today = static_cast<float>(day + 1);
  if (layout_.plan.event != OutcomeEvent::wave) {
    const auto kind = static_cast<double>(layout_.plan.event == OutcomeEvent::first_severe
                                              ? EventKind::severe
                                              : EventKind::traumatic);
    for (std::size_t person = 0; person < people; ++person) {
      const double happened =
          result.summary[person / kLanes].event[static_cast<int>(person % kLanes)];
      if (happened == kind && event[person] == 0.0F) event[person] = today;
    }
    return;
  }
  // Who else has a traumatic event on the day of a wave is not of the wave.
  const StreamKey key{study_.seed, study_.replicate, Purpose::waves};
  for (std::size_t w = 0; w < study_.waves.size(); ++w) {
    if (study_.waves[w].day != day) continue;
    for (std::size_t person = 0; person < people; ++person) {
      const double u = uniform_pair(key, block.first_id + person, static_cast<std::uint32_t>(day),
                                    static_cast<std::uint32_t>(w))
                           .first;
      if (u < study_.waves[w].fraction && event[person] == 0.0F) event[person] = today;
    }
  }
}

void OutcomeObserver::observe_assessment(std::size_t assessment, std::size_t people,
                                         const Block& block, const BlockDayResult& result,
                                         std::span<float> numbers,
                                         std::span<std::int64_t> cells) const {
  const OutcomeLayout::Numbers& n = layout_.number;
  const OutcomePlan& plan = layout_.plan;
  TermsOfStrata of_strata;
  const bool is_long = plan.mental_health == MentalHealthScale::ghq28;
  const auto window = static_cast<std::size_t>(plan.window);
  const int day = layout_.day_of(assessment);
  for (std::size_t person = 0; person < people; ++person) {
    const PersonState<Lanes>& s = block.pack[person / kLanes];
    const Assessment<Lanes>& a = result.assessment[person / kLanes];
    const auto lane = static_cast<int>(person % kLanes);
    const auto number = [&](std::size_t place) -> float& {
      return numbers[place * kBlockSize + person];
    };
    const Scores now = {whole(is_long ? a.ghq28[lane] : a.ghq12[lane]), whole(a.hassles_7d[lane]),
                        whole(a.life_events_13w[lane])};
    const auto before = [&](std::size_t lag) {
      const std::size_t place = n.ring + (assessment - lag) % layout_.ring_length * kScores;
      Scores x;
      for (std::size_t i = 0; i < kScores; ++i) x[i] = static_cast<std::int64_t>(number(place + i));
      return x;
    };

    Terms& terms = of_strata.of(static_cast<std::size_t>(s.stratum[lane]));
    terms.add(now);
    const std::size_t lags = std::min(kLags, assessment);
    for (std::size_t lag = 1; lag <= lags; ++lag) terms.add_lagged(lag - 1, before(lag), now);
    const bool has_window = layout_.has_windows() && assessment + 1 >= window;
    Scores sliding = now;
    if (has_window) {
      for (std::size_t lag = 1; lag < window; ++lag) {
        const Scores x = before(lag);
        for (std::size_t i = 0; i < kScores; ++i) sliding[i] += x[i];
      }
      terms.add_window(sliding);
    }

    const std::size_t place = n.ring + assessment % layout_.ring_length * kScores;
    for (std::size_t i = 0; i < kScores; ++i) {
      number(place + i) = static_cast<float>(now[i]);
      number(n.scores + i) += static_cast<float>(now[i]);
      if (has_window) number(n.windows + i) += static_cast<float>(sliding[i]);
    }
    number(n.symptoms) += static_cast<float>(s.mental_health.symptoms[lane]);
    if (layout_.bins == 0) continue;
    const auto p = static_cast<float>(now[0]);
    number(n.squares) += p * p;
    if (number(n.event) == 0.0F) continue;
    const int since = day - (static_cast<int>(number(n.event)) - 1);
    number(n.since + layout_.bin_of(since) - 1) += p;
    if (since >= plan.early_from_d && since < plan.early_to_d) number(n.early) += p;
    if (since >= plan.late_from_d && since < plan.late_to_d) number(n.late) += p;
  }
  of_strata.add_to(layout_, cells);
}

void OutcomeObserver::finish(std::size_t people, std::span<const BlockEnd> arms) const {
  for (std::size_t person = 0; person < people; ++person) {
    const OutcomeValues reference = values_of(layout_, arms.front(), person);
    for (const BlockEnd& arm : arms) {
      const OutcomeValues mine =
          &arm == &arms.front() ? reference : values_of(layout_, arm, person);
      const auto own = static_cast<std::size_t>(
          arm.state->pack[person / kLanes].stratum[static_cast<int>(person % kLanes)]);
      for (std::size_t stratum = 0;; stratum = own) {
        const auto cells = arm.cells.subspan(stratum * layout_.cell.count, layout_.cell.count);
        add_outcomes(layout_, mine, reference, cells.data());
        add_person(arm, person, cells);
        if (stratum == own) break;
      }
    }
  }
}

void OutcomeObserver::add_person(const BlockEnd& arm, std::size_t person,
                                 std::span<std::int64_t> cells) const {
  const OutcomeLayout::Numbers& n = layout_.number;
  const OutcomeLayout::Cells& c = layout_.cell;
  const auto scores_at = [&](std::size_t number) {
    Scores x;
    for (std::size_t i = 0; i < kScores; ++i) x[i] = whole_at(arm.numbers, number + i, person);
    return x;
  };
  if (layout_.assessments > 0) {
    const Scores sums = scores_at(n.scores);
    add_products_wide(&cells[c.of_person], sums);
    if (layout_.has_windows()) {
      add_products_wide(&cells[c.windows + 1 + kScores + kProductCells], scores_at(n.windows));
    }
    add_factors(*arm.state, person, sums, cells);
  }
  if (layout_.bins > 0) add_clock(arm.numbers, person, cells);
  for (std::size_t disorder = 0; disorder < kDisorders; ++disorder) {
    const std::size_t number = n.disorder + 3 * disorder;
    const int onset = static_cast<int>(at(arm.numbers, number + 1, person));
    if (onset == 0) continue;
    const int end = static_cast<int>(at(arm.numbers, number + 2, person));
    // Seen in the state up to the last evening, `days` - 1.
    const int duration = end > 0 ? end - onset : layout_.days - onset;
    const auto lengths = static_cast<std::size_t>(layout_.days) + 1;
    cells[c.recovery + (2 * disorder + (end > 0 ? 0 : 1)) * lengths +
          static_cast<std::size_t>(duration)] += 1;
  }
}

void OutcomeObserver::add_factors(const Block& block, std::size_t person,
                                  const std::array<std::int64_t, kScores>& sums,
                                  std::span<std::int64_t> cells) const {
  const PersonState<Lanes>& s = block.pack[person / kLanes];
  const auto lane = static_cast<int>(person % kLanes);
  std::array<std::int64_t, kFactors> z;
  for (std::size_t f = 0; f < kFactors; ++f) {
    const double x = std::clamp(s.traits.factor[f][lane], -kFactorLimit, kFactorLimit);
    z[f] = std::lrint(x * kFactorSteps);
  }
  Cell* next = &cells[layout_.cell.factors];
  for (std::size_t f = 0; f < kFactors; ++f) *next++ += z[f];
  for (std::size_t f = 0; f < kFactors; ++f) {
    for (std::size_t g = f; g < kFactors; ++g, next += kWideCells) add_wide(next, z[f] * z[g]);
  }
  for (std::size_t f = 0; f < kFactors; ++f) {
    for (std::size_t i = 0; i < kScores; ++i, next += kWideCells) add_wide(next, z[f] * sums[i]);
  }
}

void OutcomeObserver::add_clock(std::span<const float> numbers, std::size_t person,
                                std::span<std::int64_t> cells) const {
  const OutcomeLayout::Numbers& n = layout_.number;
  const OutcomePlan& plan = layout_.plan;
  const auto class_cells = [&](Trajectory trajectory) {
    return &cells[layout_.cell.trajectories +
                  static_cast<std::size_t>(trajectory) * layout_.trajectory_cells()];
  };
  const auto event_day = static_cast<int>(at(numbers, n.event, person)) - 1;
  if (event_day < 0) {
    *class_cells(Trajectory::no_event) += 1;
    return;
  }

  const int early = layout_.assessments_between(event_day, plan.early_from_d, plan.early_to_d);
  const int late = layout_.assessments_between(event_day, plan.late_from_d, plan.late_to_d);
  Trajectory trajectory = Trajectory::incomplete;
  if (early > 0 && late > 0) {
    const bool is_ill_early = at(numbers, n.early, person) >= plan.threshold * early;
    const bool is_ill_late = at(numbers, n.late, person) >= plan.threshold * late;
    trajectory = is_ill_early ? (is_ill_late ? Trajectory::chronic : Trajectory::recovered)
                              : (is_ill_late ? Trajectory::delayed : Trajectory::resilient);
  }

  // Assessments and sums of P per bin.
  const std::size_t bins = layout_.bins;
  std::vector<std::int64_t> count(bins + 1, 0), sum(bins + 1, 0);
  for (std::size_t t = 0; t < layout_.assessments; ++t) {
    count[layout_.bin_of(layout_.day_of(t) - event_day)] += 1;
  }
  const std::int64_t all = whole_at(numbers, n.scores, person);
  sum[0] = all;
  for (std::size_t k = 1; k <= bins; ++k) {
    sum[k] = whole_at(numbers, n.since + k - 1, person);
    sum[0] -= sum[k];
  }
  Cell* course = class_cells(trajectory);
  *course++ += 1;
  for (std::size_t k = 0; k <= bins; ++k) {
    *course++ += count[k];
    *course++ += sum[k];
  }

  const auto assessments = static_cast<std::int64_t>(layout_.assessments);
  Cell* next = &cells[layout_.cell.event_study];
  *next++ += 1;
  for (std::size_t k = 0; k <= bins; ++k) *next++ += count[k];
  const auto add = [&](std::int64_t term) {
    add_wide(next, term);
    next += kWideCells;
  };
  add(whole_at(numbers, n.squares, person));
  add(all * all);
  for (std::size_t k = 1; k <= bins; ++k) {
    for (std::size_t m = k; m <= bins; ++m) {
      add((k == m ? assessments * count[k] : 0) - count[k] * count[m]);
    }
  }
  for (std::size_t k = 1; k <= bins; ++k) add(assessments * sum[k] - count[k] * all);
}

}  // namespace eustress
