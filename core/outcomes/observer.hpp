#pragma once

// Counting outcomes while a study runs: into the numbers of a person, and into the cells of strata.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/engine/block.hpp"
#include "core/outcomes/layout.hpp"
#include "core/study.hpp"

namespace eustress {

/// A block and arm after the last day.
struct BlockEnd {
  const Block* state;
  std::span<const float> numbers;          ///< of the people, see OutcomeObserver
  std::span<const double> control_belief;  ///< of the people, mean over stressor classes
  std::span<std::int64_t> cells;           ///< of the arm, of all strata
};

/// `numbers`: of the people of a block and arm, [number][person] with kBlockSize people, all 0 at
/// the start; those of padding stay 0. `cells`: of one arm, [stratum][cell]. `people`: of the
/// block, from the first. Immutable; may be used by many threads.
class OutcomeObserver {
 public:
  /// study must outlive the observer.
  OutcomeObserver(const Study& study, const OutcomeLayout& layout);

  void observe_day(int day, std::size_t people, const Block& block, const BlockDayResult& result,
                   std::span<float> numbers) const;
  /// On days with an assessment, after observe_day.
  void observe_assessment(std::size_t assessment, std::size_t people, const Block& block,
                          const BlockDayResult& result, std::span<float> numbers,
                          std::span<std::int64_t> cells) const;
  /// Outcomes of persons and their differences to the first arm; once, when all is over. One entry
  /// per arm.
  void finish(std::size_t people, std::span<const BlockEnd> arms) const;

 private:
  void find_events(int day, std::size_t people, const Block& block, const BlockDayResult& result,
                   std::span<float> numbers) const;
  // Into the cells of one stratum, what a person leaves besides outcomes.
  void add_person(const BlockEnd& arm, std::size_t person, std::span<std::int64_t> cells) const;
  void add_factors(const Block& block, std::size_t person,
                   const std::array<std::int64_t, kScores>& sums,
                   std::span<std::int64_t> cells) const;
  void add_clock(std::span<const float> numbers, std::size_t person,
                 std::span<std::int64_t> cells) const;

  const Study& study_;
  OutcomeLayout layout_;
};

}  // namespace eustress
