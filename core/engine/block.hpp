#pragma once

// Blocks: the unit of work, of random numbers and of files. A block is 64 individuals with
// consecutive ids, stored as packs of eight, one column per quantity (AoSoA).

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/challenges.hpp"
#include "core/engine/person.hpp"
#include "core/numerics/lanes.hpp"
#include "core/numerics/random.hpp"

namespace eustress {

inline constexpr int kPacksPerBlock = 8;
inline constexpr int kBlockSize = kPacksPerBlock * kLanes;

/// The last block of a cohort is padded with individuals that are simulated but never observed.
struct Block {
  std::uint64_t first_id = 0;
  PersonState<Lanes> pack[kPacksPerBlock];
};

constexpr std::uint64_t block_count(std::uint64_t individuals) {
  return (individuals + kBlockSize - 1) / kBlockSize;
}

struct ModifierLanes {
  Lanes log_hassle_rate, event_rate, severity, controllability;
};

/// A wave of today, with its place in the study (which selects its draws).
struct WaveToday {
  std::uint32_t index;
  double fraction, severity, controllability;
  StressorClass stressor;
};

/// What the day is for one block.
struct BlockDay {
  int day = 0;
  const ModifierLanes* modifiers = nullptr;  ///< kPacksPerBlock of them
  std::span<const WaveToday> waves;
  const Probe* stressor_probe = nullptr;
  const Probe* crh_probe = nullptr;
  const Probe* rest_probe = nullptr;
  const ReplayDay<Lanes>* replay = nullptr;  ///< kPacksPerBlock of them; null: no rows today
  bool assess = false;                       ///< questionnaires this evening
  /// Moments of the day that are looked at: the beginning of this step, and of every so manyth
  /// after it; none if negative.
  int first_moment = -1, moment_steps = 1;
};

struct SampleLanes {
  Lanes cortisol, acth, noradrenaline, adrenaline;
};

/// A pack at the beginning of a step: what of the state changes within a day, and what follows from
/// it. Named and explained in core/engine/trace.hpp.
struct MomentLanes {
  Lanes crh, acth, cortisol, brain_cortisol, pituitary, adrenal;
  Lanes noradrenaline, adrenaline, brain_noradrenaline, dopamine;
  Lanes fast_action, genomic_action;
  Lanes energy;
  Lanes arousal, salience, control;
  Lanes intensity;
};

struct SeriesDay;  // core/engine/series.hpp

/// What a day of one block leaves for observation, besides the state.
struct BlockDayResult {
  DaySummary<Lanes> summary[kPacksPerBlock];
  Lanes zero_if_finite[kPacksPerBlock];  ///< NaN where any number of the state is not finite
  Assessment<Lanes> assessment[kPacksPerBlock];  ///< if assessed
  /// Of today's probes, [sample][pack]; the caller's memory, not used on days without a probe.
  SampleLanes* stressor_samples = nullptr;
  SampleLanes* crh_samples = nullptr;
  SampleLanes* rest_samples = nullptr;
  /// Of the moments of today, [moment][pack], and the quality of last night's sleep (P6), [pack];
  /// the caller's memory, not used on days without moments.
  MomentLanes* moments = nullptr;
  Lanes* sleep_quality = nullptr;
};

/// Start values of one individual that come from outside the kernels.
struct PersonStart {
  double factor[kFactors];
  double extra_log_rate, stratum;
  std::int32_t group;
};

enum class Isa { baseline, avx2, avx512 };
std::string_view to_string(Isa isa);
/// The best instruction set that this processor has and this build contains.
Isa best_isa();
/// All that this processor can run, from baseline up.
std::vector<Isa> available_isas();

/// The model with its parameters, time step and random draws, in code for one instruction set. The
/// same bits on all of them. Immutable: one instance serves all threads.
class BlockKernel {
 public:
  virtual ~BlockKernel() = default;
  /// Sets the whole state of the block at the start of day 0. `starts`: kBlockSize entries.
  virtual void initialise(Block& block, std::span<const PersonStart> starts) const = 0;
  /// One day (core/engine/day.hpp).
  virtual void walk_day(Block& block, const BlockDay& today, BlockDayResult& result) const = 0;
  /// What the daily series see of it in the evening.
  virtual void see_day(const Block& block, const BlockDayResult& result,
                       SeriesDay& series) const = 0;
};

/// Throws Error(usage) if the processor or the build lacks the instruction set.
std::unique_ptr<BlockKernel> make_kernel(Isa isa, const ModelParameters& parameters, double dt_min,
                                         const DrawKeys& keys,
                                         const InterventionSlots& interventions = {});

/// Plain loops over single primitives, for tests and benchmarks.
struct PrimitiveKernels {
  void (*exp)(const double* x, double* y, std::size_t n);  // n: multiple of 8, like all here
  void (*log)(const double* x, double* y, std::size_t n);
  void (*reciprocal)(const double* x, double* y, std::size_t n);
  void (*uniform)(const StreamKey& key, std::uint64_t first_id, std::uint32_t time, double* pairs,
                  std::size_t individuals);  // all firsts, then all seconds
  void (*normal)(const StreamKey& key, std::uint64_t first_id, std::uint32_t time, double* pairs,
                 std::size_t individuals);
  /// n_steps of the HPA axis for 64 individuals; drive[step] for all of them.
  void (*hpa)(HpaState<Lanes>* states, const HpaRates<Lanes>* rates, const double* drive,
              std::size_t n_steps);
  void (*catecholamines)(CatecholamineState<Lanes>* states, const CatecholamineDecay& decay,
                         const double* target, std::size_t n_steps);
  void (*receptors)(ReceptorState<Lanes>* states, const ReceptorParameters& parameters,
                    double dt_min, const double* brain_cortisol, std::size_t n_steps);
  void (*drive)(DriveState<Lanes>* states, const DriveParameters& parameters, const StreamKey& key,
                std::uint64_t first_id, double* u, std::size_t days);
  /// What is added up of x (core/engine/series_kernel.hpp).
  void (*fixed_points)(const double* x, double scale, std::int64_t* values, std::int64_t* squares,
                       std::size_t n);
};
const PrimitiveKernels& primitives(Isa isa);

}  // namespace eustress
