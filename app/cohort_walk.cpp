#include "app/cohort_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/stop_request.hpp"
#include "parallel/agree.hpp"

namespace eustress::app {

namespace {

/// Between two decisions. Ranks wait for each other there, and nobody wants to wait longer than
/// this for a run that was asked to stop.
constexpr double kStretchSeconds = 0.5;
/// What a checkpoint is thought to cost before the first one was written.
constexpr double kAssumedBytesPerSecond = 2e8;
constexpr double kAssumedSeconds = 0.05;

using Clock = std::chrono::steady_clock;

}  // namespace

std::size_t course_numbers(const Simulation& simulation, bool has_individuals) {
  return kBlockSize *
         (has_individuals ? simulation.course_numbers() : simulation.outcome_numbers());
}

std::uint64_t slice_blocks(const Simulation& simulation, int ranks, int threads) {
  const double bytes_per_block =
      static_cast<double>(simulation.study().arms.size()) *
      static_cast<double>(sizeof(Block) + course_numbers(simulation, false) * sizeof(float));
  const double bytes = simulation.study().memory_gib * 0x1p30 * ranks;
  const auto one_each = static_cast<std::uint64_t>(ranks) * static_cast<std::uint64_t>(threads);
  return std::max(static_cast<std::uint64_t>(bytes / bytes_per_block), one_each);
}

double assumed_save_seconds(double bytes) {
  return kAssumedSeconds + bytes / kAssumedBytesPerSecond;
}

CohortWalk::CohortWalk(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                       const Simulation& simulation, const SavePlan& plan,
                       io::IndividualsFile* individuals, Timings& timings)
    : comm_(comm),
      team_(team),
      simulation_(simulation),
      plan_(plan),
      individuals_(individuals),
      timings_(timings),
      sums_(static_cast<std::size_t>(team.size())) {
  for (auto& of_thread : sums_) {
    of_thread.resize(simulation.study().arms.size(), ObservationSums(simulation.layout()));
  }
  lay_out(0, 0, capacity());
}

std::uint64_t CohortWalk::capacity() const {
  if (individuals_ != nullptr) return simulation_.blocks();
  // All ranks must agree, though they may have different numbers of threads.
  return comm_.min(slice_blocks(simulation_, comm_.size(), team_.size()));
}

void CohortWalk::lay_out(std::uint64_t number, std::uint64_t first_block, std::uint64_t blocks) {
  slice_.number = number;
  slice_.first_block = first_block;
  slice_.blocks = std::min(blocks, simulation_.blocks() - first_block);
  slice_.day = 0;
  const auto first = static_cast<std::int64_t>(first_block);
  slice_.mine = parallel::blocks_of_rank(static_cast<std::int64_t>(slice_.blocks), comm_.rank(),
                                         comm_.size());
  slice_.mine.begin += first;
  slice_.mine.end += first;
  slice_.states.clear();
  slice_.courses.clear();
}

/// Memory that is first written to by the thread that will use it, as far as that can be known.
void CohortWalk::start_slice() {
  const auto mine = static_cast<std::size_t>(slice_.mine.size());
  const std::size_t arms = simulation_.study().arms.size();
  for (std::size_t arm = 0; arm < arms; ++arm) {
    slice_.states.push_back(std::make_unique_for_overwrite<Block[]>(mine));
  }
  slice_.courses.assign(mine * record_numbers(arms), 0.0F);
}

std::size_t CohortWalk::course_size() const {
  return app::course_numbers(simulation_, individuals_ != nullptr);
}

std::span<float> CohortWalk::course(std::size_t block, std::size_t arm) {
  const std::size_t size = course_size();
  return std::span(slice_.courses)
      .subspan((block * simulation_.study().arms.size() + arm) * size, size);
}

void CohortWalk::restore(const io::Checkpoint& checkpoint, const std::vector<std::size_t>& arms,
                         bool is_own) {
  const io::CheckpointHeader& header = checkpoint.header();
  parallel::on_all(comm_, [&] { require_fit(checkpoint); });
  lay_out(header.slice, header.first_block, header.blocks);
  start_slice();
  const auto mine = static_cast<std::size_t>(slice_.mine.size());

  // Arms that are not continued are read too, as the checksums are over all arms, and dropped.
  std::vector<std::unique_ptr<Block[]>> dropped;
  std::vector<std::span<Block>> room(header.arms.size());
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    room[arms[arm]] = {slice_.states[arm].get(), mine};
  }
  for (std::size_t from = 0; from < room.size(); ++from) {
    if (std::ranges::find(arms, from) != arms.end()) continue;
    dropped.push_back(std::make_unique_for_overwrite<Block[]>(mine));
    room[from] = {dropped.back().get(), mine};
  }
  std::vector<float> records(mine * header.record_numbers);
  checkpoint.read_part(static_cast<std::uint64_t>(slice_.mine.begin), room, records, team_.size());
  const std::vector<std::int64_t> cells = checkpoint.read_sums();

  const std::size_t per_arm = course_size();
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    const std::size_t from = arms[arm];
    for (std::size_t b = 0; b < mine; ++b) {
      const std::size_t first = (b * header.arms.size() + from) * per_arm;
      std::copy_n(records.begin() + static_cast<std::ptrdiff_t>(first), per_arm,
                  course(b, arm).begin());
    }
    if (!comm_.is_root()) continue;
    std::copy_n(cells.begin() + static_cast<std::ptrdiff_t>(from * header.cells), header.cells,
                sums_.front()[arm].cells().begin());
  }
  slice_.day = header.days_done;
  is_state_on_disk_ = is_own;
}

void CohortWalk::require_fit(const io::Checkpoint& checkpoint) const {
  const io::CheckpointHeader& header = checkpoint.header();
  const std::size_t numbers = record_numbers(header.arms.size());
  if (header.individuals == simulation_.study().population.individuals &&
      header.days_done <= simulation_.study().days &&
      header.cells == simulation_.layout().cells() && header.record_numbers == numbers &&
      (individuals_ == nullptr || header.blocks == simulation_.blocks())) {
    return;
  }
  throw Error(ErrorKind::input,
              fmt::format("'{}' is of {} individuals after {} days with {} sums and {} recorded "
                          "numbers per block; this study has {} individuals, {} days, {} sums and "
                          "{} numbers. A checkpoint is continued with the [output] and [outcomes] "
                          "that it was made with, by a program that counts the same outcomes",
                          checkpoint.path(), header.individuals, header.days_done, header.cells,
                          header.record_numbers, simulation_.study().population.individuals,
                          simulation_.study().days, simulation_.layout().cells(), numbers));
}

void CohortWalk::walk_to(int end_day) {
  const std::size_t arms = simulation_.study().arms.size();
  team_.for_each(slice_.mine.begin, slice_.mine.end, [&](std::int64_t block, int thread) {
    const auto local = static_cast<std::size_t>(block - slice_.mine.begin);
    for (std::size_t arm = 0; arm < arms; ++arm) {
      Block& state = slice_.states[arm][local];
      if (slice_.day == 0) simulation_.start(static_cast<std::uint64_t>(block), arm, state);
      simulation_.walk(arm, slice_.day, end_day, state,
                       sums_[static_cast<std::size_t>(thread)][arm], course(local, arm));
    }
    progress_->finished(end_day - slice_.day);
  });
  slice_.day = end_day;
  is_state_on_disk_ = false;
}

void CohortWalk::finish_slice() {
  const std::size_t arms = simulation_.study().arms.size();
  team_.for_each(slice_.mine.begin, slice_.mine.end, [&](std::int64_t block, int thread) {
    const auto local = static_cast<std::size_t>(block - slice_.mine.begin);
    std::vector<const Block*> states;
    std::vector<std::span<const float>> courses;
    for (std::size_t arm = 0; arm < arms; ++arm) {
      states.push_back(&slice_.states[arm][local]);
      courses.emplace_back(course(local, arm));
    }
    const auto number = static_cast<std::uint64_t>(block);
    simulation_.finish(number, states, courses, sums_[static_cast<std::size_t>(thread)]);
    if (individuals_ != nullptr) {
      individuals_->write(simulation_.record_of(number, states, courses));
    }
  });
}

/// The end of a stretch: earlier if a checkpoint is due by days before.
int CohortWalk::stretch_end(int stretch) const {
  const Study& study = simulation_.study();
  int end = std::min(study.days, slice_.day + stretch);
  const int every = plan_.directory.empty() ? 0 : study.checkpoint.every_days;
  if (every > 0) end = std::min(end, (slice_.day / every + 1) * every);
  return end;
}

double CohortWalk::seconds_since(Clock::time_point time) const {
  return std::chrono::duration<double>(Clock::now() - time).count();
}

/// Rank 0 decides for all, because only one clock may count.
CohortWalk::Decision CohortWalk::decide() {
  const bool can_save = !plan_.directory.empty();
  const bool is_asked =
      !stop_signal().empty() || (plan_.is_asked_to_stop && plan_.is_asked_to_stop());
  const bool has_signal = comm_.max(std::int64_t{is_asked ? 1 : 0}) > 0;
  std::int64_t code = 0;
  if (comm_.is_root()) {
    const CheckpointPlan& checkpoint = simulation_.study().checkpoint;
    const double stretch_s = std::max(seconds_since(stretch_begin_), 1e-6);
    Decision decision;
    const double days = std::floor(stretch_days_ * kStretchSeconds / stretch_s);
    decision.stretch =
        static_cast<int>(std::clamp(days, 1.0, std::min(4.0 * stretch_days_, 36525.0)));
    const bool is_end = !plan_.has_traces && slice_.day == simulation_.study().days &&
                        slice_.first_block + slice_.blocks == simulation_.blocks();
    if (can_save && !is_end) {
      if (has_signal) {
        stop_reason_ = stop_signal().empty() ? "another rank was asked to stop by a signal"
                                             : fmt::format("asked to by {}", stop_signal());
      } else if (plan_.max_walltime_s > 0.0) {
        // The next stretch may take longer than this one, and saving than the last time.
        const double needed = 1.5 * std::max(stretch_s, kStretchSeconds) + 2.0 * save_cost_s_ + 0.5;
        if (seconds_since(plan_.begin) + needed > plan_.max_walltime_s) {
          stop_reason_ = fmt::format("--max-walltime of {:.0f} s", plan_.max_walltime_s);
        }
      }
      decision.stop = !stop_reason_.empty();
      const double interval = checkpoint.every_min > 0.0
                                  ? 60.0 * checkpoint.every_min
                                  : std::sqrt(2.0 * save_cost_s_ * 3600.0 * checkpoint.mtbf_h);
      decision.save = decision.stop || seconds_since(last_save_) >= interval ||
                      (checkpoint.every_days > 0 && slice_.day % checkpoint.every_days == 0 &&
                       slice_.day < simulation_.study().days);
    }
    code = 4 * std::int64_t{decision.stretch} + (decision.save ? 1 : 0) + (decision.stop ? 2 : 0);
  }
  comm_.broadcast(code);
  return {.save = (code & 1) != 0, .stop = (code & 2) != 0, .stretch = static_cast<int>(code / 4)};
}

std::vector<ObservationSums> CohortWalk::total_sums() const {
  std::vector<ObservationSums> total = sums_.front();
  for (std::size_t arm = 0; arm < total.size(); ++arm) {
    for (std::size_t thread = 1; thread < sums_.size(); ++thread) {
      total[arm].merge(sums_[thread][arm]);
    }
    comm_.sum_to_root(total[arm].cells());
  }
  return total;
}

/// Numbers that are kept of a block of the given arms beside the state.
std::size_t CohortWalk::record_numbers(std::size_t arms) const {
  return arms * course_size();
}

io::CheckpointHeader CohortWalk::slice_header() const {
  io::CheckpointHeader header = plan_.header;
  header.slice = slice_.number;
  header.first_block = slice_.first_block;
  header.blocks = slice_.blocks;
  header.days_done = slice_.day;
  header.cells = simulation_.layout().cells();
  header.record_numbers = record_numbers(simulation_.study().arms.size());
  return header;
}

void CohortWalk::save() {
  timings_.begin(kCheckpointPhase);
  const CheckpointPlan& checkpoint = simulation_.study().checkpoint;
  io::CheckpointPart part;
  part.first_block = static_cast<std::uint64_t>(slice_.mine.begin);
  for (const auto& states : slice_.states) {
    part.states.emplace_back(states.get(), static_cast<std::size_t>(slice_.mine.size()));
  }
  part.records = slice_.courses;
  const std::vector<ObservationSums> total = total_sums();
  std::vector<std::span<const std::int64_t>> sums;
  for (const ObservationSums& arm : total) sums.push_back(arm.cells());
  if (!is_saved_ && plan_.before_first_save) parallel::on_root(comm_, plan_.before_first_save);
  is_saved_ = true;
  const io::WrittenCheckpoint written =
      io::write_checkpoint(comm_, plan_.directory, slice_header(), part, sums,
                           {.writer = checkpoint.writer,
                            .keep = static_cast<std::size_t>(checkpoint.keep),
                            .threads = team_.size(),
                            .examined = &examined_});
  save_cost_s_ = written.seconds;
  last_save_ = Clock::now();
  is_state_on_disk_ = true;
  if (comm_.is_root() && plan_.shown) {
    progress_->close();
    fmt::print(stderr, "checkpoint {} after day {}: {:.1f} MB in {:.2f} s\n", written.path,
               slice_.day, 1e-6 * static_cast<double>(written.bytes), written.seconds);
    if (!written.warning.empty()) fmt::print(stderr, "warning: {}\n", written.warning);
  }
}

std::string CohortWalk::run() {
  const Study& study = simulation_.study();
  save_cost_s_ = assumed_save_seconds(static_cast<double>(io::checkpoint_size(slice_header())));

  const parallel::BlockRange all = parallel::blocks_of_rank(
      static_cast<std::int64_t>(simulation_.blocks()), comm_.rank(), comm_.size());
  const double arms = static_cast<double>(study.arms.size());
  const auto before = static_cast<std::int64_t>(slice_.first_block) / comm_.size() * study.days +
                      slice_.mine.size() * slice_.day;
  progress_ = std::make_unique<Progress>(all.size() * study.days, before, kBlockSize * arms,
                                         plan_.shown && comm_.is_root());
  timings_.begin(kSimulationPhase);
  last_save_ = Clock::now();
  int stretch = 1;
  while (true) {
    if (slice_.states.empty()) start_slice();
    while (slice_.day < study.days) {
      stretch_begin_ = Clock::now();
      const int end = stretch_end(stretch);
      stretch_days_ = end - slice_.day;
      walk_to(end);
      const Decision decision = decide();
      stretch = decision.stretch;
      if (decision.save) save();
      timings_.begin(kSimulationPhase);
      if (decision.stop) {
        progress_->close();
        comm_.broadcast(stop_reason_);
        return stop_reason_;
      }
    }
    const std::uint64_t next = slice_.first_block + slice_.blocks;
    if (next == simulation_.blocks()) break;
    finish_slice();
    lay_out(slice_.number + 1, next, capacity());
  }
  progress_->close();
  stretch_begin_ = Clock::now();
  return {};
}

std::string CohortWalk::save_or_stop() {
  const Decision decision = decide();
  if (decision.save && !is_state_on_disk_) {
    save();
    timings_.begin(kTracePhase);
  }
  stretch_begin_ = Clock::now();
  if (!decision.stop) return {};
  comm_.broadcast(stop_reason_);
  return stop_reason_;
}

std::vector<ObservationSums> CohortWalk::take_sums() {
  timings_.begin(kSimulationPhase);
  finish_slice();
  timings_.begin("waiting for ranks");
  comm_.barrier();
  timings_.begin("sums over ranks");
  std::vector<ObservationSums> total = total_sums();
  sums_.clear();
  return total;
}

}  // namespace eustress::app
