#include "io/tables/cohort_arrays.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/population/synthesis.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A netCDF-4 file with a dimension `row` and these variables over it; what differs in length has
/// a dimension of its own.
struct Column {
  std::string name;
  NumberType type;
  std::vector<double> values;
};
std::string netcdf(const std::vector<Column>& columns, std::size_t rows) {
  NetcdfWriter writer("test.nc");
  writer.add_dimension({"row", NumberType::int32, {"row"}, {}}, rows);
  std::vector<std::int32_t> numbers(rows);
  for (std::size_t r = 0; r < rows; ++r) numbers[r] = static_cast<std::int32_t>(r);
  for (const Column& column : columns) {
    std::string dimension = "row";
    if (column.values.size() != rows) {
      dimension = "of_" + column.name;
      writer.add_dimension({dimension, NumberType::int32, {dimension}, {}}, column.values.size());
    }
    writer.add_variable({column.name, column.type, {dimension}, {}});
  }
  writer.write("row", std::span<const std::int32_t>(numbers));
  for (const Column& column : columns) {
    if (column.values.size() != rows) {
      std::vector<std::int32_t> places(column.values.size());
      writer.write("of_" + column.name, std::span<const std::int32_t>(places));
    }
    writer.write(column.name, std::span<const double>(column.values));
  }
  const FileImage image = writer.finish();
  std::string bytes(image.size(), '\0');
  image.read(0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string error_of(const std::string& bytes, const CohortRequest& request) {
  try {
    static_cast<void>(parse_cohort(bytes, "c.nc", request));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(CohortArrays, AreTheTableThatTheSameNumbersInCsvAre) {
  const std::string bytes = netcdf({{"support", NumberType::float64, {1.5, kNan, -0.25, 3.0, 2.0}},
                                    {"years", NumberType::int16, {20, 31, 42, 53, 64}},
                                    {"id", NumberType::int64, {7, 8, 9, 10, 11}}},
                                   5);
  const std::string csv = "id,support,years\n7,1.5,20\n8,,31\n9,-0.25,42\n10,3.0,53\n11,2.0,64\n";
  const CohortRequest request{"id", {"support", "years"}};
  const CohortTable a = parse_cohort(bytes, "c.nc", request);
  const CohortTable b = parse_cohort(csv, "c.csv", request);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(a.ids, b.ids);
  ASSERT_EQ(a.cells.size(), b.cells.size());
  for (std::size_t i = 0; i < a.cells.size(); ++i) {
    EXPECT_TRUE(a.cells[i] == b.cells[i] || (std::isnan(a.cells[i]) && std::isnan(b.cells[i])));
  }
  CohortMapping mapping;
  mapping.factors = {{"support", Factor::social_support, {}, {}}};
  mapping.age = "years";
  const Synthesis x(SynthesisOptions{.seed = 5}, a, mapping);
  const Synthesis y(SynthesisOptions{.seed = 5}, b, mapping);
  for (std::uint64_t id = 0; id < 300; ++id) {
    const IndividualDraw p = x.draw(id), q = y.draw(id);
    ASSERT_EQ(std::memcmp(p.z.data(), q.z.data(), sizeof p.z), 0) << id;
    ASSERT_EQ(p.age, q.age);
    ASSERT_EQ(p.row, q.row);
  }
}

TEST(CohortArrays, AllVariablesIfNoneIsAskedFor) {
  const std::string bytes = netcdf({{"b", NumberType::float32, {1, 2}}}, 2);
  EXPECT_THAT(parse_cohort(bytes, "c.nc", {}).columns, ElementsAre("b", "row"));
}

TEST(CohortArrays, MistakesNameFileVariableAndRow) {
  const std::string bytes =
      netcdf({{"support", NumberType::float64, {1.0, std::numeric_limits<double>::infinity(), 2.0}},
              {"short", NumberType::float64, {1.0, 2.0}},
              {"twice", NumberType::int32, {4, 5, 4}},
              {"years", NumberType::int32, {20, 130, 40}}},
             3);
  EXPECT_THAT(error_of(bytes, {"", {"suport"}}),
              HasSubstr("c.nc: no variable 'suport' in the root group. Did you mean 'support'?"));
  EXPECT_THAT(error_of(bytes, {"", {"zz"}}),
              HasSubstr("c.nc: no variable 'zz' in the root group. There are: '"));
  EXPECT_THAT(error_of(bytes, {"", {"support"}}),
              HasSubstr("c.nc:support[1]: inf is not a finite number"));
  EXPECT_THAT(error_of(bytes, {"", {"years", "short"}}),
              HasSubstr("variable 'short' has 2 rows, and 'years' has 3"));
  EXPECT_THAT(error_of(bytes, {"twice", {"years"}}),
              HasSubstr("c.nc:twice[2]: the id '4' occurs already at [0]"));
  const std::string two = error_of(bytes, {"who", {"support", "age"}});
  EXPECT_THAT(two, HasSubstr("'age'"));
  EXPECT_THAT(two, HasSubstr("'who'"));
  CohortMapping mapping;
  mapping.age = "years";
  const CohortTable table = parse_cohort(bytes, "c.nc", {"", {"years"}});
  try {
    const Synthesis synthesis(SynthesisOptions{}, table, mapping);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("c.nc:years[1]: age 130"));
  }
}

TEST(CohortArrays, OtherFormatsAreToldApart) {
  EXPECT_THAT(error_of("CDF\x01" + std::string(40, '\0'), {}), HasSubstr("nccopy -k nc4"));
  EXPECT_THAT(error_of("a,b\n1,2\n", {}), HasSubstr("neither a netCDF-4 nor an HDF5 file"));
  std::string bytes = netcdf({{"b", NumberType::float32, {1, 2}}}, 2);
  bytes.resize(bytes.size() / 2);
  EXPECT_THAT(error_of(bytes, {"", {"b"}}), HasSubstr("cannot read 'c.nc'"));
}

TEST(CohortArrays, DamagedFilesAreRefusedOrReadNeverMore) {
  const std::string good = netcdf({{"b", NumberType::float64, {1, 2, 3}}}, 3);
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    try {
      static_cast<void>(parse_cohort(bytes, "c.h5x", {"", {"b"}}));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace eustress::io
