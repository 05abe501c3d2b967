#include "io/tables/correlation_csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace eustress::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(std::string_view text) {
  try {
    static_cast<void>(parse_correlations(text, "r.csv"));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(CorrelationCsv, ReadsAnySubsetInAnyOrder) {
  const FactorCorrelations r = parse_correlations(
      ",optimism,fitness,sleep_quality\n"
      "sleep_quality,0.1,0.3,1\n"
      "optimism,1,0.2,0.1\n"
      "fitness,0.2,1,0.3\n",
      "r.csv");
  EXPECT_THAT(r.factors, ElementsAre(Factor::optimism, Factor::fitness, Factor::sleep_quality));
  EXPECT_EQ(r.values(0, 0), 1.0);
  EXPECT_EQ(r.values(0, 1), 0.2);
  EXPECT_EQ(r.values(0, 2), 0.1);
  EXPECT_EQ(r.values(2, 1), 0.3);
}

TEST(CorrelationCsv, SuggestsTheFactorThatWasMeant) {
  EXPECT_THAT(error_of(",optimsm,fitness\noptimism,1,0\nfitness,0,1\n"),
              HasSubstr("r.csv:1: 'optimsm' is not a resilience factor. Did you mean 'optimism'?"));
  EXPECT_THAT(error_of(",optimism\ntenure,1\n"),
              HasSubstr("r.csv:2: 'tenure' is not a resilience factor."));
}

TEST(CorrelationCsv, NamesWhatIsNotSymmetric) {
  EXPECT_THAT(error_of(",optimism,fitness\noptimism,1,0.4\nfitness,0.3,1\n"),
              HasSubstr("row fitness, column optimism is 0.3, but row optimism, column fitness is "
                        "0.4"));
}

TEST(CorrelationCsv, RefusesBadShapesAndCells) {
  EXPECT_THAT(error_of(""), HasSubstr("r.csv: the file is empty"));
  EXPECT_THAT(error_of(",\n"), HasSubstr("r.csv:1: '' is not a resilience factor"));
  EXPECT_THAT(error_of("x\n"), HasSubstr("no factors"));
  EXPECT_THAT(error_of(",optimism,fitness\noptimism,1,0\n"),
              HasSubstr("factor fitness has a column but no row"));
  EXPECT_THAT(error_of(",optimism\noptimism,1\nfitness,0\n"),
              HasSubstr("factor fitness has a row but no column"));
  EXPECT_THAT(error_of(",optimism,optimism\noptimism,1,1\n"),
              HasSubstr("r.csv:1: factor optimism is there twice"));
  EXPECT_THAT(error_of(",optimism\noptimism,1,2\n"), HasSubstr("r.csv:2: 3 cells"));
  EXPECT_THAT(error_of(",optimism\noptimism,one\n"), HasSubstr("r.csv:2:optimism: 'one' is not"));
  EXPECT_THAT(error_of(",optimism\noptimism,\n"),
              HasSubstr("r.csv:2:optimism: the correlation is missing"));
  EXPECT_THAT(error_of(",optimism\noptimism,0.5\n"), HasSubstr("the diagonal must be 1"));
  EXPECT_THAT(error_of(",optimism\n\"optimism,1\n"), HasSubstr("r.csv:2: a quoted cell"));
  EXPECT_THAT(error_of(",optimism,fitness\noptimism,1,1.5\nfitness,1.5,1\n"),
              HasSubstr("must lie between -1 and 1"));
}

TEST(CorrelationCsv, SaysWhyAFileCannotBeRead) {
  EXPECT_THROW(static_cast<void>(read_correlations("/nonexistent/r.csv")), Error);
}

}  // namespace
}  // namespace eustress::io
