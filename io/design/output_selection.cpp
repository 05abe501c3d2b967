#include "io/design/output_selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/number.hpp"

namespace eustress::io {

namespace {

constexpr std::size_t kMostListed = 12;

bool is_identifier_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<double> number_of(std::string_view text) {
  double value = 0.0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    if (blank > 0) words.emplace_back(text.substr(0, blank));
    text.remove_prefix(std::min(text.size(), blank + 1));
  }
  return words;
}

/// Names of the places of a dimension, or nothing if they are numbers.
std::vector<std::string> names_of(const ResultsFile& file, const std::string& dimension) {
  if (dimension == "arm") return file.arms();
  if (dimension == "stratum") return file.strata();
  if (!file.has(dimension)) return {};
  for (const Attribute& attribute : file.described(dimension).attributes) {
    if (attribute.name != "flag_meanings") continue;
    if (const auto* text = std::get_if<std::string>(&attribute.value)) return words_of(*text);
  }
  return {};
}

[[noreturn]] void no_place(const OutputSelection& selection, const std::string& dimension,
                           const std::string& place, std::span<const std::string> there) {
  std::string advice = did_you_mean(place, there);
  if (advice.empty()) {
    const std::size_t shown = std::min(there.size(), kMostListed);
    advice = fmt::format(" There are: {}{}; first, last, mean, min, max",
                         fmt::join(there.first(shown), ", "),
                         shown < there.size() ? fmt::format(", ... {}", there.back()) : "");
  }
  throw Error(ErrorKind::usage, fmt::format("output '{}': {} has no place '{}'.{}", selection.text,
                                            dimension, place, advice));
}

std::size_t index_of(const ResultsFile& file, const OutputSelection& selection,
                     const std::string& dimension, const std::string& place) {
  const std::vector<std::string> names = names_of(file, dimension);
  if (!names.empty()) {
    const auto found = std::ranges::find(names, place);
    if (found == names.end()) no_place(selection, dimension, place, names);
    return static_cast<std::size_t>(found - names.begin());
  }
  const std::vector<double> there = file.read(dimension).values;
  const std::optional<double> wanted = number_of(place);
  for (std::size_t i = 0; i < there.size() && wanted; ++i) {
    if (std::abs(there[i] - *wanted) <= 1e-9 * std::max(1.0, std::abs(there[i]))) return i;
  }
  std::vector<std::string> texts;
  for (const double value : there) texts.push_back(number_text(value));
  no_place(selection, dimension, place, texts);
}

/// Of those that are known; NaN if none is.
double reduced(std::span<const double> values, const std::string& how) {
  double result = std::numeric_limits<double>::quiet_NaN(), sum = 0.0;
  std::size_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    ++count;
    sum += value;
    if (count == 1 || (how == "min" ? value < result : value > result)) result = value;
  }
  return how == "mean" && count > 0 ? sum / static_cast<double>(count) : result;
}

}  // namespace

std::optional<OutputSelection> parse_output(std::string_view text, const Place& place,
                                            Diagnostics& diagnostics) {
  OutputSelection selection;
  for (const char c : text) {
    if (c != ' ' && c != '\t') selection.text += c;
  }
  const std::string_view plain = selection.text;
  const std::size_t bracket = std::min(plain.find('['), plain.size());
  selection.variable = plain.substr(0, bracket);
  const bool is_name = !selection.variable.empty() &&
                       std::ranges::all_of(selection.variable, is_identifier_character);
  const bool is_closed = bracket == plain.size() || plain.back() == ']';
  bool is_right = is_name && is_closed;
  if (is_right && bracket < plain.size()) {
    std::string_view rest = plain.substr(bracket + 1, plain.size() - bracket - 2);
    while (true) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      selection.places.emplace_back(rest.substr(0, comma));
      is_right = is_right && comma > 0 &&
                 rest.substr(0, comma).find_first_of("[]") == std::string_view::npos;
      if (comma == rest.size()) break;
      rest.remove_prefix(comma + 1);
    }
  }
  if (is_right) return selection;
  diagnostics.error(place, fmt::format("output '{}' is not 'variable' or 'variable[place, ...]', "
                                       "such as 'outcome_mean_ghq_mean[reference, all]'",
                                       printable(text)));
  return std::nullopt;
}

double selected_number(const ResultsFile& file, const OutputSelection& selection) {
  if (!file.has(selection.variable)) {
    std::vector<std::string> names;
    for (const NetcdfReader::Content& variable : file.variables()) {
      if (!variable.dimensions.empty() && variable.name != variable.dimensions.front()) {
        names.push_back(variable.name);
      }
    }
    throw Error(
        ErrorKind::usage,
        fmt::format("output '{}': the study has no variable '{}' in its results.{} "
                    "eustress info lists those of a run",
                    selection.text, selection.variable, did_you_mean(selection.variable, names)));
  }
  NumberArray array = file.read(selection.variable);
  if (selection.places.size() > array.shape.size()) {
    throw Error(
        ErrorKind::usage,
        fmt::format("output '{}': {} places for the dimensions ({}) of the variable",
                    selection.text, selection.places.size(), fmt::join(array.dimensions, ", ")));
  }
  for (std::size_t d = array.shape.size(); d-- > 0;) {
    const std::string& dimension = array.dimensions[d];
    const std::size_t length = array.shape[d];
    std::string place = dimension == "arm" || dimension == "stratum" ? "first" : "last";
    if (d < selection.places.size()) place = selection.places[d];
    const bool is_reduced = place == "mean" || place == "min" || place == "max";
    const std::size_t index = is_reduced         ? 0
                              : place == "first" ? 0
                              : place == "last"  ? length - 1
                                                 : index_of(file, selection, dimension, place);
    // The last dimension that is left is always the fastest.
    std::vector<double> left;
    for (std::size_t first = 0; first < array.values.size(); first += length) {
      const std::span<const double> own = std::span(array.values).subspan(first, length);
      left.push_back(is_reduced ? reduced(own, place) : own[index]);
    }
    array.values = std::move(left);
  }
  return array.values.at(0);
}

std::string unit_of(const ResultsFile& file, const OutputSelection& selection) {
  for (const Attribute& attribute : file.described(selection.variable).attributes) {
    if (attribute.name != "units") continue;
    if (const auto* text = std::get_if<std::string>(&attribute.value)) return *text;
  }
  return "1";
}

}  // namespace eustress::io
