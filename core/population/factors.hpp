#pragma once

// The resilience factors: stable but malleable characteristics of a person that predict who stays
// well under stress (docs/model.md, section 1). A new factor is one row of kFactorTable, one
// enumerator and one row of the loadings in correlation.cpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace eustress {

/// The order is that of the rows of every correlation matrix and of every vector of factors, and of
/// the random draws: append, never reorder.
enum class Factor : std::uint8_t {
  social_support,
  social_integration,
  socioeconomic_resources,
  self_efficacy,
  optimism,
  positive_appraisal,
  emotional_stability,
  executive_capacity,
  fitness,
  sleep_quality,
  gr_sensitivity,
  noradrenergic_reactivity,
  reward_sensitivity,
  early_adversity,
};

inline constexpr std::size_t kFactors = 14;

struct FactorInfo {
  Factor factor;
  std::string_view name;  ///< as in study files and tables
  std::string_view doc;   ///< what a high value means
  bool malleable;         ///< drifts with success and failure (docs/model.md, section 7)
};

inline constexpr std::array<FactorInfo, kFactors> kFactorTable = {{
    {Factor::social_support, "social_support", "support received and felt to be available", true},
    {Factor::social_integration, "social_integration", "number and closeness of social ties",
     false},
    {Factor::socioeconomic_resources, "socioeconomic_resources",
     "education, income and other material resources", false},
    {Factor::self_efficacy, "self_efficacy", "belief that one's own actions will succeed", true},
    {Factor::optimism, "optimism", "expectation that things will turn out well", true},
    {Factor::positive_appraisal, "positive_appraisal",
     "tendency to see stressors in a positive light (reappraisal)", true},
    {Factor::emotional_stability, "emotional_stability", "reversed neuroticism", false},
    {Factor::executive_capacity, "executive_capacity",
     "working memory, inhibition and other executive functions", false},
    {Factor::fitness, "fitness", "physical fitness and habitual exercise", false},
    {Factor::sleep_quality, "sleep_quality", "restorative sleep", false},
    {Factor::gr_sensitivity, "gr_sensitivity",
     "sensitivity of the glucocorticoid receptor, so strength of cortisol feedback", false},
    {Factor::noradrenergic_reactivity, "noradrenergic_reactivity",
     "size of the noradrenergic response to a stressor", false},
    {Factor::reward_sensitivity, "reward_sensitivity",
     "size of the dopaminergic response to success and reward", false},
    {Factor::early_adversity, "early_adversity", "adversity in childhood (a risk, not a resource)",
     false},
}};

constexpr std::size_t index_of(Factor factor) {
  return static_cast<std::size_t>(factor);
}

constexpr const FactorInfo& info_of(Factor factor) {
  return kFactorTable[index_of(factor)];
}

constexpr std::string_view name_of(Factor factor) {
  return info_of(factor).name;
}

/// All names in table order, for messages and did_you_mean.
inline constexpr std::array<std::string_view, kFactors> kFactorNames = [] {
  std::array<std::string_view, kFactors> names;
  for (std::size_t i = 0; i < kFactors; ++i) names[i] = kFactorTable[i].name;
  return names;
}();

/// The factor of that exact name, or nothing.
constexpr std::optional<Factor> find_factor(std::string_view name) {
  for (const FactorInfo& row : kFactorTable) {
    if (row.name == name) return row.factor;
  }
  return std::nullopt;
}

static_assert(
    [] {
      for (std::size_t i = 0; i < kFactors; ++i) {
        if (index_of(kFactorTable[i].factor) != i) return false;
      }
      return true;
    }(),
    "the rows of kFactorTable are in the order of the enumeration");

}  // namespace eustress
