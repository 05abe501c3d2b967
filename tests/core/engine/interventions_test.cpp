// Interventions of a study: who gets them, what they leave untouched, and that each moves what it
// aims at.

#include "core/engine/interventions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"

namespace eustress {
namespace {

Study small_study(std::uint64_t individuals, int days) {
  Study study;
  study.name = "interventions";
  study.seed = 5;
  study.days = days;
  study.population.individuals = individuals;
  study.parameters = default_parameters();
  study.arms = {Arm{"reference", "", study.parameters, {}}};
  return study;
}

Arm arm(const std::string& name, const Study& study) {
  return Arm{name, "", study.parameters, {}};
}

Intervention of_kind(InterventionKind kind, int start_day, int end_day) {
  Intervention i;
  i.name = kInterventionKindNames[static_cast<std::size_t>(kind)];
  i.kind = kind;
  i.start_day = start_day;
  i.end_day = end_day;
  if (kind == InterventionKind::inoculation) {
    i.minute = 600;
    i.duration_min = 45;
  }
  return i;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0;
}

/// All blocks of a study: records of individuals, sums, and the states at the end.
struct Outcome {
  Study study;
  Synthesis synthesis;
  Simulation simulation;
  std::vector<ObservationSums> sums;
  std::vector<std::vector<Block>> states;  ///< [arm][block]
  std::vector<BlockRecord> records;

  explicit Outcome(const Study& s)
      : study(s),
        synthesis(SynthesisOptions{.seed = s.seed, .replicate = s.replicate}),
        simulation(study, synthesis, best_isa()),
        sums(study.arms.size(), ObservationSums(simulation.layout())),
        states(study.arms.size(), std::vector<Block>(simulation.blocks())) {
    for (std::uint64_t b = 0; b < simulation.blocks(); ++b) {
      std::vector<std::vector<float>> courses(study.arms.size());
      std::vector<const Block*> at_end;
      std::vector<std::span<const float>> seen;
      for (std::size_t a = 0; a < study.arms.size(); ++a) {
        courses[a].resize(kBlockSize * simulation.course_numbers());
        simulation.start(b, a, states[a][b]);
        simulation.walk(a, 0, study.days, states[a][b], sums[a], courses[a]);
        at_end.push_back(&states[a][b]);
        seen.emplace_back(courses[a]);
      }
      records.push_back(simulation.record_of(b, at_end, seen));
    }
  }
  [[nodiscard]] const PersonState<Lanes>& pack(std::size_t a, std::uint64_t id) const {
    return states[a][id / kBlockSize].pack[id % kBlockSize / kLanes];
  }
  /// -1: not enrolled.
  [[nodiscard]] double level(std::size_t a, std::uint64_t id, int slot = 0) const {
    return pack(a, id).interventions.level[slot][static_cast<int>(id % kLanes)];
  }
  /// All numbers of a person in an arm: individual output, and the state but for interventions.
  [[nodiscard]] std::vector<double> numbers(std::size_t a, std::uint64_t id) const {
    std::vector<double> all;
    const auto columns = record_columns(simulation.layout());
    const BlockRecord& record = records[id / kBlockSize];
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::size_t row = (columns[c].per_arm ? a * record.rows : 0) + id % kBlockSize;
      for (std::size_t i = 0; i < columns[c].width; ++i) {
        all.push_back(record.values[c][row * columns[c].width + i]);
      }
    }
    PersonState<Lanes> state = pack(a, id);
    state.interventions = {};
    const auto* lanes = reinterpret_cast<const Lanes*>(&state);
    for (std::size_t c = 0; c < kPersonColumns; ++c) {
      all.push_back(lanes[c][static_cast<int>(id % kLanes)]);
    }
    return all;
  }
  [[nodiscard]] bool same(std::size_t a, std::size_t b, std::uint64_t id) const {
    return same_bits(numbers(a, id), numbers(b, id));
  }
  [[nodiscard]] bool same_sums(std::size_t a, std::size_t b) const {
    const auto x = sums[a].cells(), y = sums[b].cells();
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
  }
};

Probe stress_test(const std::string& name, int day) {
  Probe probe;
  probe.name = name;
  probe.day = day;
  probe.samples_min = {0, 15, 30, 45};
  return probe;
}

// --- what is promised exactly -----------------------------------------------------------------

TEST(StudyInterventions, ArmsThatChangeNothingAreTheReferenceBitByBit) {
  Study study = small_study(130, 28);
  study.probes = {stress_test("tsst", 12)};
  study.arms.push_back(arm("dose_0", study));
  study.arms.push_back(arm("nobody", study));
  for (int k = 0; k < 6; ++k) {
    Intervention none = of_kind(static_cast<InterventionKind>(2 * k % kInterventionKinds), 3, 24);
    none.name = "none_" + std::to_string(k);
    none.arms = {"dose_0"};
    none.dose = 0.0;
    study.interventions.push_back(none);
    Intervention nobody = none;
    nobody.name = "nobody_" + std::to_string(k);
    nobody.arms = {"nobody"};
    nobody.dose = 3.0;
    nobody.target = k % 2 == 0 ? InterventionTarget::fraction : InterventionTarget::symptoms;
    nobody.fraction = 0.0;
    nobody.threshold = 1e9;
    study.interventions.push_back(nobody);
  }
  const Outcome run(study);
  EXPECT_TRUE(run.same_sums(0, 1));
  EXPECT_TRUE(run.same_sums(0, 2));
  for (std::uint64_t id = 0; id < 130; ++id) {
    EXPECT_TRUE(run.same(0, 1, id)) << id;
    EXPECT_TRUE(run.same(0, 2, id)) << id;
    EXPECT_EQ(run.level(1, id), 0.0);
    EXPECT_EQ(run.level(2, id), kNotEnrolled);
  }
}

TEST(StudyInterventions, ATenthIsTreatedAndTheOthersKeepTheirBits) {
  constexpr std::uint64_t kPeople = 1000;
  Study study = small_study(kPeople, 21);
  study.arms.push_back(arm("some", study));
  study.interventions = {of_kind(InterventionKind::social_support, 2, 21)};
  study.interventions[0].target = InterventionTarget::fraction;
  study.interventions[0].fraction = 0.1;
  study.interventions[0].dose = 2.0;
  const Outcome run(study);
  std::uint64_t treated = 0, changed = 0;
  for (std::uint64_t id = 0; id < kPeople; ++id) {
    const bool is_treated = run.level(1, id) >= 0.0;
    const bool is_same = run.same(0, 1, id);
    treated += is_treated ? 1U : 0U;
    changed += is_same ? 0U : 1U;
    ASSERT_TRUE(is_treated || is_same) << id;
  }
  EXPECT_NEAR(static_cast<double>(treated), 100.0, 5.0 * std::sqrt(1000.0 * 0.1 * 0.9));
  EXPECT_GT(changed, 9 * treated / 10);
  EXPECT_EQ(count_targets(study, 0, run.synthesis, kPeople), treated);
}

TEST(StudyInterventions, AnotherInterventionInOneArmLeavesTheOtherArms) {
  Study study = small_study(100, 21);
  study.arms.push_back(arm("a", study));
  study.arms.push_back(arm("b", study));
  Intervention first = of_kind(InterventionKind::coping_training, 2, 21);
  first.adherence = 0.5;
  first.dropout_per_d = 0.02;
  first.target = InterventionTarget::fraction;
  study.interventions = {first};
  const Outcome before(study);
  Intervention second = of_kind(InterventionKind::exercise, 4, 20);
  second.arms = {"b"};
  study.interventions.push_back(second);
  const Outcome after(study);
  bool b_differs = false;
  for (std::uint64_t id = 0; id < 100; ++id) {
    for (std::size_t a = 0; a < 2; ++a) {
      ASSERT_TRUE(same_bits(before.numbers(a, id), after.numbers(a, id)));
    }
    // The same draws in every arm: a and b were the same before.
    ASSERT_TRUE(before.same(1, 2, id));
    ASSERT_EQ(after.level(1, id), after.level(2, id));
    b_differs = b_differs || !same_bits(before.numbers(2, id), after.numbers(2, id));
  }
  EXPECT_TRUE(b_differs);
}

TEST(StudyInterventions, NothingHappensBeforeTheStart) {
  Study early = small_study(64, 14);
  early.arms.push_back(arm("a", early));
  for (int k = 0; k < 6; ++k) {
    early.interventions.push_back(of_kind(static_cast<InterventionKind>(k + 4), 14, 20));
  }
  const Outcome run(early);
  EXPECT_TRUE(run.same_sums(0, 1));
}

// --- who and how long -------------------------------------------------------------------------

TEST(StudyInterventions, TargetsByFactorRiskStratumAndSymptoms) {
  constexpr std::uint64_t kPeople = 1500;
  Study study = small_study(kPeople, 3);
  study.output.strata = {"sex"};
  study.parameters.exposure.traumatic_events_per_y = 40.0;
  study.arms = {arm("reference", study), arm("a", study)};
  for (int k = 0; k < 6; ++k) {
    Intervention i = of_kind(InterventionKind::sleep, 2, 3);
    i.name = std::to_string(k);
    i.factor = Factor::optimism;
    study.interventions.push_back(i);
  }
  auto& all = study.interventions;
  all[0].target = InterventionTarget::factor_low;
  all[0].quantile = 0.2;
  all[1].target = InterventionTarget::factor_high;
  all[1].quantile = 0.7;
  all[2].target = InterventionTarget::risk;
  all[2].quantile = 0.9;
  all[2].weights = {{"early_adversity", 1.0}, {"optimism", -2.0}, {"social_support", -1.0}};
  all[3].target = InterventionTarget::stratum;
  all[3].stratum = "sex_1";
  all[4].target = InterventionTarget::symptoms;
  all[4].threshold = 0.5;
  all[5].target = InterventionTarget::symptoms;
  all[5].threshold = 0.5;
  all[5].stepped = true;
  all[5].start_day = 1;
  const Outcome run(study);
  double in[6] = {};
  for (std::uint64_t id = 0; id < kPeople; ++id) {
    const IndividualDraw draw = run.synthesis.draw(id);
    const double z = draw.z[index_of(Factor::optimism)];
    EXPECT_EQ(run.level(1, id, 0) >= 0.0, z < -0.8416212335729143) << z;
    EXPECT_EQ(run.level(1, id, 1) >= 0.0, z > 0.5244005127080407) << z;
    EXPECT_EQ(run.level(1, id, 3) >= 0.0, draw.sex == 1);
    EXPECT_LE(run.level(1, id, 4) >= 0.0, run.level(1, id, 5) >= 0.0);  // stepped: at least those
    for (int k = 0; k < 6; ++k) in[k] += run.level(1, id, k) >= 0.0 ? 1.0 : 0.0;
  }
  const double sd = std::sqrt(kPeople * 0.1 * 0.9);
  EXPECT_NEAR(in[2], 0.1 * kPeople, 5.0 * sd);
  EXPECT_GT(in[4], 50.0);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(static_cast<double>(*count_targets(study, k, run.synthesis, kPeople)), in[k]);
  }
  EXPECT_FALSE(count_targets(study, 4, run.synthesis, kPeople).has_value());
}

TEST(StudyInterventions, AdherenceAndDropoutAreWhatTheySay) {
  constexpr double kPeople = 2000.0;
  Study study = small_study(2000, 20);
  study.arms.push_back(arm("a", study));
  Intervention dropout = of_kind(InterventionKind::sleep, 0, 20);
  dropout.dropout_per_d = 0.05;
  Intervention adherence = dropout;
  adherence.name = "other";
  adherence.dropout_per_d = 0.0;
  adherence.adherence = 0.3;
  study.interventions = {dropout, adherence};
  const Outcome run(study);
  double stay = 0.0, held = 0.0;
  for (std::uint64_t id = 0; id < 2000; ++id) {
    stay += run.level(1, id, 0) > 0.0 ? 1.0 : 0.0;
    held += run.level(1, id, 1) > 0.0 ? 1.0 : 0.0;  // on the last day
  }
  const double e = std::exp(-1.0);
  EXPECT_NEAR(stay, kPeople * e, 5.0 * std::sqrt(kPeople * e * (1.0 - e)));
  EXPECT_NEAR(held, kPeople * 0.3, 5.0 * std::sqrt(kPeople * 0.21));
}

TEST(StudyInterventions, UnknownStrataAndTooManyAreRefused) {
  Study study = small_study(10, 10);
  study.output.strata = {"sex"};
  study.arms.push_back(arm("a", study));
  study.interventions = {of_kind(InterventionKind::sleep, 1, 5)};
  study.interventions[0].target = InterventionTarget::stratum;
  study.interventions[0].stratum = "sex_3";
  const Synthesis synthesis(SynthesisOptions{.seed = study.seed});
  EXPECT_ANY_THROW(interventions_of(study, 1, synthesis));
  EXPECT_NO_THROW(interventions_of(study, 0, synthesis));
  study.interventions.assign(7, of_kind(InterventionKind::sleep, 1, 5));
  EXPECT_ANY_THROW(interventions_of(study, 1, synthesis));
}

// --- effects ----------------------------------------------------------------------------------

struct Paired {
  double mean, error;
};

/// Mean difference between two arms of one quantity of each person, and its standard error.
Paired paired(const Outcome& run, std::size_t a,
              const std::function<double(std::size_t, std::uint64_t)>& f) {
  const auto n = static_cast<double>(run.study.population.individuals);
  double sum = 0.0, square = 0.0;
  for (std::uint64_t id = 0; id < run.study.population.individuals; ++id) {
    const double d = f(a, id) - f(0, id);
    sum += d;
    square += d * d;
  }
  const double mean = sum / n;
  return {mean, std::sqrt((square / n - mean * mean) / n)};
}

/// Mean over the width of a column of the records.
double recorded(const Outcome& run, const std::string& name, std::size_t a, std::uint64_t id) {
  const auto columns = record_columns(run.simulation.layout());
  const BlockRecord& record = run.records[id / kBlockSize];
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name != name) continue;
    const std::size_t row = (columns[c].per_arm ? a * record.rows : 0) + id % kBlockSize;
    double sum = 0.0;
    for (std::size_t i = 0; i < columns[c].width; ++i) {
      sum += record.values[c][row * columns[c].width + i];
    }
    return sum / static_cast<double>(columns[c].width);
  }
  ADD_FAILURE() << "no column " << name;
  return 0.0;
}

// Ten weeks of each kind in an arm of its own, a disaster for everybody in the middle, a stress
// test near the end. Each moves what it aims at, by more than five standard errors of the paired
// difference.
TEST(StudyInterventions, EachKindMovesWhatItAimsAt) {
  constexpr std::uint64_t kPeople = 4096;
  Study study = small_study(kPeople, 98);
  study.output.questionnaire_every_days = 14;
  Wave disaster;
  disaster.name = "disaster";
  disaster.day = 28;
  study.waves = {disaster};
  study.probes = {stress_test("tsst", 90)};
  for (int k = 0; k < kInterventionKinds; ++k) {
    const auto kind = static_cast<InterventionKind>(k);
    Intervention i = of_kind(kind, 21, 98);
    i.arms = {i.name};
    i.build_up_d = is_drug(kind) || kind == InterventionKind::inoculation ? 0.0 : 7.0;
    if (is_drug(kind)) i.start_day = 90;
    study.arms.push_back(arm(i.name, study));
    study.interventions.push_back(i);
  }
  const Outcome run(study);
  const auto column = [&](const std::string& name) {
    return [&run, name](std::size_t a, std::uint64_t id) { return recorded(run, name, a, id); };
  };
  const auto state = [&](auto member) {
    return [&run, member](std::size_t a, std::uint64_t id) {
      return member(run.pack(a, id))[static_cast<int>(id % kLanes)];
    };
  };
  struct Aim {
    InterventionKind kind;
    std::string quantity;
    std::function<double(std::size_t, std::uint64_t)> value;
    double sign;
  };
  using Kind = InterventionKind;
  const auto load = state([](const PersonState<Lanes>& s) { return s.allostasis.load; });
  const auto energy = state([](const PersonState<Lanes>& s) { return s.energy.store; });
  const auto threat = [&run](std::size_t a, std::uint64_t id) {
    return run.pack(a, id).memory.threat[1][static_cast<int>(id % kLanes)];
  };
  const std::vector<Aim> aims = {
      {Kind::coping_training, "final_symptoms", column("final_symptoms"), -1.0},
      {Kind::coping_training, "latent", column("latent"), -1.0},
      {Kind::controllability_training, "final_control_belief", column("final_control_belief"), 1.0},
      {Kind::inoculation, "final_self_control", column("final_self_control"), 1.0},
      {Kind::inoculation, "final_control_belief", column("final_control_belief"), 1.0},
      {Kind::inoculation, "predicted threat", threat, -1.0},
      {Kind::self_control_training, "final_self_control", column("final_self_control"), 1.0},
      {Kind::self_control_training, "final_symptoms", column("final_symptoms"), -1.0},
      {Kind::social_support, "final_symptoms", column("final_symptoms"), -1.0},
      {Kind::support_loss, "final_symptoms", column("final_symptoms"), 1.0},
      {Kind::support_loss, "latent", column("latent"), 1.0},
      {Kind::exercise, "allostatic load", load, -1.0},
      {Kind::exercise, "energy", energy, 1.0},
      {Kind::sleep, "final_symptoms", column("final_symptoms"), -1.0},
      {Kind::treatment, "final_symptoms", column("final_symptoms"), -1.0},
      {Kind::propranolol, "tsst_cortisol", column("tsst_cortisol"), 1.0},
      {Kind::hydrocortisone, "tsst_cortisol", column("tsst_cortisol"), 1.0},
      {Kind::metyrapone, "tsst_cortisol", column("tsst_cortisol"), -1.0},
  };
  std::vector<bool> seen(kInterventionKinds, false);
  for (const Aim& aim : aims) {
    const auto k = static_cast<std::size_t>(aim.kind);
    const Paired d = paired(run, k + 1, aim.value);
    std::printf("%-26s %-22s %+.5f +- %.5f (%.1f standard errors)\n",
                run.study.arms[k + 1].name.c_str(), aim.quantity.c_str(), d.mean, d.error,
                d.mean / d.error);
    EXPECT_GT(aim.sign * d.mean, 5.0 * d.error)
        << run.study.arms[k + 1].name << " " << aim.quantity;
    seen[k] = true;
  }
  // For the record, in standard deviations of the reference arm: what targets are given in.
  double sum = 0.0, square = 0.0;
  const auto latent = column("latent");
  for (std::uint64_t id = 0; id < kPeople; ++id) {
    const double x = latent(0, id);
    sum += x;
    square += x * x;
  }
  const double sd = std::sqrt(square / kPeople - sum / kPeople * sum / kPeople);
  for (std::size_t a = 1; a < run.study.arms.size(); ++a) {
    const Paired d = paired(run, a, latent);
    std::printf("%-26s latent distress        %+.4f sd +- %.4f\n", run.study.arms[a].name.c_str(),
                d.mean / sd, d.error / sd);
  }
  for (std::size_t k = 0; k < seen.size(); ++k) EXPECT_TRUE(seen[k]) << kInterventionKindNames[k];
}

// Who has been supported for weeks was aroused less and is less used to stressors (J1), which makes
// up for what support takes off the response of cortisol (A1). Without habituation that is seen.
TEST(StudyInterventions, SupportLowersTheResponseOfCortisol) {
  Study study = small_study(2048, 98);
  study.parameters.habituation.active = false;
  study.arms = {arm("reference", study), arm("supported", study)};
  study.probes = {stress_test("tsst", 90)};
  study.interventions = {of_kind(InterventionKind::social_support, 21, 98)};
  study.interventions[0].arms = {"supported"};
  const Outcome run(study);
  const Paired d = paired(run, 1, [&run](std::size_t a, std::uint64_t id) {
    return recorded(run, "tsst_cortisol", a, id);
  });
  EXPECT_LT(d.mean, -5.0 * d.error);
}

}  // namespace
}  // namespace eustress
