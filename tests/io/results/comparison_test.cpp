#include "io/results/comparison.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5/hdf5.hpp"
#include "io/results/results_file.hpp"
#include "io/results/run_description.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using namespace eustress::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNormal = 1.959963984540054;

/// A results.nc of 100 people with outcomes by hand; [replicate][arm] of each number.
class ComparisonTest : public ::testing::Test {
 protected:
  void write(std::size_t replicates) {
    NetcdfWriter content("results.nc");
    RunDescription run;
    run.title = "by hand";
    run.study = "[study]\nname = \"hand\"\ndays = 73\n[population]\nindividuals = 100\n";
    run.individuals = 100;
    run.arms = arms_;
    add_description(content, "results", run, {"all", "sex_0"});
    std::vector<std::string> dimensions = {"arm", "stratum"};
    if (replicates > 1) {
      content.add_dimension({"replicate", NumberType::int64, {}, described_as("1", "replicate")},
                            replicates);
      content.write("replicate", std::vector<std::int64_t>(replicates, 0));
      dimensions.insert(dimensions.begin(), "replicate");
    }
    add_codes(content, "arm", "arm", arms_);
    add_codes(content, "stratum", "stratum", std::vector<std::string>{"all", "sex_0"});
    for (const auto& [name, values] : numbers_) {
      const std::string unit = name.find("days") == std::string::npos ? "1" : "d";
      content.add_variable({name, NumberType::float64, dimensions, described_as(unit, name)});
      std::vector<double> doubled;  // the second stratum has ten times the values
      for (const double x : values) {
        doubled.push_back(x);
        doubled.push_back(10.0 * x);
      }
      content.write(name, doubled);
    }
    finish_results(content, scratch_.file("results.nc"));
  }

  ScratchDirectory scratch_;
  std::vector<std::string> arms_ = {"reference", "trained", "treated"};
  std::map<std::string, std::vector<double>> numbers_ = {
      {"outcome_count", {100, 100, 100}},
      {"effect_count", {100, 100, 100}},
      {"outcome_mean_ghq_mean", {12, 11, 9}},
      {"outcome_mean_ghq_sd", {4, 4, 3}},
      {"effect_mean_ghq_mean", {0, -1, -3}},
      {"effect_mean_ghq_sd", {0, 2, 2}},
      {"effect_mean_ghq_variance_ratio", {NAN, 8, 6.25}},
      {"effect_mean_ghq_improved", {0, 60, 80}},
      {"effect_mean_ghq_worsened", {0, 30, 10}},
      {"outcome_ever_ptsd_mean", {0.2, 0.1, 0.2}},
      {"outcome_ever_ptsd_sd", {0.4, 0.3, 0.4}},
      {"effect_ever_ptsd_mean", {0, -0.1, 0}},
      {"effect_ever_ptsd_sd", {0, 0.3, 0.1}},
      {"outcome_disorder_days_mean", {5, 4, 3}},
      {"outcome_disorder_days_sd", {5, 5, 5}},
      {"effect_disorder_days_mean", {0, -1, -2}},
      {"effect_disorder_days_sd", {0, 1, 1}},
  };
};

const Effect& effect(const Comparison& comparison, const std::string& arm,
                     const std::string& outcome) {
  for (const Effect& e : comparison.effects) {
    if (e.arm == arm && e.outcome == outcome) return e;
  }
  throw std::runtime_error("no effect of " + arm + " on " + outcome);
}

TEST_F(ComparisonTest, PairedPersons) {
  write(1);
  const Comparison c = compare_arms(scratch_.path(), {});
  EXPECT_EQ(c.reference, "reference");
  EXPECT_EQ(c.stratum, "all");
  EXPECT_EQ(c.replicates, 1u);
  EXPECT_THAT(c.arms, ElementsAre("trained", "treated"));
  EXPECT_EQ(c.effects.size(), 6u);
  const Effect& ghq = effect(c, "trained", "mean_ghq");
  EXPECT_EQ(ghq.basis, Basis::persons);
  EXPECT_EQ(ghq.persons, 100);
  EXPECT_DOUBLE_EQ(ghq.reference_mean, 12.0);
  EXPECT_DOUBLE_EQ(ghq.arm_mean, 11.0);
  EXPECT_DOUBLE_EQ(ghq.difference.value, -1.0);
  EXPECT_NEAR(ghq.difference.low, -1.0 - kNormal * 0.2, 1e-12);
  EXPECT_NEAR(ghq.difference.high, -1.0 + kNormal * 0.2, 1e-12);
  EXPECT_DOUBLE_EQ(ghq.standardised, -0.25);
  EXPECT_EQ(ghq.improved, 60);
  EXPECT_EQ(ghq.worsened, 30);
  EXPECT_EQ(ghq.variance_ratio, 8.0);
  EXPECT_FALSE(ghq.needed_to_treat);
  EXPECT_FALSE(ghq.days_averted);
}

TEST_F(ComparisonTest, NumbersNeededToTreat) {
  write(1);
  const Comparison c = compare_arms(scratch_.path(), {});
  const Effect& ptsd = effect(c, "trained", "ever_ptsd");
  ASSERT_TRUE(ptsd.needed_to_treat);
  EXPECT_NEAR(ptsd.needed_to_treat->value, 10.0, 1e-9);
  const double half = kNormal * 0.03;
  EXPECT_NEAR(ptsd.needed_to_treat->low, 1.0 / (0.1 + half), 1e-9);
  EXPECT_NEAR(ptsd.needed_to_treat->high, 1.0 / (0.1 - half), 1e-9);
  EXPECT_FALSE(ptsd.improved);
  EXPECT_TRUE(std::isinf(effect(c, "treated", "ever_ptsd").needed_to_treat->value));
}

TEST_F(ComparisonTest, DaysAvertedPer1000PeopleAndYear) {
  write(1);
  const Comparison c = compare_arms(scratch_.path(), {});
  const Effect& days = effect(c, "treated", "disorder_days");
  ASSERT_TRUE(days.days_averted);
  // 2 days in 73 days are 10 days a year.
  EXPECT_NEAR(days.days_averted->value, 10000.0, 1e-8);
  EXPECT_NEAR(days.days_averted->low, 1000.0 * 5.0 * (2.0 - kNormal * 0.1), 1e-8);
  EXPECT_NEAR(days.days_averted->high, 1000.0 * 5.0 * (2.0 + kNormal * 0.1), 1e-8);
}

TEST_F(ComparisonTest, AnotherReferenceIsNotPaired) {
  write(1);
  const Comparison c = compare_arms(scratch_.path(), {{"mean_ghq"}, "", "treated"});
  EXPECT_THAT(c.arms, ElementsAre("reference", "trained"));
  ASSERT_EQ(c.effects.size(), 2u);
  EXPECT_EQ(c.notes.size(), 1u);
  const Effect& ghq = effect(c, "trained", "mean_ghq");
  EXPECT_EQ(ghq.basis, Basis::unpaired);
  EXPECT_DOUBLE_EQ(ghq.difference.value, 2.0);
  EXPECT_NEAR(ghq.difference.high, 2.0 + kNormal * 0.5, 1e-12);  // sqrt((16 + 9)/100)
  EXPECT_NEAR(ghq.standardised, 2.0 / 3.0, 1e-12);
  EXPECT_FALSE(ghq.improved);
}

TEST_F(ComparisonTest, Stratum) {
  write(1);
  const Comparison c = compare_arms(scratch_.path(), {{"mean_ghq"}, "sex_0", ""});
  EXPECT_EQ(c.stratum, "sex_0");
  EXPECT_DOUBLE_EQ(effect(c, "trained", "mean_ghq").difference.value, -10.0);
  EXPECT_EQ(effect(c, "trained", "mean_ghq").persons, 1000);
}

TEST_F(ComparisonTest, ReplicatesByStudentsT) {
  arms_ = {"reference", "trained"};
  numbers_ = {{"outcome_count", {100, 100, 100, 100, 100, 100}},
              {"effect_count", {100, 100, 100, 100, 100, 100}},
              {"outcome_mean_ghq_mean", {12, 11, 13, 11, 14, 11}},
              {"outcome_mean_ghq_sd", {4, 4, 4, 4, 4, 4}},
              {"effect_mean_ghq_mean", {0, -1, 0, -2, 0, -3}},
              {"effect_mean_ghq_sd", {0, 2, 0, 2, 0, 2}},
              {"effect_mean_ghq_improved", {0, 60, 0, 70, 0, 80}}};
  write(3);
  const Comparison c = compare_arms(scratch_.path(), {});
  EXPECT_EQ(c.replicates, 3u);
  const Effect& ghq = effect(c, "trained", "mean_ghq");
  EXPECT_EQ(ghq.basis, Basis::replicates);
  EXPECT_EQ(ghq.persons, 300);
  EXPECT_DOUBLE_EQ(ghq.difference.value, -2.0);
  EXPECT_NEAR(ghq.difference.high, -2.0 + 4.302652729911275 / std::sqrt(3.0), 1e-8);
  EXPECT_DOUBLE_EQ(ghq.standardised, -0.5);
  EXPECT_EQ(ghq.improved, 210);
  // Over replicates any arm may be the reference.
  const Comparison turned = compare_arms(scratch_.path(), {{}, "", "trained"});
  EXPECT_DOUBLE_EQ(effect(turned, "reference", "mean_ghq").difference.value, 2.0);
  EXPECT_TRUE(turned.notes.empty());
}

TEST_F(ComparisonTest, WhatIsNotThereIsNamed) {
  write(1);
  const auto outcome = error_of([&] {
    (void)compare_arms(scratch_.path(), {{"mean_gqh"}, "", ""});
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind(), ErrorKind::usage);
  EXPECT_THAT(outcome->what(), HasSubstr("Did you mean 'mean_ghq'?"));
  const auto arm = error_of([&] { (void)compare_arms(scratch_.path(), {{}, "", "traind"}); });
  ASSERT_TRUE(arm);
  EXPECT_THAT(arm->what(),
              HasSubstr("it has reference, trained, treated. Did you mean 'trained'?"));
  const auto stratum = error_of([&] { (void)compare_arms(scratch_.path(), {{}, "sex_9", ""}); });
  ASSERT_TRUE(stratum);
  EXPECT_THAT(stratum->what(), HasSubstr("no stratum 'sex_9'"));
  const auto missing = error_of([&] { (void)compare_arms(scratch_.file("no"), {}); });
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->kind(), ErrorKind::input);
}

TEST_F(ComparisonTest, OneArmHasNothingToCompare) {
  arms_ = {"reference"};
  for (auto& [name, values] : numbers_) values.resize(1);
  write(1);
  const auto error = error_of([&] { (void)compare_arms(scratch_.path(), {}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::usage);
  EXPECT_THAT(error->what(), HasSubstr("one arm only"));
}

TEST_F(ComparisonTest, Json) {
  write(1);
  const auto json =
      nlohmann::json::parse(comparison_json(compare_arms(scratch_.path(), {{"mean_ghq"}, "", ""})));
  EXPECT_EQ(json["effects"].size(), 2u);
  EXPECT_EQ(json["effects"][0]["difference"]["value"], -1.0);
  EXPECT_EQ(json["effects"][0]["improved"], 60);
  EXPECT_TRUE(json["effects"][0]["number_needed_to_treat"].is_null());
}

}  // namespace
}  // namespace eustress::io
