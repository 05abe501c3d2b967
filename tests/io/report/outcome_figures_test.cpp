// Figures of outcomes from data by hand, and the reading of merged runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/population/factors.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/report/figures.hpp"
#include "io/report/run_data.hpp"
#include "io/results/results_file.hpp"
#include "io/results/run_description.hpp"
#include "tests/io/report/markup.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two arms, one stratum.
NamedGrid grid(const std::string& name, std::vector<double> values) {
  const std::size_t places = values.size() / 2;
  return {name, {1, places, std::move(values)}};
}

RunData run_by_hand() {
  RunData run;
  run.arms = {"reference", "<trained>"};
  run.strata = {"all"};
  OutcomeData& o = run.outcomes;
  o.trajectories = {"resilient", "recovered", "chronic", "delayed", "no_event", "incomplete"};
  o.since_event = {-91, 0, 91};
  o.recovery_days = {0, 1, 2, 3};
  o.factors = {"optimism", "fitness"};
  o.grids = {
      grid("trajectory_count", {50, 25, 15, 10, 7, 3, 60, 20, 10, 10, 7, 3}),
      grid("trajectory_ghq_mean", std::vector<double>(36, 12.0)),
      grid("event_study_coefficient_sd", {0, 0.8, 0.3, 0, 0.6, 0.2}),
      grid("event_study_se_sd", {NAN, 0.1, 0.1, NAN, 0.1, 0.1}),
      grid("recovery_depression_survival", {0.9, 0.8, 0.5, 0.1, 0.8, 0.6, 0.3, 0.05}),
      grid("recovery_depression_se", std::vector<double>(8, 0.05)),
      grid("recovery_depression_at_risk", {90, 80, 50, 9, 90, 70, 50, 9}),
      grid("factor_sr_correlation", {-0.4, 0.2, -0.3, 0.1}),
      grid("factor_sr_r2", {0.25, 0.2}),
      grid("sr_persons", {103, 103}),
  };
  Effect effect;
  effect.arm = "<trained>";
  effect.outcome = "disorder_days";
  effect.unit = "d";
  effect.persons = 200;
  effect.reference_mean = 10.0;
  effect.arm_mean = 8.0;
  effect.reference_sd = 4.0;
  effect.difference = {-2.0, -3.0, -1.0};
  effect.standardised = -0.5;
  effect.improved = 90;
  effect.worsened = 20;
  effect.days_averted = Interval{2000.0, 1000.0, 3000.0};
  o.effects = {effect};
  return run;
}

const Figure& only(const std::vector<Figure>& figures) {
  EXPECT_EQ(figures.size(), 1u);
  EXPECT_EQ(testing::markup_error("<div>" + figures.at(0).body + "</div>"), "");
  return figures.at(0);
}

TEST(OutcomeFigures, NothingFromNothing) {
  const RunData run;
  EXPECT_TRUE(trajectory_figures(run).empty());
  EXPECT_TRUE(recovery_figures(run).empty());
  EXPECT_TRUE(reactivity_figures(run).empty());
  EXPECT_TRUE(contrast_figures(run).empty());
  EXPECT_TRUE(synthesis_figures(run).empty());
}

TEST(OutcomeFigures, NothingWhereNobodyWasSeen) {
  RunData run = run_by_hand();
  for (NamedGrid& g : run.outcomes.grids) g.grid.values.assign(g.grid.values.size(), NAN);
  run.outcomes.effects[0].reference_sd = NAN;
  EXPECT_TRUE(trajectory_figures(run).empty());
  EXPECT_TRUE(recovery_figures(run).empty());
  EXPECT_TRUE(reactivity_figures(run).empty());
  EXPECT_TRUE(contrast_figures(run).empty());
}

// The reader must see the threshold, and what the cohort's own level makes of it.
TEST(OutcomeFigures, TrajectoriesTellTheThresholdAndTheLevelOfTheScale) {
  RunData run = run_by_hand();
  run.study.emplace();
  Quantity score;
  score.name = "ghq28";
  run.assessment_days = {7, 14};
  score.mean = {1, 2, {11.0, 13.0, 11.0, 13.0}};
  score.sd = {1, 2, {6.0, 8.0, 6.0, 8.0}};
  run.assessed = {score};
  const std::string low = trajectory_figures(run).front().caption;
  EXPECT_THAT(low,
              AllOf(HasSubstr("mean GHQ-28 of at least 24.0"), HasSubstr("threshold of [outcomes]"),
                    HasSubstr("mean 12.0 and standard deviation 7.1"),
                    Not(HasSubstr("higher than in general populations"))));
  run.assessed[0].mean.values = {24.0, 25.0, 24.0, 25.0};
  EXPECT_THAT(trajectory_figures(run).front().caption,
              AllOf(HasSubstr("mean 24.5"), HasSubstr("higher than in general populations")));
  run.study->outcomes.mental_health = MentalHealthScale::ghq12;
  run.study->outcomes.threshold = 15.0;
  EXPECT_THAT(
      trajectory_figures(run).front().caption,
      AllOf(HasSubstr("mean GHQ-12 of at least 15.0"), Not(HasSubstr("general populations"))));
}

// With a cohort table nobody knows here what was asked for; what was obtained is shown all the
// same.
TEST(OutcomeFigures, CorrelationsOfFactorsWithAndWithoutATable) {
  RunData run = run_by_hand();
  run.study.emplace();
  run.people.emplace();
  run.people->count = 50;
  for (std::size_t f = 0; f < kFactors; ++f) {
    Column column{std::string(kFactorTable[f].name), {}};
    for (std::size_t i = 0; i < 50; ++i) {
      column.values.push_back(std::sin(static_cast<double>((f + 1) * (i + 3))));
    }
    run.people->factors.push_back(column);
  }
  const std::vector<Figure> synthetic = synthesis_figures(run);
  ASSERT_EQ(synthetic.size(), 1u);
  EXPECT_THAT(synthetic[0].caption, HasSubstr("above it those that were asked for"));
  run.study->population.cohort = "people.csv";
  const std::vector<Figure> table = synthesis_figures(run);
  ASSERT_EQ(table.size(), 1u);
  EXPECT_THAT(table[0].caption, AllOf(HasSubstr("cohort table"), Not(HasSubstr("above it"))));
  const auto cells = [](const Figure& figure) {
    return testing::attribute_values(figure.body, "fill-opacity").size();
  };
  EXPECT_GT(cells(synthetic[0]), cells(table[0]));
  for (const auto& figures : {synthetic, table}) {
    EXPECT_EQ(testing::markup_error("<div>" + figures[0].body + "</div>"), "");
  }
}

// --- one person ------------------------------------------------------------------------------

/// Ten days in two arms, four moments a day; the strongest encounter is on day 6.
TracedPerson person_by_hand() {
  TracedPerson person;
  person.individual = 17;
  person.traced = 3;
  person.arms = {"reference", "<trained>"};
  TracedCourse cortisol{"cortisol", {{}, {}}}, intensity{"intensity", {{}, {}}};
  TracedCourse distress{"distress", {{}, {}}}, events{"life_event", {{}, {}}};
  for (int day = 0; day < 10; ++day) {
    person.days.push_back(day + 1.0);
    for (int arm = 0; arm < 2; ++arm) {
      distress.of_arm[static_cast<std::size_t>(arm)].push_back(0.1 * day + arm);
      events.of_arm[static_cast<std::size_t>(arm)].push_back(day == 4 ? 3.0 : day == 8 ? 1.0 : 0.0);
    }
    for (int m = 0; m < 4; ++m) {
      person.times.push_back(day + 0.25 * m);
      for (std::size_t arm = 0; arm < 2; ++arm) {
        cortisol.of_arm[arm].push_back(1.0 + 0.1 * m);
        intensity.of_arm[arm].push_back(day == 6 && m == 2 ? 2.0 : day == 1 ? 1.0 : 0.0);
      }
    }
  }
  person.moments = {cortisol, intensity};
  person.daily = {distress, events};
  return person;
}

TEST(TraceFigures, ThreeDaysAroundTheStrongestEncounterAndTheWholeCourse) {
  RunData run = run_by_hand();
  EXPECT_TRUE(trace_figures(run).empty());
  run.days = 10;
  run.traced = person_by_hand();
  const std::vector<Figure> figures = trace_figures(run);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].id, "trace-hormones");
  EXPECT_EQ(figures[1].id, "trace-course");
  // Days 5 to 8, and nothing of day 1.
  EXPECT_THAT(figures[0].body, AllOf(HasSubstr(">5<"), HasSubstr(">8<"), Not(HasSubstr(">4<"))));
  EXPECT_THAT(figures[0].caption, HasSubstr("Individual 17, the first of 3 that were traced"));
  EXPECT_THAT(figures[1].body, HasSubstr("&lt;trained&gt;"));
  for (const Figure& figure : figures) {
    EXPECT_EQ(testing::markup_error("<div>" + figure.body + "</div>"), "");
    EXPECT_THAT(figure.body, Not(HasSubstr("nan")));
  }
  run.traced->times.clear();
  run.traced->moments.clear();
  ASSERT_EQ(trace_figures(run).size(), 1u);
  EXPECT_EQ(trace_figures(run)[0].id, "trace-course");
}

TEST(OutcomeFigures, TrajectoriesAndEventStudy) {
  const std::vector<Figure> figures = trajectory_figures(run_by_hand());
  ASSERT_EQ(figures.size(), 2u);
  // Shares are of those who have a class.
  EXPECT_THAT(figures[0].body, AllOf(HasSubstr("resilient (50.0 %)"), HasSubstr("delayed (10.0 %)"),
                                     Not(HasSubstr("no_event"))));
  EXPECT_THAT(figures[0].caption, HasSubstr("bins of 91 days"));
  EXPECT_THAT(figures[1].body, HasSubstr("&lt;trained&gt;"));
  for (const Figure& figure : figures) {
    EXPECT_EQ(testing::markup_error("<div>" + figure.body + "</div>"), "");
    EXPECT_THAT(figure.body, Not(HasSubstr("nan")));
  }
}

TEST(OutcomeFigures, RecoveryEndsWithTooFewPeople) {
  RunData run = run_by_hand();
  const std::vector<Figure> figures = recovery_figures(run);
  const Figure& figure = only(figures);
  EXPECT_THAT(figure.body,
              AllOf(HasSubstr("first depression-like episode"), Not(HasSubstr("PTSD"))));
  for (NamedGrid& g : run.outcomes.grids) {
    if (g.name.ends_with("at_risk")) g.grid.values.assign(g.grid.values.size(), 5.0);
  }
  EXPECT_TRUE(recovery_figures(run).empty());
}

TEST(OutcomeFigures, FactorsInTheOrderOfTheirCorrelation) {
  RunData run = run_by_hand();
  const std::vector<Figure> figures = reactivity_figures(run);
  const Figure& figure = only(figures);
  EXPECT_LT(figure.body.find("optimism"), figure.body.find("fitness"));
  EXPECT_THAT(figure.caption, HasSubstr("explain 25.0 %"));
}

TEST(OutcomeFigures, Contrasts) {
  const std::vector<Figure> figures = contrast_figures(run_by_hand());
  const Figure& figure = only(figures);
  EXPECT_THAT(figure.body, AllOf(HasSubstr("disorder days"), HasSubstr("45.0 %"),
                                 HasSubstr("2000 days averted per 1,000 and year")));
  EXPECT_THAT(figure.caption, HasSubstr("paired differences of persons"));
}

TEST(MergedRuns, AreReadAsMeansWithIntervals) {
  const eustress::testing::ScratchDirectory scratch;
  NetcdfWriter content("results.nc");
  RunDescription description;
  description.title = "merged";
  description.study = "[study]\nname = \"m\"\ndays = 2\n[population]\nindividuals = 10\n";
  description.individuals = 10;
  description.arms = {"reference"};
  add_description(content, "results", description, {"all"});
  content.add_dimension({"replicate", NumberType::int64, {}, described_as("1", "replicate")}, 3);
  content.write("replicate", std::vector<std::int64_t>{0, 1, 2});
  add_codes(content, "arm", "arm", description.arms);
  add_codes(content, "stratum", "stratum", std::vector<std::string>{"all"});
  add_days(content, "day", "day", std::vector<std::int32_t>{0, 1});
  for (const char* name : {"series_symptoms_mean", "series_symptoms_sd"}) {
    content.add_variable({name,
                          NumberType::float64,
                          {"replicate", "arm", "stratum", "day"},
                          described_as("1", "symptoms")});
    content.write(name, std::vector<double>{1, NAN, 2, 5, 3, 7});
  }
  finish_results(content, scratch.file("results.nc"));

  const RunData run = read_run(scratch.path());
  EXPECT_EQ(run.replicates, 3u);
  ASSERT_EQ(run.series.size(), 1u);
  const Quantity& symptoms = run.series[0];
  EXPECT_DOUBLE_EQ(symptoms.mean.at(0, 0, 0), 2.0);
  EXPECT_DOUBLE_EQ(symptoms.mean.at(0, 0, 1), 6.0);  // of those that have one
  ASSERT_EQ(symptoms.half_width.times, 2u);
  EXPECT_NEAR(symptoms.half_width.at(0, 0, 0), 4.302652729911275 / std::sqrt(3.0), 1e-9);
}

}  // namespace
}  // namespace eustress::io::report
