#include "core/outcomes/layout.hpp"

#include <algorithm>

#include "core/outcomes/wide_sum.hpp"

namespace eustress {

namespace {

/// Hands out places one after the other.
struct Places {
  std::size_t next = 0;
  std::size_t take(std::size_t n) {
    const std::size_t first = next;
    next += n;
    return first;
  }
};

}  // namespace

OutcomeLayout outcome_layout(const OutcomePlan& plan, int days, int assessment_every_d) {
  OutcomeLayout layout;
  layout.plan = plan;
  layout.days = days;
  layout.assessment_every_d = assessment_every_d;
  layout.assessments = static_cast<std::size_t>(days / assessment_every_d);
  const bool has_clock = plan.event != OutcomeEvent::none && layout.assessments > 0;
  if (has_clock) {
    const int reached = (days - 1) / plan.bin_d + 1;
    layout.bins = static_cast<std::size_t>(std::min(plan.bins, reached));
  }
  const std::size_t any = layout.assessments > 0 ? 1 : 0;
  const std::size_t windows = layout.has_windows() ? 1 : 0;
  const std::size_t clock = has_clock ? 1 : 0;
  layout.ring_length =
      any * std::max<std::size_t>(kLags, static_cast<std::size_t>(plan.window) - 1);

  Places numbers;
  OutcomeLayout::Numbers& n = layout.number;
  n.hassles = numbers.take(1);
  n.life_events = numbers.take(1);
  n.traumatic_events = numbers.take(1);
  n.encounters = numbers.take(1);
  n.mastered = numbers.take(1);
  n.avoided = numbers.take(1);
  n.prediction_error = numbers.take(1);
  n.predictions = numbers.take(1);
  n.disorder_days = numbers.take(1);
  n.disorder = numbers.take(3 * kDisorders);
  n.scores = numbers.take(kScores * any);
  n.symptoms = numbers.take(any);
  n.ring = numbers.take(kScores * layout.ring_length);
  // Exact up to a mean of 120 hassles a week, with the longest window and weekly for a century.
  n.windows = numbers.take(kScores * windows);
  n.event = numbers.take(clock);
  n.squares = numbers.take(clock);
  n.early = numbers.take(clock);
  n.late = numbers.take(clock);
  n.since = numbers.take(layout.bins);
  n.count = numbers.next;

  constexpr std::size_t kPairCells = kScorePairs * kWideCells;
  Places cells;
  OutcomeLayout::Cells& c = layout.cell;
  c.persons = cells.take(kPersonOutcomeCount * kPersonCells);
  c.effects = cells.take(kPersonOutcomeCount * kEffectCells);
  c.pooled = cells.take(any * kPooledCells);
  c.of_person = cells.take(any * kPairCells);
  c.lags = cells.take(any * kLags * kLagCells);
  c.windows = cells.take(windows * (1 + kScores + 2 * kPairCells));
  c.factors = cells.take(any * kFactorCells);
  c.trajectories = cells.take(clock * kTrajectories * layout.trajectory_cells());
  c.event_study = cells.take(clock * layout.event_study_cells());
  c.recovery = cells.take(2 * kDisorders * (static_cast<std::size_t>(days) + 1));
  c.count = cells.next;
  return layout;
}

bool OutcomeLayout::has_windows() const {
  return assessments >= static_cast<std::size_t>(plan.window);
}

std::size_t OutcomeLayout::windows() const {
  return has_windows() ? assessments + 1 - static_cast<std::size_t>(plan.window) : 0;
}

std::size_t OutcomeLayout::bin_of(int since) const {
  if (since < 0) return 0;
  return std::min(bins, 1 + static_cast<std::size_t>(since / plan.bin_d));
}

int OutcomeLayout::day_of(std::size_t assessment) const {
  return static_cast<int>(assessment + 1) * assessment_every_d - 1;
}

int OutcomeLayout::assessments_between(int event_day, int from, int to) const {
  int n = 0;
  for (std::size_t t = 0; t < assessments; ++t) {
    const int since = day_of(t) - event_day;
    n += since >= from && since < to ? 1 : 0;
  }
  return n;
}

}  // namespace eustress
