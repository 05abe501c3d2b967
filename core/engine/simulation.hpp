#pragma once

// A whole study on one block at a time: what each rank and thread does with the blocks it is given.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/observation.hpp"
#include "core/population/synthesis.hpp"
#include "core/study.hpp"

namespace eustress {

/// Immutable after construction; run_block may be called by many threads at once.
class Simulation {
 public:
  /// study and synthesis must outlive the simulation.
  Simulation(const Study& study, const Synthesis& synthesis, Isa isa);

  [[nodiscard]] const ObservationLayout& layout() const { return layout_; }
  [[nodiscard]] std::uint64_t blocks() const { return block_count(study_.population.individuals); }

  /// Walks one block through the whole study in every arm and adds what is seen of it to sums[arm].
  /// record: filled if not null. Throws Error(numerical) that names individual, day and quantity if
  /// the state is no longer finite.
  void run_block(std::uint64_t block, std::vector<ObservationSums>& sums,
                 BlockRecord* record) const;

 private:
  struct Scratch;
  void start(std::uint64_t first_id, Scratch& scratch) const;
  void modifiers_of(int day, Scratch& scratch) const;
  void observe(int day, const Block& block, const ModelParameters& parameters, std::size_t arm,
               ObservationSums& sums, BlockRecord* record, const Scratch& scratch) const;
  void check_finite(int day, std::size_t arm, const Scratch& scratch) const;

  const Study& study_;
  const Synthesis& synthesis_;
  ObservationLayout layout_;
  std::vector<double> stratum_cuts_;                   ///< of the factor, if strata = factor
  std::vector<std::unique_ptr<BlockKernel>> kernels_;  ///< one per arm
};

}  // namespace eustress
