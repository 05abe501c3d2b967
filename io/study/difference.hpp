#pragma once

// What differs between two studies, told in their keys.

#include <string>
#include <string_view>
#include <vector>

namespace eustress::io {

struct ChangedKey {
  std::string key;          ///< "section.key"; elements of repeated sections are numbered
  std::string left, right;  ///< values as TOML; empty where the key is absent
};

/// The keys in which two effective configurations (dump_study and the marks of input_mark) differ,
/// in their order.
[[nodiscard]] std::vector<ChangedKey> changed_keys(const std::string& left,
                                                   const std::string& right);

/// Whether a key says only how a study is computed, so that a started run may go on with another
/// value: everything of [checkpoint], and numerics.memory_gib.
[[nodiscard]] bool is_free_to_change(std::string_view key);

/// A comment for an effective configuration with the content of a file that the study names.
[[nodiscard]] std::string input_mark(std::string_view key, std::string_view content);

}  // namespace eustress::io
