#include "io/study/placed_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "io/study/overrides.hpp"

namespace eustress::io {
namespace {

/// What stands under the path of a section, such as population.column; null if nothing does.
const Node* find_path(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (node != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const Entry* entry = node->find(path.substr(0, dot));
    node = entry == nullptr ? nullptr : &entry->value;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return node;
}

}  // namespace

PlacedMessages::PlacedMessages(const std::string& text, const std::string& file_name,
                               std::span<const std::string> overrides,
                               std::span<const std::string> origins)
    : diagnostics_(text, file_name, overrides, origins) {
  root_ = parse_toml(text, diagnostics_).value_or(Node{});
  apply_overrides(root_, overrides, diagnostics_);
}

Place PlacedMessages::place_of(std::string_view section, std::string_view name,
                               std::string_view key) const {
  const Node* found = find_path(root_, section);
  if (found == nullptr) return {};
  const auto place_in = [&](const Node& table) {
    const Entry* entry = table.find(key);
    return entry == nullptr ? table.place : entry->value.place;
  };
  if (found->kind == Node::Kind::table) return place_in(*found);
  for (const Node& element : found->items) {
    const Entry* own_name = element.find(naming_key(section));
    if (own_name != nullptr && own_name->value.text == name) return place_in(element);
  }
  return found->place;
}

std::string PlacedMessages::where(std::string_view section, std::string_view name,
                                  std::string_view key) const {
  return diagnostics_.where(place_of(section, name, key));
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
