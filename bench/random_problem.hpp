#pragma once

// Persons and drives with stressors at random times, on which errors are measured.

#include <cstdint>
#include <vector>

#include "bench/hpa_problem.hpp"

namespace eustress::bench {

enum class Rates {
  karin2020,  ///< 4, 20, 80 min, no lag; a circadian drive between .4 and 1.9
  acute,      ///< the program's defaults: lag, rhythm, awakening pulse, ultradian pulses
};
enum class Edges {
  on_grid,   ///< stressors begin and end at multiples of 5 min
  anywhere,  ///< at any time
};

struct Stressor {
  double onset, duration, height;  ///< [min], [min], added to the drive
};
struct RandomCase {
  Person person;
  std::vector<double> basal;  ///< of each half-hour
  std::vector<Stressor> stressors;
};

/// Person i of a problem, the same for any number of persons. Rates vary between persons as in
/// people(); each day has three stressors at random times from 07:30 to 22:30, 5 to 60 min long,
/// which add 1 to 5 to the drive.
RandomCase random_case(Rates rates, Edges edges, int days, std::uint32_t person);

/// What acts on the person: basal drive and stressors, exactly.
Drive drive_of(const RandomCase& one);
/// The stressors as a program with steps of dt_min sees them: onset at the nearest step, whole
/// steps long, rounded up.
RandomCase snapped(RandomCase one, double dt_min);

/// Multiples of `every` [min] up to the end of the drive.
std::vector<double> sample_times(const Drive& drive, double every);

}  // namespace eustress::bench
