#include "io/study/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "io/files/sha256.hpp"

namespace eustress::io {
namespace {

constexpr std::string_view kMark = "# sha256 of ";

// A value is a text in double quotes, or has no quotes.
std::string without_comment(std::string value) {
  std::size_t end = value.find('#');
  if (value.starts_with('"')) {
    end = 1;
    while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
    ++end;
  }
  value.resize(std::min(end, value.size()));
  value.resize(value.find_last_not_of(' ') + 1);
  return value;
}

// The text is that of dump_study: one key a line, no strings over several lines.
std::vector<std::pair<std::string, std::string>> settings_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> settings;
  std::map<std::string, int> elements;
  std::string section;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kMark)) {
      const std::size_t colon = line.find(": ");
      if (colon == std::string::npos) continue;
      settings.emplace_back(
          fmt::format("content of {}", line.substr(kMark.size(), colon - kMark.size())),
          line.substr(colon + 2));
      continue;
    }
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("[[")) {
      const std::string name = line.substr(2, line.find(']') - 2);
      section = fmt::format("{}[{}]", name, ++elements[name]);
    } else if (line.front() == '[') {
      section = line.substr(1, line.find(']') - 1);
      if (section == "arm.set") section = fmt::format("arm[{}].set", elements["arm"]);
    } else {
      const std::size_t equals = line.find(" = ");
      if (equals == std::string::npos) continue;
      settings.emplace_back(fmt::format("{}.{}", section, line.substr(0, equals)),
                            without_comment(line.substr(equals + 3)));
    }
  }
  return settings;
}

}  // namespace

std::vector<ChangedKey> changed_keys(const std::string& left, const std::string& right) {
  const auto before = settings_of(left);
  const auto after = settings_of(right);
  const std::map<std::string, std::string> old_values(before.begin(), before.end());
  const std::map<std::string, std::string> new_values(after.begin(), after.end());
  std::vector<ChangedKey> changes;
  for (const auto& [key, value] : before) {
    const auto found = new_values.find(key);
    if (found == new_values.end()) {
      changes.push_back({key, value, ""});
    } else if (found->second != value) {
      changes.push_back({key, value, found->second});
    }
  }
  for (const auto& [key, value] : after) {
    if (!old_values.contains(key)) changes.push_back({key, "", value});
  }
  return changes;
}

bool is_free_to_change(std::string_view key) {
  return key.starts_with("checkpoint.") || key.starts_with("traces.") ||
         key == "numerics.memory_gib";
}

std::string input_mark(std::string_view key, std::string_view content) {
  return fmt::format("{}{}: {}\n", kMark, key, sha256(content));
}

}  // namespace eustress::io
