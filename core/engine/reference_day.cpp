// The specification of day.hpp in plain code: one person, one day, one step after the other.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "core/engine/day.hpp"
#include "core/numerics/logistic.hpp"

namespace eustress {

namespace {

constexpr double kHoursAwake = 16.0;
constexpr int kDaysPerWeek = 7;
constexpr double kAllWeeks = 4503599627370496.0;  // 16^13: 13 weekly digits

double rate_per_min(double half_life_min) {
  return std::log(2.0) / half_life_min;
}

/// Traits and factors of the day: the malleable part added to the constant one (R1), (R3).
struct Today {
  double x[kTraits];
  double z[kFactors];

  [[nodiscard]] double operator[](Trait trait) const { return x[static_cast<int>(trait)]; }
  [[nodiscard]] double operator[](Factor factor) const { return z[index_of(factor)]; }
};

/// What the arm's interventions are today.
struct Care {
  InterventionLevels<double> level{};
  bool held[kInterventionSlots] = {};
};

Today traits_today(const PersonState<double>& person, const ModelParameters& parameters,
                   const Care& care) {
  const TraitParameters& p = parameters.traits;
  Today today{};
  double delta[kFactors] = {};
  for (std::size_t f = 0; f < kMalleable; ++f) {
    delta[index_of(kMalleableFactors[f])] = person.malleability.delta[f];
  }
  delta[index_of(Factor::social_support)] += care.level[InterventionKind::social_support] -
                                             care.level[InterventionKind::support_loss];  // (I9)
  for (const Factor trained : kTrainedFactors) {                                          // (I5)
    delta[index_of(trained)] +=
        parameters.interventions.coping_factors * care.level[InterventionKind::coping_training];
  }
  for (std::size_t f = 0; f < kFactors; ++f) {
    today.z[f] = person.traits.factor[f] + delta[f];
  }
  for (std::size_t j = 0; j < kTraits; ++j) today.x[j] = person.traits.x[j];
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {
    today.x[static_cast<int>(kLoadingTable[i].trait)] +=
        p.loading[i] * delta[index_of(kLoadingTable[i].factor)];
  }
  const InterventionParameters& q = parameters.interventions;
  const auto x = [&](Trait trait) -> double& { return today.x[static_cast<int>(trait)]; };
  const double training = q.coping_skill * care.level[InterventionKind::coping_training];  // (I5)
  x(Trait::engage_skill) += training;
  x(Trait::reappraise_skill) += training;
  x(Trait::energy_recovery) += q.exercise_energy * care.level[InterventionKind::exercise];  // (I10)
  x(Trait::sleep_quality) += q.sleep_gain * care.level[InterventionKind::sleep];            // (I11)
  if (person.mental_health.symptoms > q.treatment_threshold) {                              // (I12)
    x(Trait::recovery_rate) += q.treatment_gain * care.level[InterventionKind::treatment];
  }
  return today;
}

/// (I1)-(I3) for all interventions of the arm.
Care morning_care(PersonState<double>& s, const InterventionSlots* all, const DrawKeys& keys,
                  std::uint64_t id, int day) {
  Care care{};
  if (all == nullptr) return care;
  for (int i = 0; i < all->count; ++i) {
    const InterventionSlot& slot = all->slot[i];
    const double u_enrolment = uniform_pair(keys(Purpose::enrolment), id, 0, slot.place).first;
    const auto [u_adherence, u_dropout] =
        uniform_pair(keys(Purpose::interventions), id, static_cast<std::uint32_t>(day), slot.place);
    const bool is_target = is_target_reference(slot, s.traits.factor, s.stratum,
                                               s.mental_health.symptoms, u_enrolment);
    double& state = s.interventions.level[i];
    care.held[i] =
        intervention_morning_reference(state, slot, day, is_target, u_adherence, u_dropout);
    care.level.of_kind[static_cast<int>(slot.kind)] += intervention_level(state);
  }
  return care;
}

HpaRates<double> hpa_rates(const HpaParameters& p, const Today& today, double dt_min) {
  HpaRates<double> rates = median_hpa_rates(p, dt_min);
  rates.acth *= std::exp(today[Trait::acth_rate]);
  rates.cortisol *= std::exp(today[Trait::cortisol_rate]);
  rates.inverse_k /= std::exp(today[Trait::gr_half_saturation]);
  return rates;
}

ExposureDraws exposure_draws(const DrawKeys& keys, std::uint64_t id, std::uint32_t day) {
  ExposureDraws d{};
  const UniformPair rate = normal_pair(keys(Purpose::hassle_rate), id, day, 0);
  d.n_week = rate.first;
  d.n_month = rate.second;
  const UniformPair counts = uniform_pair(keys(Purpose::hassles), id, day, 0);
  d.u_count = counts.first;
  d.u_encounters = counts.second;
  for (std::uint32_t e = 0; e < kHassleSlots; ++e) {
    const StreamKey key = keys(Purpose::encounters);
    const UniformPair what = uniform_pair(key, id, day, 4 * e);
    const UniformPair how = normal_pair(key, id, day, 4 * e + 1);
    d.encounter[e] = {.u_onset = what.first,
                      .u_class = what.second,
                      .n_severity = how.first,
                      .n_control = how.second,
                      .n_duration = normal_pair(key, id, day, 4 * e + 2).first,
                      .u_predictability = uniform_pair(key, id, day, 4 * e + 3).first};
  }
  const StreamKey events = keys(Purpose::life_events);
  const UniformPair event = uniform_pair(events, id, day, 0);
  d.u_event = event.first;
  d.u_event_class = event.second;
  d.u_event_onset = uniform_pair(events, id, day, 1).first;
  d.n_event_severity = normal_pair(events, id, day, 2).first;
  d.n_traumatic = normal_pair(keys(Purpose::traits), id, 0, kTraumaticRatePair).first;
  return d;
}

/// The first wave of the day that hits this person.
WaveHit wave_hit(std::span<const Wave> waves, const DrawKeys& keys, std::uint64_t id, int day) {
  for (std::size_t w = 0; w < waves.size(); ++w) {
    if (waves[w].day != day) continue;
    const double u = uniform_pair(keys(Purpose::waves), id, static_cast<std::uint32_t>(day),
                                  static_cast<std::uint32_t>(w))
                         .first;
    if (u < waves[w].fraction) {
      return {true, waves[w].severity, waves[w].controllability, waves[w].stressor};
    }
  }
  return {};
}

/// External CRH of a probe in the middle of a step, in baseline units.
double crh_external(const Probe* probe, double middle_min) {
  if (probe == nullptr || middle_min < probe->minute) return 0.0;
  return probe->bolus *
         std::exp(-rate_per_min(probe->half_life_min) * (middle_min - probe->minute));
}

/// An encounter that is going on.
struct Encounter {
  int slot, start;
  StressorClass stressor;
  double severity, controllability, steps;
  double intensity, habituation, belief;
  double arousal_before, genomic_before;
  double arousal_sum = 0.0, elapsed = 0.0, unrelieved = 0.0;
  double endurance = 0.0;  ///< hazard left until success
  std::optional<Strategy> strategy;
  bool over = false, relieved = false, mastered = false, left = false, ended = false;
};

/// What the encounters of the day add up to.
struct Balance {
  double encounters = 0.0, mastered = 0.0, avoided = 0.0;
  double strain = 0.0, challenge = 0.0, hindrance = 0.0, success_salience = 0.0;
  double prediction_error = 0.0, predictions = 0.0;
  bool mastered_everyday = false;  ///< a hassle or an event
  double event_appraisal = 1.0, event_success = 0.0;
  MemoryTraces<double> traces{};
};

/// The day of one person, so that its parts can be read one by one.
class Day {
 public:
  Day(PersonState<double>& person, const ModelParameters& parameters, const DrawKeys& keys,
      std::uint64_t id, const DayPlan& plan, double dt_min)
      : s_(person),
        p_(parameters),
        keys_(keys),
        id_(id),
        day_(static_cast<std::uint32_t>(plan.day)),
        dt_(dt_min),
        interventions_(plan.interventions),
        care_(morning_care(person, plan.interventions, keys, id, plan.day)),
        today_(traits_today(person, parameters, care_)),
        support_(logistic(today_[Factor::social_support])) {}

  DaySummary<double> walk(const DayPlan& plan, std::span<ProbeSample> samples);

 private:
  void expose(const DayPlan& plan);
  void place_sessions();
  /// Sums of the drugs' levels, if the middle of a step is in their hours.
  [[nodiscard]] InterventionLevels<double> drugs(double middle_min) const;
  void take_samples(const DayPlan& plan, int step, std::span<ProbeSample> samples) const;
  /// The encounter that acts in this step, if any.
  std::optional<Encounter> encounter(int step, int last_step);
  void start(int slot, int step);
  void choose(int step);
  void cope(double salience, double control);
  void finish();
  void night(double mean_cortisol, double mean_noradrenaline);

  [[nodiscard]] double brain_noradrenaline() const {
    if (!p_.catecholamines.noradrenaline_active) return 1.0;
    return blocked_noradrenaline_reference(s_.catecholamines.brain_noradrenaline,
                                           drugs_[InterventionKind::propranolol]);
  }
  [[nodiscard]] double fast() const {
    return action_beyond_rest_reference(p_.receptors,
                                        fast_action_reference(s_.receptors, p_.receptors));
  }
  [[nodiscard]] double genomic() const {
    return action_beyond_rest_reference(p_.receptors, s_.receptors.genomic);
  }
  [[nodiscard]] double arousal() const {
    return arousal_reference(p_.networks, brain_noradrenaline(), fast());
  }
  [[nodiscard]] double control() const {
    return control_reference(p_.networks, today_[Trait::executive_control],
                             today_[Factor::executive_capacity], s_.self_control.w, arousal(),
                             genomic(), s_.catecholamines.dopamine, s_.energy.store);
  }
  /// (E6)
  [[nodiscard]] double with_general(double specific, double general) const {
    return specific + p_.memory.general_weight * general;
  }
  [[nodiscard]] int decision_delay_steps() const {
    return static_cast<int>(std::ceil(p_.coping.decision_delay_min / dt_));
  }
  [[nodiscard]] UniformPair coping_draw(int step) const {
    return uniform_pair(keys_(Purpose::coping_success), id_, day_,
                        static_cast<std::uint32_t>(step));
  }

  PersonState<double>& s_;
  const ModelParameters& p_;
  const DrawKeys keys_;
  const std::uint64_t id_;
  const std::uint32_t day_;
  const double dt_;
  const InterventionSlots* interventions_;
  const Care care_;
  const Today today_;
  const double support_;  ///< sigma(z_support)
  double sleep_quality_ = 0.0;
  double traumas_before_ = 0.0;
  InterventionLevels<double> drugs_{};  ///< in this step
  double worry_ = 0.0;                  ///< r of (Z1)
  DayExposure<double> exposure_{};
  std::optional<Encounter> current_;
  Balance balance_;
};

// Step 3.
void Day::expose(const DayPlan& plan) {
  exposure_ = exposure_reference(s_.exposure, p_.exposure,
                                 p_.traits.omega[static_cast<int>(Trait::life_event_rate)],
                                 today_[Trait::hassle_rate], today_[Trait::life_event_rate],
                                 s_.extra_log_rate, s_.mental_health.latent, plan.modifiers,
                                 plan.replay != nullptr && plan.replay->event != 0.0
                                     ? WaveHit{}
                                     : wave_hit(plan.waves, keys_, id_, plan.day),
                                 exposure_draws(keys_, id_, day_), dt_);
  if (plan.replay != nullptr) replay_reference(exposure_, s_.exposure, p_.exposure, *plan.replay);
  if (plan.stressor_probe != nullptr) {
    const Probe& probe = *plan.stressor_probe;
    exposure_.encounter[kProbeSlot] = {.onset_step = std::round(probe.minute / dt_),
                                       .stressor = static_cast<double>(probe.stressor),
                                       .severity = probe.severity,
                                       .controllability = probe.controllability,
                                       .predictability = probe.predictability,
                                       .steps = std::ceil(probe.duration_min / dt_)};
  }
  place_sessions();
  for (auto& e : exposure_.encounter) {  // long enough for a choice
    e.steps = std::max(e.steps, decision_delay_steps() + 1.0);
  }
}

// (I7)
void Day::place_sessions() {
  auto& session = exposure_.encounter[kSessionSlot];
  session.onset_step = kNever;
  const int day = static_cast<int>(day_);
  for (int i = 0; interventions_ != nullptr && i < interventions_->count; ++i) {
    const InterventionSlot& slot = interventions_->slot[i];
    if (!care_.held[i] || !slot.has_session(day) || session.onset_step < kNever) continue;
    session = {.onset_step = std::round(slot.minute / dt_),
               .stressor = static_cast<double>(slot.stressor),
               .severity = slot.session_severity(day),
               .controllability = slot.controllability,
               .predictability = p_.interventions.session_predictability,
               .steps = std::ceil(slot.duration_min / dt_)};
  }
}

InterventionLevels<double> Day::drugs(double middle_min) const {
  InterventionLevels<double> sum{};
  for (int i = 0; interventions_ != nullptr && i < interventions_->count; ++i) {
    const InterventionSlot& slot = interventions_->slot[i];
    if (!is_drug(slot.kind) || !care_.held[i] || !slot.in_hours(middle_min)) continue;
    sum.of_kind[static_cast<int>(slot.kind)] += intervention_level(s_.interventions.level[i]);
  }
  return sum;
}

// Step 5a. Samples of a stressor probe come first, then those of a CRH probe.
void Day::take_samples(const DayPlan& plan, int step, std::span<ProbeSample> samples) const {
  std::size_t next = 0;
  for (const Probe* probe : {plan.stressor_probe, plan.crh_probe, plan.rest_probe}) {
    if (probe == nullptr) continue;
    for (const int after_min : probe->samples_min) {
      if (std::lround((probe->minute + after_min) / dt_) == step && next < samples.size()) {
        const double person = normal_pair(keys_(Purpose::assay), id_, 0, 0).first;
        const double sample =
            normal_pair(keys_(Purpose::assay), id_, day_, 1 + static_cast<std::uint32_t>(step))
                .first;
        samples[next] = {s_.hpa.cortisol * assay_reference(p_.assay, person, sample), s_.hpa.acth,
                         s_.catecholamines.noradrenaline, s_.catecholamines.adrenaline};
      }
      ++next;
    }
  }
}

// Encounter, (i)-(iv), and what of it acts in this step.
std::optional<Encounter> Day::encounter(int step, int last_step) {
  if (!current_) {
    int first = -1;
    for (int slot = 0; slot < kEncounterSlots; ++slot) {
      const double onset = exposure_.encounter[slot].onset_step;
      if (onset <= step && (first < 0 || onset < exposure_.encounter[first].onset_step)) {
        first = slot;
      }
    }
    if (first >= 0) start(first, step);
  }
  if (!current_) return std::nullopt;

  Encounter& e = *current_;  // (ii)
  const double x = arousal();
  const double salience = salience_reference(p_.networks, x);
  const double c = control();
  e.arousal_sum += x;
  e.elapsed += 1.0;
  e.unrelieved += e.relieved ? p_.coping.relief : 1.0;

  if (!e.strategy && step >= e.start + decision_delay_steps()) choose(step);  // (iii)
  if (e.strategy && !e.relieved) cope(salience, c);                           // (iv)
  const std::optional<Encounter> acting = e.over ? std::nullopt : current_;   // (v)
  e.ended = e.over || e.elapsed >= e.steps || step == last_step;
  return acting;
}

// (i)
void Day::start(int slot, int step) {
  auto& due = exposure_.encounter[slot];
  const auto k = static_cast<StressorClass>(static_cast<int>(due.stressor));
  const int i = static_cast<int>(k);

  Encounter e{};
  e.slot = slot;
  e.start = step;
  e.stressor = k;
  e.severity = due.severity;
  e.controllability = due.controllability;
  e.steps = due.steps;
  e.belief = control_belief_reference(s_.controllability, p_.controllability, k);
  e.arousal_before = arousal();
  e.genomic_before = genomic();
  e.intensity = appraisal_reference(
      p_.appraisal, {.severity = due.severity,
                     .predictability = due.predictability,
                     .controllability = due.controllability,
                     .x_appraisal_gain = today_[Trait::appraisal_gain],
                     .threat = s_.memory.threat[i],
                     .control = e.belief,
                     .safety = with_general(s_.memory.safety[i], s_.memory.safety_general),
                     .support = support_,
                     .symptoms = s_.mental_health.symptoms,
                     .arousal = e.arousal_before});
  const double reach[] = {1.0, p_.hpa.demand_share, p_.hpa.loss_share, p_.hpa.threat_share};
  e.habituation = reach[i] * s_.habituation.response[i];
  habituation_reference_encounter(s_.habituation, p_.habituation, k, e.intensity);
  if (slot == kEventSlot) {
    const double typical = due.severity * p_.appraisal.gain;
    if (typical > 0.0) {
      balance_.event_appraisal =
          std::min(kLargestAppraisal, e.intensity / typical) *
          relative_severity_reference(p_.mental_health, p_.exposure, exposure_.event, due.severity);
    }
  }
  due.onset_step = kNever;
  current_ = e;
}

// (iii)
void Day::choose(int step) {
  Encounter& e = *current_;
  const int k = static_cast<int>(e.stressor);
  const CopingProbabilities probability =
      coping_reference(p_.coping, {.control = control(),
                                   .q_engage = s_.reinforcement.engage[k],
                                   .q_reappraise = s_.reinforcement.reappraise[k],
                                   .q_avoid = s_.reinforcement.avoid[k],
                                   .z_efficacy = today_[Factor::self_efficacy],
                                   .z_appraisal = today_[Factor::positive_appraisal],
                                   .brain_noradrenaline = brain_noradrenaline(),
                                   .fast = fast(),
                                   .self_control = s_.self_control.w});
  const auto [u_success, u] = coping_draw(step);
  e.endurance = -std::log(u_success);
  if (u < probability.engage) {
    e.strategy = Strategy::engage;
  } else if (u < probability.engage + probability.reappraise) {
    e.strategy = Strategy::reappraise;
  } else {
    e.strategy = Strategy::avoid;
    balance_.avoided += 1.0;
  }
}

// (iv)
void Day::cope(double salience, double control) {
  Encounter& e = *current_;
  const int k = static_cast<int>(e.stressor);
  const double hazard = success_hazard_reference(
      p_.coping, *e.strategy,
      {.controllability = e.controllability,
       .control = control,
       .x_engage = today_[Trait::engage_skill],
       .x_reappraise = today_[Trait::reappraise_skill],
       .success_memory = with_general(s_.memory.success[k], s_.memory.success_general),
       .energy = s_.energy.store});
  e.endurance -= hazard * dt_;
  if (e.endurance > 0.0) return;
  switch (*e.strategy) {
    case Strategy::engage:
      e.over = true;
      break;
    case Strategy::reappraise:
      if (p_.coping.yoked) {
        e.over = true;
      } else {
        e.relieved = true;
        e.intensity *= p_.coping.relief;
      }
      break;
    case Strategy::avoid:
      e.over = true;
      e.left = true;
      return;
  }
  e.mastered = true;
  worry_ = 0.0;  // (Z2)
  balance_.success_salience += salience;
}

// Step 5g.
void Day::finish() {
  const Encounter e = *current_;
  current_.reset();
  balance_.encounters += 1.0;
  const double share = std::min(1.0, e.unrelieved / e.steps);
  balance_.strain += e.severity * share;
  if (e.slot == kEventSlot && e.mastered) balance_.event_success = 1.0;
  if (!e.strategy) return;

  const bool avoiding = *e.strategy == Strategy::avoid;
  auto& dopamine = s_.catecholamines.dopamine;
  const double delta = reinforcement_reference(s_.reinforcement, p_.reinforcement, *e.strategy,
                                               e.stressor, avoiding ? e.left : e.mastered,
                                               today_[Trait::learning_rate], dopamine);
  const double pulse = p_.catecholamines.reward_pulse * std::exp(today_[Trait::dopamine_gain]) *
                       delta / (1.0 + p_.catecholamines.blunting * s_.allostasis.load);
  dopamine = std::max(0.0, dopamine + pulse);  // (N4)
  if (avoiding) return;

  const double mean_arousal = e.arousal_sum / e.elapsed;
  const double strength =
      encoding_strength_reference(p_.memory, mean_arousal, e.arousal_before, e.genomic_before);
  const double error = memory_encode_reference(
      balance_.traces, s_.memory, p_.memory, e.stressor, strength, mean_arousal,
      realised_aversiveness_reference(e.severity, share), e.mastered);
  balance_.prediction_error += std::abs(error);
  balance_.predictions += 1.0;
  controllability_reference(s_.controllability, p_.controllability, e.stressor,
                            *e.strategy == Strategy::engage, e.over);
  if (e.mastered) {
    balance_.mastered += 1.0;
    if (e.slot < kProbeSlot) balance_.mastered_everyday = true;
    balance_.challenge += e.controllability;
  } else {
    balance_.hindrance += 1.0 - e.controllability;
  }
}

// Steps 7 and 8.
void Day::night(double mean_cortisol, double mean_noradrenaline) {
  const InterventionParameters& care = p_.interventions;
  if (p_.controllability.active) {  // (I6)
    s_.controllability.omega_general =
        trained_control_reference(care, s_.controllability.omega_general,
                                  care_.level[InterventionKind::controllability_training]);
  }
  memory_consolidate_reference(s_.memory, balance_.traces, p_.memory, sleep_quality_, genomic());
  steeling_reference(s_.steeling, p_.steeling, s_.mental_health.symptoms, exposure_.event,
                     balance_.event_success);
  self_control_reference(s_.self_control, p_.self_control, balance_.success_salience,
                         sleep_quality_, s_.steeling.level);
  if (p_.self_control.active) {  // (I8)
    s_.self_control.w = trained_self_control_reference(
        care, s_.self_control.w, care_.level[InterventionKind::self_control_training]);
  }
  habituation_reference_night(s_.habituation, p_.habituation);
  allostasis_reference(s_.allostasis, p_.allostasis, mean_cortisol, mean_noradrenaline,
                       s_.energy.store);
  s_.allostasis.load = exercised_load_reference(care, s_.allostasis.load,  // (I10)
                                                care_.level[InterventionKind::exercise]);

  const UniformPair mood = normal_pair(keys_(Purpose::mood), id_, day_, 0);
  const UniformPair jump = normal_pair(keys_(Purpose::symptom_jump), id_, day_, 0);
  mental_health_reference(s_.mental_health, p_.mental_health, p_.exposure.hassles_per_day,
                          today_[Trait::distress_level], today_[Trait::symptom_reactivity],
                          today_[Trait::recovery_rate], traumas_before_,
                          s_.traits.factor[index_of(Factor::early_adversity)],
                          {.hassles = exposure_.hassles,
                           .strain = balance_.strain,
                           .event = exposure_.event,
                           .event_appraisal = balance_.event_appraisal,
                           .event_success = balance_.event_success},
                          {.self_control = s_.self_control.w,
                           .safety_general = s_.memory.safety_general,
                           .support = support_,
                           .energy = s_.energy.store,
                           .load = s_.allostasis.load,
                           .sleep_quality = sleep_quality_,
                           .steeling = s_.steeling.level},
                          jump.first, mood.first);

  const UniformPair n01 = normal_pair(keys_(Purpose::mood), id_, day_, 1);
  const UniformPair n23 = normal_pair(keys_(Purpose::mood), id_, day_, 2);
  const double n[kMalleable] = {n01.first, n01.second, n23.first, n23.second};
  malleability_reference(s_.malleability, p_.malleability, balance_.challenge, balance_.hindrance,
                         s_.mental_health.distress, n);

  for (int i = 0; interventions_ != nullptr && i < interventions_->count; ++i) {  // (I4)
    intervention_night_reference(s_.interventions.level[i], interventions_->slot[i],
                                 balance_.mastered_everyday);
  }

  s_.exposure.hassles_7d += exposure_.hassles;
  const double this_week = std::fmod(s_.exposure.event_weeks, 16.0);
  if (exposure_.event != 0.0 && this_week < 15.0) s_.exposure.event_weeks += 1.0;
}

DaySummary<double> Day::walk(const DayPlan& plan, std::span<ProbeSample> samples) {
  sleep_quality_ = sleep_quality_reference(p_.mental_health, today_[Trait::sleep_quality],
                                           s_.mental_health.symptoms, s_.mental_health.distress);
  traumas_before_ = s_.exposure.traumas;
  expose(plan);

  const HpaRates<double> rates = hpa_rates(p_.hpa, today_, dt_);
  const int steps_per_half_hour = static_cast<int>(std::lround(kMinutesPerHalfHour / dt_));
  const int last_step = kHalfHours * steps_per_half_hour - 1;
  const double wake_h = p_.drive.wake_h + today_[Trait::circadian_phase];
  double cortisol_sum = 0.0, noradrenaline_sum = 0.0;

  for (int j = 0; j < kHalfHours; ++j) {
    const UniformPair v =
        uniform_pair(keys_(Purpose::ultradian), id_, day_, static_cast<std::uint32_t>(j / 2));
    const double basal =
        drive_reference(s_.drive, p_.drive, today_[Trait::circadian_amplitude],
                        today_[Trait::circadian_phase], today_[Trait::awakening_response], j,
                        j % 2 == 0 ? v.first : v.second);  // step 4
    double half_hour_cortisol = 0.0, half_hour_noradrenaline = 0.0;

    for (int i = 0; i < steps_per_half_hour; ++i) {
      const int step = j * steps_per_half_hour + i;
      take_samples(plan, step, samples);  // 5a
      drugs_ = drugs((step + 0.5) * dt_);
      // 5b; without an encounter the intensity is 0
      const Encounter now = encounter(step, last_step).value_or(Encounter{});

      const double beta = p_.hpa.sam_inhibition;  // 5c
      const double stress = perseveration_reference(
          worry_, p_.perseveration,
          p_.hpa.stress_gain * std::exp(today_[Trait::hpa_gain]) * now.habituation * now.intensity,
          dt_);
      const double u = basal + stress * (1.0 + beta) /
                                   (1.0 + beta * blocked_noradrenaline_reference(
                                                     s_.catecholamines.noradrenaline,
                                                     drugs_[InterventionKind::propranolol]));
      hpa_reference_step(s_.hpa, rates, u, crh_external(plan.crh_probe, (step + 0.5) * dt_),  // 5d
                         1.0 / (1.0 + drugs_[InterventionKind::metyrapone]),  // (I15), (I14)
                         drugs_[InterventionKind::hydrocortisone]);
      catecholamines_reference_step(  // 5e
          s_.catecholamines, p_.catecholamines,
          catecholamine_targets_reference(
              p_.catecholamines, today_[Trait::noradrenaline_gain], today_[Trait::adrenaline_gain],
              today_[Trait::dopamine_gain], now.intensity, now.belief, s_.allostasis.load),
          dt_);
      receptors_fast_reference_step(s_.receptors, p_.receptors, s_.hpa.brain_cortisol, dt_);  // 5f
      if (current_ && current_->ended) finish();                                              // 5g
      half_hour_cortisol += s_.hpa.cortisol;
      half_hour_noradrenaline += s_.catecholamines.noradrenaline;
    }

    receptors_genomic_reference_step(s_.receptors, p_.receptors);  // step 6
    const double middle_h = (j + 0.5) / 2.0;
    const bool asleep = middle_h < wake_h || middle_h >= wake_h + kHoursAwake;
    energy_reference_step(s_.energy, p_.energy, today_[Trait::energy_recovery],
                          half_hour_noradrenaline / steps_per_half_hour,
                          half_hour_cortisol / steps_per_half_hour, asleep, sleep_quality_);
    cortisol_sum += half_hour_cortisol;
    noradrenaline_sum += half_hour_noradrenaline;
  }

  const double steps = last_step + 1.0;
  night(cortisol_sum / steps, noradrenaline_sum / steps);
  return {.hassles = exposure_.hassles,
          .encounters = balance_.encounters,
          .mastered = balance_.mastered,
          .avoided = balance_.avoided,
          .strain = balance_.strain,
          .prediction_error = balance_.prediction_error,
          .predictions = balance_.predictions,
          .cortisol = cortisol_sum / steps,
          .noradrenaline = noradrenaline_sum / steps,
          .event = exposure_.event};
}

/// Step 0.
void begin_week(ExposureState<double>& s) {
  s.hassles_7d = 0.0;
  s.event_weeks = std::fmod(16.0 * s.event_weeks, kAllWeeks);
}

}  // namespace

PersonState<double> reference_person(const ModelParameters& parameters, const DrawKeys& keys,
                                     std::uint64_t id, const IndividualDraw& draw,
                                     double extra_log_rate) {
  PersonState<double> s{};
  std::copy(draw.z.begin(), draw.z.end(), s.traits.factor);
  double eta[kTraits];
  for (std::size_t i = 0; 2 * i < kTraits; ++i) {
    const UniformPair n = normal_pair(keys(Purpose::traits), id, 0, static_cast<std::uint32_t>(i));
    eta[2 * i] = n.first;
    if (2 * i + 1 < kTraits) eta[2 * i + 1] = n.second;
  }
  traits_reference(parameters.traits, s.traits.factor, eta, s.traits.x);

  const auto initial = [&](std::uint32_t index) {
    return normal_pair(keys(Purpose::initial_state), id, 0, index);
  };
  const auto x = [&](Trait trait) { return s.traits.x[static_cast<int>(trait)]; };
  s.drive.pulse_phase = uniform_pair(keys(Purpose::initial_state), id, 0, 4).first;
  s.drive.log_daily_mean = drive_log_daily_mean_reference(
      parameters.drive, x(Trait::circadian_amplitude), x(Trait::circadian_phase));
  s.hpa = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  s.catecholamines = {1.0, 1.0, 1.0, 1.0};
  const double at_rest = occupancy_reference(parameters.receptors, 1.0).gr;
  s.receptors = {1.0, at_rest, at_rest, at_rest};
  s.energy.store = 1.0;
  s.exposure.week = initial(0).first;
  s.exposure.month = initial(0).second;
  for (int k = 0; k < kStressorClasses; ++k) {
    s.reinforcement.engage[k] = parameters.reinforcement.initial_value;
    s.reinforcement.reappraise[k] = parameters.reinforcement.initial_value;
    s.reinforcement.avoid[k] = parameters.reinforcement.initial_value;
    s.controllability.acting[k] = kInitialResolution;
    s.controllability.not_acting[k] = kInitialResolution;
    s.controllability.spectator[k] = kInitialResolution;
    s.memory.threat[k] = parameters.memory.initial_threat;
    s.habituation.response[k] = 1.0;
  }
  const double noise = parameters.malleability.noise;
  s.malleability.delta[0] = noise * initial(2).first;
  s.malleability.delta[1] = noise * initial(2).second;
  s.malleability.delta[2] = noise * initial(3).first;
  s.malleability.delta[3] = noise * initial(3).second;

  s.mental_health.mood = initial(1).second;
  std::fill(std::begin(s.interventions.level), std::end(s.interventions.level), kNotEnrolled);
  const Today today = traits_today(s, parameters, {});
  s.mental_health.latent = today[Trait::distress_level] +
                           parameters.mental_health.mood_weight * s.mental_health.mood;  // (P5)
  s.extra_log_rate = extra_log_rate + group_log_rate(parameters.exposure, keys, draw.group);
  return s;
}

DaySummary<double> reference_day(PersonState<double>& person, const ModelParameters& parameters,
                                 const DrawKeys& keys, std::uint64_t id, const DayPlan& plan,
                                 double dt_min, std::span<ProbeSample> samples) {
  if (plan.day % kDaysPerWeek == 0) begin_week(person.exposure);
  return Day(person, parameters, keys, id, plan, dt_min).walk(plan, samples);
}

Assessment<double> reference_assessment(const PersonState<double>& person,
                                        const ModelParameters& parameters, const DrawKeys& keys,
                                        std::uint64_t id, int day) {
  constexpr int kItems = kGhqShortItems + kGhqLongItems;
  double u[kItems];
  for (int i = 0; i < kItems; i += 2) {
    const UniformPair pair =
        uniform_pair(keys(Purpose::questionnaire), id, static_cast<std::uint32_t>(day),
                     static_cast<std::uint32_t>(i / 2));
    u[i] = pair.first;
    u[i + 1] = pair.second;
  }
  const double latent = person.mental_health.latent;
  const QuestionnaireParameters& p = parameters.questionnaires;
  return {.ghq12 = static_cast<double>(ghq_reference(p, latent, u, kGhqShortItems)),
          .ghq28 = static_cast<double>(
              ghq_reference(p, latent, u + kGhqShortItems, kGhqLongItems)),  // (V1)
          .hassles_7d = person.exposure.hassles_7d,                          // (V2)
          .life_events_13w =
              static_cast<double>(life_events_reference(person.exposure.event_weeks))};  // (V3)
}

}  // namespace eustress
