#pragma once

// Reading the keys of one section by its table, and remembering what happened, so that checks that
// join several keys do not speak about values that were already refused.

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "io/study/diagnostics.hpp"
#include "io/study/keys.hpp"
#include "io/study/toml_tree.hpp"
#include "io/study/values.hpp"

namespace eustress::io {

/// A section, or one element of a repeated section, after its keys have been read.
struct SectionStatus {
  const Node* table = nullptr;  ///< null: not in the file
  std::set<std::string_view> failed;

  /// In the file, whether right or wrong.
  [[nodiscard]] bool given(std::string_view key) const {
    return table != nullptr && table->find(key) != nullptr;
  }
  /// Neither refused nor missing.
  [[nodiscard]] bool right(std::string_view key) const { return !failed.contains(key); }
  /// Of the key's value, or of the section's header.
  [[nodiscard]] Place place(std::string_view key) const {
    if (table == nullptr) return {};
    const Entry* entry = table->find(key);
    return entry == nullptr ? table->place : entry->value.place;
  }
};

/// `heading`: "[hpa]" or "[[probe]]".
template <class T>
SectionStatus read_keys(std::span<const KeyRow<T>> rows, const Node* table,
                        std::string_view heading, T& object, Diagnostics& diagnostics) {
  SectionStatus status;
  status.table = table;
  for (const KeyRow<T>& row : rows) {
    const KeyInfo& info = row.info;
    const Entry* entry = table == nullptr ? nullptr : table->find(info.key);
    if (entry != nullptr) {
      const std::optional<Setting> value = checked_value(info, entry->value, diagnostics);
      if (value) {
        row.set(object, *value);
      } else {
        status.failed.insert(info.key);
      }
    } else if (info.required) {
      status.failed.insert(info.key);
      const std::string in_section = std::string(info.key) + "' in " + std::string(heading);
      diagnostics.error(
          status.place(info.key),
          (table == nullptr ? "missing section and required key '" : "missing required key '") +
              in_section + ": " + std::string(info.doc));
    }
  }
  return status;
}

/// An error with the best advice there is for a key that `section` of the catalogue does not have.
void report_unknown_key(const Entry& entry, std::string_view section, Diagnostics& diagnostics);

/// The same for a name at the top of the file.
void report_unknown_section(const Entry& entry, Diagnostics& diagnostics);

/// The same for a name in [loadings].
void report_unknown_loading(const Entry& entry, Diagnostics& diagnostics);

/// Reports every key of the table that is neither in the section of that name nor `besides`.
void check_known_keys(const Node& table, std::string_view section, std::string_view besides,
                      Diagnostics& diagnostics);

}  // namespace eustress::io
