#pragma once

// What is found out about a study only when its tables are there, told in the form of the errors of
// its file.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/study/diagnostics.hpp"
#include "io/study/toml_tree.hpp"

namespace eustress::io {

/// Messages about elements of repeated sections, such as the [[regime]] of a name, and about
/// sections that stand once, which have no name.
class PlacedMessages {
 public:
  /// Of a study that read_study() takes. Text, overrides and origins (as of Diagnostics) must
  /// outlive the object.
  PlacedMessages(const std::string& text, const std::string& file_name,
                 std::span<const std::string> overrides, std::span<const std::string> origins = {});

  /// At `key`, or where the element begins if that is not given.
  void error(std::string_view section, std::string_view name, std::string_view key,
             std::string message);
  void warning(std::string_view section, std::string_view name, std::string_view key,
               std::string message);

  /// The place of such a message, as Diagnostics tells it.
  [[nodiscard]] std::string where(std::string_view section, std::string_view name,
                                  std::string_view key) const;

  /// Throws Error(usage) with all errors, if there is one.
  void throw_if_errors() const { diagnostics_.throw_if_errors(); }
  [[nodiscard]] std::string errors() const { return diagnostics_.errors(); }
  [[nodiscard]] std::vector<std::string> warnings() const { return diagnostics_.warnings(); }

 private:
  [[nodiscard]] Place place_of(std::string_view section, std::string_view name,
                               std::string_view key) const;

  Diagnostics diagnostics_;
  Node root_;
};

}  // namespace eustress::io
