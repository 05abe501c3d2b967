#pragma once

// What a study does to its individuals besides everyday life: regimes, waves and probes. All days
// are counted from 0, times of day in minutes after midnight.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/state.hpp"

namespace eustress {

/// [[regime]]: a time window with another exposure, for all, or for those who are in one group, of
/// one sex and in one stratum; what is not given does not restrict.
struct Regime {
  std::string name;
  int start_day = 0, end_day = 0;  ///< first day and the day after the last
  double hassle_rate = 1.0;        ///< factors on the rate of daily hassles,
  double life_event_rate = 1.0;    ///< of life events and potentially traumatic events,
  double severity = 1.0;           ///< on the severity of encounters
  double controllability = 1.0;    ///< and on their objective controllability
  std::optional<std::int32_t> group;
  std::optional<std::int32_t> sex;  ///< 0 or 1
  std::string stratum;              ///< its name, as in the results; empty: any
};

/// [[wave]]: a potentially traumatic event that hits a fraction of the cohort on one day.
struct Wave {
  std::string name;
  int day = 0;
  double fraction = 1.0;
  double severity = 1.0;  ///< relative to an ordinary potentially traumatic event
  double controllability = 0.05;
  StressorClass stressor = StressorClass::threat;
};

/// rest: nothing is given, samples only, as for the diurnal course or the awakening response.
enum class ProbeKind { stressor, crh, rest };

/// [[probe]]: a standard challenge given to everybody, with samples of the acute response.
struct Probe {
  std::string name;
  ProbeKind kind = ProbeKind::stressor;
  int day = 0;
  int minute = 15 * 60;  ///< onset, minutes after midnight, on the step grid
  StressorClass stressor = StressorClass::social_evaluative;
  double severity = 2.0;
  double controllability = 0.1;
  double predictability = 0.5;
  int duration_min = 15;
  double bolus = 10.0;           ///< crh: external CRH in baseline units
  double half_life_min = 30.0;   ///< crh
  std::vector<int> samples_min;  ///< times of the samples relative to onset, on the step grid
  /// A schedule in the study file. The reader makes `repeats` probes of it, NAME_1, NAME_2, ...,
  /// each of which has 1 here.
  int every_days = 1, repeats = 1;
};

}  // namespace eustress
