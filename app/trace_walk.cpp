#include "app/trace_walk.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "parallel/decomposition.hpp"

namespace eustress::app {

namespace {

/// Of the traces that one thread holds at a time, one person at least.
constexpr double kBytesAtATime = 0x1p26;
/// Days of a block that are walked without a look at the clock.
constexpr int kDaysAtATime = 8;
/// After so much time all ranks ask whether they must stop.
constexpr std::chrono::milliseconds kStretch{500};

using Clock = std::chrono::steady_clock;

/// People of one block, by their places in the layout.
struct TracedBlock {
  std::uint64_t number;
  std::size_t first, end;
};

std::vector<TracedBlock> traced_blocks(const TraceLayout& layout) {
  std::vector<TracedBlock> blocks;
  for (std::size_t i = 0; i < layout.individuals.size(); ++i) {
    const std::uint64_t number = layout.individuals[i] / kBlockSize;
    if (blocks.empty() || blocks.back().number != number) blocks.push_back({number, i, i});
    blocks.back().end = i + 1;
  }
  return blocks;
}

/// States of this rank's blocks in a checkpoint, [arm][block]; nothing if there is no checkpoint.
using Starts = std::vector<std::unique_ptr<Block[]>>;

Starts read_starts(const parallel::Communicator& comm, const TraceOrigin& origin,
                   std::span<const TracedBlock> blocks) {
  Starts starts;
  if (origin.checkpoint == nullptr) return starts;
  const io::CheckpointHeader& header = origin.checkpoint->header();
  for (std::size_t arm = 0; arm < header.arms.size(); ++arm) {
    starts.push_back(std::make_unique_for_overwrite<Block[]>(blocks.size()));
  }
  // All ranks take part in every reading, some of them with nothing left to read.
  const auto rounds = static_cast<std::size_t>(comm.max(static_cast<std::uint64_t>(blocks.size())));
  for (std::size_t b = 0; b < rounds; ++b) {
    const bool is_mine = b < blocks.size();
    std::vector<std::span<Block>> room;
    for (const auto& of_arm : starts) {
      room.emplace_back(is_mine ? &of_arm[b] : nullptr, is_mine ? 1 : 0);
    }
    std::vector<float> records(is_mine ? header.record_numbers : 0);
    origin.checkpoint->read_part(is_mine ? blocks[b].number : header.first_block, room, records, 1);
  }
  return starts;
}

/// What a thread does at once.
struct Task {
  std::size_t block;       ///< among this rank's
  std::size_t arm;         ///< place in the layout
  std::size_t first, end;  ///< people, by their places in the layout
};

std::vector<Task> tasks_of(const TraceLayout& layout, std::span<const TracedBlock> blocks) {
  double bytes = 0.0;
  for (const TraceVariable& variable : trace_variables(layout)) {
    bytes += static_cast<double>(variable.length * sizeof(float));
  }
  const auto at_a_time = static_cast<std::size_t>(std::max(1.0, kBytesAtATime / bytes));
  std::vector<Task> tasks;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    for (std::size_t arm = 0; arm < layout.arms.size(); ++arm) {
      for (std::size_t first = blocks[b].first; first < blocks[b].end; first += at_a_time) {
        tasks.push_back({b, arm, first, std::min(first + at_a_time, blocks[b].end)});
      }
    }
  }
  return tasks;
}

/// A task that is under way.
struct BegunTask {
  Task task;
  std::unique_ptr<Block> state;
  std::vector<PersonTrace> people;
  int day;  ///< the next one
};

/// The traces of one rank.
class RankTraces {
 public:
  RankTraces(const parallel::ThreadTeam& team, const Simulation& simulation,
             const TraceLayout& layout, const TraceOrigin& origin, Starts starts,
             std::span<const TracedBlock> blocks, io::TracesFile& file)
      : team_(team),
        simulation_(simulation),
        layout_(layout),
        origin_(origin),
        starts_(std::move(starts)),
        blocks_(blocks),
        file_(file),
        tasks_(tasks_of(layout, blocks)),
        open_(static_cast<std::int64_t>(tasks_.size())),
        begun_(static_cast<std::size_t>(team.size())) {}

  /// Tasks that are not done.
  [[nodiscard]] std::int64_t open() const { return open_; }

  /// Goes on with all threads until `end`, or until all tasks are done.
  void walk_until(Clock::time_point end) {
    team_.for_each(0, team_.size(), [&](std::int64_t slot, int) {
      std::optional<BegunTask>& mine = begun_[static_cast<std::size_t>(slot)];
      do {
        if (!mine && !begin_next(mine)) return;
        walk_days(*mine);
        if (mine->day < layout_.to_day) continue;
        for (std::size_t i = mine->task.first; i < mine->task.end; ++i) {
          file_.write(mine->task.arm, i, mine->people[i - mine->task.first]);
        }
        mine.reset();
        --open_;
      } while (Clock::now() < end);
    });
  }

 private:
  /// False if there is no task left to begin.
  bool begin_next(std::optional<BegunTask>& mine) {
    const std::size_t next = next_++;
    if (next >= tasks_.size()) return false;
    const Task& task = tasks_[next];
    const std::size_t arm = layout_.arms[task.arm];
    const std::uint64_t number = blocks_[task.block].number;
    mine.emplace(BegunTask{task, std::make_unique_for_overwrite<Block>(), {}, 0});
    if (starts_.empty()) {
      simulation_.start(number, arm, *mine->state);
    } else {
      *mine->state = starts_[origin_.arms[arm]][task.block];
      mine->day = origin_.checkpoint->header().days_done;
    }
    for (std::size_t i = task.first; i < task.end; ++i) {
      mine->people.push_back(empty_trace(
          layout_, static_cast<std::size_t>(layout_.individuals[i] - number * kBlockSize)));
    }
    return true;
  }

  void walk_days(BegunTask& mine) const {
    const int end = std::min(mine.day + kDaysAtATime, layout_.to_day);
    simulation_.trace(layout_.arms[mine.task.arm], mine.day, end, *mine.state, layout_,
                      mine.people);
    mine.day = end;
  }

  const parallel::ThreadTeam& team_;
  const Simulation& simulation_;
  const TraceLayout& layout_;
  const TraceOrigin& origin_;
  const Starts starts_;
  const std::span<const TracedBlock> blocks_;
  io::TracesFile& file_;
  const std::vector<Task> tasks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::int64_t> open_;
  std::vector<std::optional<BegunTask>> begun_;  ///< of each thread
};

}  // namespace

std::size_t trace_walks(const TraceLayout& layout) {
  return tasks_of(layout, traced_blocks(layout)).size();
}

std::string walk_traces(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                        const Simulation& simulation, const TraceLayout& layout,
                        const TraceOrigin& origin, const std::function<std::string()>& stop,
                        io::TracesFile& file) {
  const std::vector<TracedBlock> all = traced_blocks(layout);
  const parallel::BlockRange range =
      parallel::blocks_of_rank(static_cast<std::int64_t>(all.size()), comm.rank(), comm.size());
  const auto blocks = std::span(all).subspan(static_cast<std::size_t>(range.begin),
                                             static_cast<std::size_t>(range.size()));
  RankTraces mine(team, simulation, layout, origin, read_starts(comm, origin, blocks), blocks,
                  file);
  while (true) {
    mine.walk_until(Clock::now() + kStretch);
    if (comm.max(mine.open()) == 0) return {};
    std::string reason = stop();
    if (!reason.empty()) return reason;
  }
}

}  // namespace eustress::app
