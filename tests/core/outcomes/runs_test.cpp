// Outcomes of simulated people against their own records and series, and their independence of the
// way in which they are counted.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"
#include "core/outcomes/statistics.hpp"

namespace eustress {
namespace {

constexpr std::uint64_t kPeople = 150;  // three blocks, the last with padding
constexpr int kDays = 63;

Study small_study() {
  Study study;
  study.name = "small";
  study.seed = 4;
  study.days = kDays;
  study.population.individuals = kPeople;
  study.parameters = default_parameters();
  study.parameters.exposure.minor_events_per_y = 20.0;
  study.parameters.exposure.traumatic_events_per_y = 3.0;
  study.parameters.mental_health.depression_threshold = 1.0;
  study.output.strata = {"sex"};
  Wave wave;
  wave.day = 20;
  wave.fraction = 0.6;
  study.waves = {wave};
  study.outcomes.event = OutcomeEvent::wave;
  study.outcomes.bin_d = 14;
  study.outcomes.early_to_d = 14;
  study.outcomes.late_from_d = 21;
  study.outcomes.late_to_d = 42;
  Probe probe;
  probe.name = "tsst";
  probe.day = 5;
  probe.samples_min = {-10, 0, 20, 60};
  study.probes = {probe};
  study.arms = {Arm{"reference", "", study.parameters, {}}, Arm{"same", "", study.parameters, {}},
                Arm{"trained", "", study.parameters, {}}};
  study.arms[2].parameters.coping.engage_rate_per_min = 0.3;
  return study;
}

struct Results {
  Study study = small_study();
  Synthesis synthesis{SynthesisOptions{.seed = study.seed}};
  Simulation simulation{study, synthesis, best_isa()};
  std::vector<ObservationSums> sums{study.arms.size(), ObservationSums(simulation.layout())};
  std::vector<BlockRecord> records;

  Results() {
    for (std::uint64_t b = 0; b < simulation.blocks(); ++b) {
      simulation.run_block(b, sums, &records.emplace_back());
    }
  }
  /// Of everybody, in one arm, the first value or the one of an assessment.
  [[nodiscard]] std::vector<std::vector<double>> column(const std::string& name,
                                                        std::size_t arm) const {
    const auto columns = record_columns(simulation.layout());
    const auto found = std::ranges::find(columns, name, &RecordColumn::name);
    const auto c = static_cast<std::size_t>(found - columns.begin());
    std::vector<std::vector<double>> values;
    for (const BlockRecord& record : records) {
      for (std::size_t row = 0; row < record.rows; ++row) {
        const auto first = record.values.at(c).begin() +
                           static_cast<std::ptrdiff_t>(
                               ((found->per_arm ? arm * record.rows : 0) + row) * found->width);
        values.emplace_back(first, first + static_cast<std::ptrdiff_t>(found->width));
      }
    }
    return values;
  }
  [[nodiscard]] OutcomeCells cells(std::size_t arm, std::size_t stratum) const {
    return sums[arm].outcomes(stratum);
  }
  [[nodiscard]] const OutcomeLayout& layout() const { return simulation.layout().outcomes; }
};
const Results& shared_run() {
  static const Results run;
  return run;
}

struct Plain {
  double n = 0, sum = 0, squares = 0;
  std::int64_t lower = 0, higher = 0;
  void add(double x) {
    n += 1;
    sum += x;
    squares += x * x;
    lower += x < 0 ? 1 : 0;
    higher += x > 0 ? 1 : 0;
  }
  [[nodiscard]] double mean() const { return sum / n; }
  [[nodiscard]] double sd() const { return std::sqrt(squares / n - mean() * mean()); }
};

TEST(OutcomesOfRuns, EffectsAreThePairedDifferencesOfTheRecords) {
  const Results& run = shared_run();
  const auto mean_over_time = [&](const std::string& name, std::size_t arm) {
    std::vector<double> means;
    for (const auto& person : run.column(name, arm)) {
      double sum = 0;
      for (const double x : person) sum += x;
      means.push_back(sum / static_cast<double>(person.size()));
    }
    return means;
  };
  const std::vector<std::pair<Outcome, std::string>> compared = {
      {Outcome::mean_ghq, "ghq28"},
      {Outcome::mean_symptoms, "symptoms"},
      {Outcome::final_symptoms, "final_symptoms"},
      {Outcome::final_self_control, "final_self_control"},
      {Outcome::final_control_belief, "final_control_belief"}};
  const auto strata = run.column("stratum", 0);
  for (const auto& [outcome, name] : compared) {
    const double close = outcome == Outcome::mean_ghq ? 1e-10 : 2e-5;
    const auto reference = mean_over_time(name, 0), treated = mean_over_time(name, 2);
    for (std::size_t stratum = 0; stratum < 3; ++stratum) {
      Plain own, first, change;
      for (std::size_t i = 0; i < kPeople; ++i) {
        if (stratum > 0 && strata[i][0] != static_cast<double>(stratum)) continue;
        own.add(treated[i]);
        first.add(reference[i]);
        change.add(treated[i] - reference[i]);
      }
      const OutcomeMoments m = outcome_moments(run.layout(), run.cells(2, stratum), outcome);
      EXPECT_EQ(static_cast<double>(m.count), own.n);
      EXPECT_NEAR(m.mean, own.mean(), close) << name;
      EXPECT_NEAR(m.sd, own.sd(), close) << name;
      const OutcomeEffect e = outcome_effect(run.layout(), run.cells(2, stratum), outcome);
      EXPECT_NEAR(e.difference.mean, change.mean(), close) << name;
      EXPECT_NEAR(e.difference.sd, change.sd(), close) << name;
      if (outcome == Outcome::mean_ghq) {
        EXPECT_EQ(e.improved, change.lower);
        EXPECT_EQ(e.worsened, change.higher);
        EXPECT_GT(e.improved, 0);
        EXPECT_NEAR(variance_ratio(m, outcome_moments(run.layout(), run.cells(0, stratum), outcome),
                                   e.difference),
                    (own.sd() * own.sd() + first.sd() * first.sd()) / (change.sd() * change.sd()),
                    1e-6);
      }
      if (outcome == Outcome::final_self_control) {  // where more is better
        EXPECT_NEAR(static_cast<double>(e.improved), static_cast<double>(change.higher), 2.0);
      }
    }
  }
}

TEST(OutcomesOfRuns, AnArmThatChangesNothingHasNoEffect) {
  const Results& run = shared_run();
  for (std::size_t o = 0; o < kPersonOutcomeCount; ++o) {
    const OutcomeEffect e = outcome_effect(run.layout(), run.cells(1, 0), static_cast<Outcome>(o));
    EXPECT_EQ(e.difference.mean, 0.0) << kPersonOutcomes[o].name;
    EXPECT_EQ(e.difference.sd, 0.0);
    EXPECT_EQ(e.improved + e.worsened, 0);
  }
}

TEST(OutcomesOfRuns, CountsOfDaysAreThoseOfTheSeries) {
  const Results& run = shared_run();
  const std::vector<std::pair<Outcome, Series>> counted = {
      {Outcome::life_events, Series::life_event},
      {Outcome::traumatic_events, Series::traumatic_event},
      {Outcome::encounters, Series::encounters},
      {Outcome::mastered, Series::mastered},
      {Outcome::avoided, Series::avoided},
      {Outcome::depressed_days, Series::depressed},
      {Outcome::ptsd_days, Series::ptsd}};
  for (std::size_t stratum = 0; stratum < 3; ++stratum) {
    const auto total = [&](Series quantity) {
      double sum = 0.0;
      for (std::size_t day = 0; day < kDays; ++day) {
        sum += run.sums[2].series(day, stratum, static_cast<std::size_t>(quantity)).mean;
      }
      return sum;
    };
    for (const auto& [outcome, quantity] : counted) {
      EXPECT_NEAR(outcome_moments(run.layout(), run.cells(2, stratum), outcome).mean,
                  total(quantity), 1e-5)
          << kPersonOutcomes[static_cast<std::size_t>(outcome)].name;
    }
    EXPECT_NEAR(outcome_moments(run.layout(), run.cells(2, stratum), Outcome::mean_hassles).mean,
                total(Series::hassles) / kDays, 1e-5);
  }
  EXPECT_GT(outcome_moments(run.layout(), run.cells(0, 0), Outcome::depressed_days).mean, 0.1);
}

TEST(OutcomesOfRuns, OnsetsOfTheSeriesAreAtLeastTheFirstOnesOfPersons) {
  const Results& run = shared_run();
  std::map<int, int> first_onsets;
  for (const auto& day : run.column("depression_onset_day", 0)) {
    if (day[0] >= 0) first_onsets[static_cast<int>(day[0])] += 1;
  }
  ASSERT_FALSE(first_onsets.empty());
  double onsets = 0.0, firsts = 0.0;
  for (int day = 0; day < kDays; ++day) {
    const Moments m = run.sums[0].series(static_cast<std::size_t>(day), 0,
                                         static_cast<std::size_t>(Series::depression_onset));
    const double here = m.mean * static_cast<double>(m.count);
    EXPECT_GE(here + 1e-4, first_onsets[day]) << day;
    onsets += here;
    firsts += first_onsets[day];
  }
  EXPECT_EQ(recovery(run.layout(), run.cells(0, 0), 0).at_risk[0],
            static_cast<std::int64_t>(firsts));
  EXPECT_LT(onsets, 2.0 * firsts);
}

TEST(OutcomesOfRuns, TheWaveOpensTheClockOfThoseWhomItHits) {
  const Results& run = shared_run();
  std::int64_t hit = 0;
  for (const auto& day : run.column("event_day", 0)) {
    ASSERT_TRUE(day[0] == -1.0 || day[0] == 20.0);
    hit += day[0] == 20.0 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(hit), 0.6 * kPeople, 5.0 * std::sqrt(0.24 * kPeople));
  EXPECT_EQ(event_study(run.layout(), run.cells(0, 0)).persons, hit);
  // Others have a trauma on that day too, at these rates, but not because of the wave.
  const Moments m = run.sums[0].series(20, 0, static_cast<std::size_t>(Series::traumatic_event));
  EXPECT_GE(m.mean * static_cast<double>(m.count) + 1e-3, static_cast<double>(hit));
  std::int64_t classified = 0;
  for (std::size_t k = 0; k < kTrajectories; ++k) {
    classified +=
        trajectory_course(run.layout(), run.cells(0, 0), static_cast<Trajectory>(k)).persons;
  }
  EXPECT_EQ(classified, static_cast<std::int64_t>(kPeople));
}

TEST(OutcomesOfRuns, CortisolIndicesAreThoseOfTheSamples) {
  const Results& run = shared_run();
  Plain peak, area;
  const std::vector<int> minutes = {-10, 0, 20, 60};
  for (const auto& samples : run.column("tsst_cortisol", 0)) {
    const auto indices = cortisol_indices(minutes, samples);
    area.add(indices[0]);
    peak.add(indices[2]);
  }
  EXPECT_NEAR(run.sums[0].index(0, 0, CortisolIndex::auc_ground).mean, area.mean(), 1e-4);
  EXPECT_NEAR(run.sums[0].index(0, 0, CortisolIndex::peak).mean, peak.mean(), 1e-6);
  EXPECT_NEAR(run.sums[0].index(0, 0, CortisolIndex::peak).sd, peak.sd(), 1e-4);
}

TEST(OutcomesOfRuns, NeitherOrderNorPiecesNorRecordsMatter) {
  const Results& run = shared_run();
  const std::size_t arms = run.study.arms.size();
  // Blocks backwards into two sets of sums, in stretches of days, without records.
  std::vector<std::vector<ObservationSums>> parts(
      2, std::vector<ObservationSums>(arms, ObservationSums(run.simulation.layout())));
  for (std::uint64_t b = run.simulation.blocks(); b-- > 0;) {
    std::vector<Block> states(arms);
    std::vector<std::vector<float>> courses(
        arms, std::vector<float>(kBlockSize * run.simulation.outcome_numbers(), 0.0F));
    for (const auto& [first, end] : {std::pair{0, 10}, {10, 21}, {21, kDays}}) {
      for (std::size_t arm = 0; arm < arms; ++arm) {
        if (first == 0) run.simulation.start(b, arm, states[arm]);
        run.simulation.walk(arm, first, end, states[arm], parts[(b + arm) % 2][arm], courses[arm]);
      }
    }
    std::vector<const Block*> at_end;
    std::vector<std::span<const float>> seen;
    for (std::size_t arm = 0; arm < arms; ++arm) {
      at_end.push_back(&states[arm]);
      seen.emplace_back(courses[arm]);
    }
    run.simulation.finish(b, at_end, seen, parts[b % 2]);
  }
  for (std::size_t arm = 0; arm < arms; ++arm) {
    parts[0][arm].merge(parts[1][arm]);
    EXPECT_TRUE(std::ranges::equal(parts[0][arm].cells(), run.sums[arm].cells())) << arm;
  }
}

TEST(OutcomesOfRuns, PeopleOfABlockAreCountedLikeEachOfThem) {
  const ObservationLayout& layout = shared_run().simulation.layout();
  ObservationSums together(layout), single(layout);
  const std::vector<double> some = {0.3,       -7.0,    1e300,  100.0,        0.1 + 0.2,
                                    1.0 / 3.0, 0x1p-31, -1e300, std::nan(""), -0.0};
  std::vector<double> values(kBlockSize);
  std::vector<std::size_t> strata(kBlockSize);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    values[i] = some[i % some.size()] * (i < 20 ? 1.0 : static_cast<double>(i));
    strata[i] = i % 3;
  }
  for (const Isa isa : available_isas()) {
    SCOPED_TRACE(to_string(isa));
    for (const std::size_t people : {std::size_t{kBlockSize}, std::size_t{13}}) {
      SeriesDay day;
      for (std::size_t q = 0; q < kSeriesCount; ++q) {
        primitives(isa).fixed_points(values.data(), kSeries[q].scale, day.value[q], day.square[q],
                                     kBlockSize);
      }
      for (std::size_t i = 0; i < kBlockSize; ++i) {
        day.has_prediction[i] = i % 5 == 0 ? 1 : 0;
        if (i % 5 == 0) continue;
        constexpr auto kError = static_cast<std::size_t>(Series::prediction_error);
        day.value[kError][i] = day.square[kError][i] = 0;
      }
      together.add_series(1, day, std::span(strata).first(people));
      for (std::size_t i = 0; i < people; ++i) {
        for (std::size_t q = 0; q < kSeriesCount; ++q) {
          const auto series = static_cast<Series>(q);
          if (series == Series::prediction_error && i % 5 != 0) continue;
          single.add_series(1, 0, series, values[i]);
          if (strata[i] > 0) single.add_series(1, strata[i], series, values[i]);
        }
      }
    }
    EXPECT_TRUE(std::ranges::equal(together.cells(), single.cells()));
  }
}

}  // namespace
}  // namespace eustress
