#include "io/study/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/text/did_you_mean.hpp"
#include "io/study/catalogue.hpp"
#include "io/study/values.hpp"

namespace eustress::io {
namespace {

constexpr std::size_t kMostListed = 10;

bool is_repeated(std::string_view section) {
  const Section* found = find_section(section);
  return found != nullptr && found->repeated;
}

// Walks down the tree along one override, and makes the tables that are missing.
class Descent {
 public:
  Descent(Override& change, Diagnostics& diagnostics)
      : change_(change), diagnostics_(diagnostics) {}

  void apply(Node& root) {
    Node* table = &root;
    std::string section;
    for (std::size_t i = 0; i + 1 < change_.path.size(); ++i) {
      section += (section.empty() ? "" : ".") + change_.path[i];
      Entry* entry = table->find(change_.path[i]);
      if (is_repeated(section)) {
        ++i;
        table = entry == nullptr ? no_element(section, i, {}) : element(entry->value, section, i);
        if (table == nullptr) return;
        if (i + 1 == change_.path.size()) return missing_key(section);
        continue;
      }
      if (entry == nullptr) {
        table->entries.push_back({change_.path[i], change_.places[i], {}});
        entry = &table->entries.back();
        entry->value.place = change_.places[i];
      }
      // The file holds something else under the section's name, which the reader will report.
      if (entry->value.kind != Node::Kind::table) return;
      table = &entry->value;
    }
    put(*table);
  }

 private:
  void put(Node& table) {
    const std::string& key = change_.path.back();
    if (Entry* entry = table.find(key)) {
      entry->key_place = change_.places.back();
      entry->value = std::move(change_.value);
    } else {
      table.entries.push_back({key, change_.places.back(), std::move(change_.value)});
    }
  }

  void missing_key(const std::string& section) {
    diagnostics_.error(
        change_.places[0],
        fmt::format("the key of [[{0}]] is missing; write {0}.NAME.key=value", section));
  }

  Node* no_element(const std::string& section, std::size_t i, std::span<const std::string> names) {
    std::string advice = did_you_mean(change_.path[i], names);
    if (advice.empty() && !names.empty() && names.size() <= kMostListed) {
      advice = fmt::format(" There are: {}", fmt::join(names, ", "));
    }
    diagnostics_.error(
        change_.places[i],
        with_advice(fmt::format("there is no [[{0}]] with {1} = \"{2}\"; write {0}.NAME.key=value",
                                section, naming_key(section), change_.path[i]),
                    advice));
    return nullptr;
  }

  Node* element(Node& list, const std::string& section, std::size_t i) {
    std::vector<std::string> names;
    for (Node& item : list.items) {
      const Entry* name = item.find(naming_key(section));
      if (name == nullptr || name->value.kind != Node::Kind::text) continue;
      if (name->value.text == change_.path[i]) return &item;
      names.push_back(name->value.text);
    }
    return no_element(section, i, names);
  }

  Override& change_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::string_view naming_key(std::string_view section) {
  return section == "population.column" ? "column" : "name";
}

void apply_overrides(Node& root, std::span<const std::string> overrides, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    std::optional<Override> change =
        parse_override(overrides[i], static_cast<std::uint32_t>(i + 1), diagnostics);
    if (change) Descent(*change, diagnostics).apply(root);
  }
}

}  // namespace eustress::io
