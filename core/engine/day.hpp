#pragma once

// One day of one person: the order in which the mechanisms act. This page is the specification of
// both implementations, the scalar reference (reference_day.cpp) and the block kernel (walk.cpp).
//
// Morning (00:00)
//   0. on days d with d mod 7 = 0 a new week begins: hassles_7d = 0 and
//      event_weeks = (16 event_weeks) mod 16^13
//   1. interventions of the arm: (I1)-(I3), with the symptoms of the evening before; then
//      x_j = traits.x_j + sum over malleable f of Lambda_jf delta_f;  z_f = factor_f + delta_f,
//      delta with (I5), (I9); x with (I5), (I10)-(I12)
//   2. sleep quality q (P6) from distress and symptoms; it holds for this day's sleep and the night
//   3. exposure (X1)-(X7), with the latent distress of the evening before, the regimes of the day
//      and the waves, and the rows of a replay (X8), (X9); probes of kind `stressor` take the probe
//      slot (one a day); no encounter is planned for less than one step more than the decision
//      delay; a session of an inoculation (I7) takes its own slot, of several on a day the first of
//      the arm
// Half-hours j = 0..47
//   4. basal drive u_j (C1)-(C3)
//   5. every step s of the day (dt):
//      a. samples of probes are taken: cortisol (L1), ACTH, NE, E as they are at the start of the
//         step
//      b. encounter (below) -> intensity I of this step, habituation h and belief chi of the
//         encounter
//      c. u = u_j + max(s, r) (1 + beta)/(1 + beta NE), s = stress_gain exp(x_hpa_gain) v_k h I,
//         v_k: share of the class (1 for social_evaluative), r by (Z1) with this s, 0 in the
//         morning; NE at the start of the step, as far as propranolol lets it act (I13)
//      d. HPA step (H7) with rates g2 exp(x_acth_rate), g3 exp(x_cortisol_rate),
//         K exp(x_gr_half_saturation) and x_ext of a CRH probe at the middle of the step; drugs
//         (I14), (I15) while the middle of the step is in their hours
//      e. catecholamine targets (N3) with I and chi, step (N1), (N2)
//      f. fast glucocorticoid action (G3) with the new brain cortisol
//      g. an encounter that ended in this step is settled (below)
//   6. genomic chain (G4); energy (M1) with the means over the half-hour of NE and cortisol after
//      each step; asleep: middle of the half-hour before wake_h + x_circadian_phase or 16 h later
//      and beyond
// Night (24:00)
//   7. consolidation (E5) with genomic action beyond rest; steeling (Y1)-(Y3); self-control (W1);
//      habituation (J2); allostatic load (O1); mental health (P1)-(P5), (P7); malleable factors
//      (F1). Interventions: (I6) before (E5), (I8) after (W1), (I10) after (O1), booster (I4) last
//   8. hassles_7d += hassles; event_weeks += 1 if there was an event (at most 15 per digit);
//      traumas: counted in (X5)
//   On the evening of a questionnaire day, d + 1 a multiple of questionnaire_every_days (itself a
//   multiple of 7), the assessment (V1)-(V3) sees this state.
//
// Encounter, in step s. Every encounter of the day that is due waits until the one before is over.
//   i.   Not in one, and the smallest open onset is <= s (ties: lowest slot): start. With arousal X
//        (S1), genomic action beyond rest G, belief chi (B4), memories (E6): intensity I (A1)-(A3);
//        h = h_k, then (J1). arousal_before = X, genomic_before = G. Undecided. Planned steps n.
//   ii.  In one: X, S, C now; arousal_sum += X; elapsed += 1; unrelieved += relieved ? relief : 1.
//   iii. Undecided and s >= start + decision delay: choice (K1)-(K3) with u_choice of the step;
//        endurance = -ln u_success.
//   iv.  Decided, and not relieved by reappraisal yet: endurance -= hazard dt; success if it is
//        then at or below 0 (K4).
//        Engaged: resolved, over. Reappraised: relieved, I *= relief; if yoked instead resolved,
//        over. Avoiding: left, over. Engaged or reappraised: mastered = 1, success_salience += S,
//        and r = 0 (Z2).
//   v.   Over, or elapsed >= n, or s is the last step of the day: the encounter ends. I = 0 in this
//        step if it is over; if its time has run out, I still acts in this step.
//   Settled at the end of the step in which it ended: share = unrelieved/n, at most 1;
//        strain += severity share. If decided: reinforcement (Q1), (Q2) [success = mastered;
//        avoiding: r_avoid if left, else r_fail] with the present dopamine, then the dopamine
//        pulse (N4). If decided and not avoiding: memory (E1)-(E4) with mean arousal
//        arousal_sum/elapsed, controllability (B1)-(B3) with resolved, challenge += controllability
//        if mastered, else hindrance += 1 - controllability. If it was the event of the day:
//        event_success = mastered.
//   Event: event_appraisal A of (P3) at the start; 1 if it never starts or if severity times gain
//   is 0. N = max(0, brain NE - 1), or 0 if noradrenaline is blocked
//   (catecholamines.noradrenaline_active); brain NE here and in (K2) after (I13).

#include <cstdint>
#include <span>
#include <string_view>

#include "core/engine/person.hpp"
#include "core/numerics/random.hpp"
#include "core/population/synthesis.hpp"
#include "core/study.hpp"

namespace eustress {

// Streams. time is the day unless said otherwise; (a, b) = uniform_pair or normal_pair of an index.
//   traits          time 0; index i: normal eta_{2i}, eta_{2i+1}; 64: normal n_v of (X5), -
//   initial_state   time 0; 0: normal week, month; 1: normal -, mood;
//                   2, 3: normal, the four malleable deltas (times noise);
//                   4: uniform, of the phase of the pulse generator, -
//   ultradian       index j/2: uniform v_j for even, odd j
//   hassle_rate     0: normal n_week, n_month
//   hassles         0: uniform u_count, u_encounters
//   encounters      4e: uniform u_onset, u_class; 4e+1: normal n_severity, n_control;
//                   4e+2: normal n_duration, -; 4e+3: uniform u_predictability, -
//   life_events     0: uniform u_event, u_event_class; 1: uniform u_event_onset, -;
//                   2: normal n_event_severity, -
//   waves           index w: uniform, hit if first < fraction of wave w
//   coping_success  index s (the step of the choice): uniform u_success, u_choice
//   symptom_jump    0: normal n_jump, -
//   mood            0: normal n_mood, -; 1, 2: normal, the four n of (F1)
//   questionnaire   0..5: uniform, 12 items of the GHQ-12; 6..19: the 28 items of the GHQ-28;
//                   20: uniform, the short inventory (V4), -
//   enrolment       time 0; index i: uniform, among the random share of the study's intervention i
//                   if first < fraction
//   interventions   index i: uniform u_adherence, u_dropout of the study's intervention i
//   assay           time 0, index 0: normal n of the person, -; index 1 + s: normal m of a sample
//   in
//                   step s, -
//   groups          individual: code of the group; time 0, index 0: normal n of (X2'), -

/// Place of the draw of a short inventory among those of the questionnaire.
inline constexpr std::uint32_t kShortInventoryPair = 20;

/// Samples of one probe and person.
struct ProbeSample {
  double cortisol, acth, noradrenaline, adrenaline;
};

/// What the day is for everybody: made once per day and group by the walker.
struct DayPlan {
  int day = 0;
  DayModifiers modifiers;
  std::span<const Wave> waves;  ///< all waves of the study; those with another day are skipped
  const Probe* stressor_probe = nullptr;
  const Probe* crh_probe = nullptr;
  const Probe* rest_probe = nullptr;
  const ReplayDay<double>* replay = nullptr;         ///< rows of the person today; null: none
  const InterventionSlots* interventions = nullptr;  ///< of the arm; null: none
};

/// What decides which regimes concern a person.
struct Membership {
  std::int32_t group = kNoGroup;
  std::int32_t sex = -1;          ///< -1: not looked at
  std::string_view stratum = {};  ///< name of the person's stratum besides "all"; empty: none

  bool operator==(const Membership&) const = default;
};

/// Whether the regime is for this person, on its days. The stratum "all" is everybody.
bool concerns(const Regime& regime, const Membership& who);

/// The regimes of the day that concern the person.
DayModifiers day_modifiers(const Study& study, int day, const Membership& who);

// --- scalar reference -------------------------------------------------------------------------

/// The person at the start: traits (R1), stationary fluctuations, hormones at rest (all 1), full
/// energy, receptors at rest (m = 1, the chain at the occupancy of b = 1), initial values of all
/// memories, predicted resolution of every action kInitialResolution, no symptoms, P by (P5); not
/// enrolled in any intervention.
PersonState<double> reference_person(const ModelParameters& parameters, const DrawKeys& keys,
                                     std::uint64_t id, const IndividualDraw& draw,
                                     double extra_log_rate);

/// Steps 1-8 for one person. `samples` gets one entry per sample time of the stressor probe, then
/// the CRH probe, then the one at rest. The modifiers of the plan are those of (X8).
DaySummary<double> reference_day(PersonState<double>& person, const ModelParameters& parameters,
                                 const DrawKeys& keys, std::uint64_t id, const DayPlan& plan,
                                 double dt_min, std::span<ProbeSample> samples);

/// The evening's assessment (V1)-(V3), before hassles_7d is reset.
Assessment<double> reference_assessment(const PersonState<double>& person,
                                        const ModelParameters& parameters, const DrawKeys& keys,
                                        std::uint64_t id, int day);

}  // namespace eustress
