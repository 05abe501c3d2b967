#include "core/engine/trace.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace eustress {

namespace {

constexpr std::size_t kMoments = kMomentQuantities.size();
constexpr std::size_t kDailies = kDailyQuantities.size();
constexpr std::size_t kScores = kTracedScores.size();
static_assert(kMoments == kKernelQuantities + 2, "the occupancies follow from brain cortisol");
constexpr double kMinutesPerDay = 1440.0;

int end_of(const Study& study) {
  return std::min(study.traces.to_day.value_or(study.days), study.days);
}

}  // namespace

std::size_t width_of(TraceAxis along) {
  switch (along) {
    case TraceAxis::none:
      return 1;
    case TraceAxis::stressor:
      return kStressorClasses;
    case TraceAxis::malleable_factor:
      return kMalleable;
  }
  return 1;
}

int TraceLayout::steps_per_day() const {
  return static_cast<int>(std::lround(kMinutesPerDay / dt_min));
}

std::size_t TraceLayout::moments() const {
  return moments_before(to_day);
}

double TraceLayout::time_of(std::size_t moment) const {
  // One division of whole numbers: the same bits wherever the trace begins.
  const double steps =
      static_cast<double>(from_day) * steps_per_day() + static_cast<double>(moment) * every_steps;
  return steps / steps_per_day();
}

std::size_t TraceLayout::moments_before(int day) const {
  if (every_steps == 0) return 0;
  const auto steps =
      static_cast<std::size_t>(day - from_day) * static_cast<std::size_t>(steps_per_day());
  const auto every = static_cast<std::size_t>(every_steps);
  return (steps + every - 1) / every;
}

MomentsOfDay TraceLayout::moments_of(int day) const {
  if (every_steps == 0) return {0, steps_per_day(), 1};
  const std::size_t before = moments_before(day);
  const std::size_t count = moments_before(day + 1) - before;
  // Without a moment of its own the day has one that is not kept.
  if (count == 0) return {0, steps_per_day(), 1};
  const std::int64_t begin = std::int64_t{day - from_day} * steps_per_day();
  const std::int64_t first = static_cast<std::int64_t>(before) * every_steps - begin;
  return {static_cast<int>(first), every_steps, count};
}

TraceLayout trace_layout(const Study& study, int first_day) {
  const TracePlan& plan = study.traces;
  TraceLayout layout;
  if (plan.first) {
    layout.individuals.resize(static_cast<std::size_t>(*plan.first));
    std::iota(layout.individuals.begin(), layout.individuals.end(), std::uint64_t{0});
  } else {
    layout.individuals.assign(plan.individuals.begin(), plan.individuals.end());
    std::sort(layout.individuals.begin(), layout.individuals.end());
  }
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    const bool is_mine = plan.arms.empty() || std::find(plan.arms.begin(), plan.arms.end(),
                                                        study.arms[arm].name) != plan.arms.end();
    if (is_mine) layout.arms.push_back(arm);
  }
  layout.from_day = std::max(plan.from_day, first_day);
  layout.to_day = std::max(end_of(study), layout.from_day);
  layout.dt_min = study.dt_min;
  layout.every_steps = static_cast<int>(std::lround(plan.every_min / study.dt_min));
  const int every = study.output.questionnaire_every_days;
  for (int day = every - 1; day < layout.to_day; day += every) {
    if (day >= layout.from_day) layout.assessment_days.push_back(day);
  }
  return layout;
}

TraceSize trace_size(const Study& study) {
  Study nobody = study;
  nobody.traces.first.reset();
  nobody.traces.individuals.clear();
  const TraceLayout layout = trace_layout(nobody);
  double numbers = 0.0;
  for (const TraceVariable& variable : trace_variables(layout)) {
    numbers += static_cast<double>(variable.length);
  }
  const double people = study.traces.first ? static_cast<double>(*study.traces.first)
                                           : static_cast<double>(study.traces.individuals.size());
  const double one = numbers * sizeof(float);
  return {one, one * people * static_cast<double>(layout.arms.size())};
}

std::vector<TraceVariable> trace_variables(const TraceLayout& layout) {
  std::vector<TraceVariable> all;
  const auto add = [&](const auto& q, std::vector<std::string> dimensions, std::size_t length,
                       bool is_code) {
    all.push_back({std::string(q.name), std::string(q.unit), std::string(q.doc),
                   std::move(dimensions), length, is_code});
  };
  for (const TracedQuantity& q : kMomentQuantities) add(q, {"time"}, layout.moments(), false);
  for (const DailyQuantity& q : kDailyQuantities) {
    std::vector<std::string> dimensions = {"day"};
    if (q.along == TraceAxis::stressor) dimensions.emplace_back("stressor");
    if (q.along == TraceAxis::malleable_factor) dimensions.emplace_back("malleable_factor");
    add(q, std::move(dimensions), layout.days() * width_of(q.along), q.is_code);
  }
  for (const TracedQuantity& q : kTracedScores) {
    add(q, {"assessment"}, layout.assessment_days.size(), false);
  }
  return all;
}

PersonTrace empty_trace(const TraceLayout& layout, std::size_t place) {
  PersonTrace trace;
  trace.place = place;
  for (const TraceVariable& variable : trace_variables(layout)) {
    trace.rows.emplace_back(variable.length, std::numeric_limits<float>::quiet_NaN());
  }
  return trace;
}

TraceRecorder::TraceRecorder(const TraceLayout& layout, const ModelParameters& parameters)
    : layout_(layout), control_(parameters.controllability), receptors_(parameters.receptors) {}

void TraceRecorder::add_day(int day, const Block& state, const BlockDayResult& seen,
                            PersonTrace& person) const {
  const std::size_t pack = person.place / kLanes;
  const auto lane = static_cast<int>(person.place % kLanes);
  const PersonState<Lanes>& s = state.pack[pack];
  const DaySummary<Lanes>& d = seen.summary[pack];

  const std::size_t first = layout_.moments_before(day);
  const std::size_t end = layout_.moments_before(day + 1);
  for (std::size_t m = first; m < end; ++m) {
    const MomentLanes& moment = seen.moments[(m - first) * kPacksPerBlock + pack];
    const auto* lanes = reinterpret_cast<const Lanes*>(&moment);
    for (std::size_t q = 0; q < kKernelQuantities; ++q) {
      person.rows[q][m] = static_cast<float>(lanes[q][lane]);
    }
    const Occupancy occupied = occupancy_reference(receptors_, moment.brain_cortisol[lane]);
    person.rows[kKernelQuantities][m] = static_cast<float>(occupied.mr);
    person.rows[kKernelQuantities + 1][m] = static_cast<float>(occupied.gr);
  }

  const auto at = static_cast<std::size_t>(day - layout_.from_day);
  std::size_t next = kMoments;
  const auto put = [&](const Lanes& x) { person.rows[next++][at] = static_cast<float>(x[lane]); };
  const auto put_classes = [&](const Lanes(&x)[kStressorClasses]) {
    for (std::size_t k = 0; k < kStressorClasses; ++k) {
      person.rows[next][at * kStressorClasses + k] = static_cast<float>(x[k][lane]);
    }
    ++next;
  };
  put(d.hassles);
  put(d.encounters);
  put(d.mastered);
  put(d.avoided);
  put(d.strain);
  if (d.predictions[lane] > 0.0) {
    person.rows[next][at] = static_cast<float>(d.prediction_error[lane] / d.predictions[lane]);
  }
  ++next;
  put(d.event);
  put(s.exposure.traumas);
  put(d.cortisol);
  put(d.noradrenaline);
  put(s.energy.store);
  const MentalHealthState<Lanes>& health = s.mental_health;
  put(health.distress);
  put(health.symptoms);
  put(health.mood);
  put(health.latent);
  put(health.depressed_days);
  put(health.ptsd_days);
  put(seen.sleep_quality[pack]);
  put(s.self_control.w);
  put(s.allostasis.load);
  put(s.memory.safety_general);
  put(s.memory.success_general);
  ControllabilityState<double> control{};
  for (int k = 0; k < kStressorClasses; ++k) control.omega[k] = s.controllability.omega[k][lane];
  control.omega_general = s.controllability.omega_general[lane];
  for (int k = 0; k < kStressorClasses; ++k) {
    const auto column = at * kStressorClasses + static_cast<std::size_t>(k);
    person.rows[next][column] = static_cast<float>(
        control_belief_reference(control, control_, static_cast<StressorClass>(k)));
  }
  ++next;
  put_classes(s.memory.threat);
  put_classes(s.memory.safety);
  put_classes(s.memory.success);
  put_classes(s.reinforcement.engage);
  put_classes(s.reinforcement.reappraise);
  put_classes(s.reinforcement.avoid);
  put_classes(s.habituation.response);
  for (std::size_t i = 0; i < kMalleable; ++i) {
    const double level =
        s.traits.factor[index_of(kMalleableFactors[i])][lane] + s.malleability.delta[i][lane];
    person.rows[next][at * kMalleable + i] = static_cast<float>(level);
  }

  const auto found = std::find(layout_.assessment_days.begin(), layout_.assessment_days.end(), day);
  if (found == layout_.assessment_days.end()) return;
  const Assessment<Lanes>& a = seen.assessment[pack];
  const Lanes* scores[kScores] = {&a.ghq12, &a.ghq28, &a.hassles_7d, &a.life_events_13w};
  const auto assessment = static_cast<std::size_t>(found - layout_.assessment_days.begin());
  for (std::size_t q = 0; q < kScores; ++q) {
    person.rows[kMoments + kDailies + q][assessment] = static_cast<float>((*scores[q])[lane]);
  }
}

}  // namespace eustress
