#include "io/results/individuals_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "io/results/results_file.hpp"
#include "parallel/agree.hpp"

namespace eustress::io {
namespace {

// Rows are written as they are in memory; their place in the file says little-endian.
static_assert(std::endian::native == std::endian::little);

NumberType number_type(RecordColumn::Type type) {
  switch (type) {
    case RecordColumn::Type::float64:
      return NumberType::float64;
    case RecordColumn::Type::float32:
      return NumberType::float32;
    case RecordColumn::Type::int32:
      return NumberType::int32;
    case RecordColumn::Type::int16:
      return NumberType::int16;
    case RecordColumn::Type::uint64:
      break;
  }
  return NumberType::uint64;
}

template <class Number>
void pack(const RecordColumn& column, std::span<const double> values,
          std::vector<std::byte>& bytes) {
  bytes.resize(values.size() * sizeof(Number));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Number number{};
    if constexpr (std::is_floating_point_v<Number>) {
      number = static_cast<Number>(values[i]);
    } else {
      // The largest 64-bit number is no double; what rounds up to it is beyond.
      constexpr double kBeyond =
          static_cast<double>(std::numeric_limits<Number>::max() / 2 + 1) * 2;
      const double rounded = std::rint(values[i]);
      if (!(rounded >= static_cast<double>(std::numeric_limits<Number>::min()) &&
            rounded < kBeyond)) {
        throw Error(ErrorKind::internal, fmt::format("{} does not fit in column '{}' of {}",
                                                     values[i], column.name, "individuals.h5"));
      }
      number = static_cast<Number>(rounded);
    }
    std::memcpy(&bytes[i * sizeof(Number)], &number, sizeof(Number));
  }
}

void pack_numbers(const RecordColumn& column, std::span<const double> values,
                  std::vector<std::byte>& bytes) {
  switch (column.type) {
    case RecordColumn::Type::float64:
      return pack<double>(column, values, bytes);
    case RecordColumn::Type::float32:
      return pack<float>(column, values, bytes);
    case RecordColumn::Type::int32:
      return pack<std::int32_t>(column, values, bytes);
    case RecordColumn::Type::int16:
      return pack<std::int16_t>(column, values, bytes);
    case RecordColumn::Type::uint64:
      return pack<std::uint64_t>(column, values, bytes);
  }
}

/// The columns of the file, named as its variables; those without place are left out by the writer
/// but keep their position, which is that of BlockRecord::values.
std::vector<RecordColumn> file_columns(const ObservationLayout& layout) {
  std::vector<RecordColumn> columns = record_columns(layout);
  const std::vector<std::string> names = probe_names(layout);
  for (std::size_t p = 0; p < names.size(); ++p) {
    // The columns of probes come last, in the order of the probes.
    const std::size_t first = columns.size() - (names.size() - p) * kSampledCount;
    for (std::size_t a = 0; a < kSampledCount; ++a) {
      columns[first + a].name = fmt::format("{}_{}", names[p], kSampled[a].name);
      columns[first + a].dimension = names[p] + "_sample";
    }
  }
  return columns;
}

std::uint64_t bytes_of_column(const RecordColumn& column, std::uint64_t individuals,
                              std::size_t arms) {
  return individuals * (column.per_arm ? arms : 1) * column.width *
         size_of(number_type(column.type));
}

}  // namespace

std::uint64_t individuals_file_size(const ObservationLayout& layout, std::uint64_t individuals,
                                    std::size_t arms) {
  std::uint64_t bytes = 0;
  for (const RecordColumn& column : record_columns(layout)) {
    bytes += bytes_of_column(column, individuals, arms);
  }
  return bytes;
}

IndividualsFile::IndividualsFile(const parallel::Communicator& comm, std::string path,
                                 const RunDescription& run, const ObservationLayout& layout)
    : comm_(comm), path_(std::move(path)), individuals_(run.individuals), arms_(run.arms.size()) {
  for (RecordColumn& column : file_columns(layout)) columns_.push_back({std::move(column), 0});

  // The name of the file, then its size and the offsets of its columns.
  std::string temporary;
  const std::vector<std::byte> numbers = parallel::on_root(comm_, [&] {
    const std::vector<std::uint64_t> offsets = lay_out(run, layout);
    const std::span<const std::byte> bytes = std::as_bytes(std::span(offsets));
    temporary = target_->temporary_path();
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  });
  comm_.broadcast(temporary);
  std::vector<std::uint64_t> offsets(columns_.size() + 1);
  std::memcpy(offsets.data(), numbers.data(), numbers.size());
  size_ = offsets.back();
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].offset = offsets[c];
  parallel::on_all(comm_, [&] { rows_.emplace(temporary, File::Mode::write); });
}

std::vector<std::uint64_t> IndividualsFile::lay_out(const RunDescription& run,
                                                    const ObservationLayout& layout) {
  if (individuals_ == 0 || arms_ == 0) {
    throw Error(ErrorKind::internal, "a file of individuals needs an individual and an arm");
  }
  NetcdfWriter content(path_);
  add_description(content, "individuals", run, layout.strata);
  const RecordColumn& scale = columns_.front().column;
  content.add_dimension(
      {scale.name, number_type(scale.type), {}, described_as(scale.unit, scale.doc)}, individuals_);
  add_codes(content, "arm", "arm of the study", run.arms);
  if (!layout.assessment_days.empty()) {
    add_days(
        content, "assessment", "day of the study, from 0, that ended with the assessment",
        std::vector<std::int32_t>(layout.assessment_days.begin(), layout.assessment_days.end()));
  }
  const std::vector<std::string> names = probe_names(layout);
  for (std::size_t p = 0; p < names.size(); ++p) {
    if (!layout.probes[p].minutes.empty()) add_samples(content, names[p], layout.probes[p]);
  }
  for (std::size_t c = 1; c < columns_.size(); ++c) {
    const RecordColumn& column = columns_[c].column;
    if (column.width == 0) continue;
    Variable variable{
        column.name, number_type(column.type), {}, described_as(column.unit, column.doc)};
    if (column.per_arm) variable.dimensions.push_back("arm");
    variable.dimensions.push_back(scale.name);
    if (!column.dimension.empty()) variable.dimensions.push_back(column.dimension);
    if (column.name == "stratum") add_flags(variable.attributes, layout.strata);
    content.add_variable(variable);
  }
  add_complete_mark(content);

  std::vector<std::uint64_t> offsets;
  for (const Column& column : columns_) {
    offsets.push_back(column.column.width == 0 ? 0 : content.offset_of(column.column.name));
  }
  frame_ = content.finish();
  offsets.push_back(frame_.size());
  target_.emplace(path_);
  target_->file().reserve(frame_.size());
  return offsets;
}

void IndividualsFile::write(const BlockRecord& record) {
  const std::uint64_t rows = record.rows;
  if (record.values.size() != columns_.size() || record.first_id > individuals_ ||
      rows > individuals_ - record.first_id) {
    throw Error(ErrorKind::internal,
                fmt::format("a block of {} columns, {} individuals from {} on is no part of the {} "
                            "columns, {} individuals of '{}'",
                            record.values.size(), rows, record.first_id, columns_.size(),
                            individuals_, path_));
  }
  std::vector<std::byte> bytes;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto& [column, offset] = columns_[c];
    const std::size_t arms = column.per_arm ? arms_ : 1;
    const std::size_t values_per_arm = record.rows * column.width;
    if (record.values[c].size() != arms * values_per_arm) {
      throw Error(ErrorKind::internal,
                  fmt::format("column '{}' has {} values for {} individuals in {} arms",
                              column.name, record.values[c].size(), rows, arms));
    }
    if (values_per_arm == 0) continue;
    const std::uint64_t bytes_per_row = column.width * size_of(number_type(column.type));
    for (std::size_t arm = 0; arm < arms; ++arm) {
      pack_numbers(
          column, std::span(record.values[c]).subspan(arm * values_per_arm, values_per_arm), bytes);
      rows_->write_at(offset + (arm * individuals_ + record.first_id) * bytes_per_row, bytes);
    }
  }
  written_ += static_cast<std::int64_t>(rows);
}

void IndividualsFile::publish() {
  const std::int64_t written = comm_.sum(written_.load());
  parallel::on_all(comm_, [&] {
    if (static_cast<std::uint64_t>(written) != individuals_) {
      throw Error(ErrorKind::internal, fmt::format("{} individuals of {} were written to '{}'",
                                                   written, individuals_, path_));
    }
    rows_->sync();
    rows_->close();
  });
  parallel::on_root(comm_, [&] {
    frame_.write_to(target_->file());
    target_->file().sync();
    const ResultsFile read_back(target_->temporary_path());
    target_->publish();
  });
}

}  // namespace eustress::io
