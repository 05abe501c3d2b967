#pragma once

// Exposure: the stressor ecology of one person. Daily hassles, encounters, life events, potentially
// traumatic events and the secondary hassles that these bring.
//
// Every morning:
//   (X1) h <- r h + sqrt(1 - r^2) n,  r = exp(-1 d/tau)   for two fluctuations, weeks and months
//   (X2) ln rate = ln base + x_hassle_rate + s1 h1 + s2 h2 + feedback min(max(P,0), 4)
//        + k_h o/(1 + o) + ln(regime factor) + effects of cohort columns + b_g;  P: latent distress
//        of the evening before
//   (X2') b_g = s_g n,  n ~ N(0,1) once per group of the cohort: what its members live through
//        together. 0 for who has no group
//   (X3) count ~ Poisson(rate)                     reported hassles of the day (rate at most 60)
//   (X4) encounters ~ Binomial(count, share), at most 4: the hassles that raise an acute response.
//        Each: onset uniform over the steps from 07:30 to 22:30, both included, class by
//        share_k, severity log-normal (mean severity, sd of ln severity_sd), controllability
//        sigma(control_k + n), predictability uniform, duration log-normal (median duration_min,
//        sd of ln duration_sd), rounded up to steps, at most 240 min
//   (X5) with probability 1 - exp(-sum of daily rates) one event: minor, severe or traumatic in
//        proportion to the rates; rates per year, all times the regime's factor, minor and severe
//        ones also times exp(x_life_event_rate - omega^2/2) and traumatic ones times
//        max(0, 1 + v/3)^3/(1 + (k_v^2 omega^2 + s_v^2)/3), v = k_v x_life_event_rate + s_v n_v,
//        n_v ~ N(0,1) once per person (both have mean 1). The cube of a normal variable is about
//        gamma distributed (Wilson & Hilferty 1931), so that counts are about negative binomial;
//        a log-normal rate would give a few people too many. Minor and severe ones besides,
//        because events bring events (a self-exciting process), times 1 + k_x o/(1 + o), with o of
//        the morning. Its encounter has the event's severity, log-normal, and controllability,
//        predictability 0, and lasts event_duration_min, rounded as in (X4); its class is drawn as
//        in (X4) for minor and severe events and threat for traumatic ones
//   (X6) o <- o exp(-1 d/tau_s) + (k_m, k_s or k_t of the kind) (severity/its mean)^k_o on the day
//        of an event (a wave counts as traumatic; the ratio at most 4). o: problems that events
//        have opened and that bring secondary hassles (stress proliferation, Pearlin 1981), in
//        units of those that bring half of the most, k_h. So a more severe event does not bring
//        many more hassles, but brings them for longer
//   (X7) of several events on one day (own and wave) the wave goes first; a day has one event.
//   (X8) Replay (core/replay.hpp). For whom it replaces hassles, (X3) and (X4) yield none; for whom
//        it replaces events, or who has an event in the table today, (X5) yields none; that event
//        goes before a wave. Open problems and fluctuations go on.
//   (X9) Every row of the table is an encounter as it was recorded, without factors of regimes;
//        hassles of the table count as reported, and go before drawn ones where there are more
//        than 4; events act on (X6) and on the count of traumas as drawn ones do.

#include <array>
#include <cstdint>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct DrawKeys;

struct ExposureParameters {
  double hassles_per_day, week_sd, week_tau_d, month_sd, month_tau_d, group_sd, feedback;
  double encounter_share, severity, severity_sd, duration_min, duration_sd;
  double share_social_evaluative, share_demand, share_interpersonal_loss, share_threat;
  double control_social_evaluative, control_demand, control_interpersonal_loss, control_threat;
  double minor_events_per_y, severe_events_per_y, traumatic_events_per_y;
  double traumatic_spread, traumatic_own_sd;
  double minor_severity, severe_severity, traumatic_severity, event_severity_sd;
  double minor_controllability, severe_controllability, traumatic_controllability;
  double event_duration_min;
  double surge_gain, surge_minor, surge_severe, surge_traumatic, surge_severity_exponent,
      surge_tau_d, event_excitation;
};

inline constexpr std::array kExposureTable = {
    ParameterRow{"hassles_per_day", "base", "1/d", 6.0, 0.0, 50.0, Origin::calibrated, "S8",
                 "median person's rate of reported hassles", &ExposureParameters::hassles_per_day},
    ParameterRow{"week_sd", "s1", "1", 0.3, 0.0, 2.0, Origin::calibrated, "S2, S4",
                 "standard deviation of the fluctuation over weeks", &ExposureParameters::week_sd},
    ParameterRow{"week_tau_d", "tau1", "d", 30.0, 1.0, 365.0, Origin::calibrated, "S4",
                 "correlation time of the fluctuation over weeks", &ExposureParameters::week_tau_d},
    ParameterRow{"month_sd", "s2", "1", 0.12, 0.0, 2.0, Origin::calibrated, "S2",
                 "standard deviation of the fluctuation over months",
                 &ExposureParameters::month_sd},
    ParameterRow{"month_tau_d", "tau2", "d", 180.0, 10.0, 2000.0, Origin::calibrated, "S2",
                 "correlation time of the fluctuation over months",
                 &ExposureParameters::month_tau_d},
    ParameterRow{"group_sd", "s_g", "1", 0.1, 0.0, 2.0, Origin::assumed,
                 "ICC(1) of work groups is .05 to .20 (Bliese 2000); between persons .3",
                 "standard deviation between groups of the cohort of what their members share",
                 &ExposureParameters::group_sd},
    ParameterRow{"feedback", "fb", "1", 0.05, 0.0, 0.5, Origin::calibrated, "S6",
                 "hassles generated by distress, per unit of latent distress",
                 &ExposureParameters::feedback},
    ParameterRow{"encounter_share", "share", "1", 0.127, 0.0, 1.0, Origin::calibrated, "E5, E7",
                 "share of hassles that raise an acute response",
                 &ExposureParameters::encounter_share},
    ParameterRow{"severity", "sev", "1", 0.6, 0.01, 10.0, Origin::assumed,
                 "a hassle is about a third of a laboratory stressor",
                 "mean severity of an encounter", &ExposureParameters::severity},
    ParameterRow{"severity_sd", "sd_sev", "1", 0.5, 0.0, 2.0, Origin::assumed, "right-skewed",
                 "standard deviation of the logarithm of severity",
                 &ExposureParameters::severity_sd},
    ParameterRow{"duration_min", "dur", "min", 30.0, 5.0, 240.0, Origin::assumed, "tens of minutes",
                 "median planned duration of an encounter", &ExposureParameters::duration_min},
    ParameterRow{"duration_sd", "sd_dur", "1", 0.4, 0.0, 1.5, Origin::assumed, "right-skewed",
                 "standard deviation of the logarithm of duration",
                 &ExposureParameters::duration_sd},
    ParameterRow{"share_social_evaluative", "q_1", "1", 0.25, 0.0, 1.0, Origin::assumed,
                 "daily diaries", "weight of the class",
                 &ExposureParameters::share_social_evaluative},
    ParameterRow{"share_demand", "q_2", "1", 0.45, 0.0, 1.0, Origin::assumed,
                 "daily diaries: work and home demands lead", "weight of the class",
                 &ExposureParameters::share_demand},
    ParameterRow{"share_interpersonal_loss", "q_3", "1", 0.22, 0.0, 1.0, Origin::assumed,
                 "daily diaries", "weight of the class",
                 &ExposureParameters::share_interpersonal_loss},
    ParameterRow{"share_threat", "q_4", "1", 0.08, 0.0, 1.0, Origin::assumed, "daily diaries",
                 "weight of the class", &ExposureParameters::share_threat},
    ParameterRow{"control_social_evaluative", "m_1", "1", 0.2, -5.0, 5.0, Origin::assumed,
                 "moderate", "mean logit of controllability",
                 &ExposureParameters::control_social_evaluative},
    ParameterRow{"control_demand", "m_2", "1", 0.8, -5.0, 5.0, Origin::assumed, "mostly masterable",
                 "mean logit of controllability", &ExposureParameters::control_demand},
    ParameterRow{"control_interpersonal_loss", "m_3", "1", -0.4, -5.0, 5.0, Origin::assumed,
                 "little", "mean logit of controllability",
                 &ExposureParameters::control_interpersonal_loss},
    ParameterRow{"control_threat", "m_4", "1", -0.4, -5.0, 5.0, Origin::assumed, "little",
                 "mean logit of controllability", &ExposureParameters::control_threat},
    ParameterRow{"minor_events_per_y", "r_m", "1/y", 9.0, 0.0, 100.0, Origin::calibrated, "S10",
                 "rate of life events", &ExposureParameters::minor_events_per_y},
    ParameterRow{"severe_events_per_y", "r_s", "1/y", 0.4, 0.0, 50.0, Origin::calibrated, "S10, T1",
                 "rate of severe life events", &ExposureParameters::severe_events_per_y},
    ParameterRow{"traumatic_events_per_y", "r_t", "1/y", 0.0765, 0.0, 50.0, Origin::calibrated,
                 "S11", "rate of potentially traumatic events",
                 &ExposureParameters::traumatic_events_per_y},
    ParameterRow{"traumatic_spread", "k_v", "1", 2.08, 0.0, 4.0, Origin::calibrated, "S11, T6",
                 "effect of the trait of life events on the vulnerability to traumatic ones",
                 &ExposureParameters::traumatic_spread},
    ParameterRow{"traumatic_own_sd", "s_v", "1", 0.4, 0.0, 3.0, Origin::calibrated, "S11, T6",
                 "standard deviation of the vulnerability to traumatic events between people, "
                 "besides what comes with life events",
                 &ExposureParameters::traumatic_own_sd},
    ParameterRow{"minor_severity", "sev_m", "1", 1.2, 0.01, 20.0, Origin::assumed,
                 "between hassle and laboratory stressor", "mean severity of a life event",
                 &ExposureParameters::minor_severity},
    ParameterRow{"severe_severity", "sev_s", "1", 2.5, 0.01, 20.0, Origin::assumed,
                 "above the laboratory stressor", "mean severity of a severe event",
                 &ExposureParameters::severe_severity},
    ParameterRow{"traumatic_severity", "sev_t", "1", 4.5, 0.01, 20.0, Origin::assumed,
                 "about twice the laboratory stressor", "mean severity of a traumatic event",
                 &ExposureParameters::traumatic_severity},
    ParameterRow{"event_severity_sd", "sd_ev", "1", 0.3, 0.0, 2.0, Origin::assumed, "right-skewed",
                 "standard deviation of the logarithm of an event's severity",
                 &ExposureParameters::event_severity_sd},
    ParameterRow{"minor_controllability", "con_m", "1", 0.35, 0.0, 1.0, Origin::assumed, "partly",
                 "controllability of a life event", &ExposureParameters::minor_controllability},
    ParameterRow{"severe_controllability", "con_s", "1", 0.15, 0.0, 1.0, Origin::assumed, "little",
                 "controllability of a severe event", &ExposureParameters::severe_controllability},
    ParameterRow{"traumatic_controllability", "con_t", "1", 0.05, 0.0, 1.0, Origin::assumed,
                 "hardly any", "controllability of a traumatic event",
                 &ExposureParameters::traumatic_controllability},
    ParameterRow{"event_duration_min", "dur_ev", "min", 60.0, 5.0, 240.0, Origin::assumed,
                 "about an hour", "planned duration of an event's encounter",
                 &ExposureParameters::event_duration_min},
    ParameterRow{"surge_gain", "k_h", "1", 0.894, 0.0, 3.0, Origin::calibrated, "T1",
                 "most that open problems add to ln rate", &ExposureParameters::surge_gain},
    ParameterRow{"surge_minor", "k_m", "1", 0.0805, 0.0, 100.0, Origin::calibrated, "S10",
                 "problems that a life event opens", &ExposureParameters::surge_minor},
    ParameterRow{"surge_severe", "k_s", "1", 13.0, 0.0, 100.0, Origin::calibrated, "T1",
                 "problems that a severe event opens", &ExposureParameters::surge_severe},
    ParameterRow{"surge_traumatic", "k_t", "1", 0.855, 0.0, 100.0, Origin::calibrated, "T2",
                 "problems that a traumatic event opens", &ExposureParameters::surge_traumatic},
    ParameterRow{"surge_severity_exponent", "k_o", "1", 2.03, 0.0, 5.0, Origin::calibrated, "T1",
                 "how steeply the problems rise with the severity of the event",
                 &ExposureParameters::surge_severity_exponent},
    ParameterRow{"surge_tau_d", "tau_s", "d", 76.5, 1.0, 400.0, Origin::calibrated, "T1",
                 "time constant at which problems are solved", &ExposureParameters::surge_tau_d},
    ParameterRow{"event_excitation", "k_x", "1", 0.0, 0.0, 20.0, Origin::assumed,
                 "none: counts of events do not tell contagion from lasting differences between "
                 "persons, and these alone meet S10",
                 "gain of the event rate by open problems: events that bring events",
                 &ExposureParameters::event_excitation},
};
constexpr const auto& parameter_rows(const ExposureParameters&) {
  return kExposureTable;
}

/// Encounters of one day: 4 hassles, one event, one probe, one session of an inoculation.
inline constexpr int kHassleSlots = 4;
inline constexpr int kEventSlot = 4;
inline constexpr int kProbeSlot = 5;
inline constexpr int kSessionSlot = 6;
inline constexpr int kEncounterSlots = 7;
inline constexpr double kDaysPerYear = 365.25;
inline constexpr double kMaximumHassleRate = 60.0;
/// Largest ratio of an event's severity to the mean of its kind in (X6) and (P3).
inline constexpr double kLargestSeverityRatio = 4.0;
inline constexpr double kFirstOnsetMin = 450.0;  // 07:30
inline constexpr double kLastOnsetMin = 1350.0;  // 22:30
/// Place of n_v (X5) among the draws of the stream of traits.
inline constexpr std::uint32_t kTraumaticRatePair = 64;
/// Onset of a slot without an encounter.
inline constexpr double kNever = 1e9;

/// What an encounter belongs to.
enum class EventKind : int { none = 0, minor = 1, severe = 2, traumatic = 3 };

template <class T>
struct ExposureState {
  T week;         // 1
  T month;        // 1
  T surge;        // 1, o of (X6)
  T hassles_7d;   // count
  T event_weeks;  // code
  T traumas;      // count
};
inline constexpr std::array kExposureColumns = {
    Column{"week", "1", "h1, standardised fluctuation of the hassle rate over weeks"},
    Column{"month", "1", "h2, standardised fluctuation over months"},
    Column{"surge", "1", "o, problems that events have opened"},
    Column{"hassles_7d", "count",
           "hassles of the last seven days, counted up to the questionnaire"},
    Column{"event_weeks", "code",
           "life events of the last 13 weeks, one base-16 digit a week, this week lowest"},
    Column{"traumas", "count", "potentially traumatic events so far"}};

/// Today's exposure of one person.
template <class T>
struct DayExposure {
  T hassles;  ///< count
  T event;    ///< EventKind
  struct Encounter {
    T onset_step;  ///< of the day; kNever: no encounter
    T stressor;    ///< StressorClass
    T severity, controllability, predictability;
    T steps;  ///< planned duration
  } encounter[kEncounterSlots];
};

/// What a replay table has for one person and day, in the slots of the day.
template <class T>
struct ReplayDay {
  T hassles;                                                       ///< count
  T event;                                                         ///< EventKind
  typename DayExposure<T>::Encounter encounter[kHassleSlots + 1];  ///< the last: kEventSlot
};

/// What multiplies or adds to the parameters today, the same for all of a group (regimes).
struct DayModifiers {
  double log_hassle_rate = 0.0;
  double event_rate = 1.0;
  double severity = 1.0;
  double controllability = 1.0;
};

/// The uniform and normal values that a day of exposure takes; see draw_exposure in
/// core/engine/day.hpp for the stream and index of each.
struct ExposureDraws {
  double n_week, n_month;         // N(0,1)
  double u_count, u_encounters;   // (0,1)
  double u_event, u_event_class;  // (0,1)
  double n_event_severity, u_event_onset;
  double n_traumatic;  // N(0,1), the same on all days
  struct Encounter {
    double u_onset, u_class, n_severity, n_control, n_duration, u_predictability;
  } encounter[kHassleSlots];
};

/// (X2'): b_g of a group of the cohort, on ln of the hassle rate. 0 for a negative code: no group.
double group_log_rate(const ExposureParameters& p, const DrawKeys& keys, std::int32_t group);

/// Severity of an event (kind: not none), in units of the mean of its kind, at most 4.
double severity_ratio_reference(const ExposureParameters& p, double event, double severity);

/// (X1)-(X6) for one person and day; advances week, month, surge, traumas. The event of a wave
/// (kind traumatic) may be given, with its severity factor, class and controllability.
struct WaveHit {
  bool hit = false;
  double severity = 1.0;
  double controllability = 0.05;
  StressorClass stressor = StressorClass::threat;
};
DayExposure<double> exposure_reference(ExposureState<double>& s, const ExposureParameters& p,
                                       double omega_life_event_rate, double x_hassle_rate,
                                       double x_life_event_rate, double extra_log_rate,
                                       double latent_distress, const DayModifiers& today,
                                       const WaveHit& wave, const ExposureDraws& draws,
                                       double dt_min);

/// (X9): adds the rows of today to what was drawn; advances surge and traumas.
void replay_reference(DayExposure<double>& day, ExposureState<double>& s,
                      const ExposureParameters& p, const ReplayDay<double>& rows);

}  // namespace eustress
