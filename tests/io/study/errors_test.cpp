// Every kind of bad input: one error each, at its place, with the words a user needs.

#include <gmock/gmock.h>

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "io/study/diagnostics.hpp"
#include "tests/io/study/bad_input.hpp"

namespace eustress::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class OneError : public testing::TestWithParam<BadInput> {};

TEST_P(OneError, IsReportedAtItsPlace) {
  expect_one_error(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Toml, OneError,
    testing::Values(
        BadInput{"[study\nname = 1", "1:7", {"not valid TOML", "expected ']'"}},
        BadInput{kLeast + "[hpa]\nstress_gain = 1\nstress_gain = 2\n",
                 "8:15",
                 {"not valid TOML", "redefine"}},
        BadInput{kLeast + "[study]\n", "6:1", {"not valid TOML", "redefine"}},
        BadInput{study("name = \"s\"\ndays = 99999999999999999999\n"),
                 "5:28",
                 {"not valid TOML", "99999999999999999999", "64 bits"}},
        BadInput{study("name = \"s\ndays = 3\n"), "4:10", {"not valid TOML", "string"}},
        BadInput{study("name = \"\xff\"\n"), "4:8", {"not valid TOML", "utf-8"}},
        BadInput{"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1\n", "1:34", {"more than 16 names"}},
        BadInput{
            "x = \"..................\"\ny = '''\n...................\n'''\n# .................\n"
            "[a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a]\n",
            "6:35",
            {"more than 16 names"}}));

INSTANTIATE_TEST_SUITE_P(
    Names, OneError,
    testing::Values(
        BadInput{kLeast + "[hpaa]\nstress_gain = 1\n",
                 "6:2",
                 {"unknown section 'hpaa'", "Did you mean 'hpa'?"}},
        BadInput{
            kLeast + "[[probes]]\n", "6:3", {"unknown section 'probes'", "Did you mean 'probe'?"}},
        BadInput{kLeast + "[zzzzzzzz]\n", "6:2", {"unknown section 'zzzzzzzz'"}},
        BadInput{kLeast + "[hpa]\nstres_gain = 1\n",
                 "7:1",
                 {"unknown key 'stres_gain' in [hpa]", "Did you mean 'stress_gain'?"}},
        BadInput{kLeast + "  stress_gain = 1\n",
                 "6:3",
                 {"unknown key 'stress_gain' in [population]", "It is a key of [hpa]"}},
        BadInput{kLeast + "[numerics]\nzzzzzzz = 1\n",
                 "7:1",
                 {"unknown key 'zzzzzzz' in [numerics]", "Legal keys: dt_min, memory_gib"}},
        BadInput{"dayz = 3\n" + kLeast,
                 "1:1",
                 {"key 'dayz' stands outside of any section", "Did you mean 'days'?", "[study]"}},
        BadInput{"\"study.days\" = 3\n" + kLeast,
                 "1:1",
                 {"key 'study.days' stands outside of any section"}},
        BadInput{kLeast + "[loadings.hpa_gian]\nx = 1\n",
                 "6:11",
                 {"unknown trait 'hpa_gian'", "'hpa_gain'"}},
        BadInput{kLeast + "[loadings.hpa_gain]\nearly_adversty = 1\n",
                 "7:1",
                 {"in [loadings.hpa_gain]", "'early_adversity'"}},
        BadInput{kLeast + "[hpa.stress_gain]\nx = 1\n",
                 "6:1",
                 {"stress_gain must be a number", "found a table"}},
        BadInput{kLeast + "[[population.columns]]\n",
                 "6:14",
                 {"unknown key 'columns' in [population]", "'column'"}},
        BadInput{kLeast + "[[wave]]\nname = \"w\"\nday = 3\nsevrity = 2\n",
                 "9:1",
                 {"in [[wave]]", "'severity'"}},
        BadInput{kLeast + "[\"\\u001b[31m\"]\n", "6:2", {"unknown section '?[31m'"}}));

INSTANTIATE_TEST_SUITE_P(
    Types, OneError,
    testing::Values(
        BadInput{study("name = \"s\"\ndays = \"3\"\n"),
                 "5:8",
                 {"days must be an integer from 1 to 36525 [d]", "found the text \"3\""}},
        BadInput{study("name = \"s\"\ndays = 30.0\n"),
                 "5:8",
                 {"days must be an integer", "found the number 30.0; write 30"}},
        BadInput{study("name = \"s\"\ndays = 30.5\n"),
                 "5:8",
                 {"days must be an integer", "found the number 30.5"}},
        BadInput{study("name = 3\ndays = 3\n"),
                 "4:8",
                 {"name must be a name in quotes, found the integer 3"}},
        BadInput{study("name = \"s\"\ndays = 3\ntitle = true\n"),
                 "6:9",
                 {"title must be text in quotes, found true"}},
        BadInput{kLeast + "cohort = []\n",
                 "6:10",
                 {"cohort must be the path of a file in quotes, found a list"}},
        BadInput{kLeast + "[hpa]\nstress_gain = \"6\"\n",
                 "7:15",
                 {"stress_gain must be a number from 0 to 100", "found the text \"6\""}},
        BadInput{kLeast + "[hpa]\nstress_gain = 1979-05-27\n", "7:15", {"found a date or time"}},
        BadInput{kLeast + "[output]\nindividuals = 1\n",
                 "7:15",
                 {"individuals must be true or false, found the integer 1"}},
        BadInput{kLeast + "[memory]\nthreat_active = 0\n",
                 "7:17",
                 {"threat_active must be true or false"}},
        BadInput{kLeast + "[output]\nstrata = 3\n",
                 "7:10",
                 {"strata must be a list out of \"sex\", \"group\", \"age\", \"social_support\""}},
        BadInput{probe("samples_min = 30\n"),
                 "9:15",
                 {"samples_min must be a list of integers", "found the integer 30"}},
        BadInput{probe("samples_min = [0, 2.5]\n"),
                 "9:19",
                 {"samples_min[1] must be an integer", "found the number 2.5"}},
        BadInput{probe("time = 15:00:00\n"),
                 "9:8",
                 {"time must be a time of day such as \"15:30\", found a date or time"}},
        BadInput{
            "hpa = 3\n" + kLeast, "1:7", {"hpa is one section", "[hpa]", "found the integer 3"}},
        BadInput{
            kLeast + "[[hpa]]\nstress_gain = 1\n", "6:1", {"hpa is one section", "found a list"}},
        BadInput{kLeast + "[wave]\nname = \"w\"\n", "6:1", {"[[wave]]", "found a table"}},
        BadInput{kLeast + "column = 3\n", "6:10", {"[[population.column]]", "found the integer 3"}},
        BadInput{"loadings = 3\n" + kLeast, "1:12", {"[loadings.TRAIT]", "found the integer 3"}},
        BadInput{kLeast + "[[arm]]\nname = \"a\"\nset = 3\n",
                 "8:7",
                 {"set must be a table", "found the integer 3"}}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, OneError,
    testing::Values(
        BadInput{study("name = \"s\"\ndays = 0\n"),
                 "5:8",
                 {"days = 0 is outside the legal range 1 to 36525 [d]"}},
        BadInput{
            study("name = \"s\"\ndays = -3\n"), "5:8", {"days = -3 is outside the legal range"}},
        BadInput{study("name = \"s\"\ndays = 9223372036854775807\n"),
                 "5:8",
                 {"days = 9223372036854775807 is outside"}},
        BadInput{individuals("0"),
                 "5:15",
                 {"individuals = 0 is outside the legal range 1 to 68719476736"}},
        BadInput{individuals("1099511627776"),
                 "5:15",
                 {"individuals = 1099511627776 is outside the legal range 1 to 68719476736"}},
        BadInput{individuals("68719476737"), "5:15", {"individuals = 68719476737 is outside"}},
        BadInput{study("name = \"s\"\ndays = 3\nseed = -1\n"),
                 "6:8",
                 {"seed = -1 is outside the legal range 0 to 9007199254740992"}},
        BadInput{study("name = \"s\"\ndays = 3\nreplicate = 4294967296\n"),
                 "6:13",
                 {"replicate = 4294967296 is outside"}},
        BadInput{kLeast + "share_female = 1.0000001\n",
                 "6:16",
                 {"share_female = 1.0000001 is outside the legal range 0 to 1"}},
        BadInput{kLeast + "age_min_y = nan\n",
                 "6:13",
                 {"age_min_y = nan is not a finite number; legal is 0 to 120 [y]"}},
        BadInput{
            kLeast + "age_max_y = -inf\n", "6:13", {"age_max_y = -inf is not a finite number"}},
        BadInput{kLeast + "[hpa]\nstress_gain = 100.5\n",
                 "7:15",
                 {"stress_gain = 100.5 is outside the legal range 0 to 100"}},
        BadInput{kLeast + "[hpa]\ncrh_half_life_min = 1\n",
                 "7:21",
                 {"crh_half_life_min = 1 is outside the legal range 1.5 to 30 [min]"}},
        BadInput{kLeast + "[hpa]\nstress_gain = inf\n",
                 "7:15",
                 {"stress_gain = inf is not a finite number"}},
        BadInput{kLeast + "[numerics]\ndt_min = 7.5\n",
                 "7:10",
                 {"dt_min = 7.5 is outside the legal range 0.25 to 6 [min]"}},
        BadInput{kLeast + "[numerics]\ndt_min = 4\n",
                 "7:10",
                 {"dt_min = 4 does not divide 30 min", "6, 5, 3.75"}},
        BadInput{kLeast + "[output]\nstrata = [\"grup\"]\n",
                 "7:11",
                 {"strata[0] = \"grup\" is not one of", "Did you mean 'group'?"}},
        BadInput{
            study("name = \"a b\"\ndays = 3\n"), "4:8", {"name = \"a b\" is not a legal name"}},
        BadInput{
            study("name = \"../up\"\ndays = 3\n"), "4:8", {"name = \"../up\" is not a legal name"}},
        BadInput{study("name = \"\"\ndays = 3\n"), "4:8", {"name = \"\" is not a legal name"}},
        BadInput{study("name = \"" + std::string(65, 'n') + "\"\ndays = 3\n"),
                 "4:8",
                 {"is not a legal name"}},
        BadInput{study("name = \"s\"\ndays = 3\ntitle = \"a\\nb\"\n"),
                 "6:9",
                 {"title holds a control character"}},
        BadInput{study("name = \"s\"\ndays = 3\ntitle = \"" + std::string(1001, 't') + "\"\n"),
                 "6:9",
                 {"title has 1001 bytes; at most 1000"}},
        BadInput{kLeast + "[[probe]]\nname = \"a-b\"\nday = 1\n",
                 "7:8",
                 {"name = \"a-b\" is not a legal name"}},
        BadInput{kLeast + "[[arm]]\nname = \"1a\"\nset.hpa.stress_gain = 3\n",
                 "7:8",
                 {"name = \"1a\" is not a legal name"}},
        BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = 1\nend_day = 2\nhassle_rate = 0\n",
                 "10:15",
                 {"hassle_rate = 0 is outside the legal range 0.001 to 100"}},
        BadInput{probe("time = \"24:00\"\n"), "9:8", {"time = \"24:00\" is not a time of day"}},
        BadInput{probe("time = \"9:00\"\n"), "9:8", {"time = \"9:00\" is not a time of day"}}));

INSTANTIATE_TEST_SUITE_P(
    Missing, OneError,
    testing::Values(BadInput{"[study]\nname = \"s\"\n[population]\nindividuals = 1\n",
                             "1:1",
                             {"missing required key 'days' in [study]"}},
                    BadInput{"# c\n\n[population]\nindividuals = 1\n[study]\ndays = 3\n",
                             "5:1",
                             {"missing required key 'name' in [study]"}},
                    BadInput{"[study]\nname = \"s\"\ndays = 3\n",
                             "1:1",
                             {"missing section and required key 'individuals' in [population]"}},
                    BadInput{kLeast + "[[wave]]\nname = \"w\"\n",
                             "6:1",
                             {"missing required key 'day' in [[wave]]"}},
                    BadInput{kLeast + "[[regime]]\nname = \"r\"\nstart_day = 1\n",
                             "6:1",
                             {"missing required key 'end_day' in [[regime]]"}},
                    BadInput{kLeast + "[[arm]]\nset = { \"hpa.stress_gain\" = 3 }\n",
                             "6:1",
                             {"missing required key 'name' in [[arm]]"}},
                    BadInput{cohort("[[population.column]]\noutcome = true\n"),
                             "7:1",
                             {"missing required key 'column' in [[population.column]]"}}));

TEST(StudyErrors, AllAtOnceSortedByPlace) {
  EXPECT_THAT(errors_of("[population]\n"
                        "individuals = 0\n"
                        "[[probe]]\n"
                        "name = 3\n"
                        "dai = 3\n"
                        "[study]\n"
                        "days = 0\n"
                        "nane = \"s\"\n",
                        {"hpa.stress_gain=-1", "nowhere"}),
              ElementsAre(StartsWith("s.toml:2:15: error: individuals = 0"),
                          StartsWith("s.toml:3:1: error: missing required key 'day' in [[probe]]"),
                          StartsWith("s.toml:4:8: error: name must be"),
                          StartsWith("s.toml:5:1: error: unknown key 'dai' in [[probe]]"),
                          StartsWith("s.toml:6:1: error: missing required key 'name' in [study]"),
                          StartsWith("s.toml:7:8: error: days = 0"),
                          StartsWith("s.toml:8:1: error: unknown key 'nane'"),
                          StartsWith("--set 1: error: stress_gain = -1"),
                          StartsWith("--set 2: error: an override is written section.key=value")));
}

TEST(StudyErrors, ShowTheLineAndACaret) {
  EXPECT_EQ(failure("[study]\nname = \"s\"\n\tdays = 0 # ä\r\n[population]\nindividuals = 1\n"),
            "s.toml:3:9: error: days = 0 is outside the legal range 1 to 36525 [d]\n"
            "    3 |  days = 0 # ä\n"
            "      |         ^");
}

TEST(StudyErrors, CountColumnsInCharacters) {
  EXPECT_EQ(
      failure(kLeast + "[[arm]]\nname = \"a\"\nset = { \"ä.ö\" = 3, \"hpa.stress_gain\" = 3 }\n"
                       "description = \"äö\" # \xF0\x9F\x98\x80\n"),
      "s.toml:8:9: error: unknown parameter 'ä.ö' in the set of an arm\n"
      "    8 | set = { \"ä.ö\" = 3, \"hpa.stress_gain\" = 3 }\n"
      "      |         ^");
  EXPECT_THAT(failure(kLeast + "[[arm]]\nset = { \"ä\" = 3, x = 3 }\nname = \"a\"\n"),
              HasSubstr("s.toml:7:18: error: unknown parameter 'x' in the set of an arm\n"
                        "    7 | set = { \"ä\" = 3, x = 3 }\n"
                        "      |                  ^"));
}

TEST(StudyErrors, CutLongLinesAroundTheCaret) {
  const std::string text =
      study("name = \"s\"\ntitle = \"" + std::string(900, 't') + "\"\ndays = 0\n");
  EXPECT_THAT(errors_of(text), SizeIs(1));
  const std::string long_line = "[study]\nname = \"s\"\npopulation = { individuals = 1 }" +
                                std::string(300, ' ') + "# days\n[numerics]\n" +
                                std::string(200, ' ') + "dt_min = 4\n";
  const std::string text_of_error = failure(long_line);
  EXPECT_THAT(text_of_error, HasSubstr(":5:210: error: dt_min = 4"));
  std::istringstream lines(text_of_error);
  for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), 200U);
}

TEST(StudyErrors, CountThemInTheEnd) {
  EXPECT_THAT(failure("[study]\n"), testing::EndsWith("s.toml: 3 errors"));
  EXPECT_THAT(failure(study("name = \"s\"\ndays = 0\n")), Not(HasSubstr("1 error")));
}

TEST(StudyErrors, AnEmptyFileMissesItsSections) {
  EXPECT_THAT(errors_of(""), SizeIs(3));
}

TEST(StudyErrors, AWrongLengthOrStepDoesNotMakeFurtherErrors) {
  EXPECT_THAT(errors_of(study("name = \"s\"\ndays = 0\n[[wave]]\nname = \"w\"\nday = 400\n")),
              ElementsAre(HasSubstr("days = 0")));
  EXPECT_THAT(errors_of(probe("time = \"15:02\"\n[numerics]\ndt_min = 4\n")),
              ElementsAre(HasSubstr("dt_min = 4")));
}

TEST(Printable, ReplacesControlCharactersAndCuts) {
  EXPECT_EQ(printable("a\tb\x1b\x7f\xc2\x9b"
                      "ä"),
            "a b???ä");
  EXPECT_EQ(printable(std::string(200, 'x')), std::string(80, 'x') + "...");
}

TEST(StudyErrors, DeepNestingIsRefusedAndNotFollowed) {
  std::string key = "a";
  for (int i = 0; i < 200000; ++i) key += ".a";
  EXPECT_THAT(errors_of(key + " = 1\n"), SizeIs(1));
  EXPECT_THAT(errors_of("[" + key + "]\n"), SizeIs(1));
  EXPECT_THAT(errors_of("a = " + std::string(100000, '[')), SizeIs(1));
}

// Whatever bytes a file holds, the outcome is a study or an error that is shown.
TEST(StudyErrors, DamagedFilesGiveErrorsAndNothingWorse) {
  std::mt19937 random(7);
  const std::string good = probe(
      "kind = \"tsst\"\n[[arm]]\nname = \"a\"\n"
      "set = { \"hpa.stress_gain\" = 3.0 }\n[loadings.hpa_gain]\n"
      "early_adversity = -0.1 # ä\n[output]\nstrata = ['sex']\n");
  const std::string bytes = "\"'[]{}=.,#\n\\ \t-0e9:\xff\xc3_a" + std::string(1, '\0');
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = good;
    const int changes = 1 + static_cast<int>(random() % 4U);
    for (int c = 0; c < changes; ++c) {
      const std::size_t at = random() % text.size();
      switch (random() % 3U) {
        case 0:
          text[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          text.insert(at, 1, bytes[random() % bytes.size()]);
          break;
        default:
          text.erase(at, 1 + random() % 20U);
          break;
      }
      if (text.empty()) text.push_back('x');
    }
    try {
      read(text);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::usage) << text;
      ASSERT_THAT(error.what(), HasSubstr(": error: ")) << text;
      ++refused;
    }
  }
  EXPECT_GT(refused, 2000);
}

}  // namespace
}  // namespace eustress::io
