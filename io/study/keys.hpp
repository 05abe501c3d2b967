#pragma once

// The typed table of all study keys that are not parameters of the model. The reader, the dump of
// the effective configuration, the starter file, the reference page and the JSON schema all come
// from it. Defaults are written in core/study.hpp and nowhere else: the table reads them from
// there.

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/study.hpp"
#include "io/study/columns.hpp"

namespace eustress::io {

enum class KeyType {
  integer,
  number,
  boolean,
  text,
  name,         ///< of files: letters, digits, '_', '-', '.'; at most 64 of them
  identifier,   ///< of variables in results: letters, digits, '_'; at most 64 of them
  path,         ///< of a file
  choice,       ///< one of a list of words
  clock_time,   ///< "15:30"
  integers,     ///< list of integers
  identifiers,  ///< list of names of variables, or of words out of `choices`
  weights,      ///< table of numbers; its keys are `choices`
};

struct KeyInfo {
  std::string_view key;
  KeyType type = KeyType::number;
  std::string_view unit = {};  ///< empty if it has none
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();  ///< ends included
  std::span<const std::string_view> choices = {};
  bool required = false;
  std::string_view only_for = {};  ///< the kinds, or targets, that have the key: words; empty: all
  std::string_view doc = {};       ///< one sentence
};

using Weights = std::vector<std::pair<std::string, double>>;

/// A checked value. Choices, names, paths and clock times are strings.
using Setting = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>,
                             std::vector<std::string>, Weights>;

/// A key and its way into a `T`. `get` gives nothing for an optional value that is not set.
template <class T>
struct KeyRow {
  KeyInfo info;
  std::optional<Setting> (*get)(const T&);
  void (*set)(T&, const Setting&);
};

/// A member that is of one of the types of Setting itself.
template <class T, auto Member>
constexpr KeyRow<T> plain_row(const KeyInfo& info) {
  return {info, [](const T& object) -> std::optional<Setting> { return object.*Member; },
          [](T& object, const Setting& value) {
            object.*Member = std::get<std::remove_cvref_t<decltype(object.*Member)>>(value);
          }};
}

/// [model]: shorthands that stand for sets of parameters.
struct ModelPlan {
  std::string hpa_preset = "acute";
};

std::span<const KeyRow<Study>> study_keys();       ///< [study]
std::span<const KeyRow<Study>> population_keys();  ///< [population]
std::span<const KeyRow<Study>> output_keys();      ///< [output]
std::span<const KeyRow<Study>> trace_keys();       ///< [traces]
std::span<const KeyRow<Study>> outcome_keys();     ///< [outcomes]
std::span<const KeyRow<Study>> numerics_keys();    ///< [numerics]
std::span<const KeyRow<Study>> checkpoint_keys();  ///< [checkpoint]
std::span<const KeyRow<ModelPlan>> model_keys();   ///< [model]
std::span<const KeyRow<ColumnPlan>> column_keys();
std::span<const KeyRow<Regime>> regime_keys();
std::span<const KeyRow<Wave>> wave_keys();
std::span<const KeyRow<Study>> replay_keys();  ///< [replay]
std::span<const KeyRow<Probe>> probe_keys();
std::span<const KeyRow<Intervention>> intervention_keys();
/// Whether an intervention of that kind and target has the key.
bool has_key(const Intervention& intervention, const KeyInfo& info);
std::span<const KeyRow<Arm>> arm_keys();  ///< all but `set`

/// Kinds a study file may ask for; the first three are those of ProbeKind.
inline constexpr std::array<std::string_view, 4> kProbeKinds = {"stressor", "crh", "rest", "tsst"};
inline constexpr std::string_view kTsst = kProbeKinds[3];

/// The arm that is always there and has the parameters of the study itself.
inline constexpr std::string_view kReferenceArm = "reference";

}  // namespace eustress::io
