#include "io/files/run_directory.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "io/files/atomic_file.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using ::eustress::testing::error_of;
using ::eustress::testing::ScratchDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::optional<Error> refusal(const std::string& path, bool force = false) {
  return error_of([&] { RunDirectory(path, force); });
}

TEST(RunDirectory, IsCreatedAndRemovedIfNothingCameOfIt) {
  const ScratchDirectory scratch;
  {
    const RunDirectory directory(scratch.file("a/b/"), false);
    EXPECT_EQ(directory.path(), scratch.file("a/b"));
    EXPECT_EQ(directory.file(kResultsName), scratch.file("a/b/results.nc"));
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch.file("a/b")));
  {
    const RunDirectory directory(scratch.file("a/b"), false);
    write_file(directory.file(kResultsName), "x");
  }
  EXPECT_TRUE(std::filesystem::exists(scratch.file("a/b/results.nc")));
}

TEST(RunDirectory, EmptyOrForeignContentIsLeftAlone) {
  const ScratchDirectory scratch;
  { const RunDirectory directory(scratch.path(), false); }
  EXPECT_TRUE(std::filesystem::exists(scratch.path()));
  write_file(scratch.file("notes.txt"), "mine");
  { const RunDirectory directory(scratch.path(), false); }
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(RunDirectory, FinishedRunNeedsForce) {
  const ScratchDirectory scratch;
  write_file(scratch.file("results.nc"), "x");
  write_file(scratch.file("individuals.h5"), "x");
  write_file(scratch.file("notes.txt"), "mine");
  const auto error = refusal(scratch.path());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::usage);
  EXPECT_THAT(error->what(), AllOf(HasSubstr(scratch.path()), HasSubstr("finished run"),
                                   HasSubstr("--force"), HasSubstr("-o")));
  const RunDirectory directory(scratch.path(), true);
  EXPECT_EQ(scratch.entries(), 3u) << "the old run stays until the new one is there";
  directory.withdraw_previous();
  EXPECT_EQ(scratch.entries(), 1u);
  EXPECT_TRUE(std::filesystem::exists(scratch.file("notes.txt")));
}

TEST(RunDirectory, OfARunIsNoneForOtherFiles) {
  for (const std::string name : {"results.nc", "log.json", "checkpoints", "replicates"}) {
    const ScratchDirectory scratch;
    const RunDirectory directory(scratch.path(), true);
    write_file(scratch.file("study.toml"), "mine");
    EXPECT_FALSE(error_of([&] { directory.refuse_run(); }));
    write_file(scratch.file(name), "x");
    const auto error = error_of([&] { directory.refuse_run(); });
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->kind(), ErrorKind::usage);
    EXPECT_THAT(error->what(),
                AllOf(HasSubstr(scratch.path()), HasSubstr("'" + name + "'"), HasSubstr("-o")));
  }
}

TEST(RunDirectory, StudyFileOfTheUserIsNotReplaced) {
  const ScratchDirectory scratch;
  write_file(scratch.file("study.toml"), "mine");
  const auto error = refusal(scratch.path());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::usage);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("study.toml"), HasSubstr("--force")));
}

TEST(RunDirectory, UnfinishedRunMayPublishAgain) {
  const ScratchDirectory scratch;
  {
    const RunDirectory directory(scratch.path(), false);
    directory.mark_unfinished();
    directory.mark_unfinished();
    write_file(directory.file(kStudyName), "x");
  }
  EXPECT_FALSE(refusal(scratch.path()));
  write_file(scratch.file("results.nc"), "x");
  EXPECT_TRUE(refusal(scratch.path()));
}

TEST(RunDirectory, OneRunAtATime) {
  const ScratchDirectory scratch;
  {
    const RunDirectory directory(scratch.path(), false);
    const auto error = refusal(scratch.path(), true);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::usage);
    EXPECT_THAT(error->what(), HasSubstr("another run"));
  }
  EXPECT_FALSE(refusal(scratch.path()));
}

TEST(RunDirectory, RemainsOfAKilledRunAreSweptUp) {
  const ScratchDirectory scratch;
  write_file(scratch.file(".results.nc.123-0.tmp"), "x");
  write_file(scratch.file(".individuals.h5.9-4.tmp"), "x");
  write_file(scratch.file(".vimrc.tmp"), "mine");
  const RunDirectory directory(scratch.path(), false);
  EXPECT_EQ(scratch.entries(), 1u);
  EXPECT_TRUE(std::filesystem::exists(scratch.file(".vimrc.tmp")));
}

TEST(RunDirectory, FileInItsPlace) {
  const ScratchDirectory scratch;
  write_file(scratch.file("a"), "x");
  for (const std::string& path : {scratch.file("a"), scratch.file("a/b"), std::string()}) {
    const auto error = refusal(path);
    ASSERT_TRUE(error) << path;
  }
  EXPECT_EQ(refusal(scratch.file("a"))->kind(), ErrorKind::usage);
  EXPECT_THAT(refusal(scratch.file("a"))->what(), HasSubstr("not a directory"));
  EXPECT_EQ(refusal("")->kind(), ErrorKind::usage);
}

TEST(RunDirectory, KernelFileSystemRefuses) {
  for (const char* path : {"/proc/eustress", "/proc/sys/kernel", "/sys/kernel/eustress"}) {
    const auto error = refusal(path);
    ASSERT_TRUE(error) << path;
    EXPECT_EQ(error->kind(), ErrorKind::io);
    EXPECT_THAT(error->what(), HasSubstr(path));
  }
}

TEST(RunDirectory, ReadOnlyDirectory) {
  const ScratchDirectory scratch;
  ::chmod(scratch.path().c_str(), 0555);
  // Permissions do not bind the superuser.
  constexpr uid_t kNobody = 65534;
  const uid_t user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const auto error = refusal(scratch.path());
  if (user == 0) {
    ASSERT_EQ(::seteuid(user), 0);
  }
  ::chmod(scratch.path().c_str(), 0755);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("Permission denied"), HasSubstr("-o")));
}

}  // namespace
}  // namespace eustress::io
