#include "io/tables/correlation_csv.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/error_list.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {

namespace {

// The factor called `name`, noting an error if there is none or if it has been there before.
std::optional<Factor> take_factor(const std::string& name, const std::string& start,
                                  std::array<bool, kFactors>& seen, ErrorList& errors) {
  const std::optional<Factor> factor = find_factor(name);
  if (!factor) {
    errors.add(start + quoted_cell(name) + " is not a resilience factor." +
               did_you_mean(name, kFactorNames));
    return std::nullopt;
  }
  bool& taken = seen[index_of(*factor)];
  if (taken) {
    errors.add(start + "factor " + name + " is there twice");
    return std::nullopt;
  }
  taken = true;
  return factor;
}

}  // namespace

FactorCorrelations parse_correlations(std::string_view text, const std::string& file) {
  check_is_text(text, file);
  CsvRecords records(text);
  ErrorList errors;
  if (!records.next()) {
    throw Error(ErrorKind::input,
                file + (records.defect().empty()
                            ? ": the file is empty; it must have a header and a row for each factor"
                            : ":" + std::to_string(records.line()) + ": " + records.defect()));
  }
  const auto place = [&] { return file + ":" + std::to_string(records.line()) + ": "; };

  std::array<bool, kFactors> in_header{};
  std::vector<std::optional<Factor>> columns;
  for (std::size_t i = 1; i < records.size(); ++i) {
    columns.push_back(take_factor(records.cell(i), place(), in_header, errors));
  }

  std::array<bool, kFactors> in_rows{};
  // Values by factor, since rows and columns may be in different orders.
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(kFactors, kFactors);
  while (records.next()) {
    if (records.size() != columns.size() + 1) {
      errors.add(place() + std::to_string(records.size()) + " cells, but the header has " +
                 std::to_string(columns.size() + 1));
      continue;
    }
    const std::optional<Factor> row = take_factor(records.cell(0), place(), in_rows, errors);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto parsed = parse_cell(records.cell(i + 1));
      const std::string start =
          file + ":" + std::to_string(records.line()) + ":" +
          (columns[i] ? std::string(name_of(*columns[i])) : std::to_string(i + 2)) + ": ";
      if (const std::string* wrong = std::get_if<std::string>(&parsed)) {
        errors.add(start + *wrong);
      } else if (std::isnan(std::get<double>(parsed))) {
        errors.add(start + "the correlation is missing; every cell needs a value");
      } else if (row && columns[i]) {
        all(static_cast<Eigen::Index>(index_of(*row)),
            static_cast<Eigen::Index>(index_of(*columns[i]))) = std::get<double>(parsed);
      }
    }
  }
  if (!records.defect().empty()) errors.add(place() + records.defect());
  if (errors.empty()) {
    for (const FactorInfo& info : kFactorTable) {
      const std::size_t i = index_of(info.factor);
      if (in_header[i] == in_rows[i]) continue;
      errors.add(file + ": factor " + std::string(info.name) + " has a " +
                 (in_header[i] ? "column but no row" : "row but no column") +
                 "; the matrix must be square");
    }
    if (columns.empty()) errors.add(file + ": the matrix has no factors");
  }
  errors.throw_if_any(ErrorKind::input);

  FactorCorrelations out;
  std::vector<std::string> names;
  for (const std::optional<Factor>& column : columns) {
    out.factors.push_back(*column);
    names.emplace_back(name_of(*column));
  }
  const auto n = static_cast<Eigen::Index>(out.factors.size());
  out.values.resize(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      out.values(i, j) =
          all(static_cast<Eigen::Index>(index_of(out.factors[static_cast<std::size_t>(i)])),
              static_cast<Eigen::Index>(index_of(out.factors[static_cast<std::size_t>(j)])));
    }
  }
  check_correlations(out.values, names, file);
  return out;
}

FactorCorrelations read_correlations(const std::string& path) {
  return parse_correlations(read_text_file(path), path);
}

}  // namespace eustress::io
