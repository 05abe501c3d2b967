// Damaged and hostile checkpoints: each is refused with its reason, and the previous one is taken.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "io/checkpoint/checkpoint.hpp"
#include "io/files/xxh3.hpp"
#include "tests/io/checkpoint/samples.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using namespace eustress::testing;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Checkpoints of days 10 and 20, of which the newer one gets damaged.
class Damage : public ::testing::Test {
 protected:
  Damage() {
    CheckpointHeader header = sample_header();
    header.individuals = kBlockSize + 3;
    header.blocks = 2;
    for (const int day : {10, 20}) {
      header.days_done = day;
      data_ = write_sample(*comm_, directory_.path(), header).path;
    }
    manifest_ = data_.substr(0, data_.size() - 3) + ".json";
    data_bytes_ = content_of(data_);
    manifest_bytes_ = content_of(manifest_);
    content_ = parse_manifest(manifest_, manifest_bytes_);
  }

  static void put(const std::string& path, const std::string& bytes) {
    std::filesystem::remove_all(path);  // file systems wait for the disk when a file is truncated
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void flip(const std::string& path, std::uint64_t byte, int bit) const {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(byte));
    const int old = file.get();
    file.seekp(static_cast<std::streamoff>(byte));
    file.put(static_cast<char>(old ^ (1 << bit)));
  }

  /// Why day 20 is refused; empty if it is not. Day 10 must be taken then.
  std::string reason() const {
    const FoundCheckpoint found =
        find_checkpoint(*comm_, directory_.path(), [](const Checkpoint& checkpoint) {
          checkpoint.verify(1);
          (void)checkpoint.read_sums();
        });
    if (!found.checkpoint) return "nothing found";
    if (found.refused.empty()) return "";
    EXPECT_EQ(found.checkpoint->header().days_done, 10);
    EXPECT_EQ(found.refused.size(), 1u);
    EXPECT_EQ(found.refused[0].path, data_);
    EXPECT_THAT(found.refused[0].reason, HasSubstr(directory_.file("day-000020.")));
    return found.refused[0].reason;
  }

  /// The manifest with changes that its own checksum confirms.
  std::string forged(const std::function<void(Json&)>& change) const {
    Json json = Json::parse(manifest_bytes_);
    json.erase("checksum");
    change(json);
    Xxh3 hash;
    hash.add(bytes_of(json.dump(2)));
    json["checksum"] = hash_text(hash.value());
    return json.dump(2) + "\n";
  }

  std::unique_ptr<parallel::Communicator> comm_ = parallel::make_local_communicator();
  ScratchDirectory directory_;
  std::string data_, manifest_, data_bytes_, manifest_bytes_;
  Manifest content_;
};

TEST_F(Damage, NoneIsAccepted) {
  EXPECT_EQ(reason(), "");
}

TEST_F(Damage, FlippedBitsInEveryArray) {
  std::mt19937_64 random(1);
  for (const StoredArray& array : content_.arrays) {
    for (int i = 0; i < 4; ++i) {
      const std::uint64_t byte = array.offset + random() % array.bytes();
      const int bit = static_cast<int>(random() % 8);
      flip(data_, byte, bit);
      const std::string why = reason();
      EXPECT_THAT(why, HasSubstr("damaged")) << array.name << " byte " << byte;
      if (array.name == "sums" || array.name == "block_hash") {
        EXPECT_THAT(why, HasSubstr(array.name));
      }
      flip(data_, byte, bit);
    }
  }
  EXPECT_EQ(reason(), "");
}

TEST_F(Damage, FlippedBitsAnywhereInTheFrame) {
  std::mt19937_64 random(2);
  std::size_t tried = 0;
  for (const Extent& extent : content_.frame()) {
    const std::uint64_t step = extent.bytes < 200 ? 1 : extent.bytes / 200;
    for (std::uint64_t byte = 0; byte < extent.bytes; byte += step) {
      const int bit = static_cast<int>(random() % 8);
      flip(data_, extent.offset + byte, bit);
      EXPECT_THAT(reason(), HasSubstr("description"));
      flip(data_, extent.offset + byte, bit);
      ++tried;
    }
  }
  EXPECT_GT(tried, 200u);
}

TEST_F(Damage, FlippedBitsAnywhereInTheManifest) {
  std::mt19937_64 random(3);
  for (std::size_t byte = 0; byte < manifest_bytes_.size(); ++byte) {
    std::string damaged = manifest_bytes_;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << random() % 8));
    const auto error = error_of([&] { (void)parse_manifest(manifest_, damaged); });
    ASSERT_TRUE(error) << "byte " << byte;
    EXPECT_EQ(error->kind(), ErrorKind::input) << error->what();
    if (byte % 1000 == 0) {
      put(manifest_, damaged);
      EXPECT_NE(reason(), "") << "byte " << byte;
    }
  }
}

TEST_F(Damage, TruncatedFiles) {
  for (std::size_t size = 0; size < data_bytes_.size(); size += 4096) {
    put(data_, data_bytes_.substr(0, size));
    EXPECT_THAT(reason(), HasSubstr(size == 0 ? "is empty" : "truncated"));
  }
  put(data_, data_bytes_.substr(0, data_bytes_.size() - 1));
  EXPECT_THAT(reason(), HasSubstr("truncated"));
  put(data_, data_bytes_ + "x");
  EXPECT_THAT(reason(), HasSubstr("bytes"));
  put(data_, data_bytes_);
  for (std::size_t size = 0; size < manifest_bytes_.size(); size += 997) {
    put(manifest_, manifest_bytes_.substr(0, size));
    EXPECT_THAT(reason(), HasSubstr(size == 0 ? "is empty" : "truncated"));
  }
  put(manifest_, manifest_bytes_);
  EXPECT_EQ(reason(), "");
}

TEST_F(Damage, MissingFilesAndOthersInTheirPlace) {
  std::filesystem::remove(data_);
  EXPECT_THAT(reason(), HasSubstr("No such file"));
  std::filesystem::create_directory(data_);
  EXPECT_THAT(reason(), HasSubstr("no file"));
  std::filesystem::remove(data_);
  ASSERT_EQ(::mkfifo(data_.c_str(), 0600), 0);
  EXPECT_THAT(reason(), HasSubstr("no file"));
  put(data_, content_of(directory_.file("day-000010.h5")));
  EXPECT_THAT(reason(), HasSubstr("description"));
  put(data_, data_bytes_);
  std::filesystem::remove(manifest_);
  EXPECT_THAT(reason(), HasSubstr("No such file"));
  put(manifest_, content_of(directory_.file("day-000010.json")));
  EXPECT_THAT(reason(), HasSubstr("another checkpoint, 'day-000010.h5'"));
  put(manifest_, "{}\n");
  EXPECT_THAT(reason(), HasSubstr("'eustress_content' is missing"));
  put(manifest_, std::string(1000, '\xff'));
  EXPECT_THAT(reason(), HasSubstr("not JSON"));
}

TEST_F(Damage, WithoutAnyUsableOneNothingIsFound) {
  std::filesystem::remove(directory_.file("day-000010.json"));
  std::filesystem::remove(manifest_);
  const FoundCheckpoint found = find_checkpoint(*comm_, directory_.path());
  EXPECT_FALSE(found.checkpoint);
  ASSERT_EQ(found.refused.size(), 2u);
  EXPECT_FALSE(found.refused[0].is_unfinished);
  EXPECT_FALSE(found.refused[1].is_unfinished);
}

TEST_F(Damage, ManifestsWithoutDataAreUnfinished) {
  std::filesystem::remove(data_);
  const FoundCheckpoint found = find_checkpoint(*comm_, directory_.path());
  ASSERT_TRUE(found.checkpoint);
  ASSERT_EQ(found.refused.size(), 1u);
  EXPECT_TRUE(found.refused[0].is_unfinished);
}

TEST_F(Damage, HostileManifests) {
  struct Case {
    const char* reason;
    std::function<void(Json&)> change;
  };
  const auto all_shapes = [](Json& j, std::uint64_t individuals, std::uint64_t blocks) {
    j["individuals"] = individuals;
    j["blocks"] = blocks;
    for (Json& array : j["arrays"]) {
      const std::string name = array["name"];
      if (name == "record") {
        array["shape"] = {blocks, 7};
      } else if (name == "block" || name == "block_hash") {
        array["shape"] = {blocks};
      } else if (name == "individual") {
        array["shape"] = {individuals};
      } else if (name != "sums") {
        array["shape"] = {2, individuals};
      }
    }
  };
  const std::vector<Case> cases = {
      {"version 3, this program knows versions 1 to 2", [](Json& j) { j["format_version"] = 3; }},
      {"version 18446744073709551615", [](Json& j) { j["format_version"] = ~std::uint64_t{0}; }},
      {"legal are 1", [](Json& j) { j["format_version"] = 0; }},
      {"'format_version' is missing", [](Json& j) { j.erase("format_version"); }},
      {"not the manifest of a checkpoint", [](Json& j) { j["eustress_content"] = "results"; }},
      {"'individuals' is 0", [](Json& j) { j["individuals"] = 0; }},
      {"'individuals' is not", [](Json& j) { j["individuals"] = -1; }},
      {"'individuals' is not", [](Json& j) { j["individuals"] = 67.0; }},
      {"'individuals' is not", [](Json& j) { j["individuals"] = "67"; }},
      {"'individuals' is 18446744073709551615",
       [](Json& j) { j["individuals"] = ~std::uint64_t{0}; }},
      {"not the shape", [](Json& j) { j["individuals"] = 68; }},
      {"not the shape", [](Json& j) { j["arrays"][5]["shape"] = {2}; }},
      {"not the shape", [](Json& j) { j["arrays"][5]["shape"] = "x"; }},
      {"outside of",
       [&](Json& j) { all_shapes(j, std::uint64_t{1} << 40, std::uint64_t{1} << 34); }},
      {"outside of", [&](Json& j) { all_shapes(j, 64 * 1000, 1000); }},
      {"'blocks' is 0", [](Json& j) { j["blocks"] = 0; }},
      {"'blocks' is 3", [](Json& j) { j["blocks"] = 3; }},
      {"'first_block' is 2", [](Json& j) { j["first_block"] = 2; }},
      {"'blocks' is 2", [](Json& j) { j["first_block"] = 1; }},
      {"'slice' is 3", [](Json& j) { j["slice"] = 3; }},
      {"'days_done' is", [](Json& j) { j["days_done"] = std::uint64_t{1} << 40; }},
      {"'record_numbers' is", [](Json& j) { j["record_numbers"] = std::uint64_t{1} << 60; }},
      {"'cells' is", [](Json& j) { j["cells"] = std::uint64_t{1} << 60; }},
      {"not the shape", [](Json& j) { j["cells"] = 1 << 27; }},
      {"it does not list", [](Json& j) { j["cells"] = 0; }},
      {"it has 0 arms", [](Json& j) { j["arms"] = Json::array(); }},
      {"it has 70000 arms", [](Json& j) { j["arms"] = std::vector<std::string>(70000, "a"); }},
      {"not a list of texts",
       [](Json& j) {
         j["arms"] = {1, 2};
       }},
      {"not the shape",
       [](Json& j) {
         j["arms"] = {"a", "b", "c"};
       }},
      {"outside of", [](Json& j) { j["arrays"][3]["offset"] = ~std::uint64_t{0}; }},
      {"outside of", [](Json& j) { j["arrays"][3]["offset"] = j["bytes"]; }},
      {"overlaps", [](Json& j) { j["arrays"][3]["offset"] = j["arrays"][4]["offset"]; }},
      {"'offset' is not", [](Json& j) { j["arrays"][3]["offset"] = -8; }},
      {"is not 'traits_", [](Json& j) { j["arrays"][2]["name"] = "x"; }},
      {"of float64", [](Json& j) { j["arrays"][3]["type"] = "int16"; }},
      {"it does not list", [](Json& j) { j["arrays"].erase(3); }},
      {"it does not list", [](Json& j) { j["arrays"] = 1; }},
      {"not a manifest", [](Json& j) { j["arrays"][3] = 1; }},
      {"bytes, and", [](Json& j) { j["bytes"] = std::uint64_t{1} << 50; }},
      {"outside of", [](Json& j) { j["bytes"] = 1000; }},
      {"another checkpoint", [](Json& j) { j["file"] = "../../day-000020.h5"; }},
      {"SHA-256", [](Json& j) { j["study"] = "another"; }},
      {"not a checksum", [](Json& j) { j["sums_xxh3"] = "12"; }},
      {"not a checksum", [](Json& j) { j["sums_xxh3"] = "0123456789abcdeg"; }},
      {"'sums' is damaged", [](Json& j) { j["sums_xxh3"] = "0123456789abcdef"; }},
      {"'block_hash' is damaged", [](Json& j) { j["block_hash_xxh3"] = "0123456789abcdef"; }},
      {"this program does not know old.level; hpa.x1 is missing",
       [](Json& j) {
         for (Json& name : j["columns"]) {
           if (name == "hpa.x1") name = "old.level";
         }
       }},
      {"another order", [](Json& j) { std::swap(j["columns"][0], j["columns"][1]); }},
      {"is missing", [](Json& j) { j["columns"].erase(j["columns"].begin()); }},
  };
  const std::string first_column = Json::parse(manifest_bytes_)["columns"][0];
  for (const Case& hostile : cases) {
    std::string expected = hostile.reason;
    Json json = Json::parse(manifest_bytes_);
    std::string some_hpa;
    for (const auto& name : json["columns"]) {
      if (name.get<std::string>().starts_with("hpa.")) some_hpa = name;
    }
    auto change = hostile.change;
    if (const auto at = expected.find("hpa.x1"); at != std::string::npos) {
      expected.replace(at, 6, some_hpa);
      change = [&](Json& j) {
        for (Json& name : j["columns"]) {
          if (name == some_hpa) name = "old.level";
        }
      };
    }
    put(manifest_, forged(change));
    EXPECT_THAT(reason(), HasSubstr(expected));
  }
  put(manifest_, forged([](Json&) {}));
  EXPECT_EQ(reason(), "");
}

TEST_F(Damage, DeepJson) {
  for (const char* bracket : {"[", "{\"a\":"}) {
    std::string text = "{\"eustress_content\": ";
    for (int i = 0; i < 1000000; ++i) text += bracket;
    put(manifest_, text);
    EXPECT_NE(reason(), "");
  }
  std::string closed(200000, '[');
  closed += std::string(200000, ']');
  put(manifest_, closed);
  EXPECT_NE(reason(), "");
}

/// A sparse file whose manifest is right about its enormous size.
TEST_F(Damage, EnormousSparseFile) {
  std::filesystem::resize_file(data_, std::uintmax_t{1} << 40);
  EXPECT_THAT(reason(), HasSubstr("bytes"));
}

}  // namespace
}  // namespace eustress::io
