#include "io/study/placed_messages.hpp"

#include <utility>

#include "io/study/overrides.hpp"

namespace eustress::io {

PlacedMessages::PlacedMessages(const std::string& text, const std::string& file_name,
                               std::span<const std::string> overrides)
    : diagnostics_(text, file_name, overrides) {
  root_ = parse_toml(text, diagnostics_).value_or(Node{});
  apply_overrides(root_, overrides, diagnostics_);
}

Place PlacedMessages::place_of(std::string_view section, std::string_view name,
                               std::string_view key) const {
  const Entry* list = root_.find(section);
  if (list == nullptr) return {};
  for (const Node& element : list->value.items) {
    const Entry* own_name = element.find("name");
    if (own_name == nullptr || own_name->value.text != name) continue;
    const Entry* entry = element.find(key);
    return entry == nullptr ? element.place : entry->value.place;
  }
  return list->value.place;
}

void PlacedMessages::error(std::string_view section, std::string_view name, std::string_view key,
                           std::string message) {
  diagnostics_.error(place_of(section, name, key), std::move(message));
}

void PlacedMessages::warning(std::string_view section, std::string_view name, std::string_view key,
                             std::string message) {
  diagnostics_.warning(place_of(section, name, key), std::move(message));
}

}  // namespace eustress::io
