#include "tests/io/report/markup.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <regex>

namespace eustress::testing {

namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == ':';
}

/// Position behind a legal reference at the start of `text`, 0 if there is none.
std::size_t reference_length(std::string_view text) {
  const std::size_t end = text.find(';');
  if (end == std::string_view::npos) return 0;
  const std::string_view name = text.substr(1, end - 1);
  if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos") {
    return end + 1;
  }
  const bool is_number =
      name.size() > 1 && name[0] == '#' && std::all_of(name.begin() + 1, name.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0;
      });
  return is_number ? end + 1 : 0;
}

std::string text_error(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&' && reference_length(text.substr(i)) == 0) {
      return "bare & in '" + std::string(text.substr(i, 20)) + "'";
    }
    if (text[i] == '<') return "bare < in '" + std::string(text.substr(i, 20)) + "'";
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return "control character";
  }
  return "";
}

/// Attributes of a tag behind its name.
std::string attributes_error(std::string_view text) {
  std::vector<std::string> seen;
  while (true) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text[0])) != 0) {
      text.remove_prefix(1);
    }
    if (text.empty()) return "";
    std::size_t length = 0;
    while (length < text.size() && is_name(text[length])) ++length;
    const std::string name(text.substr(0, length));
    if (name.empty() || text.substr(length, 2) != "=\"")
      return "attribute '" + std::string(text) + "'";
    const std::size_t end = text.find('"', length + 2);
    if (end == std::string_view::npos) return "unfinished attribute " + name;
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return "two attributes " + name;
    seen.push_back(name);
    const std::string error = text_error(text.substr(length + 2, end - length - 2));
    if (!error.empty()) return error;
    text.remove_prefix(end + 1);
    if (!text.empty() && std::isspace(static_cast<unsigned char>(text[0])) == 0) {
      return "no space behind attribute " + name;
    }
  }
}

}  // namespace

std::string markup_error(std::string_view text) {
  constexpr std::string_view kDoctype = "<!DOCTYPE html>\n";
  if (text.starts_with(kDoctype)) text.remove_prefix(kDoctype.size());
  std::vector<std::string> open;
  while (!text.empty()) {
    const std::size_t tag = std::min(text.find('<'), text.size());
    const std::string error = text_error(text.substr(0, tag));
    if (!error.empty()) return error;
    text.remove_prefix(tag);
    if (text.empty()) break;
    // The end of the tag: > is legal within attributes.
    bool quoted = false;
    std::size_t end = 1;
    while (end < text.size() && (quoted || text[end] != '>')) quoted ^= text[end++] == '"';
    if (end == text.size()) return "unfinished tag '" + std::string(text.substr(0, 40)) + "'";
    std::string_view inside = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (inside.starts_with('/')) {
      const std::string name(inside.substr(1));
      if (open.empty() || open.back() != name) {
        return "</" + name + "> closes " + (open.empty() ? "nothing" : "<" + open.back() + ">");
      }
      open.pop_back();
      continue;
    }
    const bool is_empty = inside.ends_with('/');
    if (is_empty) inside.remove_suffix(1);
    std::size_t length = 0;
    while (length < inside.size() && is_name(inside[length])) ++length;
    const std::string name(inside.substr(0, length));
    if (name.empty()) return "tag without a name: <" + std::string(inside) + ">";
    const std::string wrong = attributes_error(inside.substr(length));
    if (!wrong.empty()) return "<" + name + ">: " + wrong;
    if (!is_empty) open.push_back(name);
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

std::vector<std::string> attribute_values(std::string_view text, std::string_view attribute) {
  std::vector<std::string> values;
  std::string key(1, ' ');
  key.append(attribute).append("=\"");
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const std::size_t begin = at + key.size();
    values.emplace_back(text.substr(begin, text.find('"', begin) - begin));
  }
  return values;
}

std::vector<std::pair<double, double>> circles(const std::string& svg) {
  static const std::regex kCircle(R"re(<circle cx="([^"]*)" cy="([^"]*)")re");
  std::vector<std::pair<double, double>> centres;
  for (std::sregex_iterator it(svg.begin(), svg.end(), kCircle), end; it != end; ++it) {
    centres.emplace_back(std::strtod((*it)[1].str().c_str(), nullptr),
                         std::strtod((*it)[2].str().c_str(), nullptr));
  }
  return centres;
}

}  // namespace eustress::testing
