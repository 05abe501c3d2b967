#include "io/export/tidy_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "io/export/csv_file.hpp"
#include "io/files/file.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/results_file.hpp"

namespace eustress::io {

namespace {

using Content = NetcdfReader::Content;

constexpr std::string_view kSampleSuffix = "_sample";
/// Numbers that are in memory at a time.
constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;

bool is_coordinate(const Content& variable) {
  return variable.dimensions.size() == 1 && variable.dimensions.front() == variable.name;
}

std::string text_attribute(const Content& variable, std::string_view name) {
  const auto found = std::ranges::find(variable.attributes, name, &Attribute::name);
  if (found == variable.attributes.end()) return "";
  const auto* text = std::get_if<std::string>(&found->value);
  return text == nullptr ? "" : *text;
}

/// What a number that is a code means, or the number itself.
class Codes {
 public:
  Codes() = default;
  Codes(const ResultsFile& file, const Content& variable) : type_(variable.type) {
    if (variable.name == "arm") meanings_ = file.arms();
    if (variable.name == "stratum") meanings_ = file.strata();
    // Written so where a person has none.
    if (variable.name == "group") is_negative_missing_ = true;
    if (!meanings_.empty()) return;
    std::istringstream words(text_attribute(variable, "flag_meanings"));
    for (std::string word; words >> word;) meanings_.push_back(word);
  }

  void write(CsvFile& table, double value) const {
    if (is_negative_missing_ && value < 0.0) return table.empty();
    const auto code = static_cast<std::size_t>(std::max(0.0, value));
    if (value >= 0.0 && code < meanings_.size()) return table.text(meanings_[code]);
    table.number(value, type_);
  }

 private:
  NumberType type_ = NumberType::float64;
  std::vector<std::string> meanings_;
  bool is_negative_missing_ = false;
};

/// The values of a dimension, as they are shown.
struct Scale {
  std::string name;
  std::vector<double> values;
  Codes codes;

  Scale(const ResultsFile& file, const std::string& dimension)
      : name(dimension),
        values(file.read(dimension).values),
        codes(file, file.described(dimension)) {}
  void write(CsvFile& table, std::size_t index) const { codes.write(table, values[index]); }
};

// --- results.nc ----------------------------------------------------------------------------------

/// A number of a quantity: a column of the wide form.
struct Statistic {
  std::string variable;
  std::size_t column = 0;  ///< in the table
  std::size_t width = 1;   ///< of the quantiles
};

struct QuantityRows {
  std::string name, probe;
  std::vector<std::string> dimensions;  ///< without replicate, arm, stratum, quantile
  bool has_replicate = false, has_arm = false, has_stratum = false;
  std::string middles;  ///< variable with the middles of the bins
  std::vector<Statistic> statistics;
};

struct Table {
  std::string file;
  std::vector<std::string> axes;        ///< columns of the dimensions
  std::vector<std::string> statistics;  ///< columns
  std::vector<QuantityRows> quantities;

  [[nodiscard]] bool has_probe() const { return file == "probes.csv"; }
  [[nodiscard]] bool has_middles() const {
    return std::ranges::any_of(quantities, [](const auto& q) { return !q.middles.empty(); });
  }
};

std::string without(std::string_view text, std::string_view prefix, std::string_view suffix) {
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return std::string(text);
}

bool is_among(std::string_view name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

class ResultsTables {
 public:
  explicit ResultsTables(const ResultsFile& file) : file_(file) { sort_variables(); }

  void write(const std::string& directory, bool is_long,
             std::vector<std::unique_ptr<CsvFile>>& written) const;
  [[nodiscard]] const std::vector<Table>& tables() const { return tables_; }

 private:
  void sort_variables();
  void add(const Content& variable);
  Table& table_of(const QuantityRows& quantity);
  void write_header(const Table& table, bool is_long, CsvFile& csv) const;
  void write_quantity(const Table& table, const QuantityRows& quantity, bool is_long,
                      CsvFile& csv) const;

  const ResultsFile& file_;
  std::vector<Table> tables_;
};

/// The statistic that the end of a name tells, and the column of its first number.
struct Ending {
  std::string_view suffix, column;
};
constexpr std::array kEndings = {
    Ending{"_mean", "mean"},       Ending{"_sd", "sd"},     Ending{"_count", "count"},
    Ending{"_histogram", "count"}, Ending{"_quantile", ""},
};

/// The mean first, then what qualifies it, whatever the order in the file.
void put_in_order(Table& table) {
  const auto rank = [](const std::string& column) {
    constexpr std::array<std::string_view, 3> kFirst = {"mean", "sd", "count"};
    return std::ranges::find(kFirst, column) - kFirst.begin();
  };
  std::vector<std::string> ordered = table.statistics;
  std::ranges::stable_sort(ordered, {}, rank);
  for (QuantityRows& quantity : table.quantities) {
    for (Statistic& statistic : quantity.statistics) {
      const auto place = std::ranges::find(ordered, table.statistics[statistic.column]);
      statistic.column = static_cast<std::size_t>(place - ordered.begin());
    }
  }
  table.statistics = std::move(ordered);
}

void ResultsTables::sort_variables() {
  // Counts that belong to other numbers of the same shape stand beside these.
  std::vector<std::string> counts, helpers;
  for (const Content& variable : file_.variables()) {
    const std::string count = text_attribute(variable, "ancillary_variables");
    if (!count.empty() && file_.has(count)) {
      std::vector<std::string> dimensions = variable.dimensions;
      std::erase(dimensions, "quantile");
      if (file_.described(count).dimensions == dimensions) counts.push_back(count);
    }
    const std::string middles = text_attribute(variable, "coordinates");
    if (!middles.empty()) helpers.push_back(middles);
  }
  for (const Content& variable : file_.variables()) {
    if (is_coordinate(variable) || is_among(variable.name, counts) ||
        is_among(variable.name, helpers)) {
      continue;
    }
    add(variable);
  }
  for (Table& table : tables_) put_in_order(table);
}

Table& ResultsTables::table_of(const QuantityRows& quantity) {
  std::string name;
  std::vector<std::string> axes = quantity.dimensions;
  if (axes.empty()) {
    name = "outcomes.csv";
  } else if (axes.size() == 1 && axes[0] == "day") {
    name = "series.csv";
  } else if (axes.size() == 1 && axes[0] == "assessment") {
    name = "assessments.csv";
  } else if (axes.size() == 1 && axes[0] == "bin") {
    name = "histograms.csv";
  } else if (axes.size() == 1 && axes[0].ends_with(kSampleSuffix)) {
    name = "probes.csv";
    axes = {"minute"};
  } else {
    name = fmt::format("outcomes_{}.csv", fmt::join(axes, "_"));
  }
  const auto found = std::ranges::find(tables_, name, &Table::file);
  if (found != tables_.end()) return *found;
  return tables_.emplace_back(Table{std::move(name), std::move(axes), {}, {}});
}

void ResultsTables::add(const Content& variable) {
  QuantityRows rows;
  for (const std::string& dimension : variable.dimensions) {
    if (dimension == "replicate") {
      rows.has_replicate = true;
    } else if (dimension == "arm") {
      rows.has_arm = true;
    } else if (dimension == "stratum") {
      rows.has_stratum = true;
    } else if (dimension != "quantile") {
      rows.dimensions.push_back(dimension);
    }
  }
  std::vector<std::string> columns = {"value"};
  std::string_view suffix;
  const bool has_quantiles = variable.dimensions.back() == "quantile";
  for (const Ending& ending : kEndings) {
    if (!variable.name.ends_with(ending.suffix) ||
        has_quantiles != (ending.suffix == "_quantile")) {
      continue;
    }
    suffix = ending.suffix;
    columns = {std::string(ending.column)};
  }
  if (has_quantiles) {
    columns.clear();
    for (const double q : file_.read("quantile").values) {
      std::string percent = fmt::format("{}", std::round(1e6 * q) / 1e4);
      if (q < 0.1) percent.insert(0, "0");
      columns.push_back("q" + percent);
    }
  }
  std::string prefix;
  if (rows.dimensions.size() == 1) {
    const std::string& along = rows.dimensions.front();
    if (along == "day") prefix = "series_";
    if (along == "assessment" || along == "bin") prefix = "assessed_";
    if (along.ends_with(kSampleSuffix)) {
      rows.probe = without(along, "", kSampleSuffix);
      prefix = fmt::format("probe_{}_", rows.probe);
    }
  }
  rows.name = without(variable.name, prefix, suffix);
  rows.middles = text_attribute(variable, "coordinates");

  Table& table = table_of(rows);
  const auto same = [&](const QuantityRows& q) {
    return q.name == rows.name && q.dimensions == rows.dimensions;
  };
  auto quantity = std::ranges::find_if(table.quantities, same);
  if (quantity == table.quantities.end()) {
    table.quantities.push_back(rows);
    quantity = table.quantities.end() - 1;
  }
  const auto add_statistic = [&](const std::string& name, std::vector<std::string> names) {
    for (const std::string& column : names) {
      if (!is_among(column, table.statistics)) table.statistics.push_back(column);
    }
    const auto first = std::ranges::find(table.statistics, names.front());
    quantity->statistics.push_back(
        {name, static_cast<std::size_t>(first - table.statistics.begin()), names.size()});
  };
  add_statistic(variable.name, columns);
  const std::string count = text_attribute(variable, "ancillary_variables");
  const bool has_count =
      std::ranges::any_of(quantity->statistics, [&](const auto& s) { return s.variable == count; });
  if (count.empty() || has_count || !file_.has(count)) return;
  std::vector<std::string> dimensions = variable.dimensions;
  std::erase(dimensions, "quantile");
  if (file_.described(count).dimensions == dimensions) add_statistic(count, {"count"});
}

void ResultsTables::write_header(const Table& table, bool is_long, CsvFile& csv) const {
  if (file_.has("replicate")) csv.text("replicate");
  csv.text("arm");
  csv.text("stratum");
  if (table.has_probe()) csv.text("probe");
  for (const std::string& axis : table.axes) csv.text(axis);
  if (table.has_middles()) csv.text("middle");
  csv.text("quantity");
  if (is_long) {
    csv.text("statistic");
    csv.text("value");
  } else {
    for (const std::string& statistic : table.statistics) csv.text(statistic);
  }
  csv.end_row();
}

void ResultsTables::write_quantity(const Table& table, const QuantityRows& quantity, bool is_long,
                                   CsvFile& csv) const {
  const bool has_replicates = file_.has("replicate");
  const auto scale_of = [&](bool is_there, const char* dimension) {
    return is_there ? std::optional<Scale>(std::in_place, file_, dimension) : std::nullopt;
  };
  const auto replicates = scale_of(quantity.has_replicate, "replicate");
  const auto arms = scale_of(quantity.has_arm, "arm");
  const auto strata = scale_of(quantity.has_stratum, "stratum");
  std::vector<Scale> axes;
  std::size_t places = 1;
  for (const std::string& dimension : quantity.dimensions) {
    axes.emplace_back(file_, dimension);
    places *= axes.back().values.size();
  }
  const std::vector<double> middles =
      quantity.middles.empty() ? std::vector<double>{} : file_.read(quantity.middles).values;
  const auto length = [](const auto& scale) { return scale ? scale->values.size() : 1; };

  struct Source {
    NumberType type = NumberType::float64;
    std::vector<double> values;
  };
  std::vector<Source> sources(quantity.statistics.size());
  std::vector<std::pair<double, NumberType>> cells(table.statistics.size());
  const auto write_place = [&](std::size_t r, std::size_t a, std::size_t s, std::size_t place) {
    if (has_replicates) replicates ? replicates->write(csv, r) : csv.empty();
    arms ? arms->write(csv, a) : csv.empty();
    strata ? strata->write(csv, s) : csv.empty();
    if (table.has_probe()) csv.text(quantity.probe);
    std::size_t rest = places;
    for (const Scale& axis : axes) {
      rest /= axis.values.size();
      axis.write(csv, place / rest % axis.values.size());
    }
    if (table.has_middles()) {
      place < middles.size() ? csv.number(middles[place], NumberType::float64) : csv.empty();
    }
    csv.text(quantity.name);
  };
  for (std::size_t r = 0; r < length(replicates); ++r) {
    for (std::size_t a = 0; a < length(arms); ++a) {
      for (std::size_t i = 0; i < sources.size(); ++i) {
        const Content& content = file_.described(quantity.statistics[i].variable);
        std::vector<std::uint64_t> starts(content.shape.size(), 0), counts = content.shape;
        for (std::size_t d = 0; d < content.dimensions.size(); ++d) {
          const bool is_replicate = content.dimensions[d] == "replicate";
          if (!is_replicate && content.dimensions[d] != "arm") continue;
          starts[d] = is_replicate ? r : a;
          counts[d] = 1;
        }
        sources[i] = {content.type, file_.read(content.name, starts, counts)};
      }
      for (std::size_t s = 0; s < length(strata); ++s) {
        for (std::size_t place = 0; place < places; ++place) {
          std::ranges::fill(cells, std::pair{std::nan(""), NumberType::float64});
          for (std::size_t i = 0; i < sources.size(); ++i) {
            const Statistic& statistic = quantity.statistics[i];
            for (std::size_t w = 0; w < statistic.width; ++w) {
              cells[statistic.column + w] = {
                  sources[i].values[(s * places + place) * statistic.width + w], sources[i].type};
            }
          }
          if (!is_long) {
            write_place(r, a, s, place);
            for (const auto& [value, type] : cells) csv.number(value, type);
            csv.end_row();
            continue;
          }
          for (const Statistic& statistic : quantity.statistics) {
            for (std::size_t w = 0; w < statistic.width; ++w) {
              const std::size_t column = statistic.column + w;
              write_place(r, a, s, place);
              csv.text(table.statistics[column]);
              csv.number(cells[column].first, cells[column].second);
              csv.end_row();
            }
          }
        }
      }
    }
  }
}

void ResultsTables::write(const std::string& directory, bool is_long,
                          std::vector<std::unique_ptr<CsvFile>>& written) const {
  for (const Table& table : tables_) {
    auto csv = std::make_unique<CsvFile>(fmt::format("{}/{}", directory, table.file));
    write_header(table, is_long, *csv);
    for (const QuantityRows& quantity : table.quantities) {
      write_quantity(table, quantity, is_long, *csv);
    }
    written.push_back(std::move(csv));
  }
}

// --- individuals.h5, traces.nc -------------------------------------------------------------------

struct PeopleTable {
  std::string file;
  std::vector<std::string> along;  ///< dimensions after individual
  std::vector<const Content*> columns;
};

std::string people_file(const ResultsFile& file, const std::vector<std::string>& along) {
  if (file.content() == ResultsFile::Content::traces) {
    if (along.size() == 1 && along.front() == "time") return "traces.csv";
    return fmt::format("traces_{}.csv", fmt::join(along, "_"));
  }
  if (along.empty()) return "individuals.csv";
  if (along.front() == "assessment") return "assessments_individuals.csv";
  if (along.front().ends_with(kSampleSuffix)) {
    return fmt::format("probe_{}_individuals.csv", without(along.front(), "", kSampleSuffix));
  }
  return fmt::format("{}_individuals.csv", fmt::join(along, "_"));
}

class IndividualsTables {
 public:
  explicit IndividualsTables(const ResultsFile& file);
  void write(const std::string& directory, bool is_long,
             std::vector<std::unique_ptr<CsvFile>>& written) const;
  [[nodiscard]] const std::vector<PeopleTable>& tables() const { return tables_; }

 private:
  void write_rows(const PeopleTable& table, bool is_long, CsvFile& csv) const;

  const ResultsFile& file_;
  std::vector<PeopleTable> tables_;
};

bool is_per_arm(const Content& variable) {
  return variable.dimensions.front() == "arm";
}

IndividualsTables::IndividualsTables(const ResultsFile& file) : file_(file) {
  for (const Content& variable : file.variables()) {
    if (is_coordinate(variable)) continue;
    const std::size_t person = is_per_arm(variable) ? 1 : 0;
    const std::size_t rank = variable.dimensions.size();
    if (rank <= person || variable.dimensions[person] != "individual") continue;
    const std::vector<std::string> along(
        variable.dimensions.begin() + static_cast<std::ptrdiff_t>(person) + 1,
        variable.dimensions.end());
    auto table = std::ranges::find(tables_, along, &PeopleTable::along);
    if (table == tables_.end()) {
      tables_.push_back({people_file(file, along), along, {}});
      table = tables_.end() - 1;
    }
    table->columns.push_back(&variable);
  }
}

void IndividualsTables::write_rows(const PeopleTable& table, bool is_long, CsvFile& csv) const {
  const std::uint64_t people = file_.described("individual").shape.front();
  const Scale arms(file_, "arm");
  std::vector<Scale> along;
  std::size_t width = 1;
  for (const std::string& dimension : table.along) {
    along.emplace_back(file_, dimension);
    width *= along.back().values.size();
  }
  const std::size_t n_arms = arms.values.size();
  const std::size_t n_columns = table.columns.size();
  const std::uint64_t per_person = n_arms * width * n_columns;
  const std::uint64_t piece = std::max<std::uint64_t>(1, kPiece / per_person);
  const bool is_of_probe = table.along.size() == 1 && table.along.front().ends_with(kSampleSuffix);
  const std::string prefix =
      is_of_probe ? without(table.along.front(), "", kSampleSuffix) + "_" : "";
  std::vector<std::string> names;
  std::vector<Codes> codes;
  for (const Content* column : table.columns) {
    names.push_back(without(column->name, prefix, ""));
    codes.emplace_back(file_, *column);
  }

  csv.text("individual");
  csv.text("arm");
  for (const std::string& dimension : table.along) csv.text(is_of_probe ? "minute" : dimension);
  if (is_long) {
    csv.text("quantity");
    csv.text("value");
  } else {
    for (const std::string& name : names) csv.text(name);
  }
  csv.end_row();

  std::vector<std::vector<double>> values(n_columns * n_arms);  // [column][arm]
  for (std::uint64_t first = 0; first < people; first += piece) {
    const std::uint64_t count = std::min(piece, people - first);
    const std::array<std::uint64_t, 1> place = {first}, length = {count};
    const std::vector<double> ids = file_.read("individual", place, length);
    for (std::size_t c = 0; c < n_columns; ++c) {
      const Content& column = *table.columns[c];
      const std::size_t person = is_per_arm(column) ? 1 : 0;
      std::vector<std::uint64_t> starts(column.shape.size(), 0), counts = column.shape;
      starts[person] = first;
      counts[person] = count;
      for (std::size_t arm = 0; arm < n_arms; ++arm) {
        if (person == 0 && arm > 0) {
          values[c * n_arms + arm] = values[c * n_arms];
          continue;
        }
        if (person == 1) {
          starts[0] = arm;
          counts[0] = 1;
        }
        values[c * n_arms + arm] = file_.read(column.name, starts, counts);
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t arm = 0; arm < n_arms; ++arm) {
        for (std::size_t w = 0; w < width; ++w) {
          const auto write_place = [&] {
            csv.number(ids[i], NumberType::uint64);
            arms.write(csv, arm);
            std::size_t rest = width;
            for (const Scale& axis : along) {
              rest /= axis.values.size();
              axis.write(csv, w / rest % axis.values.size());
            }
          };
          if (!is_long) write_place();
          for (std::size_t c = 0; c < n_columns; ++c) {
            if (is_long) {
              write_place();
              csv.text(names[c]);
            }
            codes[c].write(csv, values[c * n_arms + arm][i * width + w]);
            if (is_long) csv.end_row();
          }
          if (!is_long) csv.end_row();
        }
      }
    }
  }
}

void IndividualsTables::write(const std::string& directory, bool is_long,
                              std::vector<std::unique_ptr<CsvFile>>& written) const {
  for (const PeopleTable& table : tables_) {
    auto csv = std::make_unique<CsvFile>(fmt::format("{}/{}", directory, table.file));
    write_rows(table, is_long, *csv);
    written.push_back(std::move(csv));
  }
}

}  // namespace

std::vector<std::string> export_tables(const std::string& directory, const std::string& output,
                                       const ExportOptions& options) {
  namespace fs = std::filesystem;
  const ResultsFile results(finished_results(directory));
  const ResultsTables tables(results);
  std::vector<std::string> names;
  for (const Table& table : tables.tables()) names.push_back(table.file);

  std::deque<ResultsFile> files;
  std::deque<IndividualsTables> people;
  std::error_code failure;
  for (const std::string_view name : {kIndividualsName, kTracesName}) {
    const fs::path path = fs::path(directory) / name;
    if (!fs::exists(path, failure)) continue;
    files.emplace_back(path.string()).verify();
    people.emplace_back(files.back());
    for (const PeopleTable& table : people.back().tables()) names.push_back(table.file);
  }

  fs::create_directories(output, failure);
  if (!fs::is_directory(output)) {
    throw system_failure(fmt::format("create the directory '{}'", output),
                         failure ? failure.value() : ENOTDIR);
  }
  for (const std::string& name : names) {
    if (options.force || !fs::exists(fs::path(output) / name, failure)) continue;
    throw Error(ErrorKind::usage,
                fmt::format("'{}' already holds a file '{}'; choose another directory with -o, or "
                            "permit to replace it with --force",
                            output, name));
  }
  std::vector<std::unique_ptr<CsvFile>> written;
  tables.write(output, options.is_long, written);
  for (const IndividualsTables& of_file : people) of_file.write(output, options.is_long, written);
  std::vector<std::string> paths;
  for (const std::unique_ptr<CsvFile>& table : written) {
    table->publish();
    paths.push_back(table->path());
  }
  return paths;
}

}  // namespace eustress::io
