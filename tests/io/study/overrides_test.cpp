// --set section.key=value

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/model_parameters.hpp"
#include "tests/io/study/support.hpp"

namespace eustress::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

const std::string kWithElements = kLeast + R"([[probe]]
name = "p1"
day = 1
[[probe]]
name = "p2"
day = 2
[[arm]]
name = "trained"
set = { "hpa.stress_gain" = 3 }
[[wave]]
name = "flood"
day = 7
)";

TEST(Overrides, ReplaceAndAddKeys) {
  const Study study = read(kLeast, {"study.days=12", "hpa.stress_gain = 7.5", "study.seed=5",
                                    "loadings.hpa_gain.early_adversity=-0.3",
                                    "memory.threat_active=false", "numerics.dt_min=2.5"});
  EXPECT_EQ(study.days, 12);
  EXPECT_EQ(study.seed, 5U);
  EXPECT_EQ(study.parameters.hpa.stress_gain, 7.5);
  EXPECT_EQ(study.parameters.traits.loading[0], -0.3);
  EXPECT_FALSE(study.parameters.memory.threat_active);
  EXPECT_EQ(study.dt_min, 2.5);
}

TEST(Overrides, TheLastOneWins) {
  EXPECT_EQ(read(kLeast, {"study.days=12", "study.days=13"}).days, 13);
}

TEST(Overrides, CanSupplyWhatTheFileLacks) {
  const Study study = read("", {"study.name=s", "study.days=3", "population.individuals=4"});
  EXPECT_EQ(study.name, "s");
  EXPECT_EQ(study.population.individuals, 4U);
}

TEST(Overrides, ReplaceWrongValues) {
  EXPECT_EQ(read(kLeast + "[hpa]\nstress_gain = 1000\n", {"hpa.stress_gain=1"})
                .parameters.hpa.stress_gain,
            1.0);
}

TEST(Overrides, TakeTextWithAndWithoutQuotes) {
  EXPECT_EQ(read(kLeast, {"study.title=some words"}).title, "some words");
  EXPECT_EQ(read(kLeast, {"study.title=\"some = words\""}).title, "some = words");
  EXPECT_EQ(read(kLeast, {"study.title='12'"}).title, "12");
  EXPECT_EQ(read(kLeast, {"output.strata=[\"sex\"]"}).output.strata,
            std::vector<std::string>{"sex"});
  EXPECT_EQ(read(kWithElements, {"probe.p2.time=09:30"}).probes[1].minute, 570);
}

TEST(Overrides, ReachElementsByName) {
  const Study study =
      read(kWithElements, {"probe.p2.day=9", "probe.p2.samples_min=[0, 5]", "wave.flood.severity=3",
                           "arm.trained.description=new", "arm.trained.set.hpa.stress_gain=4",
                           "arm.trained.set.hpa.sam_inhibition=0.25"});
  EXPECT_EQ(study.probes[0].day, 1);
  EXPECT_EQ(study.probes[1].day, 9);
  EXPECT_THAT(study.probes[1].samples_min, ElementsAre(0, 5));
  EXPECT_EQ(study.waves[0].severity, 3.0);
  EXPECT_EQ(study.arms[1].description, "new");
  EXPECT_EQ(study.arms[1].parameters.hpa.stress_gain, 4.0);
  EXPECT_EQ(study.arms[1].parameters.hpa.sam_inhibition, 0.25);
  EXPECT_EQ(study.parameters.hpa.stress_gain, default_parameters().hpa.stress_gain);
}

struct BadOverride {
  std::string text;
  std::vector<std::string> words;
};

class BadOverrides : public testing::TestWithParam<BadOverride> {};

TEST_P(BadOverrides, AreReportedWithTheirNumber) {
  const std::vector<std::string> errors =
      errors_of(kWithElements, {"study.seed=3", GetParam().text});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0], StartsWith("--set 2: error: "));
  for (const std::string& word : GetParam().words) EXPECT_THAT(errors[0], HasSubstr(word));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadOverrides,
    testing::Values(
        BadOverride{"study.days", {"section.key=value", "'=' is missing"}},
        BadOverride{"", {"'=' is missing"}}, BadOverride{"=3", {"the key is missing"}},
        BadOverride{"days=3", {"'days' names no section"}},
        BadOverride{"study..days=3", {"'study..days' is not a key"}},
        BadOverride{".days=3", {"'.days' is not a key"}},
        BadOverride{"study.=3", {"'study.' is not a key"}},
        BadOverride{"study.da ys=3", {"'study.da ys' is not a key"}},
        BadOverride{"study.days=", {"the value after '=' is missing"}},
        BadOverride{"study.days=  ", {"the value after '=' is missing"}},
        BadOverride{"study.days=[1", {"[1 is not a TOML value"}},
        BadOverride{"study.title=\"a", {"is not a TOML value"}},
        BadOverride{"study.days=3\nseed=4", {"one line"}},
        BadOverride{"study.days=0", {"days = 0 is outside the legal range 1 to 36525 [d]"}},
        BadOverride{"study.days=1e3", {"found the number 1000.0; write 1000"}},
        BadOverride{"study.days=many", {"days must be an integer", "found the text \"many\""}},
        BadOverride{"hpa.stress_gain=nan", {"stress_gain = nan is not a finite number"}},
        BadOverride{"hpa.stress_gian=3", {"unknown key 'stress_gian'", "'stress_gain'"}},
        BadOverride{"hpaa.stress_gain=3", {"unknown section 'hpaa'", "'hpa'"}},
        BadOverride{"loadings.hpa_gian.x=3", {"unknown trait 'hpa_gian'", "'hpa_gain'"}},
        BadOverride{"hpa.stress_gain.x=3", {"stress_gain must be a number", "found a table"}},
        BadOverride{"probe.p3.day=3", {"there is no [[probe]] with name = \"p3\""}},
        BadOverride{"probe.day=3", {"there is no [[probe]] with name = \"day\"", "probe.NAME.key"}},
        BadOverride{"regime.r.start_day=3", {"there is no [[regime]] with name = \"r\""}},
        BadOverride{"probe.p1=3", {"the key of [[probe]] is missing"}},
        BadOverride{"probe.p1.dayz=3", {"unknown key 'dayz' in [[probe]]", "'day'"}},
        BadOverride{"probe.p1.day=200", {"day = 200 is after the end of the run"}},
        BadOverride{"arm.trained.set.hpa.stress_gain=900", {"stress_gain = 900 is outside"}},
        BadOverride{"population.column.x.mean=2",
                    {"no [[population.column]] with column = \"x\""}}));

TEST(Overrides, ShowTheTextAndACaret) {
  EXPECT_EQ(failure(kLeast, {"study.seed=3", "study.days = 0"}),
            "--set 2: error: days = 0 is outside the legal range 1 to 36525 [d]\n"
            "  study.days = 0\n"
            "               ^");
  EXPECT_EQ(failure(kLeast, {"hpa.stress_gian=3"}),
            "--set 1: error: unknown key 'stress_gian' in [hpa]. Did you mean 'stress_gain'?\n"
            "  hpa.stress_gian=3\n"
            "      ^");
}

TEST(Overrides, ThoseThatDoNotComeFromSetAreToldWithTheirOrigin) {
  const std::string message =
      failure(kLeast, {"study.dais=3", "wave.fire.severity=1.0"}, {"design.toml:8:7"});
  EXPECT_THAT(message, HasSubstr("--set 1: error: unknown key 'dais' in [study]"));
  EXPECT_THAT(message,
              HasSubstr("design.toml:8:7: error: there is no [[wave]] with name = \"fire\"; write "
                        "wave.NAME.key=value\n"
                        "  wave.fire.severity=1.0\n"
                        "       ^"));
}

TEST(Overrides, AreCheckedForFormEvenIfTheFileIsNotToml) {
  EXPECT_THAT(errors_of("[study\n", {"study.days=3", "x"}),
              ElementsAre(HasSubstr("not valid TOML"), StartsWith("--set 2: error: ")));
}

}  // namespace
}  // namespace eustress::io
