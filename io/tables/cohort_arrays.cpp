#include "io/tables/cohort_arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/error_list.hpp"
#include "core/text/number.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {

namespace {

// What `read` gives, or nothing and its message in `errors`.
template <class Read>
auto tried(ErrorList& errors, Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    errors.add(error.what());
    return std::nullopt;
  }
}

void check_ids(const CohortTable& table, const std::string& column, ErrorList& errors) {
  std::unordered_map<std::string_view, std::size_t> row_of;
  for (std::size_t r = 0; r < table.ids.size(); ++r) {
    const std::string start = fmt::format("{}:{}[{}]: ", table.file, column, r);
    if (table.ids[r].empty()) {
      errors.add(start + "the id is blank");
      continue;
    }
    const auto [entry, is_new] = row_of.try_emplace(table.ids[r], r);
    if (is_new) continue;
    errors.add(fmt::format("{}the id {} occurs already at [{}]", start, quoted_cell(table.ids[r]),
                           entry->second));
  }
}

}  // namespace

CohortTable parse_cohort_arrays(std::string_view bytes, const std::string& file,
                                const CohortRequest& request) {
  const ForeignFile arrays(bytes, file);
  const std::vector<std::string> there = arrays.variables();
  ErrorList errors;
  const auto has = [&](const std::string& name) {
    if (std::ranges::find(there, name) != there.end()) return true;
    errors.add(fmt::format("{}: no variable {} in the root group.{}", file, quoted_cell(name),
                           did_you_mean(name, there)));
    return false;
  };

  CohortTable table;
  table.file = file;
  table.is_array = true;
  std::vector<std::vector<double>> columns;
  if (request.columns.empty()) {
    ErrorList not_columns;
    for (const std::string& name : there) {
      if (name == request.id_column) continue;
      auto values = tried(not_columns, [&] { return arrays.numbers(name); });
      if (!values) continue;
      table.columns.push_back(name);
      columns.push_back(*std::move(values));
    }
  }
  for (const std::string& name : request.columns) {
    if (!has(name)) continue;
    auto values = tried(errors, [&] { return arrays.numbers(name); });
    if (!values) continue;
    table.columns.push_back(name);
    columns.push_back(*std::move(values));
  }
  if (!request.id_column.empty() && has(request.id_column)) {
    if (auto ids = tried(errors, [&] { return arrays.texts(request.id_column); })) {
      table.ids = *std::move(ids);
      check_ids(table, request.id_column, errors);
    }
  }
  const std::size_t rows = columns.empty() ? table.ids.size() : columns[0].size();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].size() != rows) {
      errors.add(fmt::format("{}: variable '{}' has {} rows, and '{}' has {}", file,
                             table.columns[c], columns[c].size(), table.columns[0], rows));
    }
    for (std::size_t r = 0; r < columns[c].size(); ++r) {
      if (!std::isinf(columns[c][r])) continue;
      errors.add(
          fmt::format("{}:{}[{}]: {} is not a finite number; a missing value is NaN or the "
                      "_FillValue of the variable",
                      file, table.columns[c], r, number_text(columns[c][r])));
    }
  }
  if (!request.id_column.empty() && !table.ids.empty() && table.ids.size() != rows) {
    errors.add(fmt::format("{}: variable '{}' has {} rows, and '{}' has {}", file,
                           request.id_column, table.ids.size(), table.columns[0], rows));
  }
  errors.throw_if_any(ErrorKind::input);
  if (rows == 0) {
    throw Error(ErrorKind::input, file + ": empty cohort: the variables have no rows");
  }
  table.lines.resize(rows);
  std::iota(table.lines.begin(), table.lines.end(), std::uint64_t{0});
  table.cells.reserve(rows * columns.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::vector<double>& column : columns) table.cells.push_back(column[r]);
  }
  return table;
}

CohortTable parse_cohort(std::string_view bytes, const std::string& file,
                         const CohortRequest& request) {
  if (is_hdf5(bytes)) return parse_cohort_arrays(bytes, file, request);
  if (bytes.starts_with("CDF\x01") || bytes.starts_with("CDF\x02") ||
      bytes.starts_with("CDF\x05")) {
    throw Error(ErrorKind::input, file +
                                      ": is in the classic netCDF format; netCDF-4 is needed, as "
                                      "made by nccopy -k nc4 IN OUT");
  }
  for (const std::string_view extension : {".nc", ".nc4", ".h5", ".hdf5"}) {
    if (file.ends_with(extension)) {
      throw Error(ErrorKind::input, file + ": is neither a netCDF-4 nor an HDF5 file");
    }
  }
  return parse_cohort_table(bytes, file, request);
}

}  // namespace eustress::io
