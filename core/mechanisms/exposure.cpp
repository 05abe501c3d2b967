#include "core/mechanisms/exposure.hpp"

#include <algorithm>
#include <cmath>

#include "core/numerics/logistic.hpp"
#include "core/numerics/random.hpp"

namespace eustress {

namespace {

constexpr double kLongestDurationMin = 240.0;
constexpr int kLargestCount = 200;
/// Latent distress beyond which it generates no more hassles.
constexpr double kFeedbackCeiling = 4.0;
/// Life events and traumatic events come unforeseen.
constexpr double kEventPredictability = 0.0;

double fluctuation(double h, double tau_d, double n) {
  const double r = std::exp(-1.0 / tau_d);
  return r * h + std::sqrt(1.0 - r * r) * n;
}

/// Number of k >= 0 with u > CDF(k).
int poisson_count(double rate, double u) {
  double probability = std::exp(-rate);
  double cumulative = probability;
  int k = 0;
  while (u > cumulative && k < kLargestCount) {
    ++k;
    probability *= rate / k;
    cumulative += probability;
  }
  return k;
}

/// The same for n trials of probability p, cut off at kHassleSlots.
int binomial_count(int n, double p, double u) {
  const int most = std::min(n, kHassleSlots);
  if (p >= 1.0) return most;
  double probability = std::pow(1.0 - p, n);
  double cumulative = probability;
  int k = 0;
  while (k < most && u > cumulative) {
    probability *= p / (1.0 - p) * (n - k) / (k + 1);
    cumulative += probability;
    ++k;
  }
  return k;
}

/// Index of the first share whose cumulative sum exceeds u, the shares scaled to sum 1.
template <std::size_t N>
int choose(const double (&shares)[N], double u) {
  double total = 0.0;
  for (const double share : shares) total += share;
  double cumulative = 0.0;
  for (std::size_t i = 0; i + 1 < N; ++i) {
    cumulative += shares[i] / total;
    if (u < cumulative) return static_cast<int>(i);
  }
  return static_cast<int>(N - 1);
}

int choose_class(const ExposureParameters& p, double u) {
  const double shares[kStressorClasses] = {p.share_social_evaluative, p.share_demand,
                                           p.share_interpersonal_loss, p.share_threat};
  return choose(shares, u);
}

/// Uniform over the steps from 07:30 to 22:30.
double onset_step(double u, double dt_min) {
  const double first = std::round(kFirstOnsetMin / dt_min);  // dt_min divides 30 min
  const double last = std::round(kLastOnsetMin / dt_min);
  return first + std::floor(u * (last - first + 1.0));
}

double duration_steps(double duration_min, double dt_min) {
  return std::min(std::ceil(duration_min / dt_min), std::round(kLongestDurationMin / dt_min));
}

/// Log-normal with mean m and standard deviation sd of the logarithm.
double log_normal(double m, double sd, double n) {
  return m * std::exp(sd * n - sd * sd / 2.0);
}

/// Mean severity of the events of a kind, not none.
double usual_severity(const ExposureParameters& p, double event) {
  const double mean[] = {0.0, p.minor_severity, p.severe_severity, p.traumatic_severity};
  return mean[static_cast<int>(event)];
}

/// Share of the most that open problems bring (X2), (X5).
double open_share(const ExposureState<double>& s) {
  return s.surge / (1.0 + s.surge);
}

/// What an event does to exposure: (X6) and the count of traumas.
void event_happens(ExposureState<double>& s, const ExposureParameters& p, double event,
                   double severity) {
  const double opened[] = {0.0, p.surge_minor, p.surge_severe, p.surge_traumatic};
  s.surge += opened[static_cast<int>(event)] *
             std::pow(severity_ratio_reference(p, event, severity), p.surge_severity_exponent);
  if (event == static_cast<double>(EventKind::traumatic)) s.traumas += 1.0;
}

}  // namespace

double group_log_rate(const ExposureParameters& p, const DrawKeys& keys, std::int32_t group) {
  if (group < 0) return 0.0;
  return p.group_sd *  // (X2')
         normal_pair(keys(Purpose::groups), static_cast<std::uint64_t>(group), 0, 0).first;
}

double severity_ratio_reference(const ExposureParameters& p, double event, double severity) {
  return std::min(severity / usual_severity(p, event), kLargestSeverityRatio);
}

DayExposure<double> exposure_reference(ExposureState<double>& s, const ExposureParameters& p,
                                       double omega_life_event_rate, double x_hassle_rate,
                                       double x_life_event_rate, double extra_log_rate,
                                       double latent_distress, const DayModifiers& today,
                                       const WaveHit& wave, const ExposureDraws& draws,
                                       double dt_min) {
  DayExposure<double> day{};
  for (auto& e : day.encounter) e.onset_step = kNever;

  s.week = fluctuation(s.week, p.week_tau_d, draws.n_week);  // (X1)
  s.month = fluctuation(s.month, p.month_tau_d, draws.n_month);

  const double rate =  // (X2)
      p.hassles_per_day *
      std::exp(x_hassle_rate + p.week_sd * s.week + p.month_sd * s.month +
               p.feedback * std::min(std::max(latent_distress, 0.0), kFeedbackCeiling) +
               p.surge_gain * open_share(s) + today.log_hassle_rate + extra_log_rate);
  const int count = poisson_count(std::min(rate, kMaximumHassleRate), draws.u_count);  // (X3)
  day.hassles = count;

  const auto controllability = [&](double c) {
    return std::clamp(c * today.controllability, 0.0, 1.0);
  };
  const double mean_control[kStressorClasses] = {p.control_social_evaluative, p.control_demand,
                                                 p.control_interpersonal_loss, p.control_threat};
  const int encounters = binomial_count(count, p.encounter_share, draws.u_encounters);
  for (int i = 0; i < encounters; ++i) {  // (X4)
    const ExposureDraws::Encounter& draw = draws.encounter[i];
    auto& e = day.encounter[i];
    const int k = choose_class(p, draw.u_class);
    e.onset_step = onset_step(draw.u_onset, dt_min);
    e.stressor = k;
    e.severity = log_normal(p.severity, p.severity_sd, draw.n_severity) * today.severity;
    e.controllability = controllability(logistic(mean_control[k] + draw.n_control));
    e.predictability = draw.u_predictability;
    e.steps = duration_steps(p.duration_min * std::exp(p.duration_sd * draw.n_duration), dt_min);
  }

  const double personal =
      std::exp(x_life_event_rate - omega_life_event_rate * omega_life_event_rate / 2.0) *
      (1.0 + p.event_excitation * open_share(s));
  const double spread = p.traumatic_spread * omega_life_event_rate;
  const double own_sd = p.traumatic_own_sd;
  const double root = std::max(
      0.0, 1.0 + (p.traumatic_spread * x_life_event_rate + own_sd * draws.n_traumatic) / 3.0);
  const double vulnerable = root * root * root / (1.0 + (spread * spread + own_sd * own_sd) / 3.0);
  const double rates[] = {p.minor_events_per_y * personal * today.event_rate / kDaysPerYear,
                          p.severe_events_per_y * personal * today.event_rate / kDaysPerYear,
                          p.traumatic_events_per_y * vulnerable * today.event_rate / kDaysPerYear};
  const double probability = 1.0 - std::exp(-(rates[0] + rates[1] + rates[2]));
  EventKind kind = EventKind::none;
  if (wave.hit) {  // (X7)
    kind = EventKind::traumatic;
  } else if (draws.u_event < probability) {  // (X5)
    kind = static_cast<EventKind>(1 + choose(rates, draws.u_event / probability));
  }

  s.surge *= std::exp(-1.0 / p.surge_tau_d);  // (X6)
  if (kind != EventKind::none) {
    auto& e = day.encounter[kEventSlot];
    double mean_severity = usual_severity(p, static_cast<double>(kind)), event_control = 0.0;
    switch (kind) {
      case EventKind::none:
        break;
      case EventKind::minor:
        event_control = p.minor_controllability;
        break;
      case EventKind::severe:
        event_control = p.severe_controllability;
        break;
      case EventKind::traumatic:
        event_control = p.traumatic_controllability;
        break;
    }
    e.stressor = kind == EventKind::traumatic ? static_cast<int>(StressorClass::threat)
                                              : choose_class(p, draws.u_event_class);
    if (wave.hit) {
      mean_severity *= wave.severity;
      event_control = wave.controllability;
      e.stressor = static_cast<int>(wave.stressor);
    }
    e.onset_step = onset_step(draws.u_event_onset, dt_min);
    e.severity =
        log_normal(mean_severity, p.event_severity_sd, draws.n_event_severity) * today.severity;
    e.controllability = controllability(event_control);
    e.predictability = kEventPredictability;
    e.steps = duration_steps(p.event_duration_min, dt_min);
    day.event = static_cast<int>(kind);
    event_happens(s, p, day.event, e.severity);
  }
  return day;
}

void replay_reference(DayExposure<double>& day, ExposureState<double>& s,
                      const ExposureParameters& p, const ReplayDay<double>& rows) {
  day.hassles += rows.hassles;
  for (int slot = 0; slot <= kEventSlot; ++slot) {
    if (rows.encounter[slot].onset_step != kNever) day.encounter[slot] = rows.encounter[slot];
  }
  if (rows.event == 0.0) return;
  day.event = rows.event;
  event_happens(s, p, rows.event, rows.encounter[kEventSlot].severity);
}

}  // namespace eustress
