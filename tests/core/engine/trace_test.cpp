// Traces: the path that a person has in the run itself, looked at more closely.

#include "core/engine/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/simulation.hpp"
#include "core/mechanisms/networks.hpp"

namespace eustress {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t kPlace = 6;  // of the person in block 1
constexpr std::uint64_t kPerson = kBlockSize + kPlace;
constexpr int kDays = 28;

Study traced_study() {
  Study study;
  study.name = "traced";
  study.seed = 4;
  study.days = kDays;
  study.population.individuals = 100;
  study.parameters = default_parameters();
  study.parameters.exposure.minor_events_per_y = 50.0;
  study.parameters.exposure.traumatic_events_per_y = 10.0;
  Arm blocked{"blocked", "", study.parameters, {}};
  study.arms = {Arm{"reference", "", study.parameters, {}}, blocked};
  Intervention drug;
  drug.name = "drug";
  drug.kind = InterventionKind::propranolol;
  drug.start_day = 3;
  drug.end_day = 20;
  drug.minute = 14 * 60;
  drug.duration_min = 180;
  drug.arms = {"blocked"};
  study.interventions = {drug};
  Probe tsst;
  tsst.name = "tsst";
  tsst.day = 5;
  tsst.samples_min = {-10, 0, 20, 60};
  study.probes = {tsst};
  study.traces.individuals = {static_cast<std::int64_t>(kPerson)};
  study.traces.every_min = study.dt_min;
  return study;
}

/// The rows of one person by name, and what the run itself shows of it.
struct Traced {
  Study study;
  Synthesis synthesis;
  Simulation simulation;
  TraceLayout layout;
  PersonTrace trace;
  std::map<std::string, std::vector<float>> rows;

  explicit Traced(const Study& s, std::size_t arm = 0, Isa isa = best_isa())
      : study(s),
        synthesis(SynthesisOptions{.seed = s.seed}),
        simulation(study, synthesis, isa),
        layout(trace_layout(study)),
        trace(empty_trace(layout, kPlace)) {
    const auto state = std::make_unique<Block>();
    simulation.start(1, arm, *state);
    simulation.trace(arm, 0, layout.to_day, *state, layout, std::span(&trace, 1));
    const std::vector<TraceVariable> variables = trace_variables(layout);
    for (std::size_t v = 0; v < variables.size(); ++v) rows[variables[v].name] = trace.rows[v];
  }
  void watch(std::size_t arm, const DayWatch& eye) const {
    const auto state = std::make_unique<Block>();
    ObservationSums sums(simulation.layout());
    std::vector<float> course(kBlockSize * simulation.outcome_numbers());
    simulation.start(1, arm, *state);
    simulation.walk(arm, 0, study.days, *state, sums, course, &eye);
  }
};

TEST(Trace, IsThePathOfTheRun) {
  for (const std::size_t arm : {std::size_t{0}, std::size_t{1}}) {
    const Traced traced(traced_study(), arm);
    std::size_t assessment = 0;
    int evenings = 0;
    traced.watch(arm, [&](int day, const Block& block, const BlockDayResult& seen) {
      const PersonState<Lanes>& s = block.pack[0];
      const DaySummary<Lanes>& d = seen.summary[0];
      constexpr int kLane = kPlace;
      const auto expect = [&](const char* name, double value) {
        EXPECT_EQ(traced.rows.at(name)[static_cast<std::size_t>(day)], static_cast<float>(value))
            << name << ", day " << day;
      };
      const auto expect_class = [&](const char* name, int k, double value) {
        EXPECT_EQ(traced.rows.at(name)[static_cast<std::size_t>(day * kStressorClasses + k)],
                  static_cast<float>(value))
            << name << " " << k << ", day " << day;
      };
      ++evenings;
      expect("latent", s.mental_health.latent[kLane]);
      expect("symptoms", s.mental_health.symptoms[kLane]);
      expect("distress", s.mental_health.distress[kLane]);
      expect("mood", s.mental_health.mood[kLane]);
      expect("self_control", s.self_control.w[kLane]);
      expect("allostatic_load", s.allostasis.load[kLane]);
      expect("energy_midnight", s.energy.store[kLane]);
      expect("traumas", s.exposure.traumas[kLane]);
      expect("success_general", s.memory.success_general[kLane]);
      expect("hassles", d.hassles[kLane]);
      expect("encounters", d.encounters[kLane]);
      expect("life_event", d.event[kLane]);
      expect("cortisol_daily_mean", d.cortisol[kLane]);
      for (int k = 0; k < kStressorClasses; ++k) {
        expect_class("predicted_threat", k, s.memory.threat[k][kLane]);
        expect_class("safety_memory", k, s.memory.safety[k][kLane]);
        expect_class("avoid_value", k, s.reinforcement.avoid[k][kLane]);
        expect_class("hpa_response", k, s.habituation.response[k][kLane]);
      }
      if ((day + 1) % 7 != 0) return;
      const Assessment<Lanes>& a = seen.assessment[0];
      EXPECT_EQ(traced.rows.at("ghq28")[assessment], static_cast<float>(a.ghq28[kLane]));
      EXPECT_EQ(traced.rows.at("ghq12")[assessment], static_cast<float>(a.ghq12[kLane]));
      EXPECT_EQ(traced.rows.at("hassles_7d")[assessment], static_cast<float>(a.hassles_7d[kLane]));
      ++assessment;
    });
    EXPECT_EQ(evenings, kDays);
    EXPECT_EQ(traced.rows.at("ghq28").size(), assessment);
    for (const auto& [name, values] : traced.rows) {
      if (name == "prediction_error") continue;  // of days with an encounter
      EXPECT_TRUE(std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) << name;
    }
  }
}

// A probe takes its samples at the beginning of a step, and so does a trace. The assay of cortisol
// has an error, the others have none.
TEST(Trace, ShowsWhatAProbeShows) {
  const Traced traced(traced_study());
  traced.watch(0, [&](int day, const Block&, const BlockDayResult& seen) {
    const Probe& probe = traced.study.probes[0];
    if (day != probe.day) return;
    for (std::size_t i = 0; i < probe.samples_min.size(); ++i) {
      const SampleLanes& sample = seen.stressor_samples[i * kPacksPerBlock];
      const auto moment =
          static_cast<std::size_t>((day * 1440 + probe.minute + probe.samples_min[i]) / 5);
      constexpr int kLane = kPlace;
      EXPECT_EQ(traced.rows.at("acth")[moment], static_cast<float>(sample.acth[kLane]));
      EXPECT_EQ(traced.rows.at("noradrenaline")[moment],
                static_cast<float>(sample.noradrenaline[kLane]));
      EXPECT_EQ(traced.rows.at("adrenaline")[moment], static_cast<float>(sample.adrenaline[kLane]));
    }
  });
  // The stressor acts from the step after its onset on.
  const std::size_t onset = (5 * 1440 + 15 * 60) / 5;
  EXPECT_EQ(traced.rows.at("intensity")[onset], 0.0F);
  EXPECT_GT(traced.rows.at("intensity")[onset + 1], 0.0F);
  EXPECT_GT(traced.rows.at("cortisol")[onset + 6], 1.2F * traced.rows.at("cortisol")[onset]);
}

TEST(Trace, NetworksAndReceptorsFollowFromTheHormones) {
  const Traced traced(traced_study());
  const ModelParameters& p = traced.study.parameters;
  for (std::size_t m = 0; m < traced.layout.moments(); m += 7) {
    const auto at = [&](const char* name) { return double{traced.rows.at(name)[m]}; };
    const double x = arousal_reference(p.networks, at("brain_noradrenaline"), at("fast_action"));
    ASSERT_NEAR(at("arousal"), x, 1e-6);
    ASSERT_NEAR(at("salience"), salience_reference(p.networks, x), 1e-6);
    const Occupancy occupied = occupancy_reference(p.receptors, at("brain_cortisol"));
    ASSERT_NEAR(at("mr_occupancy"), occupied.mr, 1e-6);
    ASSERT_NEAR(at("gr_occupancy"), occupied.gr, 1e-6);
    ASSERT_GT(at("executive_control"), 0.0);
    ASSERT_LT(at("executive_control"), 1.0);
  }
  // A day without an encounter has no intensity.
  const std::vector<float>& intensity = traced.rows.at("intensity");
  int quiet = 0, busy = 0;
  for (std::size_t day = 0; day < kDays; ++day) {
    const auto first = intensity.begin() + static_cast<std::ptrdiff_t>(288 * day);
    const float strongest = *std::max_element(first, first + 288);
    const bool has_none = traced.rows.at("encounters")[day] == 0.0F;
    EXPECT_TRUE(!has_none || strongest == 0.0F) << "day " << day;
    quiet += has_none ? 1 : 0;
    busy += strongest > 0.0F ? 1 : 0;
  }
  EXPECT_GT(quiet, 0);
  EXPECT_GT(busy, 0);
}

TEST(Trace, ACoarserOneAndAWindowArePartsOfIt) {
  const Traced whole(traced_study());
  Study study = traced_study();
  study.traces.every_min = 35.0;  // 7 steps, which do not divide a day
  study.traces.from_day = 4;
  study.traces.to_day = 19;
  const Traced part(study);
  ASSERT_EQ(part.layout.moments(), (15U * 288U + 6U) / 7U);
  for (std::size_t m = 0; m < part.layout.moments(); ++m) {
    EXPECT_DOUBLE_EQ(part.layout.time_of(m), 4.0 + static_cast<double>(m) * 35.0 / 1440.0);
    for (const TracedQuantity& q : kMomentQuantities) {
      const std::string name(q.name);
      ASSERT_EQ(part.rows.at(name)[m], whole.rows.at(name)[4 * 288 + 7 * m]) << name;
    }
  }
  ASSERT_EQ(part.rows.at("latent").size(), 15U);
  for (std::size_t day = 0; day < 15; ++day) {
    EXPECT_EQ(part.rows.at("latent")[day], whole.rows.at("latent")[day + 4]);
    EXPECT_EQ(part.rows.at("sleep_quality")[day], whole.rows.at("sleep_quality")[day + 4]);
  }
  EXPECT_THAT(part.layout.assessment_days, ElementsAre(6, 13));
  EXPECT_EQ(part.rows.at("ghq28")[0], whole.rows.at("ghq28")[0]);

  study.traces.every_min = 0.0;
  const Traced daily(study);
  EXPECT_EQ(daily.layout.moments(), 0U);
  EXPECT_TRUE(daily.rows.at("cortisol").empty());
  EXPECT_EQ(daily.rows.at("latent"), part.rows.at("latent"));
  EXPECT_EQ(daily.rows.at("sleep_quality"), part.rows.at("sleep_quality"));

  // Longer than a day: some days have a moment, all have the rest.
  study.traces.every_min = 1000.0;
  const Traced sparse(study);
  EXPECT_EQ(sparse.layout.moments(), 22U);
  EXPECT_EQ(sparse.rows.at("latent"), part.rows.at("latent"));
}

TEST(Trace, IsTheSameOnAllInstructionSets) {
  const Traced best(traced_study(), 1);
  for (const Isa isa : available_isas()) {
    const Traced other(traced_study(), 1, isa);
    for (const auto& [name, values] : best.rows) {
      if (name == "prediction_error") continue;  // NaN differs from itself
      EXPECT_EQ(other.rows.at(name), values) << name << " on " << to_string(isa);
    }
  }
}

TEST(Trace, GoesOnFromAState) {
  const Traced whole(traced_study());
  const auto state = std::make_unique<Block>();
  ObservationSums sums(whole.simulation.layout());
  std::vector<float> course(kBlockSize * whole.simulation.outcome_numbers());
  whole.simulation.start(1, 0, *state);
  whole.simulation.walk(0, 0, 12, *state, sums, course);
  const TraceLayout layout = trace_layout(whole.study, 12);
  EXPECT_EQ(layout.from_day, 12);
  PersonTrace rest = empty_trace(layout, kPlace);
  whole.simulation.trace(0, 12, 13, *state, layout, std::span(&rest, 1));
  whole.simulation.trace(0, 13, layout.to_day, *state, layout, std::span(&rest, 1));
  EXPECT_TRUE(std::equal(rest.rows[2].begin(), rest.rows[2].end(),
                         whole.rows.at("cortisol").begin() + 12 * 288));
}

TEST(TraceLayout, IsOfThePlan) {
  Study study = traced_study();
  study.traces.individuals = {90, 3, 64};
  study.traces.arms = {"blocked"};
  TraceLayout layout = trace_layout(study);
  EXPECT_THAT(layout.individuals, ElementsAre(3, 64, 90));
  EXPECT_THAT(layout.arms, ElementsAre(1));
  EXPECT_EQ(layout.moments(), 28U * 288U);
  study.traces.individuals.clear();
  study.traces.first = 3;
  study.traces.arms.clear();
  layout = trace_layout(study);
  EXPECT_THAT(layout.individuals, ElementsAre(0, 1, 2));
  EXPECT_THAT(layout.arms, ElementsAre(0, 1));

  double numbers = 0.0;
  for (const TraceVariable& variable : trace_variables(layout)) {
    numbers += static_cast<double>(variable.length);
  }
  const TraceSize size = trace_size(study);
  EXPECT_EQ(size.one, 4.0 * numbers);
  EXPECT_EQ(size.all, 4.0 * numbers * 3 * 2);
  // 19 at each moment; 22 numbers, 8 for each of 4 classes and 4 factors a day; 4 scores a week.
  EXPECT_EQ(numbers, 19.0 * 28 * 288 + (22.0 + 8 * 4 + 4) * 28 + 4.0 * 4);
  study.traces.first = 68719476736;  // nobody makes a list of them
  EXPECT_EQ(trace_size(study).all, 4.0 * numbers * 68719476736.0 * 2);
}

}  // namespace
}  // namespace eustress
