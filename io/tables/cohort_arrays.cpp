#include "io/tables/cohort_arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "core/text/error_list.hpp"
#include "core/text/number.hpp"
#include "io/files/isolated_work.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {

namespace {

// How long reading may compute: some hundred times of what it needs.
constexpr std::uint64_t kSeconds = 5;
constexpr std::uint64_t kBytesPerSecond = 1'000'000;

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

// --- from one process to the other --------------------------------------------------------------

void pack(std::string& to, std::uint64_t number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void pack(std::string& to, const std::vector<std::string>& texts) {
  pack(to, texts.size());
  for (const std::string& text : texts) {
    pack(to, text.size());
    to += text;
  }
}

std::string packed(const CohortTable& table) {
  std::string bytes;
  pack(bytes, table.rows());
  pack(bytes, table.columns);
  pack(bytes, table.ids);
  bytes.append(reinterpret_cast<const char*>(table.cells.data()),
               table.cells.size() * sizeof(double));
  return bytes;
}

/// Takes off the front what pack() has put there. Whoever has packed may have met a damaged file,
/// and what it sends is no better: nothing is taken that is not there.
class Unpacking {
 public:
  Unpacking(std::string_view bytes, const std::string& file) : rest_(bytes), file_(file) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::vector<std::string> texts() {
    const std::uint64_t count = number();
    require(count <= rest_.size() / sizeof(std::uint64_t));
    std::vector<std::string> result;
    result.reserve(count);
    while (result.size() < count) result.emplace_back(take(number()));
    return result;
  }
  /// All that remains.
  std::vector<double> numbers(std::uint64_t rows, std::uint64_t columns) {
    require(columns == 0 ? rest_.empty()
                         : rest_.size() % (columns * sizeof(double)) == 0 &&
                               rest_.size() / (columns * sizeof(double)) == rows);
    std::vector<double> values(rest_.size() / sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), rest_.data(), rest_.size());
    return values;
  }
  void require(bool holds) const {
    if (holds) return;
    throw Error(
        ErrorKind::input,
        fmt::format("cannot read '{}': the library that reads it gave back nonsense, so the "
                    "file is damaged; make it anew, or give it as CSV",
                    file_));
  }

 private:
  std::string_view take(std::uint64_t size) {
    require(size <= rest_.size());
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }

  std::string_view rest_;
  const std::string& file_;
};

CohortTable unpacked(std::string_view bytes, const std::string& file,
                     const CohortRequest& request) {
  Unpacking from(bytes, file);
  CohortTable table;
  table.file = file;
  table.is_array = true;
  const std::uint64_t rows = from.number();
  table.columns = from.texts();
  table.ids = from.texts();
  from.require(rows > 0 && table.ids.size() == (request.id_column.empty() ? 0 : rows) &&
               (!table.columns.empty() || !table.ids.empty()));
  table.cells = from.numbers(rows, table.columns.size());
  table.lines.resize(rows);
  std::iota(table.lines.begin(), table.lines.end(), std::uint64_t{0});
  return table;
}

CohortTable read_arrays(std::string_view bytes, const std::string& file,
                        const CohortRequest& request) {
  const ForeignFile arrays(bytes, file);
  const std::vector<std::string> there = arrays.variables();
  ErrorList errors;
  const auto has = [&](const std::string& name) {
    if (std::ranges::find(there, name) != there.end()) return true;
    errors.add(fmt::format("{}: no variable {} in the root group{}.{}", file, quoted_cell(name),
                           asked_for(name, request), instead_of_column(name, there)));
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
  bool has_ids = false;
  if (!request.id_column.empty() && has(request.id_column)) {
    if (auto ids = tried(errors, [&] { return arrays.texts(request.id_column); })) {
      has_ids = true;
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
  if (has_ids && table.ids.size() != rows) {
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

}  // namespace

CohortTable parse_cohort_arrays(std::string_view bytes, const std::string& file,
                                const CohortRequest& request) {
  // On some damaged files HDF5 1.10 writes behind its buffers, on others it never comes to an end.
  const std::uint64_t seconds = kSeconds + bytes.size() / kBytesPerSecond;
  return unpacked(in_process_of_its_own(file, seconds,
                                        [&] { return packed(read_arrays(bytes, file, request)); }),
                  file, request);
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
