#include "io/tables/cohort_csv.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/error_list.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {

namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

// Which cell of a record goes where.
struct Header {
  std::vector<std::string> names;  ///< of all cells
  std::size_t id = kNoColumn;
  std::vector<std::size_t> wanted;  ///< positions of the numeric columns
};

Header read_header(const CsvRecords& records, const std::string& file, const CohortRequest& request,
                   ErrorList& errors) {
  const std::string start = file + ":" + std::to_string(records.line()) + ": ";
  Header header;
  std::unordered_map<std::string, std::size_t> first_of;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& name = records.cell(i);
    header.names.push_back(name);
    if (name.empty()) continue;  // such as the row names that R writes
    const auto [entry, is_new] = first_of.try_emplace(name, i);
    if (!is_new) {
      errors.add(start + "duplicate header: columns " + std::to_string(entry->second + 1) +
                 " and " + std::to_string(i + 1) + " are both called " + quoted_cell(name));
    }
  }
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto found = first_of.find(name);
    if (found != first_of.end()) return found->second;
    std::string hint = instead_of_column(name, header.names);
    if (records.size() == 1 && did_you_mean(name, header.names).empty()) {
      hint = " The header is a single cell, " + quoted_cell(header.names[0]) +
             "; cells are separated by commas.";
    }
    errors.add(start + "no column " + quoted_cell(name) + " in the header" +
               asked_for(name, request) + "." + hint);
    return std::nullopt;
  };
  if (!request.id_column.empty()) header.id = find(request.id_column).value_or(kNoColumn);
  if (request.columns.empty()) {
    for (std::size_t i = 0; i < header.names.size(); ++i) {
      if (i != header.id && !header.names[i].empty()) header.wanted.push_back(i);
    }
  } else {
    for (const std::string& name : request.columns) {
      if (const auto position = find(name)) header.wanted.push_back(*position);
    }
  }
  return header;
}

}  // namespace

std::string instead_of_column(const std::string& name, std::span<const std::string> there) {
  constexpr std::size_t kMostListed = 12;
  if (std::string hint = did_you_mean(name, there); !hint.empty()) return hint;
  std::string list;
  std::size_t listed = 0, left_out = 0;
  for (const std::string& column : there) {
    if (column.empty()) continue;
    if (listed == kMostListed) {
      ++left_out;
      continue;
    }
    list += (listed++ > 0 ? ", " : " There are: ") + quoted_cell(column);
  }
  return left_out > 0 ? list + " and " + std::to_string(left_out) + " more" : list;
}

std::string asked_for(const std::string& name, const CohortRequest& request) {
  return request.asked_at ? " (asked for at " + request.asked_at(name) + ")" : "";
}

CohortTable parse_cohort_table(std::string_view text, const std::string& file,
                               const CohortRequest& request) {
  check_is_text(text, file);
  CsvRecords records(text);
  if (!records.next()) {
    throw Error(ErrorKind::input,
                file + (records.defect().empty()
                            ? ": the file is empty; it must have a header and a row for each person"
                            : ":" + std::to_string(records.line()) + ": " + records.defect()));
  }
  ErrorList errors;
  const Header header = read_header(records, file, request, errors);

  CohortTable table;
  table.file = file;
  for (const std::size_t i : header.wanted) table.columns.push_back(header.names[i]);
  std::unordered_map<std::string, std::uint64_t> line_of_id;
  while (records.next()) {
    const std::string start = file + ":" + std::to_string(records.line()) + ":";
    table.lines.push_back(records.line());
    if (records.size() != header.names.size()) {
      errors.add(start + " " + std::to_string(records.size()) + " cells, but the header has " +
                 std::to_string(header.names.size()));
      continue;
    }
    for (const std::size_t i : header.wanted) {
      auto parsed = parse_cell(records.cell(i));
      if (const double* value = std::get_if<double>(&parsed)) {
        table.cells.push_back(*value);
      } else {
        errors.add(start + header.names[i] + ": " + std::get<std::string>(parsed));
      }
    }
    if (header.id != kNoColumn) {
      const std::string& id = records.cell(header.id);
      if (id.empty()) {
        errors.add(start + header.names[header.id] + ": the id is blank");
        continue;
      }
      const auto [entry, is_new] = line_of_id.try_emplace(id, records.line());
      if (is_new) {
        table.ids.push_back(id);
      } else {
        errors.add(start + header.names[header.id] + ": the id " + quoted_cell(id) +
                   " occurs already in line " + std::to_string(entry->second));
      }
    }
  }
  if (!records.defect().empty()) {
    errors.add(file + ":" + std::to_string(records.line()) + ": " + records.defect());
  }
  if (table.lines.empty() && records.defect().empty()) {
    errors.add(file + ": empty cohort: the file has a header but no rows");
  }
  errors.throw_if_any(ErrorKind::input);
  return table;
}

CohortTable read_cohort_table(const std::string& path, const CohortRequest& request) {
  return parse_cohort_table(read_text_file(path), path, request);
}

}  // namespace eustress::io
