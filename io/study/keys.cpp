#include "io/study/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace eustress::io {
namespace {

constexpr double kMostIndividuals = 68719476736.0;  // 2^36, what 36 bits of an id can name
constexpr double kMostSeeds = 9007199254740992.0;   // 2^53, exact in every tool that reads results
constexpr double kMostDays = 36525.0;               // a century

constexpr std::array<std::string_view, 2> kPresets = {"acute", "karin2020"};
constexpr std::array<std::string_view, 3> kCovariates = {"age", "sex", "group"};
constexpr std::array<std::string_view, 2> kColumnLevels = {"person", "group"};
constexpr std::array<std::string_view, 2> kWriters = {"pwrite", "collective"};
constexpr std::array<std::string_view, 2> kScales = {"ghq28", "ghq12"};
constexpr std::array<std::string_view, 2> kExposureScores = {"z_mean", "sum"};
constexpr std::array<std::string_view, 4> kEvents = {"none", "first_severe", "first_traumatic",
                                                     "wave"};
constexpr std::array<std::string_view, 4> kReplaces = {"all", "encounters", "events", "nothing"};
constexpr std::array<std::string_view, 2> kReplayed = {"listed", "everybody"};

// Sex, group, age, and the factors.
constexpr auto kStrataWords = [] {
  std::array<std::string_view, 3 + kFactors> words = {"sex", "group", "age"};
  for (std::size_t i = 0; i < kFactors; ++i) words[3 + i] = kFactorNames[i];
  return words;
}();

// Words of an enumeration, in the order of its values.
template <class E>
constexpr std::span<const std::string_view> words() {
  if constexpr (std::is_same_v<E, StressorClass>) return kStressorClassNames;
  if constexpr (std::is_same_v<E, Factor>) return kFactorNames;
  if constexpr (std::is_same_v<E, Covariate>) return kCovariates;
  if constexpr (std::is_same_v<E, ColumnLevel>) return kColumnLevels;
  if constexpr (std::is_same_v<E, ReplayReplaces>) return kReplaces;
  if constexpr (std::is_same_v<E, ReplayWho>) return kReplayed;
  if constexpr (std::is_same_v<E, ProbeKind>) return kProbeKinds;
  if constexpr (std::is_same_v<E, InterventionKind>) return kInterventionKindNames;
  if constexpr (std::is_same_v<E, InterventionTarget>) return kInterventionTargetNames;
  if constexpr (std::is_same_v<E, CheckpointWriter>) return kWriters;
  if constexpr (std::is_same_v<E, MentalHealthScale>) return kScales;
  if constexpr (std::is_same_v<E, ExposureScore>) return kExposureScores;
  if constexpr (std::is_same_v<E, OutcomeEvent>) return kEvents;
}

template <class M>
Setting to_setting(const M& member) {
  if constexpr (std::is_same_v<M, bool> || std::is_same_v<M, double> ||
                std::is_same_v<M, std::string> || std::is_same_v<M, std::vector<std::string>> ||
                std::is_same_v<M, std::vector<std::int64_t>> || std::is_same_v<M, Weights>) {
    return member;
  } else if constexpr (std::is_enum_v<M>) {
    return std::string(words<M>()[static_cast<std::size_t>(member)]);
  } else if constexpr (std::is_same_v<M, std::vector<int>>) {
    return std::vector<std::int64_t>(member.begin(), member.end());
  } else {
    static_assert(std::is_integral_v<M>);
    return static_cast<std::int64_t>(member);
  }
}

template <class M>
void from_setting(M& member, const Setting& value) {
  if constexpr (std::is_same_v<M, bool> || std::is_same_v<M, double> ||
                std::is_same_v<M, std::string> || std::is_same_v<M, std::vector<std::string>> ||
                std::is_same_v<M, std::vector<std::int64_t>> || std::is_same_v<M, Weights>) {
    member = std::get<M>(value);
  } else if constexpr (std::is_enum_v<M>) {
    const auto& word = std::get<std::string>(value);
    const auto all = words<M>();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] == word) member = static_cast<M>(i);
    }
  } else if constexpr (std::is_same_v<M, std::vector<int>>) {
    member.clear();
    for (const std::int64_t x : std::get<std::vector<std::int64_t>>(value)) {
      member.push_back(static_cast<int>(x));
    }
  } else {
    member = static_cast<M>(std::get<std::int64_t>(value));
  }
}

template <class M>
constexpr bool is_optional = false;
template <class M>
constexpr bool is_optional<std::optional<M>> = true;

template <auto First, auto... Rest>
auto& reach(auto& object) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*First;
  } else {
    return reach<Rest...>(object.*First);
  }
}

// A row for the member that is reached from a T by the pointers to members Path.
template <class T, auto... Path>
constexpr KeyRow<T> row(const KeyInfo& info) {
  return {info,
          [](const T& object) -> std::optional<Setting> {
            const auto& member = reach<Path...>(object);
            if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
              if (!member) return std::nullopt;
              return to_setting(*member);
            } else {
              return to_setting(member);
            }
          },
          [](T& object, const Setting& value) {
            auto& member = reach<Path...>(object);
            if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
              from_setting(member.emplace(), value);
            } else {
              from_setting(member, value);
            }
          }};
}

template <class T>
std::optional<Setting> clock_time(const T& element) {
  return fmt::format("{:02}:{:02}", element.minute / 60, element.minute % 60);
}

template <class T>
void set_clock_time(T& element, const Setting& value) {
  const auto& text = std::get<std::string>(value);
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  element.minute = (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4);
}

void set_probe_kind(Probe& probe, const Setting& value) {
  const auto& word = std::get<std::string>(value);
  probe.kind = ProbeKind::stressor;  // which a TSST is
  if (word == kProbeKinds[1]) probe.kind = ProbeKind::crh;
  if (word == kProbeKinds[2]) probe.kind = ProbeKind::rest;
}

}  // namespace

std::span<const KeyRow<Study>> study_keys() {
  static const std::array rows = {
      row<Study, &Study::name>({.key = "name",
                                .type = KeyType::name,
                                .required = true,
                                .doc = "short name, used for files and directories"}),
      row<Study, &Study::title>(
          {.key = "title", .type = KeyType::text, .doc = "title of the report"}),
      row<Study, &Study::days>({.key = "days",
                                .type = KeyType::integer,
                                .unit = "d",
                                .low = 1,
                                .high = kMostDays,
                                .required = true,
                                .doc = "length of the simulated time"}),
      row<Study, &Study::seed>({.key = "seed",
                                .type = KeyType::integer,
                                .low = 0,
                                .high = kMostSeeds,
                                .doc = "another seed is another cohort with another luck"}),
      row<Study, &Study::replicate>({.key = "replicate",
                                     .type = KeyType::integer,
                                     .low = 0,
                                     .high = 4294967295.0,
                                     .doc = "number of the repetition under the same seed"}),
      row<Study, &Study::replicates>(
          {.key = "replicates",
           .type = KeyType::integer,
           .low = 1,
           .high = 10000,
           .doc = "repetitions in one job, from that number on: other people drawn and another "
                  "luck, merged into results with a dimension replicate"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> population_keys() {
  using P = PopulationPlan;
  constexpr auto kPopulation = &Study::population;
  static const std::array rows = {
      row<Study, kPopulation, &P::individuals>(
          {.key = "individuals",
           .type = KeyType::integer,
           .low = 1,
           .high = kMostIndividuals,
           .required = true,
           .doc = "size of the cohort, at most 2^36; beyond the rows of a cohort table rows are "
                  "drawn again"}),
      row<Study, kPopulation, &P::age_min>({.key = "age_min_y",
                                            .unit = "y",
                                            .low = 0,
                                            .high = 120,
                                            .doc = "youngest age, unless a column gives ages"}),
      row<Study, kPopulation, &P::age_max>({.key = "age_max_y",
                                            .unit = "y",
                                            .low = 0,
                                            .high = 120,
                                            .doc = "oldest age, unless a column gives ages"}),
      row<Study, kPopulation, &P::share_female>(
          {.key = "share_female",
           .unit = "1",
           .low = 0,
           .high = 1,
           .doc = "share of sex code 1, unless a column gives sex"}),
      row<Study, kPopulation, &P::cohort>(
          {.key = "cohort",
           .type = KeyType::path,
           .doc = "cohort table, CSV, netCDF-4 or HDF5, relative to the study file; empty: a "
                  "synthetic cohort"}),
      row<Study, kPopulation, &P::id_column>(
          {.key = "id_column",
           .type = KeyType::text,
           .doc = "column of the cohort table that names its rows; empty: none"}),
      row<Study, kPopulation, &P::correlations>(
          {.key = "correlations",
           .type = KeyType::path,
           .doc = "correlation matrix of the factors (CSV), relative to the study file; empty: the "
                  "reference matrix"}),
  };
  return rows;
}

std::span<const KeyRow<ColumnPlan>> column_keys() {
  using C = ColumnPlan;
  static const std::array rows = {
      row<C, &C::column>({.key = "column",
                          .type = KeyType::text,
                          .required = true,
                          .doc = "name of the column, or of the variable, of the cohort table"}),
      row<C, &C::factor>({.key = "factor",
                          .type = KeyType::choice,
                          .choices = kFactorNames,
                          .doc = "role: the column holds this resilience factor"}),
      row<C, &C::covariate>({.key = "covariate",
                             .type = KeyType::choice,
                             .choices = kCovariates,
                             .doc = "role: age [y], sex, or group (whole numbers >= 0)"}),
      row<C, &C::exposure>({.key = "exposure",
                            .type = KeyType::boolean,
                            .doc = "role: the column shifts the rate of daily hassles"}),
      row<C, &C::outcome>({.key = "outcome",
                           .type = KeyType::boolean,
                           .doc = "role: kept for comparison with what is simulated"}),
      row<C, &C::level>({.key = "level",
                         .type = KeyType::choice,
                         .choices = kColumnLevels,
                         .doc = "factor, exposure: the person's own value, or the mean of the "
                                "column over the rows of the person's group"}),
      row<C, &C::mean>({.key = "mean",
                        .low = -1e12,
                        .high = 1e12,
                        .doc = "factor: mean of the column in the reference population; without it "
                               "the middle of minimum and maximum, or that of the table"}),
      row<C, &C::sd>({.key = "sd",
                      .low = 1e-12,
                      .high = 1e12,
                      .doc = "factor: standard deviation in the reference population; without it a "
                             "quarter of maximum - minimum, or that of the table"}),
      row<C, &C::minimum>({.key = "minimum",
                           .low = -1e12,
                           .high = 1e12,
                           .doc = "factor: lowest value of the scale; lower ones are errors"}),
      row<C, &C::maximum>({.key = "maximum",
                           .low = -1e12,
                           .high = 1e12,
                           .doc = "factor: highest value of the scale; higher ones are errors"}),
      row<C, &C::reverse>(
          {.key = "reverse",
           .type = KeyType::boolean,
           .doc = "factor: a high value in the column is a low value of the factor"}),
      row<C, &C::hassle_effect>(
          {.key = "hassle_effect",
           .unit = "1",
           .low = -2,
           .high = 2,
           .doc = "exposure: change of the log rate of hassles per standard deviation"}),
      row<C, &C::sex_zero>({.key = "sex_zero",
                            .low = -1e12,
                            .high = 1e12,
                            .doc = "covariate sex: what the table writes for code 0 (male)"}),
      row<C, &C::sex_one>({.key = "sex_one",
                           .low = -1e12,
                           .high = 1e12,
                           .doc = "covariate sex: what the table writes for code 1 (female)"}),
  };
  return rows;
}

std::span<const KeyRow<Regime>> regime_keys() {
  using R = Regime;
  static const std::array rows = {
      row<R, &R::name>({.key = "name",
                        .type = KeyType::identifier,
                        .required = true,
                        .doc = "name of the regime"}),
      row<R, &R::start_day>({.key = "start_day",
                             .type = KeyType::integer,
                             .unit = "d",
                             .low = 0,
                             .high = kMostDays - 1,
                             .required = true,
                             .doc = "first day, from 0"}),
      row<R, &R::end_day>({.key = "end_day",
                           .type = KeyType::integer,
                           .unit = "d",
                           .low = 1,
                           .high = kMostDays,
                           .required = true,
                           .doc = "the day after the last"}),
      row<R, &R::hassle_rate>({.key = "hassle_rate",
                               .unit = "1",
                               .low = 0.001,
                               .high = 100,
                               .doc = "factor on the rate of daily hassles"}),
      row<R, &R::life_event_rate>(
          {.key = "life_event_rate",
           .unit = "1",
           .low = 0,
           .high = 1000,
           .doc = "factor on the rates of life events and potentially traumatic events"}),
      row<R, &R::severity>({.key = "severity",
                            .unit = "1",
                            .low = 0,
                            .high = 100,
                            .doc = "factor on the severity of encounters"}),
      row<R, &R::controllability>({.key = "controllability",
                                   .unit = "1",
                                   .low = 0,
                                   .high = 100,
                                   .doc = "factor on the objective controllability of encounters"}),
      row<R, &R::group>({.key = "group",
                         .type = KeyType::integer,
                         .low = 0,
                         .high = 2147483647.0,
                         .doc = "the only group that is concerned; without it everybody"}),
      row<R, &R::sex>({.key = "sex",
                       .type = KeyType::integer,
                       .low = 0,
                       .high = 1,
                       .doc = "the only sex that is concerned; without it both"}),
      row<R, &R::stratum>({.key = "stratum",
                           .type = KeyType::text,
                           .doc = "the only stratum that is concerned, by its name in the results; "
                                  "empty: everybody"}),
  };
  return rows;
}

std::span<const KeyRow<Wave>> wave_keys() {
  using W = Wave;
  static const std::array rows = {
      row<W, &W::name>({.key = "name",
                        .type = KeyType::identifier,
                        .required = true,
                        .doc = "name of the wave"}),
      row<W, &W::day>({.key = "day",
                       .type = KeyType::integer,
                       .unit = "d",
                       .low = 0,
                       .high = kMostDays - 1,
                       .required = true,
                       .doc = "day of the event, from 0"}),
      row<W, &W::fraction>({.key = "fraction",
                            .unit = "1",
                            .low = 0,
                            .high = 1,
                            .doc = "share of the cohort that is hit"}),
      row<W, &W::severity>({.key = "severity",
                            .unit = "1",
                            .low = 0,
                            .high = 20,
                            .doc = "relative to an ordinary potentially traumatic event"}),
      row<W, &W::controllability>({.key = "controllability",
                                   .unit = "1",
                                   .low = 0,
                                   .high = 1,
                                   .doc = "objective controllability"}),
      row<W, &W::stressor>({.key = "stressor",
                            .type = KeyType::choice,
                            .choices = kStressorClassNames,
                            .doc = "class of the stressor"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> replay_keys() {
  using R = ReplayPlan;
  constexpr auto kReplay = &Study::replay;
  static const std::array rows = {
      row<Study, kReplay, &R::file>(
          {.key = "file",
           .type = KeyType::path,
           .doc = "table of stressors (CSV), relative to the study file; empty: none"}),
      row<Study, kReplay, &R::replaces>(
          {.key = "replaces",
           .type = KeyType::choice,
           .choices = kReplaces,
           .doc =
               "what is no longer drawn: all exposure, hassles with their encounters, events, or "
               "nothing, so that the table comes on top"}),
      row<Study, kReplay, &R::who>(
          {.key = "who",
           .type = KeyType::choice,
           .choices = kReplayed,
           .doc = "for whom that holds: individuals with at least one row, or everybody"}),
  };
  return rows;
}

std::span<const KeyRow<Probe>> probe_keys() {
  using P = Probe;
  constexpr std::string_view kStressor = kProbeKinds[0];
  constexpr std::string_view kCrh = kProbeKinds[1];
  static const std::array rows = {
      row<P, &P::name>({.key = "name",
                        .type = KeyType::identifier,
                        .required = true,
                        .doc = "name of the probe"}),
      KeyRow<P>{{.key = "kind",
                 .type = KeyType::choice,
                 .choices = kProbeKinds,
                 .doc = "a standard stressor, an injection of CRH, rest: samples only, or tsst: a "
                        "stressor sampled from -30 to 120 min"},
                row<P, &P::kind>({}).get,
                set_probe_kind},
      row<P, &P::day>({.key = "day",
                       .type = KeyType::integer,
                       .unit = "d",
                       .low = 0,
                       .high = kMostDays - 1,
                       .required = true,
                       .doc = "day of the probe, from 0"}),
      KeyRow<P>{{.key = "time",
                 .type = KeyType::clock_time,
                 .doc = "time of day of the onset, on the step grid"},
                clock_time<P>,
                set_clock_time<P>},
      row<P, &P::stressor>({.key = "stressor",
                            .type = KeyType::choice,
                            .choices = kStressorClassNames,
                            .only_for = kStressor,
                            .doc = "class of the stressor"}),
      row<P, &P::severity>({.key = "severity",
                            .unit = "1",
                            .low = 0,
                            .high = 20,
                            .only_for = kStressor,
                            .doc = "severity of the stressor"}),
      row<P, &P::controllability>({.key = "controllability",
                                   .unit = "1",
                                   .low = 0,
                                   .high = 1,
                                   .only_for = kStressor,
                                   .doc = "objective controllability"}),
      row<P, &P::predictability>({.key = "predictability",
                                  .unit = "1",
                                  .low = 0,
                                  .high = 1,
                                  .only_for = kStressor,
                                  .doc = "predictability of the stressor"}),
      row<P, &P::duration_min>({.key = "duration_min",
                                .type = KeyType::integer,
                                .unit = "min",
                                .low = 1,
                                .high = 1440,
                                .only_for = kStressor,
                                .doc = "duration; the stressor ends on the day it began"}),
      row<P, &P::bolus>({.key = "bolus",
                         .unit = "1",
                         .low = 0,
                         .high = 1000,
                         .only_for = kCrh,
                         .doc = "injected CRH, relative to the baseline"}),
      row<P, &P::half_life_min>({.key = "half_life_min",
                                 .unit = "min",
                                 .low = 1,
                                 .high = 600,
                                 .only_for = kCrh,
                                 .doc = "half-life of the injected CRH"}),
      row<P, &P::samples_min>(
          {.key = "samples_min",
           .type = KeyType::integers,
           .unit = "min",
           .low = -1439,
           .high = 1439,
           .doc = "times of the samples relative to the onset: ascending, on the step grid, on the "
                  "day of the probe"}),
      row<P, &P::every_days>({.key = "every_days",
                              .type = KeyType::integer,
                              .unit = "d",
                              .low = 1,
                              .high = kMostDays,
                              .doc = "days from one repeat to the next"}),
      row<P, &P::repeats>({.key = "repeats",
                           .type = KeyType::integer,
                           .low = 1,
                           .high = 1000,
                           .doc = "number of times; more than one stand for probes NAME_1, NAME_2, "
                                  "..."}),
  };
  return rows;
}

std::span<const KeyRow<Intervention>> intervention_keys() {
  using I = Intervention;
  constexpr std::string_view kInoculation = "inoculation";
  constexpr std::string_view kTimed = "inoculation propranolol hydrocortisone metyrapone";
  constexpr std::string_view kLevelled =
      "coping_training controllability_training self_control_training social_support support_loss "
      "exercise sleep treatment";
  static const std::array rows = {
      row<I, &I::name>({.key = "name",
                        .type = KeyType::identifier,
                        .required = true,
                        .doc = "name of the intervention"}),
      row<I, &I::kind>({.key = "kind",
                        .type = KeyType::choice,
                        .choices = kInterventionKindNames,
                        .required = true,
                        .doc = "what is done"}),
      row<I, &I::arms>({.key = "arms",
                        .type = KeyType::identifiers,
                        .doc = "the arms that get it; empty: all but the reference arm"}),
      row<I, &I::start_day>({.key = "start_day",
                             .type = KeyType::integer,
                             .unit = "d",
                             .low = 0,
                             .high = kMostDays - 1,
                             .required = true,
                             .doc = "first day, from 0"}),
      row<I, &I::end_day>({.key = "end_day",
                           .type = KeyType::integer,
                           .unit = "d",
                           .low = 1,
                           .high = kMostDays,
                           .required = true,
                           .doc = "the day after the last"}),
      row<I, &I::dose>(
          {.key = "dose",
           .unit = "1",
           .low = 0,
           .high = 20,
           .doc = "the full level, in units of the kind: see [interventions]; social_"
                  "support and support_loss: sd; inoculation: factor on severities; drugs: see the "
                  "equations (I13)-(I15)"}),
      row<I, &I::target>({.key = "target",
                          .type = KeyType::choice,
                          .choices = kInterventionTargetNames,
                          .doc = "who gets it"}),
      row<I, &I::fraction>({.key = "fraction",
                            .unit = "1",
                            .low = 0,
                            .high = 1,
                            .only_for = "fraction",
                            .doc = "target fraction: share of the cohort, drawn at random"}),
      row<I, &I::factor>({.key = "factor",
                          .type = KeyType::choice,
                          .choices = kFactorNames,
                          .only_for = "factor_low factor_high",
                          .doc = "targets factor_low and factor_high: the resilience factor"}),
      row<I, &I::quantile>({.key = "quantile",
                            .unit = "1",
                            .low = 0.001,
                            .high = 0.999,
                            .only_for = "factor_low factor_high risk",
                            .doc = "factor_low: who is below this quantile of the reference "
                                   "population; factor_high and risk: who is above it"}),
      row<I, &I::weights>({.key = "weights",
                           .type = KeyType::weights,
                           .low = -100,
                           .high = 100,
                           .choices = kFactorNames,
                           .only_for = "risk",
                           .doc = "target risk: weights of the resilience factors in the score"}),
      row<I, &I::threshold>({.key = "threshold",
                             .unit = "1",
                             .low = 0,
                             .high = 100,
                             .only_for = "symptoms",
                             .doc = "target symptoms: who has more slow symptoms S than this"}),
      row<I, &I::stepped>({.key = "stepped",
                           .type = KeyType::boolean,
                           .only_for = "symptoms",
                           .doc = "target symptoms: whenever first above the threshold within the "
                                  "window, not on the first day alone"}),
      row<I, &I::stratum>({.key = "stratum",
                           .type = KeyType::text,
                           .only_for = "stratum",
                           .doc = "target stratum: its name, as in the results"}),
      row<I, &I::adherence>({.key = "adherence",
                             .unit = "1",
                             .low = 0,
                             .high = 1,
                             .doc = "share of days on which it is followed"}),
      row<I, &I::dropout_per_d>({.key = "dropout_per_d",
                                 .unit = "1/d",
                                 .low = 0,
                                 .high = 10,
                                 .doc = "hazard of giving it up for good"}),
      row<I, &I::build_up_d>({.key = "build_up_d",
                              .unit = "d",
                              .low = 0,
                              .high = kMostDays,
                              .only_for = kLevelled,
                              .doc = "time constant of the approach to the dose; 0: at once"}),
      row<I, &I::decay_d>({.key = "decay_d",
                           .unit = "d",
                           .low = 0,
                           .high = kMostDays,
                           .only_for = kLevelled,
                           .doc = "time constant of the loss on days on which it is not followed, "
                                  "after dropout and after the end; 0: at once"}),
      row<I, &I::booster>({.key = "booster",
                           .unit = "1",
                           .low = 0,
                           .high = 1,
                           .only_for = kLevelled,
                           .doc = "share of the missing level that a day with a mastered stressor "
                                  "of everyday life restores"}),
      row<I, &I::every_days>({.key = "every_days",
                              .type = KeyType::integer,
                              .unit = "d",
                              .low = 1,
                              .high = kMostDays,
                              .only_for = kInoculation,
                              .doc = "days from session to session"}),
      row<I, &I::stressor>({.key = "stressor",
                            .type = KeyType::choice,
                            .choices = kStressorClassNames,
                            .only_for = kInoculation,
                            .doc = "class of the stressor"}),
      row<I, &I::severity_from>({.key = "severity_from",
                                 .unit = "1",
                                 .low = 0,
                                 .high = 20,
                                 .only_for = kInoculation,
                                 .doc = "severity of the first session"}),
      row<I, &I::severity_to>({.key = "severity_to",
                               .unit = "1",
                               .low = 0,
                               .high = 20,
                               .only_for = kInoculation,
                               .doc = "severity of the last session; those between rise evenly"}),
      row<I, &I::controllability>({.key = "controllability",
                                   .unit = "1",
                                   .low = 0,
                                   .high = 1,
                                   .only_for = kInoculation,
                                   .doc = "objective controllability"}),
      KeyRow<I>{{.key = "time",
                 .type = KeyType::clock_time,
                 .only_for = kTimed,
                 .doc = "time of day of the onset, on the step grid"},
                clock_time<I>,
                set_clock_time<I>},
      row<I, &I::duration_min>({.key = "duration_min",
                                .type = KeyType::integer,
                                .unit = "min",
                                .low = 1,
                                .high = 1440,
                                .only_for = kTimed,
                                .doc = "duration; it ends on the day it began"}),
  };
  return rows;
}

bool has_key(const Intervention& intervention, const KeyInfo& info) {
  if (info.only_for.empty()) return true;
  std::string_view words = info.only_for;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (word == kInterventionKindNames[static_cast<std::size_t>(intervention.kind)] ||
        word == kInterventionTargetNames[static_cast<std::size_t>(intervention.target)]) {
      return true;
    }
  }
  return false;
}

std::span<const KeyRow<Arm>> arm_keys() {
  static const std::array rows = {
      row<Arm, &Arm::name>(
          {.key = "name", .type = KeyType::identifier, .required = true, .doc = "name of the arm"}),
      row<Arm, &Arm::description>(
          {.key = "description", .type = KeyType::text, .doc = "what the arm stands for"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> output_keys() {
  using O = OutputPlan;
  constexpr auto kOutput = &Study::output;
  static const std::array rows = {
      row<Study, kOutput, &O::series_every_days>({.key = "series_every_days",
                                                  .type = KeyType::integer,
                                                  .unit = "d",
                                                  .low = 1,
                                                  .high = kMostDays,
                                                  .doc = "spacing of the population series"}),
      row<Study, kOutput, &O::questionnaire_every_days>(
          {.key = "questionnaire_every_days",
           .type = KeyType::integer,
           .unit = "d",
           .low = 1,
           .high = kMostDays,
           .doc = "spacing of the virtual questionnaires"}),
      row<Study, kOutput, &O::individuals>(
          {.key = "individuals",
           .type = KeyType::boolean,
           .doc = "write one row per individual to individuals.h5"}),
      row<Study, kOutput, &O::strata>({.key = "strata",
                                       .type = KeyType::identifiers,
                                       .choices = kStrataWords,
                                       .doc = "split the results by sex, group, age and resilience "
                                              "factors, all of them crossed"}),
      row<Study, kOutput, &O::age_bands>(
          {.key = "age_bands",
           .type = KeyType::integers,
           .unit = "y",
           .low = 1,
           .high = 119,
           .doc = "ages at which the next stratum by age begins, ascending"}),
      row<Study, kOutput, &O::quantiles>(
          {.key = "quantiles",
           .type = KeyType::integer,
           .low = 2,
           .high = 10,
           .doc = "strata by a factor: equal parts of the reference population"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> trace_keys() {
  using T = TracePlan;
  constexpr auto kTraces = &Study::traces;
  static const std::array rows = {
      row<Study, kTraces, &T::individuals>(
          {.key = "individuals",
           .type = KeyType::integers,
           .low = 0,
           .high = kMostIndividuals - 1,
           .doc = "numbers of the individuals whose whole course is written to traces.nc"}),
      row<Study, kTraces, &T::first>({.key = "first",
                                      .type = KeyType::integer,
                                      .low = 1,
                                      .high = kMostIndividuals,
                                      .doc = "instead of individuals: so many from number 0 on"}),
      row<Study, kTraces, &T::every_min>(
          {.key = "every_min",
           .unit = "min",
           .low = 0,
           .high = 1440,
           .doc = "time between the moments that are kept within days, a multiple of dt_min; 0: "
                  "only one row a day"}),
      row<Study, kTraces, &T::from_day>({.key = "from_day",
                                         .type = KeyType::integer,
                                         .unit = "d",
                                         .low = 0,
                                         .high = kMostDays - 1,
                                         .doc = "first day that is kept"}),
      row<Study, kTraces, &T::to_day>({.key = "to_day",
                                       .type = KeyType::integer,
                                       .unit = "d",
                                       .low = 1,
                                       .high = kMostDays,
                                       .doc = "the day after the last; without the key the end of "
                                              "the run"}),
      row<Study, kTraces, &T::arms>({.key = "arms",
                                     .type = KeyType::identifiers,
                                     .doc = "names of the arms in which they are traced; empty: "
                                            "all"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> outcome_keys() {
  using O = OutcomePlan;
  constexpr auto kOutcomes = &Study::outcomes;
  static const std::array rows = {
      row<Study, kOutcomes, &O::mental_health>(
          {.key = "mental_health",
           .type = KeyType::choice,
           .choices = kScales,
           .doc = "questionnaire whose score is mental health P"}),
      row<Study, kOutcomes, &O::exposure>(
          {.key = "exposure",
           .type = KeyType::choice,
           .choices = kExposureScores,
           .doc = "exposure E: mean of the standardised hassles of 7 days and life events of 13 "
                  "weeks, or sum of the counts"}),
      row<Study, kOutcomes, &O::window>({.key = "window",
                                         .type = KeyType::integer,
                                         .low = 2,
                                         .high = 26,
                                         .doc = "assessments of a sliding window"}),
      row<Study, kOutcomes, &O::event>(
          {.key = "event",
           .type = KeyType::choice,
           .choices = kEvents,
           .doc = "event from which a person's time is counted, the first of its kind; without "
                  "the key wave if the study has one"}),
      row<Study, kOutcomes, &O::threshold>(
          {.key = "threshold",
           .unit = "1",
           .low = 0.5,
           .high = 84,
           .doc = "mean score that is unwell in a trajectory; without the key the cut-off of the "
                  "questionnaire, 24 of the GHQ-28 (Sterling 2011) and 12 of the GHQ-12 "
                  "(Goldberg et al. 1997)"}),
      row<Study, kOutcomes, &O::early_from_d>(
          {.key = "early_from_d",
           .type = KeyType::integer,
           .unit = "d",
           .low = 0,
           .high = kMostDays,
           .doc = "trajectories: first day after the event that counts as early"}),
      row<Study, kOutcomes, &O::early_to_d>({.key = "early_to_d",
                                             .type = KeyType::integer,
                                             .unit = "d",
                                             .low = 1,
                                             .high = kMostDays,
                                             .doc = "the day after the last"}),
      row<Study, kOutcomes, &O::late_from_d>(
          {.key = "late_from_d",
           .type = KeyType::integer,
           .unit = "d",
           .low = 1,
           .high = kMostDays,
           .doc = "trajectories: first day after the event that counts as late"}),
      row<Study, kOutcomes, &O::late_to_d>({.key = "late_to_d",
                                            .type = KeyType::integer,
                                            .unit = "d",
                                            .low = 2,
                                            .high = kMostDays,
                                            .doc = "the day after the last"}),
      row<Study, kOutcomes, &O::bin_d>({.key = "bin_d",
                                        .type = KeyType::integer,
                                        .unit = "d",
                                        .low = 7,
                                        .high = kMostDays,
                                        .doc = "width of a bin of time since the event"}),
      row<Study, kOutcomes, &O::bins>(
          {.key = "bins",
           .type = KeyType::integer,
           .low = 1,
           .high = 40,
           .doc = "bins after the event at most; the last one has no end"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> numerics_keys() {
  static const std::array rows = {
      row<Study, &Study::dt_min>({.key = "dt_min",
                                  .unit = "min",
                                  .low = 0.25,
                                  .high = 6,
                                  .doc = "step of the acute system; divides 30"}),
      row<Study, &Study::memory_gib>(
          {.key = "memory_gib",
           .unit = "GiB",
           .low = 0.001,
           .high = 1048576,
           .doc = "memory of one rank for the state of its individuals; a cohort that needs more "
                  "is walked in slices, one after the other. Never changes a result"}),
  };
  return rows;
}

std::span<const KeyRow<Study>> checkpoint_keys() {
  using C = CheckpointPlan;
  constexpr auto kCheckpoint = &Study::checkpoint;
  static const std::array rows = {
      row<Study, kCheckpoint, &C::active>({.key = "active",
                                           .type = KeyType::boolean,
                                           .doc = "write checkpoints while the study runs"}),
      row<Study, kCheckpoint, &C::every_days>(
          {.key = "every_days",
           .type = KeyType::integer,
           .unit = "d",
           .low = 0,
           .high = kMostDays,
           .doc = "a checkpoint after so many days of the study; 0: not by days"}),
      row<Study, kCheckpoint, &C::every_min>(
          {.key = "every_min",
           .unit = "min",
           .low = 0,
           .high = 1e6,
           .doc =
               "a checkpoint after so many minutes of running; 0: as often as costs least, which "
               "is after sqrt(2 cost mtbf_h), with the cost measured"}),
      row<Study, kCheckpoint, &C::mtbf_h>({.key = "mtbf_h",
                                           .unit = "h",
                                           .low = 0.01,
                                           .high = 1e6,
                                           .doc = "assumed mean time between failures of the "
                                                  "machines of a run"}),
      row<Study, kCheckpoint, &C::keep>(
          {.key = "keep",
           .type = KeyType::integer,
           .low = 1,
           .high = 1000,
           .doc = "number of the newest intact checkpoints that are kept"}),
      row<Study, kCheckpoint, &C::keep_after_run>(
          {.key = "keep_after_run",
           .type = KeyType::boolean,
           .doc = "keep them when the run is finished, to branch other runs from them"}),
      row<Study, kCheckpoint, &C::writer>(
          {.key = "writer",
           .type = KeyType::choice,
           .choices = kWriters,
           .doc = "pwrite: every rank writes its part of the file itself; collective: through "
                  "parallel HDF5, for file systems that want it"}),
  };
  return rows;
}

std::span<const KeyRow<ModelPlan>> model_keys() {
  static const std::array rows = {
      row<ModelPlan, &ModelPlan::hpa_preset>(
          {.key = "hpa_preset",
           .type = KeyType::choice,
           .choices = kPresets,
           .doc = "half-lives, turnover and lag of [hpa]; keys given there come on top"}),
  };
  return rows;
}

}  // namespace eustress::io
