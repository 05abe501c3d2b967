#include "io/files/file.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "io/files/atomic_file.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/file_size_limit.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using ::eustress::testing::error_of;
using ::eustress::testing::FileSizeLimit;
using ::eustress::testing::ScratchDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(File, WritesAndReadsAtOffsets) {
  const ScratchDirectory scratch;
  File file(scratch.file("a"), File::Mode::create_new);
  file.write_at(4, bytes_of("world"));
  file.write_at(0, bytes_of("good"));
  file.close();
  EXPECT_EQ(content_of(scratch.file("a")), "goodworld");

  const File again(scratch.file("a"), File::Mode::read);
  EXPECT_EQ(again.size(), 9u);
  std::vector<std::byte> bytes(5);
  again.read_at(4, bytes);
  EXPECT_EQ(std::memcmp(bytes.data(), "world", 5), 0);
}

TEST(File, ThreadsFillOneFile) {
  const ScratchDirectory scratch;
  const File file(scratch.file("a"), File::Mode::create_new);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 400; i += 4) {
        const std::string text(3, static_cast<char>('a' + i % 26));
        file.write_at(static_cast<std::uint64_t>(3 * i), bytes_of(text));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string expected;
  for (int i = 0; i < 400; ++i) expected += std::string(3, static_cast<char>('a' + i % 26));
  EXPECT_EQ(content_of(scratch.file("a")), expected);
}

TEST(File, EndTooEarlyIsAnInputError) {
  const ScratchDirectory scratch;
  write_file(scratch.file("a"), "12345");
  const File file(scratch.file("a"), File::Mode::read);
  std::vector<std::byte> bytes(9);
  const auto error = error_of([&] { file.read_at(0, bytes); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::input);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("ends at byte 5"), HasSubstr("4 more")));
}

TEST(File, MissingAndExistingAreNamed) {
  const ScratchDirectory scratch;
  const auto missing = error_of([&] { File(scratch.file("none/a"), File::Mode::create_new); });
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->kind(), ErrorKind::io);
  EXPECT_THAT(missing->what(), AllOf(HasSubstr("cannot create"), HasSubstr("none/a"),
                                     HasSubstr("No such file or directory")));
  write_file(scratch.file("a"), "1");
  EXPECT_TRUE(error_of([&] { File(scratch.file("a"), File::Mode::create_new); }));
  EXPECT_EQ(content_of(scratch.file("a")), "1");
}

TEST(File, FullDiskIsReported) {
  const File full("/dev/full", File::Mode::write);
  const auto error = error_of([&] { full.write_at(0, bytes_of("text")); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(),
              AllOf(HasSubstr("write 4 bytes"), HasSubstr("/dev/full"),
                    HasSubstr("No space left on device"), HasSubstr("free some space")));
}

TEST(File, SizeLimitIsReportedAfterPartOfTheBytes) {
  const ScratchDirectory scratch;
  const File file(scratch.file("a"), File::Mode::create_new);
  const FileSizeLimit limit(1000);
  const auto error = error_of([&] { file.write_at(0, bytes_of(std::string(3000, 'x'))); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(),
              AllOf(HasSubstr("File too large"), HasSubstr("offset 1000"), HasSubstr("ulimit -f")));
  EXPECT_TRUE(error_of([&] { file.reserve(2000); }));
  EXPECT_FALSE(error_of([&] { file.reserve(900); }));
}

TEST(File, ReservedSizeIsThere) {
  const ScratchDirectory scratch;
  const File file(scratch.file("a"), File::Mode::create_new);
  file.reserve(100000);
  EXPECT_EQ(file.size(), 100000u);
  file.set_size(7);
  EXPECT_EQ(file.size(), 7u);
}

TEST(File, DirectoryOfAPath) {
  EXPECT_EQ(directory_of("a"), ".");
  EXPECT_EQ(directory_of("/a"), "/");
  EXPECT_EQ(directory_of("b/c/a"), "b/c");
}

TEST(File, DirectoryIsMadeOnce) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("new");
  EXPECT_TRUE(create_directory(path));
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_FALSE(create_directory(path));
  std::filesystem::create_directory_symlink(path, scratch.file("link"));
  EXPECT_FALSE(create_directory(scratch.file("link")));
}

/// mkdir itself says of anything that has the name that it exists.
TEST(File, DirectoryThatCannotBeMadeTellsTheTrueCause) {
  const ScratchDirectory scratch;
  const auto expect_refused = [&](const std::string& path, const char* cause) {
    const auto error = error_of([&] { (void)create_directory(path); });
    ASSERT_TRUE(error) << path;
    EXPECT_EQ(error->kind(), ErrorKind::io);
    EXPECT_THAT(error->what(), AllOf(HasSubstr("'" + path + "'"), HasSubstr(cause)));
  };
  std::filesystem::create_symlink("loop", scratch.file("loop"));
  expect_refused(scratch.file("loop"), "Too many levels of symbolic links");
  std::filesystem::create_symlink("nowhere", scratch.file("dangling"));
  expect_refused(scratch.file("dangling"), "No such file or directory");
  std::ofstream(scratch.file("file")) << "x";
  expect_refused(scratch.file("file"), "File exists");
  expect_refused(scratch.file("file/below"), "Not a directory");
  expect_refused(scratch.file("none/below"), "No such file or directory");
}

TEST(AtomicFile, IsThereAsAWholeOrNotAtAll) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("a.json");
  {
    AtomicFile file(path);
    file.append("first");
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(std::filesystem::exists(file.temporary_path()));
  }
  EXPECT_EQ(scratch.entries(), 0u);
  write_file(path, "old");
  {
    AtomicFile file(path);
    file.append("new ");
    file.append("content");
    EXPECT_EQ(content_of(path), "old");
    file.publish();
  }
  EXPECT_EQ(content_of(path), "new content");
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(AtomicFile, FailureKeepsTheOldFileAndLeavesNothing) {
  const ScratchDirectory scratch;
  write_file(scratch.file("a"), "old");
  {
    const FileSizeLimit limit(10);
    EXPECT_TRUE(error_of([&] { write_file(scratch.file("a"), std::string(100, 'x')); }));
  }
  EXPECT_EQ(content_of(scratch.file("a")), "old");
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(AtomicFile, FullFileSystemKeepsTheOldFile) {
  // A small file system of the test's own, where that is permitted.
  const ScratchDirectory scratch;
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", scratch.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "mounting is not permitted";
  }
  write_file(scratch.file("a"), "old");
  const auto error = error_of([&] { write_file(scratch.file("a"), std::string(100000, 'x')); });
  EXPECT_EQ(scratch.entries(), 1u);
  EXPECT_EQ(content_of(scratch.file("a")), "old");
  const auto reserving = error_of([&] { AtomicFile(scratch.file("b")).file().reserve(100000); });
  EXPECT_EQ(scratch.entries(), 1u);
  ::umount2(scratch.path().c_str(), MNT_DETACH);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(), HasSubstr("No space left on device"));
  ASSERT_TRUE(reserving);
  EXPECT_THAT(reserving->what(), AllOf(HasSubstr("reserve 100000 bytes"), HasSubstr("No space")));
}

TEST(AtomicFile, TargetThatIsADirectoryOrNamelessIsRefused) {
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.file("d"));
  const auto error = error_of([&] { write_file(scratch.file("d"), "x"); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("Is a directory"));
  EXPECT_TRUE(error_of([&] { write_file(scratch.path() + "/", "x"); }));
  EXPECT_TRUE(error_of([&] { write_file("", "x"); }));
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(AtomicFile, ReadOnlyFileSystem) {
  const auto error = error_of([&] { write_file("/proc/sys/kernel/eustress", "x"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(), HasSubstr("/proc/sys/kernel/eustress"));
}

TEST(AtomicFile, WhatIsThereIsNotReplacedUnasked) {
  const ScratchDirectory scratch;
  const std::string page = scratch.file("a.html"), study = scratch.file("a.toml");
  EXPECT_FALSE(error_of([&] { refuse_to_replace(study, "--json"); }));
  EXPECT_FALSE(error_of([&] { refuse_to_replace_other(study, "-o", ".html"); }));
  write_file(page, "x");
  write_file(study, "x");
  const auto error = error_of([&] { refuse_to_replace(study, "--json"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::usage);
  EXPECT_THAT(error->what(), AllOf(HasSubstr(study), HasSubstr("--json"), HasSubstr("--force")));
  EXPECT_FALSE(error_of([&] { refuse_to_replace_other(page, "-o", ".html"); }));
  const auto other = error_of([&] { refuse_to_replace_other(study, "-o", ".html"); });
  ASSERT_TRUE(other);
  EXPECT_EQ(other->kind(), ErrorKind::usage);
  EXPECT_THAT(other->what(), AllOf(HasSubstr(study), HasSubstr(".html"), HasSubstr("-o")));
}

TEST(AtomicFile, KnowsItsTemporaryNames) {
  const ScratchDirectory scratch;
  const AtomicFile file(scratch.file("results.nc"));
  const std::string name = std::filesystem::path(file.temporary_path()).filename();
  EXPECT_TRUE(is_temporary_of("results.nc", name));
  EXPECT_FALSE(is_temporary_of("study.toml", name));
  EXPECT_FALSE(is_temporary_of("results.nc", "results.nc"));
  EXPECT_FALSE(is_temporary_of("results.nc", ".results.nc.bak"));
}

}  // namespace
}  // namespace eustress::io
