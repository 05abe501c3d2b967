#include "io/design/free_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/text/did_you_mean.hpp"
#include "io/study/catalogue.hpp"
#include "io/study/section.hpp"
#include "io/study/toml_text.hpp"
#include "io/study/values.hpp"

namespace eustress::io {

namespace {

constexpr std::array<std::string_view, 2> kScales = {"linear", "log"};
constexpr double kMostSteps = 10000;

/// As the file has it.
struct Written {
  std::string key, scale = "linear";
  double low = 0.0, high = 0.0, start = 0.0;
  std::int64_t steps = 0;
};

std::span<const KeyRow<Written>> rows() {
  static const auto all = std::array{
      plain_row<Written, &Written::key>({.key = "key",
                                         .type = KeyType::text,
                                         .required = true,
                                         .doc = "section.key of the study file"}),
      plain_row<Written, &Written::low>({.key = "low", .doc = "lowest value"}),
      plain_row<Written, &Written::high>({.key = "high", .doc = "highest value"}),
      plain_row<Written, &Written::scale>({.key = "scale",
                                           .type = KeyType::choice,
                                           .choices = kScales,
                                           .doc = "steps that are equal in value or in ratio"}),
      plain_row<Written, &Written::start>(
          {.key = "start", .doc = "value that a search begins with"}),
      plain_row<Written, &Written::steps>({.key = "steps",
                                           .type = KeyType::integer,
                                           .low = 2,
                                           .high = kMostSteps,
                                           .doc = "values of a grid from low to high"}),
  };
  return all;
}

/// A key of the catalogue; `name` is what stands between a repeated section and its key.
struct FoundKey {
  const Section* section = nullptr;
  const KeyEntry* key = nullptr;
};

FoundKey find_key(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view key = path.substr(dot + 1);
  std::string_view section = path.substr(0, dot);
  if (const Section* found = find_section(section); found != nullptr && !found->repeated) {
    return {found, found->find(key)};
  }
  // wave.NAME.key, population.column.NAME.key
  for (std::size_t end = section.rfind('.'); end != std::string_view::npos && end > 0;
       end = section.rfind('.', end - 1)) {
    const Section* found = find_section(section.substr(0, end));
    if (found != nullptr && found->repeated) return {found, found->find(key)};
  }
  return {};
}

bool is_numeric(const KeyInfo& info) {
  return info.type == KeyType::number || info.type == KeyType::integer;
}

std::vector<std::string> numeric_paths(bool of_model) {
  std::vector<std::string> paths;
  for (const Section& section : catalogue()) {
    if (section.repeated || (of_model && !section.of_model)) continue;
    for (const KeyEntry& key : section.keys) {
      if (is_numeric(key.info)) paths.push_back(fmt::format("{}.{}", section.name, key.info.key));
    }
  }
  return paths;
}

class ParameterReader {
 public:
  ParameterReader(const Node& table, RangeForm form, Diagnostics& diagnostics)
      : table_(table), form_(form), diagnostics_(diagnostics) {}

  std::optional<FreeParameter> read() {
    check_names();
    status_ = read_keys(rows(), &table_, "[[parameter]]", written_, diagnostics_);
    parameter_.key = written_.key;
    parameter_.place = status_.place("key");
    parameter_.is_log = written_.scale == "log";
    if (status_.right("key")) look_up();
    read_values();
    if (table_.find("values") == nullptr) read_range();
    if (is_wrong_) return std::nullopt;
    return parameter_;
  }

 private:
  [[nodiscard]] bool takes_grid() const {
    return form_ == RangeForm::range_or_grid || form_ == RangeForm::either;
  }

  void error(const Place& place, std::string message) {
    is_wrong_ = true;
    diagnostics_.error(place, std::move(message));
  }

  void check_names() {
    std::vector<std::string_view> known = {"key", "low", "high", "scale"};
    if (takes_grid()) known.insert(known.end(), {"steps", "values"});
    if (form_ == RangeForm::calibrated) known.push_back("start");
    check_known_names(table_, known, "[[parameter]]", diagnostics_);
  }

  void look_up() {
    const FoundKey found = find_key(written_.key);
    const bool of_model = form_ == RangeForm::calibrated;
    if (found.key == nullptr) {
      error(parameter_.place,
            with_advice(fmt::format("unknown key '{}' of a study", printable(written_.key)),
                        did_you_mean(written_.key, numeric_paths(of_model))));
      return;
    }
    info_ = &found.key->info;
    parameter_.unit = info_->unit;
    parameter_.is_integer = info_->type == KeyType::integer;
    if (!is_numeric(*info_) || (of_model && (!found.section->of_model || parameter_.is_integer))) {
      error(parameter_.place,
            fmt::format("{} is {}, {}", written_.key,
                        found.section->of_model ? type_text(*info_) : "no parameter of the model",
                        of_model ? "so it cannot be fitted; parameters of the model that are "
                                   "numbers can"
                                 : "so it cannot be varied; keys that are numbers can"));
      return;
    }
    if (found.key->value) {
      if (const double* number = std::get_if<double>(&*found.key->value)) {
        parameter_.standard = *number;
      }
    }
  }

  /// Of the key itself.
  void check_bounds(double value, const Place& place) {
    if (info_ == nullptr || (value >= info_->low && value <= info_->high)) return;
    error(place, fmt::format("{} = {} is outside the legal range {}", parameter_.key,
                             plain_number(value), range_text(*info_)));
  }

  void read_values() {
    const Entry* entry = table_.find("values");
    if (entry == nullptr || !takes_grid()) return;
    for (const std::string_view other : {"low", "high", "steps", "scale"}) {
      if (!status_.given(other)) continue;
      error(status_.place(other),
            fmt::format("{} and values say the same thing: give one of them", other));
    }
    const Node& list = entry->value;
    if (list.kind != Node::Kind::list || list.items.empty()) {
      error(list.place, "values must be a list of numbers, found " + list.description());
      return;
    }
    for (const Node& item : list.items) {
      const bool is_whole = item.kind == Node::Kind::integer;
      if (!is_whole && (item.kind != Node::Kind::number || parameter_.is_integer)) {
        error(item.place,
              fmt::format("values must be {}, found {}",
                          parameter_.is_integer ? "integers" : "numbers", item.description()));
        continue;
      }
      const double value = is_whole ? static_cast<double>(item.integer) : item.number;
      check_bounds(value, item.place);
      if (std::ranges::find(parameter_.values, value) != parameter_.values.end()) {
        error(item.place, fmt::format("{} stands twice in values", plain_number(value)));
      }
      parameter_.values.push_back(value);
    }
    if (parameter_.values.empty()) return;
    const auto [least, most] = std::ranges::minmax(parameter_.values);
    parameter_.low = least;
    parameter_.high = most;
  }

  void read_range() {
    const bool is_grid = form_ == RangeForm::range_or_grid;
    for (const std::string_view end : {"low", "high"}) {
      if (status_.given(end)) {
        is_wrong_ = is_wrong_ || !status_.right(end);
        continue;
      }
      error(table_.place, fmt::format("missing required key '{}' in [[parameter]]{}", end,
                                      is_grid ? ": give low, high and steps, or values" : ""));
    }
    if (is_wrong_) return;
    parameter_.low = written_.low;
    parameter_.high = written_.high;
    check_bounds(written_.low, status_.place("low"));
    check_bounds(written_.high, status_.place("high"));
    if (!(written_.low < written_.high)) {
      error(status_.place("high"),
            fmt::format("high = {} must be above low = {}", plain_number(written_.high),
                        plain_number(written_.low)));
    }
    if (parameter_.is_log && !(written_.low > 0.0)) {
      error(status_.place("low"), fmt::format("low = {} must be above 0 with scale = \"log\"",
                                              plain_number(written_.low)));
    }
    if (parameter_.is_integer) {
      error(parameter_.place, fmt::format("{} is an integer: it can be varied over values = [...] "
                                          "of a grid only",
                                          parameter_.key));
    }
    if (status_.given("start") && status_.right("start")) {
      parameter_.start = written_.start;
      if (!(written_.start >= written_.low && written_.start <= written_.high)) {
        error(status_.place("start"),
              fmt::format("start = {} is not between low = {} and high = {}",
                          plain_number(written_.start), plain_number(written_.low),
                          plain_number(written_.high)));
      }
    }
    if (!is_grid || is_wrong_) return;
    if (!status_.given("steps") || !status_.right("steps")) {
      if (status_.right("steps")) {
        error(table_.place, "missing required key 'steps' in [[parameter]] of a grid, or values");
      }
      return;
    }
    for (std::int64_t i = 0; i < written_.steps; ++i) {
      parameter_.values.push_back(
          parameter_.value_at(static_cast<double>(i) / static_cast<double>(written_.steps - 1)));
    }
  }

  const Node& table_;
  RangeForm form_;
  Diagnostics& diagnostics_;
  Written written_;
  SectionStatus status_;
  FreeParameter parameter_;
  const KeyInfo* info_ = nullptr;
  bool is_wrong_ = false;
};

}  // namespace

double FreeParameter::value_at(double place_in_range) const {
  // The ends exactly.
  if (place_in_range <= 0.0) return low;
  if (place_in_range >= 1.0) return high;
  if (is_log) return std::clamp(low * std::exp(place_in_range * std::log(high / low)), low, high);
  return std::clamp(low + place_in_range * (high - low), low, high);
}

double FreeParameter::place_of(double value) const {
  if (!(high > low)) return 0.0;
  const double place_in_range =
      is_log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return std::clamp(place_in_range, 0.0, 1.0);
}

std::string FreeParameter::override_text(double value) const {
  return fmt::format("{}={}", key,
                     is_integer ? toml_text(Setting(static_cast<std::int64_t>(value)))
                                : toml_text(Setting(value)));
}

std::vector<std::string> overrides_of(std::span<const FreeParameter> parameters,
                                      std::span<const double> values) {
  std::vector<std::string> overrides;
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    overrides.push_back(parameters[j].override_text(values[j]));
  }
  return overrides;
}

std::vector<std::string> origins_of(std::span<const FreeParameter> parameters,
                                    const std::string& file_name) {
  std::vector<std::string> origins;
  for (const FreeParameter& p : parameters) {
    origins.push_back(fmt::format("{}:{}:{}", file_name, p.place.line, p.place.column));
  }
  return origins;
}

std::vector<FreeParameter> read_free_parameters(const Node& root, RangeForm form,
                                                Diagnostics& diagnostics) {
  const Entry* entry = root.find("parameter");
  std::vector<FreeParameter> parameters;
  if (entry == nullptr) {
    diagnostics.error(Place{}, "no parameter is named: write [[parameter]] with its key and range");
    return parameters;
  }
  const Node& list = entry->value;
  const auto is_table = [](const Node& item) { return item.kind == Node::Kind::table; };
  if (list.kind != Node::Kind::list || list.items.empty() ||
      !std::all_of(list.items.begin(), list.items.end(), is_table)) {
    diagnostics.error(list.place,
                      "parameter may stand several times: write [[parameter]] with double brackets "
                      "and its keys below; found " +
                          list.description());
    return parameters;
  }
  for (const Node& table : list.items) {
    std::optional<FreeParameter> parameter = ParameterReader(table, form, diagnostics).read();
    if (!parameter) continue;
    const auto earlier = std::ranges::find(parameters, parameter->key, &FreeParameter::key);
    if (earlier != parameters.end()) {
      diagnostics.error(parameter->place,
                        fmt::format("{} stands twice, first at {}", parameter->key,
                                    diagnostics.where(earlier->place)));
      continue;
    }
    parameters.push_back(*std::move(parameter));
  }
  return parameters;
}

void check_known_names(const Node& table, std::span<const std::string_view> known,
                       std::string_view where, Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    std::string advice = did_you_mean(entry.key, known);
    if (advice.empty()) advice = fmt::format(" Legal keys: {}", fmt::join(known, ", "));
    diagnostics.error(
        entry.key_place,
        with_advice(fmt::format("unknown key '{}' in {}", printable(entry.key), where), advice));
  }
}

void check_known_sections(const Node& root, std::span<const std::string_view> known,
                          Diagnostics& diagnostics) {
  for (const Entry& entry : root.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    std::string advice = did_you_mean(entry.key, known);
    if (advice.empty()) advice = fmt::format(" Legal here: {}", fmt::join(known, ", "));
    diagnostics.error(entry.key_place,
                      with_advice(fmt::format("unknown section or key '{}' at the top of the file",
                                              printable(entry.key)),
                                  advice));
  }
}

void report_missing_section(const Entry* entry, std::string_view name, Diagnostics& diagnostics) {
  diagnostics.error(entry == nullptr ? Place{} : entry->value.place,
                    fmt::format("the section [{0}] is {1}: write [{0}] and its keys below", name,
                                entry == nullptr ? "missing" : "one table of keys"));
}

std::vector<const Node*> texts_of(const Node& node, std::string_view key,
                                  Diagnostics& diagnostics) {
  std::vector<const Node*> texts;
  if (node.kind != Node::Kind::list || node.items.empty()) {
    diagnostics.error(node.place,
                      fmt::format("{} must be a list of texts, found {}", key, node.description()));
    return texts;
  }
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::text) {
      texts.push_back(&item);
    } else {
      diagnostics.error(item.place, fmt::format("{} must be a list of texts, found {} in it", key,
                                                item.description()));
    }
  }
  return texts;
}

}  // namespace eustress::io
