#pragma once

// A study on all ranks: the cohort in slices that fit into memory, one after the other, each from
// day to day, with checkpoints between days.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/progress.hpp"
#include "app/timings.hpp"
#include "core/engine/simulation.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/checkpoint/checkpoint_writer.hpp"
#include "io/results/individuals_file.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

inline constexpr const char* kSimulationPhase = "simulation";
inline constexpr const char* kCheckpointPhase = "checkpoints";
inline constexpr const char* kTracePhase = "traces";

/// Numbers that are kept of a block in one arm beside the state.
[[nodiscard]] std::size_t course_numbers(const Simulation& simulation, bool has_individuals);
/// Blocks of a slice of the cohort, on so many ranks with so many threads each. With individual
/// output there are no slices.
[[nodiscard]] std::uint64_t slice_blocks(const Simulation& simulation, int ranks, int threads);
/// What writing so many bytes is thought to take before it was measured.
[[nodiscard]] double assumed_save_seconds(double bytes);

/// How a walk is saved, and when it must end.
struct SavePlan {
  std::string directory;  ///< of the checkpoints; empty: none are written, nothing stops the walk
  /// Study, its directory, arms, individuals and lineage; the rest is filled in.
  io::CheckpointHeader header;
  double max_walltime_s = 0.0;                  ///< from `begin` on; 0: no limit
  std::chrono::steady_clock::time_point begin;  ///< of the program
  bool shown = false;                           ///< tell of checkpoints
  std::function<void()> before_first_save;      ///< on rank 0
  std::function<bool()> is_asked_to_stop;       ///< besides by a signal; may be empty
  bool has_traces = false;                      ///< they follow the walk, and may be stopped too
};

/// All functions are collective.
class CohortWalk {
 public:
  /// Everything given must outlive the walk. `individuals`: filled if not null; the whole cohort is
  /// then one slice.
  CohortWalk(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
             const Simulation& simulation, const SavePlan& plan, io::IndividualsFile* individuals,
             Timings& timings);

  /// Goes on from a checkpoint of the same study, or of one that differs in parameters only.
  /// `arms`: for each arm of this study the arm of the checkpoint that it continues. `is_own`: it
  /// is of this very run. Errors: AgreedError(input) if the checkpoint is damaged or does not fit.
  void restore(const io::Checkpoint& checkpoint, const std::vector<std::size_t>& arms, bool is_own);
  [[nodiscard]] int day() const { return slice_.day; }

  /// Walks to the end of the study, or until the walk must stop, and is then saved. Returns why it
  /// stopped; empty if it is at the end.
  std::string run();

  /// After run(), while the traces are walked: saves the walk if that is due. Why the program must
  /// stop, with the walk saved; empty if it need not.
  std::string save_or_stop();

  /// Ends the walk. The sums of each arm over all ranks, on rank 0; what was given to run() before
  /// is gone.
  std::vector<ObservationSums> take_sums();

 private:
  struct Slice {
    std::uint64_t number = 0, first_block = 0, blocks = 0;
    parallel::BlockRange mine;  ///< counted in the cohort
    int day = 0;
    std::vector<std::unique_ptr<Block[]>> states;  ///< of my blocks, per arm
    std::vector<float> courses;                    ///< [my block][arm][number][person]
  };
  struct Decision {
    bool save = false, stop = false;
    int stretch = 1;  ///< days until the next decision
  };

  /// Blocks of a slice.
  [[nodiscard]] std::uint64_t capacity() const;
  void require_fit(const io::Checkpoint& checkpoint) const;
  void lay_out(std::uint64_t number, std::uint64_t first_block, std::uint64_t blocks);
  void start_slice();
  void walk_to(int end_day);
  void finish_slice();
  [[nodiscard]] int stretch_end(int stretch) const;
  Decision decide();
  void save();
  /// Of a block and arm: what individual output needs too, if there is one.
  [[nodiscard]] std::size_t course_size() const;
  [[nodiscard]] std::span<float> course(std::size_t block, std::size_t arm);
  /// Of each arm, on rank 0 over all ranks.
  [[nodiscard]] std::vector<ObservationSums> total_sums() const;
  [[nodiscard]] std::size_t record_numbers(std::size_t arms) const;
  /// What a checkpoint of now says of itself.
  [[nodiscard]] io::CheckpointHeader slice_header() const;
  [[nodiscard]] double seconds_since(std::chrono::steady_clock::time_point time) const;

  const parallel::Communicator& comm_;
  const parallel::ThreadTeam& team_;
  const Simulation& simulation_;
  const SavePlan& plan_;
  io::IndividualsFile* individuals_;
  Timings& timings_;

  Slice slice_;
  std::vector<std::vector<ObservationSums>> sums_;  ///< [thread][arm]
  std::unique_ptr<Progress> progress_;
  std::string stop_reason_;                              // rank 0
  std::chrono::steady_clock::time_point last_save_;      // rank 0
  std::chrono::steady_clock::time_point stretch_begin_;  // rank 0
  int stretch_days_ = 1;                                 // rank 0
  double save_cost_s_ = 0.0;
  bool is_saved_ = false;          ///< once at least
  bool is_state_on_disk_ = false;  ///< what it is now
  io::ExaminedCheckpoints examined_;
};

}  // namespace eustress::app
