#include "io/design/sweep_results.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/provenance/provenance.hpp"
#include "io/results/run_description.hpp"

namespace eustress::io {

namespace {

using Indices = std::vector<SensitivityIndex>;

/// The values of one output for all parameters, put into the tables.
void put(IndexTable& table, const Indices& own, std::size_t output, std::size_t outputs) {
  table.values.resize(own.size() * outputs);
  for (std::size_t j = 0; j < own.size(); ++j) table.values[j * outputs + output] = own[j];
}

Indices without_intervals(std::span<const double> values) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  Indices indices;
  for (const double value : values) indices.push_back({value, kNone, kNone});
  return indices;
}

}  // namespace

std::vector<double> SweepResults::output(std::size_t o) const {
  std::vector<double> own;
  for (std::size_t i = o; i < values.size(); i += design.outputs.size()) own.push_back(values[i]);
  return own;
}

std::vector<IndexTable> sweep_indices(const SweepResults& sweep) {
  const SweepDesign& design = sweep.design;
  const Resampling resampling{design.bootstrap, design.seed};
  std::vector<IndexTable> tables;
  switch (design.kind) {
    case DesignKind::grid:
      return {};
    case DesignKind::morris:
      tables = {{"mu_star", "mean absolute elementary effect over the range", true, {}},
                {"mu", "mean elementary effect over the range", false, {}},
                {"sigma", "standard deviation of elementary effects", false, {}}};
      break;
    case DesignKind::sobol:
      tables = {{"total_order", "Sobol index of total order", true, {}},
                {"first_order", "Sobol index of first order", true, {}}};
      break;
    case DesignKind::lhs:
      tables = {{"regression_coefficient", "standardised regression coefficient", true, {}},
                {"regression_r2", "share of variance that the regression explains", false, {}}};
      break;
  }
  const std::size_t outputs = design.outputs.size();
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::vector<double> y = sweep.output(o);
    if (design.kind == DesignKind::morris) {
      const MorrisEffects effects = morris_effects(sweep.points, y, resampling);
      put(tables[0], effects.mu_star, o, outputs);
      put(tables[1], without_intervals(effects.mu), o, outputs);
      put(tables[2], without_intervals(effects.sigma), o, outputs);
    } else if (design.kind == DesignKind::sobol) {
      const SobolIndices indices = sobol_indices(design.parameters.size(), y, resampling);
      put(tables[0], indices.total_order, o, outputs);
      put(tables[1], indices.first_order, o, outputs);
    } else {
      const RegressionEffects effects = regression_effects(sweep.points, y, resampling);
      put(tables[0], effects.coefficients, o, outputs);
      put(tables[1], without_intervals({&effects.r2, 1}), o, outputs);
    }
  }
  return tables;
}

void write_sweep(const std::string& path, const SweepResults& sweep,
                 std::span<const IndexTable> indices) {
  const SweepDesign& design = sweep.design;
  const Provenance& program = this_program();
  NetcdfWriter file(path);
  const std::vector<Attribute> attributes = {
      {"Conventions", "CF-1.11"},
      {"title", fmt::format("sweep of {}", design.study)},
      {"source", fmt::format("eustress {}", program.version)},
      {"eustress_content", "sweep"},
      {"schema_version", std::vector<std::int32_t>{1}},
      {"eustress_version", program.version},
      {"git_commit", program.commit},
      {"compiler", program.compiler},
      {"compiler_flags", program.flags},
      {"design_kind", std::string(to_string(design.kind))},
      {"design", sweep.design_text},
      {"study", sweep.study_text},
  };
  for (const Attribute& attribute : attributes) file.add_attribute(attribute);

  std::vector<std::string> parameters, outputs, units;
  for (const FreeParameter& parameter : design.parameters) {
    parameters.push_back(parameter.key);
    units.push_back(parameter.unit.empty() ? "1" : parameter.unit);
  }
  for (const OutputSelection& output : design.outputs) outputs.push_back(output.text);
  std::vector<std::int32_t> points;
  std::vector<double> values;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    points.push_back(static_cast<std::int32_t>(i));
    const std::vector<double> own = values_at(design, sweep.points.point(i));
    values.insert(values.end(), own.begin(), own.end());
  }
  add_days(file, "point", "number of the point", points);
  add_codes(file, "parameter", "key of the study", parameters);
  add_codes(file, "output", "number out of results.nc", outputs);

  const auto add = [&](const std::string& name, std::vector<std::string> dimensions,
                       std::vector<Attribute> described, std::span<const double> numbers) {
    file.add_variable({name, NumberType::float64, std::move(dimensions), std::move(described)});
    file.write(name, numbers);
  };
  std::vector<Attribute> described = {{"long_name", "value of the parameter"}};
  described.push_back({"parameter_units", fmt::format("{}", fmt::join(units, ", "))});
  add("parameter_value", {"point", "parameter"}, described, values);
  described = {{"long_name", "value of the output"}};
  described.push_back({"output_units", fmt::format("{}", fmt::join(sweep.output_units, ", "))});
  add("output_value", {"point", "output"}, described, sweep.values);
  for (const IndexTable& table : indices) {
    std::vector<double> value, low, high;
    for (const SensitivityIndex& index : table.values) {
      value.push_back(index.value);
      low.push_back(index.low);
      high.push_back(index.high);
    }
    std::vector<std::string> dimensions = {"output"};
    if (table.name != "regression_r2") {
      dimensions.insert(dimensions.begin(), "parameter");
    }
    add(table.name, dimensions, {{"long_name", table.doc}}, value);
    if (!table.has_interval) continue;
    add(table.name + "_low", dimensions, {{"long_name", table.doc + ", 2.5 % by bootstrap"}}, low);
    add(table.name + "_high", dimensions, {{"long_name", table.doc + ", 97.5 % by bootstrap"}},
        high);
  }
  file.add_attribute({"data_sha256", file.data_sha256()});
  add_complete_mark(file);
  AtomicFile published(path);
  file.finish().write_to(published.file());
  published.file().sync();
  if (const NetcdfReader read_back(published.temporary_path());
      read_back.find("output_value") == nullptr) {
    throw Error(ErrorKind::io,
                fmt::format("cannot write '{}': it does not read back as it was written", path));
  }
  published.publish();
}

}  // namespace eustress::io
