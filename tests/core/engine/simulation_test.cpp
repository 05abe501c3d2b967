// A study on blocks: what is promised of its results. Other people, outputs, arms, orders and
// groupings change nothing for an individual that was there before.

#include "core/engine/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace eustress {
namespace {

using ::testing::HasSubstr;

/// Three weeks with everything that a study can hold.
Study small_study(std::uint64_t individuals) {
  Study study;
  study.name = "small";
  study.seed = 11;
  study.replicate = 1;
  study.days = 21;
  study.population.individuals = individuals;
  study.parameters = default_parameters();
  study.parameters.exposure.minor_events_per_y = 50.0;
  study.parameters.exposure.traumatic_events_per_y = 10.0;
  study.arms = {Arm{"reference", "", study.parameters, {}}};
  Regime regime;
  regime.start_day = 10;
  regime.end_day = 15;
  regime.hassle_rate = 2.0;
  study.regimes = {regime};
  Wave wave;
  wave.day = 8;
  wave.fraction = 0.3;
  study.waves = {wave};
  Probe tsst, crh;
  tsst.name = "tsst";
  tsst.day = 5;
  tsst.samples_min = {-10, 0, 20, 60};
  crh.name = "crh";
  crh.kind = ProbeKind::crh;
  crh.day = 5;
  crh.samples_min = {0, 30};
  study.probes = {tsst, crh};
  return study;
}

Arm other_arm() {
  Arm arm{"trained", "", default_parameters(), {}};
  arm.parameters.coping.engage_rate_per_min = 0.3;
  arm.parameters.controllability.active = false;
  return arm;
}

/// All blocks of a study, in ascending order.
struct Results {
  // The sums refer to the layout of the simulation, which refers to the study.
  Study study;
  Synthesis synthesis;
  Simulation simulation;
  std::vector<ObservationSums> sums;  ///< per arm
  std::vector<BlockRecord> records;   ///< per block, if asked for

  explicit Results(const Study& s, bool with_records = false)
      : study(s),
        synthesis(SynthesisOptions{.seed = s.seed, .replicate = s.replicate}),
        simulation(study, synthesis, best_isa()),
        sums(empty()) {
    if (with_records) records.resize(simulation.blocks());
    for (std::uint64_t b = 0; b < simulation.blocks(); ++b) {
      simulation.run_block(b, sums, with_records ? &records[b] : nullptr);
    }
  }
  [[nodiscard]] std::vector<ObservationSums> empty() const {
    return std::vector<ObservationSums>(study.arms.size(), ObservationSums(simulation.layout()));
  }
  [[nodiscard]] std::vector<std::int64_t> cells(std::size_t arm = 0) {
    const auto all = sums[arm].cells();
    return {all.begin(), all.end()};
  }
  /// Without what compares the arm with the first one, which is 0.
  [[nodiscard]] std::vector<std::int64_t> cells_alone(std::size_t arm) {
    ObservationSums alone = sums[arm];
    const OutcomeLayout& outcomes = simulation.layout().outcomes;
    for (std::size_t s = 0; s < simulation.layout().strata.size(); ++s) {
      const auto effects = alone.outcomes().subspan(s * outcomes.cell.count + outcomes.cell.effects,
                                                    kPersonOutcomeCount * kEffectCells);
      std::fill(effects.begin(), effects.end(), 0);
    }
    return {alone.cells().begin(), alone.cells().end()};
  }
};

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}
bool same_bits(const Moments& a, const Moments& b) {
  return a.count == b.count && same_bits(a.mean, b.mean) && same_bits(a.sd, b.sd);
}

/// Values of one individual and arm in a column of the records.
std::vector<double> row(const Results& run, std::uint64_t id, std::size_t arm, std::size_t column) {
  const RecordColumn c = record_columns(run.simulation.layout())[column];
  const BlockRecord& record = run.records[id / kBlockSize];
  const std::size_t at = (c.per_arm ? arm * record.rows : 0) + (id - record.first_id);
  const auto first = record.values[column].begin() + static_cast<std::ptrdiff_t>(at * c.width);
  return {first, first + static_cast<std::ptrdiff_t>(c.width)};
}
void expect_same_rows(const Results& a, std::size_t arm_a, const Results& b, std::size_t arm_b,
                      std::uint64_t individuals) {
  const auto columns = record_columns(a.simulation.layout());
  for (std::uint64_t id = 0; id < individuals; ++id) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto x = row(a, id, arm_a, c), y = row(b, id, arm_b, c);
      for (std::size_t i = 0; i < x.size(); ++i) {
        ASSERT_TRUE(same_bits(x[i], y[i]))
            << columns[c].name << " of individual " << id << ": " << x[i] << " and " << y[i];
      }
    }
  }
}

// --- people -----------------------------------------------------------------------------------

TEST(Simulation, MorePeopleLeaveEarlierIndividualsUnchanged) {
  const Results few(small_study(70), true), many(small_study(200), true);
  EXPECT_EQ(few.simulation.blocks(), 2U);
  EXPECT_EQ(few.records[1].rows, 6U);
  EXPECT_EQ(many.records[1].rows, 64U);
  expect_same_rows(few, 0, many, 0, 70);
  // It is not that all are alike.
  EXPECT_NE(row(many, 3, 0, 5), row(many, 4, 0, 5));
}

TEST(Simulation, RecordsSayWhoIsWho) {
  const Results run(small_study(70), true);
  const auto columns = record_columns(run.simulation.layout());
  EXPECT_EQ(columns[0].name, "individual");
  for (const BlockRecord& record : run.records) ASSERT_EQ(record.values.size(), columns.size());
  for (std::uint64_t id = 0; id < 70; ++id) {
    EXPECT_EQ(row(run, id, 0, 0)[0], static_cast<double>(id));
    const IndividualDraw draw = run.synthesis.draw(id);
    EXPECT_EQ(row(run, id, 0, 1)[0], draw.age);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      for (std::size_t f = 0; f < kFactors; ++f) {
        if (columns[c].name != kFactorTable[f].name) continue;
        EXPECT_EQ(row(run, id, 0, c)[0], draw.z[f]);
      }
    }
  }
}

// What is observed of everybody is what the records say of each.
TEST(Simulation, SumsAreThoseOfTheRecords) {
  const Results run(small_study(100), true);
  const auto columns = record_columns(run.simulation.layout());
  std::size_t compared = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const RecordColumn& column = columns[c];
    for (std::size_t i = 0; i < column.width; ++i) {
      double sum = 0.0;
      for (std::uint64_t id = 0; id < 100; ++id) sum += row(run, id, 0, c)[i];
      double mean = sum / 100.0;
      for (std::size_t q = 0; q < kAssessedCount; ++q) {
        if (column.dimension != "assessment" || column.name != kAssessed[q].name) continue;
        // Means are of values within the range of the histogram.
        mean = 0.0;
        for (std::uint64_t id = 0; id < 100; ++id) {
          mean += std::clamp(row(run, id, 0, c)[i], kAssessed[q].low, kAssessed[q].high) / 100.0;
        }
        EXPECT_NEAR(run.sums[0].assessed(i, 0, q).mean, mean, 1e-6) << column.name;
        ++compared;
      }
      for (std::size_t p = 0; p < run.study.probes.size(); ++p) {
        for (std::size_t a = 0; a < kSampledCount; ++a) {
          const std::string name = run.study.probes[p].name + "_" + std::string(kSampled[a].name);
          if (column.name != name) continue;
          EXPECT_NEAR(run.sums[0].sampled(p, i, 0, a).mean, mean, 1e-6) << column.name;
          ++compared;
        }
      }
    }
  }
  EXPECT_EQ(compared, 3 * kAssessedCount + (4 + 2) * kSampledCount);
}

TEST(Simulation, PaddingIsNeverObserved) {
  for (const std::uint64_t n : {1U, 63U, 64U, 65U, 100U}) {
    SCOPED_TRACE(n);
    Study study = small_study(n);
    study.output.strata = {"sex"};
    const Results run(study);
    const auto people = static_cast<std::int64_t>(n);
    const ObservationSums& sums = run.sums[0];
    for (std::size_t t = 0; t < run.simulation.layout().series_times(); ++t) {
      for (std::size_t q = 0; q < kSeriesCount; ++q) {
        if (static_cast<Series>(q) == Series::prediction_error) continue;  // of some only
        EXPECT_EQ(sums.series(t, 0, q).count, people);
        EXPECT_EQ(sums.series(t, 1, q).count + sums.series(t, 2, q).count, people);
      }
    }
    for (std::size_t q = 0; q < kAssessedCount; ++q) {
      EXPECT_EQ(sums.assessed(2, 0, q).count, people);
      EXPECT_EQ(sums.assessed(2, 1, q).count + sums.assessed(2, 2, q).count, people);
    }
    for (std::size_t a = 0; a < kSampledCount; ++a) {
      EXPECT_EQ(sums.sampled(0, 3, 0, a).count, people);
      EXPECT_EQ(sums.sampled(1, 1, 1, a).count + sums.sampled(1, 1, 2, a).count, people);
    }
  }
}

// --- outputs ----------------------------------------------------------------------------------

TEST(Simulation, RecordsChangeNoSum) {
  Results without(small_study(100)), with(small_study(100), true);
  EXPECT_EQ(without.cells(), with.cells());
}

TEST(Simulation, AWatchSeesEveryEveningAndChangesNothing) {
  const Results plain(small_study(64));
  std::vector<ObservationSums> sums(1, ObservationSums(plain.simulation.layout()));
  Block block;
  plain.simulation.start(0, 0, block);
  std::vector<int> days;
  double hassles = 0.0, cortisol = 0.0;
  const DayWatch watch = [&](int day, const Block& state, const BlockDayResult& seen) {
    days.push_back(day);
    EXPECT_EQ(&state, &block);
    for (int i = 0; i < kBlockSize; ++i) {
      hassles += day == 3 ? seen.summary[i / kLanes].hassles[i % kLanes] : 0.0;
      // The second sample of the stress test.
      cortisol +=
          day == 5 ? seen.stressor_samples[kPacksPerBlock + i / kLanes].cortisol[i % kLanes] : 0.0;
    }
  };
  std::vector<float> course(kBlockSize * plain.simulation.outcome_numbers());
  plain.simulation.walk(0, 0, 21, block, sums[0], course, &watch);
  const std::array at_end = {static_cast<const Block*>(&block)};
  const std::array courses = {std::span<const float>(course)};
  plain.simulation.finish(0, at_end, courses, sums);
  ASSERT_EQ(days.size(), 21U);
  EXPECT_EQ(days.front(), 0);
  EXPECT_EQ(days.back(), 20);
  EXPECT_TRUE(std::ranges::equal(sums[0].cells(), plain.sums[0].cells()));
  EXPECT_NEAR(hassles / 64.0, sums[0].series(3, 0, static_cast<std::size_t>(Series::hassles)).mean,
              1e-6);
  EXPECT_NEAR(cortisol / 64.0, sums[0].sampled(0, 1, 0, 0).mean, 1e-6);
}

TEST(Simulation, StrataChangeNothingForEverybodyAndAddUpToIt) {
  const Study plain = small_study(100);
  const Results all(plain);
  const std::vector<std::vector<std::string>> splits = {
      {"sex"}, {"social_support"}, {"age", "sex", "optimism"}};
  for (const std::vector<std::string>& strata : splits) {
    Study study = plain;
    study.output.strata = strata;
    const Results run(study);
    const std::size_t n_strata = run.simulation.layout().strata.size();
    ASSERT_GT(n_strata, 2U);
    for (std::size_t q = 0; q < kSeriesCount; ++q) {
      for (std::size_t t = 0; t < 21; ++t) {
        const Moments m = run.sums[0].series(t, 0, q);
        ASSERT_TRUE(same_bits(m, all.sums[0].series(t, 0, q)));
        std::int64_t count = 0;
        double sum = 0.0;
        for (std::size_t s = 1; s < n_strata; ++s) {
          const Moments part = run.sums[0].series(t, s, q);
          count += part.count;
          if (part.count > 0) sum += part.mean * static_cast<double>(part.count);
        }
        EXPECT_EQ(count, m.count);
        if (count == 0) continue;
        EXPECT_NEAR(sum / static_cast<double>(count), m.mean, 1e-9 * kSeries[q].scale);
      }
    }
    for (std::size_t q = 0; q < kAssessedCount; ++q) {
      ASSERT_TRUE(same_bits(run.sums[0].assessed(1, 0, q), all.sums[0].assessed(1, 0, q)));
      ASSERT_TRUE(same_bits(run.sums[0].assessed_quantile(1, 0, q, 0.3),
                            all.sums[0].assessed_quantile(1, 0, q, 0.3)));
    }
  }
}

// Codes that nobody has make no stratum, and who is in no group is in none.
TEST(Simulation, StrataOfGroupsAreThoseOfTheTable) {
  CohortTable table;
  table.file = "cohort.csv";
  table.columns = {"company"};
  table.cells = {40.0, 3.0, kMissing, 3.0};
  table.lines = {2, 3, 4, 5};
  CohortMapping mapping;
  mapping.group = "company";
  Study study = small_study(4);
  study.output.strata = {"group"};
  const Synthesis synthesis(SynthesisOptions{.seed = study.seed}, table, mapping);
  const Simulation simulation(study, synthesis, best_isa());
  EXPECT_EQ(simulation.layout().strata, (std::vector<std::string>{"all", "group_3", "group_40"}));
  std::vector<ObservationSums> sums(1, ObservationSums(simulation.layout()));
  BlockRecord record;
  simulation.run_block(0, sums, &record);
  const std::int64_t people[] = {4, 2, 1};
  for (std::size_t stratum = 0; stratum < 3; ++stratum) {
    EXPECT_EQ(sums[0].assessed(0, stratum, 0).count, people[stratum]) << stratum;
  }
  EXPECT_EQ(record.values[3], (std::vector<double>{40.0, 3.0, -1.0, 3.0}));  // group
  EXPECT_EQ(record.values[4], (std::vector<double>{2.0, 1.0, 0.0, 1.0}));    // stratum
}

TEST(Simulation, TertilesOfAFactorAreThirdsOfThePopulation) {
  Study study = small_study(1500);
  study.days = 1;
  study.probes.clear();
  study.output.strata = {"optimism"};
  const Results run(study);
  for (std::size_t s = 1; s <= 3; ++s) {
    const Moments m = run.sums[0].series(0, s, 0);
    EXPECT_NEAR(static_cast<double>(m.count), 500.0, 5.0 * std::sqrt(1500.0 * 2.0 / 9.0));
  }
}

TEST(Simulation, AnotherQuestionnaireIntervalChangesNeitherSeriesNorSharedAssessments) {
  Study often = small_study(100), seldom = often;
  often.output.questionnaire_every_days = 7;
  seldom.output.questionnaire_every_days = 21;
  const Results a(often), b(seldom);
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    for (std::size_t t = 0; t < 21; ++t) {
      ASSERT_TRUE(same_bits(a.sums[0].series(t, 0, q), b.sums[0].series(t, 0, q)));
    }
  }
  ASSERT_EQ(a.simulation.layout().assessment_days.back(),
            b.simulation.layout().assessment_days.back());
  for (std::size_t q = 0; q < kAssessedCount; ++q) {
    EXPECT_TRUE(same_bits(a.sums[0].assessed(2, 0, q), b.sums[0].assessed(0, 0, q)));
  }
}

TEST(Simulation, ACoarserSeriesIsTheMeanOfTheFinerOne) {
  Study fine = small_study(80), coarse = fine;
  coarse.output.series_every_days = 4;
  const Results a(fine), b(coarse);
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    for (std::size_t t = 0; t < b.simulation.layout().series_times(); ++t) {
      std::int64_t count = 0;
      double sum = 0.0;
      for (std::size_t day = 4 * t; day < std::min<std::size_t>(4 * t + 4, 21); ++day) {
        const Moments m = a.sums[0].series(day, 0, q);
        count += m.count;
        if (m.count > 0) sum += m.mean * static_cast<double>(m.count);
      }
      const Moments m = b.sums[0].series(t, 0, q);
      EXPECT_EQ(m.count, count);
      if (count == 0) continue;
      EXPECT_NEAR(m.mean, sum / static_cast<double>(count), 1e-9 * kSeries[q].scale);
    }
  }
}

// A probe is an intervention: it changes paths, but not before its day.
TEST(Simulation, AProbeChangesNothingBeforeItsDay) {
  Study with = small_study(100), without = with;
  without.probes.clear();
  const Results a(with), b(without);
  const auto q = static_cast<std::size_t>(Series::cortisol);
  for (std::size_t day = 0; day < 5; ++day) {
    EXPECT_TRUE(same_bits(a.sums[0].series(day, 0, q), b.sums[0].series(day, 0, q)));
  }
  EXPECT_FALSE(same_bits(a.sums[0].series(5, 0, q), b.sums[0].series(5, 0, q)));
}

// --- arms -------------------------------------------------------------------------------------

TEST(Simulation, AnArmWithTheSameParametersHasTheSameResults) {
  Study study = small_study(100);
  study.arms.push_back({"null", "", study.parameters, {}});
  Results run(study, true);
  EXPECT_EQ(run.cells(0), run.cells(1));
  expect_same_rows(run, 0, run, 1, 100);
}

TEST(Simulation, MoreArmsLeaveTheFirstUnchanged) {
  Study one = small_study(100), two = one, swapped = one;
  two.arms.push_back(other_arm());
  swapped.arms.insert(swapped.arms.begin(), other_arm());
  Results a(one, true), b(two, true), c(swapped, true);
  EXPECT_EQ(a.cells(0), b.cells(0));
  EXPECT_EQ(a.cells_alone(0), c.cells_alone(1));
  EXPECT_EQ(b.cells_alone(1), c.cells_alone(0));
  EXPECT_NE(b.cells_alone(0), b.cells_alone(1));
  expect_same_rows(a, 0, b, 0, 100);
  expect_same_rows(b, 1, c, 0, 100);
}

// --- order ------------------------------------------------------------------------------------

TEST(Simulation, BlocksInAnyOrderAndSumsInAnyGroupingGiveTheSameCells) {
  Study study = small_study(5 * kBlockSize - 3);
  study.days = 10;
  study.arms.push_back(other_arm());
  Results run(study);
  const Simulation& simulation = run.simulation;
  ASSERT_EQ(simulation.blocks(), 5U);

  auto reversed = run.empty();
  for (std::uint64_t b = simulation.blocks(); b-- > 0;) simulation.run_block(b, reversed, nullptr);

  std::vector<std::vector<ObservationSums>> parts(3, run.empty());  // as three ranks would
  for (const std::uint64_t b : {3U, 0U, 4U, 1U, 2U}) {
    simulation.run_block(b, parts[(b * 2) % 3], nullptr);
  }
  auto merged = run.empty();
  for (const std::size_t p : {2U, 0U, 1U}) {
    for (std::size_t arm = 0; arm < merged.size(); ++arm) merged[arm].merge(parts[p][arm]);
  }
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    EXPECT_TRUE(std::ranges::equal(run.sums[arm].cells(), reversed[arm].cells()));
    EXPECT_TRUE(std::ranges::equal(run.sums[arm].cells(), merged[arm].cells()));
  }
}

TEST(Simulation, EveryInstructionSetGivesTheSameCellsAndRecords) {
  const Study study = small_study(70);
  Results best(study, true);
  for (const Isa isa : available_isas()) {
    const Simulation simulation(best.study, best.synthesis, isa);
    auto sums = best.empty();
    for (std::uint64_t b = 0; b < simulation.blocks(); ++b) {
      BlockRecord record;
      simulation.run_block(b, sums, &record);
      for (std::size_t c = 0; c < record.values.size(); ++c) {
        EXPECT_TRUE(std::ranges::equal(record.values[c], best.records[b].values[c],
                                       [](double x, double y) { return same_bits(x, y); }))
            << to_string(isa) << ", column " << c;
      }
    }
    EXPECT_TRUE(std::ranges::equal(sums[0].cells(), best.sums[0].cells())) << to_string(isa);
  }
}

// --- lost runs --------------------------------------------------------------------------------

/// The scheme is explicit: cortisol that turns over many times in a step makes it swing up. With so
/// much variation between persons some have such rates and some do not.
Study unstable_study(std::uint64_t individuals) {
  Study study = small_study(individuals);
  study.days = 5;
  study.probes.clear();
  study.arms[0].parameters.traits.omega[static_cast<std::size_t>(Trait::acth_rate)] = 3.0;
  return study;
}

std::string message_of(const Study& study, std::uint64_t block) {
  const Synthesis synthesis(SynthesisOptions{.seed = study.seed, .replicate = study.replicate});
  const Simulation simulation(study, synthesis, best_isa());
  std::vector<ObservationSums> sums(study.arms.size(), ObservationSums(simulation.layout()));
  try {
    simulation.run_block(block, sums, nullptr);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::numerical);
    return error.what();
  }
  return "";
}

TEST(Simulation, ALostStateEndsTheRunWithIndividualDayArmAndQuantity) {
  const std::string message = message_of(unstable_study(300), 2);
  unsigned long id = 0;
  int day = -1;
  char quantity[64] = "";
  ASSERT_EQ(std::sscanf(message.c_str(), "individual %lu, day %d, arm 'reference': %63s", &id, &day,
                        quantity),
            3)
      << message;
  EXPECT_GE(id, 128U);
  EXPECT_LT(id, 192U);
  EXPECT_GE(day, 0);
  EXPECT_LT(day, 5);
  bool known = false;
  for (const PersonColumn& c : person_columns()) known = known || c.name == quantity;
  EXPECT_TRUE(known) << quantity;
  EXPECT_THAT(message, HasSubstr("no longer finite"));
  EXPECT_THAT(message, HasSubstr("dt_min"));
}

TEST(Simulation, TheArmOfALostStateIsNamed) {
  Study study = unstable_study(64);
  study.arms.insert(study.arms.begin(), Arm{"stable", "", default_parameters(), {}});
  EXPECT_THAT(message_of(study, 0), HasSubstr("arm 'reference'"));
}

// Padding is nobody: what becomes of it must not end the run, or the fate of the first individual
// would depend on those who come after.
TEST(Simulation, ALostStateOfThePaddingIsNoError) {
  std::uint64_t first_lost = 0;
  ASSERT_EQ(std::sscanf(message_of(unstable_study(64), 0).c_str(), "individual %lu", &first_lost),
            1);
  // Somebody is lost first of all; whoever has a lower number is not, on that day.
  ASSERT_GT(first_lost, 0U) << "another seed is needed";
  Study study = unstable_study(first_lost);
  study.days = 1;
  EXPECT_EQ(message_of(study, 0), "");
}

// A state can be lost without any hormone noticing: reactions to events beyond all numbers.
TEST(Simulation, ALostStateOfAnyMechanismEndsTheRun) {
  Study study = small_study(64);
  study.days = 12;
  study.probes.clear();
  ModelParameters& p = study.arms[0].parameters;
  p.traits.omega[static_cast<std::size_t>(Trait::symptom_reactivity)] = 1000.0;
  p.mental_health.jump_minor = 1e300;
  EXPECT_THAT(message_of(study, 0), HasSubstr("mental_health."));
}

// --- legal parameters -------------------------------------------------------------------------

/// Sixty days of 256 people; nobody is lost.
void expect_all_finite(const ModelParameters& parameters, double dt_min) {
  Study study = small_study(256);
  study.days = 60;
  study.dt_min = dt_min;
  study.arms[0].parameters = parameters;
  const Synthesis synthesis(SynthesisOptions{.seed = study.seed, .replicate = study.replicate});
  const Simulation simulation(study, synthesis, best_isa());
  std::vector<ObservationSums> sums(1, ObservationSums(simulation.layout()));
  for (std::uint64_t b = 0; b < simulation.blocks(); ++b) {
    EXPECT_NO_THROW(simulation.run_block(b, sums, nullptr));
  }
}

TEST(Simulation, NobodyIsLostAtTheEndsOfTheRangesOfTraits) {
  ModelParameters p = default_parameters();
  for_each_parameter(p, [&](const ParameterInfo& info, double* number, bool*) {
    if (info.section != "traits" && !info.section.starts_with("loadings.")) return;
    const double usual = *number;
    for (const double end : {info.low, info.high}) {
      SCOPED_TRACE(std::string(info.section) + "." + std::string(info.key) + " = " +
                   std::to_string(end));
      *number = end;
      expect_all_finite(p, 5.0);
    }
    *number = usual;
  });
}

// Everybody at five standard deviations of the largest omega and loading, with the other parameters
// of the equation and the step at the ends of their ranges.
TEST(Simulation, NobodyIsLostFiveStandardDeviationsOut) {
  const double turnover = std::exp(5.0 * kLargestRateOmega);
  for (const double acth : {1.0 / turnover, turnover}) {
    for (const double cortisol : {1.0 / turnover, turnover}) {
      SCOPED_TRACE(std::to_string(acth) + ", " + std::to_string(cortisol));
      ModelParameters p = default_parameters();
      for (const Trait trait : {Trait::acth_rate, Trait::cortisol_rate}) {
        p.traits.omega[static_cast<std::size_t>(trait)] = 0.0;
      }
      p.hpa.acth_half_life_min = 5.0 / acth;
      p.hpa.cortisol_half_life_min = 10.0 / cortisol;
      expect_all_finite(p, 6.0);
    }
  }
  for (const double second : {-1.0, 1.0}) {
    SCOPED_TRACE(second);
    ModelParameters p = default_parameters();
    p.traits.omega[static_cast<std::size_t>(Trait::circadian_amplitude)] = 0.0;
    p.drive.amplitude = 4.0 * std::exp(5.0 * std::sqrt(2.0) * kLargestAmplitudeEffect);
    p.drive.second_amplitude = second;
    expect_all_finite(p, 6.0);
  }
}

// --- probes at rest, strata, replay -------------------------------------------------------------

/// Whether everything that both runs observe of everybody, and the last state of all, is the same.
void expect_same_paths(const Results& a, const Results& b) {
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    for (std::size_t t = 0; t < 21; ++t) {
      ASSERT_TRUE(same_bits(a.sums[0].series(t, 0, q), b.sums[0].series(t, 0, q))) << q << " " << t;
    }
  }
  for (std::size_t q = 0; q < kAssessedCount; ++q) {
    for (std::size_t n = 0; n < 3; ++n) {
      ASSERT_TRUE(same_bits(a.sums[0].assessed(n, 0, q), b.sums[0].assessed(n, 0, q)));
    }
  }
}

TEST(Simulation, AProbeAtRestChangesNobodysPath) {
  const Study plain = small_study(100);
  Study sampled = plain;
  for (int day = 0; day < 21; ++day) {
    Probe probe;
    probe.name = "rest_" + std::to_string(day);
    probe.kind = ProbeKind::rest;
    probe.day = day;
    probe.minute = 7 * 60;
    probe.samples_min = {0, 30, 60, 480};
    sampled.probes.push_back(probe);
  }
  const Results a(plain), b(sampled);
  expect_same_paths(a, b);
  // What it samples is there: the morning peak above the afternoon.
  const std::size_t first = plain.probes.size();
  EXPECT_EQ(b.sums[0].sampled(first + 1, 0, 0, 0).count, 100);
  EXPECT_GT(b.sums[0].sampled(first + 1, 1, 0, 0).mean, b.sums[0].sampled(first + 1, 3, 0, 0).mean);
}

TEST(Strata, AreCrossedAndCoverEverybodyOnce) {
  OutputPlan output;
  output.strata = {"sex", "age", "optimism"};
  output.age_bands = {40};
  output.quantiles = 2;
  const Strata strata(output, {});
  EXPECT_EQ(strata.names(),
            (std::vector<std::string>{
                "all", "sex_0.age_below_40.optimism_low", "sex_0.age_below_40.optimism_high",
                "sex_0.age_40_up.optimism_low", "sex_0.age_40_up.optimism_high",
                "sex_1.age_below_40.optimism_low", "sex_1.age_below_40.optimism_high",
                "sex_1.age_40_up.optimism_low", "sex_1.age_40_up.optimism_high"}));
  const Synthesis synthesis(SynthesisOptions{.seed = 3});
  for (std::uint64_t id = 0; id < 200; ++id) {
    const IndividualDraw draw = synthesis.draw(id);
    std::string name = draw.sex == 0 ? "sex_0." : "sex_1.";
    name += draw.age < 40.0 ? "age_below_40." : "age_40_up.";
    name += draw.z[index_of(Factor::optimism)] < 0.0 ? "optimism_low" : "optimism_high";
    EXPECT_EQ(strata.names()[strata.of(draw)], name);
  }
}

TEST(Strata, OfGroupsAreThoseThatThereAre) {
  OutputPlan output;
  output.strata = {"group", "sex"};
  const std::vector<std::int32_t> groups = {2, 7};
  const Strata strata(output, groups);
  EXPECT_EQ(strata.names(), (std::vector<std::string>{"all", "group_2.sex_0", "group_2.sex_1",
                                                      "group_7.sex_0", "group_7.sex_1"}));
  IndividualDraw draw{};
  draw.sex = 1;
  draw.group = 7;
  EXPECT_EQ(strata.of(draw), 4U);
  for (const std::int32_t nobody : {kNoGroup, 3, 8}) {
    draw.group = nobody;
    EXPECT_EQ(strata.of(draw), 0U) << nobody;
  }
}

TEST(Strata, BandsAndQuantilesHaveTheirNames) {
  OutputPlan output;
  output.strata = {"age"};
  EXPECT_EQ(Strata(output, {}).names(),
            (std::vector<std::string>{"all", "age_below_30", "age_30_to_44", "age_45_to_59",
                                      "age_60_up"}));
  output.strata = {"fitness"};
  output.quantiles = 4;
  EXPECT_EQ(Strata(output, {}).names(), (std::vector<std::string>{"all", "fitness_q1", "fitness_q2",
                                                                  "fitness_q3", "fitness_q4"}));
}

TEST(Strata, TooManyAndUnknownOnesAreRefused) {
  OutputPlan output;
  output.strata = {"sex", "group"};
  std::vector<std::int32_t> groups(500);
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<std::int32_t>(i);
  EXPECT_THROW(Strata(output, groups), Error);
  groups.resize(499);
  EXPECT_EQ(Strata(output, groups).names().size(), 999U);
  output.strata = {"optimsm"};
  try {
    Strata(output, {});
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Did you mean 'optimism'?"));
  }
}

TEST(Simulation, ARegimeOfAStratumLeavesTheOthersAsTheyAre) {
  Study plain = small_study(200);
  plain.regimes.clear();
  plain.output.strata = {"sex", "optimism"};
  Study hard = plain;
  Regime regime;
  regime.name = "hard";
  regime.end_day = 21;
  regime.hassle_rate = 5.0;
  regime.stratum = "sex_1.optimism_low";
  hard.regimes = {regime};
  Regime of_sex = regime;
  of_sex.stratum.clear();
  of_sex.sex = 1;
  Study women = plain;
  women.regimes = {of_sex};
  const Results a(plain), b(hard), c(women);
  const auto hassles = [](const Results& run, std::size_t stratum) {
    return run.sums[0].series(5, stratum, static_cast<std::size_t>(Series::hassles));
  };
  const std::vector<std::string>& names = a.simulation.layout().strata;
  for (std::size_t s = 1; s < names.size(); ++s) {
    const bool is_hit = names[s] == "sex_1.optimism_low";
    EXPECT_EQ(same_bits(hassles(a, s), hassles(b, s)), !is_hit) << names[s];
    EXPECT_EQ(same_bits(hassles(a, s), hassles(c, s)), names[s].starts_with("sex_0")) << names[s];
  }
  hard.regimes[0].stratum = "sex_1";
  EXPECT_THROW(Results{hard}, Error);
}

/// Person 3 has two hassles and an event on day 4, person 70 (of the second block) one hassle.
ReplayPlan small_table() {
  ReplayPlan plan;
  plan.file = "events.csv";
  ReplayRow row;
  row.individual = 3;
  row.day = 4;
  row.minute = 9 * 60;
  plan.rows.push_back(row);
  row.minute = 15 * 60;
  plan.rows.push_back(row);
  row.kind = EventKind::traumatic;
  row.minute = 20 * 60;
  plan.rows.push_back(row);
  row = {};
  row.individual = 70;
  row.day = 6;
  row.minute = 12 * 60;
  plan.rows.push_back(row);
  return plan;
}

/// Of one person, whom output.strata = {"group"} makes a stratum.
class Replayed {
 public:
  explicit Replayed(const ReplayPlan& plan) : study_(small_study(100)) {
    study_.waves.clear();
    study_.regimes.clear();
    study_.probes.clear();
    study_.replay = plan;
    study_.output.strata = {"group"};
    CohortTable table;
    table.file = "c.csv";
    table.columns = {"who"};
    for (int i = 0; i < 100; ++i) {
      table.cells.push_back(i);
      table.lines.push_back(static_cast<std::uint64_t>(i + 2));
    }
    CohortMapping mapping;
    mapping.group = "who";
    synthesis_.emplace(SynthesisOptions{.seed = study_.seed}, table, mapping);
    simulation_.emplace(study_, *synthesis_, best_isa());
    sums_.emplace_back(simulation_->layout());
    for (std::uint64_t b = 0; b < simulation_->blocks(); ++b) {
      simulation_->run_block(b, sums_, nullptr);
    }
  }
  [[nodiscard]] double of(std::size_t person, std::size_t day, Series quantity) const {
    return sums_[0].series(day, person + 1, static_cast<std::size_t>(quantity)).mean;
  }

 private:
  Study study_;
  std::optional<Synthesis> synthesis_;
  std::optional<Simulation> simulation_;
  std::vector<ObservationSums> sums_;
};

TEST(Replay, OfASmallTableIsWhatTheListedLive) {
  const Replayed drawn(ReplayPlan{}), run(small_table());
  for (std::size_t day = 0; day < 21; ++day) {
    EXPECT_NEAR(run.of(3, day, Series::hassles), day == 4 ? 2.0 : 0.0, 1e-6) << day;
    EXPECT_NEAR(run.of(3, day, Series::encounters), day == 4 ? 3.0 : 0.0, 1e-6) << day;
    EXPECT_NEAR(run.of(3, day, Series::traumatic_event), day == 4 ? 1.0 : 0.0, 1e-6) << day;
    EXPECT_NEAR(run.of(3, day, Series::life_event), day == 4 ? 1.0 : 0.0, 1e-6) << day;
    EXPECT_NEAR(run.of(70, day, Series::hassles), day == 6 ? 1.0 : 0.0, 1e-6) << day;
    for (const std::size_t other : {0U, 2U, 4U, 69U, 71U, 99U}) {
      EXPECT_EQ(run.of(other, day, Series::hassles), drawn.of(other, day, Series::hassles));
      EXPECT_EQ(run.of(other, day, Series::cortisol), drawn.of(other, day, Series::cortisol));
    }
  }
}

TEST(Replay, ReplacesWhatItIsToldTo) {
  const Replayed drawn(ReplayPlan{});
  ReplayPlan plan = small_table();
  double drawn_hassles = 0.0, drawn_events = 0.0;
  for (std::size_t day = 0; day < 21; ++day) {
    drawn_hassles += drawn.of(3, day, Series::hassles);
    drawn_events += drawn.of(3, day, Series::life_event);
  }
  ASSERT_GT(drawn_hassles, 50.0);
  ASSERT_GT(drawn_events, 0.5);
  const auto totals = [&](ReplayReplaces replaces) {
    plan.replaces = replaces;
    const Replayed run(plan);
    std::pair<double, double> sum{0.0, 0.0};
    for (std::size_t day = 0; day < 21; ++day) {
      sum.first += run.of(3, day, Series::hassles);
      sum.second += run.of(3, day, Series::life_event);
    }
    return sum;
  };
  const auto encounters = totals(ReplayReplaces::encounters);
  EXPECT_NEAR(encounters.first, 2.0, 1e-6);
  EXPECT_GT(encounters.second, 1.5);  // own ones besides
  const auto events = totals(ReplayReplaces::events);
  EXPECT_GT(events.first, 50.0);
  EXPECT_NEAR(events.second, 1.0, 1e-6);
  const auto nothing = totals(ReplayReplaces::nothing);
  EXPECT_GT(nothing.first, 50.0);
  EXPECT_GT(nothing.second, 1.5);
  plan.who = ReplayWho::everybody;
  plan.replaces = ReplayReplaces::all;
  const Replayed silent(plan);
  for (std::size_t day = 0; day < 21; ++day) {
    EXPECT_NEAR(silent.of(50, day, Series::hassles), 0.0, 1e-9);
    EXPECT_NEAR(silent.of(50, day, Series::life_event), 0.0, 1e-9);
  }
}

}  // namespace
}  // namespace eustress
