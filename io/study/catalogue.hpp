#pragma once

// All sections and keys of a study file, those of the study itself and those of the model: what
// messages, the starter file, the reference page and the JSON schema list.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model_parameters.hpp"
#include "core/parameters.hpp"
#include "io/study/keys.hpp"

namespace eustress::io {

struct KeyEntry {
  KeyInfo info;
  std::optional<Setting> value;            ///< default; nothing if the key has none
  std::optional<ParameterInfo> parameter;  ///< if it is one of the model
};

struct Section {
  std::string name;       ///< "hpa", "loadings.hpa_gain", "population.column"
  bool repeated = false;  ///< written [[name]], any number of times
  bool of_model = false;
  std::string_view doc;
  std::vector<KeyEntry> keys;

  [[nodiscard]] const KeyEntry* find(std::string_view key) const;
};

/// In the order of the dump. Made once.
const std::vector<Section>& catalogue();

/// The section of that name, or null.
const Section* find_section(std::string_view name);

/// The row of a parameter as that of a key.
KeyInfo key_of(const ParameterInfo& parameter);

/// A parameter of a certain set, by its row.
struct ParameterSlot {
  ParameterInfo info;
  double* number;
  bool* is_on;

  [[nodiscard]] Setting value() const;
  void set(const Setting& value) const;
};

/// All parameters, in the order of the model's table; the pointers go into `parameters`.
std::vector<ParameterSlot> slots_of(ModelParameters& parameters);

}  // namespace eustress::io
