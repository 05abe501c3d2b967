#pragma once

#include <span>
#include <string_view>
#include <variant>

namespace eustress {

/// Where the value of a parameter comes from.
enum class Origin {
  published,   ///< stated in a publication, named in `source`
  calibrated,  ///< fitted; `source` names the target
  assumed,     ///< our choice; `source` gives the reason
};

std::string_view to_string(Origin origin);

/// One row of a mechanism's parameter table. `P` is the mechanism's parameter struct. The struct's
/// members have no defaults of their own: the table is the only place where a default is written.
template <class P>
struct ParameterRow {
  std::string_view key;     ///< name in the study file, with the unit as suffix where it has one
  std::string_view symbol;  ///< as in docs/model.md
  std::string_view unit;    ///< "1" for pure numbers
  double value;             ///< default
  double low, high;         ///< admissible range, ends included
  Origin origin;
  std::string_view source;  ///< publication, calibration target, or reason
  std::string_view doc;     ///< one sentence
  double P::*member;
};

template <class P>
ParameterRow(std::string_view, std::string_view, std::string_view, double, double, double, Origin,
             std::string_view, std::string_view, double P::*) -> ParameterRow<P>;

/// A learning mechanism, or another part of the model, that a study can switch off.
template <class P>
struct SwitchRow {
  std::string_view key;
  bool value;
  std::string_view doc;
  bool P::*member;
};

template <class P>
SwitchRow(std::string_view, bool, std::string_view, bool P::*) -> SwitchRow<P>;

/// A parameter or switch of any mechanism with its types erased: what study files, the reference
/// page and the dump of the effective configuration are made from.
struct ParameterInfo {
  std::string_view section;  ///< the mechanism, for example "hpa"
  std::string_view key, symbol, unit;
  double value, low, high;  ///< for switches 0 or 1
  Origin origin;
  std::string_view source, doc;
  bool is_switch;
};

}  // namespace eustress
