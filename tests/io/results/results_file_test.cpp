#include "io/results/results_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/files/atomic_file.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/provenance.hpp"
#include "tests/io/results/samples.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/file_size_limit.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using namespace eustress::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Results : public ::testing::Test {
 protected:
  void write() const { write_results(path_, run_, layout_, sums_); }

  ScratchDirectory scratch_;
  std::string path_ = scratch_.file("results.nc");
  RunDescription run_ = sample_run();
  ObservationLayout layout_ = sample_layout();
  std::vector<ObservationSums> sums_ = sample_sums(layout_);
};

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Results, DescribeTheRun) {
  write();
  EXPECT_EQ(scratch_.entries(), 1u);
  const ResultsFile file(path_);
  EXPECT_EQ(file.content(), ResultsFile::Content::results);
  EXPECT_THAT(file.arms(), ElementsAre("reference", "early.training"));
  EXPECT_THAT(file.strata(), ElementsAre("all", "sex_0", "sex_1"));
  EXPECT_EQ(file.individuals(), kPeople);
  EXPECT_EQ(file.text("title"), run_.title);
  EXPECT_EQ(file.text("study"), run_.study);
  EXPECT_EQ(file.text("study_sha256"), sha256(run_.study));
  EXPECT_EQ(file.text("git_commit"), this_program().commit);
  EXPECT_EQ(static_cast<std::uint64_t>(file.number("seed")), run_.seed);
  EXPECT_EQ(file.number("replicate"), 2);
  EXPECT_EQ(file.text("assessed_ghq12_mean", "units"), "1");
  EXPECT_EQ(file.text("series_self_efficacy_mean", "units"), "1");
  EXPECT_THAT(file.text("series_self_efficacy_mean", "long_name"),
              HasSubstr("in standard deviations"));
}

TEST_F(Results, EveryNumberIsThatOfTheSums) {
  write();
  const ResultsFile file(path_);
  const NumberArray mean = file.read("series_cortisol_mean");
  const NumberArray sd = file.read("series_cortisol_sd");
  const NumberArray count = file.read("series_count");
  EXPECT_THAT(mean.dimensions, ElementsAre("arm", "stratum", "day"));
  EXPECT_THAT(mean.shape, ElementsAre(2u, 3u, 4u));
  const auto cortisol = static_cast<std::size_t>(Series::cortisol);
  for (std::size_t arm = 0; arm < 2; ++arm) {
    for (std::size_t stratum = 0; stratum < 3; ++stratum) {
      for (std::size_t time = 0; time < 4; ++time) {
        const Moments expected = sums_[arm].series(time, stratum, cortisol);
        EXPECT_EQ(mean.at({arm, stratum, time}), expected.mean);
        EXPECT_EQ(sd.at({arm, stratum, time}), expected.sd);
        EXPECT_EQ(count.at({arm, stratum, time}), static_cast<double>(expected.count));
      }
    }
  }
  const NumberArray of_second_arm = file.read("probe_p2_dex_crh_acth_quantile", 1);
  EXPECT_THAT(of_second_arm.dimensions, ElementsAre("stratum", "p2_dex_crh_sample", "quantile"));
  for (std::size_t q = 0; q < kQuantiles.size(); ++q) {
    EXPECT_EQ(of_second_arm.at({2, 1, q}), sums_[1].sampled_quantile(1, 1, 2, 1, kQuantiles[q]));
  }
  const NumberArray histogram = file.read("assessed_latent_histogram");
  double people = 0.0;
  for (std::size_t bin = 0; bin < kBins; ++bin) people += histogram.at({0, 0, bin});
  EXPECT_EQ(people, static_cast<double>(kPeople));
}

TEST_F(Results, WhatWasNotObservedIsMissing) {
  layout_.strata.push_back("nobody");
  sums_ = sample_sums(layout_);
  write();
  const ResultsFile file(path_);
  EXPECT_TRUE(std::isnan(file.read("series_distress_mean").at({0, 3, 0})));
  EXPECT_TRUE(std::isnan(file.read("assessed_ghq12_quantile").at({0, 3, 0, 2})));
  EXPECT_EQ(file.read("series_count").at({0, 3, 0}), 0.0);
}

TEST_F(Results, StudyWithoutAssessmentsAndProbes) {
  layout_ = {};
  layout_.strata = {"all"};
  layout_.days = 1;
  run_.arms = {"reference"};
  sums_ = {ObservationSums(layout_)};
  write();
  const ResultsFile file(path_);
  EXPECT_TRUE(file.has("series_distress_mean"));
  EXPECT_FALSE(file.has("assessment"));
  EXPECT_FALSE(file.has("assessed_ghq12_mean"));
}

TEST_F(Results, ProbesOfOneNameAreKeptApart) {
  layout_.probes = {{"t.1", 1, {0}}, {"t-1", 2, {0, 5}}, {"t_1", 3, {0}}, {"empty", 4, {}}};
  sums_ = sample_sums(layout_);
  write();
  const ResultsFile file(path_);
  EXPECT_THAT(file.read("probe_t_1_count").shape, ElementsAre(2u, 3u, 1u));
  EXPECT_THAT(file.read("probe_t_1_2_count").shape, ElementsAre(2u, 3u, 2u));
  EXPECT_TRUE(file.has("probe_t_1_3_count"));
  EXPECT_FALSE(file.has("probe_empty_count"));
}

TEST_F(Results, QuantitiesSeenOnFewerDaysHaveTheirOwnCount) {
  write();
  const ResultsFile file(path_);
  EXPECT_EQ(file.text("series_distress_mean", "ancillary_variables"), "series_count");
  const std::string own = file.text("series_prediction_error_mean", "ancillary_variables");
  EXPECT_EQ(own, "series_prediction_error_count");
  EXPECT_EQ(file.read(own).at({0, 0, 0}), 2.0 * 150);
  EXPECT_EQ(file.read("series_count").at({0, 0, 0}), 3.0 * 200);
}

TEST_F(Results, EqualRunsGiveEqualBytes) {
  write();
  const std::string first = content_of(path_);
  write();
  EXPECT_EQ(content_of(path_), first);
}

TEST_F(Results, FullDiskKeepsTheOldResults) {
  write_file(path_, "old");
  for (const rlim_t limit : {rlim_t{0}, rlim_t{1000}, rlim_t{100000}}) {
    const FileSizeLimit full(limit);
    const auto error = error_of([&] { write(); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::io);
    EXPECT_THAT(error->what(), AllOf(HasSubstr("results.nc"), HasSubstr("File too large")));
    EXPECT_EQ(content_of(path_), "old");
    EXPECT_EQ(scratch_.entries(), 1u);
  }
  write();
  EXPECT_FALSE(error_of([&] { ResultsFile file(path_); }));
}

TEST_F(Results, MissingDirectory) {
  path_ = scratch_.file("none/results.nc");
  const auto error = error_of([&] { write(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_THAT(error->what(), HasSubstr("No such file or directory"));
}

void expect_refusal(const std::string& path, const char* reason) {
  const auto error = error_of([&] { ResultsFile file(path); });
  ASSERT_TRUE(error) << reason;
  EXPECT_EQ(error->kind(), ErrorKind::input);
  EXPECT_THAT(error->what(), AllOf(HasSubstr(path), HasSubstr(reason)));
}

TEST_F(Results, UnfinishedForeignAndLaterFilesAreRefused) {
  const auto with = [&](const std::vector<Attribute>& attributes) {
    NetcdfWriter file(path_);
    for (const Attribute& attribute : attributes) file.add_attribute(attribute);
    AtomicFile target(path_);
    file.finish().write_to(target.file());
    target.publish();
  };
  const Attribute ours{"eustress_content", std::string("results")};
  const Attribute complete{"complete", std::vector<std::int32_t>{1}};
  with({{"title", std::string("CESM")}});
  expect_refusal(path_, "not written by eustress");
  with({ours, {"schema_version", std::vector<std::int32_t>{1}}});
  expect_refusal(path_, "not finished");
  with({ours, complete, {"schema_version", std::vector<std::int32_t>{99}}});
  expect_refusal(path_, "schema is version 99");
  with({{"eustress_content", std::string("checkpoint")},
        complete,
        {"schema_version", std::vector<std::int32_t>{1}}});
  expect_refusal(path_, "is a checkpoint, not results");
  with({ours, complete, {"schema_version", std::vector<std::int32_t>{1}}});
  expect_refusal(path_, "data_sha256");
}

TEST_F(Results, DamagedNumbersAreNoticed) {
  write();
  const double mean = sums_[0].series(1, 0, static_cast<std::size_t>(Series::distress)).mean;
  std::string bytes = content_of(path_);
  const std::string number(reinterpret_cast<const char*>(&mean), sizeof mean);
  const std::size_t place = bytes.find(number);
  ASSERT_NE(place, std::string::npos);
  bytes[place] ^= 1;
  write_file(path_, bytes);
  expect_refusal(path_, "checksum");
}

TEST_F(Results, VariablesAndAttributesThatAreNotThere) {
  write();
  const ResultsFile file(path_);
  const auto variable = error_of([&] { static_cast<void>(file.read("nothing")); });
  ASSERT_TRUE(variable);
  EXPECT_EQ(variable->kind(), ErrorKind::input);
  EXPECT_THAT(variable->what(), AllOf(HasSubstr(path_), HasSubstr("no variable 'nothing'")));
  EXPECT_TRUE(error_of([&] { static_cast<void>(file.read("arm", 2)); }));
  EXPECT_TRUE(error_of([&] { static_cast<void>(file.text("nothing")); }));
  EXPECT_TRUE(error_of([&] { static_cast<void>(file.number("title")); }));
  EXPECT_TRUE(error_of([&] { static_cast<void>(file.read("arm").at({2})); }));
}

}  // namespace
}  // namespace eustress::io
