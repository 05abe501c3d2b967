#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/cohort_walk.hpp"
#include "app/study_source.hpp"
#include "app/trace_walk.hpp"
#include "app/verbs.hpp"
#include "core/engine/simulation.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_writer.hpp"
#include "io/files/atomic_file.hpp"
#include "io/report/text.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/results_size.hpp"
#include "parallel/affinity.hpp"
#include "parallel/groups.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

using Clock = std::chrono::steady_clock;

/// For the measurement of the speed.
constexpr double kMeasuredSeconds = 3.0;
constexpr int kDaysAtATime = 4;
/// What code and allocator grow by when a study runs, and what Open MPI 4.1 takes besides, as seen.
constexpr double kBytesOfUse = 12e6;
constexpr double kBytesOfMpi = 12e6;
/// What a file has besides its rows: names, units, the study.
constexpr double kBytesOfDescription = 1e5;
/// Of the time that is asked for beyond the expected one.
constexpr double kTimeMargin = 1.5, kTimeMarginSeconds = 120.0;
constexpr double kLongestJobSeconds = 12.0 * 3600.0;
constexpr double kMemoryMargin = 1.25;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::int64_t quotient_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

/// Memory of this process in bytes, now ("VmRSS:") or at most so far ("VmHWM:"); 0 if unknown.
double resident_bytes(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return 1024.0 * std::stod(line.substr(key.size()));
  }
  return 0.0;
}

/// Where the study is to run.
struct Place {
  int ranks = 1, threads = 1;
  parallel::RankGroups groups;  ///< for replicates
  int ranks_of_run = 1;
  std::int64_t rounds = 1;  ///< runs one after the other in a group
};

/// Of the rank that takes most, in bytes.
struct RankMemory {
  double program = 0.0, loading = 0.0, states = 0.0, courses = 0.0, sums = 0.0, buffers = 0.0;

  [[nodiscard]] double total() const {
    return std::max(loading, program + states + courses + sums + buffers);
  }
};

/// In bytes, of one run.
struct FileSizes {
  double results = 0.0, individuals = 0.0, traces = 0.0, checkpoint = 0.0;
  std::uint64_t slice_blocks = 0;
  std::int64_t slices = 1;
};

/// How fast this machine walks the study.
struct Speed {
  double per_thread = 0.0;  ///< individual-days/s
  double seconds = 0.0;     ///< of the measurement
  int threads = 1;
  std::int64_t individual_days = 0;
};

/// In seconds, of all runs of a group.
struct Times {
  double set_up = 0.0, walk = 0.0, traces = 0.0, checkpoints = 0.0, writing = 0.0;
  double save = 0.0;  ///< of one checkpoint
  double day = 0.0;   ///< of one day of a slice

  [[nodiscard]] double total() const { return set_up + walk + traces + checkpoints + writing; }
};

struct Plan {
  Place place;
  RankMemory memory;
  FileSizes files;
  Speed speed;
  Times times;
  double disk = 0.0;        ///< at most, while it runs
  double asked_time = 0.0;  ///< s
  double warning = 0.0;     ///< s, between the signal and the end of the time
  double asked_memory = 0.0;
};

io::RunDescription description_of(const LoadedStudy& loaded) {
  const Study& study = loaded.study;
  io::RunDescription run;
  run.title = study.title.empty() ? study.name : study.title;
  run.study = loaded.results_text();
  run.seed = study.seed;
  run.replicate = study.replicate;
  run.individuals = study.population.individuals;
  for (const Arm& arm : study.arms) run.arms.push_back(arm.name);
  return run;
}

Place place_of(const Study& study, const Options& options) {
  Place place;
  place.ranks = std::max(1, options.ranks);
  place.threads = parallel::ThreadTeam(options.threads).size();
  place.groups = parallel::groups_for(
      study.replicates,
      quotient_up(static_cast<std::int64_t>(block_count(study.population.individuals)),
                  place.threads),
      place.ranks);
  place.ranks_of_run = place.groups.size_of(place.groups.groups - 1);
  place.rounds = quotient_up(study.replicates, place.groups.groups);
  return place;
}

FileSizes file_sizes(const Simulation& simulation, const LoadedStudy& loaded, const Place& place) {
  const Study& study = simulation.study();
  const io::RunDescription run = description_of(loaded);
  FileSizes files;
  files.results = static_cast<double>(io::results_size(run, simulation.layout()));
  if (study.output.individuals) {
    files.individuals = kBytesOfDescription +
                        static_cast<double>(io::individuals_file_size(
                            simulation.layout(), study.population.individuals, study.arms.size()));
  }
  if (study.traces.is_asked_for()) files.traces = kBytesOfDescription + trace_size(study).all;
  files.slice_blocks = study.output.individuals
                           ? simulation.blocks()
                           : std::min(simulation.blocks(),
                                      slice_blocks(simulation, place.ranks_of_run, place.threads));
  files.slices = quotient_up(static_cast<std::int64_t>(simulation.blocks()),
                             static_cast<std::int64_t>(files.slice_blocks));
  if (study.checkpoint.active) {
    io::CheckpointHeader header;
    header.study = loaded.text();
    header.arms = run.arms;
    header.individuals = study.population.individuals;
    header.blocks = files.slice_blocks;
    header.record_numbers =
        study.arms.size() * course_numbers(simulation, study.output.individuals);
    header.cells = simulation.layout().cells();
    files.checkpoint = kBytesOfDescription + static_cast<double>(io::checkpoint_size(header));
  }
  return files;
}

/// Memory of this process, in bytes, with the study loaded.
struct Resident {
  double now = resident_bytes("VmRSS:"), most = resident_bytes("VmHWM:");
};

RankMemory memory_of(const Simulation& simulation, const Place& place, const FileSizes& files,
                     const Resident& loaded) {
  const Study& study = simulation.study();
  const auto arms = static_cast<double>(study.arms.size());
  const auto blocks =
      static_cast<double>(quotient_up(static_cast<std::int64_t>(files.slice_blocks),
                                      static_cast<std::int64_t>(place.ranks_of_run)));
  RankMemory memory;
  const double more = kBytesOfUse + (place.ranks > 1 ? kBytesOfMpi : 0.0);
  memory.program = loaded.now + more;
  memory.loading = loaded.most + more;
  memory.states = blocks * arms * static_cast<double>(sizeof(Block));
  memory.courses = blocks * arms * 4.0 *
                   static_cast<double>(course_numbers(simulation, study.output.individuals));
  const double of_thread = arms * 8.0 * static_cast<double>(simulation.layout().cells());
  // The total, and the copy of it that goes into a checkpoint.
  memory.sums = of_thread * (place.threads + (study.checkpoint.active ? 2 : 1));
  const double saving = std::clamp((memory.states + memory.courses) / 32.0, 0x1p20 * place.threads,
                                   0x1p23 * place.threads);
  // results.nc is made in memory, and copied once.
  memory.buffers = std::max(study.checkpoint.active ? saving : 0.0, 2.0 * files.results);
  return memory;
}

/// Walks blocks from everywhere in the cohort through the study, in all arms, until the time is up
/// or there is no other.
Speed measure(const Simulation& simulation, int wanted_threads) {
  const auto cpus = static_cast<int>(parallel::allowed_cpus().size());
  Speed speed;
  speed.threads = std::min(wanted_threads, std::max(1, cpus));
  const parallel::ThreadTeam team(speed.threads);
  const Study& study = simulation.study();
  const std::size_t arms = study.arms.size();
  const auto blocks = static_cast<double>(simulation.blocks());
  std::atomic<std::int64_t> next = 0, block_days = 0;
  std::vector<double> seconds(static_cast<std::size_t>(team.size()));
  const Clock::time_point begin = Clock::now();
  team.for_each(0, team.size(), [&](std::int64_t slot, int) {
    const Clock::time_point own_begin = Clock::now();
    const auto state = std::make_unique_for_overwrite<Block>();
    ObservationSums sums(simulation.layout());
    std::vector<float> course(kBlockSize * simulation.course_numbers());
    bool is_time = false;
    while (!is_time) {
      const auto item = static_cast<std::size_t>(next++);
      if (static_cast<double>(item / arms) >= blocks) break;
      // The golden ratio spreads any number of them evenly.
      double part = 0.0;
      part = std::modf(static_cast<double>(item / arms) * 0.6180339887498949, &part);
      const auto block = static_cast<std::uint64_t>(part * blocks);
      const std::size_t arm = item % arms;
      std::ranges::fill(course, 0.0F);
      simulation.start(block, arm, *state);
      for (int day = 0; day < study.days && !is_time; day += kDaysAtATime) {
        const int end = std::min(study.days, day + kDaysAtATime);
        simulation.walk(arm, day, end, *state, sums, course);
        block_days += end - day;
        is_time = seconds_since(begin) >= kMeasuredSeconds;
      }
    }
    seconds[static_cast<std::size_t>(slot)] = seconds_since(own_begin);
  });
  speed.seconds = seconds_since(begin);
  speed.individual_days = block_days * static_cast<std::int64_t>(kBlockSize);
  double of_all = 0.0;
  for (const double s : seconds) of_all += s;
  speed.per_thread = static_cast<double>(speed.individual_days) / std::max(of_all, 1e-6);
  return speed;
}

Times times_of(const Simulation& simulation, const Place& place, const FileSizes& files,
               const Speed& speed, double set_up) {
  const Study& study = simulation.study();
  const auto walk_seconds = [&](std::int64_t walks, int days) {
    const std::int64_t of_rank = quotient_up(walks, place.ranks_of_run);
    const auto of_thread = static_cast<double>(quotient_up(of_rank, place.threads));
    return of_thread * kBlockSize * days / speed.per_thread;
  };
  const auto arms = static_cast<std::int64_t>(study.arms.size());
  const auto rounds = static_cast<double>(place.rounds);
  Times times;
  times.set_up = rounds * set_up;
  times.walk = rounds * walk_seconds(static_cast<std::int64_t>(simulation.blocks()), study.days) *
               static_cast<double>(arms);
  times.day = times.walk / rounds / (static_cast<double>(files.slices) * study.days);
  if (study.traces.is_asked_for()) {
    const TraceLayout layout = trace_layout(study);
    times.traces =
        rounds * walk_seconds(static_cast<std::int64_t>(trace_walks(layout)), layout.to_day);
  }
  if (study.checkpoint.active) {
    const CheckpointPlan& plan = study.checkpoint;
    times.save = assumed_save_seconds(files.checkpoint);
    const double interval = plan.every_min > 0.0
                                ? 60.0 * plan.every_min
                                : std::sqrt(2.0 * times.save * 3600.0 * plan.mtbf_h);
    double saves = std::floor((times.walk + times.traces) / interval);
    if (plan.every_days > 0) {
      saves =
          std::max(saves, rounds * static_cast<double>(files.slices) *
                              std::floor(static_cast<double>(study.days - 1) / plan.every_days));
    }
    times.checkpoints = saves * times.save;
  }
  times.writing = rounds * assumed_save_seconds(files.results + files.individuals + files.traces);
  return times;
}

Plan plan_of(const LoadedStudy& loaded, const Options& options, double set_up) {
  const Study& study = loaded.study;
  const Simulation simulation(study, loaded.synthesis, options.isa.value_or(best_isa()));
  Plan plan;
  plan.place = place_of(study, options);
  const Resident resident;  // before the sizes are found, which takes memory too
  plan.files = file_sizes(simulation, loaded, plan.place);
  plan.memory = memory_of(simulation, plan.place, plan.files, resident);
  plan.speed = measure(simulation, plan.place.threads);
  plan.times = times_of(simulation, plan.place, plan.files, plan.speed, set_up);

  const FileSizes& files = plan.files;
  const double of_run = files.results + files.individuals + files.traces;
  const double saved = files.checkpoint * (study.checkpoint.keep + 1);
  plan.disk = study.replicates > 1
                  ? study.replicates * (of_run + files.results) + plan.place.groups.groups * saved
                  : of_run + saved;
  const auto up = [](double value, double unit) { return unit * std::ceil(value / unit); };
  plan.asked_time = up(kTimeMargin * plan.times.total() + kTimeMarginSeconds, 300.0);
  plan.warning = up(30.0 + 2.0 * plan.times.save + 1.5 * std::max(0.5, plan.times.day), 60.0);
  plan.asked_memory = up(kMemoryMargin * plan.memory.total() / 0x1p20, 100.0) * 0x1p20;
  return plan;
}

std::string clock_text(double seconds) {
  const auto s = static_cast<std::int64_t>(std::ceil(seconds));
  return fmt::format("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string duration_text(double seconds) {
  if (seconds < 120.0) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

void print_bytes(std::string_view what, double bytes) {
  fmt::print("  {:<38}{:>12.1f}\n", what, 1e-6 * bytes);
}

void print(const Plan& plan, const Study& study, const std::string& path) {
  const Place& place = plan.place;
  const FileSizes& files = plan.files;
  const std::uint64_t blocks = block_count(study.population.individuals);
  fmt::print("{}: {} individuals ({} blocks), {} days, {} arm{}; {} rank{} x {} thread{}\n",
             study.name, io::report::with_separators(study.population.individuals), blocks,
             study.days, study.arms.size(), study.arms.size() == 1 ? "" : "s", place.ranks,
             place.ranks == 1 ? "" : "s", place.threads, place.threads == 1 ? "" : "s");
  if (study.replicates > 1) {
    fmt::print("{} replicates in {} group{} of ranks, up to {} one after the other\n",
               study.replicates, place.groups.groups, place.groups.groups == 1 ? "" : "s",
               place.rounds);
  }
  const auto cores =
      static_cast<std::uint64_t>(place.ranks_of_run) * static_cast<std::uint64_t>(place.threads);
  if (cores > blocks) {
    fmt::print("note: {} threads for {} blocks of {} people: the others are idle\n", cores, blocks,
               kBlockSize);
  }

  fmt::print("\nmemory of a rank                                [MB]\n");
  const RankMemory& memory = plan.memory;
  print_bytes("program, study and tables", memory.program);
  print_bytes("state", memory.states);
  print_bytes(study.output.individuals ? "outcomes and individual output" : "outcomes",
              memory.courses);
  print_bytes("sums of observations", memory.sums);
  print_bytes("files in the making", memory.buffers);
  print_bytes("at most", memory.total());
  if (files.slices > 1) {
    fmt::print("  The cohort is walked in {} slices (numerics.memory_gib = {})\n", files.slices,
               study.memory_gib);
  }

  fmt::print("\ndisk{}                                            [MB]\n",
             study.replicates > 1 ? " of a replicate" : "");
  print_bytes("results.nc", files.results);
  if (files.individuals > 0.0) print_bytes("individuals.h5", files.individuals);
  if (files.traces > 0.0) print_bytes("traces.nc", files.traces);
  if (files.checkpoint > 0.0) print_bytes("a checkpoint", files.checkpoint);
  print_bytes(fmt::format("at most{}, while it runs", study.replicates > 1 ? " in all" : ""),
              plan.disk);

  const Times& times = plan.times;
  fmt::print(
      "\ntime, from {:.3g} individual-days/s per thread on this machine ({} individual-days in "
      "{:.1f} "
      "s on {} thread{})\n",
      plan.speed.per_thread,
      io::report::with_separators(static_cast<std::uint64_t>(plan.speed.individual_days)),
      plan.speed.seconds, plan.speed.threads, plan.speed.threads == 1 ? "" : "s");
  fmt::print("  {:<38}{:>12}\n", "simulation", duration_text(times.walk));
  if (times.traces > 0.0) fmt::print("  {:<38}{:>12}\n", "traces", duration_text(times.traces));
  fmt::print("  {:<38}{:>12}\n", "set-up, checkpoints, files",
             duration_text(times.set_up + times.checkpoints + times.writing));
  fmt::print("  {:<38}{:>12}\n", "together", duration_text(times.total()));

  const bool is_long = plan.asked_time > kLongestJobSeconds;
  fmt::print("\nfor Slurm, with a margin{}\n",
             is_long ? fmt::format("; stopped and requeued about {} times",
                                   static_cast<int>(plan.asked_time / kLongestJobSeconds))
                     : "");
  fmt::print("  #SBATCH --ntasks={}\n  #SBATCH --cpus-per-task={}\n", place.ranks, place.threads);
  fmt::print("  #SBATCH --mem-per-cpu={:.0f}M\n",
             std::ceil(plan.asked_memory / 0x1p20 / place.threads));
  fmt::print("  #SBATCH --time={}\n",
             clock_text(std::min(plan.asked_time + plan.warning, kLongestJobSeconds)));
  if (study.checkpoint.active) {
    fmt::print("  #SBATCH --signal=USR1@{:.0f}\n  #SBATCH --requeue\n", plan.warning);
  }
  fmt::print("  srun --cpus-per-task={0} eustress run {1} --threads {0}\n", place.threads, path);
}

std::string json_of(const Plan& plan, const Study& study) {
  const RankMemory& memory = plan.memory;
  const FileSizes& files = plan.files;
  const Times& times = plan.times;
  nlohmann::ordered_json json;
  json["study"] = study.name;
  json["ranks"] = plan.place.ranks;
  json["threads"] = plan.place.threads;
  json["memory_bytes"] = {{"program", memory.program},  {"state", memory.states},
                          {"outcomes", memory.courses}, {"sums", memory.sums},
                          {"buffers", memory.buffers},  {"total", memory.total()}};
  json["slices"] = files.slices;
  json["file_bytes"] = {{"results", files.results},
                        {"individuals", files.individuals},
                        {"traces", files.traces},
                        {"checkpoint", files.checkpoint}};
  json["disk_bytes"] = plan.disk;
  json["individual_days_per_s_and_thread"] = plan.speed.per_thread;
  json["seconds"] = {{"set_up", times.set_up},   {"simulation", times.walk},
                     {"traces", times.traces},   {"checkpoints", times.checkpoints},
                     {"writing", times.writing}, {"total", times.total()}};
  json["slurm"] = {{"time_s", plan.asked_time + plan.warning},
                   {"signal_s", plan.warning},
                   {"memory_bytes_of_rank", plan.asked_memory}};
  return json.dump(2) + "\n";
}

}  // namespace

void plan(const Options& options) {
  if (!options.json.empty() && !options.force) io::refuse_to_replace(options.json, "--json");
  const Clock::time_point begin = Clock::now();
  const auto alone = parallel::make_local_communicator();
  const std::string text = shared_text(*alone, options.path, ErrorKind::usage);
  const LoadedStudy loaded =
      load_study(*alone, text, options.path, directory_of(options.path), options.overrides);
  show_warnings(loaded.warnings);
  const Plan plan = plan_of(loaded, options, seconds_since(begin));
  print(plan, loaded.study, options.path);
  if (!options.json.empty()) io::write_file(options.json, json_of(plan, loaded.study));
}

}  // namespace eustress::app
