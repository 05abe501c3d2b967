#include "tests/io/results/samples.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "core/engine/block.hpp"

namespace eustress::testing {

io::RunDescription sample_run() {
  io::RunDescription run;
  run.title = "Übung: \"two arms\"";
  run.study = "[study]\nname = \"sample\"  # µ\n";
  run.seed = 0xfedcba9876543210;
  run.replicate = 2;
  run.individuals = kPeople;
  run.arms = {"reference", "early.training"};
  return run;
}

ObservationLayout sample_layout() {
  ObservationLayout layout;
  layout.strata = {"all", "sex_0", "sex_1"};
  layout.days = 10;
  layout.series_every = 3;
  layout.assessment_days = {6, 9};
  layout.probes = {{"tsst", 4, {-30, 0, 10, 45}}, {"2-dex.crh", 5, {0, 60}}};
  return layout;
}

std::vector<ObservationSums> sample_sums(const ObservationLayout& layout) {
  std::vector<ObservationSums> result;
  for (std::size_t arm = 0; arm < sample_run().arms.size(); ++arm) {
    ObservationSums sums(layout);
    for (std::size_t person = 0; person < kPeople; ++person) {
      for (const std::size_t stratum : {std::size_t{0}, 1 + person % 2}) {
        for (std::size_t day = 0; day < static_cast<std::size_t>(layout.days); ++day) {
          for (std::size_t q = 0; q < kSeriesCount; ++q) {
            // No prediction on the first day, nor ever for the last quarter.
            const auto quantity = static_cast<Series>(q);
            if (quantity == Series::prediction_error && (day == 0 || person >= 150)) continue;
            const auto step = static_cast<double>((person * 7 + day * 3 + q * 5 + arm) % 16);
            sums.add_series(day / 3, stratum, quantity, kSeries[q].scale * step / 16.0);
          }
        }
        for (std::size_t a = 0; a < layout.assessment_days.size(); ++a) {
          for (std::size_t q = 0; q < kAssessedCount; ++q) {
            sums.add_assessed(a, stratum, q, static_cast<double>((person * 3 + q + a + arm) % 20));
          }
        }
        for (std::size_t p = 0; p < layout.probes.size(); ++p) {
          for (std::size_t s = 0; s < layout.probes[p].minutes.size(); ++s) {
            for (std::size_t q = 0; q < kSampledCount; ++q) {
              const auto step = static_cast<double>((person + 2 * s + 3 * q + p + arm) % 10);
              sums.add_sample(p, s, stratum, q, step / 2.0);
            }
          }
        }
      }
    }
    result.push_back(std::move(sums));
  }
  return result;
}

BlockRecord sample_record(const ObservationLayout& layout, std::uint64_t block) {
  const std::vector<RecordColumn> columns = record_columns(layout);
  const std::size_t arms = sample_run().arms.size();
  BlockRecord record;
  record.first_id = block * kBlockSize;
  record.rows =
      static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, kPeople - record.first_id));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const RecordColumn& column = columns[c];
    const bool is_float = column.type == RecordColumn::Type::float32;
    std::vector<double> values;
    for (std::size_t arm = 0; arm < (column.per_arm ? arms : 1); ++arm) {
      for (std::size_t row = 0; row < record.rows; ++row) {
        const std::size_t person = record.first_id + row;
        for (std::size_t i = 0; i < column.width; ++i) {
          double value = static_cast<double>((person * 3 + c + i + 50 * arm) % 100);
          if (is_float) value += 0.25;
          if (column.name == "individual") value = static_cast<double>(person);
          if (column.name == "group" && person % 7 == 0) value = -1.0;
          if (column.name == "reported" && person % 5 == 0) {
            value = std::numeric_limits<double>::quiet_NaN();
          }
          values.push_back(value);
        }
      }
    }
    record.values.push_back(std::move(values));
  }
  return record;
}

}  // namespace eustress::testing
