#include "io/tables/replay_csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace eustress::io {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kHead = "individual,day,time,class,severity\n";
const std::vector<std::string> kIds = {"anna", "ben", "carla"};

std::vector<ReplayRow> parse(std::string_view text, const ReplayRequest& request = {10, 30, 5.0}) {
  return parse_replay(text, "e.csv", request);
}

std::string error_of(std::string_view text, const ReplayRequest& request = {10, 30, 5.0}) {
  try {
    static_cast<void>(parse(text, request));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  ADD_FAILURE() << "no error for " << text;
  return {};
}

TEST(ReplayCsv, ReadsEveryColumnInAnyOrder) {
  const auto rows = parse(
      "kind,severity,class,time,day,individual,duration_min,predictability,controllability\n"
      "hassle,0.5,demand,07:30,3,0,,,\n"
      "traumatic,4,threat,23:55,3,0,90,0.25,1\n"
      ",1,interpersonal_loss,00:00,29,9,,,0\n");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].individual, 0U);
  EXPECT_EQ(rows[0].day, 3);
  EXPECT_EQ(rows[0].minute, 450);
  EXPECT_EQ(rows[0].stressor, StressorClass::demand);
  EXPECT_EQ(rows[0].severity, 0.5);
  EXPECT_EQ(rows[0].kind, EventKind::none);
  EXPECT_TRUE(std::isnan(rows[0].duration_min));
  EXPECT_TRUE(std::isnan(rows[0].predictability));
  EXPECT_TRUE(std::isnan(rows[0].controllability));
  EXPECT_EQ(rows[1].kind, EventKind::traumatic);
  EXPECT_EQ(rows[1].minute, 1435);
  EXPECT_EQ(rows[1].duration_min, 90.0);
  EXPECT_EQ(rows[1].predictability, 0.25);
  EXPECT_EQ(rows[1].controllability, 1.0);
  EXPECT_EQ(rows[2].individual, 9U);
  EXPECT_EQ(rows[2].kind, EventKind::none);
  EXPECT_EQ(rows[2].controllability, 0.0);
}

TEST(ReplayCsv, NamesAreThoseOfTheCohort) {
  const auto rows =
      parse(kHead + "anna,1,08:00,demand,1\ncarla,0,08:00,demand,1\n", {3, 30, 5.0, kIds});
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].individual, 0U);
  EXPECT_EQ(rows[1].individual, 2U);
  const std::string unknown = error_of(kHead + "dora,1,08:00,demand,1\n", {3, 30, 5.0, kIds});
  EXPECT_THAT(unknown, HasSubstr("e.csv:2:individual: there is no individual with the id 'dora'"));
  const std::string beyond = error_of(kHead + "carla,1,08:00,demand,1\n", {2, 30, 5.0, kIds});
  EXPECT_THAT(beyond, HasSubstr("'carla' is row 3 of the cohort table, and the study has 2"));
  const std::string order =
      error_of(kHead + "ben,1,08:00,demand,1\nanna,1,08:00,demand,1\n", {3, 30, 5.0, kIds});
  EXPECT_THAT(order, HasSubstr("e.csv:3:individual: 'anna' comes before what is in line 2"));
  EXPECT_THAT(order, HasSubstr("as in the cohort table"));
}

TEST(ReplayCsv, ATableWithoutRowsIsLegal) {
  EXPECT_THAT(parse(kHead), SizeIs(0));
}

struct Bad {
  std::string row, place, words;
};

TEST(ReplayCsv, SaysWhatIsWrongWithACell) {
  const Bad all[] = {
      {"10,1,08:00,demand,1", "individual", "'10' is no individual of the cohort"},
      {"-1,1,08:00,demand,1", "individual", "whole numbers from 0 to 9"},
      {"1.5,1,08:00,demand,1", "individual", "'1.5' is no individual"},
      {",1,08:00,demand,1", "individual", "'' is no individual"},
      {"x,1,08:00,demand,1", "individual", "'x' is no individual"},
      {"1,30,08:00,demand,1", "day",
       "'30' is no day of the run; legal are whole numbers from 0 to 29"},
      {"1,1,24:00,demand,1", "time", "'24:00' is not a time of day"},
      {"1,1,8:00,demand,1", "time", "'8:00' is not a time of day"},
      {"1,1,08:60,demand,1", "time", "not a time of day"},
      {"1,1,08:02,demand,1", "time",
       "'08:02' is not on the step grid; legal are multiples of dt_min = 5"},
      {"1,1,08:00,demnd,1", "class", "Did you mean 'demand'?"},
      {"1,1,08:00,demand,", "severity", "blank"},
      {"1,1,08:00,demand,much", "severity", "not a number"},
      {"1,1,08:00,demand,21", "severity", "21 is outside the legal range 0 to 20"},
  };
  for (const Bad& bad : all) {
    const std::string error = error_of(kHead + bad.row + "\n");
    EXPECT_THAT(error, HasSubstr("e.csv:2:" + bad.place + ": ")) << bad.row;
    EXPECT_THAT(error, HasSubstr(bad.words)) << bad.row;
  }
  const std::string head =
      "individual,day,time,class,severity,kind,controllability,predictability,duration_min\n";
  const Bad optional[] = {
      {"1,1,08:00,demand,1,majr,,,", "kind", "'majr' is not one of hassle, minor"},
      {"1,1,08:00,demand,1,,1.1,,", "controllability", "0 to 1"},
      {"1,1,08:00,demand,1,,,-1,", "predictability", "0 to 1"},
      {"1,1,08:00,demand,1,,,,0", "duration_min", "1 to 1440"}};
  for (const Bad& bad : optional) {
    const std::string error = error_of(head + bad.row + "\n");
    EXPECT_THAT(error, HasSubstr("e.csv:2:" + bad.place + ": ")) << bad.row;
    EXPECT_THAT(error, HasSubstr(bad.words)) << bad.row;
  }
}

TEST(ReplayCsv, SaysWhatIsWrongWithTheHeader) {
  EXPECT_THAT(error_of(""), HasSubstr("e.csv: the file is empty"));
  EXPECT_THAT(error_of("individual,day,time,class\n"),
              HasSubstr("e.csv:1: no column 'severity' in the header"));
  EXPECT_THAT(error_of("individual,day,time,class,severty\n"),
              HasSubstr("unknown column 'severty'. Did you mean 'severity'?"));
  EXPECT_THAT(error_of("individual,day,day,time,class,severity\n"),
              HasSubstr("two columns are called 'day'"));
  EXPECT_THAT(error_of(kHead + "1,1,08:00\n"), HasSubstr("e.csv:2: 3 cells, but the header has 5"));
  EXPECT_THAT(error_of(kHead + "\"1,1"), HasSubstr("no closing quote"));
}

TEST(ReplayCsv, RowsAreInOrder) {
  const std::string row = ",demand,1\n";
  EXPECT_THAT(error_of(kHead + "3,1,08:00" + row + "2,5,08:00" + row),
              HasSubstr("e.csv:3:individual: '2' comes before what is in line 2"));
  EXPECT_THAT(error_of(kHead + "3,2,08:00" + row + "3,1,08:00" + row),
              HasSubstr("e.csv:3:day: '1' comes before"));
  EXPECT_THAT(error_of(kHead + "3,2,08:05" + row + "\n3,2,08:00" + row),
              HasSubstr("e.csv:4:time: '08:00' comes before what is in line 2"));
  EXPECT_THAT(parse(kHead + "3,2,08:00" + row + "3,2,08:00" + row), SizeIs(2));
}

TEST(ReplayCsv, ADayHasFourHasslesAndAnEvent) {
  const std::string head = "individual,day,time,class,severity,kind\n";
  std::string day;
  for (int i = 0; i < 4; ++i) day += "1,1,08:00,demand,1,hassle\n";
  day += "1,1,09:00,threat,1,minor\n";
  EXPECT_THAT(parse(head + day + "1,2,08:00,demand,1,hassle\n"), SizeIs(6));
  EXPECT_THAT(error_of(head + day + "1,1,10:00,demand,1,hassle\n"),
              HasSubstr("e.csv:7:kind: individual '1' already has 4 hassles on day 1"));
  EXPECT_THAT(error_of(head + day + "1,1,10:00,demand,1,severe\n"),
              HasSubstr("e.csv:7:kind: individual '1' already has an event on day 1"));
}

TEST(ReplayCsv, AllMistakesAreReportedAtOnceUpToALimit) {
  std::string text = kHead;
  for (int i = 0; i < 30; ++i) text += "99,1,08:00,demand,1\n";
  const std::string error = error_of(text);
  EXPECT_THAT(error, HasSubstr("e.csv:2:individual"));
  EXPECT_THAT(error, HasSubstr("e.csv:21:individual"));
  EXPECT_THAT(error, HasSubstr("10 more"));
}

}  // namespace
}  // namespace eustress::io
