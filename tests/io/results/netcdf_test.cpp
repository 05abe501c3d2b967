// The door to HDF5: what is written comes back, and damaged files are refused.

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "io/files/atomic_file.hpp"
#include "io/files/sha256.hpp"
#include "io/hdf5/file_image.hpp"
#include "io/hdf5/hdf5.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using ::eustress::testing::error_of;
using ::eustress::testing::ScratchDirectory;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Bytes = std::vector<std::byte>;

Bytes image_bytes(const FileImage& image) {
  Bytes bytes(image.size());
  image.read(0, bytes);
  return bytes;
}

void write_bytes(const std::string& path, std::span<const std::byte> bytes) {
  std::filesystem::remove(path);  // file systems wait for the disk when a file is truncated
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

Bytes filled(std::size_t n, int value) {
  return Bytes(n, static_cast<std::byte>(value));
}

TEST(FileImage, KeepsWhatWasWrittenLast) {
  FileImage image;
  image.write(10, filled(5, 1));
  image.write(30, filled(5, 2));
  image.write(12, filled(20, 3));  // over the end of the first and the start of the second
  image.write(13, filled(2, 4));   // inside
  image.write(8, filled(2, 5));    // touching, not overlapping
  Bytes expected = filled(35, 0);
  const auto put = [&](std::size_t at, std::size_t n, int value) {
    for (std::size_t i = at; i < at + n; ++i) expected[i] = static_cast<std::byte>(value);
  };
  put(8, 2, 5), put(10, 2, 1), put(12, 20, 3), put(32, 3, 2), put(13, 2, 4);
  EXPECT_EQ(image.size(), 35u);
  EXPECT_EQ(image_bytes(image), expected);
  image.set_size(14);
  expected.resize(14);
  EXPECT_EQ(image_bytes(image), expected);
}

TEST(FileImage, RandomWritesEqualAPlainArray) {
  std::mt19937 random(7);
  FileImage image;
  Bytes expected(1000);
  for (int i = 0; i < 2000; ++i) {
    const std::size_t at = random() % 950;
    const Bytes bytes = filled(1 + random() % 50, i % 251);
    image.write(at, bytes);
    std::copy(bytes.begin(), bytes.end(), expected.begin() + static_cast<std::ptrdiff_t>(at));
  }
  expected.resize(image.size());
  EXPECT_EQ(image_bytes(image), expected);
}

TEST(FileImage, GapsAreLeftToOthers) {
  const ScratchDirectory scratch;
  FileImage image;
  image.write(0, filled(2, 1));
  image.write(6, filled(2, 2));
  image.set_size(9);
  const File file(scratch.file("a"), File::Mode::create_new);
  file.write_at(0, filled(20, 9));
  image.write_to(file);
  Bytes bytes(file.size());
  file.read_at(0, bytes);
  Bytes expected = filled(9, 9);
  expected[0] = expected[1] = std::byte{1};
  expected[6] = expected[7] = std::byte{2};
  EXPECT_EQ(bytes, expected);
}

/// A file with everything that the format has, small enough to damage it byte by byte.
FileImage small_file() {
  NetcdfWriter file("small.nc");
  file.add_attribute({"title", std::string("schön")});
  file.add_attribute({"empty", std::string()});
  file.add_attribute({"seed", std::vector<std::uint64_t>{~std::uint64_t{0}}});
  file.add_attribute({"numbers", std::vector<double>{0.5, -1e300}});
  file.add_dimension({"x", NumberType::int32, {}, {{"units", std::string("1")}}}, 3);
  file.add_dimension({"y", NumberType::uint64, {}, {}}, 2);
  file.add_variable({"wide", NumberType::float64, {"y", "x"}, {{"units", std::string("m")}}});
  file.add_variable({"narrow", NumberType::float32, {"x"}, {}});
  file.add_variable(
      {"count", NumberType::int64, {"x"}, {{"flags", std::vector<std::int32_t>{1, 2}}}});
  file.add_variable({"short", NumberType::int16, {"x", "y", "x"}, {}});
  file.write("x", std::vector<std::int32_t>{-1, 0, 7});
  file.write("y", std::vector<std::int64_t>{5, 6});
  file.write("wide", std::vector<double>{1, 2, 3, 4, 5, std::nan("")});
  file.write("narrow", std::vector<double>{0.5, 1.5, 2.5});
  file.write("count", std::vector<std::int64_t>{std::int64_t{1} << 60, -2, 0});
  file.write("short", std::vector<double>(18, -3));
  return file.finish();
}

template <class Value>
const Value& value_of(const std::vector<Attribute>& attributes, std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return std::get<Value>(attribute.value);
  }
  throw std::runtime_error("no attribute " + std::string(name));
}

TEST(Netcdf, ComesBackAsWritten) {
  const ScratchDirectory scratch;
  write_bytes(scratch.file("a.nc"), image_bytes(small_file()));
  const NetcdfReader file(scratch.file("a.nc"));
  ASSERT_EQ(file.attributes().size(), 3u);
  EXPECT_EQ(value_of<std::string>(file.attributes(), "title"), "schön");
  EXPECT_THAT(value_of<std::vector<std::uint64_t>>(file.attributes(), "seed"),
              ElementsAre(~std::uint64_t{0}));
  EXPECT_THAT(value_of<std::vector<double>>(file.attributes(), "numbers"),
              ElementsAre(0.5, -1e300));
  std::vector<std::string> names;
  for (const auto& variable : file.variables()) names.push_back(variable.name);
  EXPECT_THAT(names, ElementsAre("x", "y", "wide", "narrow", "count", "short"));
  const NetcdfReader::Content* wide = file.find("wide");
  ASSERT_NE(wide, nullptr);
  EXPECT_EQ(wide->type, NumberType::float64);
  EXPECT_THAT(wide->dimensions, ElementsAre("y", "x"));
  EXPECT_THAT(wide->shape, ElementsAre(2u, 3u));
  EXPECT_EQ(value_of<std::string>(wide->attributes, "units"), "m");
  EXPECT_TRUE(std::isnan(value_of<std::vector<double>>(wide->attributes, "_FillValue").front()));
  const std::vector<double> values = file.read("wide");
  ASSERT_EQ(values.size(), 6u);
  EXPECT_EQ(values[4], 5.0);
  EXPECT_TRUE(std::isnan(values[5]));
  EXPECT_THAT(file.read("wide", 1, 1), ElementsAre(4.0, 5.0, ::testing::IsNan()));
  const std::array<std::uint64_t, 2> starts = {0, 1}, counts = {2, 2};
  EXPECT_THAT(file.read("wide", starts, counts),
              ElementsAre(values[1], values[2], values[4], ::testing::IsNan()));
  EXPECT_TRUE(error_of([&] { (void)file.read("wide", counts, counts); }));
  EXPECT_TRUE(error_of([&] { (void)file.read("x", starts, counts); }));
  EXPECT_THAT(file.read("x"), ElementsAre(-1.0, 0.0, 7.0));
  EXPECT_THAT(file.read("y"), ElementsAre(5.0, 6.0));
  EXPECT_THAT(file.read("narrow"), ElementsAre(0.5, 1.5, 2.5));
  EXPECT_THAT(file.read("count"), ElementsAre(0x1p60, -2.0, 0.0));
  EXPECT_THAT(file.find("short")->dimensions, ElementsAre("x", "y", "x"));
  EXPECT_EQ(file.read("short"), std::vector<double>(18, -3.0));
  EXPECT_EQ(file.find("none"), nullptr);
  EXPECT_THAT(file.read("count", 3, 0), ElementsAre());
}

TEST(Netcdf, DigestIsThatOfAllNumbers) {
  const auto written = [](double last) {
    NetcdfWriter writer("a.nc");
    writer.add_dimension({"x", NumberType::int32, {}, {}}, 2);
    writer.add_variable({"v", NumberType::float32, {"x"}, {}});
    writer.write("x", std::vector<std::int32_t>{1, 2});
    writer.write("v", std::vector<double>{0.5, last});
    std::string digest = writer.data_sha256();
    writer.add_attribute({"title", std::string("added later")});
    return std::pair(digest, image_bytes(writer.finish()));
  };
  const auto [digest, bytes] = written(1.0);
  // x: 1, 2 as int32, then v: 0.5, 1 as float32, little-endian.
  const std::string numbers("\1\0\0\0\2\0\0\0\0\0\0\x3f\0\0\x80\x3f", 16);
  EXPECT_EQ(digest, sha256(numbers));
  const ScratchDirectory scratch;
  write_bytes(scratch.file("a.nc"), bytes);
  EXPECT_EQ(NetcdfReader(scratch.file("a.nc")).data_sha256(), digest);
  EXPECT_NE(written(1.5).first, digest);
}

TEST(Netcdf, EqualContentGivesEqualBytes) {
  EXPECT_EQ(image_bytes(small_file()), image_bytes(small_file()));
}

TEST(Netcdf, LongTextsAndManyVariables) {
  // Beyond 64 KiB an attribute no longer fits beside its object, and beyond eight a group changes
  // its form.
  const ScratchDirectory scratch;
  std::string text;
  for (int i = 0; text.size() < 300000; ++i)
    text.append("line ").append(std::to_string(i)).append("\n");
  NetcdfWriter writer("long.nc");
  writer.add_attribute({"study", text});
  writer.add_dimension({"x", NumberType::int32, {}, {}}, 2);
  writer.write("x", std::vector<std::int32_t>{0, 1});
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::string("v").append(std::to_string(i));
    writer.add_variable({name, NumberType::float64, {"x"}, {}});
    writer.write(name, std::vector<double>{0.0 + i, 1.0 + i});
  }
  writer.add_attribute({"complete", std::vector<std::int32_t>{1}});
  write_bytes(scratch.file("a.nc"), image_bytes(writer.finish()));
  const NetcdfReader file(scratch.file("a.nc"));
  EXPECT_EQ(value_of<std::string>(file.attributes(), "study"), text);
  EXPECT_EQ(file.variables().size(), 301u);
  EXPECT_EQ(file.variables()[200].name, "v199");
  EXPECT_THAT(file.read("v299"), ElementsAre(299.0, 300.0));
}

TEST(Netcdf, LargeVariablesTakeNoMemory) {
  constexpr std::uint64_t kMany = std::uint64_t{1} << 40;
  NetcdfWriter writer("huge.nc");
  writer.add_dimension({"individual", NumberType::uint64, {}, {}}, kMany);
  writer.add_variable({"age", NumberType::float32, {"individual"}, {}});
  const std::uint64_t ids = writer.offset_of("individual");
  const std::uint64_t ages = writer.offset_of("age");
  EXPECT_TRUE(ages >= ids + 8 * kMany || ids >= ages + 4 * kMany);
  EXPECT_GE(writer.finish().size(), 12 * kMany);
}

TEST(Netcdf, MisuseIsRefused) {
  NetcdfWriter file("a.nc");
  file.add_dimension({"x", NumberType::int32, {}, {}}, 2);
  const auto expect_refusal = [&](auto&& work, const char* reason) {
    const auto error = error_of(work);
    ASSERT_TRUE(error) << reason;
    EXPECT_EQ(error->kind(), ErrorKind::internal);
    EXPECT_THAT(error->what(), AllOf(HasSubstr("'a.nc'"), HasSubstr(reason)));
  };
  expect_refusal([&] { file.write("x", std::vector<double>{1, 2, 3}); }, "has 2 elements, 3");
  expect_refusal([&] { file.write("y", std::vector<double>{1}); }, "none of that name");
  expect_refusal(
      [&] {
        file.add_variable({"v", NumberType::float64, {"z"}, {}});
      },
      "no dimension 'z'");
  expect_refusal([&] { file.add_variable({"v", NumberType::float64, {}, {}}); }, "no dimension");
  expect_refusal([&] { file.add_variable({"x", NumberType::float64, {"x"}, {}}); }, "of that name");
  expect_refusal([&] { file.add_dimension({"n", NumberType::int32, {}, {}}, 0); }, "this size");
  expect_refusal([&] { file.add_dimension({"a/b", NumberType::int32, {}, {}}, 1); }, "HDF5");
}

// --- damaged files ---------------------------------------------------------------------------

std::optional<Error> reading_everything(const std::string& path) {
  return error_of([&] {
    const NetcdfReader file(path);
    for (const auto& variable : file.variables()) static_cast<void>(file.read(variable.name));
  });
}

void expect_input_error(const std::string& path, const char* reason) {
  const auto error = reading_everything(path);
  ASSERT_TRUE(error) << reason;
  EXPECT_EQ(error->kind(), ErrorKind::input) << error->what();
  EXPECT_THAT(error->what(), AllOf(HasSubstr(path), HasSubstr(reason)));
}

TEST(DamagedNetcdf, IsNoNetcdfAtAll) {
  const ScratchDirectory scratch;
  expect_input_error(scratch.file("none"), "No such file");
  expect_input_error(scratch.path(), "directory");
  write_file(scratch.file("empty"), "");
  expect_input_error(scratch.file("empty"), "the file is empty");
  write_file(scratch.file("text"), "individual,age\n1,2\n");
  expect_input_error(scratch.file("text"), "not an HDF5 or netCDF-4 file");
  write_file(scratch.file("zeros"), std::string(5000, '\0'));
  expect_input_error(scratch.file("zeros"), "never finished");
  // The signature and a superblock of version 0, as other programs write it.
  std::string foreign = "\x89HDF\r\n\x1a\n";
  foreign.resize(500);
  write_file(scratch.file("foreign"), foreign);
  expect_input_error(scratch.file("foreign"), "not written by eustress");
}

TEST(DamagedNetcdf, TruncatedAnywhere) {
  const ScratchDirectory scratch;
  const Bytes whole = image_bytes(small_file());
  const std::string path = scratch.file("a.nc");
  int refused = 0;
  for (std::size_t size = 0; size < whole.size(); size += 37, ++refused) {
    write_bytes(path, std::span(whole).first(size));
    const auto error = reading_everything(path);
    ASSERT_TRUE(error) << size;
    ASSERT_EQ(error->kind(), ErrorKind::input) << error->what();
  }
  EXPECT_GT(refused, 100);
  Bytes longer = whole;
  longer.resize(whole.size() + 1);
  write_bytes(path, longer);
  expect_input_error(path, "damaged");
}

/// Ways to read a damaged file: whole, or refused; never anything else.
struct Outcomes {
  int read = 0, refused = 0;
};

Outcomes read_damaged(const Bytes& whole, const std::string& path, int copies,
                      const std::function<void(Bytes&, std::mt19937&)>& damage) {
  std::mt19937 random(20240607);
  Outcomes outcomes;
  for (int i = 0; i < copies; ++i) {
    Bytes bytes = whole;
    damage(bytes, random);
    write_bytes(path, bytes);
    const auto error = reading_everything(path);
    if (error) {
      EXPECT_EQ(error->kind(), ErrorKind::input) << error->what();
      EXPECT_THAT(error->what(), HasSubstr(path));
      ++outcomes.refused;
    } else {
      ++outcomes.read;
    }
  }
  return outcomes;
}

TEST(DamagedNetcdf, AnyByteChangedNeverCrashes) {
  const ScratchDirectory scratch;
  const Bytes whole = image_bytes(small_file());
  std::size_t next = 0;
  const Outcomes outcomes =
      read_damaged(whole, scratch.file("a.nc"), static_cast<int>(whole.size()),
                   [&](Bytes& bytes, std::mt19937& random) {
                     bytes[next++] ^= static_cast<std::byte>(1u << (random() % 8));
                   });
  // Unnoticed are only unused bytes, the lists of references, which are not read, and numbers.
  EXPECT_GT(outcomes.refused, 1000);
  std::printf("%d changed bytes refused, %d unnoticed\n", outcomes.refused, outcomes.read);
}

TEST(DamagedNetcdf, ManyBytesChangedNeverCrash) {
  const ScratchDirectory scratch;
  const Bytes whole = image_bytes(small_file());
  const auto damage = [](Bytes& bytes, std::mt19937& random) {
    const std::size_t start = random() % bytes.size();
    const std::size_t length = std::min<std::size_t>(1 + random() % 600, bytes.size() - start);
    switch (random() % 3) {
      case 0:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(start), length, std::byte{0});
        break;
      case 1:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(start), length, std::byte{0xff});
        break;
      default:
        for (std::size_t i = 0; i < length; ++i) {
          bytes[start + i] = static_cast<std::byte>(random());
        }
    }
  };
  const Outcomes outcomes = read_damaged(whole, scratch.file("a.nc"), 2000, damage);
  EXPECT_GT(outcomes.refused, 500);
}

}  // namespace
}  // namespace eustress::io
