#include "app/validation/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/error.hpp"

namespace eustress::app::validation {

const std::vector<Target>& all_targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> rows;
    for (const auto* theme :
         {&endocrine_targets(), &cohort_targets(), &event_targets(), &data_targets()}) {
      rows.insert(rows.end(), theme->begin(), theme->end());
    }
    return rows;
  }();
  return all;
}

const Protocol& protocol_named(std::string_view name) {
  for (const auto protocols :
       {endocrine_protocols(), cohort_protocols(), event_protocols(), data_protocols()}) {
    for (const Protocol& protocol : protocols) {
      if (protocol.name == name) return protocol;
    }
  }
  throw Error(ErrorKind::internal, fmt::format("there is no protocol '{}'", name));
}

bool Verdict::passes() const {
  return std::all_of(holds.begin(), holds.end(), [](bool h) { return h; });
}

Verdict judge(const Target& target, Measurement measured, double slack) {
  if (measured.values.size() != target.quantities.size()) {
    throw Error(ErrorKind::internal,
                fmt::format("{} measured {} numbers for {} quantities", target.id,
                            measured.values.size(), target.quantities.size()));
  }
  Verdict verdict{&target, std::move(measured), {}};
  for (std::size_t i = 0; i < target.quantities.size(); ++i) {
    const Quantity& quantity = target.quantities[i];
    const Estimate& estimate = verdict.measured.values[i];
    // A sign is a sign: what has one end only is not widened. And a number that is less certain
    // than its band is wide says nothing.
    const double error = estimate.standard_error;
    const bool is_two_sided = std::isfinite(quantity.low) && std::isfinite(quantity.high);
    const double room = is_two_sided ? slack * error : 0.0;
    const bool is_precise = !is_two_sided || 2.0 * error <= quantity.high - quantity.low;
    verdict.holds.push_back(std::isfinite(estimate.value) && std::isfinite(error) && is_precise &&
                            estimate.value >= quantity.low - room &&
                            estimate.value <= quantity.high + room);
  }
  return verdict;
}

std::vector<KnownFailure> known_failures() {
  std::vector<KnownFailure> known;
  std::istringstream lines(embedded_file("known-failures.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == ' ') {  // the analysis goes on
      if (!known.empty()) known.back().analysis += line.substr(line.find_first_not_of(' ') - 1);
      continue;
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) {
      throw Error(ErrorKind::internal,
                  fmt::format("known-failures.txt: '{}' is not 'ID: analysis'", line));
    }
    known.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return known;
}

}  // namespace eustress::app::validation
