#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/verbs.hpp"
#include "io/files/atomic_file.hpp"
#include "io/report/text.hpp"
#include "io/results/comparison.hpp"

namespace eustress::app {

namespace {

using io::report::significant;

std::string number(double x) {
  if (std::isinf(x)) return x > 0.0 ? "inf" : "-inf";
  // To be copied into other programs: an ASCII minus.
  std::string text = significant(x, 3);
  constexpr std::string_view kMinus = "\u2212";
  if (text.starts_with(kMinus)) text.replace(0, kMinus.size(), "-");
  return text;
}

std::string with_interval(const Interval& x) {
  return fmt::format("{} ({} to {})", number(x.value), number(x.low), number(x.high));
}

/// Characters on the screen: text is UTF-8.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string gap(widths[c] - width_of(row[c]), ' ');
      line += c == 0 ? fmt::format("  {}{}", row[c], gap) : fmt::format("  {}{}", gap, row[c]);
    }
    fmt::print("{}\n", line);
  }
}

/// Of an interval that goes over infinity both parts are told.
std::string needed_to_treat(const Interval& x) {
  const auto part = [](double low, double high, const char* what) {
    return fmt::format("{} {} to {}", what, number(std::abs(low)), number(std::abs(high)));
  };
  const bool is_crossing = std::signbit(x.low) != std::signbit(x.high);
  const char* own = std::signbit(x.value) ? "harm" : "benefit";
  if (!is_crossing) {
    return fmt::format("{} ({})", number(std::abs(x.value)), part(x.low, x.high, own));
  }
  const char* other = std::signbit(x.value) ? "benefit" : "harm";
  return fmt::format("{} ({} {} to infinity to {} {})", number(std::abs(x.value)), own,
                     number(std::abs(x.low)), other, number(std::abs(x.high)));
}

void print_arm(const io::Comparison& comparison, const std::string& arm) {
  fmt::print("\n{} against {}; {}", arm, comparison.reference, comparison.stratum);
  if (comparison.replicates > 1) fmt::print("; {} replicates", comparison.replicates);
  fmt::print("\n");
  std::vector<std::vector<std::string>> rows = {{"outcome", "reference", "arm",
                                                 "difference (95 % interval)", "d", "improved",
                                                 "worsened", "variance ratio"}};
  std::string below, basis;
  for (const io::Effect& effect : comparison.effects) {
    if (effect.arm != arm) continue;
    const auto persons = [&](const std::optional<std::int64_t>& n) {
      return n ? fmt::format("{:.1f} %",
                             100.0 * static_cast<double>(*n) /
                                 static_cast<double>(std::max<std::int64_t>(1, effect.persons)))
               : std::string("-");
    };
    rows.push_back({effect.outcome, number(effect.reference_mean), number(effect.arm_mean),
                    with_interval(effect.difference), number(effect.standardised),
                    persons(effect.improved), persons(effect.worsened),
                    effect.variance_ratio ? number(*effect.variance_ratio) : "-"});
    if (effect.needed_to_treat && effect.difference.value == 0.0) {
      below += fmt::format("  number needed to treat for one person less {}: no difference\n",
                           effect.outcome);
    } else if (effect.needed_to_treat) {
      below += fmt::format("  number needed to treat for one person less {}: {}\n", effect.outcome,
                           needed_to_treat(*effect.needed_to_treat));
    }
    if (effect.days_averted) {
      below += fmt::format("  {} averted per 1,000 people and year: {}\n", effect.outcome,
                           with_interval(*effect.days_averted));
    }
    basis = to_string(effect.basis);
  }
  print_table(rows);
  fmt::print("{}  intervals from {}\n", below, basis);
}

}  // namespace

void compare(const Options& options) {
  if (!options.json.empty() && !options.force) io::refuse_to_replace(options.json, "--json");
  const io::ComparisonRequest request{options.outcomes, options.stratum, options.reference};
  const io::Comparison comparison =
      options.directories.size() == 1
          ? io::compare_arms(options.directories[0], request)
          : io::compare_runs(options.directories[0], options.directories[1], request);
  if (!options.json.empty()) io::write_file(options.json, io::comparison_json(comparison));
  fmt::print("{}: {} people\n", comparison.title,
             io::report::with_separators(comparison.individuals));
  for (const std::string& note : comparison.notes) fmt::print("note: {}\n", note);
  for (const std::string& arm : comparison.arms) print_arm(comparison, arm);
  fmt::print(
      "\ndifference: arm minus reference; d: difference over the standard deviation of the "
      "reference;\nimproved, worsened: persons with a better or worse value than under the "
      "reference;\nvariance ratio: how many times fewer people the pairing needs than independent "
      "runs\n");
}

}  // namespace eustress::app
