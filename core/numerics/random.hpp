#pragma once

// Counter-based random numbers: a draw is a pure function of (seed, replicate, purpose) and
// (individual, time, index). No state, so a draw never depends on who computes it or when, and a
// new purpose, output or individual never shifts the draws of another.
//
// Generator: Threefry4x32-20 (Salmon et al. 2011, doi 10.1145/2063384.2063405).

#include <cstdint>

namespace eustress {

/// What a draw is for. Values are part of the reproducibility contract: append, never renumber.
enum class Purpose : std::uint32_t {
  factors = 1,          ///< resilience factors and covariates
  traits = 2,           ///< between-person variation of parameters
  initial_state = 3,    ///< stationary start of fluctuating quantities
  ultradian = 4,        ///< HPA drive
  hassle_rate = 5,      ///< daily innovations of the hassle rate
  hassles = 6,          ///< daily hassle count
  encounters = 7,       ///< onset, class and properties of the day's encounters
  life_events = 8,      ///< life events and potentially traumatic events
  waves = 9,            ///< who is hit by a wave
  coping_success = 10,  ///< choice and success of coping, index = step of the choice
  resampling = 11,      ///< rows of a cohort table that is up-sampled
  symptom_jump = 12,    ///< size of the reaction to an event
  questionnaire = 13,   ///< item noise
  mood = 14,            ///< daily innovations of mood and malleable factors
  enrolment = 15,       ///< who is among the random share of an intervention
  interventions = 16,   ///< whether an intervention is followed today, or given up
  assay = 17,           ///< what a laboratory measures of a sample
  groups = 18,          ///< what the members of a group have in common; individual = group code
};

/// Selects one family of draws.
struct StreamKey {
  std::uint64_t seed = 0;
  std::uint32_t replicate = 0;
  Purpose purpose = Purpose::factors;
};

/// Random draws of a study: one key per purpose.
struct DrawKeys {
  std::uint64_t seed;
  std::uint32_t replicate;
  [[nodiscard]] StreamKey operator()(Purpose purpose) const { return {seed, replicate, purpose}; }
};

struct UniformPair {
  double first, second;  // in (0,1)
};

/// Two uniform values in (0,1), multiples of 2^-53 apart from the ends.
/// `time` is a day in most uses, `index` tells draws of the same day apart.
UniformPair uniform_pair(const StreamKey& key, std::uint64_t individual, std::uint32_t time,
                         std::uint32_t index);

/// Two independent standard normal values, computed exactly as the packs do.
UniformPair normal_pair(const StreamKey& key, std::uint64_t individual, std::uint32_t time,
                        std::uint32_t index);

}  // namespace eustress
