#pragma once

#include "core/mechanisms/exposure.hpp"
#include "core/mechanisms/pick_kernel.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/random_pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

struct ExposureCoefficients {
  double log_base, week_decay, week_innovation, month_decay, month_innovation, surge_decay;
  double log_not_share, share_odds;
  double cumulative_share[kStressorClasses];
  double daily_minor, daily_severe, daily_traumatic;
  double first_step, onset_steps;  ///< first onset and number of possible onsets
  double per_step;                 ///< steps per minute
  double shortest, longest;        ///< planned steps
  double event_steps;

  /// decision_steps: steps from onset to the choice of coping.
  ExposureCoefficients(const ExposureParameters& p, double dt_min, double decision_steps)
      : log_base(p.hassles_per_day > 0.0 ? portable_log(p.hassles_per_day) : -700.0),
        week_decay(portable_exp(-1.0 / p.week_tau_d)),
        week_innovation(std::sqrt(1.0 - week_decay * week_decay)),
        month_decay(portable_exp(-1.0 / p.month_tau_d)),
        month_innovation(std::sqrt(1.0 - month_decay * month_decay)),
        surge_decay(portable_exp(-1.0 / p.surge_tau_d)),
        log_not_share(p.encounter_share < 1.0 ? portable_log(1.0 - p.encounter_share) : -700.0),
        share_odds(p.encounter_share < 1.0 ? p.encounter_share / (1.0 - p.encounter_share) : 1.0),
        cumulative_share{},
        daily_minor(p.minor_events_per_y / kDaysPerYear),
        daily_severe(p.severe_events_per_y / kDaysPerYear),
        daily_traumatic(p.traumatic_events_per_y / kDaysPerYear),
        first_step(std::round(kFirstOnsetMin / dt_min)),  // dt_min divides 30 min
        onset_steps(std::round((kLastOnsetMin - kFirstOnsetMin) / dt_min) + 1.0),
        per_step(1.0 / dt_min),
        shortest(decision_steps + 1.0),
        longest(std::round(240.0 / dt_min)),
        event_steps(0.0) {
    const double total =
        p.share_social_evaluative + p.share_demand + p.share_interpersonal_loss + p.share_threat;
    cumulative_share[0] = p.share_social_evaluative / total;
    cumulative_share[1] = cumulative_share[0] + p.share_demand / total;
    cumulative_share[2] = cumulative_share[1] + p.share_interpersonal_loss / total;
    cumulative_share[3] = 1.0;
    event_steps = std::min(longest, std::max(std::ceil(p.event_duration_min / dt_min), shortest));
  }
};

EUSTRESS_INLINE Pack class_of(const ExposureCoefficients& c, Pack u) {
  return select(u < c.cumulative_share[0], 0.0, broadcast(1.0)) +
         select(u < c.cumulative_share[1], 0.0, broadcast(1.0)) +
         select(u < c.cumulative_share[2], 0.0, broadcast(1.0));
}

/// (X3): Poisson by inversion.
EUSTRESS_INLINE Pack poisson(Pack rate, Pack u) {
  Pack p = exp(-rate);
  Pack cdf = p;
  Pack count = broadcast(0.0);
  for (int k = 1; k <= 200; ++k) {
    const Mask above = u > cdf;
    if (!any(above)) break;
    count = select(above, static_cast<double>(k), count);
    p *= rate * (1.0 / k);
    cdf += p;
  }
  return count;
}

/// (X4): Binomial(count, share) by inversion, at most 4.
EUSTRESS_INLINE Pack thinned(const ExposureCoefficients& c, Pack count, Pack u) {
  Pack p = exp(count * c.log_not_share);
  Pack cdf = p;
  Pack n = broadcast(0.0);
  for (int k = 1; k <= kHassleSlots; ++k) {
    n = select(u > cdf, static_cast<double>(k), n);
    p *= (count - (k - 1.0)) * (c.share_odds / k);
    cdf += max(p, 0.0);
  }
  return min(n, count);
}

/// Modifiers of the day per lane.
struct PackModifiers {
  Pack log_hassle_rate, event_rate, severity, controllability;
};
/// The wave that hits, per lane: severity factor, class and controllability where hit.
struct PackWave {
  Mask hit;
  Pack severity, controllability, stressor;
};

/// Share of the most that open problems bring: o/(1 + o) of (X2), (X5).
EUSTRESS_INLINE Pack open_share(const ExposureState<Pack>& s) {
  return s.surge / (1.0 + s.surge);
}

/// Mean severity of the kind of an event, for lanes that have one.
EUSTRESS_INLINE Pack usual_severity(const ExposureParameters& p, Pack event) {
  return select(event == static_cast<double>(EventKind::minor), p.minor_severity,
                select(event == static_cast<double>(EventKind::severe), p.severe_severity,
                       broadcast(p.traumatic_severity)));
}

/// Severity of an event in units of the mean of its kind, at most 4, to a power that is not
/// negative, for lanes that have one.
EUSTRESS_INLINE Pack severity_power(const ExposureParameters& p, Pack event, Pack severity,
                                    double exponent) {
  const Pack ratio = min(severity / usual_severity(p, event), kLargestSeverityRatio);
  const Pack power = exp(exponent * log(max(ratio, 1e-300)));
  return select(ratio > 0.0, power, broadcast(exponent == 0.0 ? 1.0 : 0.0));
}

/// What events do to exposure, (X6) and the count of traumas, for lanes that have one.
EUSTRESS_INLINE void events_happen(ExposureState<Pack>& s, const ExposureParameters& p, Pack event,
                                   Pack severity) {
  const Mask is_traumatic = event == static_cast<double>(EventKind::traumatic);
  const Pack opened = select(event == static_cast<double>(EventKind::minor), p.surge_minor,
                             select(event == static_cast<double>(EventKind::severe), p.surge_severe,
                                    broadcast(p.surge_traumatic))) *
                      severity_power(p, event, severity, p.surge_severity_exponent);
  s.surge += select(event > 0.0, opened, 0.0);
  s.traumas += select(is_traumatic, 1.0, 0.0);
}

/// (X1)-(X7) for eight persons; the slots of probes and sessions are left as they are.
EUSTRESS_INLINE void draw_exposure(DayExposure<Pack>& out, ExposureState<Pack>& s,
                                   const ExposureParameters& p, const ExposureCoefficients& c,
                                   double omega_events, Pack x_hassle_rate, Pack x_event_rate,
                                   Pack extra_log_rate, Pack latent, const PackModifiers& today,
                                   const PackWave& wave, std::uint64_t seed,
                                   std::uint32_t replicate, const LaneIds& ids, std::uint32_t day) {
  const auto key = [&](Purpose purpose) { return StreamKey{seed, replicate, purpose}; };
  const PackPair n = normal_pair(key(Purpose::hassle_rate), ids, day, 0);
  s.week = fma(s.week, c.week_decay, c.week_innovation * n.first);
  s.month = fma(s.month, c.month_decay, c.month_innovation * n.second);

  Pack log_rate = x_hassle_rate + c.log_base + extra_log_rate + today.log_hassle_rate;
  log_rate = fma(p.surge_gain, open_share(s), log_rate);
  log_rate = fma(p.week_sd, s.week, log_rate);
  log_rate = fma(p.month_sd, s.month, log_rate);
  log_rate = fma(p.feedback, clamp(latent, 0.0, 4.0), log_rate);
  const Pack rate = min(exp(log_rate), kMaximumHassleRate);
  const PackPair u = uniform_pair(key(Purpose::hassles), ids, day, 0);
  out.hassles = poisson(rate, u.first);
  const Pack encounters = thinned(c, out.hassles, u.second);

  const StreamKey encounter_key = key(Purpose::encounters);
  for (int e = 0; e < kHassleSlots; ++e) {
    auto& slot = out.encounter[e];
    slot = {broadcast(kNever), broadcast(0.0), broadcast(0.0),
            broadcast(0.0),    broadcast(0.0), broadcast(0.0)};
    const Mask taken = encounters > static_cast<double>(e);
    if (!any(taken)) continue;
    const auto index = static_cast<std::uint32_t>(4 * e);
    PackPair where, u_what, u_duration, u_predictability;
    uniform_pairs(encounter_key, ids, ids, day, index, index + 1, where, u_what);
    uniform_pairs(encounter_key, ids, ids, day, index + 2, index + 3, u_duration, u_predictability);
    const PackPair what = box_muller(u_what);
    const Pack n_duration = box_muller(u_duration).first;
    const Pack onset = c.first_step + floor(where.first * c.onset_steps);
    slot.onset_step = select(taken, onset, kNever);
    slot.stressor = class_of(c, where.second);
    slot.severity = p.severity * today.severity *
                    exp(fma(what.first, p.severity_sd, -0.5 * p.severity_sd * p.severity_sd));
    const Pack mean_control = pick(slot.stressor, p.control_social_evaluative, p.control_demand,
                                   p.control_interpersonal_loss, p.control_threat);
    slot.controllability =
        clamp(logistic(mean_control + what.second) * today.controllability, 0.0, 1.0);
    slot.predictability = u_predictability.first;
    const Pack length = p.duration_min * c.per_step * exp(p.duration_sd * n_duration);
    slot.steps = clamp(-floor(-length), c.shortest, c.longest);
  }

  const Pack frailty = exp(x_event_rate - 0.5 * omega_events * omega_events) *
                       (1.0 + p.event_excitation * open_share(s));
  const Pack minor = c.daily_minor * frailty * today.event_rate;
  const Pack severe = c.daily_severe * frailty * today.event_rate;
  const double spread = p.traumatic_spread * omega_events;
  const double own_sd = p.traumatic_own_sd;
  Pack vulnerability = p.traumatic_spread * x_event_rate;
  if (own_sd > 0.0) {
    const Pack own = normal_pair(key(Purpose::traits), ids, 0, kTraumaticRatePair).first;
    vulnerability = fma(own_sd, own, vulnerability);
  }
  const Pack root = max(fma(1.0 / 3.0, vulnerability, broadcast(1.0)), 0.0);
  const Pack vulnerable = root * root * root / (1.0 + (spread * spread + own_sd * own_sd) / 3.0);
  const Pack total = minor + severe + c.daily_traumatic * vulnerable * today.event_rate;
  const StreamKey event_key = key(Purpose::life_events);
  const PackPair u_event = uniform_pair(event_key, ids, day, 0);
  const Pack chance = 1.0 - exp(-total);
  const Mask own = u_event.first < chance;
  auto& slot = out.encounter[kEventSlot];
  slot = {broadcast(kNever), broadcast(0.0), broadcast(0.0),
          broadcast(0.0),    broadcast(0.0), broadcast(0.0)};
  out.event = broadcast(0.0);
  s.surge *= broadcast(c.surge_decay);
  if (any(own | wave.hit)) {
    // u/chance < share, without dividing by a chance that may be 0
    const Pack share = u_event.first * total;
    const Pack own_kind =
        select(share < minor * chance, static_cast<double>(EventKind::minor),
               select(share < (minor + severe) * chance, static_cast<double>(EventKind::severe),
                      static_cast<double>(EventKind::traumatic)));
    const Pack traumatic = broadcast(static_cast<double>(EventKind::traumatic));
    out.event = select(wave.hit, traumatic, select(own, own_kind, 0.0));
    const Mask is_minor = out.event == static_cast<double>(EventKind::minor);
    const Mask is_severe = out.event == static_cast<double>(EventKind::severe);
    const Mask is_traumatic = out.event == static_cast<double>(EventKind::traumatic);
    const Pack u_onset = uniform_pair(event_key, ids, day, 1).first;
    const Pack n_severity = normal_pair(event_key, ids, day, 2).first;
    const Pack onset = c.first_step + floor(u_onset * c.onset_steps);
    slot.onset_step = select(own | wave.hit, onset, kNever);
    const Pack threat = broadcast(static_cast<double>(StressorClass::threat));
    slot.stressor =
        select(wave.hit, wave.stressor, select(is_traumatic, threat, class_of(c, u_event.second)));
    slot.severity =
        usual_severity(p, out.event) * today.severity * select(wave.hit, wave.severity, 1.0) *
        exp(fma(n_severity, p.event_severity_sd, -0.5 * p.event_severity_sd * p.event_severity_sd));
    const Pack own_control =
        select(is_minor, p.minor_controllability,
               select(is_severe, p.severe_controllability, broadcast(p.traumatic_controllability)));
    slot.controllability = clamp(
        select(wave.hit, wave.controllability, own_control) * today.controllability, 0.0, 1.0);
    slot.predictability = broadcast(0.0);
    slot.steps = broadcast(c.event_steps);
    events_happen(s, p, out.event, slot.severity);
  }
}

/// (X9) for eight persons.
inline void replay_exposure(DayExposure<Pack>& out, ExposureState<Pack>& s,
                            const ExposureParameters& p, const ExposureCoefficients& c,
                            const ReplayDay<Lanes>& rows) {
  out.hassles += load(rows.hassles);
  for (int i = 0; i <= kEventSlot; ++i) {
    const auto& row = rows.encounter[i];
    auto& slot = out.encounter[i];
    const Pack onset = load(row.onset_step);
    const Mask taken = onset < kNever;
    slot.onset_step = select(taken, onset, slot.onset_step);
    slot.stressor = select(taken, load(row.stressor), slot.stressor);
    slot.severity = select(taken, load(row.severity), slot.severity);
    slot.controllability = select(taken, load(row.controllability), slot.controllability);
    slot.predictability = select(taken, load(row.predictability), slot.predictability);
    slot.steps = select(taken, max(load(row.steps), c.shortest), slot.steps);
  }
  const Pack event = load(rows.event);
  out.event = select(event > 0.0, event, out.event);
  events_happen(s, p, event, load(rows.encounter[kEventSlot].severity));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
