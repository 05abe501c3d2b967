#include "io/provenance/provenance.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "io/files/atomic_file.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/run_log.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using ::testing::MatchesRegex;

TEST(Provenance, SaysWhatThisProgramIs) {
  const Provenance& program = this_program();
  EXPECT_THAT(program.version, MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(program.commit, MatchesRegex("unknown|[0-9a-f]{40,64}(-modified)?"));
  EXPECT_THAT(program.compiler, MatchesRegex("[A-Za-z]+ [0-9.]+"));
}

TEST(RunLog, HoldsWhatTheResultsMustNot) {
  const testing::ScratchDirectory scratch;
  write_file(scratch.file("results.nc"), "abc");
  RunLog log;
  log.start -= std::chrono::seconds(10);
  log.command = {"eustress", "run", "caf\xe9.toml"};  // not UTF-8
  log.ranks = 3;
  log.threads = 2;
  log.isa = "avx2";
  log.individual_days_per_s = 1.5e6;
  log.phases = {{"simulate", 1.0, 1.5, 2.0}};
  log.warnings = {"too many threads"};
  log.files = {scratch.file("results.nc")};
  write_run_log(scratch.file("log.json"), log);

  const auto json = nlohmann::json::parse(std::ifstream(scratch.file("log.json")));
  EXPECT_EQ(json["program"]["version"], this_program().version);
  EXPECT_EQ(json["ranks"], 3);
  EXPECT_EQ(json["threads_per_rank"], 2);
  EXPECT_EQ(json["instruction_set"], "avx2");
  EXPECT_FALSE(json["host"].get<std::string>().empty());
  EXPECT_GE(json["wall_s"].get<double>(), 10.0);
  EXPECT_LT(json["wall_s"].get<double>(), 60.0);
  EXPECT_EQ(json["individual_days_per_s"], 1.5e6);
  EXPECT_EQ(json["phases"][0]["name"], "simulate");
  EXPECT_EQ(json["phases"][0]["most_s"], 2.0);
  EXPECT_EQ(json["warnings"][0], "too many threads");
  EXPECT_EQ(json["files"][0]["bytes"], 3);
  EXPECT_EQ(json["files"][0]["sha256"], sha256("abc"));
}

TEST(RunLog, TimesAreInUniversalTime) {
  using std::chrono::seconds;
  using std::chrono::system_clock;
  EXPECT_EQ(utc_text(system_clock::time_point{}), "1970-01-01T00:00:00Z");
  // date -u -d @1772357400
  EXPECT_EQ(utc_text(system_clock::time_point{seconds(1772357400)}), "2026-03-01T09:30:00Z");
}

}  // namespace
}  // namespace eustress::io
