// The block kernel: core/engine/day.hpp for eight individuals at a time. Compiled once per
// instruction set; EUSTRESS_ISA names the copy.

#include <algorithm>
#include <cmath>

#include "core/engine/block.hpp"
#include "core/engine/series_kernel.hpp"
#include "core/mechanisms/allostasis_kernel.hpp"
#include "core/mechanisms/appraisal_kernel.hpp"
#include "core/mechanisms/assay_kernel.hpp"
#include "core/mechanisms/catecholamines_kernel.hpp"
#include "core/mechanisms/controllability_kernel.hpp"
#include "core/mechanisms/coping_kernel.hpp"
#include "core/mechanisms/drive_kernel.hpp"
#include "core/mechanisms/energy_kernel.hpp"
#include "core/mechanisms/exposure_kernel.hpp"
#include "core/mechanisms/habituation_kernel.hpp"
#include "core/mechanisms/hpa_kernel.hpp"
#include "core/mechanisms/interventions_kernel.hpp"
#include "core/mechanisms/malleability_kernel.hpp"
#include "core/mechanisms/memory_kernel.hpp"
#include "core/mechanisms/mental_health_kernel.hpp"
#include "core/mechanisms/networks_kernel.hpp"
#include "core/mechanisms/perseveration_kernel.hpp"
#include "core/mechanisms/questionnaires_kernel.hpp"
#include "core/mechanisms/receptors_kernel.hpp"
#include "core/mechanisms/reinforcement_kernel.hpp"
#include "core/mechanisms/self_control_kernel.hpp"
#include "core/mechanisms/steeling_kernel.hpp"
#include "core/mechanisms/traits_kernel.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

namespace {

using Persons = PersonState<Pack>;
static_assert(sizeof(Persons) == sizeof(PersonState<Lanes>));
static_assert(alignof(Persons) == alignof(PersonState<Lanes>));

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kUndecided = -1.0;
static_assert(kTraits % 2 == 0, "eta is drawn in pairs");

/// The encounter that eight persons are in, or not. What is learned of it waits until the person
/// starts the next one, or for the night: most people who learn on a day do so together.
struct EncounterWork {
  Mask active;
  Mask trying;     ///< has a strategy and is not relieved by it yet
  Mask relieved;   ///< by reappraisal
  Mask succeeded;  ///< in the last step, like those of `ended`: noted before the next one
  Mask ended;
  Mask unsettled;  ///< over, but nothing learned of it yet
  bool any_trying, any_relieved, any_news, any_unsettled, any_worry;
  double next_onset;     ///< the earliest open onset of the eight
  double next_decision;  ///< no choice is due before
  Pack source;           ///< its slot
  Pack k, severity, controllability, steps;
  Pack start, last_step;  ///< first step, and the last if nothing ends it before
  Pack strategy, intensity, stress_gain, chi;
  Pack acting;  ///< intensity of this step: that of an encounter whose time runs out in it included
  Pack worry;   ///< r of (Z1)
  Pack arousal, arousal_before, genomic_before, arousal_sum, arousal_at_success;
  Pack elapsed, unrelieved, mastered, resolved;
  Mask reappraising;  ///< success is relief, not the end
  SuccessRate rate;
  Pack endurance, intensity_after;     ///< after success
  Pack value, reward_error, dopamine;  ///< Q of the strategy; the others at the end
};

/// What moves with every step or half-hour of the day. Kept together: the same number of the eight
/// packs of a block lies 8 KiB apart, where a cache has room for few.
struct StepState {
  HpaState<Pack> hpa;
  CatecholamineState<Pack> catecholamines;
  ReceptorState<Pack> receptors;
  EnergyState<Pack> energy;
};

/// Everything of today, but for what changes at night.
struct DayWork {
  StepState now;
  HpaStageRates rates;
  Pack basal_drive;
  Pack sum_noradrenaline, sum_cortisol;  // of the half-hour
  int encounter_due;  ///< the step from which on there is something to do for encounters

  Pack stress_gain;  ///< stress_gain exp(x_hpa_gain) (1 + beta)
  CatecholamineGains gains;
  DriveShape shape;
  Pack awakening, wake_half_hour, wake_h;
  Pack refill, sleep_quality, support;
  Pack x[kTraits];
  Pack z_efficacy, z_appraisal, engage_skill, reappraise_skill, protection, control_of_day;
  DayAppraisal appraisal;
  Pack dopamine_pulse, learning;
  DayExposure<Pack> exposure;
  int used_slots[kEncounterSlots];  ///< those in which anybody has an encounter, in their order
  int n_used_slots;
  EncounterWork encounter;
  MemoryTraces<Pack> traces;
  Pack traumas_before;

  // Set only in arms with interventions: levels of what acts at night, and what acts in this step.
  Pack control_training, self_control_training, exercise;
  Pack mastered_everyday;
  Pack propranolol, adrenal_share, hydrocortisone;

  PackPair ultradian;                    ///< draws of the two half-hours of this hour
  Pack day_noradrenaline, day_cortisol;  // of the day
  Pack success_salience, challenge, hindrance;
  Pack event_appraisal, event_success;
  DaySummary<Pack> summary;
};

constexpr std::size_t trait(Trait t) {
  return static_cast<std::size_t>(t);
}

double smallest(Pack x) {
  const Lanes v = to_lanes(x);
  const auto lower = [](double a, double b) { return b < a ? b : a; };
  return lower(lower(lower(v[0], v[1]), lower(v[2], v[3])),
               lower(lower(v[4], v[5]), lower(v[6], v[7])));
}

Persons& persons(PersonState<Lanes>& lanes) {
  return reinterpret_cast<Persons&>(lanes);
}
const Persons& persons(const PersonState<Lanes>& lanes) {
  return reinterpret_cast<const Persons&>(lanes);
}

const DaySummary<Pack>& summary(const DaySummary<Lanes>& lanes) {
  return reinterpret_cast<const DaySummary<Pack>&>(lanes);
}

class Kernel final : public BlockKernel {
 public:
  Kernel(const ModelParameters& parameters, double dt_min, const DrawKeys& keys,
         const InterventionSlots& interventions)
      : p_(parameters),
        keys_(keys),
        dt_(dt_min),
        steps_per_half_hour_(static_cast<int>(std::lround(30.0 / dt_min))),
        decision_steps_(std::ceil(parameters.coping.decision_delay_min / dt_min)),
        crh_rate_(kLn2 * dt_min / parameters.hpa.crh_half_life_min),
        crh_scheme_(crh_scheme(crh_rate_)),
        acth_rate_(kLn2 * dt_min / parameters.hpa.acth_half_life_min),
        cortisol_rate_(kLn2 * dt_min / parameters.hpa.cortisol_half_life_min),
        brain_rate_(parameters.hpa.brain_rate_per_min * dt_min),
        pituitary_rate_(kLn2 * dt_min / (1440.0 * parameters.hpa.pituitary_turnover_d)),
        adrenal_rate_(kLn2 * dt_min / (1440.0 * parameters.hpa.adrenal_turnover_d)),
        drive_(parameters.drive),
        decay_(catecholamine_decay(parameters.catecholamines, dt_min)),
        worry_(parameters.perseveration, 1.0 + parameters.hpa.sam_inhibition, dt_min),
        receptors_(parameters.receptors, dt_min),
        exposure_(parameters.exposure, dt_min, decision_steps_),
        health_(parameters.mental_health, parameters.exposure.hassles_per_day),
        overcoming_approach_(1.0 - portable_exp(-1.0 / parameters.steeling.overcoming_tau_d)),
        load_approach_(1.0 - portable_exp(-1.0 / parameters.allostasis.tau_d)),
        habituation_recovery_(1.0 - portable_exp(-1.0 / parameters.habituation.recovery_tau_d)),
        drift_approach_(1.0 - portable_exp(-1.0 / parameters.malleability.tau_d)),
        drift_innovation_(std::sqrt(1.0 - portable_exp(-2.0 / parameters.malleability.tau_d))),
        interventions_(interventions),
        has_propranolol_(has(InterventionKind::propranolol)) {}

  void initialise(Block& block, std::span<const PersonStart> starts) const override;
  void walk_day(Block& block, const BlockDay& today, BlockDayResult& result) const override {
    if (interventions_.has_drug(today.day)) {
      brain_rate_ > 0.0 ? walk<true, true>(block, today, result)
                        : walk<false, true>(block, today, result);
    } else {
      brain_rate_ > 0.0 ? walk<true, false>(block, today, result)
                        : walk<false, false>(block, today, result);
    }
  }
  void see_day(const Block& block, const BlockDayResult& result, SeriesDay& series) const override {
    for (std::size_t i = 0; i < kPacksPerBlock; ++i) {
      see_series(persons(block.pack[i]), summary(result.summary[i]), p_.controllability, p_.memory,
                 i, series);
    }
  }

 private:
  /// DrugDay: there are hours of a drug today; its code is kept out of that of other days.
  template <bool Lag, bool DrugDay>
  void walk(Block& block, const BlockDay& today, BlockDayResult& result) const;
  void morning(Persons& s, DayWork& w, const LaneIds& ids, const BlockDay& today,
               const ModifierLanes& modifiers, const ReplayDay<Lanes>* replay) const;
  void care(Persons& s, DayWork& w, const LaneIds& ids, int day,
            InterventionLevels<Pack>& levels) const;
  void place_session(DayWork& w, const InterventionSlot& slot, int day, Mask held) const;
  void set_drugs(const Persons& s, DayWork& w, int day, double middle_min) const;
  [[nodiscard]] bool in_hours_of_drugs(int day, double middle_min) const;
  void place_probe(DayWork& w, const Probe& probe) const;
  void draw_ultradian(DayWork* two, const LaneIds* ids, int day, int hour) const;
  void begin_half_hour(Persons& s, DayWork& w, int j) const;
  void encounter_step(Persons& s, DayWork& w, const LaneIds& ids, int day, int step) const;
  void start_encounters(Persons& s, DayWork& w, int step, Pack x) const;
  void decide(Persons& s, DayWork& w, const LaneIds& ids, int day, int step, Pack control,
              Pack fast) const;
  void note_news(DayWork& w, int step) const;
  void settle_encounters(Persons& s, DayWork& w) const;
  /// (G4) beyond rest.
  [[nodiscard]] Pack genomic_action(const DayWork& w) const {
    return action_beyond_rest(receptors_, w.now.receptors.genomic);
  }
  template <bool Lag, bool Drugs>
  EUSTRESS_INLINE void step(DayWork& w, int index, double crh_external) const;
  /// The same in the hours of a drug; kept out of the loop of every day.
  template <bool Lag>
  [[gnu::noinline]] void drugged_step(DayWork* work, int index, double crh_external) const {
    for (int i = 0; i < kPacksPerBlock; ++i) step<Lag, true>(work[i], index, crh_external);
  }
  void take_moment(const DayWork* work, MomentLanes* moment) const;
  void end_half_hour(DayWork& w, int j) const;
  void night(Persons& s, DayWork& w, const LaneIds& ids, int day) const;

  [[nodiscard]] StreamKey key(Purpose purpose) const { return keys_(purpose); }
  [[nodiscard]] bool has(InterventionKind kind) const {
    for (int i = 0; i < interventions_.count; ++i) {
      if (interventions_.slot[i].kind == kind) return true;
    }
    return false;
  }
  /// Brain noradrenaline that acts.
  [[nodiscard]] Pack brain_noradrenaline(const DayWork& w) const {
    if (!p_.catecholamines.noradrenaline_active) return broadcast(1.0);
    const Pack all = w.now.catecholamines.brain_noradrenaline;
    return has_propranolol_ ? blocked_noradrenaline(all, w.propranolol) : all;
  }

  ModelParameters p_;
  DrawKeys keys_;
  double dt_;
  int steps_per_half_hour_;
  double decision_steps_;
  double crh_rate_;
  CrhScheme crh_scheme_;
  double acth_rate_, cortisol_rate_, brain_rate_, pituitary_rate_, adrenal_rate_;
  DriveCoefficients drive_;
  CatecholamineDecay decay_;
  PerseverationCoefficients worry_;
  ReceptorCoefficients receptors_;
  ExposureCoefficients exposure_;
  MentalHealthCoefficients health_;
  double overcoming_approach_, load_approach_, habituation_recovery_, drift_approach_,
      drift_innovation_;
  InterventionSlots interventions_;
  bool has_propranolol_;
};

void Kernel::initialise(Block& block, std::span<const PersonStart> starts) const {
  for (int i = 0; i < kPacksPerBlock; ++i) {
    PersonState<Lanes>& lanes = block.pack[i];
    for (int l = 0; l < kLanes; ++l) {
      const PersonStart& start = starts[static_cast<std::size_t>(i * kLanes + l)];
      for (std::size_t f = 0; f < kFactors; ++f) lanes.traits.factor[f][l] = start.factor[f];
      lanes.extra_log_rate[l] =
          start.extra_log_rate + group_log_rate(p_.exposure, keys_, start.group);
      lanes.stratum[l] = start.stratum;
    }
    Persons& s = persons(lanes);
    const LaneIds ids = lane_ids(block.first_id + static_cast<std::uint64_t>(i * kLanes));
    Pack eta[kTraits];
    for (std::uint32_t j = 0; j < kTraits / 2; ++j) {
      const PackPair n = normal_pair(key(Purpose::traits), ids, 0, j);
      eta[2 * j] = n.first;
      eta[2 * j + 1] = n.second;
    }
    traits_initialise(s.traits, p_.traits, eta);

    const auto start_normals = [&](std::uint32_t index) {
      return normal_pair(key(Purpose::initial_state), ids, 0, index);
    };
    const PackPair rates = start_normals(0);
    const PackPair deltas[2] = {start_normals(2), start_normals(3)};
    const Pack one = broadcast(1.0);
    const Pack zero = broadcast(0.0);
    const DriveShape shape(drive_, s.traits.x[trait(Trait::circadian_amplitude)],
                           s.traits.x[trait(Trait::circadian_phase)]);
    s.drive = {uniform_pair(key(Purpose::initial_state), ids, 0, 4).first,
               drive_log_daily_mean(drive_, shape)};
    s.hpa = {one, one, one, one, one, one};
    s.catecholamines = {one, one, one, one};
    const Pack rest = broadcast(receptors_.rest);
    s.receptors = {one, rest, rest, rest};
    s.energy = {one};
    s.exposure = {rates.first, rates.second, zero, zero, zero, zero};
    for (int k = 0; k < kStressorClasses; ++k) {
      const Pack value = broadcast(p_.reinforcement.initial_value);
      s.reinforcement.engage[k] = s.reinforcement.reappraise[k] = s.reinforcement.avoid[k] = value;
      const Pack resolution = broadcast(kInitialResolution);
      s.controllability.acting[k] = s.controllability.not_acting[k] = resolution;
      s.controllability.spectator[k] = resolution;
      s.controllability.omega[k] = zero;
      s.memory.threat[k] = broadcast(p_.memory.initial_threat);
      s.memory.safety[k] = s.memory.success[k] = zero;
      s.habituation.response[k] = one;
    }
    s.controllability.omega_general = zero;
    s.memory.safety_general = s.memory.success_general = zero;
    s.steeling = {zero, zero};
    s.self_control = {zero};
    s.allostasis = {zero};
    const double spread = p_.malleability.noise;
    s.malleability = {{spread * deltas[0].first, spread * deltas[0].second,
                       spread * deltas[1].first, spread * deltas[1].second}};
    Pack x[kTraits];
    traits_today(x, s.traits, p_.traits, s.malleability);
    const Pack mood = start_normals(1).second;
    const Pack latent = fma(p_.mental_health.mood_weight, mood, x[trait(Trait::distress_level)]);
    s.mental_health = {zero, zero, mood, latent, zero, zero};
    for (Pack& level : s.interventions.level) level = broadcast(kNotEnrolled);
  }
}

void Kernel::morning(Persons& s, DayWork& w, const LaneIds& ids, const BlockDay& today,
                     const ModifierLanes& modifiers, const ReplayDay<Lanes>* replay) const {
  if (today.day % 7 == 0) {
    s.exposure.hassles_7d = broadcast(0.0);
    constexpr double kWeeks = 0x1p52;  // 16^13
    const Pack shifted = 16.0 * s.exposure.event_weeks;
    s.exposure.event_weeks = fma(floor(shifted * (1.0 / kWeeks)), -kWeeks, shifted);
  }

  w.exposure.encounter[kSessionSlot] = {broadcast(kNever), broadcast(0.0), broadcast(0.0),
                                        broadcast(0.0),    broadcast(0.0), broadcast(0.0)};
  MalleabilityState<Pack> malleable = s.malleability;
  InterventionLevels<Pack> levels;
  if (interventions_.count > 0) {
    care(s, w, ids, today.day, levels);
    malleable.delta[malleable_index(Factor::social_support)] +=
        levels[InterventionKind::social_support] - levels[InterventionKind::support_loss];  // (I9)
    for (const Factor trained : kTrainedFactors) {                                          // (I5)
      malleable.delta[malleable_index(trained)] +=
          p_.interventions.coping_factors * levels[InterventionKind::coping_training];
    }
  }
  traits_today(w.x, s.traits, p_.traits, malleable);
  if (interventions_.count > 0) {
    const InterventionParameters& q = p_.interventions;
    const Pack training = q.coping_skill * levels[InterventionKind::coping_training];  // (I5)
    w.x[trait(Trait::engage_skill)] += training;
    w.x[trait(Trait::reappraise_skill)] += training;
    w.x[trait(Trait::energy_recovery)] +=
        q.exercise_energy * levels[InterventionKind::exercise];                          // (I10)
    w.x[trait(Trait::sleep_quality)] += q.sleep_gain * levels[InterventionKind::sleep];  // (I11)
    w.x[trait(Trait::recovery_rate)] +=
        select(s.mental_health.symptoms > q.treatment_threshold,
               q.treatment_gain * levels[InterventionKind::treatment], 0.0);  // (I12)
  }
  const auto x = [&](Trait t) { return w.x[trait(t)]; };
  const auto z = [&](Factor f) {
    const int m = malleable_index(f);
    return m < 0 ? s.traits.factor[index_of(f)] : s.traits.factor[index_of(f)] + malleable.delta[m];
  };

  w.rates = HpaStageRates(
      HpaRates<Pack>{crh_rate_, brain_rate_, pituitary_rate_, adrenal_rate_,
                     acth_rate_ * exp(x(Trait::acth_rate)),
                     cortisol_rate_ * exp(x(Trait::cortisol_rate)),
                     (1.0 / p_.hpa.gr_half_saturation) * exp(-x(Trait::gr_half_saturation))},
      crh_scheme_);
  w.stress_gain = p_.hpa.stress_gain * (1.0 + p_.hpa.sam_inhibition) * exp(x(Trait::hpa_gain));

  const Pack gain_na = exp(x(Trait::noradrenaline_gain));
  const Pack dopamine = exp(x(Trait::dopamine_gain)) /
                        fma(p_.catecholamines.blunting, s.allostasis.load, broadcast(1.0));
  w.gains = {p_.catecholamines.noradrenaline_gain * gain_na,
             p_.catecholamines.adrenaline_gain * exp(x(Trait::adrenaline_gain)),
             p_.catecholamines.brain_gain * gain_na, p_.catecholamines.dopamine_gain * dopamine};
  w.dopamine_pulse = p_.catecholamines.reward_pulse * dopamine;
  w.learning = exp(x(Trait::learning_rate));

  w.shape = DriveShape(drive_, x(Trait::circadian_amplitude), x(Trait::circadian_phase));
  w.awakening = drive_.awakening * exp(x(Trait::awakening_response));
  w.wake_h = x(Trait::circadian_phase) + drive_.wake_h;
  w.wake_half_hour = round(2.0 * w.wake_h);
  w.refill = p_.energy.refill_per_h * exp(x(Trait::energy_recovery));
  w.sleep_quality = sleep_quality(p_.mental_health, x(Trait::sleep_quality), s.mental_health);
  w.support = logistic(z(Factor::social_support));
  w.z_efficacy = z(Factor::self_efficacy);
  w.z_appraisal = z(Factor::positive_appraisal);
  w.engage_skill = exp(x(Trait::engage_skill));
  w.reappraise_skill = exp(x(Trait::reappraise_skill));
  w.protection = shift_protection(p_.networks, z(Factor::executive_capacity), s.self_control.w);
  w.control_of_day = control_of_day(p_.networks, x(Trait::executive_control), s.self_control.w);
  w.appraisal = day_appraisal(p_.appraisal, x(Trait::appraisal_gain), s.mental_health.symptoms);

  PackWave wave{no_lanes(), broadcast(1.0), broadcast(0.0), broadcast(0.0)};
  for (const WaveToday& t : today.waves) {
    const Pack u =
        uniform_pair(key(Purpose::waves), ids, static_cast<std::uint32_t>(today.day), t.index)
            .first;
    const Mask hit = (u < t.fraction) & !wave.hit;
    wave.severity = select(hit, t.severity, wave.severity);
    wave.controllability = select(hit, t.controllability, wave.controllability);
    wave.stressor = select(hit, static_cast<double>(t.stressor), wave.stressor);
    wave.hit = wave.hit | hit;
  }
  if (replay != nullptr) wave.hit = wave.hit & !(load(replay->event) > 0.0);  // (X8)
  w.traumas_before = s.exposure.traumas;
  draw_exposure(w.exposure, s.exposure, p_.exposure, exposure_,
                p_.traits.omega[trait(Trait::life_event_rate)], x(Trait::hassle_rate),
                x(Trait::life_event_rate), s.extra_log_rate, s.mental_health.latent,
                {load(modifiers.log_hassle_rate), load(modifiers.event_rate),
                 load(modifiers.severity), load(modifiers.controllability)},
                wave, keys_.seed, keys_.replicate, ids, static_cast<std::uint32_t>(today.day));
  if (replay != nullptr) replay_exposure(w.exposure, s.exposure, p_.exposure, exposure_, *replay);
  w.exposure.encounter[kProbeSlot] = {broadcast(kNever), broadcast(0.0), broadcast(0.0),
                                      broadcast(0.0),    broadcast(0.0), broadcast(0.0)};
  if (today.stressor_probe != nullptr) place_probe(w, *today.stressor_probe);

  const Pack zero = broadcast(0.0);
  EncounterWork& e = w.encounter;
  e = {};
  e.active = e.trying = e.relieved = e.succeeded = e.ended = e.unsettled = no_lanes();
  e.reappraising = e.rate.leaves = no_lanes();
  e.next_decision = kNever;
  Pack first = broadcast(kNever);
  w.n_used_slots = 0;
  for (int i = 0; i < kEncounterSlots; ++i) {
    const Pack onset = w.exposure.encounter[i].onset_step;
    if (!any(onset < kNever)) continue;
    first = min(first, onset);
    w.used_slots[w.n_used_slots++] = i;
  }
  e.next_onset = smallest(first);
  w.encounter_due = static_cast<int>(e.next_onset);
  w.traces = {};
  w.day_noradrenaline = w.day_cortisol = zero;
  w.success_salience = w.challenge = w.hindrance = w.event_success = zero;
  w.event_appraisal = broadcast(1.0);
  w.summary = {};
  w.summary.hassles = w.exposure.hassles;
  w.summary.event = w.exposure.event;
}

/// (I1)-(I3), (I7): who holds what today, and the sums of the levels.
void Kernel::care(Persons& s, DayWork& w, const LaneIds& ids, int day,
                  InterventionLevels<Pack>& levels) const {
  const Pack zero = broadcast(0.0);
  for (Pack& level : levels.of_kind) level = zero;
  for (int i = 0; i < interventions_.count; ++i) {
    const InterventionSlot& slot = interventions_.slot[i];
    Mask target = no_lanes();
    if (slot.enrols(day)) {
      Pack u = zero;
      if (slot.target == InterventionTarget::fraction) {
        u = uniform_pair(key(Purpose::enrolment), ids, 0, slot.place).first;
      }
      target = is_target(slot, s.traits.factor, s.stratum, s.mental_health.symptoms, u);
    }
    PackPair u{zero, broadcast(1.0)};
    if (slot.on(day) && slot.draws()) {
      u = uniform_pair(key(Purpose::interventions), ids, static_cast<std::uint32_t>(day),
                       slot.place);
    }
    Pack& state = s.interventions.level[i];
    const Mask held = intervention_morning(state, slot, day, target, u.first, u.second);
    levels.of_kind[static_cast<int>(slot.kind)] += intervention_level(state);
    if (slot.has_session(day)) place_session(w, slot, day, held);
  }
  w.control_training = levels[InterventionKind::controllability_training];
  w.self_control_training = levels[InterventionKind::self_control_training];
  w.exercise = levels[InterventionKind::exercise];
  w.mastered_everyday = w.propranolol = w.hydrocortisone = zero;
  w.adrenal_share = broadcast(1.0);
}

/// (I7), for those who hold it and have no session yet.
void Kernel::place_session(DayWork& w, const InterventionSlot& slot, int day, Mask held) const {
  auto& session = w.exposure.encounter[kSessionSlot];
  const Mask who = held & (session.onset_step == kNever);
  const double steps = std::max(std::ceil(slot.duration_min / dt_), decision_steps_ + 1.0);
  const auto put = [&](Pack& value, double x) { value = select(who, x, value); };
  put(session.onset_step, std::round(slot.minute / dt_));
  put(session.stressor, static_cast<double>(slot.stressor));
  put(session.severity, slot.session_severity(day));
  put(session.controllability, slot.controllability);
  put(session.predictability, p_.interventions.session_predictability);
  put(session.steps, steps);
}

bool Kernel::in_hours_of_drugs(int day, double middle_min) const {
  for (int i = 0; i < interventions_.count; ++i) {
    const InterventionSlot& slot = interventions_.slot[i];
    if (is_drug(slot.kind) && slot.on(day) && slot.in_hours(middle_min)) return true;
  }
  return false;
}

void Kernel::set_drugs(const Persons& s, DayWork& w, int day, double middle_min) const {
  Pack metyrapone = broadcast(0.0);
  w.propranolol = w.hydrocortisone = metyrapone;
  for (int i = 0; i < interventions_.count; ++i) {
    const InterventionSlot& slot = interventions_.slot[i];
    if (!is_drug(slot.kind) || !slot.on(day) || !slot.in_hours(middle_min)) continue;
    const Pack level = intervention_level(s.interventions.level[i]);
    if (slot.kind == InterventionKind::propranolol) w.propranolol += level;
    if (slot.kind == InterventionKind::hydrocortisone) w.hydrocortisone += level;
    if (slot.kind == InterventionKind::metyrapone) metyrapone += level;
  }
  w.adrenal_share = 1.0 / (1.0 + metyrapone);
}

void Kernel::place_probe(DayWork& w, const Probe& probe) const {
  const double steps = std::max(std::ceil(probe.duration_min / dt_), decision_steps_ + 1.0);
  w.exposure.encounter[kProbeSlot] = {broadcast(std::round(probe.minute / dt_)),
                                      broadcast(static_cast<double>(probe.stressor)),
                                      broadcast(probe.severity),
                                      broadcast(probe.controllability),
                                      broadcast(probe.predictability),
                                      broadcast(steps)};
}

void Kernel::draw_ultradian(DayWork* two, const LaneIds* ids, int day, int hour) const {
  PackPair u[2];
  const auto index = static_cast<std::uint32_t>(hour);
  uniform_pairs(key(Purpose::ultradian), ids[0], ids[1], static_cast<std::uint32_t>(day), index,
                index, u[0], u[1]);
  two[0].ultradian = u[0];
  two[1].ultradian = u[1];
}

void Kernel::begin_half_hour(Persons& s, DayWork& w, int j) const {
  const Pack u = j % 2 == 0 ? w.ultradian.first : w.ultradian.second;
  w.basal_drive = drive_half_hour(s.drive, drive_, w.shape, w.awakening, w.wake_half_hour, j, u);
  w.sum_noradrenaline = broadcast(0.0);
  w.sum_cortisol = broadcast(0.0);
}

[[gnu::noinline]] void Kernel::start_encounters(Persons& s, DayWork& w, int step, Pack x) const {
  EncounterWork& e = w.encounter;
  const std::span used(w.used_slots, static_cast<std::size_t>(w.n_used_slots));
  const auto earliest = [&] {
    Pack onset = broadcast(kNever);
    for (const int i : used) onset = min(onset, w.exposure.encounter[i].onset_step);
    return onset;
  };
  const Pack first = earliest();
  Mask open = (!e.active) & (first <= static_cast<double>(step));
  const Mask starting = open;
  if (e.any_unsettled && any(starting & e.unsettled)) settle_encounters(s, w);

  Pack severity = e.severity, controllability = e.controllability, k = e.k, steps = e.steps;
  Pack predictability = broadcast(0.0), source = e.source;
  for (const int i : used) {
    auto& slot = w.exposure.encounter[i];
    const Mask mine = open & (slot.onset_step == first);
    severity = select(mine, slot.severity, severity);
    controllability = select(mine, slot.controllability, controllability);
    predictability = select(mine, slot.predictability, predictability);
    k = select(mine, slot.stressor, k);
    steps = select(mine, slot.steps, steps);
    source = select(mine, static_cast<double>(i), source);
    slot.onset_step = select(mine, kNever, slot.onset_step);
    open = open & !mine;
  }
  e.next_onset = smallest(earliest());

  e.severity = severity;
  e.controllability = controllability;
  e.k = k;
  e.steps = steps;
  e.source = source;
  const Pack chi = control_belief(s.controllability, p_.controllability, k);
  const AppraisalInput<Pack> input{severity,
                                   predictability,
                                   controllability,
                                   w.x[trait(Trait::appraisal_gain)],
                                   pick(k, s.memory.threat),
                                   chi,
                                   recalled(p_.memory, k, s.memory.safety, s.memory.safety_general),
                                   w.support,
                                   s.mental_health.symptoms,
                                   x};
  const Pack intensity = appraise(p_.appraisal, w.appraisal, input);
  e.intensity = select(starting, intensity, e.intensity);
  e.chi = select(starting, chi, e.chi);
  const Pack reach = pick(k, 1.0, p_.hpa.demand_share, p_.hpa.loss_share, p_.hpa.threat_share);
  e.stress_gain =
      select(starting, w.stress_gain * (reach * pick(k, s.habituation.response)), e.stress_gain);
  habituate(s.habituation, p_.habituation, starting, k, intensity);
  const Pack typical = severity * p_.appraisal.gain;
  const Mask event_starts = starting & (source == kEventSlot) & (typical > 0.0);
  if (any(event_starts)) {
    const Pack appraisal =
        min(intensity / max(typical, 1e-300), kLargestAppraisal) *
        relative_severity(p_.mental_health, p_.exposure, w.exposure.event, severity);
    w.event_appraisal = select(event_starts, appraisal, w.event_appraisal);
  }

  e.start = select(starting, static_cast<double>(step), e.start);
  e.last_step = select(starting, steps + (step - 1.0), e.last_step);
  e.next_decision = std::min(e.next_decision, step + decision_steps_);
  e.strategy = select(starting, kUndecided, e.strategy);
  e.arousal_before = select(starting, x, e.arousal_before);
  e.genomic_before = select(starting, genomic_action(w), e.genomic_before);
  for (Pack* sum : {&e.arousal_sum, &e.mastered, &e.resolved}) {
    *sum = select(starting, 0.0, *sum);
  }
  e.relieved = e.relieved & !starting;
  e.active = e.active | starting;
}

/// The choice of those for whom it is due, and what follows from it until the encounter is over.
[[gnu::noinline]] void Kernel::decide(Persons& s, DayWork& w, const LaneIds& ids, int day, int step,
                                      Pack control, Pack fast) const {
  EncounterWork& e = w.encounter;
  const Mask undecided = e.active & (e.strategy == kUndecided);
  const Pack decide_at = e.start + decision_steps_;
  const Mask deciding = undecided & (decide_at <= static_cast<double>(step));
  e.next_decision = smallest(select(undecided & !deciding, decide_at, kNever));
  const CopingInput<Pack> input{control,
                                pick(e.k, s.reinforcement.engage),
                                pick(e.k, s.reinforcement.reappraise),
                                pick(e.k, s.reinforcement.avoid),
                                w.z_efficacy,
                                w.z_appraisal,
                                brain_noradrenaline(w),
                                fast,
                                s.self_control.w};
  const PackPair u =
      uniform_pair(key(Purpose::coping_success), ids, static_cast<std::uint32_t>(day),
                   static_cast<std::uint32_t>(step));
  e.strategy = select(deciding, choose_strategy(p_.coping, input, u.second), e.strategy);
  e.endurance = select(deciding, -log(u.first), e.endurance);
  // The same for those who decided before.
  e.value = value_of(e.strategy, input.q_engage, input.q_reappraise, input.q_avoid);
  e.rate = success_rate(
      p_.coping, e.strategy,
      {e.controllability, control, w.engage_skill, w.reappraise_skill,
       recalled(p_.memory, e.k, s.memory.success, s.memory.success_general), w.now.energy.store});
  e.reappraising = p_.coping.yoked ? no_lanes() : e.strategy == kReappraise;
  e.intensity_after = select(deciding, select(e.reappraising, e.intensity * p_.coping.relief, 0.0),
                             e.intensity_after);
  e.trying = e.trying | deciding;
  e.any_trying = true;
}

/// What happened in the step before `step`, now that the many packs in between have let its numbers
/// become known: a branch on them at once would have to guess.
[[gnu::noinline]] void Kernel::note_news(DayWork& w, int step) const {
  EncounterWork& e = w.encounter;
  const Pack steps_so_far = static_cast<double>(step) - e.start;
  e.mastered = select(e.succeeded, 1.0, e.mastered);
  e.arousal_at_success = select(e.succeeded, e.arousal, e.arousal_at_success);
  e.resolved = select(e.succeeded & !e.reappraising, 1.0, e.resolved);
  const Mask reappraised = e.succeeded & e.reappraising;
  e.intensity = select(reappraised, e.intensity_after, e.intensity);
  e.unrelieved = select(reappraised, steps_so_far, e.unrelieved);
  e.relieved = e.relieved | reappraised;
  e.trying = e.trying & !e.succeeded;

  const Mask ended = e.ended;
  if (any(ended)) {
    e.elapsed = select(ended, steps_so_far, e.elapsed);
    // For avoiding, `mastered` marks that the person got away.
    const Pack error = reward_error(p_.reinforcement, ended & !(e.strategy == kUndecided),
                                    e.strategy, e.mastered, e.value);
    Pack& dopamine = w.now.catecholamines.dopamine;
    e.reward_error = select(ended, error, e.reward_error);
    e.dopamine = select(ended, dopamine, e.dopamine);
    dopamine = max(fma(w.dopamine_pulse, error, dopamine), 0.0);
    e.active = e.active & !ended;
    e.trying = e.trying & !ended;
    e.intensity = select(ended, 0.0, e.intensity);
    e.unsettled = e.unsettled | ended;
    e.any_unsettled = true;
  }
  e.any_trying = any(e.trying);
  e.any_relieved = any(e.relieved & e.active);
  e.succeeded = e.ended = no_lanes();
  e.any_news = false;
}

/// What is learned of encounters that are over.
[[gnu::noinline]] void Kernel::settle_encounters(Persons& s, DayWork& w) const {
  EncounterWork& e = w.encounter;
  const Mask ending = e.unsettled;
  const Pack unrelieved = select(e.relieved, e.unrelieved, e.elapsed);
  const Pack share = min(unrelieved / e.steps, 1.0);
  const auto add = [&](Pack& sum, Mask who, Pack value) { sum += select(who, value, 0.0); };
  add(w.summary.encounters, ending, broadcast(1.0));
  add(w.summary.strain, ending, e.severity * share);

  const Mask decided = ending & !(e.strategy == kUndecided);
  const Mask avoiding = decided & (e.strategy == kAvoid);
  const Mask learning = decided & !avoiding;
  reinforce(s.reinforcement, p_.reinforcement, e.strategy, e.k,
            select(decided, e.reward_error, 0.0), w.learning, e.dopamine);

  const Pack mean_arousal = e.arousal_sum / max(e.elapsed, 1.0);
  const Pack strength =
      encoding_strength(p_.memory, mean_arousal, e.arousal_before, e.genomic_before);
  const Pack error = encode(w.traces, s.memory, p_.memory, learning, e.k, strength, mean_arousal,
                            realised_aversiveness(e.severity, share), e.mastered);
  learn_control(s.controllability, p_.controllability, learning, e.k,
                select(e.strategy == kEngage, 1.0, broadcast(0.0)), e.resolved);
  const Mask mastered = learning & (e.mastered == 1.0);
  add(w.success_salience, mastered, salience(p_.networks, e.arousal_at_success));
  add(w.challenge, mastered, e.controllability);
  add(w.hindrance, learning & (e.mastered == 0.0), 1.0 - e.controllability);
  w.event_success = select(mastered & (e.source == kEventSlot), 1.0, w.event_success);
  add(w.summary.mastered, mastered, broadcast(1.0));
  if (interventions_.count > 0) {
    add(w.mastered_everyday, mastered & (e.source < kProbeSlot), broadcast(1.0));
  }
  add(w.summary.avoided, avoiding, broadcast(1.0));
  w.summary.prediction_error += abs(error);
  add(w.summary.predictions, learning, broadcast(1.0));
  e.unsettled = no_lanes();
  e.any_unsettled = false;
}

[[gnu::noinline]] void Kernel::encounter_step(Persons& s, DayWork& w, const LaneIds& ids, int day,
                                              int step) const {
  EncounterWork& e = w.encounter;
  if (e.any_news) note_news(w, step);
  e.acting = broadcast(0.0);
  if (!any(e.active) && e.next_onset > step) {
    w.encounter_due = static_cast<int>(e.next_onset);
    return;
  }

  const Pack fast = action_beyond_rest(receptors_, fast_action(w.now.receptors, receptors_));
  const Pack x = arousal(p_.networks, max(brain_noradrenaline(w) - 1.0, 0.0), fast);
  if (e.next_onset <= step) start_encounters(s, w, step, x);
  w.encounter_due = 0;

  e.arousal = x;
  e.arousal_sum += select(e.active, x, 0.0);
  if (e.any_relieved) {
    e.unrelieved += select(e.active & e.relieved, p_.coping.relief, 0.0);
  }
  e.acting = e.intensity;
  e.ended = e.active & (e.last_step <= static_cast<double>(step));
  const bool is_choice_due = e.next_decision <= step;
  if (e.any_trying || is_choice_due) {
    const Pack control =
        executive_control(p_.networks, w.control_of_day, w.protection, x, genomic_action(w),
                          w.now.catecholamines.dopamine, w.now.energy.store);
    if (is_choice_due) decide(s, w, ids, day, step, control, fast);
    e.endurance = fma(-dt_, success_hazard(e.rate, w.now.energy.store, control), e.endurance);
    e.succeeded = e.trying & (e.endurance <= 0.0);
    e.worry = select(e.succeeded & !(e.strategy == kAvoid), 0.0, e.worry);  // (Z2)
    e.acting = select(e.succeeded, e.intensity_after, e.intensity);
    e.ended = e.ended | (e.succeeded & !e.reappraising);
  }
  const int last_step = kHalfHours * steps_per_half_hour_ - 1;
  if (step == last_step) e.ended = e.active;
  e.any_news = any(e.succeeded | e.ended);
}

template <bool Lag, bool Drugs>
EUSTRESS_INLINE void Kernel::step(DayWork& w, int index, double crh_external) const {
  EncounterWork& e = w.encounter;
  Pack u = w.basal_drive;
  CatecholamineTargets<Pack> targets{broadcast(1.0), broadcast(1.0), broadcast(1.0),
                                     broadcast(1.0)};
  // A person without an encounter or worry gets the same bits from both branches: intensity 0.
  if (w.encounter_due <= index || e.any_worry) {
    const Pack noradrenaline =
        Drugs ? blocked_noradrenaline(w.now.catecholamines.noradrenaline, w.propranolol)
              : w.now.catecholamines.noradrenaline;
    const Pack inhibition = fma(p_.hpa.sam_inhibition, noradrenaline, broadcast(1.0));
    const Pack stress = perseverate(e.worry, worry_, e.stress_gain * e.acting);
    e.any_worry = any(e.worry > 0.0);
    u += stress * reciprocal(inhibition);
    targets = catecholamine_targets(w.gains, e.acting, e.chi);
  }
  if (crh_external != 0.0) {
    hpa_step<Lag, true, Drugs>(w.now.hpa, w.rates, u, crh_external, w.adrenal_share,
                               w.hydrocortisone);
  } else {
    hpa_step<Lag, false, Drugs>(w.now.hpa, w.rates, u, 0.0, w.adrenal_share, w.hydrocortisone);
  }
  catecholamines_step(w.now.catecholamines, decay_, targets);
  receptors_fast_step(w.now.receptors, receptors_, w.now.hpa.brain_cortisol);
  w.sum_noradrenaline += w.now.catecholamines.noradrenaline;
  w.sum_cortisol += w.now.hpa.cortisol;
}

/// Kept out of the loop of the steps: few people are looked at so closely.
[[gnu::noinline]] void Kernel::take_moment(const DayWork* work, MomentLanes* moment) const {
  for (int i = 0; i < kPacksPerBlock; ++i) {
    const DayWork& w = work[i];
    const Pack fast = action_beyond_rest(receptors_, fast_action(w.now.receptors, receptors_));
    const Pack genomic = genomic_action(w);
    const Pack x = arousal(p_.networks, max(brain_noradrenaline(w) - 1.0, 0.0), fast);
    const Pack control = executive_control(p_.networks, w.control_of_day, w.protection, x, genomic,
                                           w.now.catecholamines.dopamine, w.now.energy.store);
    moment[i] = {to_lanes(w.now.hpa.crh),
                 to_lanes(w.now.hpa.acth),
                 to_lanes(w.now.hpa.cortisol),
                 to_lanes(w.now.hpa.brain_cortisol),
                 to_lanes(w.now.hpa.pituitary),
                 to_lanes(w.now.hpa.adrenal),
                 to_lanes(w.now.catecholamines.noradrenaline),
                 to_lanes(w.now.catecholamines.adrenaline),
                 to_lanes(w.now.catecholamines.brain_noradrenaline),
                 to_lanes(w.now.catecholamines.dopamine),
                 to_lanes(fast),
                 to_lanes(genomic),
                 to_lanes(w.now.energy.store),
                 to_lanes(x),
                 to_lanes(salience(p_.networks, x)),
                 to_lanes(control),
                 to_lanes(w.encounter.acting)};
  }
}

void Kernel::end_half_hour(DayWork& w, int j) const {
  receptors_genomic_step(w.now.receptors, receptors_);
  const double per_step = 1.0 / steps_per_half_hour_;
  const Pack hour = broadcast(0.5 * j + 0.25);
  const Mask asleep = (hour < w.wake_h) | (hour >= w.wake_h + 16.0);
  energy_step(w.now.energy, p_.energy, w.refill, w.sum_noradrenaline * per_step,
              w.sum_cortisol * per_step, asleep, w.sleep_quality);
  w.day_noradrenaline += w.sum_noradrenaline;
  w.day_cortisol += w.sum_cortisol;
}

void Kernel::night(Persons& s, DayWork& w, const LaneIds& ids, int day) const {
  const auto x = [&](Trait t) { return w.x[trait(t)]; };
  const auto time = static_cast<std::uint32_t>(day);
  const double per_step = 1.0 / (kHalfHours * steps_per_half_hour_);
  w.summary.cortisol = w.day_cortisol * per_step;
  w.summary.noradrenaline = w.day_noradrenaline * per_step;

  const InterventionParameters& q = p_.interventions;
  const bool cared = interventions_.count > 0;
  if (cared && p_.controllability.active) {
    s.controllability.omega_general =
        trained_control(q, s.controllability.omega_general, w.control_training);
  }
  consolidate(s.memory, w.traces, p_.memory, w.sleep_quality,
              action_beyond_rest(receptors_, s.receptors.genomic));
  steeling_night(s.steeling, p_.steeling, overcoming_approach_, s.mental_health.symptoms,
                 w.exposure.event, w.event_success);
  self_control_night(s.self_control, p_.self_control, w.success_salience, w.sleep_quality,
                     s.steeling.level);
  if (cared && p_.self_control.active) {
    s.self_control.w = trained_self_control(q, s.self_control.w, w.self_control_training);
  }
  habituation_night(s.habituation, habituation_recovery_);
  allostasis_night(s.allostasis, p_.allostasis, load_approach_, w.summary.cortisol,
                   w.summary.noradrenaline, s.energy.store);
  if (cared) s.allostasis.load = exercised_load(q, s.allostasis.load, w.exercise);

  const DayStrain<Pack> strain{w.exposure.hassles, w.summary.strain, w.exposure.event,
                               w.event_appraisal, w.event_success};
  const PackRecovery recovery{s.self_control.w, s.memory.safety_general, w.support,
                              s.energy.store,   s.allostasis.load,       w.sleep_quality,
                              s.steeling.level};
  const Pack reactivity = exp(x(Trait::symptom_reactivity));
  const Pack recovery_rate = p_.mental_health.recovery_rate_per_d * exp(x(Trait::recovery_rate));
  Pack jump = broadcast(0.0);
  if (any(w.exposure.event > 0.0)) {
    jump = symptom_jump(p_.mental_health, strain, reactivity, w.traumas_before,
                        s.traits.factor[index_of(Factor::early_adversity)], s.steeling.level,
                        normal_pair(key(Purpose::symptom_jump), ids, time, 0).first);
  }
  const PackPair n_mood = normal_pair(key(Purpose::mood), ids, time, 0);
  mental_health_night(s.mental_health, p_.mental_health, health_, x(Trait::distress_level),
                      reactivity, recovery_rate, w.traumas_before, strain, recovery, jump,
                      n_mood.first);
  PackPair u_a, u_b;
  uniform_pairs(key(Purpose::mood), ids, ids, time, 1, 2, u_a, u_b);
  const PackPair a = box_muller(u_a);
  const PackPair b = box_muller(u_b);
  malleability_night(s.malleability, p_.malleability, drift_approach_, drift_innovation_,
                     w.challenge, w.hindrance, s.mental_health.distress,
                     {a.first, a.second, b.first, b.second});

  for (int i = 0; i < interventions_.count; ++i) {
    intervention_night(s.interventions.level[i], interventions_.slot[i], w.mastered_everyday);
  }

  s.exposure.hassles_7d += w.exposure.hassles;
  const Pack weeks = s.exposure.event_weeks;
  const Pack digit = fma(floor(weeks * (1.0 / 16.0)), -16.0, weeks);
  s.exposure.event_weeks += select((w.exposure.event > 0.0) & (digit < 15.0), 1.0, 0.0);
}

template <bool Lag, bool DrugDay>
void Kernel::walk(Block& block, const BlockDay& today, BlockDayResult& result) const {
  LaneIds ids[kPacksPerBlock];
  DayWork work[kPacksPerBlock];
  for (int i = 0; i < kPacksPerBlock; ++i) {
    ids[i] = lane_ids(block.first_id + static_cast<std::uint64_t>(i * kLanes));
    morning(persons(block.pack[i]), work[i], ids[i], today, today.modifiers[i],
            today.replay == nullptr ? nullptr : today.replay + i);
    const Persons& s = persons(block.pack[i]);
    work[i].now = {s.hpa, s.catecholamines, s.receptors, s.energy};
  }

  const auto take_samples = [&](const Probe* probe, SampleLanes* samples, int step) {
    if (probe == nullptr) return;
    for (std::size_t n = 0; n < probe->samples_min.size(); ++n) {
      if (std::lround((probe->minute + probe->samples_min[n]) / dt_) != step) continue;
      for (std::size_t i = 0; i < kPacksPerBlock; ++i) {
        const StepState& s = work[i].now;
        const Pack person = normal_pair(key(Purpose::assay), ids[i], 0, 0).first;
        const Pack sample =
            normal_pair(key(Purpose::assay), ids[i], static_cast<std::uint32_t>(today.day),
                        1 + static_cast<std::uint32_t>(step))
                .first;
        samples[n * kPacksPerBlock + i] = {
            to_lanes(s.hpa.cortisol * assay(p_.assay, person, sample)), to_lanes(s.hpa.acth),
            to_lanes(s.catecholamines.noradrenaline), to_lanes(s.catecholamines.adrenaline)};
      }
    }
  };

  bool drugged = false;
  int next_moment = today.first_moment;
  MomentLanes* moment = result.moments;
  for (int j = 0; j < kHalfHours; ++j) {
    for (int i = 0; j % 2 == 0 && i < kPacksPerBlock; i += 2) {
      draw_ultradian(work + i, ids + i, today.day, j / 2);
    }
    for (int i = 0; i < kPacksPerBlock; ++i) begin_half_hour(persons(block.pack[i]), work[i], j);
    for (int n = 0; n < steps_per_half_hour_; ++n) {
      const int index = j * steps_per_half_hour_ + n;
      if (index == next_moment) {
        take_moment(work, moment);
        moment += kPacksPerBlock;
        next_moment += today.moment_steps;
      }
      take_samples(today.stressor_probe, result.stressor_samples, index);
      take_samples(today.crh_probe, result.crh_samples, index);
      take_samples(today.rest_probe, result.rest_samples, index);
      double crh_external = 0.0;
      if (today.crh_probe != nullptr) {
        const double since = (index + 0.5) * dt_ - today.crh_probe->minute;
        if (since > 0.0) {
          crh_external =
              today.crh_probe->bolus * portable_exp(-kLn2 * since / today.crh_probe->half_life_min);
        }
      }
      if constexpr (DrugDay) {
        const double middle_min = (index + 0.5) * dt_;
        const bool was_drugged = drugged;
        drugged = in_hours_of_drugs(today.day, middle_min);
        for (int i = 0; (drugged || was_drugged) && i < kPacksPerBlock; ++i) {
          set_drugs(persons(block.pack[i]), work[i], today.day, middle_min);
        }
      }
      // Encounters first, of all packs: what an encounter comes to takes long to compute, and the
      // hormones of the other packs need not wait for it.
      for (int i = 0; i < kPacksPerBlock; ++i) {
        if (work[i].encounter_due > index) continue;
        encounter_step(persons(block.pack[i]), work[i], ids[i], today.day, index);
      }
      if (DrugDay && drugged) {
        drugged_step<Lag>(work, index, crh_external);
      } else {
        for (int i = 0; i < kPacksPerBlock; ++i) {
          step<Lag, false>(work[i], index, crh_external);
        }
      }
    }
    for (int i = 0; i < kPacksPerBlock; ++i) end_half_hour(work[i], j);
  }

  for (int i = 0; i < kPacksPerBlock; ++i) {
    Persons& s = persons(block.pack[i]);
    StepState& now = work[i].now;
    if (today.first_moment >= 0) result.sleep_quality[i] = to_lanes(work[i].sleep_quality);
    if (work[i].encounter.any_news) note_news(work[i], kHalfHours * steps_per_half_hour_);
    if (work[i].encounter.any_unsettled) settle_encounters(s, work[i]);
    s.hpa = now.hpa;
    s.catecholamines = now.catecholamines;
    s.receptors = now.receptors;
    s.energy = now.energy;
    night(s, work[i], ids[i], today.day);
    std::memcpy(&result.summary[i], &work[i].summary, sizeof work[i].summary);
    result.zero_if_finite[i] = to_lanes(zero_if_finite(s));
    if (today.assess) {
      const StreamKey items = key(Purpose::questionnaire);
      const auto time = static_cast<std::uint32_t>(today.day);
      const Pack latent = s.mental_health.latent;
      const Assessment<Pack> assessment{
          ghq(p_.questionnaires, latent, kGhqShortItems, items, ids[i], time, 0),
          ghq(p_.questionnaires, latent, kGhqLongItems, items, ids[i], time, kGhqShortItems / 2),
          s.exposure.hassles_7d, life_events(s.exposure.event_weeks)};
      std::memcpy(&result.assessment[i], &assessment, sizeof assessment);
    }
  }
}

}  // namespace

std::unique_ptr<BlockKernel> make_kernel_copy(const ModelParameters& parameters, double dt_min,
                                              const DrawKeys& keys,
                                              const InterventionSlots& interventions) {
  return std::unique_ptr<BlockKernel>(new Kernel(parameters, dt_min, keys, interventions));
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
