// Properties of the scalar reference: what must hold for every person and every day, whatever the
// parameters are calibrated to.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/engine/day.hpp"
#include "tests/support/statistics.hpp"

namespace eustress {
namespace {

using testing::Sample;
using testing::share_error;

constexpr double kDt = 5.0;
constexpr std::uint64_t kSeed = 7;
using Person = PersonState<double>;
using Columns = std::array<double, kPersonColumns>;

Columns columns(const Person& person) {
  return std::bit_cast<Columns>(person);
}

/// Position of a column of PersonState.
std::size_t column(const std::string& name) {
  const auto& all = person_columns();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return i;
  }
  ADD_FAILURE() << "no column " << name;
  return 0;
}

/// A small population under given parameters.
class World {
 public:
  explicit World(ModelParameters p = default_parameters()) : parameters(std::move(p)) {}

  [[nodiscard]] Person person(std::uint64_t id) const {
    return reference_person(parameters, keys, id, synthesis_.draw(id), 0.0);
  }
  DaySummary<double> live(Person& s, std::uint64_t id, DayPlan plan,
                          std::span<ProbeSample> samples = {}) const {
    return reference_day(s, parameters, keys, id, plan, kDt, samples);
  }
  DaySummary<double> live(Person& s, std::uint64_t id, int day) const {
    DayPlan plan;
    plan.day = day;
    return live(s, id, plan);
  }
  [[nodiscard]] Person person_after(std::uint64_t id, int days) const {
    Person s = person(id);
    for (int d = 0; d < days; ++d) live(s, id, d);
    return s;
  }
  [[nodiscard]] Assessment<double> assess(const Person& s, std::uint64_t id, int day) const {
    return reference_assessment(s, parameters, keys, id, day);
  }

  ModelParameters parameters;
  DrawKeys keys{kSeed, 0};

 private:
  Synthesis synthesis_{SynthesisOptions{.seed = kSeed}};
};

/// The default parameters with one of them changed.
ModelParameters with(std::string_view section, std::string_view key, double value) {
  ModelParameters p = default_parameters();
  bool found = false;
  for_each_parameter(p, [&](const ParameterInfo& info, double* number, bool* is_on) {
    if (info.section != section || info.key != key) return;
    found = true;
    if (number != nullptr) *number = value;
    if (is_on != nullptr) *is_on = value != 0.0;
  });
  EXPECT_TRUE(found) << section << "." << key;
  return p;
}

// --- the person -------------------------------------------------------------------------------

TEST(PersonColumns, NameEveryColumnOnce) {
  const auto& all = person_columns();
  ASSERT_EQ(all.size(), kPersonColumns);
  std::set<std::string> names;
  for (const PersonColumn& c : all) {
    EXPECT_TRUE(names.insert(c.name).second) << c.name;
    EXPECT_FALSE(c.unit.empty()) << c.name;
    EXPECT_FALSE(c.doc.empty()) << c.name;
  }
  // The names lie where the struct has the values.
  Person s{};
  s.hpa.acth = 1.0;
  s.memory.success_general = 2.0;
  s.malleability.delta[3] = 3.0;
  s.mental_health.ptsd_days = 4.0;
  s.stratum = 5.0;
  const Columns x = columns(s);
  EXPECT_EQ(x[column("hpa.acth")], 1.0);
  EXPECT_EQ(x[column("memory.success_general")], 2.0);
  EXPECT_EQ(x[column("malleability.positive_appraisal")], 3.0);
  EXPECT_EQ(x[column("mental_health.ptsd_days")], 4.0);
  EXPECT_EQ(x[column("person.stratum")], 5.0);
}

TEST(ReferencePerson, StartsAtRest) {
  const World world;
  const Person s = world.person(3);
  for (const double x :
       {s.hpa.crh, s.hpa.acth, s.hpa.cortisol, s.hpa.brain_cortisol, s.hpa.pituitary, s.hpa.adrenal,
        s.catecholamines.noradrenaline, s.catecholamines.dopamine, s.energy.store}) {
    EXPECT_EQ(x, 1.0);
  }
  EXPECT_EQ(fast_action_reference(s.receptors, world.parameters.receptors), s.receptors.genomic);
  EXPECT_EQ(action_beyond_rest_reference(world.parameters.receptors, s.receptors.genomic), 0.0);
  for (int k = 0; k < kStressorClasses; ++k) {
    EXPECT_EQ(s.habituation.response[k], 1.0);
    EXPECT_EQ(s.memory.threat[k], world.parameters.memory.initial_threat);
    EXPECT_EQ(s.reinforcement.engage[k], world.parameters.reinforcement.initial_value);
    EXPECT_EQ(control_belief_reference(s.controllability, world.parameters.controllability,
                                       static_cast<StressorClass>(k)),
              world.parameters.controllability.prior);
  }
  EXPECT_EQ(s.mental_health.symptoms, 0.0);
  EXPECT_EQ(s.exposure.traumas, 0.0);
}

TEST(ReferencePerson, FluctuationsStartInTheirStationaryDistribution) {
  const World world;
  Sample week, month, mood, pulse, delta, trait;
  for (std::uint64_t id = 0; id < 4000; ++id) {
    const Person s = world.person(id);
    week.add(s.exposure.week);
    month.add(s.exposure.month);
    mood.add(s.mental_health.mood);
    pulse.add((s.drive.pulse_phase - 0.5) * std::sqrt(12.0));
    delta.add(s.malleability.delta[2] / world.parameters.malleability.noise);
    trait.add(s.traits.x[static_cast<int>(Trait::cortisol_rate)] /
              world.parameters.traits.omega[static_cast<int>(Trait::cortisol_rate)]);
  }
  const Sample* all[] = {&week, &month, &mood, &pulse, &delta, &trait};
  for (const Sample* a : all) {
    EXPECT_NEAR(a->mean(), 0.0, 5.0 * a->mean_error());
    EXPECT_NEAR(a->variance(), 1.0, 5.0 * a->variance_error());
    for (const Sample* b : all) {
      if (a == b) continue;
      EXPECT_NEAR(testing::correlation(*a, *b), 0.0, 5.0 / std::sqrt(4000.0));
    }
  }
}

// --- every day --------------------------------------------------------------------------------

TEST(ReferenceDay, TheSameTwice) {
  const World world;
  for (std::uint64_t id = 0; id < 5; ++id) {
    EXPECT_EQ(columns(world.person_after(id, 20)), columns(world.person_after(id, 20)));
  }
  EXPECT_NE(columns(world.person_after(0, 5)), columns(world.person_after(1, 5)));
}

TEST(ReferenceDay, StatesStayInTheirRanges) {
  const World world;
  Sample hassles, encounters, mastered, avoided, with_encounter, energy;
  for (std::uint64_t id = 0; id < 200; ++id) {
    Person s = world.person(id);
    double n_hassles = 0.0, n_encounters = 0.0;
    for (int d = 0; d < 60; ++d) {
      const DaySummary<double> day = world.live(s, id, d);
      for (const double x : columns(s)) ASSERT_TRUE(std::isfinite(x)) << id << " on day " << d;
      n_hassles += day.hassles;
      n_encounters += day.encounters;
      mastered.add(day.mastered);
      avoided.add(day.avoided);
      with_encounter.add(day.encounters > 0.0 ? 1.0 : 0.0);
      ASSERT_LE(day.encounters, 5.0);
      ASSERT_LE(day.mastered + day.avoided, day.encounters);
      ASSERT_LE(day.predictions, day.encounters - day.avoided);
      ASSERT_GE(day.strain, 0.0);
      ASSERT_GT(day.cortisol, 0.0);
      ASSERT_GE(day.noradrenaline, 1.0 - 1e-9);

      const auto expect_between = [&](double low, double x, double high, const char* what) {
        ASSERT_GE(x, low) << what << " of " << id << " on day " << d;
        ASSERT_LE(x, high) << what << " of " << id << " on day " << d;
      };
      expect_between(0.0, s.energy.store, 1.0, "energy");
      expect_between(0.0, s.self_control.w, 1.0, "self-control");
      expect_between(0.0, s.mental_health.symptoms, 50.0, "symptoms");
      expect_between(-5.0, s.mental_health.distress, 5.0, "distress");
      expect_between(0.0, s.allostasis.load, 20.0, "load");
      for (const double x : {s.hpa.crh, s.hpa.acth, s.hpa.cortisol, s.hpa.brain_cortisol}) {
        expect_between(0.0, x, 100.0, "hormone");
      }
      expect_between(kGlandFloor, s.hpa.pituitary, 10.0, "pituitary");
      expect_between(kGlandFloor, s.hpa.adrenal, 10.0, "adrenal");
      expect_between(0.0, s.receptors.genomic, 1.0, "genomic action");
      expect_between(0.0, s.catecholamines.dopamine, 100.0, "dopamine");
      for (int k = 0; k < kStressorClasses; ++k) {
        expect_between(0.0, s.memory.threat[k], 2.0, "threat");
        expect_between(0.0, s.memory.safety[k], 1.0, "safety");
        expect_between(0.0, s.memory.success[k], 1.0, "success");
        expect_between(0.0, s.habituation.response[k], 1.0, "habituation");
        expect_between(0.0, s.controllability.acting[k], 1.0, "actor model");
        expect_between(0.0, s.controllability.spectator[k], 1.0, "spectator model");
        expect_between(-2.0, s.reinforcement.engage[k], 2.0, "value");
      }
    }
    hassles.add(n_hassles / 60.0);
    encounters.add(n_encounters / 60.0);
    energy.add(s.energy.store);
  }
  EXPECT_GT(hassles.mean(), 6.0);  // about 7.5 reported hassles
  EXPECT_LT(hassles.mean(), 9.5);
  EXPECT_GT(hassles.sd(), 1.0);       // people differ
  EXPECT_GT(encounters.mean(), 0.8);  // about one encounter
  EXPECT_LT(encounters.mean(), 1.4);
  EXPECT_GT(with_encounter.mean(), 0.40);  // S9
  EXPECT_LT(with_encounter.mean(), 0.75);
  EXPECT_GT(mastered.mean(), 0.1 * encounters.mean());
  EXPECT_LT(mastered.mean(), 0.8 * encounters.mean());
  EXPECT_GT(avoided.mean(), 0.1 * encounters.mean());
  EXPECT_LT(avoided.mean(), 0.8 * encounters.mean());
  EXPECT_GT(energy.mean(), 0.5);
}

TEST(ReferenceDay, ASeededPersonDoesNotDependOnHowOthersAreSimulated) {
  const World world;
  Person alone = world.person(17), among = world.person(17);
  Person other = world.person(18);
  for (int d = 0; d < 10; ++d) {
    world.live(alone, 17, d);
    world.live(other, 18, d);
    world.live(among, 17, d);
  }
  EXPECT_EQ(columns(alone), columns(among));
}

TEST(ReferenceDay, OtherSeedsAndReplicatesLiveOtherLives) {
  World world, other_replicate;
  other_replicate.keys.replicate = 1;
  EXPECT_NE(columns(world.person_after(0, 3)), columns(other_replicate.person_after(0, 3)));
}

TEST(ReferenceDay, CountersHoldAWeek) {
  const World world(with("exposure", "minor_events_per_y", 100.0));
  for (std::uint64_t id = 0; id < 5; ++id) {
    Person s = world.person(id);
    std::vector<double> hassles, events;
    for (int d = 0; d < 130; ++d) {
      const auto day = world.live(s, id, d);
      hassles.push_back(day.hassles);
      events.push_back(day.event > 0.0 ? 1.0 : 0.0);
      if ((d + 1) % 7 != 0) continue;
      const auto sum_of_last = [](const std::vector<double>& x, std::size_t n) {
        double sum = 0.0;
        for (std::size_t i = x.size() - std::min(n, x.size()); i < x.size(); ++i) sum += x[i];
        return sum;
      };
      const Assessment<double> a = world.assess(s, id, d);
      EXPECT_EQ(a.hassles_7d, sum_of_last(hassles, 7)) << "day " << d;
      EXPECT_EQ(a.life_events_13w, sum_of_last(events, 91)) << "day " << d;
      EXPECT_GE(a.ghq12, 0.0);
      EXPECT_LE(a.ghq12, 36.0);
      EXPECT_LE(a.ghq28, 84.0);
    }
  }
}

TEST(ReferenceDay, QuestionnairesSeeLatentDistress) {
  const World world;
  Sample well, ill;
  for (std::uint64_t id = 0; id < 300; ++id) {
    Person s = world.person(id);
    s.mental_health.latent = 0.0;
    well.add(world.assess(s, id, 6).ghq12);
    s.mental_health.latent = 3.0;
    ill.add(world.assess(s, id, 6).ghq12);
  }
  EXPECT_GT(ill.mean() - well.mean(), 5.0 * (ill.mean_error() + well.mean_error()));
}

// --- switches ---------------------------------------------------------------------------------

struct Ablation {
  const char* section;
  const char* key;
  double value;
  std::vector<std::string> frozen;   ///< columns that keep their initial value
  std::vector<std::string> changed;  ///< columns that differ from the unablated person
};

class AblationTest : public ::testing::TestWithParam<Ablation> {};

INSTANTIATE_TEST_SUITE_P(
    Switches, AblationTest,
    ::testing::Values(
        Ablation{"reinforcement",
                 "active",
                 0.0,
                 {"reinforcement.engage_demand", "reinforcement.reappraise_threat",
                  "reinforcement.avoid_demand"},
                 {"reinforcement.engage_demand"}},
        Ablation{"controllability",
                 "active",
                 0.0,
                 {"controllability.omega_demand", "controllability.acting_demand",
                  "controllability.spectator_demand", "controllability.omega_general"},
                 {"controllability.spectator_demand"}},
        Ablation{"controllability",
                 "generalisation",
                 0.0,
                 {"controllability.omega_general"},
                 {"controllability.omega_general"}},
        Ablation{"memory",
                 "threat_active",
                 0.0,
                 {"memory.threat_demand", "memory.threat_threat"},
                 {"memory.threat_demand"}},
        Ablation{"memory",
                 "safety_active",
                 0.0,
                 {"memory.safety_demand", "memory.safety_general"},
                 {"memory.safety_demand"}},
        Ablation{"memory",
                 "success_active",
                 0.0,
                 {"memory.success_demand", "memory.success_general"},
                 {"memory.success_demand"}},
        Ablation{"memory",
                 "generalisation",
                 0.0,
                 {"memory.safety_general", "memory.success_general"},
                 {"memory.success_general", "memory.threat_demand"}},
        Ablation{"memory", "glucocorticoids_at_night", 0.0, {}, {"memory.threat_demand"}},
        Ablation{"self_control", "active", 0.0, {"self_control.w"}, {"self_control.w"}},
        Ablation{"habituation",
                 "active",
                 0.0,
                 {"habituation.social_evaluative", "habituation.demand", "habituation.threat"},
                 {"habituation.demand", "hpa.adrenal"}},
        Ablation{"perseveration", "share", 0.0, {}, {"hpa.adrenal"}},
        Ablation{"malleability", "active", 0.0, {}, {"malleability.self_efficacy"}},
        Ablation{"catecholamines", "noradrenaline_active", 0.0, {}, {"memory.safety_demand"}},
        Ablation{"coping", "yoked", 1.0, {}, {"reinforcement.engage_demand"}}),
    [](const auto& p) { return std::string(p.param.section) + "_" + p.param.key; });

TEST_P(AblationTest, ChangesWhatItShouldAndNothingBeforeItsFirstEffect) {
  const Ablation& ablation = GetParam();
  const World usual, ablated(with(ablation.section, ablation.key, ablation.value));
  // glucocorticoids_at_night acts only while genomic action is above rest at midnight, in few
  // people.
  constexpr std::uint64_t kPersons = 12;
  std::set<std::string> changed;
  int quiet_days = 0;
  for (std::uint64_t id = 0; id < kPersons; ++id) {
    Person a = usual.person(id), b = ablated.person(id);
    const Columns start = columns(b);
    EXPECT_EQ(columns(a), start);
    bool eventful = false;
    for (int d = 0; d < 60; ++d) {
      const auto day = usual.live(a, id, d);
      ablated.live(b, id, d);
      eventful =
          eventful || day.encounters > 0.0 || ablation.section == std::string("malleability");
      if (!eventful) {
        EXPECT_EQ(columns(a), columns(b)) << id << " on day " << d;
        ++quiet_days;
      }
    }
    for (const std::string& name : ablation.frozen) {
      EXPECT_EQ(columns(b)[column(name)], start[column(name)]) << name << " of " << id;
    }
    for (const std::string& name : ablation.changed) {
      if (columns(a)[column(name)] != columns(b)[column(name)]) changed.insert(name);
    }
    // Luck is common: what happens to the two is the same as long as distress does not feed back.
    EXPECT_EQ(a.exposure.week, b.exposure.week);
    EXPECT_EQ(a.mental_health.mood, b.mental_health.mood);
    EXPECT_EQ(a.drive.pulse_phase, b.drive.pulse_phase);
  }
  if (ablation.section != std::string("malleability")) {
    EXPECT_GT(quiet_days, 0);
  }
  for (const std::string& name : ablation.changed) EXPECT_TRUE(changed.contains(name)) << name;
}

TEST(ReferenceDay, WithoutEncountersNothingIsLearned) {
  ModelParameters p = with("exposure", "encounter_share", 0.0);
  p.exposure.minor_events_per_y = p.exposure.severe_events_per_y =
      p.exposure.traumatic_events_per_y = 0.0;
  const World world(p);
  for (std::uint64_t id = 0; id < 5; ++id) {
    const Columns before = columns(world.person(id)), after = columns(world.person_after(id, 30));
    const auto& names = person_columns();
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (const char* mechanism :
           {"reinforcement.", "controllability.", "memory.", "self_control.", "habituation."}) {
        if (!names[i].name.starts_with(mechanism)) continue;
        EXPECT_EQ(after[i], before[i]) << names[i].name;
      }
    }
  }
}

TEST(ReferenceDay, YokedPeopleLearnNoControl) {
  // Stressors that can be mastered, by engaging only. Who always engages sees no difference between
  // the two models, so preferences are kept even.
  ModelParameters p = default_parameters();
  p.coping.reappraise_rate_per_min = 0.0;
  p.coping.engage_bias = p.coping.reappraise_bias = 2.0;
  p.coping.engage_rate_per_min = 0.3;
  p.reinforcement.active = false;
  p.exposure.control_social_evaluative = p.exposure.control_demand =
      p.exposure.control_interpersonal_loss = p.exposure.control_threat = 3.0;
  p.exposure.encounter_share = 0.4;
  ModelParameters yoked = p;
  yoked.coping.yoked = true;
  const World free(p), bound(yoked);
  Sample belief, yoked_belief;
  for (std::uint64_t id = 0; id < 40; ++id) {
    belief.add(control_belief_reference(free.person_after(id, 120).controllability,
                                        p.controllability, StressorClass::demand));
    yoked_belief.add(control_belief_reference(bound.person_after(id, 120).controllability,
                                              p.controllability, StressorClass::demand));
  }
  EXPECT_GT(belief.mean(), 0.5);
  EXPECT_NEAR(yoked_belief.mean(), p.controllability.prior, 0.1);
}

// --- one encounter by hand --------------------------------------------------------------------

/// Nobody meets anything but probes; the strategy is certain, and certain to succeed at once.
ModelParameters only_probes(Strategy strategy) {
  ModelParameters p = with("exposure", "encounter_share", 0.0);
  p.exposure.minor_events_per_y = p.exposure.severe_events_per_y =
      p.exposure.traumatic_events_per_y = 0.0;
  p.coping.engage_bias = strategy == Strategy::engage ? 100.0 : 0.0;
  p.coping.reappraise_bias = strategy == Strategy::reappraise ? 100.0 : 0.0;
  p.coping.avoid_bias = strategy == Strategy::avoid ? 100.0 : 0.0;
  p.coping.engage_rate_per_min = p.coping.reappraise_rate_per_min = p.coping.avoid_rate_per_min =
      1e6;
  return p;
}

Probe an_hour_of_demand(int minute = 900) {
  Probe probe;
  probe.minute = minute;
  probe.stressor = StressorClass::demand;
  probe.severity = 2.0;
  probe.controllability = 0.5;
  probe.duration_min = 60;
  return probe;
}

DaySummary<double> meet(const World& world, const Probe& probe, Person& s) {
  DayPlan plan;
  plan.stressor_probe = &probe;
  return world.live(s, 0, plan);
}

TEST(OneEncounter, EndsWithSuccessOfEngaging) {
  const ModelParameters p = only_probes(Strategy::engage);
  const World world(p);
  Person s = world.person(0);
  const auto day = meet(world, an_hour_of_demand(), s);
  EXPECT_EQ(day.encounters, 1.0);
  EXPECT_EQ(day.mastered, 1.0);
  EXPECT_EQ(day.avoided, 0.0);
  // The choice comes after 10 min, in the third of twelve steps.
  const double share = 3.0 / 12.0;
  EXPECT_NEAR(day.strain, 2.0 * share, 1e-12);
  EXPECT_NEAR(day.prediction_error, std::abs(4.0 / 3.0 * share - p.memory.initial_threat), 1e-12);
  EXPECT_GT(s.reinforcement.engage[1], p.reinforcement.initial_value);
  EXPECT_GT(s.controllability.acting[1], kInitialResolution);
  EXPECT_EQ(s.controllability.not_acting[1], kInitialResolution);
  EXPECT_GT(s.memory.safety[1], 0.0);
  EXPECT_GT(s.self_control.w, 0.0);
  EXPECT_LT(s.habituation.response[1], 1.0);
  EXPECT_EQ(s.habituation.response[0], 1.0);
}

TEST(OneEncounter, GoesOnRelievedAfterReappraisal) {
  const ModelParameters p = only_probes(Strategy::reappraise);
  const World world(p);
  Person s = world.person(0);
  const auto day = meet(world, an_hour_of_demand(), s);
  EXPECT_EQ(day.mastered, 1.0);
  EXPECT_NEAR(day.strain, 2.0 * (3.0 + 9.0 * p.coping.relief) / 12.0, 1e-12);
  EXPECT_GT(s.reinforcement.reappraise[1], p.reinforcement.initial_value);
  EXPECT_LT(s.controllability.not_acting[1], kInitialResolution);  // it did not go away
}

TEST(OneEncounter, TeachesNothingWhenAvoided) {
  const ModelParameters p = only_probes(Strategy::avoid);
  const World world(p);
  Person s = world.person(0);
  const auto day = meet(world, an_hour_of_demand(), s);
  EXPECT_EQ(day.mastered, 0.0);
  EXPECT_EQ(day.avoided, 1.0);
  EXPECT_EQ(day.predictions, 0.0);
  EXPECT_NEAR(day.strain, 2.0 * 3.0 / 12.0, 1e-12);
  EXPECT_GT(s.reinforcement.avoid[1], p.reinforcement.initial_value);
  EXPECT_EQ(s.memory.threat[1], p.memory.initial_threat);
  EXPECT_EQ(s.memory.safety[1], 0.0);
  EXPECT_EQ(s.controllability.spectator[1], kInitialResolution);
}

TEST(OneEncounter, RunsItsCourseWithoutSuccess) {
  ModelParameters p = only_probes(Strategy::engage);
  p.coping.engage_rate_per_min = 0.0;
  const World world(p);
  Person s = world.person(0);
  const auto day = meet(world, an_hour_of_demand(), s);
  EXPECT_EQ(day.mastered, 0.0);
  EXPECT_NEAR(day.strain, 2.0, 1e-12);
  EXPECT_LT(s.reinforcement.engage[1], p.reinforcement.initial_value);
  EXPECT_LT(s.controllability.acting[1], kInitialResolution);
  EXPECT_EQ(s.self_control.w, 0.0);
}

// The same person twice, but for what goes on in the head: cortisol two hours after an hour of
// demand.
TEST(OneEncounter, GoesOnInTheHeadUnlessItWasMastered) {
  struct Case {
    Strategy strategy;
    double rate_per_min;
    bool goes_on;
  };
  for (const Case c : {Case{Strategy::engage, 1e6, false}, Case{Strategy::reappraise, 1e6, true},
                       Case{Strategy::engage, 0.0, true}, Case{Strategy::avoid, 1e6, true}}) {
    SCOPED_TRACE(std::to_string(static_cast<int>(c.strategy)) + " at " +
                 std::to_string(c.rate_per_min));
    ModelParameters p = only_probes(c.strategy);
    p.coping.engage_rate_per_min = p.coping.avoid_rate_per_min = c.rate_per_min;
    p.perseveration = {.share = 0.0, .tau_min = 60.0};
    const World without(p);
    p.perseveration.share = 0.2;
    const World with_it(p);
    Probe probe = an_hour_of_demand();
    probe.samples_min = {180};
    DayPlan plan;
    plan.stressor_probe = &probe;
    Person a = without.person(0), b = a;
    std::array<ProbeSample, 1> ended{}, worried{};
    without.live(a, 0, plan, ended);
    with_it.live(b, 0, plan, worried);
    EXPECT_EQ(ended[0].noradrenaline, worried[0].noradrenaline);
    if (c.goes_on) {
      EXPECT_GT(worried[0].cortisol, 1.02 * ended[0].cortisol);
    } else {
      EXPECT_EQ(columns(a), columns(b));
    }
  }
}

TEST(OneEncounter, EndsWithTheDay) {
  ModelParameters p = only_probes(Strategy::engage);
  p.coping.engage_rate_per_min = 0.0;
  const World world(p);
  Person s = world.person(0);
  // Six of twelve steps before midnight.
  EXPECT_NEAR(meet(world, an_hour_of_demand(1410), s).strain, 2.0 * 6.0 / 12.0, 1e-12);
}

TEST(OneEncounter, AnUnexpectedRewardIsFeltInDopamine) {
  ModelParameters p = only_probes(Strategy::engage);
  p.catecholamines.reward_pulse = 0.0;
  const World without(p);
  p.catecholamines.reward_pulse = 2.0;
  const World with_pulse(p);
  Person a = without.person(0), b = a;
  const Probe late = an_hour_of_demand(1410);
  meet(without, late, a);
  meet(with_pulse, late, b);
  EXPECT_GT(b.catecholamines.dopamine, a.catecholamines.dopamine + 0.1);
}

TEST(ReferenceDay, EarlierTraumasSensitise) {
  ModelParameters p = only_probes(Strategy::engage);
  const World world(p);
  p.mental_health.sensitisation *= 3.0;
  const World sensitive(p);
  const Wave waves[] = {Wave{}};
  DayPlan plan;
  plan.waves = waves;
  const auto symptoms = [&](const World& w, double earlier) {
    Person s = w.person(0);
    s.exposure.traumas = earlier;
    w.live(s, 0, plan);
    return s.mental_health.symptoms;
  };
  EXPECT_EQ(symptoms(world, 0.0), symptoms(sensitive, 0.0));
  const double sens = world.parameters.mental_health.sensitisation;
  const double half = world.parameters.mental_health.sensitisation_half;
  EXPECT_NEAR(symptoms(world, half), symptoms(world, 0.0) * (1.0 + 0.5 * sens), 1e-12);
  EXPECT_NEAR(symptoms(sensitive, half), symptoms(world, 0.0) * (1.0 + 1.5 * sens), 1e-12);
}

// --- regimes, waves and probes ----------------------------------------------------------------

Study study_with(std::vector<Regime> regimes) {
  Study study;
  study.regimes = std::move(regimes);
  return study;
}

TEST(DayModifiers, AreTheProductOfTheRegimesOfTheDay) {
  Regime first;
  first.start_day = 10;
  first.end_day = 20;
  first.hassle_rate = 2.0;
  first.severity = 1.5;
  Regime second = first;
  second.start_day = 15;
  second.end_day = 30;
  second.life_event_rate = 3.0;
  second.controllability = 0.5;
  second.group = 4;
  const Study study = study_with({first, second});
  for (const int day : {0, 9, 30, 100}) {
    const DayModifiers none = day_modifiers(study, day, {.group = 4});
    EXPECT_EQ(none.log_hassle_rate, 0.0);
    EXPECT_EQ(none.event_rate, 1.0);
    EXPECT_EQ(none.severity, 1.0);
    EXPECT_EQ(none.controllability, 1.0);
  }
  for (const std::int32_t group : {-1, 3}) {
    const DayModifiers one = day_modifiers(study, 17, {.group = group});
    EXPECT_NEAR(one.log_hassle_rate, std::log(2.0), 1e-15);
    EXPECT_EQ(one.event_rate, 1.0);
    EXPECT_EQ(one.severity, 1.5);
  }
  const DayModifiers both = day_modifiers(study, 17, {.group = 4});
  EXPECT_NEAR(both.log_hassle_rate, 2.0 * std::log(2.0), 1e-15);
  EXPECT_EQ(both.event_rate, 3.0);
  EXPECT_EQ(both.severity, 2.25);
  EXPECT_EQ(both.controllability, 0.5);
  EXPECT_EQ(day_modifiers(study, 10, {}).severity, 1.5);  // first day in
  EXPECT_EQ(day_modifiers(study, 19, {}).severity, 1.5);
  EXPECT_EQ(day_modifiers(study, 20, {}).severity, 1.0);  // end day out
}

TEST(DayModifiers, RegimesOfASexAndAStratumConcernOnlyThose) {
  Regime women;
  women.end_day = 10;
  women.severity = 2.0;
  women.sex = 1;
  Regime frail = women;
  frail.sex.reset();
  frail.stratum = "fitness_low";
  frail.severity = 3.0;
  Regime all = frail;
  all.stratum = "all";
  all.severity = 5.0;
  const Study study = study_with({women, frail, all});
  EXPECT_EQ(day_modifiers(study, 1, {}).severity, 5.0);
  EXPECT_EQ(day_modifiers(study, 1, {.sex = 0, .stratum = "fitness_high"}).severity, 5.0);
  EXPECT_EQ(day_modifiers(study, 1, {.sex = 1, .stratum = "fitness_high"}).severity, 10.0);
  EXPECT_EQ(day_modifiers(study, 1, {.sex = 0, .stratum = "fitness_low"}).severity, 15.0);
  EXPECT_EQ(day_modifiers(study, 1, {.sex = 1, .stratum = "fitness_low"}).severity, 30.0);
}

TEST(ReferenceDay, ARegimeRaisesTheStrain) {
  const World world;
  Sample usual, hard;
  for (std::uint64_t id = 0; id < 300; ++id) {
    Person a = world.person(id), b = a;
    DayPlan plan;
    usual.add(world.live(a, id, plan).strain);
    plan.modifiers.severity = 2.0;
    plan.modifiers.log_hassle_rate = std::log(1.5);
    hard.add(world.live(b, id, plan).strain);
  }
  EXPECT_GT(hard.mean(), 1.5 * usual.mean());
}

TEST(ReferenceDay, AWaveHitsItsFraction) {
  const World world;
  Wave wave;
  wave.day = 2;
  wave.fraction = 0.3;
  Wave larger = wave;
  larger.fraction = 0.5;
  const Wave waves[] = {wave}, larger_waves[] = {larger};
  constexpr int kPersons = 3000;
  int hit = 0, hit_larger = 0;
  for (std::uint64_t id = 0; id < kPersons; ++id) {
    Person s = world.person(id), t = s, other_day = s;
    DayPlan plan;
    plan.day = 2;
    plan.waves = waves;
    const bool is_hit = world.live(s, id, plan).event == 3.0;
    plan.waves = larger_waves;
    const bool is_hit_larger = world.live(t, id, plan).event == 3.0;
    hit += is_hit ? 1 : 0;
    hit_larger += is_hit_larger ? 1 : 0;
    EXPECT_LE(is_hit, is_hit_larger);  // a larger wave hits the same people and others
    EXPECT_EQ(is_hit, s.exposure.traumas == 1.0);
    if (id >= 200) continue;
    Person without = other_day;
    plan.day = 3;
    world.live(other_day, id, plan);
    plan.waves = {};
    world.live(without, id, plan);
    EXPECT_EQ(columns(other_day), columns(without));
  }
  // Own traumatic events add .0002 a day.
  EXPECT_NEAR(hit / double{kPersons}, 0.3, 5.0 * share_error(0.3, kPersons));
  EXPECT_NEAR(hit_larger / double{kPersons}, 0.5, 5.0 * share_error(0.5, kPersons));
}

TEST(ReferenceDay, ATraumaLeavesSymptomsThatDecline) {
  const World world;
  Wave wave;
  wave.day = 0;
  const Wave waves[] = {wave};
  Sample hit, spared, later;
  for (std::uint64_t id = 0; id < 150; ++id) {
    Person s = world.person(id), t = s;
    DayPlan plan;
    world.live(t, id, plan);
    plan.waves = waves;
    world.live(s, id, plan);
    hit.add(s.mental_health.symptoms);
    spared.add(t.mental_health.symptoms);
    for (int d = 1; d < 120; ++d) world.live(s, id, d);
    later.add(s.mental_health.symptoms);
  }
  EXPECT_GT(hit.mean(), 0.3);
  EXPECT_LT(spared.mean(), 0.05);
  EXPECT_LT(later.mean(), hit.mean());
}

Probe stress_test() {
  Probe probe;
  probe.day = 3;
  for (int t = -30; t <= 120; t += 5) probe.samples_min.push_back(t);
  return probe;
}

TEST(ReferenceDay, AStressTestRaisesCortisolWithAPeakAfterHalfAnHour) {
  const World world;
  const Probe probe = stress_test();
  std::vector<ProbeSample> mean(probe.samples_min.size());
  constexpr std::uint64_t kPersons = 200;
  for (std::uint64_t id = 0; id < kPersons; ++id) {
    Person s = world.person_after(id, 3);
    std::vector<ProbeSample> samples(mean.size());
    DayPlan plan;
    plan.day = 3;
    plan.stressor_probe = &probe;
    world.live(s, id, plan, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      mean[i].cortisol += samples[i].cortisol / kPersons;
      mean[i].acth += samples[i].acth / kPersons;
      mean[i].noradrenaline += samples[i].noradrenaline / kPersons;
      mean[i].adrenaline += samples[i].adrenaline / kPersons;
    }
  }
  const auto peak_min = [&](double ProbeSample::*member) {
    const auto highest = std::max_element(
        mean.begin() + 6, mean.end(),
        [&](const ProbeSample& a, const ProbeSample& b) { return a.*member < b.*member; });
    return probe.samples_min[static_cast<std::size_t>(highest - mean.begin())];
  };
  const auto at = [&](double ProbeSample::*member, int minute) {
    return mean[static_cast<std::size_t>((minute + 30) / 5)].*member;
  };
  EXPECT_GE(peak_min(&ProbeSample::cortisol), 20);
  EXPECT_LE(peak_min(&ProbeSample::cortisol), 60);
  EXPECT_GT(at(&ProbeSample::cortisol, peak_min(&ProbeSample::cortisol)),
            1.3 * at(&ProbeSample::cortisol, 0));
  EXPECT_LT(at(&ProbeSample::cortisol, 120),
            0.7 * at(&ProbeSample::cortisol, peak_min(&ProbeSample::cortisol)));
  EXPECT_LT(peak_min(&ProbeSample::acth), peak_min(&ProbeSample::cortisol));
  EXPECT_LE(peak_min(&ProbeSample::noradrenaline), probe.duration_min);
  EXPECT_LE(peak_min(&ProbeSample::adrenaline), probe.duration_min);
  EXPECT_GT(at(&ProbeSample::noradrenaline, 10), 1.3 * at(&ProbeSample::noradrenaline, 0));
  EXPECT_NEAR(at(&ProbeSample::noradrenaline, 40), at(&ProbeSample::noradrenaline, 0), 0.1);
}

TEST(ReferenceDay, CrhRaisesActhAndCortisol) {
  const World world;
  Probe probe;
  probe.kind = ProbeKind::crh;
  probe.day = 0;
  probe.samples_min = {0, 15, 30, 60, 240};
  Sample acth, cortisol;
  for (std::uint64_t id = 0; id < 50; ++id) {
    Person s = world.person(id);
    std::vector<ProbeSample> samples(probe.samples_min.size());
    DayPlan plan;
    plan.crh_probe = &probe;
    world.live(s, id, plan, samples);
    acth.add(samples[1].acth / samples[0].acth);
    cortisol.add(samples[2].cortisol / samples[0].cortisol);
  }
  EXPECT_GT(acth.mean(), 2.0);
  EXPECT_GT(cortisol.mean(), 1.5);
}

TEST(ReferenceDay, LookingDoesNotChangeAnything) {
  const World world;
  Probe watch;
  watch.kind = ProbeKind::crh;
  watch.bolus = 0.0;
  watch.minute = 0;
  for (int t = 0; t < 1440; t += 30) watch.samples_min.push_back(t);
  for (std::uint64_t id = 0; id < 10; ++id) {
    Person seen = world.person(id), unseen = seen;
    for (int d = 0; d < 10; ++d) {
      std::vector<ProbeSample> samples(watch.samples_min.size());
      DayPlan plan;
      plan.day = d;
      world.live(unseen, id, plan);
      plan.crh_probe = &watch;
      world.live(seen, id, plan, samples);
      EXPECT_GT(samples.back().cortisol, 0.0);
      EXPECT_GE(world.assess(seen, id, d).ghq12, 0.0);
    }
    EXPECT_EQ(columns(seen), columns(unseen));
  }
}

TEST(ReferenceDay, AProbeMeetsEveryoneEvenOnABusyDay) {
  ModelParameters p = with("exposure", "encounter_share", 1.0);
  const World world(p);
  const Probe probe = stress_test();
  for (std::uint64_t id = 0; id < 50; ++id) {
    Person with_probe = world.person(id), without = with_probe;
    DayPlan plan;
    const double others = world.live(without, id, plan).encounters;
    plan.stressor_probe = &probe;
    std::vector<ProbeSample> samples(probe.samples_min.size());
    EXPECT_LE(world.live(with_probe, id, plan, samples).encounters, others + 1.0);
    EXPECT_NE(columns(with_probe), columns(without));
  }
}

TEST(ReferenceDay, ResultsConvergeWithTheStep) {
  // Without encounters, whose course depends on draws per step, the step hardly matters.
  ModelParameters p = with("exposure", "encounter_share", 0.0);
  p.exposure.minor_events_per_y = p.exposure.severe_events_per_y =
      p.exposure.traumatic_events_per_y = 0.0;
  const World world(p);
  for (std::uint64_t id = 0; id < 5; ++id) {
    Person coarse = world.person(id), half = coarse, fine = coarse;
    for (int d = 0; d < 10; ++d) {
      DayPlan plan;
      plan.day = d;
      reference_day(coarse, p, world.keys, id, plan, 5.0, {});
      reference_day(half, p, world.keys, id, plan, 2.5, {});
      reference_day(fine, p, world.keys, id, plan, 1.0, {});
    }
    EXPECT_NEAR(coarse.hpa.cortisol, fine.hpa.cortisol, 2e-3 * fine.hpa.cortisol);
    // (G3) takes the cortisol at the end of a step for the whole of it: first order, so steps of
    // 2.5 min have 1.5/4 of the difference to steps of 1 min that steps of 5 min have.
    EXPECT_NEAR(coarse.receptors.genomic, fine.receptors.genomic, 1e-2 * fine.receptors.genomic);
    EXPECT_NEAR((half.receptors.genomic - fine.receptors.genomic) /
                    (coarse.receptors.genomic - fine.receptors.genomic),
                1.5 / 4.0, 0.05);
    EXPECT_NEAR(coarse.energy.store, fine.energy.store, 2e-3);
    EXPECT_EQ(coarse.exposure.hassles_7d, fine.exposure.hassles_7d);
  }
}

}  // namespace
}  // namespace eustress
