#include "io/study/toml_tree.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "io/study/toml_text.hpp"

namespace eustress::io {
namespace {

Place place_of(const toml::source_region& source) {
  return {0, std::max<std::uint32_t>(source.begin.line, 1),
          std::max<std::uint32_t>(source.begin.column, 1)};
}

Node tree_of(const toml::node& source) {
  Node node;
  node.place = place_of(source.source());
  if (const auto* table = source.as_table()) {
    node.kind = Node::Kind::table;
    for (const auto& [key, value] : *table) {
      node.entries.push_back({std::string(key.str()), place_of(key.source()), tree_of(value)});
    }
    std::stable_sort(node.entries.begin(), node.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key_place < b.key_place; });
  } else if (const auto* list = source.as_array()) {
    node.kind = Node::Kind::list;
    for (const toml::node& item : *list) node.items.push_back(tree_of(item));
  } else if (const auto* integer = source.as_integer()) {
    node.kind = Node::Kind::integer;
    node.integer = integer->get();
  } else if (const auto* number = source.as_floating_point()) {
    node.kind = Node::Kind::number;
    node.number = number->get();
  } else if (const auto* boolean = source.as_boolean()) {
    node.kind = Node::Kind::boolean;
    node.is_on = boolean->get();
  } else if (const auto* text = source.as_string()) {
    node.kind = Node::Kind::text;
    node.text = text->get();
  } else {
    node.kind = Node::Kind::time;
  }
  return node;
}

void move_to(Node& node, std::uint32_t override_number, std::uint32_t columns) {
  node.place.override_number = override_number;
  node.place.line = 1;
  node.place.column += columns;
  for (Node& item : node.items) move_to(item, override_number, columns);
  for (Entry& entry : node.entries) {
    entry.key_place.override_number = override_number;
    entry.key_place.column += columns;
    move_to(entry.value, override_number, columns);
  }
}

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// The library descends into every name of a dotted key, so that a long one overflows the stack.
constexpr int kMostDots = 16;

// The end of the string that starts at `start`, or of the text.
std::size_t end_of_string(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const std::string fence(3, quote);
  const bool is_long = text.substr(start, 3) == fence;
  std::size_t i = start + (is_long ? 3 : 1);
  while (i < text.size()) {
    if (text[i] == '\\' && quote == '"') {
      i += 2;
    } else if (is_long && text.substr(i, 3) == fence) {
      return i + 3;
    } else if (!is_long && (text[i] == quote || text[i] == '\n')) {
      return i + 1;
    } else {
      ++i;
    }
  }
  return text.size();
}

// The place where names joined by dots become too many, or nothing.
std::optional<Place> too_many_dots(std::string_view text) {
  Place place;
  std::size_t line_start = 0;
  int dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      const std::size_t end = end_of_string(text, i);
      for (std::size_t j = i; j < end; ++j) {
        if (text[j] != '\n') continue;
        ++place.line;
        line_start = j + 1;
        dots = 0;
      }
      i = end - 1;
    } else if (c == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '\n') {
      ++place.line;
      line_start = i + 1;
      dots = 0;
    } else if (c == '.') {
      if (++dots > kMostDots) {
        place.column = static_cast<std::uint32_t>(i - line_start + 1);
        return place;
      }
    } else if (!is_bare(c) && c != ' ' && c != '\t') {
      dots = 0;
    }
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

Entry* Node::find(std::string_view key) {
  return const_cast<Entry*>(std::as_const(*this).find(key));
}

std::string Node::description() const {
  switch (kind) {
    case Kind::integer:
      return fmt::format("the integer {}", integer);
    case Kind::number:
      return "the number " + toml_text(number);
    case Kind::boolean:
      return is_on ? "true" : "false";
    case Kind::text:
      return "the text \"" + printable(text) + "\"";
    case Kind::list:
      return "a list";
    case Kind::table:
      return "a table";
    case Kind::time:
      return "a date or time";
  }
  return {};
}

std::optional<Node> parse_toml(std::string_view text, Diagnostics& diagnostics) {
  if (const std::optional<Place> place = too_many_dots(text)) {
    diagnostics.error(*place, fmt::format("more than {} names joined by dots", kMostDots));
    return std::nullopt;
  }
  try {
    const toml::table table = toml::parse(text, std::string_view());
    return tree_of(table);
  } catch (const toml::parse_error& error) {
    diagnostics.error(place_of(error.source()),
                      "not valid TOML: " + std::string(error.description()));
    return std::nullopt;
  }
}

std::optional<Override> parse_override(std::string_view text, std::uint32_t number,
                                       Diagnostics& diagnostics) {
  const auto fail = [&](std::size_t column, const std::string& message) {
    diagnostics.error({number, 1, static_cast<std::uint32_t>(column + 1)}, message);
    return std::nullopt;
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return fail(text.size(), "an override is written section.key=value; '=' is missing");
  }

  Override result;
  const std::string_view path = trimmed(text.substr(0, equals));
  std::size_t start = equals == 0 ? 0 : static_cast<std::size_t>(path.data() - text.data());
  if (path.empty()) return fail(0, "an override is written section.key=value; the key is missing");
  const std::size_t end_of_path = start + path.size();
  while (start <= end_of_path) {
    const std::size_t end = std::min(text.find('.', start), end_of_path);
    const std::string_view name = text.substr(start, end - start);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_bare)) {
      return fail(start, fmt::format("'{}' is not a key; an override is written section.key=value",
                                     printable(path)));
    }
    result.path.emplace_back(name);
    result.places.push_back({number, 1, static_cast<std::uint32_t>(start + 1)});
    start = end + 1;
  }
  if (result.path.size() < 2) {
    return fail(0, fmt::format("'{}' names no section; an override is written section.key=value",
                               printable(path)));
  }

  const std::string_view value = trimmed(text.substr(equals + 1));
  if (value.empty()) return fail(equals + 1, "the value after '=' is missing");
  const auto value_column = static_cast<std::uint32_t>(value.data() - text.data());
  if (value.find_first_of("\n\r") != std::string_view::npos) {
    return fail(value_column, "the value of an override is one line");
  }

  constexpr std::string_view kPrefix = "v=";
  const std::string document = std::string(kPrefix) + std::string(value);
  Diagnostics trial(document, "", {});
  std::optional<Node> table = parse_toml(document, trial);
  if (table && table->entries.size() == 1 && table->entries[0].key_place.column == 1 &&
      !table->entries[0].value.place.override_number) {
    result.value = std::move(table->entries[0].value);
    move_to(result.value, number, value_column - static_cast<std::uint32_t>(kPrefix.size()));
    return result;
  }
  if (std::string_view("\"'[{").find(value.front()) != std::string_view::npos) {
    return fail(value_column, fmt::format("{} is not a TOML value", printable(value)));
  }
  result.value.kind = Node::Kind::text;
  result.value.text = std::string(value);
  result.value.place = {number, 1, value_column + 1};
  return result;
}

}  // namespace eustress::io
