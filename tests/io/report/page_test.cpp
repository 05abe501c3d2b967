// Reports of runs that never happened: files written by the program's own writers, with
// observations that are simple formulas.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/observation.hpp"
#include "core/error.hpp"
#include "io/report/report.hpp"
#include "io/report/run_data.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/results_file.hpp"
#include "io/study/reader.hpp"
#include "io/tables/csv.hpp"
#include "parallel/communicator.hpp"
#include "tests/io/report/markup.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

using namespace eustress::testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kPeople = 150;  // two blocks of 64 and one of 22

struct Plan {
  std::string study;
  std::string title = "A test";
  bool individuals = false;
  bool reported = false;
  std::int32_t groups = 0;
};

const std::string kHeader =
    "[study]\nname = \"s\"\ndays = 56\nseed = 7\n[population]\nindividuals = 150\n";
const std::string kProbe =
    "[[probe]]\nname = \"tsst\"\nday = 20\nsamples_min = [-15, 0, 10, 20, 30, 60]\n";
const std::string kEvents =
    "[[wave]]\nname = \"flood\"\nday = 14\nfraction = 0.5\n"
    "[[regime]]\nname = \"deployment\"\nstart_day = 28\nend_day = 42\n";
const std::string kArms = "[[arm]]\nname = \"training\"\ndescription = \"learns faster\"\n";

/// Bumps of the probe samples; the peak of cortisol is at 30 min.
double sample_value(double minute) {
  return 1.0 + 2.0 * std::exp(-std::abs(minute - 30.0) / 20.0);
}

double latent_of(std::uint64_t person) {
  return static_cast<double>(person % 10) / 4.0;
}
std::int32_t group_of(std::uint64_t person, std::int32_t groups) {
  return groups == 0 ? -1 : static_cast<std::int32_t>(person % static_cast<std::uint64_t>(groups));
}

/// What person, arm, day and quantity give; within the range of everything.
double series_value(std::uint64_t person, std::size_t arm, std::size_t day, Series q) {
  switch (q) {
    case Series::depressed:
    case Series::ptsd:
      return person % 8 == 0 && day > 14 ? 1.0 : 0.0;
    case Series::encounters:
      return 2.0;
    case Series::mastered:
      return arm == 0 ? 1.0 : 1.5;
    case Series::hassles:
      return 8.0;
    case Series::traumatic_event:
    case Series::life_event:
      return 0.0;
    default:
      return 0.1 + 0.01 * static_cast<double>(day + person % 5);
  }
}

ObservationSums sums_of_arm(const ObservationLayout& layout, std::size_t arm, std::int32_t groups) {
  ObservationSums sums(layout);
  for (std::uint64_t person = 0; person < kPeople; ++person) {
    std::vector<std::size_t> strata = {0};
    if (layout.strata.size() > 1) {
      strata.push_back(1 + (groups > 0 ? static_cast<std::size_t>(group_of(person, groups))
                                       : person % (layout.strata.size() - 1)));
    }
    for (const std::size_t s : strata) {
      for (int day = 0; day < layout.days; ++day) {
        const auto t = static_cast<std::size_t>(day / layout.series_every);
        for (std::size_t q = 0; q < kSeriesCount; ++q) {
          const auto quantity = static_cast<Series>(q);
          sums.add_series(t, s, quantity,
                          series_value(person, arm, static_cast<std::size_t>(day), quantity));
        }
      }
      for (std::size_t a = 0; a < layout.assessment_days.size(); ++a) {
        for (std::size_t q = 0; q < kAssessedCount; ++q) {
          sums.add_assessed(a, s, q, static_cast<double>((person + a + q + arm) % 20));
        }
      }
      for (std::size_t p = 0; p < layout.probes.size(); ++p) {
        for (std::size_t i = 0; i < layout.probes[p].minutes.size(); ++i) {
          for (std::size_t q = 0; q < kSampledCount; ++q) {
            sums.add_sample(p, i, s, q, sample_value(layout.probes[p].minutes[i]));
          }
        }
      }
    }
  }
  return sums;
}

BlockRecord record_of(const ObservationLayout& layout, const Plan& plan, std::size_t arms,
                      std::uint64_t block) {
  BlockRecord record;
  record.first_id = block * kBlockSize;
  record.rows =
      static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, kPeople - record.first_id));
  for (const RecordColumn& column : record_columns(layout)) {
    std::vector<double> values;
    for (std::size_t arm = 0; arm < (column.per_arm ? arms : 1); ++arm) {
      for (std::size_t row = 0; row < record.rows; ++row) {
        const std::uint64_t person = record.first_id + row;
        for (std::size_t i = 0; i < column.width; ++i) {
          double value = static_cast<double>((person * 7 + 3 * values.size()) % 11);
          if (column.name == "individual") value = static_cast<double>(person);
          if (column.name == "group") value = group_of(person, plan.groups);
          if (column.name == "latent") value = latent_of(person);
          if (column.name == "exposure_1") value = -2.0 * latent_of(person);
          if (column.name == "final_symptoms") value = 2.0 - 0.5 * static_cast<double>(arm);
          if (column.name == "reported") {
            value = plan.reported && person % 25 != 0 ? 5.0 - 2.0 * latent_of(person)
                                                      : std::numeric_limits<double>::quiet_NaN();
          }
          values.push_back(value);
        }
      }
    }
    record.values.push_back(std::move(values));
  }
  return record;
}

void write_run(const std::string& directory, const Plan& plan) {
  std::vector<std::string> warnings;
  const Study study = read_study(plan.study, "test", {}, warnings);
  std::vector<std::int32_t> groups(static_cast<std::size_t>(plan.groups));
  std::iota(groups.begin(), groups.end(), 0);
  const ObservationLayout layout = observation_layout(study, groups);
  RunDescription run;
  run.title = plan.title;
  run.study = plan.study;
  run.seed = study.seed;
  run.individuals = kPeople;
  std::vector<ObservationSums> sums;
  for (const Arm& arm : study.arms) {
    sums.push_back(sums_of_arm(layout, run.arms.size(), plan.groups));
    run.arms.push_back(arm.name);
  }
  if (plan.individuals) {
    const auto comm = parallel::make_local_communicator();
    IndividualsFile file(*comm, directory + "/individuals.h5", run, layout);
    for (std::uint64_t block = 0; block * kBlockSize < kPeople; ++block) {
      file.write(record_of(layout, plan, study.arms.size(), block));
    }
    file.publish();
  }
  write_results(directory + "/results.nc", run, layout, sums);
}

/// The page of a run; checked for what every page must be.
std::string page_of(const Plan& plan) {
  const ScratchDirectory directory;
  write_run(directory.path(), plan);
  const std::string path = directory.file("report.html");
  write_report(directory.path(), path);
  std::string page = read_text_file(path);
  EXPECT_EQ(markup_error(page), "");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  for (const char* foreign : {"http:", "https:", "<script", "<link", "<img", "<iframe", "@import",
                              "url(", " src=", "nan\"", ">nan<", "inf\""}) {
    EXPECT_THAT(page, Not(HasSubstr(foreign)));
  }
  for (const std::string& target : attribute_values(page, "href")) {
    EXPECT_EQ(target[0], '#');
    EXPECT_THAT(attribute_values(page, "id"), Contains(target.substr(1)));
  }
  std::vector<std::string> ids = attribute_values(page, "id");
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  // A caption for every figure of charts, a name for every chart.
  for (std::size_t at = page.find("<figure id"); at != std::string::npos;
       at = page.find("<figure id", at + 1)) {
    EXPECT_LT(page.find("<figcaption>", at), page.find("</figure>", at));
  }
  return page;
}

std::vector<std::string> figures_of(const std::string& page) {
  std::vector<std::string> ids;
  for (std::size_t at = page.find("<figure id=\""); at != std::string::npos;
       at = page.find("<figure id=\"", at + 1)) {
    const std::size_t begin = at + 12;
    ids.push_back(page.substr(begin, page.find('"', begin) - begin));
  }
  return ids;
}

/// The cells of the table row that begins with this heading.
std::vector<std::string> row_of(const std::string& page, const std::string& heading) {
  const std::string key = "<th scope=\"row\">" + heading + "</th>";
  const std::size_t begin = page.find(key);
  if (begin == std::string::npos) return {};
  const std::string row =
      page.substr(begin + key.size(), page.find("</tr>", begin) - begin - key.size());
  std::vector<std::string> cells;
  for (std::size_t at = row.find("<td>"); at != std::string::npos; at = row.find("<td>", at + 1)) {
    cells.push_back(row.substr(at + 4, row.find("</td>", at) - at - 4));
  }
  return cells;
}

TEST(Report, EverythingThatARunCanHold) {
  const std::string page =
      page_of({.study = kHeader + kEvents + kProbe + kArms + "[output]\nstrata = [\"sex\"]\n",
               .individuals = true});
  EXPECT_THAT(figures_of(page), ::testing::UnorderedElementsAre(
                                    "ghq", "distributions", "symptoms", "prevalence", "arms",
                                    "probe-1", "exposure", "inventories", "learning", "biology",
                                    "strata", "strata-courses", "synthesis", "correlations"));
  EXPECT_THAT(page,
              AllOf(HasSubstr("A: flood (wave), day 14"), HasSubstr("B: tsst (probe), day 20"),
                    HasSubstr("C: deployment (regime), day 28 to 42")));
  EXPECT_THAT(page, AllOf(HasSubstr("learns faster"), HasSubstr("results.nc"),
                          HasSubstr("individuals.h5"), HasSubstr("SHA-256")));
}

TEST(Report, KeyNumbers) {
  const std::string page = page_of({.study = kHeader + kArms});
  // Of 20 residues the first assessment sees person % 20, the last (person + 7) % 20; the people
  // 140..149 are the uneven rest.
  EXPECT_THAT(page, HasSubstr("\u2192"));
  const auto reference = row_of(page, "reference"), training = row_of(page, "training");
  ASSERT_EQ(reference.size(), 7U);
  EXPECT_EQ(reference[1], "12.7 %");  // 19 of 150
  EXPECT_EQ(reference[3], "56.0");    // 8 a day
  EXPECT_EQ(reference[4], "2.00");
  EXPECT_EQ(reference[5], "50 %");
  EXPECT_EQ(training[5], "75 %");
}

TEST(Report, ProbeTableFindsThePeak) {
  const std::string page = page_of({.study = kHeader + kProbe});
  const auto row = row_of(page, "cortisol");
  ASSERT_EQ(row.size(), 4U);
  EXPECT_EQ(row[0], "1.45");  // 1 + 2 exp(-30/20)
  EXPECT_EQ(row[1], "3.00");
  EXPECT_EQ(row[2], "30");
  EXPECT_EQ(row[3], "2.07");
}

TEST(Report, ReportedWellBeing) {
  const std::string cohort =
      "cohort = \"c.csv\"\n"
      "[[population.column]]\ncolumn = \"hours\"\nexposure = true\nhassle_effect = 0.1\n"
      "[[population.column]]\ncolumn = \"unit\"\ncovariate = \"group\"\n"
      "[[population.column]]\ncolumn = \"mood\"\noutcome = true\n";
  const std::string page = page_of({.study = kHeader + cohort + "[output]\nstrata = [\"group\"]\n",
                                    .individuals = true,
                                    .reported = true,
                                    .groups = 15});
  EXPECT_THAT(figures_of(page), Contains("reported"));
  EXPECT_THAT(figures_of(page), Contains("reported-groups"));
  EXPECT_EQ(row_of(page, "people"), std::vector<std::string>{"144"});
  EXPECT_EQ(row_of(page, "correlation"), std::vector<std::string>{"1.000"});
  EXPECT_EQ(row_of(page, "variance explained, R\u00B2"), std::vector<std::string>{"1.000"});
  // Well-being rises with hours in this made-up world: exactly one sd per sd.
  const auto slope = row_of(page, "slope on hours (sd per sd, 95 % interval)");
  EXPECT_EQ(slope, (std::vector<std::string>{"1.000 \u00B1 0.000", "1.000 \u00B1 0.000"}));
  EXPECT_THAT(page, HasSubstr("not calibrated to these people"));
  EXPECT_THAT(page, HasSubstr("sorted by mean GHQ-12"));  // 15 strata are sorted
}

TEST(Report, PairedDifferencesOfArms) {
  const std::string page = page_of({.study = kHeader + kArms, .individuals = true});
  const auto row = row_of(page, "training");
  EXPECT_THAT(page, HasSubstr("final symptoms against reference"));
  EXPECT_THAT(page, HasSubstr("<td>\u22120.500</td><td>\u22120.500 to \u22120.500</td>"));
  EXPECT_THAT(page, HasSubstr("<td>100.0 %</td>"));
}

TEST(Report, ShorterThanTheFirstAssessment) {
  const std::string page =
      page_of({.study = "[study]\nname = \"s\"\ndays = 3\n[population]\nindividuals = 150\n"});
  EXPECT_THAT(figures_of(page), ::testing::UnorderedElementsAre("symptoms", "prevalence",
                                                                "exposure", "learning", "biology"));
  EXPECT_THAT(page, HasSubstr("before the first assessment"));
}

TEST(Report, OneWeekAndOneAssessment) {
  (void)page_of({.study = "[study]\nname = \"s\"\ndays = 7\n[population]\nindividuals = 150\n"
                          "[output]\nquestionnaire_every_days = 7\nstrata = [\"sex\"]\n"});
}

TEST(Report, HostileNamesStayText) {
  const std::string evil = R"(</title><script>alert(1)</script><b a="'&)";
  const std::string page = page_of(
      {.study = kHeader + "[[wave]]\nname = \"flood\"\nday = 14\n", .title = evil + "\xFF\x01"});
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, Not(HasSubstr("<b a=")));
}

TEST(Report, SameRunSamePage) {
  const Plan plan{.study = kHeader + kEvents + kProbe + kArms, .individuals = true};
  EXPECT_EQ(page_of(plan), page_of(plan));
}

TEST(Report, StudyOfAnotherVersionLeavesOutTheEvents) {
  const ScratchDirectory directory;
  Plan plan{.study = kHeader + kEvents};
  write_run(directory.path(), plan);
  EXPECT_TRUE(report::read_run(directory.path()).study.has_value());
  // The same results described by a text that this version does not understand.
  std::vector<std::string> warnings;
  const Study study = read_study(plan.study, "test", {}, warnings);
  const ObservationLayout layout = observation_layout(study, {});
  RunDescription run;
  run.title = "old";
  run.study = "[study]\nold_key = 1\n";
  run.individuals = kPeople;
  run.arms = {"reference"};
  const std::vector<ObservationSums> sums = {sums_of_arm(layout, 0, 0)};
  write_results(directory.file("results.nc"), run, layout, sums);
  EXPECT_FALSE(report::read_run(directory.path()).study.has_value());
  write_report(directory.path(), directory.file("r.html"));
  const std::string page = read_text_file(directory.file("r.html"));
  EXPECT_EQ(markup_error(page), "");
  EXPECT_THAT(page, Not(HasSubstr("flood")));
}

TEST(Report, MissingOrForeignFilesAreSaid) {
  const ScratchDirectory directory;
  const auto missing = error_of([&] { write_report(directory.path(), directory.file("r.html")); });
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->kind(), ErrorKind::input);
  EXPECT_THAT(missing->what(), HasSubstr("results.nc"));
  EXPECT_EQ(directory.entries(), 0U);

  write_run(directory.path(), {.study = kHeader, .individuals = true});
  Plan other{.study = kHeader + kArms};
  write_run(directory.path(), other);  // leaves individuals.h5 of the first
  const auto mixed = error_of([&] { write_report(directory.path(), directory.file("r.html")); });
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->kind(), ErrorKind::input);
  EXPECT_THAT(mixed->what(), HasSubstr("different runs"));

  const auto nowhere =
      error_of([&] { write_report(directory.path(), directory.file("no/such/r.html")); });
  ASSERT_TRUE(nowhere);
}

}  // namespace
}  // namespace eustress::io
