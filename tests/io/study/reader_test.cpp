#include "io/study/reader.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/model_parameters.hpp"
#include "io/study/catalogue.hpp"
#include "io/study/keys.hpp"
#include "io/study/step_grid.hpp"
#include "io/study/toml_text.hpp"
#include "tests/io/study/support.hpp"

namespace eustress::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(StudyReader, TakesDefaultsFromTheStudyAndTheModel) {
  const Study study = read(kLeast);
  const Study plain{};
  EXPECT_EQ(study.name, "s");
  EXPECT_EQ(study.days, 100);
  EXPECT_EQ(study.population.individuals, 10U);
  EXPECT_EQ(study.seed, plain.seed);
  EXPECT_EQ(study.dt_min, plain.dt_min);
  EXPECT_EQ(study.population.age_max, plain.population.age_max);
  EXPECT_EQ(study.output.questionnaire_every_days, plain.output.questionnaire_every_days);

  ModelParameters read_ones = study.parameters;
  ModelParameters defaults = default_parameters();
  const std::vector<ParameterSlot> a = slots_of(read_ones);
  const std::vector<ParameterSlot> b = slots_of(defaults);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].value(), b[i].value()) << a[i].info.section << "." << a[i].info.key;
  }
}

TEST(StudyReader, ReadsEverySection) {
  const Study study = read(R"(
[study]
name = "full-1.a"
title = "Füll \"of\" things"
seed = 9007199254740992
replicate = 4294967295
days = 36525

[population]
individuals = 68719476736
age_min_y = 20
age_max_y = 30.5
share_female = 0.25
cohort = "data/table.csv"
id_column = "person id"
correlations = "data/r.csv"
[[population.column]]
column = "neuroticism"
factor = "emotional_stability"
mean = 3.5
sd = 1
reverse = true
[[population.column]]
column = "hours"
exposure = true
hassle_effect = 0.1
[[population.column]]
column = "sex"
covariate = "sex"
sex_zero = 1
sex_one = 2
[[population.column]]
column = "company"
covariate = "group"
[[population.column]]
column = "years"
covariate = "age"
[[population.column]]
column = "well being"
outcome = true

[[regime]]
name = "deployment"
start_day = 3
end_day = 36525
hassle_rate = 2
life_event_rate = 3
severity = 1.5
controllability = 0.5
group = 7

[[wave]]
name = "flood"
day = 36524
fraction = 0.5
severity = 2
controllability = 0.1
stressor = "interpersonal_loss"

[[probe]]
name = "talk"
day = 2
time = "08:30"
stressor = "demand"
severity = 1
controllability = 0.9
predictability = 1
duration_min = 20
samples_min = [-30, 0, 15]

[output]
series_every_days = 2
questionnaire_every_days = 14
individuals = true
strata = ["fitness", "age"]
age_bands = [20, 50]
quantiles = 4

[numerics]
dt_min = 2.5

[hpa]
stress_gain = 7
[memory]
threat_active = false
[traits]
hpa_gain = 0.5
[loadings.hpa_gain]
early_adversity = -0.2
)");
  EXPECT_EQ(study.name, "full-1.a");
  EXPECT_EQ(study.title, "Füll \"of\" things");
  EXPECT_EQ(study.seed, 9007199254740992U);
  EXPECT_EQ(study.replicate, 4294967295U);
  EXPECT_EQ(study.days, 36525);
  EXPECT_EQ(study.dt_min, 2.5);

  const PopulationPlan& population = study.population;
  EXPECT_EQ(population.individuals, std::uint64_t{1} << 36U);
  EXPECT_EQ(population.age_min, 20.0);
  EXPECT_EQ(population.age_max, 30.5);
  EXPECT_EQ(population.share_female, 0.25);
  EXPECT_EQ(population.cohort, "data/table.csv");
  EXPECT_EQ(population.id_column, "person id");
  EXPECT_EQ(population.correlations, "data/r.csv");
  ASSERT_THAT(population.mapping.factors, SizeIs(1));
  const FactorColumn& factor = population.mapping.factors[0];
  EXPECT_EQ(factor.column, "neuroticism");
  EXPECT_EQ(factor.factor, Factor::emotional_stability);
  EXPECT_EQ(factor.mean, 3.5);
  EXPECT_EQ(factor.sd, 1.0);
  EXPECT_TRUE(factor.reverse);
  EXPECT_EQ(population.mapping.age, "years");
  EXPECT_EQ(population.mapping.sex, "sex");
  EXPECT_EQ(population.mapping.sex_zero, 1.0);
  EXPECT_EQ(population.mapping.sex_one, 2.0);
  EXPECT_EQ(population.mapping.group, "company");
  EXPECT_EQ(population.mapping.outcome, "well being");
  EXPECT_THAT(population.mapping.exposure_columns, ElementsAre(ExposureSource{"hours"}));
  ASSERT_THAT(study.exposure_columns, SizeIs(1));
  EXPECT_EQ(study.exposure_columns[0].column, "hours");
  EXPECT_EQ(study.exposure_columns[0].effect, 0.1);

  ASSERT_THAT(study.regimes, SizeIs(1));
  const Regime& regime = study.regimes[0];
  EXPECT_EQ(regime.name, "deployment");
  EXPECT_EQ(regime.start_day, 3);
  EXPECT_EQ(regime.end_day, 36525);
  EXPECT_EQ(regime.hassle_rate, 2.0);
  EXPECT_EQ(regime.life_event_rate, 3.0);
  EXPECT_EQ(regime.severity, 1.5);
  EXPECT_EQ(regime.controllability, 0.5);
  EXPECT_EQ(regime.group, 7);

  ASSERT_THAT(study.waves, SizeIs(1));
  const Wave& wave = study.waves[0];
  EXPECT_EQ(wave.name, "flood");
  EXPECT_EQ(wave.day, 36524);
  EXPECT_EQ(wave.fraction, 0.5);
  EXPECT_EQ(wave.severity, 2.0);
  EXPECT_EQ(wave.controllability, 0.1);
  EXPECT_EQ(wave.stressor, StressorClass::interpersonal_loss);

  ASSERT_THAT(study.probes, SizeIs(1));
  const Probe& probe = study.probes[0];
  EXPECT_EQ(probe.name, "talk");
  EXPECT_EQ(probe.kind, ProbeKind::stressor);
  EXPECT_EQ(probe.day, 2);
  EXPECT_EQ(probe.minute, 510);
  EXPECT_EQ(probe.stressor, StressorClass::demand);
  EXPECT_EQ(probe.severity, 1.0);
  EXPECT_EQ(probe.controllability, 0.9);
  EXPECT_EQ(probe.predictability, 1.0);
  EXPECT_EQ(probe.duration_min, 20);
  EXPECT_THAT(probe.samples_min, ElementsAre(-30, 0, 15));

  EXPECT_EQ(study.output.series_every_days, 2);
  EXPECT_EQ(study.output.questionnaire_every_days, 14);
  EXPECT_TRUE(study.output.individuals);
  EXPECT_THAT(study.output.strata, ElementsAre("fitness", "age"));
  EXPECT_THAT(study.output.age_bands, ElementsAre(20, 50));
  EXPECT_EQ(study.output.quantiles, 4);

  EXPECT_EQ(study.parameters.hpa.stress_gain, 7.0);
  EXPECT_FALSE(study.parameters.memory.threat_active);
  EXPECT_EQ(study.parameters.traits.omega[0], 0.5);
  EXPECT_EQ(study.parameters.traits.loading[0], -0.2);
}

TEST(StudyReader, TsstIsAStressorWithSamples) {
  const Study study = read(kLeast + "[[probe]]\nname = \"t\"\nkind = \"tsst\"\nday = 1\n");
  ASSERT_THAT(study.probes, SizeIs(1));
  const Probe& probe = study.probes[0];
  const Probe plain{};
  EXPECT_EQ(probe.kind, ProbeKind::stressor);
  EXPECT_EQ(probe.minute, plain.minute);
  EXPECT_EQ(probe.severity, plain.severity);
  ASSERT_THAT(probe.samples_min, SizeIs(31));
  EXPECT_EQ(probe.samples_min.front(), -30);
  EXPECT_EQ(probe.samples_min[1], -25);
  EXPECT_EQ(probe.samples_min.back(), 120);
}

TEST(StudyReader, GivenSamplesReplaceThoseOfTheTsst) {
  const Study study =
      read(kLeast + "[[probe]]\nname = \"t\"\nkind = \"tsst\"\nday = 1\nsamples_min = [0]\n");
  EXPECT_THAT(study.probes[0].samples_min, ElementsAre(0));
}

TEST(StudyReader, AScheduleIsAsManyProbes) {
  const Study study = read(kLeast +
                           "[[probe]]\nname = \"before\"\nday = 0\n"
                           "[[probe]]\nname = \"car\"\nkind = \"rest\"\nday = 2\ntime = \"07:00\"\n"
                           "samples_min = [0, 30]\nevery_days = 30\nrepeats = 3\n");
  ASSERT_THAT(study.probes, SizeIs(4));
  EXPECT_EQ(study.probes[0].name, "before");
  for (int i = 1; i <= 3; ++i) {
    const Probe& probe = study.probes[static_cast<std::size_t>(i)];
    EXPECT_EQ(probe.name, "car_" + std::to_string(i));
    EXPECT_EQ(probe.kind, ProbeKind::rest);
    EXPECT_EQ(probe.day, 2 + 30 * (i - 1));
    EXPECT_EQ(probe.minute, 420);
    EXPECT_THAT(probe.samples_min, ElementsAre(0, 30));
    EXPECT_EQ(probe.repeats, 1);
    EXPECT_EQ(probe.every_days, 1);
  }
}

TEST(StudyReader, RegimesOfASexAndAStratumAndReplay) {
  const Study study = read(kLeast +
                           "[[regime]]\nname = \"r\"\nstart_day = 1\nend_day = 2\nsex = 0\n"
                           "stratum = \"sex_0.age_40_up\"\n[output]\nstrata = [\"sex\", \"age\"]\n"
                           "age_bands = [40]\n[replay]\nfile = \"e.csv\"\nreplaces = \"events\"\n"
                           "who = \"everybody\"\n");
  EXPECT_EQ(study.regimes[0].sex, 0);
  EXPECT_EQ(study.regimes[0].stratum, "sex_0.age_40_up");
  EXPECT_EQ(study.replay.file, "e.csv");
  EXPECT_EQ(study.replay.replaces, ReplayReplaces::events);
  EXPECT_EQ(study.replay.who, ReplayWho::everybody);
}

TEST(StudyReader, CrhProbe) {
  const Study study = read(
      kLeast + "[[probe]]\nname = \"c\"\nkind = \"crh\"\nday = 1\nbolus = 3\nhalf_life_min = 9\n");
  EXPECT_EQ(study.probes[0].kind, ProbeKind::crh);
  EXPECT_EQ(study.probes[0].bolus, 3.0);
  EXPECT_EQ(study.probes[0].half_life_min, 9.0);
}

TEST(StudyReader, ADayHasRoomForOneProbeOfEachKind) {
  const Study study = read(kLeast + "[[probe]]\nname = \"s\"\nday = 1\n" +
                           "[[probe]]\nname = \"c\"\nkind = \"crh\"\nday = 1\n");
  EXPECT_EQ(study.probes.size(), 2U);
}

TEST(StudyReader, ExplicitKeysComeOnTopOfThePreset) {
  // The order in the file does not matter.
  const Study study =
      read(kLeast + "[hpa]\nacth_half_life_min = 18\n[model]\nhpa_preset = \"karin2020\"\n");
  EXPECT_EQ(study.parameters.hpa.cortisol_half_life_min, 80.0);
  EXPECT_EQ(study.parameters.hpa.acth_half_life_min, 18.0);
}

TEST(StudyReader, EveryListedPresetExists) {
  for (const KeyRow<ModelPlan>& row : model_keys()) {
    for (const std::string_view preset : row.info.choices) {
      HpaParameters parameters = default_parameters().hpa;
      EXPECT_TRUE(apply_hpa_preset(preset, parameters)) << preset;
    }
  }
}

TEST(StudyReader, TheReferenceArmIsAlwaysThere) {
  const Study study = read(kLeast + "[hpa]\nstress_gain = 7\n");
  ASSERT_THAT(study.arms, SizeIs(1));
  EXPECT_EQ(study.arms[0].name, "reference");
  EXPECT_EQ(study.arms[0].parameters.hpa.stress_gain, 7.0);
  EXPECT_THAT(study.arms[0].changes, IsEmpty());
}

TEST(StudyReader, ArmsChangeTheParametersOfTheStudy) {
  const Study study = read(kLeast + R"(
[hpa]
stress_gain = 7
sam_inhibition = 0.5
[[arm]]
name = "quoted"
description = "one way of writing"
set = { "hpa.stress_gain" = 8, "reinforcement.active" = false }
[[arm]]
name = "nested"
[arm.set]
hpa.stress_gain = 9.5
loadings.hpa_gain.early_adversity = -0.3
[[arm]]
name = "preset"
set = { "hpa.acth_half_life_min" = 16, "model.hpa_preset" = "karin2020" }
)");
  ASSERT_THAT(study.arms, SizeIs(4));
  EXPECT_EQ(study.arms[0].parameters.hpa.stress_gain, 7.0);

  const Arm& quoted = study.arms[1];
  EXPECT_EQ(quoted.name, "quoted");
  EXPECT_EQ(quoted.description, "one way of writing");
  EXPECT_EQ(quoted.parameters.hpa.stress_gain, 8.0);
  EXPECT_EQ(quoted.parameters.hpa.sam_inhibition, 0.5);
  EXPECT_FALSE(quoted.parameters.reinforcement.active);
  EXPECT_THAT(quoted.changes, ElementsAre(testing::Pair("hpa.stress_gain", "8.0"),
                                          testing::Pair("reinforcement.active", "false")));

  EXPECT_EQ(study.arms[2].parameters.hpa.stress_gain, 9.5);
  EXPECT_EQ(study.arms[2].parameters.traits.loading[0], -0.3);
  EXPECT_TRUE(study.arms[2].parameters.reinforcement.active);

  EXPECT_EQ(study.arms[3].parameters.hpa.acth_half_life_min, 16.0);
  EXPECT_EQ(study.arms[3].parameters.hpa.cortisol_half_life_min, 80.0);
}

TEST(StudyReader, WarnsOfArmsWithoutEffect) {
  const std::string gain = toml_text(Setting(default_parameters().hpa.stress_gain));
  const std::vector<std::string> warnings =
      warnings_of(kLeast + "[[arm]]\nname = \"null\"\n[[arm]]\nname = \"same\"\n" +
                  "set.\"hpa.stress_gain\" = " + gain + "\n");
  ASSERT_THAT(warnings, SizeIs(2));
  EXPECT_THAT(warnings[0], HasSubstr("s.toml:6:1: warning: the arm changes nothing"));
  EXPECT_THAT(warnings[1], HasSubstr("s.toml:10:25: warning: hpa.stress_gain = " + gain +
                                     " is what the reference arm has"));
}

TEST(StepGrid, StepsThatDivideHalfAnHour) {
  EXPECT_EQ(steps_per_half_hour(5.0), 6);
  EXPECT_EQ(steps_per_half_hour(6.0), 5);
  EXPECT_EQ(steps_per_half_hour(0.25), 120);
  EXPECT_EQ(steps_per_half_hour(30.0 / 7.0), 7);
  EXPECT_EQ(steps_per_half_hour(4.0), std::nullopt);
  EXPECT_EQ(steps_per_half_hour(5.000001), std::nullopt);
  EXPECT_EQ(steps_per_half_hour(0.0), std::nullopt);
  EXPECT_EQ(steps_per_half_hour(-5.0), std::nullopt);
}

TEST(StepGrid, SamplesOfTheTsstAreOnEveryGrid) {
  for (int steps = 5; steps <= 120; ++steps) {
    const std::vector<int> samples = tsst_samples(steps);
    EXPECT_EQ(samples.front(), -30);
    EXPECT_EQ(samples.back(), 120);
    for (const int t : samples) EXPECT_TRUE(on_step_grid(t, steps)) << t << " with " << steps;
  }
}

}  // namespace
}  // namespace eustress::io
