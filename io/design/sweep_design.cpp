#include "io/design/sweep_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "io/study/section.hpp"
#include "io/study/values.hpp"

namespace eustress::io {

namespace {

constexpr std::array<std::string_view, 4> kKinds = {"grid", "lhs", "morris", "sobol"};

/// [sweep], as the file has it.
struct Written {
  std::string study, design = "grid";
  std::int64_t points = 0, trajectories = 0, levels = 4, seed = 1, bootstrap = 1000;
};

std::span<const KeyRow<Written>> rows() {
  static const auto all = std::array{
      plain_row<Written, &Written::study>({.key = "study",
                                           .type = KeyType::path,
                                           .required = true,
                                           .doc = "study file, from the directory of this file"}),
      plain_row<Written, &Written::design>({.key = "design",
                                            .type = KeyType::choice,
                                            .choices = kKinds,
                                            .required = true,
                                            .doc = "grid, lhs, morris or sobol"}),
      plain_row<Written, &Written::points>(
          {.key = "points",
           .type = KeyType::integer,
           .low = 2,
           .high = kMostPoints,
           .doc = "points of a Latin hypercube, or base samples of Sobol"}),
      plain_row<Written, &Written::trajectories>({.key = "trajectories",
                                                  .type = KeyType::integer,
                                                  .low = 2,
                                                  .high = kMostPoints,
                                                  .doc = "of Morris"}),
      plain_row<Written, &Written::levels>(
          {.key = "levels",
           .type = KeyType::integer,
           .low = 2,
           .high = 64,
           .doc = "of Morris: values of each parameter, an even number"}),
      plain_row<Written, &Written::seed>({.key = "seed",
                                          .type = KeyType::integer,
                                          .low = 0,
                                          .high = 9007199254740992.0,
                                          .doc = "of the points, not of the study"}),
      plain_row<Written, &Written::bootstrap>({.key = "bootstrap",
                                               .type = KeyType::integer,
                                               .low = 100,
                                               .high = 100000,
                                               .doc = "resamples for the intervals of indices"}),
  };
  return all;
}

class DesignReader {
 public:
  DesignReader(const Node& root, Diagnostics& diagnostics)
      : root_(root), diagnostics_(diagnostics) {}

  SweepDesign read() {
    static constexpr std::array<std::string_view, 2> kSections = {"sweep", "parameter"};
    check_known_sections(root_, kSections, diagnostics_);
    const Node* table = required_section<Written>(root_, "sweep", rows(), "outputs", diagnostics_);
    if (table != nullptr) {
      status_ = read_keys(rows(), table, "[sweep]", written_, diagnostics_);
      read_outputs(*table);
      read_size();
    }
    // What follows from a kind that is not known would be no mistake of the user.
    const bool has_kind = table != nullptr && status_.right("design");
    const RangeForm form = !has_kind              ? RangeForm::either
                           : is(DesignKind::grid) ? RangeForm::range_or_grid
                                                  : RangeForm::range;
    design_.parameters = read_free_parameters(root_, form, diagnostics_);
    if (has_kind) check_points();
    design_.study = written_.study;
    design_.levels = static_cast<int>(written_.levels);
    design_.seed = static_cast<std::uint64_t>(written_.seed);
    design_.bootstrap = static_cast<std::size_t>(written_.bootstrap);
    return std::move(design_);
  }

 private:
  [[nodiscard]] bool is(DesignKind kind) const { return design_.kind == kind; }

  void read_outputs(const Node& table) {
    const Entry* entry = table.find("outputs");
    if (entry == nullptr) {
      diagnostics_.error(table.place,
                         "missing required key 'outputs' in [sweep]: list of numbers out of "
                         "results.nc, such as [\"outcome_mean_ghq_mean[reference, all]\"]");
      return;
    }
    for (const Node* text : texts_of(entry->value, "outputs", diagnostics_)) {
      std::optional<OutputSelection> output = parse_output(text->text, text->place, diagnostics_);
      if (!output) continue;
      if (std::ranges::find(design_.outputs, output->text, &OutputSelection::text) !=
          design_.outputs.end()) {
        diagnostics_.error(text->place, fmt::format("output '{}' stands twice", output->text));
      }
      design_.outputs.push_back(*std::move(output));
    }
  }

  void refuse(std::string_view key) {
    if (!status_.given(key)) return;
    diagnostics_.error(status_.place(key), fmt::format("{} says nothing to a design of kind '{}'",
                                                       key, written_.design));
  }

  void read_size() {
    if (!status_.right("design")) return;
    design_.kind =
        static_cast<DesignKind>(std::ranges::find(kKinds, written_.design) - kKinds.begin());
    const bool is_morris = is(DesignKind::morris);
    if (!is_morris) {
      refuse("trajectories");
      refuse("levels");
    }
    if (is(DesignKind::grid)) return refuse("points");
    const std::string_view key = is_morris ? "trajectories" : "points";
    if (is_morris) refuse("points");
    if (!status_.given(key)) {
      diagnostics_.error(status_.place(key), fmt::format("missing required key '{}' in [sweep] of "
                                                         "a design of kind '{}'",
                                                         key, written_.design));
    }
    design_.size = static_cast<std::size_t>(is_morris ? written_.trajectories : written_.points);
    if (is_morris && written_.levels % 2 != 0) {
      diagnostics_.error(status_.place("levels"),
                         fmt::format("levels = {} must be even", written_.levels));
    }
    if (is(DesignKind::sobol) && status_.right(key) && !std::has_single_bit(design_.size)) {
      diagnostics_.warning(status_.place(key),
                           fmt::format("points = {} is no power of two; Sobol' points fill the "
                                       "cube evenly only then",
                                       design_.size));
    }
  }

  void check_points() {
    const auto k = static_cast<double>(design_.parameters.size());
    double points = 1.0;
    const auto size = static_cast<double>(design_.size);
    if (is(DesignKind::grid)) {
      for (const FreeParameter& p : design_.parameters) {
        points *= static_cast<double>(p.values.size());
      }
    } else {
      points = is(DesignKind::lhs)      ? size
               : is(DesignKind::morris) ? size * (k + 1)
                                        : size * (k + 2);
    }
    if (points <= static_cast<double>(kMostPoints)) return;
    diagnostics_.error(status_.place("design"), fmt::format("the design has {:.4g} points; at most "
                                                            "{} are legal",
                                                            points, kMostPoints));
  }

  const Node& root_;
  Diagnostics& diagnostics_;
  Written written_;
  SectionStatus status_;
  SweepDesign design_;
};

}  // namespace

std::string_view to_string(DesignKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

SweepDesign read_sweep_design(const std::string& text, const std::string& file_name,
                              std::vector<std::string>& warnings) {
  Diagnostics diagnostics(text, file_name, {});
  const std::optional<Node> root = parse_toml(text, diagnostics);
  diagnostics.throw_if_errors();
  SweepDesign design = DesignReader(*root, diagnostics).read();
  diagnostics.throw_if_errors();
  for (std::string& warning : diagnostics.warnings()) warnings.push_back(std::move(warning));
  return design;
}

DesignPoints points_of(const SweepDesign& design) {
  const std::size_t k = design.parameters.size();
  switch (design.kind) {
    case DesignKind::lhs:
      return latin_hypercube(design.size, k, design.seed);
    case DesignKind::morris:
      return morris_trajectories(design.size, k, design.levels, design.seed);
    case DesignKind::sobol:
      return saltelli_points(sobol_points(design.size, 2 * k, design.seed));
    case DesignKind::grid:
      break;
  }
  std::vector<std::size_t> counts;
  for (const FreeParameter& parameter : design.parameters) {
    counts.push_back(parameter.values.size());
  }
  const std::vector<std::size_t> places = grid_places(counts);
  DesignPoints points{k, {}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t count = counts[i % k];
    points.values.push_back(
        count > 1 ? static_cast<double>(places[i]) / static_cast<double>(count - 1) : 0.0);
  }
  return points;
}

std::vector<double> values_at(const SweepDesign& design, std::span<const double> point) {
  std::vector<double> values;
  for (std::size_t j = 0; j < point.size(); ++j) {
    const FreeParameter& parameter = design.parameters[j];
    if (parameter.values.empty()) {
      values.push_back(parameter.value_at(point[j]));
    } else {
      const double last = static_cast<double>(parameter.values.size() - 1);
      values.push_back(parameter.values[static_cast<std::size_t>(point[j] * last + 0.5)]);
    }
  }
  return values;
}

}  // namespace eustress::io
