#pragma once

// A whole study, one block and arm at a time: what each rank and thread does with the blocks it is
// given.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/observation.hpp"
#include "core/engine/strata.hpp"
#include "core/engine/trace.hpp"
#include "core/outcomes/observer.hpp"
#include "core/population/synthesis.hpp"
#include "core/study.hpp"

namespace eustress {

/// Looks at a block at the end of every day: its state, and what the day left (assessments are of
/// today only if it is a questionnaire day, samples if there is a probe).
using DayWatch = std::function<void(int day, const Block& state, const BlockDayResult& seen)>;

/// Immutable after construction; all functions may be called by many threads at once.
class Simulation {
 public:
  /// study and synthesis must outlive the simulation.
  Simulation(const Study& study, const Synthesis& synthesis, Isa isa);

  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] const ObservationLayout& layout() const { return layout_; }
  [[nodiscard]] std::uint64_t blocks() const { return block_count(study_.population.individuals); }

  /// What is kept of a person and arm while the study runs, beside the state: this many numbers
  /// for outcomes, and with those for individual output, assessments and samples, so many in all.
  [[nodiscard]] std::size_t outcome_numbers() const { return layout_.outcomes.number.count; }
  [[nodiscard]] std::size_t course_numbers() const { return course_numbers_; }

  /// The block at the start of day 0 of an arm.
  void start(std::uint64_t block, std::size_t arm, Block& state) const;
  /// Walks the days [first_day, end_day) and adds what is seen to the arm's sums. `course`: the
  /// numbers of the kBlockSize people, [number][person], 0 at the start; outcome_numbers(), or
  /// course_numbers() for individual output. Throws Error(numerical) that names individual, day and
  /// quantity if the state is no longer finite. `watch`: called every evening, if not null.
  void walk(std::size_t arm, int first_day, int end_day, Block& state, ObservationSums& sums,
            std::span<float> course, const DayWatch* watch = nullptr) const;
  /// Walks the days [first_day, end_day) as walk() does, to the bit, and keeps of the people of the
  /// block, which is in its state at the start of first_day, what they are traced for on those of
  /// the days that are in the layout. end_day: at most layout.to_day. Errors: as of walk().
  void trace(std::size_t arm, int first_day, int end_day, Block& state, const TraceLayout& layout,
             std::span<PersonTrace> people) const;
  /// A block after the last day: adds the outcomes of its people to the sums of each arm.
  void finish(std::uint64_t block, std::span<const Block* const> at_end,
              std::span<const std::span<const float>> courses,
              std::span<ObservationSums> sums) const;
  /// The rows of a block for individual output, from its state and course of each arm after the
  /// last day.
  [[nodiscard]] BlockRecord record_of(std::uint64_t block, std::span<const Block* const> at_end,
                                      std::span<const std::span<const float>> courses) const;

  /// All of this for one block. record: filled if not null.
  void run_block(std::uint64_t block, std::vector<ObservationSums>& sums,
                 BlockRecord* record) const;

 private:
  struct Scratch;
  using Evening = std::function<void(int day)>;
  /// The days [first_day, end_day), each followed by its evening.
  void live(std::size_t arm, int first_day, int end_day, Block& state, Scratch& scratch,
            const Evening& evening) const;
  /// Individuals of the cohort in the block, the rest is padding.
  [[nodiscard]] int people_in(std::uint64_t block) const;
  /// What of the people of the block decides on their exposure and is not in their state.
  void meet(const Block& state, Scratch& scratch) const;
  void modifiers_of(int day, std::size_t arm, const Block& state, Scratch& scratch) const;
  void place_replay(std::size_t person, std::span<const ReplayRow> rows,
                    const ExposureParameters& parameters, Scratch& scratch) const;
  void observe(int day, std::size_t arm, const Block& block, Scratch& scratch,
               ObservationSums& sums, std::span<float> course) const;
  void observe_probe(std::size_t probe, std::size_t arm, const Block& block, const Scratch& scratch,
                     ObservationSums& sums, std::span<float> course) const;
  void check_finite(int day, std::size_t arm, const Block& block,
                    const BlockDayResult& result) const;

  const Study& study_;
  const Synthesis& synthesis_;
  Strata strata_;
  ObservationLayout layout_;
  OutcomeObserver outcomes_;
  std::vector<std::unique_ptr<BlockKernel>> kernels_;  ///< one per arm
  std::size_t course_numbers_ = 0;
  std::vector<std::size_t> first_sample_;  ///< of each probe, among the numbers of the course
};

}  // namespace eustress
