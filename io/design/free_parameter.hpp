#pragma once

// Keys of a study that a design varies or a calibration fits, with their ranges.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/study/diagnostics.hpp"
#include "io/study/keys.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {

struct FreeParameter {
  std::string key;  ///< "hpa.stress_gain", "wave.flood.severity"
  std::string unit;
  double low = 0.0, high = 1.0;
  bool is_log = false;         ///< low > 0 then
  bool is_integer = false;     ///< `values` only
  std::vector<double> values;  ///< of a grid; empty: the range
  std::optional<double> start;
  std::optional<double> standard;  ///< default of the key, if it has one
  Place place;                     ///< of the key

  /// From the unit interval to the range and back; logarithmic if is_log.
  [[nodiscard]] double value_at(double place_in_range) const;
  [[nodiscard]] double place_of(double value) const;
  /// "hpa.stress_gain=2.5", as --set takes it.
  [[nodiscard]] std::string override_text(double value) const;
};

/// The overrides that give the parameters these values.
std::vector<std::string> overrides_of(std::span<const FreeParameter> parameters,
                                      std::span<const double> values);

/// Where the parameters stand in their file, as origins of these overrides: "design.toml:8:7".
std::vector<std::string> origins_of(std::span<const FreeParameter> parameters,
                                    const std::string& file_name);

/// What a file allows its parameters.
enum class RangeForm {
  range,          ///< low, high, scale
  range_or_grid,  ///< values, or low, high, steps and scale
  either,         ///< one or the other: the kind of design is not known
  calibrated,     ///< low, high, scale, start; parameters of the model only
};

/// The parameters of a file: `parameter` at its top, as [[parameter]] or a list of tables. What is
/// wrong goes to the diagnostics. A grid has its values filled in.
std::vector<FreeParameter> read_free_parameters(const Node& root, RangeForm form,
                                                Diagnostics& diagnostics);

/// Reports keys of a table that are not among those, with the nearest of them.
void check_known_names(const Node& table, std::span<const std::string_view> known,
                       std::string_view where, Diagnostics& diagnostics);
/// Reports what stands at the top of a file besides these sections.
void check_known_sections(const Node& root, std::span<const std::string_view> known,
                          Diagnostics& diagnostics);

/// `entry`: what stands in the place of the section, or null.
void report_missing_section(const Entry* entry, std::string_view name, Diagnostics& diagnostics);

/// The table of a section that must be there, its unknown keys reported; null and an error if not.
template <class T>
const Node* required_section(const Node& root, std::string_view name,
                             std::span<const KeyRow<T>> rows, std::string_view besides,
                             Diagnostics& diagnostics) {
  const Entry* entry = root.find(name);
  if (entry == nullptr || entry->value.kind != Node::Kind::table) {
    report_missing_section(entry, name, diagnostics);
    return nullptr;
  }
  std::vector<std::string_view> known;
  for (const KeyRow<T>& row : rows) known.push_back(row.info.key);
  if (!besides.empty()) known.push_back(besides);
  std::string heading = "[";
  heading.append(name).append("]");
  check_known_names(entry->value, known, heading, diagnostics);
  return &entry->value;
}

/// A list of texts. Nothing, and errors, if it is something else or empty.
std::vector<const Node*> texts_of(const Node& node, std::string_view key, Diagnostics& diagnostics);

}  // namespace eustress::io
