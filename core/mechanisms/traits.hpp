#pragma once

// Traits: how a person's standing on the resilience factors becomes that person's parameters.
//
//   (R1) x_j = sum_f Lambda_jf z_f(t) + omega_j eta_j,   eta_j ~ N(0,1) once per person
//   (R2) theta_j = theta0_j exp(x_j)  (log link)  or  theta0_j + x_j  (identity link)
//   (R3) z_f(t) = trait_f + delta_f(t) for the malleable factors (malleability.hpp), trait_f else
//
// theta0 belongs to the mechanism that uses the trait; Lambda and omega are here. The state keeps
// the part of x_j that does not change (trait factors and residual); the malleable part is added
// each day.

#include <array>
#include <string_view>

#include "core/parameters.hpp"
#include "core/population/factors.hpp"
#include "core/state.hpp"

namespace eustress {

enum class Trait : int {
  hpa_gain,
  noradrenaline_gain,
  adrenaline_gain,
  gr_half_saturation,
  acth_rate,
  cortisol_rate,
  circadian_amplitude,
  circadian_phase,
  awakening_response,
  appraisal_gain,
  engage_skill,
  reappraise_skill,
  executive_control,
  hassle_rate,
  life_event_rate,
  distress_level,
  symptom_reactivity,
  recovery_rate,
  learning_rate,
  sleep_quality,
  dopamine_gain,
  energy_recovery,
};
inline constexpr int kTraits = 22;

enum class Link { log, identity };

/// Largest omega and |Lambda|, unless something breaks down before.
inline constexpr double kLargestTraitEffect = 3.0;

/// A person of +5 sd turns over exp(5 * .2) = 2.7 times as much ACTH and cortisol. With the
/// shortest half-lives and the longest step that is g2 dt = 2.3 and g3 dt = 1.1, within the
/// stability region of Runge-Kutta 4 (H7), which ends at 2.78; beyond, that person's hormones swing
/// up until they overflow.
inline constexpr double kLargestRateOmega = 0.2;
/// Above this the appraised intensity, or what the HPA axis makes of it, drives the hormones of
/// some people out of all bounds.
inline constexpr double kLargestStressEffect = 1.5;

/// 5 sd of a residual and a loading of .5 each multiply an amplitude of 4 to 137. Beyond 650 the
/// exponential in ln m (C1) overflows.
inline constexpr double kLargestAmplitudeEffect = 0.5;

/// 5 sd of a residual and a loading of 2 each raise the awakening pulse e^10-fold and more; beyond,
/// glands grow without bound in that half-hour.
inline constexpr double kLargestAwakeningEffect = 2.0;

/// One trait: its link and the residual variation omega between persons on the link scale.
struct TraitRow {
  Trait trait;
  std::string_view name;
  Link link;
  std::string_view unit;  ///< of x_j; "1" for log links
  double omega;           ///< default
  Origin origin;
  std::string_view source;
  double largest = kLargestTraitEffect;  ///< legal are 0 <= omega, |Lambda| <= largest
};

inline constexpr std::array<TraitRow, kTraits> kTraitTable = {{
    {Trait::hpa_gain, "hpa_gain", Link::log, "1", 0.274, Origin::calibrated, "E6 sd of ln fold",
     kLargestStressEffect},
    {Trait::noradrenaline_gain, "noradrenaline_gain", Link::log, "1", 0.358, Origin::calibrated,
     "E9 correlation of E and NE"},
    {Trait::adrenaline_gain, "adrenaline_gain", Link::log, "1", 0.398, Origin::calibrated,
     "E9 correlation of E and NE"},
    {Trait::gr_half_saturation, "gr_half_saturation", Link::log, "1", 0.10, Origin::assumed,
     "small residual besides the factor"},
    {Trait::acth_rate, "acth_rate", Link::log, "1", 0.172, Origin::calibrated, "E4, E5 spread",
     kLargestRateOmega},
    {Trait::cortisol_rate, "cortisol_rate", Link::log, "1", 0.17, Origin::calibrated,
     "E4, E5 spread", kLargestRateOmega},
    {Trait::circadian_amplitude, "circadian_amplitude", Link::log, "1", 0.12, Origin::assumed,
     "E14 spread of amplitudes", kLargestAmplitudeEffect},
    {Trait::circadian_phase, "circadian_phase", Link::identity, "h", 0.6, Origin::assumed,
     "chronotype: sd of about one hour"},
    {Trait::awakening_response, "awakening_response", Link::log, "1", 0.05, Origin::calibrated,
     "E13 share of responders", kLargestAwakeningEffect},
    {Trait::appraisal_gain, "appraisal_gain", Link::log, "1", 0.25, Origin::assumed,
     "between-person variation of appraisal", kLargestStressEffect},
    {Trait::engage_skill, "engage_skill", Link::log, "1", 0.20, Origin::assumed,
     "between-person variation of coping"},
    {Trait::reappraise_skill, "reappraise_skill", Link::log, "1", 0.20, Origin::assumed,
     "between-person variation of coping"},
    {Trait::executive_control, "executive_control", Link::identity, "1", 0.20, Origin::assumed,
     "besides the factor"},
    {Trait::hassle_rate, "hassle_rate", Link::log, "1", 0.179, Origin::calibrated, "S2, S8"},
    {Trait::life_event_rate, "life_event_rate", Link::log, "1", 0.677, Origin::calibrated,
     "S10 variance/mean"},
    {Trait::distress_level, "distress_level", Link::identity, "1", 0.08, Origin::calibrated,
     "S1, S6"},
    {Trait::symptom_reactivity, "symptom_reactivity", Link::log, "1", 0.40, Origin::calibrated,
     "T2, T3"},
    {Trait::recovery_rate, "recovery_rate", Link::log, "1", 0.97, Origin::calibrated, "T4"},
    {Trait::learning_rate, "learning_rate", Link::log, "1", 0.20, Origin::assumed,
     "between-person variation of learning"},
    {Trait::sleep_quality, "sleep_quality", Link::identity, "1", 0.30, Origin::assumed,
     "besides the factor"},
    {Trait::dopamine_gain, "dopamine_gain", Link::log, "1", 0.15, Origin::assumed,
     "besides the factor"},
    {Trait::energy_recovery, "energy_recovery", Link::log, "1", 0.10, Origin::assumed,
     "besides the factor"},
}};

/// One named entry of the loading matrix Lambda.
struct LoadingRow {
  Trait trait;
  Factor factor;
  double value;  ///< link units per standard deviation of the factor
  Origin origin;
  std::string_view source;
};

inline constexpr std::array kLoadingTable = {
    LoadingRow{Trait::hpa_gain, Factor::early_adversity, -0.10, Origin::calibrated, "E17"},
    LoadingRow{Trait::hpa_gain, Factor::noradrenergic_reactivity, 0.05, Origin::assumed, "weak"},
    LoadingRow{Trait::noradrenaline_gain, Factor::noradrenergic_reactivity, 0.25, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::adrenaline_gain, Factor::noradrenergic_reactivity, 0.20, Origin::assumed,
               "definition of the factor; E9"},
    LoadingRow{Trait::gr_half_saturation, Factor::gr_sensitivity, -0.15, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::circadian_amplitude, Factor::early_adversity, -0.03, Origin::assumed,
               "flatter diurnal slopes after adversity"},
    LoadingRow{Trait::appraisal_gain, Factor::emotional_stability, -0.12, Origin::calibrated,
               "S12"},
    LoadingRow{Trait::appraisal_gain, Factor::optimism, -0.06, Origin::calibrated, "S12"},
    LoadingRow{Trait::appraisal_gain, Factor::positive_appraisal, -0.08, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::engage_skill, Factor::self_efficacy, 0.15, Origin::calibrated, "S12"},
    LoadingRow{Trait::engage_skill, Factor::socioeconomic_resources, 0.05, Origin::assumed,
               "means to act"},
    LoadingRow{Trait::reappraise_skill, Factor::positive_appraisal, 0.20, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::executive_control, Factor::executive_capacity, 0.50, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::executive_control, Factor::sleep_quality, 0.15, Origin::assumed,
               "sleep loss impairs control"},
    LoadingRow{Trait::hassle_rate, Factor::emotional_stability, -0.06, Origin::calibrated,
               "r of hassles with factors -.15 to -.28"},
    LoadingRow{Trait::hassle_rate, Factor::social_support, -0.03, Origin::calibrated,
               "r of hassles with factors -.15 to -.28"},
    LoadingRow{Trait::hassle_rate, Factor::optimism, -0.02, Origin::calibrated,
               "r of hassles with factors -.15 to -.28"},
    LoadingRow{Trait::hassle_rate, Factor::socioeconomic_resources, -0.03, Origin::assumed,
               "fewer daily strains"},
    LoadingRow{Trait::distress_level, Factor::emotional_stability, -0.13, Origin::calibrated,
               "S12, S13"},
    LoadingRow{Trait::distress_level, Factor::optimism, -0.14, Origin::calibrated, "S12, S13"},
    LoadingRow{Trait::distress_level, Factor::self_efficacy, -0.14, Origin::calibrated, "S12, S13"},
    LoadingRow{Trait::distress_level, Factor::social_support, -0.07, Origin::calibrated,
               "S12, S13"},
    LoadingRow{Trait::distress_level, Factor::positive_appraisal, -0.26, Origin::calibrated,
               "T10; Kalisch 2015: sign"},
    LoadingRow{Trait::symptom_reactivity, Factor::emotional_stability, -0.15, Origin::calibrated,
               "T2"},
    LoadingRow{Trait::symptom_reactivity, Factor::early_adversity, 0.0, Origin::calibrated,
               "T5: adversity acts on major events, s_C"},
    LoadingRow{Trait::recovery_rate, Factor::emotional_stability, 0.08, Origin::calibrated, "T4"},
    LoadingRow{Trait::recovery_rate, Factor::social_support, 0.08, Origin::calibrated, "T4"},
    LoadingRow{Trait::recovery_rate, Factor::fitness, 0.05, Origin::assumed, "exercise"},
    LoadingRow{Trait::recovery_rate, Factor::early_adversity, 0.0, Origin::calibrated,
               "T5: as for symptom_reactivity"},
    LoadingRow{Trait::learning_rate, Factor::reward_sensitivity, 0.15, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::sleep_quality, Factor::sleep_quality, 0.60, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::dopamine_gain, Factor::reward_sensitivity, 0.20, Origin::assumed,
               "definition of the factor"},
    LoadingRow{Trait::energy_recovery, Factor::fitness, 0.15, Origin::assumed,
               "definition of the factor"},
};
inline constexpr int kLoadings = static_cast<int>(kLoadingTable.size());

struct TraitParameters {
  std::array<double, kTraits> omega;      ///< in the order of Trait
  std::array<double, kLoadings> loading;  ///< in the order of kLoadingTable
};

template <class T>
struct TraitState {
  T x[kTraits];        ///< (R1) of the trait factors; the malleable part is added each day
  T factor[kFactors];  ///< z, trait level, in the order of Factor
};
/// Columns: x_<trait>, then the factor names.
const std::array<Column, kTraits + kFactors>& trait_columns();

/// x_j of one person without the malleable part. eta: kTraits standard normal values.
void traits_reference(const TraitParameters& parameters, const double* factors, const double* eta,
                      double* x);

}  // namespace eustress
