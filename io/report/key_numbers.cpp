#include <cmath>
#include <limits>

#include "io/report/figures.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct KeyNumber {
  std::string name, value, note;
};

/// First and last value of a course; NaN if there is none.
struct Ends {
  double first = kNaN, last = kNaN;
};
Ends ends(const std::vector<Quantity>& quantities, const char* name, std::size_t arm) {
  const Quantity* quantity = find(quantities, name);
  if (quantity == nullptr || quantity->mean.times == 0) return {};
  return {quantity->mean.at(arm, 0, 0), quantity->mean.at(arm, 0, quantity->mean.times - 1)};
}

/// Mean over all times that were observed, weighted by the observations.
double overall(const RunData& run, const char* name, std::size_t arm) {
  const Quantity* quantity = find(run.series, name);
  if (quantity == nullptr) return kNaN;
  double sum = 0.0, count = 0.0;
  for (std::size_t t = 0; t < quantity->mean.times; ++t) {
    const double mean = quantity->mean.at(arm, 0, t);
    const double weight = quantity->count.values.empty() ? 1.0 : quantity->count.at(arm, 0, t);
    if (!std::isfinite(mean)) continue;
    sum += weight * mean;
    count += weight;
  }
  return count > 0.0 ? sum / count : kNaN;
}

std::string arrow(const Ends& e, int decimals) {
  return fixed(e.first, decimals) + " \u2192 " + fixed(e.last, decimals);
}

std::vector<KeyNumber> key_numbers(const RunData& run, std::size_t arm) {
  std::vector<KeyNumber> numbers;
  const Ends ghq = ends(run.assessed, "ghq12", arm);
  numbers.push_back({"Mean GHQ-12", arrow(ghq, 1),
                     std::isfinite(ghq.last)
                         ? "first \u2192 last assessment; 0\u201336, higher is worse"
                         : "the run ended before the first assessment"});
  numbers.push_back({"Depression-like", percent(ends(run.series, "depressed", arm).last, 1),
                     "of the people on the last day"});
  numbers.push_back({"PTSD-like", percent(ends(run.series, "ptsd", arm).last, 1),
                     "of the people on the last day"});
  numbers.push_back({"Hassles", fixed(7.0 * overall(run, "hassles", arm), 1),
                     "per person and week, mean of the run"});
  const double encounters = overall(run, "encounters", arm);
  numbers.push_back({"Encounters", fixed(encounters, 2), "per person and day, mean of the run"});
  numbers.push_back({"Mastered", percent(overall(run, "mastered", arm) / encounters, 0),
                     "of all encounters of the run"});
  numbers.push_back({"Self-control", arrow(ends(run.series, "self_control", arm), 2),
                     "mean w, first \u2192 last day; 0\u20131"});
  return numbers;
}

}  // namespace

std::string key_numbers_html(const RunData& run) {
  std::string out = "<div class=\"tiles\">";
  for (const KeyNumber& number : key_numbers(run, 0)) {
    out += "<div class=\"tile\"><div class=\"tile-name\">" + escaped(number.name) +
           "</div><div class=\"tile-value\">" + escaped(number.value) +
           "</div><div class=\"tile-note\">" + escaped(number.note) + "</div></div>";
  }
  out += "</div>";
  if (run.arms.size() < 2) return out;
  std::vector<std::string> head = {"arm"};
  for (const KeyNumber& number : key_numbers(run, 0)) head.push_back(number.name);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    rows.push_back({run.arms[arm]});
    for (const KeyNumber& number : key_numbers(run, arm)) rows.back().push_back(number.value);
  }
  return out + "<p class=\"note\">The tiles show " + escaped(run.arms[0]) +
         "; all arms side by side:</p>" + table_html(head, rows);
}

}  // namespace eustress::io::report
