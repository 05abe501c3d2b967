#include "io/results/outcome_variables.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/outcomes/statistics.hpp"
#include "io/results/run_description.hpp"

namespace eustress::io {
namespace {

using Dimensions = std::vector<std::string>;

template <class Range>
std::vector<std::string> names_of(const Range& range) {
  return {range.begin(), range.end()};
}

class OutcomeContent {
 public:
  OutcomeContent(NetcdfWriter& file, const ObservationLayout& layout,
                 std::span<const ObservationSums> sums)
      : file_(file), layout_(layout.outcomes), strata_(layout.strata.size()), sums_(sums) {}

  void add_persons();
  void add_effects();
  void add_reactivity();
  void add_factors();
  void add_trajectories();
  void add_event_study();
  void add_recovery();

 private:
  [[nodiscard]] OutcomeCells cells(std::size_t arm, std::size_t stratum) const {
    return sums_[arm].outcomes(stratum);
  }

  /// What of(arm, stratum) gives, for all arms and strata, once.
  template <class Of>
  auto all(Of&& of) const {
    std::vector<decltype(of(std::size_t{}, std::size_t{}))> results;
    for (std::size_t arm = 0; arm < sums_.size(); ++arm) {
      for (std::size_t stratum = 0; stratum < strata_; ++stratum) {
        results.push_back(of(arm, stratum));
      }
    }
    return results;
  }

  /// A variable over arm, stratum and `along`; values_of(result) is a range of its numbers of one
  /// arm and stratum, or one number. `count`: of the observations, empty if it is one itself.
  template <class Number, class Results, class ValuesOf>
  void add(const std::string& name, std::string_view unit, std::string_view doc,
           const std::string& count, const Dimensions& along, const Results& results,
           ValuesOf&& values_of) {
    std::vector<Number> values;
    for (const auto& result : results) {
      const auto of_result = values_of(result);
      if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(of_result)>>) {
        values.push_back(of_result);
      } else {
        values.insert(values.end(), of_result.begin(), of_result.end());
      }
    }
    Dimensions dimensions = {"arm", "stratum"};
    dimensions.insert(dimensions.end(), along.begin(), along.end());
    auto attributes = described_as(unit, doc);
    if (!count.empty()) attributes.push_back({"ancillary_variables", count});
    constexpr bool is_count = std::is_same_v<Number, std::int64_t>;
    file_.add_variable({name, is_count ? NumberType::int64 : NumberType::float64,
                        std::move(dimensions), std::move(attributes)});
    file_.write(name, std::span<const Number>(values));
  }

  /// Outcomes that this study has, with the name of the variable that counts the persons of each.
  template <class Add>
  void each_outcome(const std::string& prefix, Add&& add_one) {
    for (std::size_t o = 0; o < kPersonOutcomeCount; ++o) {
      if (kPersonOutcomes[o].needs_assessments && layout_.assessments == 0) continue;
      const bool has_own = o == static_cast<std::size_t>(Outcome::prediction_error);
      add_one(static_cast<Outcome>(o), kPersonOutcomes[o],
              has_own ? fmt::format("{}_{}_count", prefix, kPersonOutcomes[o].name)
                      : prefix + "_count");
    }
  }

  NetcdfWriter& file_;
  const OutcomeLayout& layout_;
  std::size_t strata_;
  std::span<const ObservationSums> sums_;
};

void OutcomeContent::add_persons() {
  const auto add_count = [&](const std::string& name, Outcome outcome, std::string_view doc) {
    add<std::int64_t>(name, "count", doc, "", {}, all([&](std::size_t arm, std::size_t stratum) {
                        return outcome_moments(layout_, cells(arm, stratum), outcome);
                      }),
                      [](const OutcomeMoments& m) { return m.count; });
  };
  add_count("outcome_count", Outcome::disorder_days, "individuals with outcomes");
  each_outcome(
      "outcome", [&](Outcome outcome, const PersonOutcome& info, const std::string& count) {
        const std::string name = fmt::format("outcome_{}", info.name);
        if (count != "outcome_count") {
          add_count(count, outcome, fmt::format("individuals with outcome: {}", info.doc));
        }
        const auto moments = all([&](std::size_t arm, std::size_t stratum) {
          return outcome_moments(layout_, cells(arm, stratum), outcome);
        });
        add<double>(name + "_mean", info.unit, fmt::format("mean over individuals: {}", info.doc),
                    count, {}, moments, [](const OutcomeMoments& m) { return m.mean; });
        add<double>(name + "_sd", info.unit,
                    fmt::format("standard deviation over individuals: {}", info.doc), count, {},
                    moments, [](const OutcomeMoments& m) { return m.sd; });
      });
}

void OutcomeContent::add_effects() {
  const auto effects_of = [&](Outcome outcome) {
    return all([&, outcome](std::size_t arm, std::size_t stratum) {
      return outcome_effect(layout_, cells(arm, stratum), outcome);
    });
  };
  const auto add_count = [&](const std::string& name, Outcome outcome, std::string_view doc) {
    add<std::int64_t>(name, "count", doc, "", {}, effects_of(outcome),
                      [](const OutcomeEffect& e) { return e.difference.count; });
  };
  add_count("effect_count", Outcome::disorder_days,
            "individuals compared with themselves in the first arm");
  each_outcome("effect", [&](Outcome outcome, const PersonOutcome& info, const std::string& count) {
    const std::string name = fmt::format("effect_{}", info.name);
    if (count != "effect_count") {
      add_count(count, outcome, fmt::format("individuals compared: {}", info.doc));
    }
    const auto effects = effects_of(outcome);
    const auto doc = [&](std::string_view what) {
      return fmt::format("{} of the difference to the first arm, person by person: {}", what,
                         info.doc);
    };
    add<double>(name + "_mean", info.unit, doc("mean"), count, {}, effects,
                [](const OutcomeEffect& e) { return e.difference.mean; });
    add<double>(name + "_sd", info.unit, doc("standard deviation over individuals"), count, {},
                effects, [](const OutcomeEffect& e) { return e.difference.sd; });
    const auto ratios = all([&](std::size_t arm, std::size_t stratum) {
      return variance_ratio(outcome_moments(layout_, cells(arm, stratum), outcome),
                            outcome_moments(layout_, cells(0, stratum), outcome),
                            outcome_effect(layout_, cells(arm, stratum), outcome).difference);
    });
    add<double>(name + "_variance_ratio", "1",
                fmt::format("sum of the variances in the arm and in the first arm over the "
                            "variance of the difference: {}",
                            info.doc),
                count, {}, ratios, [](double ratio) { return ratio; });
    const bool is_lower = info.better == Better::lower;
    add<std::int64_t>(name + "_improved", "count",
                      fmt::format("individuals with a {} value than in the first arm: {}",
                                  is_lower ? "lower" : "higher", info.doc),
                      "", {}, effects, [](const OutcomeEffect& e) { return e.improved; });
    add<std::int64_t>(name + "_worsened", "count",
                      fmt::format("individuals with a {} value than in the first arm: {}",
                                  is_lower ? "higher" : "lower", info.doc),
                      "", {}, effects, [](const OutcomeEffect& e) { return e.worsened; });
  });
}

void OutcomeContent::add_reactivity() {
  if (layout_.assessments == 0) return;
  const auto results = all([&](std::size_t arm, std::size_t stratum) {
    return stressor_reactivity(layout_, cells(arm, stratum));
  });
  using R = StressorReactivity;
  add<std::int64_t>("sr_count", "count", "assessments of individuals", "", {}, results,
                    [](const R& r) { return r.observations; });
  add<std::int64_t>("sr_persons", "count", "individuals assessed", "", {}, results,
                    [](const R& r) { return r.persons; });
  const auto mean_by_norm_of = [&](bool of_first_arm) {
    return all([&, of_first_arm](std::size_t arm, std::size_t stratum) {
      return mean_reactivity(layout_, cells(arm, stratum),
                             reactivity_norm(layout_, cells(of_first_arm ? 0 : arm, 0)));
    });
  };
  const auto same = [](double x) { return x; };
  add<double>("sr_mean", "1",
              "mean stressor reactivity score by the regression of everybody in the arm; low is "
              "resilient",
              "sr_count", {}, mean_by_norm_of(false), same);
  add<double>("sr_reference_mean", "1",
              "mean stressor reactivity score by the regression of everybody in the first arm",
              "sr_count", {}, mean_by_norm_of(true), same);
  const std::pair<std::string, std::pair<std::string_view, double R::*>> numbers[] = {
      {"slope", {"slope of z(P) on z(E) over persons and times", &R::slope}},
      {"slope_within", {"slope of z(P) on z(E) within persons", &R::slope_within}},
      {"slope_between", {"slope of z(P) on z(E) between means of persons", &R::slope_between}},
      {"slope_window", {"slope of z(P) on z(E), both means of a sliding window", &R::slope_window}},
      {"slope_long_term",
       {"slope of z(P) on z(E), both means of all assessments", &R::slope_long_term}},
      {"curvature", {"coefficient of z(E)^2 for z(P), beside z(E)", &R::curvature}},
      {"correlation", {"correlation of E and P over persons and times", &R::correlation}},
      {"icc_p", {"intraclass correlation ICC(1) of P", &R::icc_p}},
      {"icc_e", {"intraclass correlation ICC(1) of E", &R::icc_e}},
      {"icc_single", {"intraclass correlation ICC(1) of the SR score", &R::icc_single}},
      {"icc_window",
       {"intraclass correlation ICC(1) of the SR score of sliding windows", &R::icc_window}},
      {"within_sd", {"standard deviation of P within persons", &R::within_sd_p}},
  };
  for (const auto& [name, number] : numbers) {
    const auto& [doc, member] = number;
    add<double>("sr_" + name, "1", doc, "sr_count", {}, results,
                [m = member](const R& r) { return r.*m; });
  }
  const auto add_lags = [&](const std::string& name, std::string_view doc, auto member) {
    add<double>(name, "1", fmt::format("correlation of assessments so far apart: {}", doc),
                "sr_count", {"lag"}, results, [member](const R& r) { return r.*member; });
  };
  add_lags("sr_lag_p", "P", &R::lag_p);
  add_lags("sr_lag_e", "E", &R::lag_e);
  add_lags("sr_lag_sr", "SR score", &R::lag_sr);
}

void OutcomeContent::add_factors() {
  if (layout_.assessments == 0) return;
  const auto results = all([&](std::size_t arm, std::size_t stratum) {
    return factor_reactivity(layout_, cells(arm, stratum));
  });
  add<double>("factor_sr_correlation", "1",
              "correlation over individuals of a factor before the study with the long-term SR "
              "score",
              "sr_persons", {"factor"}, results,
              [](const FactorReactivity& f) { return f.correlation; });
  add<double>("factor_sr_r2", "1",
              "share of the variance of the long-term SR score that all factors explain",
              "sr_persons", {}, results, [](const FactorReactivity& f) { return f.r2; });
}

void OutcomeContent::add_trajectories() {
  if (layout_.bins == 0) return;
  const auto results = all([&](std::size_t arm, std::size_t stratum) {
    TrajectoryCourse merged{};  // all classes, one after the other
    std::vector<std::int64_t> persons;
    for (std::size_t k = 0; k < kTrajectories; ++k) {
      const TrajectoryCourse course =
          trajectory_course(layout_, cells(arm, stratum), static_cast<Trajectory>(k));
      persons.push_back(course.persons);
      merged.assessments.insert(merged.assessments.end(), course.assessments.begin(),
                                course.assessments.end());
      merged.mean.insert(merged.mean.end(), course.mean.begin(), course.mean.end());
    }
    return std::pair(persons, merged);
  });
  using Result = std::pair<std::vector<std::int64_t>, TrajectoryCourse>;
  add<std::int64_t>("trajectory_count", "count", "individuals with the trajectory", "",
                    {"trajectory"}, results, [](const Result& r) { return r.first; });
  add<std::int64_t>("trajectory_ghq_count", "count", "assessments of individuals", "",
                    {"trajectory", "since_event"}, results,
                    [](const Result& r) { return r.second.assessments; });
  add<double>("trajectory_ghq_mean", "1", "mean of P over assessments in the time since the event",
              "trajectory_ghq_count", {"trajectory", "since_event"}, results,
              [](const Result& r) { return r.second.mean; });
}

void OutcomeContent::add_event_study() {
  if (layout_.bins == 0) return;
  const auto results = all([&](std::size_t arm, std::size_t stratum) {
    return event_study(layout_, cells(arm, stratum));
  });
  using R = EventStudyResult;
  add<std::int64_t>("event_study_persons", "count", "individuals with an event", "", {}, results,
                    [](const R& r) { return r.persons; });
  add<double>("event_study_within_sd", "1",
              "standard deviation of P within individuals with an event", "event_study_persons", {},
              results, [](const R& r) { return r.within_sd; });
  add<std::int64_t>("event_study_count", "count", "assessments of individuals with an event", "",
                    {"since_event"}, results, [](const R& r) { return r.assessments; });
  const auto add_pair = [&](const std::string& suffix, std::string_view unit, bool in_sd) {
    const auto scaled = [in_sd](const R& r, const std::vector<double>& values) {
      std::vector<double> result = values;
      for (double& value : result) value /= in_sd ? r.within_sd : 1.0;
      return result;
    };
    add<double>("event_study_coefficient" + suffix, "1",
                fmt::format("change of P from the time before the event, with an intercept of each "
                            "person, in {}",
                            unit),
                "event_study_count", {"since_event"}, results,
                [&](const R& r) { return scaled(r, r.coefficient); });
    add<double>("event_study_se" + suffix, "1",
                fmt::format("standard error of the change of P, in {}", unit), "event_study_count",
                {"since_event"}, results, [&](const R& r) { return scaled(r, r.se); });
  };
  add_pair("", "units of P", false);
  add_pair("_sd", "standard deviations within persons", true);
}

void OutcomeContent::add_recovery() {
  constexpr std::string_view kStates[] = {"depression-like episode", "PTSD-like state"};
  for (std::size_t disorder = 0; disorder < kDisorders; ++disorder) {
    const auto results = all([&](std::size_t arm, std::size_t stratum) {
      return recovery(layout_, cells(arm, stratum), disorder);
    });
    const std::string prefix = fmt::format("recovery_{}", kDisorderNames[disorder]);
    const std::string at_risk = prefix + "_at_risk";
    const std::string_view state = kStates[disorder];
    add<std::int64_t>(at_risk, "count",
                      fmt::format("individuals in their first {} just before the day", state), "",
                      {"recovery_day"}, results, [](const Recovery& r) { return r.at_risk; });
    add<double>(prefix + "_survival", "1",
                fmt::format("share whose first {} lasts longer (Kaplan-Meier)", state), at_risk,
                {"recovery_day"}, results, [](const Recovery& r) { return r.survival; });
    add<double>(
        prefix + "_se", "1",
        fmt::format("Greenwood's standard error of the share whose first {} lasts longer", state),
        at_risk, {"recovery_day"}, results, [](const Recovery& r) { return r.se; });
  }
}

}  // namespace

void add_outcome_dimensions(NetcdfWriter& file, const ObservationLayout& layout) {
  const OutcomeLayout& outcomes = layout.outcomes;
  if (outcomes.cell.count == 0) return;
  const auto counted = [](std::size_t n, std::int32_t first, std::int32_t step) {
    std::vector<std::int32_t> values;
    for (std::size_t i = 0; i < n; ++i) {
      values.push_back(first + static_cast<std::int32_t>(i) * step);
    }
    return values;
  };
  if (outcomes.assessments > 0) {
    add_days(file, "lag", "assessments between two of a person", counted(kLags, 1, 1));
    std::vector<std::string> factors;
    for (const FactorInfo& factor : kFactorTable) factors.emplace_back(factor.name);
    add_codes(file, "factor", "resilience factor", factors);
  }
  if (outcomes.bins > 0) {
    add_codes(file, "trajectory", "class of the course after the event",
              names_of(kTrajectoryNames));
    add_days(file, "since_event",
             fmt::format("first day of a bin of {0} d, from the event; {1}: all time before, {2}: "
                         "no end",
                         outcomes.plan.bin_d, -outcomes.plan.bin_d,
                         static_cast<int>(outcomes.bins - 1) * outcomes.plan.bin_d),
             counted(outcomes.bins + 1, -outcomes.plan.bin_d, outcomes.plan.bin_d));
  }
  add_days(file, "recovery_day", "days since the onset of a state",
           counted(static_cast<std::size_t>(outcomes.days), 0, 1));
}

void add_outcomes(NetcdfWriter& file, const ObservationLayout& layout,
                  std::span<const ObservationSums> sums) {
  if (layout.outcomes.cell.count == 0) return;
  OutcomeContent content(file, layout, sums);
  content.add_persons();
  content.add_effects();
  content.add_reactivity();
  content.add_factors();
  content.add_trajectories();
  content.add_event_study();
  content.add_recovery();
}

}  // namespace eustress::io
