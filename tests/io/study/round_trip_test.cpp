// The effective configuration reads back as the same study, bit for bit.

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "io/study/catalogue.hpp"
#include "io/study/columns.hpp"
#include "io/study/keys.hpp"
#include "io/study/toml_text.hpp"
#include "tests/io/study/support.hpp"

namespace eustress::io {
namespace {

// Everything a row of the table can read, as exact text.
template <class T>
std::string exact(std::span<const KeyRow<T>> rows, const T& object) {
  std::ostringstream out;
  out << std::hexfloat;
  for (const KeyRow<T>& row : rows) {
    out << row.info.key << '=';
    const std::optional<Setting> value = row.get(object);
    if (!value) continue;
    if (const auto* number = std::get_if<double>(&*value)) {
      out << *number << '\n';
    } else {
      out << toml_text(*value) << '\n';
    }
  }
  return out.str();
}

void expect_same(const ModelParameters& a, const ModelParameters& b) {
  ModelParameters left = a;
  ModelParameters right = b;
  const std::vector<ParameterSlot> x = slots_of(left);
  const std::vector<ParameterSlot> y = slots_of(right);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::string name = std::string(x[i].info.section) + "." + std::string(x[i].info.key);
    if (x[i].is_on != nullptr) {
      EXPECT_EQ(*x[i].is_on, *y[i].is_on) << name;
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(*x[i].number),
                std::bit_cast<std::uint64_t>(*y[i].number))
          << name;
    }
  }
}

template <class T>
void expect_same(std::span<const KeyRow<T>> rows, const std::vector<T>& a,
                 const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(exact(rows, a[i]), exact(rows, b[i]));
}

void expect_same(const Study& a, const Study& b) {
  for (const auto rows : {study_keys(), population_keys(), replay_keys(), output_keys(),
                          trace_keys(), outcome_keys(), numerics_keys(), checkpoint_keys()}) {
    EXPECT_EQ(exact(rows, a), exact(rows, b));
  }
  expect_same(column_keys(), columns_of(a), columns_of(b));
  EXPECT_EQ(a.population.mapping.exposure_columns, b.population.mapping.exposure_columns);
  expect_same(regime_keys(), a.regimes, b.regimes);
  expect_same(wave_keys(), a.waves, b.waves);
  expect_same(probe_keys(), a.probes, b.probes);
  expect_same(intervention_keys(), a.interventions, b.interventions);
  expect_same(arm_keys(), a.arms, b.arms);
  for (std::size_t i = 0; i < a.arms.size(); ++i) {
    EXPECT_EQ(a.arms[i].changes, b.arms[i].changes);
    expect_same(a.arms[i].parameters, b.arms[i].parameters);
  }
  expect_same(a.parameters, b.parameters);
}

void expect_round_trip(const Study& study) {
  const std::string text = dump_study(study);
  ASSERT_EQ(failure(text), "") << text;
  const Study again = read(text);
  expect_same(study, again);
  EXPECT_EQ(dump_study(again), text);
}

TEST(RoundTrip, OfTheLeastStudy) {
  expect_round_trip(read(kLeast));
}

TEST(RoundTrip, OfTraces) {
  expect_round_trip(read(kLeast + "[traces]\nindividuals = [9, 2]\nevery_min = 7.5\nto_day = 50\n"
                                  "arms = [\"reference\"]\n[numerics]\ndt_min = 2.5\n"));
  expect_round_trip(read(kLeast + "[traces]\nfirst = 3\nevery_min = 0\nfrom_day = 99\n"));
}

TEST(RoundTrip, OfEverything) {
  expect_round_trip(read(R"(
[study]
name = "full"
title = "quotes \" backslash \\ ümlaut \U0001F600 # and = [brackets]"
seed = 9007199254740992
days = 400
[population]
individuals = 68719476736
age_min_y = 20.1
cohort = "data\\odd name.csv"
id_column = "the id"
correlations = "r.csv"
column = [
  { column = "a \"b\".c", factor = "fitness", mean = 1e-7, sd = 0.1, reverse = true },
  { column = "o", factor = "optimism" },
  { column = "hours", exposure = true, hassle_effect = -0.30000000000000004 },
  { column = "nights", exposure = true, hassle_effect = 0.1 },
  { column = "hours", exposure = true, level = "group", hassle_effect = 0.2 },
  { column = "hours", factor = "sleep_quality", reverse = true },
  { column = "sex", covariate = "sex", sex_zero = 1, sex_one = 2 },
  { column = "company", covariate = "group" },
  { column = "years", covariate = "age" },
  { column = "well", outcome = true },
]
[[regime]]
name = "r"
start_day = 0
end_day = 400
hassle_rate = 1.1
group = 0
[[regime]]
name = "all"
start_day = 3
end_day = 4
[[wave]]
name = "w"
day = 399
severity = 0.7
stressor = "demand"
[[probe]]
name = "tsst"
kind = "tsst"
day = 12
[[probe]]
name = "crh"
kind = "crh"
day = 13
time = "00:06"
bolus = 0.1
[[probe]]
name = "plain"
day = 14
duration_min = 1
samples_min = [-60, 0, 6]
[[arm]]
name = "one"
description = "with # and \" in it"
set = { "hpa.stress_gain" = 1e-5, "memory.threat_active" = false }
[[arm]]
name = "preset"
set = { hpa.acth_half_life_min = 16, "model.hpa_preset" = "karin2020" }
[[arm]]
name = "null"
[[intervention]]
name = "plain"
kind = "coping_training"
start_day = 0
end_day = 400
[[intervention]]
name = "risk"
kind = "treatment"
arms = ["one", "reference"]
start_day = 3
end_day = 9
dose = 0.30000000000000004
target = "risk"
quantile = 0.9
weights = { early_adversity = 1.0, optimism = -0.1 }
adherence = 0.7
dropout_per_d = 1e-3
build_up_d = 7
decay_d = 0.1
booster = 0.25
[[intervention]]
name = "sessions"
kind = "inoculation"
start_day = 3
end_day = 9
every_days = 2
stressor = "threat"
severity_to = 2
time = "10:06"
duration_min = 30
target = "symptoms"
threshold = 0.5
stepped = true
[[intervention]]
name = "drug"
kind = "metyrapone"
start_day = 3
end_day = 9
time = "10:06"
duration_min = 60
target = "factor_low"
factor = "fitness"
quantile = 0.25
[[intervention]]
name = "third"
kind = "sleep"
start_day = 3
end_day = 9
target = "stratum"
stratum = "early_adversity_high"
[[intervention]]
name = "half"
kind = "exercise"
start_day = 3
end_day = 9
target = "fraction"
fraction = 0.1
[[probe]]
name = "schedule"
kind = "rest"
day = 40
samples_min = [0, 60]
every_days = 9
repeats = 4
[[regime]]
name = "some"
start_day = 3
end_day = 9
sex = 1
stratum = "early_adversity_high"
[replay]
file = "e.csv"
replaces = "encounters"
[output]
strata = ["early_adversity"]
individuals = true
[numerics]
dt_min = 6
[model]
hpa_preset = "karin2020"
[hpa]
stress_gain = 0.1
)"));
}

TEST(RoundTrip, OfTheStarter) {
  expect_round_trip(read(starter_study()));
}

// A number of the legal range with all its digits, and now and then one of its ends.
double random_value(std::mt19937_64& random, double low, double high) {
  switch (random() % 8U) {
    case 0:
      return low;
    case 1:
      return high;
    case 2:
      return std::nextafter(low, high);
    case 3:
      return std::nextafter(high, low);
    default:
      return std::min(high, low + (high - low) * std::generate_canonical<double, 53>(random));
  }
}

TEST(RoundTrip, OfRandomParameters) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    Study study = read(kLeast);
    for (const ParameterSlot& slot : slots_of(study.parameters)) {
      if (slot.is_on != nullptr) {
        *slot.is_on = random() % 2U == 0;
      } else {
        *slot.number = random_value(random, slot.info.low, slot.info.high);
      }
    }
    study.arms[0].parameters = study.parameters;
    study.population.share_female = random_value(random, 0.0, 1.0);
    study.population.age_min = random_value(random, 0.0, 60.0);
    study.population.age_max = random_value(random, 60.0, 120.0);
    study.dt_min = 30.0 / static_cast<double>(5U + random() % 116U);
    study.seed = random() % 9007199254740993U;
    study.waves.push_back({.name = "w",
                           .day = static_cast<int>(random() % 100U),
                           .fraction = random_value(random, 0.0, 1.0),
                           .severity = random_value(random, 0.0, 20.0),
                           .controllability = random_value(random, 0.0, 1.0)});
    expect_round_trip(study);
    if (HasFailure()) break;
  }
}

TEST(TomlText, NumbersStayFloatsAndExact) {
  const auto text = [](double x) { return toml_text(Setting(x)); };
  EXPECT_EQ(text(6.0), "6.0");
  EXPECT_EQ(text(-0.0), "-0.0");
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(1e300), "1e+300");
  EXPECT_EQ(text(1e-7), "1e-07");
  EXPECT_EQ(text(123456789012.0), "123456789012.0");
}

TEST(TomlText, OtherValues) {
  EXPECT_EQ(toml_text(Setting(std::int64_t{-3})), "-3");
  EXPECT_EQ(toml_text(Setting(true)), "true");
  EXPECT_EQ(toml_text(Setting(std::string("a\"\\\n\x7fü"))), "\"a\\\"\\\\\\u000A\\u007Fü\"");
  EXPECT_EQ(toml_text(Setting(std::vector<std::int64_t>{-30, 0, 5})), "[-30, 0, 5]");
  EXPECT_EQ(toml_text(Setting(std::vector<std::int64_t>{})), "[]");
}

}  // namespace
}  // namespace eustress::io
