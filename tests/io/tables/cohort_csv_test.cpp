#include "io/tables/cohort_csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

CohortTable parse(std::string_view text, const CohortRequest& request = {}) {
  return parse_cohort_table(text, "c.csv", request);
}

std::string error_of(std::string_view text, const CohortRequest& request = {}) {
  try {
    static_cast<void>(parse(text, request));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

class CohortFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "cohort-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, std::string_view text) const {
    const std::string path = directory_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static std::string error_of_file(const std::string& path) {
    try {
      static_cast<void>(read_cohort_table(path));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return {};
  }

  std::filesystem::path directory_;
};

TEST(CohortCsv, ReadsNumbersIdsAndMissingCells) {
  const CohortTable t = parse(
      "id,age,score\n"
      "a1, 20 ,-1.5e-3\n"
      "a2,,+4\n"
      "a3,NA,\"7.25\"\n",
      {.id_column = "id", .columns = {}});
  EXPECT_EQ(t.file, "c.csv");
  EXPECT_THAT(t.columns, ElementsAre("age", "score"));
  EXPECT_THAT(t.ids, ElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(t.lines, ElementsAre(2u, 3u, 4u));
  EXPECT_EQ(t.cell(0, 0), 20.0);
  EXPECT_EQ(t.cell(0, 1), -0.0015);
  EXPECT_TRUE(std::isnan(t.cell(1, 0)));
  EXPECT_EQ(t.cell(1, 1), 4.0);
  EXPECT_TRUE(std::isnan(t.cell(2, 0)));
  EXPECT_EQ(t.cell(2, 1), 7.25);
  EXPECT_EQ(t.place(2, 1), "c.csv:4:score");
}

TEST(CohortCsv, TakesByteOrderMarkCrLfQuotesBlankLinesAndNoFinalLineEnd) {
  const CohortTable t = parse(
      "\xEF\xBB\xBF\"a, \"\"quoted\"\"\",b\r\n"
      "\r\n"
      "1,2\r\n"
      "3,\"\"\r\n"
      "\n"
      "5,6");
  EXPECT_THAT(t.columns, ElementsAre("a, \"quoted\"", "b"));
  ASSERT_EQ(t.rows(), 3u);
  EXPECT_THAT(t.lines, ElementsAre(3u, 4u, 6u));
  EXPECT_TRUE(std::isnan(t.cell(1, 1)));
  EXPECT_EQ(t.cell(2, 1), 6.0);
}

TEST(CohortCsv, CountsLinesInsideQuotedCells) {
  const CohortTable t = parse("id,note,x\na,\"two\nlines, \"\"really\"\"\",1\nb,short,2\n",
                              {.id_column = "id", .columns = {"x"}});
  EXPECT_THAT(t.lines, ElementsAre(2u, 4u));
  EXPECT_THAT(t.columns, ElementsAre("x"));
  EXPECT_EQ(t.cell(1, 0), 2.0);
}

TEST(CohortCsv, LooksOnlyAtTheColumnsAskedFor) {
  const CohortTable t = parse("name,x,y\nAnn,1,2\nBob,3,4\n", {.id_column = "", .columns = {"y"}});
  EXPECT_THAT(t.columns, ElementsAre("y"));
  EXPECT_EQ(t.cell(1, 0), 4.0);
  EXPECT_TRUE(t.ids.empty());
}

TEST(CohortCsv, IgnoresTheUnnamedRowNumbersThatRWrites) {
  const CohortTable t = parse("\"\",\"x\"\n\"row one\",1\n\"row two\",NA\n");
  EXPECT_THAT(t.columns, ElementsAre("x"));
  EXPECT_EQ(t.rows(), 2u);
}

TEST(CohortCsv, NamesFileLineAndColumnOfACellThatIsNoNumber) {
  EXPECT_EQ(error_of("x,y\n1,2\n3,abc\n"),
            "c.csv:3:y: 'abc' is not a number; leave the cell blank if the value is missing");
  EXPECT_THAT(error_of("x,y\n1,\"3,5\"\n"), HasSubstr("c.csv:2:y: '3,5' is not a number; the "
                                                      "decimal mark is a point"));
  for (const std::string bad : {"1.5x", "0x10", "--1", "+-1", "+", "-", "1 2", "1e", "TRUE", "."}) {
    EXPECT_THAT(error_of("x\n" + bad + "\n"),
                HasSubstr("c.csv:2:x: '" + bad + "' is not a number"));
  }
}

TEST(CohortCsv, RefusesInfinityNanAndOverflow) {
  for (const std::string bad : {"inf", "-inf", "Infinity", "nan", "NaN"}) {
    EXPECT_THAT(error_of("x\n" + bad + "\n"), HasSubstr("'" + bad + "' is not a finite number"));
  }
  for (const std::string bad : {"1e999", "-1e999", "1e-999"}) {
    EXPECT_THAT(error_of("x\n" + bad + "\n"), HasSubstr("'" + bad + "' is out of the range"));
  }
}

TEST(CohortCsv, RefusesRowsOfTheWrongLength) {
  EXPECT_EQ(error_of("x,y\n1\n1,2\n1,2,3\n"),
            "c.csv:2: 1 cells, but the header has 2\nc.csv:4: 3 cells, but the header has 2");
}

TEST(CohortCsv, RefusesDuplicateHeaders) {
  EXPECT_THAT(error_of("x,y,x\n1,2,3\n"),
              HasSubstr("c.csv:1: duplicate header: columns 1 and 3 are both called 'x'"));
}

TEST(CohortCsv, NamesBothLinesOfADuplicateId) {
  const CohortRequest request{.id_column = "id", .columns = {}};
  EXPECT_EQ(error_of("id,x\na,1\nb,2\na,3\n,4\n", request),
            "c.csv:4:id: the id 'a' occurs already in line 2\nc.csv:5:id: the id is blank");
}

TEST(CohortCsv, SuggestsTheColumnThatWasMeant) {
  const CohortRequest request{.id_column = "person", .columns = {"cohesoin"}};
  const std::string text = error_of("cohesion,x\n1,2\n", request);
  EXPECT_THAT(text, HasSubstr("c.csv:1: no column 'cohesoin' in the header. Did you mean "
                              "'cohesion'?"));
  EXPECT_THAT(text, HasSubstr("c.csv:1: no column 'person' in the header."));
  EXPECT_THAT(error_of("a;b\n1;2\n", {.id_column = "", .columns = {"b"}}),
              HasSubstr("cells are separated by commas"));
}

TEST(CohortCsv, NamesTheColumnsThereAreAndWhoAsksForAnother) {
  CohortRequest request{.id_column = "", .columns = {"zz"}};
  EXPECT_EQ(error_of(",age,score\n1,2,3\n", request),
            "c.csv:1: no column 'zz' in the header. There are: 'age', 'score'");
  request.asked_at = [](const std::string& column) { return "s.toml:" + column; };
  EXPECT_EQ(error_of("age,score\n1,2\n", request),
            "c.csv:1: no column 'zz' in the header (asked for at s.toml:zz). There are: 'age', "
            "'score'");
  EXPECT_THAT(error_of("a,b,c,d,e,f,g,h,i,j,k,l,m,n\n", request), HasSubstr("'k', 'l' and 2 more"));
}

TEST(CohortCsv, RefusesEmptyInputs) {
  for (const std::string_view empty : {"", "\n\n", "\xEF\xBB\xBF", "\r\n"}) {
    EXPECT_THAT(error_of(empty), HasSubstr("c.csv: the file is empty"));
  }
  EXPECT_EQ(error_of("x,y\n\n"), "c.csv: empty cohort: the file has a header but no rows");
}

TEST(CohortCsv, RefusesBadQuotes) {
  EXPECT_EQ(error_of("x,y\n1,2\n\"3,4\n5,6\n"), "c.csv:3: a quoted cell has no closing quote");
  EXPECT_THAT(error_of("x\n\"1\"2\n"), HasSubstr("c.csv:2: text after the closing quote"));
  EXPECT_EQ(error_of("\"x,y\n1,2\n"), "c.csv:1: a quoted cell has no closing quote");
}

TEST(CohortCsv, RefusesNulBytes) {
  using namespace std::string_view_literals;
  EXPECT_THAT(error_of("x\n1\n2\0\n"sv), HasSubstr("c.csv:3: a NUL byte"));
  EXPECT_THAT(error_of("\xFF\xFEx\0\n\0"sv), HasSubstr("UTF-8"));
}

TEST(CohortCsv, RefusesRowsWithTooManyCells) {
  EXPECT_THAT(error_of(std::string(CsvRecords::kMostCells + 5, ',')),
              HasSubstr("more than 100000 cells"));
}

TEST(CohortCsv, ReportsEverythingAtOnceButNotWithoutEnd) {
  std::string text = "x,y\n";
  for (int i = 0; i < 1000; ++i) text += "bad,worse\n";
  const std::string error = error_of(text);
  EXPECT_THAT(error, HasSubstr("c.csv:2:x: 'bad'"));
  EXPECT_THAT(error, HasSubstr("c.csv:11:y: 'worse'"));
  EXPECT_THAT(error, Not(HasSubstr("c.csv:12:x")));
  EXPECT_THAT(error, HasSubstr("... and 1980 more"));
}

TEST(CohortCsv, ShowsHostileCellsSafely) {
  EXPECT_EQ(quoted_cell("a\x1B[31m\nb"), "'a?[31m?b'");
  EXPECT_EQ(quoted_cell(std::string(1000, 'x')), "'" + std::string(40, 'x') + "...'");
  // A cut in the middle of a two-byte character leaves no half of it.
  EXPECT_EQ(quoted_cell(std::string(39, 'x') + "\xC3\xA4" + "yyy"),
            "'" + std::string(39, 'x') + "...'");
}

// Whatever the bytes are, the answer is a table or an Error, nothing else.
TEST(CohortCsv, SurvivesMutatedInput) {
  const std::string seed = "id,x,\"y\"\r\na,1,2\r\n\"b\",,\"3.5\"\nc,NA,-1e3\n";
  constexpr char kBytes[] = "\",\n\r\0 a1.-+e\xEF\xFF;";
  const std::string alphabet(kBytes, sizeof kBytes - 1);
  std::uint64_t state = 12345;
  const auto next = [&state](std::size_t bound) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33) % bound;
  };
  int accepted = 0, refused = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text = seed;
    for (std::size_t edits = 1 + next(4); edits > 0; --edits) {
      const std::size_t at = next(text.size());
      switch (next(3)) {
        case 0:
          text[at] = alphabet[next(alphabet.size())];
          break;
        case 1:
          text.insert(at, 1, alphabet[next(alphabet.size())]);
          break;
        default:
          text.resize(at + 1);
          break;
      }
    }
    try {
      const CohortTable t = parse(text, {.id_column = "id", .columns = {}});
      EXPECT_EQ(t.cells.size(), t.rows() * t.columns.size());
      EXPECT_EQ(t.ids.size(), t.rows());
      ++accepted;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 500);
}

TEST_F(CohortFile, ReadsAFile) {
  const CohortTable t = read_cohort_table(write("good.csv", "x\n1\n2\n"));
  EXPECT_EQ(t.rows(), 2u);
  EXPECT_THAT(t.file, HasSubstr("good.csv"));
}

TEST_F(CohortFile, SaysWhyAFileCannotBeRead) {
  EXPECT_THAT(error_of_file(directory_ / "absent.csv"), HasSubstr("absent.csv: no such file"));
  EXPECT_THAT(error_of_file(directory_), HasSubstr("is a directory"));
  EXPECT_THAT(error_of_file("/dev/zero"), HasSubstr("is not a regular file"));
  EXPECT_THAT(error_of_file(write("empty.csv", "")), HasSubstr("empty.csv: the file is empty"));
}

TEST_F(CohortFile, RefusesAnAbsurdSizeWithoutReadingIt) {
  const std::string path = write("huge.csv", "x\n");
  std::error_code failed;
  std::filesystem::resize_file(path, std::uintmax_t{3} << 30, failed);  // sparse
  if (failed) GTEST_SKIP() << "no sparse files here: " << failed.message();
  EXPECT_THAT(error_of_file(path), HasSubstr("has 3221225472 bytes; at most 2147483648 (2 GiB)"));
}

TEST_F(CohortFile, ReportsAFileWithoutPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = write("closed.csv", "x\n1\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  EXPECT_THAT(error_of_file(path), HasSubstr("cannot be opened: Permission denied"));
}

}  // namespace
}  // namespace eustress::io
