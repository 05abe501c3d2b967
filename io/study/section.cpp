#include "io/study/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/text/did_you_mean.hpp"
#include "io/study/catalogue.hpp"

namespace eustress::io {
namespace {

// A short section's keys are listed when nothing is near.
constexpr std::size_t kMostListed = 14;

std::string heading_of(const Section& section) {
  return section.repeated ? "[[" + section.name + "]]" : "[" + section.name + "]";
}

// " It is a key of [study] and [wave]." or nothing.
std::string owners_of(std::string_view key) {
  std::vector<std::string> owners;
  for (const Section& section : catalogue()) {
    if (section.find(key) != nullptr) owners.push_back(heading_of(section));
  }
  if (owners.empty() || owners.size() > 4) return {};
  return fmt::format(" It is a key of {}.", fmt::join(owners, ", "));
}

}  // namespace

void report_unknown_key(const Entry& entry, std::string_view section, Diagnostics& diagnostics) {
  const Section* found = find_section(section);
  std::vector<std::string_view> keys;
  for (const KeyEntry& key : found->keys) keys.push_back(key.info.key);
  if (section == "arm") keys.push_back("set");
  if (section == "population") keys.push_back("column");

  std::string advice = did_you_mean(entry.key, keys);
  if (advice.empty()) advice = owners_of(entry.key);
  if (advice.empty() && keys.size() <= kMostListed) {
    advice = fmt::format(" Legal keys: {}", fmt::join(keys, ", "));
  }
  diagnostics.error(
      entry.key_place,
      with_advice(fmt::format("unknown key '{}' in {}", printable(entry.key), heading_of(*found)),
                  advice));
}

void report_unknown_section(const Entry& entry, Diagnostics& diagnostics) {
  const bool is_section =
      entry.value.kind == Node::Kind::table || entry.value.kind == Node::Kind::list;
  std::vector<std::string> names;
  std::vector<std::string_view> keys;
  for (const Section& section : catalogue()) {
    names.push_back(section.name.substr(0, section.name.find('.')));
    if (section.of_model) continue;
    for (const KeyEntry& key : section.keys) keys.push_back(key.info.key);
  }
  std::string advice;
  if (is_section) {
    advice = did_you_mean(entry.key, names);
  } else {
    // The owners of the nearest key, which may be the key itself.
    const std::string_view nearest = nearest_word(entry.key, keys);
    if (!nearest.empty() && nearest != entry.key)
      advice = fmt::format(" Did you mean '{}'?", nearest);
    advice += owners_of(nearest.empty() ? std::string_view(entry.key) : nearest);
  }
  const std::string name = printable(entry.key);
  diagnostics.error(
      entry.key_place,
      with_advice(is_section ? fmt::format("unknown section '{}'", name)
                             : fmt::format("key '{}' stands outside of any section", name),
                  advice));
}

void report_unknown_loading(const Entry& entry, Diagnostics& diagnostics) {
  constexpr std::string_view kPrefix = "loadings.";
  std::vector<std::string> traits;
  for (const Section& section : catalogue()) {
    if (section.name.starts_with(kPrefix)) traits.push_back(section.name.substr(kPrefix.size()));
  }
  diagnostics.error(entry.key_place, with_advice(fmt::format("unknown trait '{}' in [loadings]",
                                                             printable(entry.key)),
                                                 did_you_mean(entry.key, traits)));
}

void check_known_keys(const Node& table, std::string_view section, std::string_view besides,
                      Diagnostics& diagnostics) {
  const Section* found = find_section(section);
  for (const Entry& entry : table.entries) {
    if (entry.key != besides && found->find(entry.key) == nullptr) {
      report_unknown_key(entry, section, diagnostics);
    }
  }
}

}  // namespace eustress::io
