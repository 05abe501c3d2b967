#include "io/results/individuals_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "io/results/results_file.hpp"

namespace eustress::io {
namespace {

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
          2.0 * static_cast<double>(Number{1} << (std::numeric_limits<Number>::digits - 1));
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

std::vector<RowColumn> row_columns(const std::vector<RecordColumn>& columns,
                                   std::uint64_t individuals, std::size_t arms) {
  std::vector<RowColumn> rows;
  for (const RecordColumn& column : columns) {
    rows.push_back({individuals * (column.per_arm ? arms : 1),
                    column.width * size_of(number_type(column.type))});
  }
  return rows;
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
    : run_(run),
      layout_(layout),
      individuals_(run.individuals),
      arms_(run.arms.size()),
      columns_(file_columns(layout)),
      rows_(comm, std::move(path), row_columns(columns_, run.individuals, run.arms.size()),
            [this](NetcdfWriter& content) { return lay_out(content); }) {}

std::vector<RowVariable> IndividualsFile::lay_out(NetcdfWriter& content) const {
  if (individuals_ == 0 || arms_ == 0) {
    throw Error(ErrorKind::internal, "a file of individuals needs an individual and an arm");
  }
  std::vector<RowVariable> variables;
  const auto fixed = [&](const std::string& name, std::size_t length) {
    variables.push_back({name, length * size_of(NumberType::int32), std::nullopt, 1});
  };
  const auto rows = [&](std::size_t c) {
    variables.push_back(
        {columns_[c].name, bytes_of_column(columns_[c], individuals_, arms_), c, 1});
  };

  add_description(content, "individuals", run_, layout_.strata);
  const RecordColumn& scale = columns_.front();
  content.add_dimension(
      {scale.name, number_type(scale.type), {}, described_as(scale.unit, scale.doc)}, individuals_);
  rows(0);
  add_codes(content, "arm", "arm of the study", run_.arms);
  fixed("arm", arms_);
  if (!layout_.assessment_days.empty()) {
    add_days(
        content, "assessment", "day of the study, from 0, that ended with the assessment",
        std::vector<std::int32_t>(layout_.assessment_days.begin(), layout_.assessment_days.end()));
    fixed("assessment", layout_.assessment_days.size());
  }
  const std::vector<std::string> names = probe_names(layout_);
  for (std::size_t p = 0; p < names.size(); ++p) {
    const auto& probe = layout_.probes[p];
    if (probe.minutes.empty()) continue;
    add_samples(content, names[p], probe);
    fixed(names[p] + "_sample", probe.minutes.size());
  }
  for (std::size_t c = 1; c < columns_.size(); ++c) {
    const RecordColumn& column = columns_[c];
    if (column.width == 0) continue;
    Variable variable{
        column.name, number_type(column.type), {}, described_as(column.unit, column.doc)};
    if (column.per_arm) variable.dimensions.push_back("arm");
    variable.dimensions.push_back(scale.name);
    if (!column.dimension.empty()) variable.dimensions.push_back(column.dimension);
    if (column.name == "stratum") add_flags(variable.attributes, layout_.strata);
    content.add_variable(variable);
    rows(c);
  }
  return variables;
}

void IndividualsFile::write(const BlockRecord& record) {
  const std::uint64_t rows = record.rows;
  if (record.values.size() != columns_.size() || record.first_id > individuals_ ||
      rows > individuals_ - record.first_id) {
    throw Error(ErrorKind::internal,
                fmt::format("a block of {} columns, {} individuals from {} on is no part of the {} "
                            "columns, {} individuals of '{}'",
                            record.values.size(), rows, record.first_id, columns_.size(),
                            individuals_, rows_.path()));
  }
  std::vector<std::byte> bytes;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const RecordColumn& column = columns_[c];
    const std::size_t arms = column.per_arm ? arms_ : 1;
    const std::size_t values_per_arm = record.rows * column.width;
    if (record.values[c].size() != arms * values_per_arm) {
      throw Error(ErrorKind::internal,
                  fmt::format("column '{}' has {} values for {} individuals in {} arms",
                              column.name, record.values[c].size(), rows, arms));
    }
    if (values_per_arm == 0) continue;
    for (std::size_t arm = 0; arm < arms; ++arm) {
      pack_numbers(
          column, std::span(record.values[c]).subspan(arm * values_per_arm, values_per_arm), bytes);
      rows_.write(c, arm * individuals_ + record.first_id, bytes);
    }
  }
}

}  // namespace eustress::io
