#include "io/results/traces_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {

namespace {

constexpr std::string_view kEventKindNames[] = {"none", "minor", "severe", "traumatic"};

/// The description of a file that has these arms only.
RunDescription with_arms(RunDescription run, const std::vector<std::size_t>& arms) {
  std::vector<std::string> names;
  for (const std::size_t arm : arms) names.push_back(run.arms[arm]);
  run.arms = std::move(names);
  return run;
}

std::vector<std::size_t> filled(const std::vector<TraceVariable>& variables) {
  std::vector<std::size_t> columns;
  for (std::size_t v = 0; v < variables.size(); ++v) {
    if (variables[v].length > 0) columns.push_back(v);
  }
  return columns;
}

// float32 and int32 alike.
constexpr std::uint64_t kNumberBytes = 4;

std::vector<RowColumn> row_columns(const std::vector<TraceVariable>& variables,
                                   const std::vector<std::size_t>& columns,
                                   const TraceLayout& layout) {
  std::vector<RowColumn> rows;
  for (const std::size_t v : columns) {
    rows.push_back(
        {layout.arms.size() * layout.individuals.size(), variables[v].length * kNumberBytes});
  }
  return rows;
}

template <class Words>
std::vector<std::string> texts(const Words& words) {
  return {std::begin(words), std::end(words)};
}

}  // namespace

TracesFile::TracesFile(const parallel::Communicator& comm, std::string path,
                       const RunDescription& run, const std::vector<std::string>& strata,
                       const TraceLayout& layout)
    : run_(with_arms(run, layout.arms)),
      strata_(strata),
      layout_(layout),
      variables_(trace_variables(layout)),
      columns_(filled(variables_)),
      rows_(comm, std::move(path), row_columns(variables_, columns_, layout),
            [this](NetcdfWriter& content) { return lay_out(content); }) {}

std::vector<RowVariable> TracesFile::lay_out(NetcdfWriter& content) const {
  if (layout_.individuals.empty() || layout_.arms.empty() || layout_.days() == 0) {
    throw Error(ErrorKind::internal, "a file of traces needs an individual, an arm and a day");
  }
  std::vector<RowVariable> variables;
  const auto fixed = [&](const std::string& name, std::size_t length, NumberType type) {
    variables.push_back({name, length * size_of(type), std::nullopt, 1});
  };
  const auto codes = [&](const std::string& name, std::string_view doc,
                         const std::vector<std::string>& words) {
    add_codes(content, name, doc, words);
    fixed(name, words.size(), NumberType::int32);
  };

  add_description(content, "traces", run_, strata_);
  codes("arm", "arm of the study", run_.arms);
  content.add_dimension({"individual",
                         NumberType::uint64,
                         {},
                         described_as("1", "number of the individual in the cohort")},
                        layout_.individuals.size());
  content.write("individual",
                std::vector<std::int64_t>(layout_.individuals.begin(), layout_.individuals.end()));
  fixed("individual", layout_.individuals.size(), NumberType::uint64);
  variables.back().rows = layout_.individuals.size();
  if (const std::size_t moments = layout_.moments(); moments > 0) {
    std::vector<double> times(moments);
    for (std::size_t m = 0; m < moments; ++m) times[m] = layout_.time_of(m);
    content.add_dimension(
        {"time", NumberType::float64, {}, described_as("1", "days since the start of the study")},
        moments);
    content.write("time", std::span<const double>(times));
    fixed("time", moments, NumberType::float64);
  }
  std::vector<std::int32_t> days;
  for (int day = layout_.from_day; day < layout_.to_day; ++day) days.push_back(day);
  add_days(content, "day", "day of the study, from 0; its numbers are of its evening", days);
  fixed("day", days.size(), NumberType::int32);
  if (!layout_.assessment_days.empty()) {
    add_days(
        content, "assessment", "day of the study, from 0, that ended with the assessment",
        std::vector<std::int32_t>(layout_.assessment_days.begin(), layout_.assessment_days.end()));
    fixed("assessment", layout_.assessment_days.size(), NumberType::int32);
  }
  codes("stressor", "class of stressors", texts(kStressorClassNames));
  std::vector<std::string> malleable;
  for (const Factor factor : kMalleableFactors) malleable.emplace_back(name_of(factor));
  codes("malleable_factor", "resilience factor that experience changes", malleable);

  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const TraceVariable& v = variables_[columns_[c]];
    Variable variable{v.name,
                      v.is_code ? NumberType::int32 : NumberType::float32,
                      {"arm", "individual"},
                      described_as(v.unit, v.doc)};
    variable.dimensions.insert(variable.dimensions.end(), v.dimensions.begin(), v.dimensions.end());
    if (v.is_code) add_flags(variable.attributes, texts(kEventKindNames));
    content.add_variable(variable);
    variables.push_back(
        {v.name, layout_.arms.size() * layout_.individuals.size() * v.length * kNumberBytes, c, 1});
  }
  return variables;
}

void TracesFile::write(std::size_t arm, std::size_t individual, const PersonTrace& trace) {
  const std::uint64_t row = arm * layout_.individuals.size() + individual;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const TraceVariable& variable = variables_[columns_[c]];
    const std::vector<float>& values = trace.rows[columns_[c]];
    if (!variable.is_code) {
      rows_.write(c, row, std::as_bytes(std::span(values)));
      continue;
    }
    std::vector<std::int32_t> kinds;
    kinds.reserve(values.size());
    for (const float value : values) kinds.push_back(static_cast<std::int32_t>(value));
    rows_.write(c, row, std::as_bytes(std::span(kinds)));
  }
}

}  // namespace eustress::io
