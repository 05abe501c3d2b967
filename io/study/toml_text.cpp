#include "io/study/toml_text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/text/number.hpp"
#include "io/study/values.hpp"

namespace eustress::io {
namespace {

constexpr std::size_t kCommentColumn = 40;
constexpr std::size_t kMostListed = 5;

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (code < 0x20U || code == 0x7FU) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(code));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string with_point(double value) {
  std::string text = number_text(value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string toml_text(const Setting& value) {
  return std::visit(
      [](const auto& x) -> std::string {
        using X = std::remove_cvref_t<decltype(x)>;
        if constexpr (std::is_same_v<X, double>) {
          return with_point(x);
        } else if constexpr (std::is_same_v<X, bool>) {
          return x ? "true" : "false";
        } else if constexpr (std::is_same_v<X, std::string>) {
          return quoted(x);
        } else if constexpr (std::is_same_v<X, std::int64_t>) {
          return fmt::to_string(x);
        } else if constexpr (std::is_same_v<X, std::vector<std::string>>) {
          std::vector<std::string> all;
          for (const std::string& text : x) all.push_back(quoted(text));
          return fmt::format("[{}]", fmt::join(all, ", "));
        } else if constexpr (std::is_same_v<X, Weights>) {
          std::vector<std::string> all;
          for (const auto& [name, weight] : x) {
            all.push_back(fmt::format("{} = {}", name, with_point(weight)));
          }
          return all.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(all, ", "));
        } else {
          return fmt::format("[{}]", fmt::join(x, ", "));
        }
      },
      value);
}

std::string key_line(const KeyInfo& info, const std::optional<Setting>& value,
                     std::string_view symbol, bool commented_out) {
  std::string line = fmt::format("{}{} = {}", commented_out || !value ? "# " : "", info.key,
                                 value ? toml_text(*value) : std::string());
  if (line.size() < kCommentColumn) line.resize(kCommentColumn, ' ');

  std::string comment;
  if (!symbol.empty()) comment += fmt::format("{}: ", symbol);
  comment += info.doc;
  if (info.type == KeyType::choice && info.choices.size() <= kMostListed) {
    comment += "; " + type_text(info);
  } else if (const std::string range = range_text(info); !range.empty()) {
    comment += "; " + range;
  }
  return fmt::format("{} # {}\n", line, comment);
}

}  // namespace eustress::io
