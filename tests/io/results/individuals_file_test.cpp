// individuals.h5 from one and several ranks, some of which may have no block.

#include "io/results/individuals_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "io/files/atomic_file.hpp"
#include "io/results/checksum.hpp"
#include "io/results/results_file.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/thread_team.hpp"
#include "tests/io/results/samples.hpp"
#include "tests/support/error_of.hpp"
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

/// One directory for all ranks.
class SharedDirectory {
 public:
  SharedDirectory() {
    if (world().is_root()) own_ = std::make_unique<ScratchDirectory>();
    if (own_) path_ = own_->path();
    world().broadcast(path_);
  }
  ~SharedDirectory() { world().barrier(); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] std::size_t entries() const {
    world().barrier();
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(path_)) ++n;
    world().barrier();
    return n;
  }

 private:
  std::unique_ptr<ScratchDirectory> own_;
  std::string path_;
};

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr auto kBlocks = static_cast<std::int64_t>(block_count(kPeople));

/// Writes this rank's blocks with several threads.
void write_blocks(IndividualsFile& file, const parallel::Communicator& comm,
                  const ObservationLayout& layout, int threads) {
  const auto mine = parallel::blocks_of_rank(kBlocks, comm.rank(), comm.size());
  parallel::ThreadTeam(threads).for_each(mine.begin, mine.end, [&](std::int64_t block, int) {
    file.write(sample_record(layout, static_cast<std::uint64_t>(block)));
  });
}

void write_file_of(const std::string& path, const parallel::Communicator& comm, int threads) {
  const ObservationLayout layout = sample_layout();
  IndividualsFile file(comm, path, sample_run(), layout);
  write_blocks(file, comm, layout, threads);
  file.publish();
}

TEST(Individuals, SameBytesForAnyRanksAndThreads) {
  const SharedDirectory directory;
  for (const int threads : {1, 3}) {
    write_file_of(directory.file("many.h5"), world(), threads);
    EXPECT_EQ(directory.entries(), threads == 1 ? 1u : 2u);
    if (world().is_root()) {
      write_file_of(directory.file("one.h5"), *parallel::make_local_communicator(), 1);
      const std::string many = content_of(directory.file("many.h5"));
      EXPECT_GT(many.size(), 50000u);
      EXPECT_TRUE(many == content_of(directory.file("one.h5")));
    }
  }
}

TEST(Individuals, ComeBackAsWritten) {
  const SharedDirectory directory;
  write_file_of(directory.file("individuals.h5"), world(), 2);
  const ResultsFile file(directory.file("individuals.h5"));
  EXPECT_EQ(file.content(), ResultsFile::Content::individuals);
  EXPECT_EQ(file.individuals(), kPeople);
  const NumberArray ids = file.read("individual");
  const NumberArray group = file.read("group");
  const NumberArray reported = file.read("reported");
  for (std::size_t i = 0; i < kPeople; ++i) {
    EXPECT_EQ(ids.values[i], static_cast<double>(i));
    EXPECT_EQ(group.values[i] == -1.0, i % 7 == 0);
    EXPECT_EQ(std::isnan(reported.values[i]), i % 5 == 0);
  }
  const NumberArray ghq = file.read("ghq12");
  EXPECT_THAT(ghq.dimensions, ElementsAre("arm", "individual", "assessment"));
  EXPECT_THAT(ghq.shape, ElementsAre(2u, kPeople, 2u));
  constexpr std::size_t kColumn = 20;  // of ghq12
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const NumberArray of_arm = file.read("ghq12", arm);
    for (std::size_t i = 0; i < kPeople; ++i) {
      for (std::size_t a = 0; a < 2; ++a) {
        const auto expected = static_cast<double>((i * 3 + kColumn + a + 50 * arm) % 100);
        EXPECT_EQ(ghq.at({arm, i, a}), expected);
        EXPECT_EQ(of_arm.at({i, a}), expected);
      }
    }
  }
}

void overwrite(const std::string& path, std::uint64_t offset, char byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

// One bit of the first, of a middle and of the last number of every variable.
TEST(Individuals, AFlippedBitOfAnyVariableIsFound) {
  if (world().size() > 1) GTEST_SKIP() << "the file is the same bytes for any ranks";
  const SharedDirectory directory;
  const std::string path = directory.file("individuals.h5");
  write_file_of(path, world(), 2);
  const std::string content = content_of(path);
  const ResultsFile intact(path);
  EXPECT_NO_THROW(intact.verify());
  for (const NetcdfReader::Content& variable : intact.variables()) {
    SCOPED_TRACE(variable.name);
    const std::uint64_t bytes = variable.elements() * size_of(variable.type);
    for (const std::uint64_t at : {std::uint64_t{0}, bytes / 2, bytes - 1}) {
      const std::uint64_t place = variable.offset + at;
      overwrite(path, place, static_cast<char>(content[place] ^ 0x10));
      const ResultsFile damaged(path);
      const auto error = error_of([&] { damaged.verify(); });
      ASSERT_TRUE(error);
      EXPECT_EQ(error->kind(), ErrorKind::input);
      EXPECT_THAT(error->what(), HasSubstr("'" + variable.name + "'"));
      overwrite(path, place, content[place]);
    }
  }
  EXPECT_NO_THROW(intact.verify());
}

// Whatever bit changes anywhere: it is found, or no number and no attribute is another.
TEST(Individuals, AFlippedBitIsFoundOrMeansNothing) {
  if (world().size() > 1) GTEST_SKIP() << "the file is the same bytes for any ranks";
  const SharedDirectory directory;
  const std::string path = directory.file("individuals.h5");
  write_file_of(path, world(), 1);
  const std::string content = content_of(path);
  const auto everything = [](const ResultsFile& file) {
    std::string text;
    const auto add = [&](const std::vector<double>& values) {
      const auto bytes = std::as_bytes(std::span(values));
      text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    for (const Attribute& a : file.attributes()) text += a.name;
    for (const NetcdfReader::Content& v : file.variables()) {
      text += v.name;
      add(file.read(v.name).values);
    }
    return text;
  };
  const std::string all = everything(ResultsFile(path));
  int found = 0, tried = 0;
  for (std::size_t place = 0; place < content.size(); place += 211) {
    overwrite(path, place, static_cast<char>(content[place] ^ (1 << (place % 8))));
    ++tried;
    try {
      const ResultsFile file(path);
      file.verify();
      EXPECT_TRUE(everything(file) == all) << "byte " << place;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      ++found;
    }
    overwrite(path, place, content[place]);
  }
  EXPECT_GT(found, tried * 8 / 10);
}

TEST(Individuals, RowsInAnyOrderAndInAnyPartsHaveTheSameChecksum) {
  std::vector<std::byte> rows;
  for (int i = 0; i < 60; ++i) rows.push_back(static_cast<std::byte>(i * 37));
  const std::span<const std::byte> all(rows);
  const std::uint64_t sum = row_checksum(5, 6, all);
  EXPECT_EQ(row_checksum(9, 6, all.subspan(24)) + row_checksum(5, 6, all.first(24)), sum);
  EXPECT_NE(row_checksum(6, 6, all), sum);
  std::vector<std::byte> exchanged(rows.begin() + 6, rows.begin() + 12);
  exchanged.insert(exchanged.end(), rows.begin(), rows.begin() + 6);
  exchanged.insert(exchanged.end(), rows.begin() + 12, rows.end());
  EXPECT_NE(row_checksum(5, 6, exchanged), sum);
}

TEST(Individuals, StudyWithoutAssessmentsAndProbes) {
  const SharedDirectory directory;
  ObservationLayout layout = sample_layout();
  layout.assessment_days.clear();
  layout.probes.clear();
  IndividualsFile file(world(), directory.file("i.h5"), sample_run(), layout);
  EXPECT_GE(file.size(), individuals_file_size(layout, kPeople, 2));
  write_blocks(file, world(), layout, 1);
  file.publish();
  const ResultsFile read(directory.file("i.h5"));
  EXPECT_FALSE(read.has("ghq12"));
  EXPECT_TRUE(read.has("final_symptoms"));
}

TEST(Individuals, NothingIsThereUntilPublished) {
  const SharedDirectory directory;
  const ObservationLayout layout = sample_layout();
  {
    IndividualsFile file(world(), directory.file("i.h5"), sample_run(), layout);
    write_blocks(file, world(), layout, 1);
    EXPECT_EQ(directory.entries(), 1u);
    EXPECT_FALSE(std::filesystem::exists(directory.file("i.h5")));
    // A file that was never finished is not even HDF5.
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_of(directory.file("i.h5")))) {
      const auto error = error_of([&] { ResultsFile unfinished(entry.path().string()); });
      EXPECT_TRUE(error && error->kind() == ErrorKind::input);
    }
    world().barrier();
  }
  EXPECT_EQ(directory.entries(), 0u);
}

void expect_agreed(ErrorKind kind, const std::function<void()>& work, const char* reason) {
  try {
    work();
    ADD_FAILURE() << "no error: " << reason;
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.kind(), kind);
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

TEST(Individuals, FullDiskIsKnownBeforeAnythingIsComputed) {
  const SharedDirectory directory;
  if (world().is_root()) write_file(directory.file("i.h5"), "old");
  world().barrier();
  {
    const FileSizeLimit full(5000);
    expect_agreed(
        ErrorKind::io,
        [&] { IndividualsFile(world(), directory.file("i.h5"), sample_run(), sample_layout()); },
        "File too large");
  }
  EXPECT_EQ(directory.entries(), 1u);
  EXPECT_EQ(content_of(directory.file("i.h5")), "old");
}

TEST(Individuals, DirectoryThatIsNotThere) {
  const SharedDirectory directory;
  expect_agreed(
      ErrorKind::io,
      [&] { IndividualsFile(world(), directory.file("no/i.h5"), sample_run(), sample_layout()); },
      "No such file or directory");
}

TEST(Individuals, MissingBlockIsNoticed) {
  const SharedDirectory directory;
  const ObservationLayout layout = sample_layout();
  {
    IndividualsFile file(world(), directory.file("i.h5"), sample_run(), layout);
    if (world().is_root()) file.write(sample_record(layout, 0));
    expect_agreed(
        ErrorKind::internal, [&] { file.publish(); }, "64 rows of 200");
  }
  EXPECT_EQ(directory.entries(), 0u);
}

TEST(Individuals, WhatDoesNotFitIsRefused) {
  const SharedDirectory directory;
  const ObservationLayout layout = sample_layout();
  IndividualsFile file(world(), directory.file("i.h5"), sample_run(), layout);
  const auto refusal = [&](const std::function<void(BlockRecord&)>& spoil) {
    BlockRecord record = sample_record(layout, 3);
    spoil(record);
    const auto error = error_of([&] { file.write(record); });
    return error && error->kind() == ErrorKind::internal ? std::string(error->what()) : "";
  };
  EXPECT_EQ(refusal([](BlockRecord&) {}), "");
  EXPECT_THAT(refusal([](BlockRecord& r) { r.first_id = 193; }), HasSubstr("no part of"));
  EXPECT_THAT(refusal([](BlockRecord& r) { r.values.pop_back(); }), HasSubstr("no part of"));
  EXPECT_THAT(refusal([](BlockRecord& r) { r.values[1].pop_back(); }),
              AllOf(HasSubstr("'age'"), HasSubstr("7 values")));
  EXPECT_THAT(refusal([](BlockRecord& r) { r.values[2][0] = 40000; }),
              AllOf(HasSubstr("'sex'"), HasSubstr("40000")));
  EXPECT_THAT(refusal([](BlockRecord& r) { r.values[3][0] = std::nan(""); }), HasSubstr("'group'"));
  EXPECT_THAT(refusal([](BlockRecord& r) { r.values[0][0] = -1; }), HasSubstr("'individual'"));
}

}  // namespace
}  // namespace eustress::io
