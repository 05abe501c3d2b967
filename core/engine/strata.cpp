#include "core/engine/strata.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/population/normal_scores.hpp"
#include "core/text/did_you_mean.hpp"

namespace eustress {

namespace {

std::vector<std::string> age_names(const std::vector<int>& bands) {
  std::vector<std::string> names = {"age_below_" + std::to_string(bands.front())};
  for (std::size_t i = 0; i + 1 < bands.size(); ++i) {
    std::string name = "age_" + std::to_string(bands[i]);
    names.push_back(name.append("_to_").append(std::to_string(bands[i + 1] - 1)));
  }
  names.push_back("age_" + std::to_string(bands.back()) + "_up");
  return names;
}

std::vector<std::string> part_names(int parts) {
  if (parts == 2) return {"_low", "_high"};
  if (parts == 3) return {"_low", "_middle", "_high"};
  std::vector<std::string> names;
  for (int i = 1; i <= parts; ++i) names.push_back("_q" + std::to_string(i));
  return names;
}

}  // namespace

Strata::Split Strata::split_of(const std::string& word, const OutputPlan& output,
                               std::span<const std::int32_t> groups) {
  if (word == "sex") return {.by = By::sex, .cuts = {}, .groups = {}, .names = {"sex_0", "sex_1"}};
  if (word == "group") {
    Split split{.by = By::group, .cuts = {}, .groups = {groups.begin(), groups.end()}, .names = {}};
    for (const std::int32_t code : groups) split.names.push_back("group_" + std::to_string(code));
    return split;
  }
  if (word == "age") {
    if (output.age_bands.empty() || !std::ranges::is_sorted(output.age_bands)) {
      throw Error(ErrorKind::usage, "output.age_bands must hold ascending ages");
    }
    return {.by = By::age,
            .cuts = {output.age_bands.begin(), output.age_bands.end()},
            .groups = {},
            .names = age_names(output.age_bands)};
  }
  const std::optional<Factor> factor = find_factor(word);
  if (!factor) {
    throw Error(ErrorKind::usage, "output.strata: \"" + word +
                                      "\" is neither sex, group, age nor a resilience factor." +
                                      did_you_mean(word, kFactorNames));
  }
  Split split{.by = By::factor, .factor = *factor, .cuts = {}, .groups = {}, .names = {}};
  for (int i = 1; i < output.quantiles; ++i) {
    split.cuts.push_back(normal_quantile(static_cast<double>(i) / output.quantiles));
  }
  for (const std::string& part : part_names(output.quantiles)) split.names.push_back(word + part);
  return split;
}

Strata::Strata(const OutputPlan& output, std::span<const std::int32_t> groups) {
  std::size_t combinations = output.strata.empty() ? 0 : 1;
  for (const std::string& word : output.strata) {
    splits_.push_back(split_of(word, output, groups));
    combinations *= splits_.back().names.size();
    if (combinations >= kMostStrata) {
      throw Error(ErrorKind::usage, "output.strata: more than " + std::to_string(kMostStrata) +
                                        " strata; cross fewer, or take fewer bands or quantiles");
    }
  }
  std::vector<std::string> crossed;
  if (combinations > 0) crossed.emplace_back();
  for (const Split& split : splits_) {
    std::vector<std::string> next;
    for (const std::string& before : crossed) {
      for (const std::string& part : split.names) {
        next.push_back(before.empty() ? part : std::string(before).append(".").append(part));
      }
    }
    crossed = std::move(next);
  }
  names_.emplace_back("all");
  names_.insert(names_.end(), crossed.begin(), crossed.end());
}

std::size_t Strata::of(const IndividualDraw& draw) const {
  if (names_.size() == 1) return 0;
  std::size_t number = 0;
  for (const Split& split : splits_) {
    const auto part_of = [&](double x) {
      return static_cast<std::size_t>(
          std::ranges::count_if(split.cuts, [&](double cut) { return x >= cut; }));
    };
    std::size_t part = 0;
    switch (split.by) {
      case By::sex:
        part = static_cast<std::size_t>(draw.sex);
        break;
      case By::group: {
        const auto found = std::ranges::lower_bound(split.groups, draw.group);
        if (found == split.groups.end() || *found != draw.group) return 0;
        part = static_cast<std::size_t>(found - split.groups.begin());
        break;
      }
      case By::age:
        part = part_of(draw.age);
        break;
      case By::factor:
        part = part_of(draw.z[index_of(split.factor)]);
        break;
    }
    number = number * split.names.size() + part;
  }
  return 1 + number;
}

void check_regime_strata(const Study& study, const Strata& strata) {
  for (const Regime& regime : study.regimes) {
    if (regime.stratum.empty()) continue;
    if (std::ranges::find(strata.names(), regime.stratum) != strata.names().end()) continue;
    throw Error(ErrorKind::usage, "regime '" + regime.name + "': there is no stratum '" +
                                      regime.stratum + "' in the cohort." +
                                      did_you_mean(regime.stratum, strata.names()));
  }
}

}  // namespace eustress
