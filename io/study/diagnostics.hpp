#pragma once

// What is wrong with a study file, all of it, and where: file:line:col, the line, a caret.

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eustress::io {

/// A position in the study file, or in one of the `--set` overrides of the command line.
struct Place {
  std::uint32_t override_number = 0;  ///< 0: in the file; n: in the n-th override
  std::uint32_t line = 1;             ///< from 1
  std::uint32_t column = 1;           ///< from 1, in characters (code points)

  // clang-tidy 14 takes the 0 that the comparison yields for a pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  auto operator<=>(const Place&) const = default;
};

/// Collects errors and warnings about one study and shows them in the order of their places.
class Diagnostics {
 public:
  /// `text`, `overrides` and `origins` must outlive the object. `origins`: where the last of the
  /// overrides stand, such as "design.toml:8:7", if they did not come from `--set`.
  Diagnostics(std::string_view text, std::string file_name, std::span<const std::string> overrides,
              std::span<const std::string> origins = {});

  void error(const Place& place, std::string message);
  void warning(const Place& place, std::string message);

  [[nodiscard]] bool has_errors() const noexcept { return !errors_.empty(); }
  /// Throws Error(usage) with all errors, if there is one.
  void throw_if_errors() const;
  /// All errors as one text.
  [[nodiscard]] std::string errors() const;
  /// One text per warning.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// "study.toml:3:8", "--set 2" or the origin.
  [[nodiscard]] std::string where(const Place& place) const;

 private:
  struct Message {
    Place place;
    std::string text;
  };

  [[nodiscard]] std::vector<std::string> rendered(const std::vector<Message>& messages,
                                                  std::string_view severity) const;
  [[nodiscard]] std::string excerpt(const Place& place) const;

  std::vector<std::string_view> lines_;
  std::string file_name_;
  std::span<const std::string> overrides_, origins_;
  std::vector<Message> errors_, warnings_;
};

/// The text with control characters replaced, so that a name from a file cannot steer a terminal,
/// and cut after 80 characters.
std::string printable(std::string_view text);

}  // namespace eustress::io
