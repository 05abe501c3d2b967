#include "io/study/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/did_you_mean.hpp"
#include "core/text/number.hpp"

namespace eustress::io {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 1000;

// A whole number that a double holds exactly.
bool is_whole(double value) {
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  return std::trunc(value) == value && std::abs(value) <= kExactIntegers;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// Names that netCDF, Python and R take as they are.
bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return letter_or_digit(c) || c == '_'; });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
}

bool is_clock_time(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return false;
  }
  return (text[0] - '0') * 10 + (text[1] - '0') < 24 && text[3] < '6';
}

// Checks one value and speaks about it as `subject`: the key, or an element of its list.
class ValueCheck {
 public:
  ValueCheck(const KeyInfo& info, std::string subject, const Node& node, Diagnostics& diagnostics)
      : info_(info), subject_(std::move(subject)), node_(node), diagnostics_(diagnostics) {}

  std::optional<Setting> wrong_type(std::string_view advice = {}) {
    const std::string range = range_text(info_);
    return fail(fmt::format("{} must be {}{}, found {}{}", subject_, type_text(info_),
                            range.empty() ? range : " from " + range, node_.description(), advice));
  }

  std::optional<Setting> integer() {
    if (node_.kind == Node::Kind::number && is_whole(node_.number)) {
      return wrong_type("; write " + plain_number(node_.number));
    }
    if (node_.kind != Node::Kind::integer) return wrong_type();
    // Compared as double: the bounds are exact, and rounding cannot carry a value across one.
    const auto value = static_cast<double>(node_.integer);
    if (value < info_.low || value > info_.high) return out_of_range(fmt::to_string(node_.integer));
    return node_.integer;
  }

  std::optional<Setting> number() {
    if (node_.kind != Node::Kind::integer && node_.kind != Node::Kind::number) return wrong_type();
    const double value =
        node_.kind == Node::Kind::integer ? static_cast<double>(node_.integer) : node_.number;
    if (!std::isfinite(value)) {
      return fail(fmt::format("{} = {} is not a finite number; legal is {}", subject_,
                              number_text(value), range_text(info_)));
    }
    if (value < info_.low || value > info_.high) {
      return out_of_range(node_.kind == Node::Kind::integer ? fmt::to_string(node_.integer)
                                                            : plain_number(value));
    }
    return value;
  }

  std::optional<Setting> boolean() {
    if (node_.kind != Node::Kind::boolean) return wrong_type();
    return node_.is_on;
  }

  std::optional<Setting> text() {
    if (node_.kind != Node::Kind::text) return wrong_type();
    const std::string& value = node_.text;
    if (value.size() > kLongestText) {
      return fail(fmt::format("{} has {} bytes; at most {} are legal", subject_, value.size(),
                              kLongestText));
    }
    const auto is_control = [](char c) {
      return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    };
    if (std::any_of(value.begin(), value.end(), is_control)) {
      return fail(fmt::format("{} holds a control character or a line break", subject_));
    }
    return value;
  }

  std::optional<Setting> name() {
    if (node_.kind != Node::Kind::text) return wrong_type();
    if (!is_name(node_.text)) {
      return fail(
          fmt::format("{} = \"{}\" is not a legal name: 1 to {} letters, digits, '_', '-' "
                      "or '.', of which the first is a letter or digit",
                      subject_, printable(node_.text), kLongestName));
    }
    return node_.text;
  }

  std::optional<Setting> identifier() {
    if (node_.kind != Node::Kind::text) return wrong_type();
    if (!is_identifier(node_.text)) {
      return fail(
          fmt::format("{} = \"{}\" is not a legal name: 1 to {} letters, digits or '_', of "
                      "which the first is a letter",
                      subject_, printable(node_.text), kLongestName));
    }
    return node_.text;
  }

  std::optional<Setting> choice() {
    if (node_.kind != Node::Kind::text) return wrong_type();
    const auto& choices = info_.choices;
    if (std::find(choices.begin(), choices.end(), node_.text) == choices.end()) {
      return fail(with_advice(
          fmt::format("{} = \"{}\" is not {}", subject_, printable(node_.text), type_text(info_)),
          did_you_mean(node_.text, choices)));
    }
    return node_.text;
  }

  std::optional<Setting> clock_time() {
    if (node_.kind != Node::Kind::text) return wrong_type();
    if (!is_clock_time(node_.text)) {
      return fail(fmt::format("{} = \"{}\" is not a time of day from \"00:00\" to \"23:59\"",
                              subject_, printable(node_.text)));
    }
    return node_.text;
  }

 private:
  std::optional<Setting> fail(std::string message) {
    diagnostics_.error(node_.place, std::move(message));
    return std::nullopt;
  }

  std::optional<Setting> out_of_range(std::string_view value) {
    return fail(
        fmt::format("{} = {} is outside the legal range {}", subject_, value, range_text(info_)));
  }

  const KeyInfo& info_;
  std::string subject_;
  const Node& node_;
  Diagnostics& diagnostics_;
};

std::optional<Setting> checked_weights(const KeyInfo& info, const Node& node,
                                       Diagnostics& diagnostics) {
  if (node.kind != Node::Kind::table) {
    return ValueCheck(info, std::string(info.key), node, diagnostics).wrong_type();
  }
  Weights weights;
  bool all_right = true;
  for (const Entry& entry : node.entries) {
    if (std::find(info.choices.begin(), info.choices.end(), entry.key) == info.choices.end()) {
      std::string advice = did_you_mean(entry.key, info.choices);
      if (advice.empty()) advice = fmt::format(" Legal are: {}", fmt::join(info.choices, ", "));
      diagnostics.error(entry.key_place, with_advice(fmt::format("unknown name '{}' in {}",
                                                                 printable(entry.key), info.key),
                                                     advice));
      all_right = false;
      continue;
    }
    KeyInfo element = info;
    element.type = KeyType::number;
    const auto value =
        ValueCheck(element, fmt::format("{}.{}", info.key, entry.key), entry.value, diagnostics)
            .number();
    if (value) {
      weights.emplace_back(entry.key, std::get<double>(*value));
    } else {
      all_right = false;
    }
  }
  if (!all_right) return std::nullopt;
  return weights;
}

std::optional<Setting> checked_identifiers(const KeyInfo& info, const Node& node,
                                           Diagnostics& diagnostics) {
  if (node.kind != Node::Kind::list) {
    return ValueCheck(info, std::string(info.key), node, diagnostics).wrong_type();
  }
  KeyInfo element = info;
  element.type = info.choices.empty() ? KeyType::identifier : KeyType::choice;
  std::vector<std::string> names;
  bool all_right = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    ValueCheck item(element, fmt::format("{}[{}]", info.key, i), node.items[i], diagnostics);
    const auto value = info.choices.empty() ? item.identifier() : item.choice();
    if (value) {
      names.push_back(std::get<std::string>(*value));
    } else {
      all_right = false;
    }
  }
  if (!all_right) return std::nullopt;
  return names;
}

}  // namespace

std::string plain_number(double value) {
  if (is_whole(value)) {
    return fmt::to_string(static_cast<std::int64_t>(value));
  }
  return number_text(value);
}

std::string with_advice(const std::string& sentence, std::string_view advice) {
  return advice.empty() ? sentence : sentence + "." + std::string(advice);
}

std::string type_text(const KeyInfo& info) {
  switch (info.type) {
    case KeyType::integer:
      return "an integer";
    case KeyType::number:
      return "a number";
    case KeyType::boolean:
      return "true or false";
    case KeyType::text:
      return "text in quotes";
    case KeyType::name:
    case KeyType::identifier:
      return "a name in quotes";
    case KeyType::path:
      return "the path of a file in quotes";
    case KeyType::choice: {
      std::vector<std::string> quoted;
      for (const std::string_view choice : info.choices)
        quoted.push_back(fmt::format("\"{}\"", choice));
      return fmt::format("one of {}", fmt::join(quoted, ", "));
    }
    case KeyType::clock_time:
      return "a time of day such as \"15:30\"";
    case KeyType::integers:
      return "a list of integers";
    case KeyType::identifiers: {
      if (info.choices.empty()) return "a list of names in quotes";
      return fmt::format("a list out of \"{}\"", fmt::join(info.choices, "\", \""));
    }
    case KeyType::weights:
      return "a table of numbers such as { optimism = -1.0 }";
  }
  return {};
}

std::string range_text(const KeyInfo& info) {
  if (!std::isfinite(info.low) && !std::isfinite(info.high)) return {};
  const auto bound = [&](double x) {
    return info.type == KeyType::number ? number_text(x) : plain_number(x);
  };
  std::string text = bound(info.low) + " to " + bound(info.high);
  if (!info.unit.empty() && info.unit != "1") text += fmt::format(" [{}]", info.unit);
  return text;
}

std::optional<Setting> checked_value(const KeyInfo& info, const Node& node,
                                     Diagnostics& diagnostics) {
  ValueCheck check(info, std::string(info.key), node, diagnostics);
  switch (info.type) {
    case KeyType::integer:
      return check.integer();
    case KeyType::number:
      return check.number();
    case KeyType::boolean:
      return check.boolean();
    case KeyType::text:
    case KeyType::path:
      return check.text();
    case KeyType::name:
      return check.name();
    case KeyType::identifier:
      return check.identifier();
    case KeyType::choice:
      return check.choice();
    case KeyType::clock_time:
      return check.clock_time();
    case KeyType::weights:
      return checked_weights(info, node, diagnostics);
    case KeyType::identifiers:
      return checked_identifiers(info, node, diagnostics);
    case KeyType::integers:
      break;
  }
  if (node.kind != Node::Kind::list) return check.wrong_type();
  KeyInfo element = info;
  element.type = KeyType::integer;
  std::vector<std::int64_t> values;
  bool all_right = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    ValueCheck item(element, fmt::format("{}[{}]", info.key, i), node.items[i], diagnostics);
    const std::optional<Setting> value = item.integer();
    if (value) {
      values.push_back(std::get<std::int64_t>(*value));
    } else {
      all_right = false;
    }
  }
  if (!all_right) return std::nullopt;
  return values;
}

}  // namespace eustress::io
