// Values that are legal alone and wrong together.

#include <gtest/gtest.h>

#include <string>

#include "tests/io/study/bad_input.hpp"

namespace eustress::io {
namespace {

class Relation : public testing::TestWithParam<BadInput> {};

TEST_P(Relation, IsReportedAtItsPlace) {
  expect_one_error(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Relations, Relation,
    testing::Values(
        BadInput{kLeast + "age_min_y = 40\nage_max_y = 30\n",
                 "7:13",
                 {"age_max_y = 30 is below age_min_y = 40"}},
        BadInput{"[study]\nname = \"s\"\ndays = 3\nreplicate = 4294967295\nreplicates = 2\n"
                 "[population]\nindividuals = 10\n",
                 "5:14",
                 {"the last of 2 replicates from number 4294967295 on would be number 4294967296"}},
        BadInput{kLeast + "age_min_y = 70\n", "6:13", {"age_max_y = 65 is below age_min_y = 70"}},
        BadInput{kLeast + "id_column = \"id\"\n", "6:13", {"id_column needs a cohort table"}},
        BadInput{cohort(""), "6:10", {"cohort needs at least one [[population.column]]"}},
        BadInput{kLeast + "[[population.column]]\ncolumn = \"x\"\noutcome = true\n",
                 "6:1",
                 {"needs a cohort table"}},
        BadInput{
            cohort("[[population.column]]\ncolumn = \"x\"\n"), "7:1", {"the column has no role"}},
        BadInput{
            cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\noutcome = true\n"),
            "10:11",
            {"a column has one role; this one has factor, outcome"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitnes\"\n"),
                 "9:10",
                 {"Did you mean 'fitness'?"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\noutcome = true\nmean = 3\n"),
                 "10:1",
                 {"mean is a key of columns with factor", "has outcome"}},
        BadInput{
            cohort("[[population.column]]\ncolumn = \"x\"\ncovariate = \"age\"\nsex_one = 3\n"),
            "10:1",
            {"sex_one is a key of columns with covariate = \"sex\""}},
        BadInput{
            cohort("[[population.column]]\ncolumn = \"x\"\ncovariate = \"sex\"\nsex_one = 0\n"),
            "10:11",
            {"sex_zero and sex_one are the same"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nexposure = true\n"),
                 "7:1",
                 {"missing required key 'hassle_effect'"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\nsd = 0\n"),
                 "10:6",
                 {"sd = 0 is outside the legal range"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\noutcome = "
                        "true\n[[population.column]]\ncolumn = \"x\"\ncovariate = \"age\"\n"),
                 "11:10",
                 {"column \"x\" already has a role, at s.toml:7:1"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\n"
                        "[[population.column]]\ncolumn = \"x\"\nfactor = \"optimism\"\n"),
                 "11:10",
                 {"column \"x\" already has a role, at s.toml:7:1", "the same at another level"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\nlevel = "
                        "\"group\"\n"),
                 "10:9",
                 {"level = \"group\" needs a column with covariate = \"group\""}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\noutcome = true\nlevel = "
                        "\"person\"\n"),
                 "10:1",
                 {"level is a key of columns with factor or exposure, and this one has outcome"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\nlevel = "
                        "\"grup\"\n"),
                 "10:9",
                 {"Did you mean 'group'?"}},
        BadInput{
            cohort("[[population.column]]\ncolumn = \"x\"\nfactor = "
                   "\"fitness\"\n[[population.column]]\ncolumn = \"y\"\nfactor = \"fitness\"\n"),
            "12:10",
            {"there is already a column for fitness, at s.toml:7:1"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\ncovariate = "
                        "\"age\"\n[[population.column]]\ncolumn = \"y\"\ncovariate = \"age\"\n"),
                 "12:13",
                 {"there is already a column for this covariate"}},
        BadInput{cohort("[[population.column]]\ncolumn = \"x\"\noutcome = "
                        "true\n[[population.column]]\ncolumn = \"y\"\noutcome = true\n"),
                 "12:11",
                 {"there is already an outcome column"}},
        BadInput{cohort([] {
                   std::string text;
                   for (const char c : std::string("abcde")) {
                     text += std::string("[[population.column]]\ncolumn = \"") + c +
                             "\"\nexposure = true\nhassle_effect = 0.1\n";
                   }
                   return text;
                 }()),
                 "25:12",
                 {"more than 4 exposure columns"}},
        BadInput{kLeast + "[[wave]]\nname = \"w\"\nday = 100\n",
                 "8:7",
                 {"day = 100 is after the end of the run; legal is 0 to 99 [d]"}},
        BadInput{kLeast + "[[wave]]\nname = \"w\"\nday = -1\n",
                 "8:7",
                 {"day = -1 is outside the legal range 0 to"}},
        BadInput{kLeast + "[[wave]]\nname = \"w\"\nday = 1\n[[wave]]\nname = \"w\"\nday = 2\n",
                 "10:8",
                 {"already a [[wave]] with the name \"w\", at s.toml:7:8"}}));

INSTANTIATE_TEST_SUITE_P(
    Regimes, Relation,
    testing::Values(
        BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = 5\nend_day = 5\n",
                 "9:11",
                 {"end_day = 5 is not after start_day = 5"}},
        BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = 5\nend_day = 101\n",
                 "9:11",
                 {"end_day = 101 is after the end of the run; legal is 1 to 100 [d]"}},
        BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = -5\nend_day = 10\n",
                 "8:13",
                 {"start_day = -5 is outside the legal range"}},
        BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = 5\nend_day = 10\ngroup = 3\n",
                 "10:9",
                 {"group needs a [[population.column]]"}},
        BadInput{regime("stratum = \"sex_1\"\n"), "10:11", {"needs [output] strata"}},
        BadInput{regime("stratum = \"sex1\"\n[output]\nstrata = [\"sex\"]\n"),
                 "10:11",
                 {"unknown stratum \"sex1\"", "Did you mean 'sex_1'?"}},
        BadInput{regime("sex = 2\n"), "10:7", {"sex = 2 is outside the legal range 0 to 1"}},
        BadInput{regime("sex = \"female\"\n"), "10:7", {"sex must be an integer"}}));

INSTANTIATE_TEST_SUITE_P(
    Strata, Relation,
    testing::Values(BadInput{kLeast + "[output]\nstrata = [\"sex\", \"group\"]\n",
                             "7:18",
                             {"\"group\" in strata needs a [[population.column]]"}},
                    BadInput{kLeast + "[output]\nstrata = [\"sex\", \"fitness\", \"sex\"]\n",
                             "7:29",
                             {"\"sex\" stands in strata already"}},
                    BadInput{kLeast + "[output]\nstrata = [\"fitnes\"]\n",
                             "7:11",
                             {"strata[0] = \"fitnes\" is not one of", "Did you mean 'fitness'?"}},
                    BadInput{kLeast + "[output]\nstrata_factor = \"fitness\"\n",
                             "7:1",
                             {"unknown key 'strata_factor' in [output]"}},
                    BadInput{kLeast + "[output]\nquantiles = 4\nstrata = [\"age\"]\n",
                             "7:1",
                             {"quantiles has a meaning only with a resilience factor in strata"}},
                    BadInput{kLeast + "[output]\nage_bands = [40]\nstrata = [\"sex\"]\n",
                             "7:1",
                             {"age_bands has a meaning only with \"age\" in strata"}},
                    BadInput{kLeast + "[output]\nage_bands = [40, 30]\nstrata = [\"age\"]\n",
                             "7:18",
                             {"age_bands[1] = 30 does not ascend"}},
                    BadInput{kLeast + "[output]\nage_bands = []\nstrata = [\"age\"]\n",
                             "7:13",
                             {"age_bands is empty"}},
                    BadInput{kLeast +
                                 "[output]\nquantiles = 10\nstrata = [\"fitness\", \"optimism\", "
                                 "\"sleep_quality\"]\n",
                             "8:10",
                             {"more than 1000 strata; cross fewer"}}));

INSTANTIATE_TEST_SUITE_P(
    Schedules, Relation,
    testing::Values(
        BadInput{probe("kind = \"rest\"\n"), "9:8", {"only takes samples: give samples_min"}},
        BadInput{probe("kind = \"rest\"\nsamples_min = [0]\nseverity = 1\n"),
                 "11:1",
                 {"severity is a key of stressor probes, and this is a rest probe"}},
        BadInput{probe("every_days = 7\n"), "9:1", {"only with repeats of 2 or more"}},
        BadInput{probe("repeats = 16\nevery_days = 7\n"),
                 "9:11",
                 {"repeats = 16 puts the last probe on day 106", "at most 15 fit"}},
        BadInput{probe("repeats = 0\n"), "9:11", {"repeats = 0 is outside"}},
        BadInput{probe("repeats = 2\n[[probe]]\nname = \"p_2\"\nday = 50\n"),
                 "7:8",
                 {"need the name \"p_2\", which is that of the probe at s.toml:11:8"}},
        BadInput{probe("repeats = 3\nevery_days = 10\n[[probe]]\nname = \"q\"\nday = 1\n"
                       "repeats = 3\nevery_days = 20\n"),
                 "13:7",
                 {"there is already a stressor probe on day 1, at s.toml:6:1"}},
        BadInput{
            kLeast + "[[probe]]\nname = \"" + std::string(63, 'p') + "\"\nday = 1\nrepeats = 2\n",
            "7:8",
            {"longer than 64 characters"}}));

INSTANTIATE_TEST_SUITE_P(
    Replay, Relation,
    testing::Values(BadInput{kLeast + "[replay]\nwho = \"everybody\"\n",
                             "7:1",
                             {"who has a meaning only with a file in [replay]"}},
                    BadInput{kLeast + "[replay]\nfile = \"x.csv\"\nreplaces = \"event\"\n",
                             "8:12",
                             {"replaces = \"event\" is not one of", "Did you mean 'events'?"}}));

INSTANTIATE_TEST_SUITE_P(
    Scales, Relation,
    testing::Values(BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\n"
                                    "minimum = 1\n"),
                             "10:11",
                             {"minimum needs maximum"}},
                    BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\n"
                                    "minimum = 5\nmaximum = 1\n"),
                             "11:11",
                             {"maximum = 1 is not above minimum = 5"}},
                    BadInput{cohort("[[population.column]]\ncolumn = \"x\"\nfactor = \"fitness\"\n"
                                    "minimum = 1\nmaximum = 5\nmean = 6\n"),
                             "12:8",
                             {"mean = 6 is outside of the scale from 1 to 5"}},
                    BadInput{
                        cohort("[[population.column]]\ncolumn = \"x\"\ncovariate = \"age\"\n"
                               "maximum = 5\n"),
                        "10:1",
                        {"maximum is a key of columns with factor, and this one has covariate"}}));

INSTANTIATE_TEST_SUITE_P(
    Outcomes, Relation,
    testing::Values(
        BadInput{kLeast + "[outcomes]\nevent = \"wave\"\n",
                 "7:9",
                 {"event = \"wave\" needs a [[wave]] in the study"}},
        BadInput{kLeast + "[outcomes]\nmental_health = \"ghq12\"\nthreshold = 40\n",
                 "8:13",
                 {"threshold = 40 is above the highest score of the GHQ-12, 36"}},
        BadInput{kLeast + "[outcomes]\nthreshold = 90\n",
                 "7:13",
                 {"threshold = 90 is outside the legal range"}},
        BadInput{kLeast + "[outcomes]\nearly_from_d = 91\n",
                 "7:16",
                 {"early_to_d = 91 is not after early_from_d = 91 [d]"}},
        BadInput{kLeast + "[outcomes]\nlate_to_d = 182\n",
                 "7:13",
                 {"late_to_d = 182 is not after late_from_d = 182 [d]"}},
        BadInput{kLeast + "[outcomes]\nearly_to_d = 200\n",
                 "7:14",
                 {"late_from_d = 182 is before the end of the early window, early_to_d = 200"}},
        BadInput{kLeast + "[outcomes]\nwindow = 1\n",
                 "7:10",
                 {"window = 1 is outside the legal range 2 to 26"}}));

INSTANTIATE_TEST_SUITE_P(
    Probes, Relation,
    testing::Values(
        BadInput{kLeast + "[[probe]]\nname = \"p\"\nday = 100\nsamples_min = [0]\n",
                 "8:7",
                 {"day = 100 is after the end of the run"}},
        BadInput{probe("[[probe]]\nname = \"p\"\nday = 3\n"),
                 "10:8",
                 {"already a [[probe]] with the name \"p\", at s.toml:7:8"}},
        BadInput{probe("kind = \"crh\"\nseverity = 2\n"),
                 "10:1",
                 {"severity is a key of stressor probes, and this is a crh probe"}},
        BadInput{probe("kind = \"tsst\"\nbolus = 2\n"),
                 "10:1",
                 {"bolus is a key of crh probes, and this is a stressor probe"}},
        BadInput{probe("kind = \"tst\"\n"), "9:8", {"Did you mean 'tsst'?"}},
        BadInput{probe("time = \"15:02\"\n"),
                 "9:8",
                 {"time = 15:02 is not on the step grid; legal are multiples of dt_min = 5"}},
        BadInput{probe("time = \"23:50\"\n"),
                 "9:8",
                 {"the probe ends after midnight", "at most 10 [min]"}},
        BadInput{probe("time = \"23:00\"\nduration_min = 61\n"),
                 "10:16",
                 {"the probe ends after midnight", "at most 60 [min]"}},
        BadInput{probe("samples_min = [-30, 0, 7, 10]\n"),
                 "9:24",
                 {"samples_min[2] = 7 is not on the step grid; legal are multiples of dt_min = 5"}},
        BadInput{
            probe("samples_min = [0, 10, 10]\n"), "9:23", {"samples_min[2] = 10 does not ascend"}},
        BadInput{probe("samples_min = [0, 20000]\n"),
                 "9:19",
                 {"samples_min[1] = 20000 is outside the legal range"}},
        BadInput{
            kLeast + "[[probe]]\nname = \"p\"\nday = 0\ntime = \"01:00\"\nsamples_min = [-90, 0]\n",
            "10:16",
            {"samples_min[0] = -90 is not on the day of the probe; legal are -60 to 1379"}},
        BadInput{
            kLeast + "[[probe]]\nname = \"p\"\nday = 99\ntime = \"23:00\"\nsamples_min = [0, 60]\n",
            "10:19",
            {"samples_min[1] = 60 is not on the day of the probe", "-1380 to 59 [min]"}},
        BadInput{kLeast + "[[probe]]\nname = \"p\"\nday = 99\ntime = \"23:00\"\nkind = \"tsst\"\n",
                 "9:8",
                 {"are not all on the day of the probe", "00:30 to 21:59"}},
        BadInput{probe("kind = \"tsst\"\n[[probe]]\nname = \"q\"\nday = 1\n"),
                 "12:7",
                 {"there is already a stressor probe on day 1, at s.toml:6:1"}},
        BadInput{probe("kind = \"crh\"\n[[probe]]\nname = \"q\"\nkind = \"crh\"\nday = 1\n"),
                 "13:7",
                 {"there is already a crh probe on day 1"}}));

INSTANTIATE_TEST_SUITE_P(
    Interventions, Relation,
    testing::Values(
        BadInput{intervention("copingtraining", ""), "10:8", {"Did you mean 'coping_training'?"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\n[[intervention]]\nname = \"i\"\n"
                          "start_day = 5\nend_day = 20\n",
                 "8:1",
                 {"missing required key 'kind' in [[intervention]]"}},
        BadInput{intervention("sleep", "arms = [\"a\", \"referenc\"]\n"),
                 "13:14",
                 {"unknown arm \"referenc\"", "Did you mean 'reference'?"}},
        BadInput{intervention("sleep", "arms = \"a\"\n"),
                 "13:8",
                 {"arms must be a list of names in quotes, found the text"}},
        BadInput{intervention("sleep", "arms = [3]\n"),
                 "13:9",
                 {"arms[0] must be a name in quotes, found the integer 3"}},
        BadInput{intervention("sleep", "dose = -1\n"), "13:8", {"dose = -1 is outside"}},
        BadInput{intervention("sleep", "adherence = 1.1\n"),
                 "13:13",
                 {"adherence = 1.1 is outside the legal range 0 to 1"}},
        BadInput{intervention("sleep", "booster = 2\n"), "13:11", {"booster = 2 is outside"}},
        BadInput{intervention("sleep", "strt = 2\n"), "13:1", {"in [[intervention]]"}},
        BadInput{intervention("sleep", "every_days = 2\n"),
                 "13:1",
                 {"every_days is a key of kind inoculation, and this is sleep"}},
        BadInput{intervention("propranolol", "build_up_d = 2\n"),
                 "13:1",
                 {"build_up_d is a key of kind coping_training, ", ", and this is propranolol"}},
        BadInput{intervention("sleep", "fraction = 0.2\n"),
                 "13:1",
                 {"fraction is a key of target fraction, and this is all"}},
        BadInput{intervention("sleep", "target = \"fraktion\"\n"),
                 "13:10",
                 {"Did you mean 'fraction'?"}},
        BadInput{intervention("sleep", "target = \"fraction\"\n"),
                 "13:10",
                 {"target = \"fraction\" needs the key fraction"}},
        BadInput{intervention("sleep",
                              "target = \"factor_low\"\nfactor = \"optimsm\"\n"
                              "quantile = 0.2\n"),
                 "14:10",
                 {"Did you mean 'optimism'?"}},
        BadInput{intervention("sleep", "target = \"factor_low\"\nfactor = \"optimism\"\n"),
                 "13:10",
                 {"target = \"factor_low\" needs the key quantile"}},
        BadInput{intervention("sleep",
                              "target = \"factor_low\"\nfactor = \"optimism\"\n"
                              "quantile = 1\n"),
                 "15:12",
                 {"quantile = 1 is outside the legal range 0.001 to 0.999"}},
        BadInput{intervention("sleep",
                              "target = \"risk\"\nquantile = 0.9\n"
                              "weights = { optimsm = 1 }\n"),
                 "15:13",
                 {"unknown name 'optimsm' in weights", "Did you mean 'optimism'?"}},
        BadInput{intervention("sleep",
                              "target = \"risk\"\nquantile = 0.9\n"
                              "weights = { optimism = true }\n"),
                 "15:24",
                 {"weights.optimism must be a number"}},
        BadInput{intervention("sleep", "target = \"risk\"\nquantile = 0.9\nweights = [1]\n"),
                 "15:11",
                 {"weights must be a table of numbers", "found a list"}},
        BadInput{intervention("sleep", "target = \"risk\"\nquantile = 0.9\nweights = {}\n"),
                 "15:11",
                 {"not all 0"}},
        BadInput{intervention("sleep", "target = \"stratum\"\nstratum = \"sex_1\"\n"),
                 "14:11",
                 {"needs [output] strata"}},
        BadInput{intervention("sleep",
                              "target = \"stratum\"\nstratum = \"sex1\"\n[output]\n"
                              "strata = [\"sex\"]\n"),
                 "14:11",
                 {"unknown stratum \"sex1\"", "Did you mean 'sex_1'?"}},
        BadInput{
            intervention("sleep", "target = \"symptoms\"\n"), "13:10", {"needs the key threshold"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\n[[intervention]]\nname = \"i\"\n"
                          "kind = \"sleep\"\nstart_day = 5\nend_day = 101\n",
                 "12:11",
                 {"end_day = 101 is after the end of the run"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\n[[intervention]]\nname = \"i\"\n"
                          "kind = \"sleep\"\nstart_day = 5\nend_day = 5\n",
                 "12:11",
                 {"end_day = 5 is not after start_day = 5"}},
        BadInput{intervention("propranolol", "time = \"08:02\"\nduration_min = 60\n"),
                 "13:8",
                 {"time = 08:02 is not on the step grid"}},
        BadInput{intervention("propranolol", "time = \"08:00\"\n"),
                 "13:8",
                 {"ends after midnight; with this time, duration_min is at most 960 [min]"}},
        BadInput{intervention("inoculation", "time = \"08:00\"\n"),
                 "8:1",
                 {"missing required key 'duration_min'"}},
        BadInput{intervention("metyrapone",
                              "[[intervention]]\nname = \"j\"\nkind = "
                              "\"metyrapone\"\nstart_day = 19\nend_day = 30\n"),
                 "13:1",
                 {"arm 'a' already has metyrapone at these times, at s.toml:8:1: days ",
                  "Legal are other days"}},
        BadInput{intervention("sleep",
                              "[[intervention]]\nname = \"i\"\nkind = "
                              "\"exercise\"\nstart_day = 19\nend_day = 30\n"),
                 "14:8",
                 {"already a [[intervention]] with the name \"i\""}},
        BadInput{[] {
                   std::string text = intervention("sleep", "");
                   for (const char c : std::string("bcdefgh")) {
                     text += std::string("[[intervention]]\nname = \"") + c +
                             "\"\nkind = \"sleep\"\nstart_day = 1\nend_day = 2\n";
                   }
                   return text;
                 }(),
                 "38:1",
                 {"arm 'a' has more than 6 interventions"}}));

TEST(InterventionRelations, AllErrorsAtOnce) {
  EXPECT_THAT(errors_of(intervention("sleep",
                                     "arms = [\"a\", \"b2\", \"referenc\"]\ntarget = "
                                     "\"risk\"\ndose = -3\ntime = \"08:00\"\n")),
              testing::SizeIs(6));  // two arms, quantile, weights, dose, time
}

TEST(InterventionRelations, DrugsOfOneKindMayFollowEachOtherOrBeInOtherArms) {
  const std::string other =
      "[[intervention]]\nname = \"j\"\nkind = \"metyrapone\"\nstart_day = 10\nend_day = 30\n";
  EXPECT_EQ(failure(intervention("metyrapone", other + "arms = [\"reference\"]\n")), "");
  EXPECT_EQ(failure(intervention("metyrapone", "duration_min = 600\n" + other +
                                                   "time = \"10:00\"\nduration_min = 60\n")),
            "");
  EXPECT_EQ(failure(intervention("propranolol", other)), "");
}

TEST(InterventionRelations, NobodyIsAWarning) {
  const std::string day_0 =
      kLeast +
      "[[arm]]\nname = \"a\"\n[[intervention]]\nname = \"i\"\nkind = \"treatment\"\nstart_day = "
      "0\nend_day = 20\ntarget = \"symptoms\"\nthreshold = 1\n";
  EXPECT_THAT(warnings_of(day_0), testing::ElementsAre(testing::HasSubstr("targets 0 people")));
  EXPECT_THAT(warnings_of(day_0 + "stepped = true\n"), testing::IsEmpty());
  EXPECT_THAT(warnings_of(kLeast + "[[intervention]]\nname = \"i\"\nkind = \"sleep\"\nstart_day = "
                                   "5\nend_day = 20\n"),
              testing::ElementsAre(testing::HasSubstr("belongs to no arm")));
}

// An arm that is treated changes something; one that is not, as another arm is meant, does not.
TEST(InterventionRelations, ArmsAreTreatedUnlessOthersAreMeant) {
  EXPECT_THAT(warnings_of(intervention("sleep", "")), testing::IsEmpty());
  EXPECT_THAT(warnings_of(intervention("sleep", "arms = [\"b\"]\n[[arm]]\nname = \"b\"\n")),
              testing::ElementsAre(testing::HasSubstr("the arm changes nothing")));
}

INSTANTIATE_TEST_SUITE_P(
    Arms, Relation,
    testing::Values(
        BadInput{kLeast + "[[arm]]\nname = \"a\"\n[[arm]]\nname = \"a\"\n",
                 "9:8",
                 {"already a [[arm]] with the name \"a\", at s.toml:7:8"}},
        BadInput{kLeast + "[[arm]]\nname = \"reference\"\n",
                 "7:8",
                 {"the reference arm is always there"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { \"hpa.stres_gain\" = 3 }\n",
                 "8:9",
                 {"unknown parameter 'hpa.stres_gain'", "Did you mean 'hpa.stress_gain'?"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { stress_gain = 3 }\n",
                 "8:9",
                 {"unknown parameter 'stress_gain'", "'hpa.stress_gain'"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { \"study.days\" = 3 }\n",
                 "8:9",
                 {"study.days belongs to the whole study"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { \"hpa.stress_gain\" = 300 }\n",
                 "8:29",
                 {"stress_gain = 300 is outside the legal range 0 to 100"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { \"memory.threat_active\" = 1 }\n",
                 "8:34",
                 {"threat_active must be true or false"}},
        BadInput{
            kLeast +
                "[[arm]]\nname = \"a\"\nset = { \"hpa.stress_gain\" = 3, hpa.stress_gain = 4 }\n",
            "8:36",
            {"hpa.stress_gain is set twice"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = { \"model.hpa_preset\" = \"karin\" }\n",
                 "8:30",
                 {"hpa_preset = \"karin\" is not one of \"acute\", \"karin2020\""}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nsett = {}\nset = { \"hpa.stress_gain\" = 3 }\n",
                 "8:1",
                 {"unknown key 'sett' in [[arm]]", "'set'"}}));

// From line 6: [traces]; then `lines` from line 7. A cohort of 10, 100 days.
std::string traces(const std::string& lines) {
  return kLeast + "[traces]\n" + lines;
}

INSTANTIATE_TEST_SUITE_P(
    Traces, Relation,
    testing::Values(
        BadInput{traces("individuals = [0, 10]\n"),
                 "7:19",
                 {"individuals[1] = 10 is not in the cohort; legal is 0 to 9"}},
        BadInput{traces("individuals = [4, 2, 4]\n"), "7:22", {"4 stands in individuals already"}},
        BadInput{traces("individuals = []\n"), "7:15", {"individuals is empty"}},
        BadInput{traces("individuals = [-1]\n"), "7:16", {"-1", "legal range"}},
        BadInput{traces("individuals = 3\n"), "7:15", {"individuals must be a list"}},
        BadInput{
            traces("first = 11\n"), "7:9", {"first = 11 is more than the cohort has", "1 to 10"}},
        BadInput{traces("individuals = [1]\nfirst = 3\n"),
                 "8:1",
                 {"first and individuals exclude each other"}},
        BadInput{traces("from_day = 3\n"), "7:1", {"from_day has a meaning only with individuals"}},
        BadInput{
            traces("first = 1\nevery_min = 12\n"),
            "8:13",
            {"every_min = 12 is not on the step grid; legal are multiples of dt_min = 5 [min]"}},
        BadInput{traces("first = 1\nevery_min = 7.5\n[numerics]\ndt_min = 3\n"),
                 "8:13",
                 {"multiples of dt_min = 3"}},
        BadInput{traces("first = 1\nevery_min = 1445\n"), "8:13", {"1445", "legal range"}},
        BadInput{traces("first = 1\nfrom_day = 100\n"), "8:12", {"after the end of the run"}},
        BadInput{traces("first = 1\nfrom_day = 7\nto_day = 7\n"),
                 "9:10",
                 {"to_day = 7 is not after from_day = 7"}},
        BadInput{traces("first = 1\nto_day = 101\n"),
                 "8:10",
                 {"to_day = 101 is after the end of the run; legal is 1 to 100"}},
        BadInput{traces("first = 1\narms = [\"reference\", \"ref\"]\n"),
                 "8:22",
                 {"unknown arm \"ref\""}},
        BadInput{traces("first = 1\nevery = 3\n"), "8:1", {"unknown key 'every' in [traces]"}},
        BadInput{"[study]\nname = \"s\"\ndays = 36525\n[population]\nindividuals = 10\n"
                 "[numerics]\ndt_min = 0.25\n[traces]\nfirst = 1\nevery_min = 0.25\n",
                 "9:9",
                 {"the trace of one individual in one arm would have 159",
                  "at most 1073741824 are legal"}},
        BadInput{"[study]\nname = \"s\"\ndays = 100\n[population]\nindividuals = 68719476736\n"
                 "[traces]\nfirst = 68719476736\n",
                 "7:9",
                 {"traces.nc would have", "at most 1099511627776 are legal"}}));

TEST(TraceRelations, AreReportedTogetherWithWhatElseIsWrong) {
  const std::vector<std::string> errors =
      errors_of(traces("individuals = [12]\nevery_min = 7\nfrom_day = 200\narms = [\"x\"]\n"
                       "[hpa]\nstress_gain = -1\n"));
  EXPECT_THAT(errors, testing::SizeIs(5));
}

TEST(TraceRelations, MuchIsAWarning) {
  const auto warnings = [](const std::string& people) {
    return warnings_of(
        "[study]\nname = \"s\"\ndays = 365\n[population]\nindividuals = 100000\n"
        "[traces]\nfirst = " +
        people + "\n");
  };
  EXPECT_THAT(warnings("100"), testing::IsEmpty());
  EXPECT_THAT(warnings("10000"),
              testing::ElementsAre(testing::AllOf(testing::HasSubstr("s.toml:7:9"),
                                                  testing::HasSubstr("traces.nc will have"),
                                                  testing::HasSubstr("bytes"))));
}

TEST(TraceRelations, AnEmptySectionTracesNobody) {
  EXPECT_FALSE(read(traces("")).traces.is_asked_for());
  EXPECT_FALSE(read(kLeast).traces.is_asked_for());
  EXPECT_TRUE(
      read(traces("individuals = [9, 0]\nto_day = 100\nevery_min = 0\n")).traces.is_asked_for());
}

}  // namespace
}  // namespace eustress::io
