// Checkpoints from one and several ranks, some of which may have no block.

#include "io/checkpoint/checkpoint.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/checkpoint/rows.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/xxh3.hpp"
#include "parallel/agree.hpp"
#include "tests/io/checkpoint/samples.hpp"
#include "tests/support/file_size_limit.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/world.hpp"

namespace eustress::io {
namespace {

using namespace eustress::testing;
using eustress::test::world;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// One directory for all ranks.
class SharedDirectory {
 public:
  SharedDirectory() {
    if (world().is_root()) own_ = std::make_unique<ScratchDirectory>();
    if (own_) path_ = own_->path();
    world().broadcast(path_);
  }
  ~SharedDirectory() { world().barrier(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::unique_ptr<ScratchDirectory> own_;
  std::string path_;
};

/// Of a directory, hidden ones included, sorted; seen by all ranks before anyone goes on.
std::vector<std::string> entries(const std::string& directory) {
  world().barrier();
  std::vector<std::string> names;
  if (std::filesystem::exists(directory)) {
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  world().barrier();
  return names;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_sample(const Checkpoint& checkpoint, const CheckpointHeader& header) {
  EXPECT_EQ(checkpoint.header(), header);
  const auto mine = range_of(header, world());
  const auto first = static_cast<std::uint64_t>(mine.begin);
  const auto blocks = static_cast<std::uint64_t>(mine.size());
  SamplePart part = empty_part(header, first, blocks);
  checkpoint.read_part(first, part.room(), part.records, 2);
  EXPECT_TRUE(same_bits(part, sample_part(header, first, blocks)));
  const std::vector<std::int64_t> sums = checkpoint.read_sums();
  if (!world().is_root()) {
    EXPECT_THAT(sums, IsEmpty());
    return;
  }
  std::vector<std::int64_t> expected;
  for (const auto& of_arm : sample_sums(header)) {
    expected.insert(expected.end(), of_arm.begin(), of_arm.end());
  }
  EXPECT_EQ(sums, expected);
}

template <class Work>
void expect_agreed(ErrorKind kind, const Work& work, const char* reason) {
  try {
    work();
    ADD_FAILURE() << "no error: " << reason;
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

std::vector<CheckpointWriter> writers() {
  if (world().native() == nullptr) return {CheckpointWriter::pwrite};
  return {CheckpointWriter::pwrite, CheckpointWriter::collective};
}

TEST(Checkpoint, ComesBackAsWritten) {
  const SharedDirectory directory;
  const std::string place = directory.file("checkpoints");
  for (const CheckpointWriter writer : writers()) {
    CheckpointHeader header = sample_header();
    header.lineage = "/runs/a/checkpoints/day-000003.h5 0123456789abcdef";
    header.days_done += static_cast<int>(writer);
    const WrittenCheckpoint written = write_sample(world(), place, header, {writer, 3, 2});
    EXPECT_EQ(written.path, place + "/day-00001" + (header.days_done == 12 ? "2" : "3") + ".h5");
    EXPECT_EQ(written.bytes, std::filesystem::file_size(written.path));
    EXPECT_GE(written.bytes, checkpoint_size(header));
    EXPECT_GT(written.seconds, 0.0);
    EXPECT_EQ(written.warning, "");
    const FoundCheckpoint found = find_checkpoint(world(), place);
    ASSERT_TRUE(found.checkpoint);
    EXPECT_THAT(found.refused, IsEmpty());
    EXPECT_EQ(found.checkpoint->path(), written.path);
    EXPECT_NE(found.checkpoint->program().version, "");
    expect_sample(*found.checkpoint, header);
    found.checkpoint->verify(2);
    world().barrier();
  }
}

TEST(Checkpoint, SameBytesForAnyRanksThreadsAndWriters) {
  const SharedDirectory directory;
  for (const bool many : {false, true}) {
    CheckpointHeader header = sample_header();
    if (many) {  // more than one round of transposing on each rank
      header.individuals = 100 * kBlockSize - 60;
      header.blocks = 100;
      header.arms.emplace_back("third");
    }
    const std::string name = "/day-000012";
    const std::string alone = directory.file(many ? "alone-many" : "alone");
    if (world().is_root()) write_sample(*parallel::make_local_communicator(), alone, header);
    world().barrier();
    for (const CheckpointWriter writer : writers()) {
      for (const int threads : {1, 3}) {
        const std::string place =
            directory.file(fmt::format("{}-{}-{}", many, static_cast<int>(writer), threads));
        write_sample(world(), place, header, {writer, 1, threads});
        EXPECT_THAT(entries(place), ElementsAre("day-000012.h5", "day-000012.json"));
        EXPECT_GT(std::filesystem::file_size(place + name + ".h5"), 500000u);
        EXPECT_TRUE(content_of(place + name + ".h5") == content_of(alone + name + ".h5"));
        EXPECT_EQ(content_of(place + name + ".json"), content_of(alone + name + ".json"));
      }
    }
    const Checkpoint read(world(), alone + name + ".json");
    expect_sample(read, header);
  }
}

TEST(Checkpoint, MoreRanksThanBlocks) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  header.individuals = 17;
  header.blocks = 1;
  for (const CheckpointWriter writer : writers()) {
    ++header.days_done;
    write_sample(world(), directory.path(), header, {writer, 3, 1});
    const FoundCheckpoint found = find_checkpoint(world(), directory.path());
    ASSERT_TRUE(found.checkpoint);
    expect_sample(*found.checkpoint, header);
  }
}

TEST(Checkpoint, WithoutRecordsSumsAndStudy) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  header.record_numbers = 0;
  header.cells = 0;
  header.study = "";
  header.arms.resize(1);
  for (const CheckpointWriter writer : writers()) {
    ++header.days_done;
    write_sample(world(), directory.path(), header, {writer, 3, 1});
    const FoundCheckpoint found = find_checkpoint(world(), directory.path());
    ASSERT_TRUE(found.checkpoint);
    expect_sample(*found.checkpoint, header);
  }
}

TEST(Checkpoint, LongStudyAndStrangeText) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  for (int i = 0; i < 20000; ++i) header.study += "# a long study\n";
  header.lineage = "/runs/\xff\"\\\n";
  write_sample(world(), directory.path(), header);
  const FoundCheckpoint found = find_checkpoint(world(), directory.path());
  ASSERT_TRUE(found.checkpoint);
  EXPECT_EQ(found.checkpoint->header().study, header.study);
  EXPECT_EQ(found.checkpoint->header().lineage, "/runs/\xef\xbf\xbd\"\\\n");
}

TEST(Checkpoint, SlicesInTheirOrder) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  header.days_done = 30;
  header.blocks = 2;
  write_sample(world(), directory.path(), header);
  header.slice = 1;
  header.first_block = 2;
  header.blocks = 3;
  header.days_done = 4;
  const WrittenCheckpoint second = write_sample(world(), directory.path(), header);
  EXPECT_THAT(second.path, HasSubstr("/slice-0001-day-000004.h5"));
  const FoundCheckpoint found = find_checkpoint(world(), directory.path());
  ASSERT_TRUE(found.checkpoint);
  expect_sample(*found.checkpoint, header);
}

TEST(Checkpoint, AnyPartCanBeRead) {
  const SharedDirectory directory;
  const CheckpointHeader header = sample_header();
  write_sample(world(), directory.path(), header);
  const FoundCheckpoint found = find_checkpoint(world(), directory.path());
  ASSERT_TRUE(found.checkpoint);
  for (const auto& [first, blocks] : {std::pair<std::uint64_t, std::uint64_t>{1, 2}, {4, 1}}) {
    SamplePart part = empty_part(header, first, blocks);
    found.checkpoint->read_part(first, part.room(), part.records, 1);
    EXPECT_TRUE(same_bits(part, sample_part(header, first, blocks)));
  }
  SamplePart beyond = empty_part(header, 3, 3);
  expect_agreed(
      ErrorKind::internal,
      [&] { found.checkpoint->read_part(3, beyond.room(), beyond.records, 1); }, "no part of");
}

TEST(Checkpoint, KeepsTheNewest) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  for (const int day : {1, 2, 3, 4, 5}) {
    header.days_done = day;
    write_sample(world(), directory.path(), header, {CheckpointWriter::pwrite, 2, 1});
  }
  EXPECT_THAT(entries(directory.path()),
              ElementsAre("day-000004.h5", "day-000004.json", "day-000005.h5", "day-000005.json"));
  // One that cannot be used does not count, and later ones are not touched.
  if (world().is_root()) std::filesystem::resize_file(directory.file("day-000004.h5"), 5000);
  world().barrier();
  header.days_done = 3;
  write_sample(world(), directory.path(), header, {CheckpointWriter::pwrite, 2, 1});
  EXPECT_THAT(entries(directory.path()), SizeIs(6));
  header.days_done = 6;
  write_sample(world(), directory.path(), header, {CheckpointWriter::pwrite, 3, 1});
  EXPECT_THAT(entries(directory.path()),
              ElementsAre("day-000003.h5", "day-000003.json", "day-000004.h5", "day-000004.json",
                          "day-000005.h5", "day-000005.json", "day-000006.h5", "day-000006.json"));
}

/// A byte of a column, of the last individual, on the last rank that has any.
void damage_rows(const std::string& directory, const std::string& name) {
  if (world().is_root()) {
    const std::string manifest = directory + "/" + name + ".json";
    const Manifest content = parse_manifest(manifest, content_of(manifest));
    std::fstream file(directory + "/" + name + ".h5",
                      std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(
        static_cast<std::streamoff>(content.column(77).offset + content.column(77).bytes() - 3));
    file.put('!');
  }
  world().barrier();
}

/// What only shows when the rows are read must not push out what is intact, either: with three to
/// be kept and two damaged, the oldest intact ones stay.
TEST(Checkpoint, DamagedRowsDoNotCountAsKept) {
  for (const bool remembers : {false, true}) {
    const SharedDirectory directory;
    ExaminedCheckpoints examined;
    const CheckpointOptions options{CheckpointWriter::pwrite, 3, 1,
                                    remembers ? &examined : nullptr};
    CheckpointHeader header = sample_header();
    const auto write = [&](int day) {
      header.days_done = day;
      EXPECT_EQ(write_sample(world(), directory.path(), header, options).warning, "");
    };
    const auto days = [&] {
      std::string text;
      for (const CheckpointName& name : checkpoint_names(directory.path())) {
        text += fmt::format("{} ", name.day);
      }
      world().barrier();
      return text;
    };
    for (const int day : {1, 2, 3}) write(day);
    // Also what was known as intact.
    damage_rows(directory.path(), "day-000003");
    write(4);
    EXPECT_EQ(days(), "4 3 2 1 ");
    damage_rows(directory.path(), "day-000004");
    write(5);
    EXPECT_EQ(days(), "5 4 3 2 1 ");
    // Damaged ones go with those that are older than all to be kept.
    write(6);
    EXPECT_EQ(days(), "6 5 4 3 2 ");
    write(7);
    EXPECT_EQ(days(), "7 6 5 ");
    const FoundCheckpoint found = find_checkpoint(world(), directory.path());
    ASSERT_TRUE(found.checkpoint);
    EXPECT_EQ(found.checkpoint->header().days_done, 7);
  }
}

TEST(Checkpoint, ExaminedOnesAreReadAgainWhenTheirFilesChange) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  ExaminedCheckpoints examined;
  write_sample(world(), directory.path(), header, {CheckpointWriter::pwrite, 3, 1, &examined});
  const CheckpointName name{header.slice, header.days_done, 1};
  if (world().is_root()) {
    EXPECT_EQ(examined.is_intact(directory.path(), name), true);
    std::filesystem::last_write_time(
        data_path(directory.path(), name),
        std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_EQ(examined.is_intact(directory.path(), name), std::nullopt);
    examined.remember(name, ExaminedCheckpoints::files_of(directory.path(), name), false);
    EXPECT_EQ(examined.is_intact(directory.path(), name), false);
    std::filesystem::remove(manifest_path(directory.path(), name));
    EXPECT_EQ(ExaminedCheckpoints::files_of(directory.path(), name), "");
    EXPECT_EQ(examined.is_intact(directory.path(), name), std::nullopt);
  }
}

TEST(Checkpoint, APublishedFileIsNeverReplaced) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  const std::string first = write_sample(world(), directory.path(), header).path;
  const std::string before = content_of(first);
  header.lineage = "another";
  const std::string second = write_sample(world(), directory.path(), header).path;
  EXPECT_THAT(second, HasSubstr("/day-000012-2.h5"));
  EXPECT_TRUE(content_of(first) == before);
  EXPECT_EQ(find_checkpoint(world(), directory.path()).checkpoint->path(), second);
  // The newest again, also where the first copy has gone.
  world().barrier();
  if (world().is_root()) {
    std::filesystem::remove(first);
    std::filesystem::remove(directory.file("day-000012.json"));
  }
  world().barrier();
  const std::string third = write_sample(world(), directory.path(), header).path;
  EXPECT_THAT(third, HasSubstr("/day-000012-3.h5"));
  EXPECT_EQ(find_checkpoint(world(), directory.path()).checkpoint->path(), third);
}

TEST(Checkpoint, LeftoversOfKilledWritersGo) {
  const SharedDirectory directory;
  const std::vector<std::string> leftovers = {
      ".day-000003.h5.123-0.tmp", ".slice-0001-day-000003.json.9-1.tmp", "day-000007.json"};
  const std::vector<std::string> others = {".day-x.h5.1-0.tmp", "day-3.json", "mine.h5"};
  if (world().is_root()) {
    for (const auto& name : leftovers) std::ofstream(directory.file(name)) << "x";
    for (const auto& name : others) std::ofstream(directory.file(name)) << "x";
  }
  world().barrier();
  write_sample(world(), directory.path(), sample_header());
  EXPECT_THAT(entries(directory.path()), ElementsAre(".day-x.h5.1-0.tmp", "day-000012.h5",
                                                     "day-000012.json", "day-3.json", "mine.h5"));
  if (world().is_root()) remove_checkpoints(directory.path());
  EXPECT_THAT(entries(directory.path()), ElementsAre(".day-x.h5.1-0.tmp", "day-3.json", "mine.h5"));
}

/// Damages found only when blocks are read, too, lead to the previous checkpoint, on all ranks.
TEST(Checkpoint, DamagedBlocksFallBack) {
  const SharedDirectory directory;
  CheckpointHeader header = sample_header();
  write_sample(world(), directory.path(), header);
  header.days_done = 13;
  const std::string newest = write_sample(world(), directory.path(), header).path;
  damage_rows(directory.path(), "day-000013");
  const auto mine = range_of(header, world());
  const auto first = static_cast<std::uint64_t>(mine.begin);
  SamplePart part = empty_part(header, first, static_cast<std::uint64_t>(mine.size()));
  const FoundCheckpoint found =
      find_checkpoint(world(), directory.path(), [&](const Checkpoint& checkpoint) {
        checkpoint.read_part(first, part.room(), part.records, 1);
      });
  ASSERT_TRUE(found.checkpoint);
  EXPECT_EQ(found.checkpoint->header().days_done, 12);
  ASSERT_THAT(found.refused, SizeIs(1));
  EXPECT_EQ(found.refused[0].path, newest);
  EXPECT_THAT(found.refused[0].reason, AllOf(HasSubstr(newest), HasSubstr("block 4")));
  // Other errors of the loader are not about the checkpoint.
  expect_agreed(
      ErrorKind::usage,
      [&] {
        (void)find_checkpoint(world(), directory.path(), [](const Checkpoint&) {
          throw parallel::AgreedError(ErrorKind::usage, "another study");
        });
      },
      "another study");
}

TEST(Checkpoint, NothingToFind) {
  const SharedDirectory directory;
  EXPECT_FALSE(find_checkpoint(world(), directory.path()).checkpoint);
  EXPECT_FALSE(find_checkpoint(world(), directory.file("none")).checkpoint);
  if (world().is_root()) std::ofstream(directory.file("file")) << "x";
  world().barrier();
  expect_agreed(
      ErrorKind::input, [&] { (void)find_checkpoint(world(), directory.file("file")); },
      "Not a directory");
  expect_agreed(
      ErrorKind::input, [&] { Checkpoint(world(), directory.file("file")); }, "no checkpoint");
}

/// Writes another checkpoint where that cannot be done: nothing of it stays, the old one does.
template <class Trouble>
void expect_refused_writing(const std::string& directory, ErrorKind kind, const char* reason,
                            Trouble&& trouble) {
  for (const CheckpointWriter writer : writers()) {
    CheckpointHeader header = sample_header();
    const std::vector<std::string> before = entries(directory);
    header.days_done = 99;
    {
      [[maybe_unused]] const auto in_force = trouble();
      expect_agreed(
          kind,
          [&] {
            write_sample(world(), directory, header, {writer, 1, 1});
          },
          reason);
      world().barrier();
    }
    EXPECT_EQ(entries(directory), before);
  }
}

TEST(Checkpoint, LimitOfFileSize) {
  const SharedDirectory directory;
  write_sample(world(), directory.path(), sample_header());
  expect_refused_writing(directory.path(), ErrorKind::io, "File too large",
                         [] { return std::make_unique<FileSizeLimit>(100000); });
  expect_sample(*find_checkpoint(world(), directory.path()).checkpoint, sample_header());
  expect_refused_writing(directory.file("new"), ErrorKind::io, "File too large",
                         [] { return std::make_unique<FileSizeLimit>(100000); });
  EXPECT_FALSE(std::filesystem::exists(directory.file("new")));
}

TEST(Checkpoint, FullDisk) {
  const SharedDirectory directory;
  // Room for one checkpoint of .7 MB.
  const int mounted =
      world().is_root() ? ::mount("eustress-test", directory.path().c_str(), "tmpfs", 0, "size=1m")
                        : 0;
  if (world().min(std::int64_t{mounted}) != 0) GTEST_SKIP() << "mounting is not permitted";
  write_sample(world(), directory.path(), sample_header());
  expect_refused_writing(directory.path(), ErrorKind::io, "No space left", [] { return 0; });
  expect_sample(*find_checkpoint(world(), directory.path()).checkpoint, sample_header());
  world().barrier();
  if (world().is_root()) {
    EXPECT_EQ(::umount(directory.path().c_str()), 0);
  }
}

TEST(Checkpoint, ReadOnlyDirectory) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const SharedDirectory directory;
  write_sample(world(), directory.path(), sample_header());
  std::filesystem::permissions(
      directory.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  expect_refused_writing(directory.path(), ErrorKind::io, "Permission denied", [] { return 0; });
  std::filesystem::permissions(directory.path(), std::filesystem::perms::owner_all);
}

TEST(Checkpoint, ReadOnlyFileSystem) {
  const SharedDirectory directory;
  const std::string place = directory.path();
  write_sample(world(), place, sample_header());
  int mounted = 0;
  if (world().is_root()) {
    mounted = ::mount(place.c_str(), place.c_str(), "", MS_BIND, nullptr);
    if (mounted == 0) {
      mounted = ::mount("", place.c_str(), "", MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr);
      if (mounted != 0) ::umount(place.c_str());
    }
  }
  if (world().min(std::int64_t{mounted}) != 0) GTEST_SKIP() << "mounting is not permitted";
  expect_refused_writing(place, ErrorKind::io, "Read-only file system", [] { return 0; });
  expect_sample(*find_checkpoint(world(), place).checkpoint, sample_header());
  world().barrier();
  if (world().is_root()) {
    EXPECT_EQ(::umount(place.c_str()), 0);
  }
}

TEST(Checkpoint, MissingDirectory) {
  const SharedDirectory directory;
  expect_agreed(
      ErrorKind::io, [&] { write_sample(world(), directory.file("a/b"), sample_header()); },
      "No such file or directory");
}

TEST(Checkpoint, WhatDoesNotFitIsRefused) {
  const SharedDirectory directory;
  const CheckpointHeader header = sample_header();
  const auto mine = range_of(header, world());
  const SamplePart whole = sample_part(header, static_cast<std::uint64_t>(mine.begin),
                                       static_cast<std::uint64_t>(mine.size()));
  const auto sums = sample_sums(header);
  using Views = std::vector<std::span<const std::int64_t>>;
  const auto refuse = [&](const char* reason, auto&& spoil, ErrorKind kind = ErrorKind::internal) {
    CheckpointHeader h = header;
    CheckpointPart part = whole.view();
    Views views(sums.begin(), sums.end());
    CheckpointOptions options;
    spoil(h, part, views, options);
    expect_agreed(
        kind, [&] { write_checkpoint(world(), directory.path(), h, part, views, options); },
        reason);
  };
  using H = CheckpointHeader;
  using P = CheckpointPart;
  using O = CheckpointOptions;
  refuse("no slice of", [](H& h, P&, Views&, O&) { h.blocks = 6; });
  refuse("days are done", [](H& h, P&, Views&, O&) { h.days_done = -1; });
  refuse("states of 2 arms for 1", [](H& h, P&, Views&, O&) { h.arms.pop_back(); });
  refuse("are recorded of", [](H& h, P&, Views&, O&) { h.record_numbers = 8; });
  refuse("in place of", [](H&, P& p, Views&, O&) { p.first_block += 1; });
  refuse("the slice ends at 4", [](H& h, P&, Views&, O&) { h.blocks = 4; });
  refuse("sums of 1 arms", [](H&, P&, Views& v, O&) { v.pop_back(); });
  refuse("11 sums for 12 cells", [](H& h, P&, Views&, O&) { h.cells = 12; });
  refuse(
      "at least 1", [](H&, P&, Views&, O& o) { o.keep = 0; }, ErrorKind::usage);
  EXPECT_THAT(entries(directory.path()), IsEmpty());
}

TEST(Checkpoint, CollectiveWriterNeedsMpi) {
  if (world().native() != nullptr) GTEST_SKIP() << "there is MPI";
  const SharedDirectory directory;
  expect_agreed(
      ErrorKind::usage,
      [&] {
        write_sample(world(), directory.path(), sample_header(),
                     {CheckpointWriter::collective, 3, 1});
      },
      "mpirun");
  EXPECT_THAT(entries(directory.path()), IsEmpty());
}

TEST(CheckpointNames, OneSpellingInOrder) {
  EXPECT_EQ((CheckpointName{0, 123, 1}.text()), "day-000123");
  EXPECT_EQ((CheckpointName{2, 1234567, 3}.text()), "slice-0002-day-1234567-3");
  for (const char* text :
       {"day-000000", "day-000123-2", "slice-0010-day-000001", "slice-12345-day-000001-10"}) {
    const auto name = CheckpointName::parse(text);
    ASSERT_TRUE(name) << text;
    EXPECT_EQ(name->text(), text);
  }
  for (const char* text :
       {"", "day-", "day-1", "day--00001", "day-000001-", "day-000001-1", "day-000001-02",
        "slice-0000-day-000001", "slice-0001", "slice-0001-", "slice-0001_day-000001",
        "day-000001x", "day-99999999999999999999", "slice-day-000001", "day-+00001"}) {
    EXPECT_FALSE(CheckpointName::parse(text)) << text;
  }
  EXPECT_LT((CheckpointName{0, 300, 1}), (CheckpointName{1, 2, 1}));
  EXPECT_LT((CheckpointName{0, 300, 1}), (CheckpointName{0, 300, 2}));
}

TEST(CheckpointRows, BufferIsSmall) {
  for (const std::uint64_t blocks : {1u, 15u, 700u, 3125u, 15625u, 1000000u}) {
    for (const std::size_t arms : {1u, 4u}) {
      for (const int threads : {1, 3}) {
        const std::uint64_t n = blocks_at_once(blocks, arms, threads);
        EXPECT_GE(n, 1u);
        EXPECT_LE(n, blocks);
        const auto all = n * static_cast<std::uint64_t>(threads);
        if (n > 16) {
          EXPECT_LE(all * 20, blocks * arms) << "5 % of the state";
        }
        EXPECT_LE(n * sizeof(Block), 9u << 20);
        EXPECT_EQ(rounds_of(blocks, arms, threads), (blocks + n - 1) / n);
      }
    }
  }
  EXPECT_EQ(rounds_of(0, 1, 1), 0u);
}

TEST(Xxh3, KnownValues) {
  Xxh3 hash;
  EXPECT_EQ(hash.value(), 0x2d06800538d394c2u);  // of nothing
  hash.add(bytes_of("a"));
  const std::uint64_t a = hash.value();
  hash.add(bytes_of("bc"));
  EXPECT_EQ(hash.value(), 0x78af5f94892f3950u);  // "abc"
  hash.restart();
  hash.add(bytes_of("a"));
  EXPECT_EQ(hash.value(), a);
}

}  // namespace
}  // namespace eustress::io
