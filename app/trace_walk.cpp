#include "app/trace_walk.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "parallel/decomposition.hpp"

namespace eustress::app {

namespace {

/// Of the traces that one thread holds at a time, one person at least.
constexpr double kBytesAtATime = 0x1p26;

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

}  // namespace

void walk_traces(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                 const Simulation& simulation, const TraceLayout& layout, const TraceOrigin& origin,
                 io::TracesFile& file) {
  const std::vector<TracedBlock> all = traced_blocks(layout);
  const parallel::BlockRange range =
      parallel::blocks_of_rank(static_cast<std::int64_t>(all.size()), comm.rank(), comm.size());
  const auto blocks = std::span(all).subspan(static_cast<std::size_t>(range.begin),
                                             static_cast<std::size_t>(range.size()));
  const Starts starts = read_starts(comm, origin, blocks);
  const int first_day = origin.checkpoint == nullptr ? 0 : origin.checkpoint->header().days_done;
  const std::vector<Task> tasks = tasks_of(layout, blocks);
  team.for_each(0, static_cast<std::int64_t>(tasks.size()), [&](std::int64_t t, int) {
    const Task& task = tasks[static_cast<std::size_t>(t)];
    const std::size_t arm = layout.arms[task.arm];
    const std::uint64_t number = blocks[task.block].number;
    const auto state = std::make_unique_for_overwrite<Block>();
    if (starts.empty()) {
      simulation.start(number, arm, *state);
    } else {
      *state = starts[origin.arms[arm]][task.block];
    }
    std::vector<PersonTrace> people;
    for (std::size_t i = task.first; i < task.end; ++i) {
      people.push_back(empty_trace(
          layout, static_cast<std::size_t>(layout.individuals[i] - number * kBlockSize)));
    }
    simulation.trace(arm, first_day, *state, layout, people);
    for (std::size_t i = task.first; i < task.end; ++i) {
      file.write(task.arm, i, people[i - task.first]);
    }
  });
}

}  // namespace eustress::app
