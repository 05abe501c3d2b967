#include "io/study/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/error.hpp"

namespace eustress::io {
namespace {

// Longer lines are shown as a window around the caret.
constexpr std::size_t kWindow = 100;
constexpr std::size_t kLongestName = 80;

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// The characters of a UTF-8 text, control characters (tabs too, so that a caret stays below its
// character) replaced.
std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> result;
  for (const char c : text) {
    if (starts_character(c) || result.empty()) result.emplace_back();
    const auto code = static_cast<unsigned char>(c);
    result.back() += c == '\t' ? ' ' : code < 0x20U || code == 0x7FU ? '?' : c;
  }
  // U+0080..U+009F are control characters too, written in two bytes.
  for (std::string& c : result) {
    if (c.size() == 2 && c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0U) c = "?";
  }
  return result;
}

std::string joined(const std::vector<std::string>& parts, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += parts[i];
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  const std::vector<std::string> all = characters(text);
  if (all.size() <= kLongestName) return joined(all, 0, all.size());
  return joined(all, 0, kLongestName) + "...";
}

Diagnostics::Diagnostics(std::string_view text, std::string file_name,
                         std::span<const std::string> overrides,
                         std::span<const std::string> origins)
    : lines_(split_lines(text)),
      file_name_(std::move(file_name)),
      overrides_(overrides),
      origins_(origins) {}

void Diagnostics::error(const Place& place, std::string message) {
  errors_.push_back({place, std::move(message)});
}

void Diagnostics::warning(const Place& place, std::string message) {
  warnings_.push_back({place, std::move(message)});
}

std::string Diagnostics::where(const Place& place) const {
  const std::size_t from_set = overrides_.size() - origins_.size();
  if (place.override_number > from_set) return origins_[place.override_number - from_set - 1];
  if (place.override_number > 0) return fmt::format("--set {}", place.override_number);
  return fmt::format("{}:{}:{}", file_name_, place.line, place.column);
}

std::string Diagnostics::excerpt(const Place& place) const {
  std::string_view line;
  if (place.override_number > 0) {
    line = overrides_[place.override_number - 1];
  } else if (place.line <= lines_.size()) {
    line = lines_[place.line - 1];
  } else {
    return {};
  }
  const std::vector<std::string> all = characters(line);
  const std::size_t caret = std::min<std::size_t>(place.column - 1, all.size());
  std::size_t first = 0;
  std::size_t last = all.size();
  if (all.size() > kWindow) {
    first = caret > kWindow / 2 ? caret - kWindow / 2 : 0;
    last = std::min(first + kWindow, all.size());
  }
  const std::string gutter =
      place.override_number > 0 ? std::string("  ") : fmt::format("{:5} | ", place.line);
  const std::string empty_gutter =
      place.override_number > 0 ? std::string("  ") : std::string("      | ");
  return fmt::format("\n{}{}\n{}{}^", gutter, joined(all, first, last), empty_gutter,
                     std::string(caret - first, ' '));
}

std::vector<std::string> Diagnostics::rendered(const std::vector<Message>& messages,
                                               std::string_view severity) const {
  std::vector<Message> sorted = messages;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Message& a, const Message& b) { return a.place < b.place; });
  std::vector<std::string> texts;
  texts.reserve(sorted.size());
  for (const Message& m : sorted) {
    texts.push_back(
        fmt::format("{}: {}: {}{}", where(m.place), severity, m.text, excerpt(m.place)));
  }
  return texts;
}

std::string Diagnostics::errors() const {
  std::string text = fmt::format("{}", fmt::join(rendered(errors_, "error"), "\n"));
  if (errors_.size() > 1) text += fmt::format("\n{}: {} errors", file_name_, errors_.size());
  return text;
}

void Diagnostics::throw_if_errors() const {
  if (!errors_.empty()) throw Error(ErrorKind::usage, errors());
}

std::vector<std::string> Diagnostics::warnings() const {
  return rendered(warnings_, "warning");
}

}  // namespace eustress::io
