#pragma once

// A study file as a tree of values that know where they stand. The only place that knows the TOML
// library.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/study/diagnostics.hpp"

namespace eustress::io {

struct Entry;

struct Node {
  enum class Kind { integer, number, boolean, text, list, table, time };

  Kind kind = Kind::table;
  Place place;  ///< of a table: its header
  std::int64_t integer = 0;
  double number = 0.0;
  bool is_on = false;
  std::string text;
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a table, in the order of the file

  [[nodiscard]] const Entry* find(std::string_view key) const;
  [[nodiscard]] Entry* find(std::string_view key);
  /// What was found, for messages: "the integer 3", "the text \"x\"", "a list".
  [[nodiscard]] std::string description() const;
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

/// The tree of a TOML text, or nothing and an error in `diagnostics`.
std::optional<Node> parse_toml(std::string_view text, Diagnostics& diagnostics);

/// One `section.key=value` of the command line.
struct Override {
  std::vector<std::string> path;  ///< two names or more
  std::vector<Place> places;      ///< of each name
  Node value;
};

/// The n-th override (from 1), or nothing and an error. What is not a TOML value is taken as text,
/// so that quotes, which a shell would need twice, can be left out.
std::optional<Override> parse_override(std::string_view text, std::uint32_t number,
                                       Diagnostics& diagnostics);

}  // namespace eustress::io
