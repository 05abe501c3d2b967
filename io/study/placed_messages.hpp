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

/// Messages about elements of repeated sections, such as the [[regime]] of a name.
class PlacedMessages {
 public:
  /// Of a study that read_study() takes. Text and overrides must outlive the object.
  PlacedMessages(const std::string& text, const std::string& file_name,
                 std::span<const std::string> overrides);

  /// At `key`, or where the element begins if that is not given.
  void error(std::string_view section, std::string_view name, std::string_view key,
             std::string message);
  void warning(std::string_view section, std::string_view name, std::string_view key,
               std::string message);

  /// Throws Error(usage) with all errors, if there is one.
  void throw_if_errors() const { diagnostics_.throw_if_errors(); }
  [[nodiscard]] std::vector<std::string> warnings() const { return diagnostics_.warnings(); }

 private:
  [[nodiscard]] Place place_of(std::string_view section, std::string_view name,
                               std::string_view key) const;

  Diagnostics diagnostics_;
  Node root_;
};

}  // namespace eustress::io
