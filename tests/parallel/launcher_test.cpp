#include "parallel/launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/error.hpp"

namespace eustress::parallel {
namespace {

std::optional<Launcher> launcher_in(const std::map<std::string, std::string>& variables) {
  return find_launcher([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

void expect_launcher(const std::map<std::string, std::string>& variables,
                     const std::string& variable, std::optional<int> n_ranks) {
  const auto launcher = launcher_in(variables);
  ASSERT_TRUE(launcher.has_value()) << variable;
  EXPECT_EQ(launcher->variable, variable);
  EXPECT_EQ(launcher->n_ranks, n_ranks);
}

TEST(Launcher, ShellsAndBatchScriptsAreNone) {
  EXPECT_FALSE(launcher_in({}).has_value());
  // A batch script or an interactive step: the job has tasks, this process is not one of several.
  EXPECT_FALSE(launcher_in({{"SLURM_NTASKS", "4"}, {"SLURM_PROCID", "0"}}).has_value());
  EXPECT_FALSE(launcher_in({{"SLURM_STEP_NUM_TASKS", "1"}}).has_value());
}

TEST(Launcher, KnownOnes) {
  expect_launcher({{"OMPI_COMM_WORLD_SIZE", "3"}, {"PMIX_RANK", "1"}}, "OMPI_COMM_WORLD_SIZE", 3);
  expect_launcher({{"PMI_SIZE", "4"}, {"PMI_RANK", "0"}}, "PMI_SIZE", 4);
  expect_launcher({{"PMIX_RANK", "0"}}, "PMIX_RANK", std::nullopt);
  expect_launcher({{"PMIX_RANK", "0"}, {"SLURM_STEP_NUM_TASKS", "8"}}, "PMIX_RANK", 8);
  expect_launcher({{"SLURM_STEP_NUM_TASKS", "8"}}, "SLURM_STEP_NUM_TASKS", 8);
}

TEST(Launcher, MpirunWithinASlurmStepCounts) {
  expect_launcher({{"OMPI_COMM_WORLD_SIZE", "16"}, {"SLURM_STEP_NUM_TASKS", "2"}},
                  "OMPI_COMM_WORLD_SIZE", 16);
}

TEST(Launcher, UnreadableSizesAreUnknown) {
  for (const char* size : {"", "many", "3x", "0", "-2", "99999999999"}) {
    expect_launcher({{"PMI_SIZE", size}}, "PMI_SIZE", std::nullopt);
  }
}

TEST(RequireWorldSize, AcceptsWhatMatchesOrIsUnknown) {
  EXPECT_NO_THROW(require_world_size(std::nullopt, 1, ""));
  EXPECT_NO_THROW(require_world_size(Launcher{"PMI_SIZE", 3}, 3, ""));
  EXPECT_NO_THROW(require_world_size(Launcher{"PMIX_RANK", std::nullopt}, 3, ""));
}

TEST(RequireWorldSize, RefusesAMismatch) {
  try {
    require_world_size(Launcher{"SLURM_STEP_NUM_TASKS", 8}, 1, "Open MPI v4.1.4");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("SLURM_STEP_NUM_TASKS"));
    EXPECT_THAT(error.what(), testing::HasSubstr("8 processes"));
    EXPECT_THAT(error.what(), testing::HasSubstr("connects 1"));
    EXPECT_THAT(error.what(), testing::HasSubstr("Open MPI v4.1.4"));
    EXPECT_THAT(error.what(), testing::HasSubstr("srun --mpi"));
  }
}

}  // namespace
}  // namespace eustress::parallel
