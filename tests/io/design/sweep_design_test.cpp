#include "io/design/sweep_design.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/statistics/sensitivity.hpp"

namespace eustress::io {
namespace {

using Texts = std::vector<std::string>;

SweepDesign read(const std::string& text) {
  Texts warnings;
  return read_sweep_design(text, "design.toml", warnings);
}

/// The message; empty if there is none.
std::string refusal_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return {};
}

void expect_says(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << "no '" << part << "' in:\n" << message;
}

const std::string kGrid = R"([sweep]
study = "a.toml"
design = "grid"
outputs = ["outcome_mean_ghq_mean", "series_symptoms_mean[ reference , all, 12.5]"]
[[parameter]]
key = "hpa.stress_gain"
low = 1.0
high = 4.0
steps = 3
scale = "log"
[[parameter]]
key = "study.seed"
values = [3, 1]
)";

TEST(SweepDesign, OfAGrid) {
  const SweepDesign design = read(kGrid);
  EXPECT_EQ(design.kind, DesignKind::grid);
  EXPECT_EQ(design.outputs[1].text, "series_symptoms_mean[reference,all,12.5]");
  EXPECT_EQ(design.outputs[1].places, (Texts{"reference", "all", "12.5"}));
  const DesignPoints points = points_of(design);
  ASSERT_EQ(points.size(), 6U);
  EXPECT_EQ(values_at(design, points.point(0)), (std::vector{1.0, 3.0}));
  EXPECT_NEAR(values_at(design, points.point(3))[0], 2.0, 1e-12);
  EXPECT_EQ(values_at(design, points.point(5)), (std::vector{4.0, 1.0}));
  EXPECT_EQ(overrides_of(design.parameters, std::vector{4.0, 1.0}),
            (Texts{"hpa.stress_gain=4.0", "study.seed=1"}));
}

TEST(SweepDesign, RangesAndTheirPlaces) {
  SweepDesign design = read(R"([sweep]
study = "a.toml"
design = "lhs"
points = 10
outputs = ["x"]
[[parameter]]
key = "hpa.stress_gain"
low = 0.5
high = 8.0
scale = "log"
)");
  const FreeParameter& p = design.parameters[0];
  EXPECT_DOUBLE_EQ(p.value_at(0.5), 2.0);
  EXPECT_EQ(p.value_at(1.0), 8.0);
  EXPECT_DOUBLE_EQ(p.place_of(2.0), 0.5);
  EXPECT_EQ(p.place_of(100.0), 1.0);
  EXPECT_EQ(points_of(design).size(), 10U);
}

TEST(SweepDesign, AllMistakesAreToldAtOnceWithTheirPlaces) {
  const std::string message = refusal_of(R"([sweep]
study = "a.toml"
design = "sobl"
point = 10
outputs = ["x[", "y", "y"]
[[parameter]]
key = "hpa.strss_gain"
low = 1.0
high = 2.0
[[parameter]]
key = "hpa.stress_gain"
low = -1.0
high = -2.0
scale = "log"
[[parameter]]
key = "study.seed"
low = 1
high = 4
steps = 2
[parameters]
)");
  expect_says(message, "design.toml:3:10");
  expect_says(message, "Did you mean 'sobol'?");
  expect_says(message, "unknown key 'point' in [sweep]. Did you mean 'points'?");
  expect_says(message, "design.toml:5:12");
  expect_says(message, "output 'x[' is not");
  expect_says(message, "output 'y' stands twice");
  expect_says(message, "unknown key 'hpa.strss_gain' of a study. Did you mean 'hpa.stress_gain'?");
  expect_says(message, "outside the legal range");
  expect_says(message, "high = -2 must be above low = -1");
  expect_says(message, "low = -1 must be above 0");
  expect_says(message, "study.seed is an integer");
  expect_says(message,
              "unknown section or key 'parameters' at the top of the file. Did you mean "
              "'parameter'?");
}

TEST(SweepDesign, AKindThatIsNotKnownHasNoOtherMistakes) {
  const std::string head = "[sweep]\nstudy = \"a\"\noutputs = [\"x\"]\ndesign = \"gird\"\n";
  for (const std::string range :
       {"low = 1.0\nhigh = 2.0\n", "low = 1.0\nhigh = 2.0\nsteps = 3\n", "values = [1.0, 2.0]\n"}) {
    const std::string message =
        refusal_of(head + "[[parameter]]\nkey = \"hpa.stress_gain\"\n" + range);
    expect_says(message, "design.toml:4:10: error: design = \"gird\"");
    EXPECT_EQ(message.find("errors"), std::string::npos) << message;
  }
  expect_says(refusal_of(head + "[[parameter]]\nkey = \"hpa.stress_gain\"\nlow = 1.0\n"),
              "missing required key 'high'");
}

TEST(SweepDesign, TellsWhereItsParametersStand) {
  EXPECT_EQ(origins_of(read(kGrid).parameters, "grid.toml"),
            (Texts{"grid.toml:6:7", "grid.toml:12:7"}));
}

TEST(SweepDesign, WhatADesignNeedsAndWhatItDoesNotKnow) {
  const std::string head = "[sweep]\nstudy = \"a\"\noutputs = [\"x\"]\n";
  const std::string tail = "[[parameter]]\nkey = \"hpa.stress_gain\"\nlow = 1.0\nhigh = 2.0\n";
  expect_says(refusal_of(head + "design = \"sobol\"\n" + tail), "missing required key 'points'");
  expect_says(refusal_of(head + "design = \"morris\"\npoints = 4\n" + tail),
              "missing required key 'trajectories'");
  expect_says(refusal_of(head + "design = \"morris\"\npoints = 4\n" + tail),
              "points says nothing to a design of kind 'morris'");
  expect_says(refusal_of(head + "design = \"morris\"\ntrajectories = 4\nlevels = 3\n" + tail),
              "levels = 3 must be even");
  expect_says(refusal_of(head + "design = \"grid\"\n" + tail), "missing required key 'steps'");
  expect_says(refusal_of(head + "design = \"lhs\"\npoints = 4\n" + tail + "values = [1.5]\n"),
              "unknown key 'values' in [[parameter]]");
  expect_says(refusal_of("design = 3\n"), "the section [sweep] is missing");
  expect_says(refusal_of("[sweep"), "design.toml:1:");
  Texts warnings;
  read_sweep_design(head + "design = \"sobol\"\npoints = 6\n" + tail, "d", warnings);
  ASSERT_EQ(warnings.size(), 1U);
  expect_says(warnings[0], "no power of two");
}

TEST(SobolPoints, FillEveryStratum) {
  constexpr std::size_t kPoints = 64, kDimensions = 7;
  const DesignPoints points = sobol_points(kPoints, kDimensions, 3);
  for (std::size_t j = 0; j < kDimensions; ++j) {
    std::set<int> strata;
    for (std::size_t i = 0; i < kPoints; ++i) {
      strata.insert(static_cast<int>(points.point(i)[j] * kPoints));
    }
    EXPECT_EQ(strata.size(), kPoints) << j;
  }
  EXPECT_NE(points.values, sobol_points(kPoints, kDimensions, 4).values);
}

TEST(SobolPoints, GiveTheIndicesOfIshigami) {
  SweepDesign design;
  design.kind = DesignKind::sobol;
  design.size = 4096;
  design.parameters.resize(3);
  const DesignPoints points = points_of(design);
  ASSERT_EQ(points.size(), 4096U * 5U);
  std::vector<double> y;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto x = [&](std::size_t j) {
      return (2.0 * points.point(i)[j] - 1.0) * std::numbers::pi;
    };
    y.push_back(std::sin(x(0)) + 7.0 * std::pow(std::sin(x(1)), 2) +
                0.1 * std::pow(x(2), 4) * std::sin(x(0)));
  }
  const SobolIndices indices = sobol_indices(3, y, {200, 1});
  // Published: S .3139, .4424, 0; ST .5576, .4424, .2437.
  constexpr double kFirst[] = {.3139, .4424, 0.0}, kTotal[] = {.5576, .4424, .2437};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(indices.first_order[j].value, kFirst[j], 0.01) << j;
    EXPECT_NEAR(indices.total_order[j].value, kTotal[j], 0.01) << j;
  }
}

}  // namespace
}  // namespace eustress::io
