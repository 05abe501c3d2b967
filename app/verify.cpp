#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "app/child_process.hpp"
#include "app/verbs.hpp"
#include "app/verify_cases.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/files/run_directory.hpp"
#include "io/provenance/provenance.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A run takes about a second; on a loaded machine some more.
constexpr auto kRunLimit = 10min;
constexpr std::uintmax_t kShownBytes = 4000;

volatile std::sig_atomic_t interruption = 0;
extern "C" void remember_interruption(int signal) {
  interruption = signal;
}
struct Interrupted {};

/// A case that went wrong, and why.
struct Failure {
  std::string reason;
};

/// Where everything happens.
class Scratch {
 public:
  /// `kept`: a new directory to be kept; empty: a temporary one.
  explicit Scratch(const std::string& kept) {
    const char* place = std::getenv("TMPDIR");
    std::string name = fmt::format("{}/eustress-verify-XXXXXX",
                                   place == nullptr || *place == '\0' ? "/tmp" : place);
    if (::mkdtemp(name.data()) == nullptr) {
      throw io::system_failure(fmt::format("create a directory like '{}'", name), errno);
    }
    temporary_ = name;
    runs_ = kept.empty() ? temporary_ / "runs" : fs::absolute(kept);
    std::error_code failure;
    const bool is_new = fs::create_directories(runs_, failure);
    if (!failure && (is_new || fs::is_empty(runs_, failure))) return;
    fs::remove_all(temporary_, failure);
    throw Error(ErrorKind::usage, fmt::format("-o: '{}' must be a new or empty directory{}", kept,
                                              failure ? ": " + failure.message() : ""));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(temporary_, ignored);
  }

  [[nodiscard]] const fs::path& runs() const { return runs_; }
  /// For what launchers leave behind when they are killed.
  [[nodiscard]] const fs::path& temporary() const { return temporary_; }

 private:
  fs::path temporary_, runs_;
};

/// The end of a text file, for a reader of the terminal.
std::string tail_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uintmax_t>(std::max<std::streamoff>(in.tellg(), 0));
  in.seekg(static_cast<std::streamoff>(size - std::min(size, kShownBytes)));
  std::string text;
  for (std::string line; std::getline(in, line);) text += fmt::format("    | {}\n", line);
  return text;
}

bool says(const fs::path& path, std::string_view words) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.find(words) != std::string::npos) return true;
  }
  return false;
}

/// Empty if the files are equal.
std::string difference(const fs::path& expected, const fs::path& found) {
  std::ifstream a(expected, std::ios::binary), b(found, std::ios::binary);
  const std::string name = expected.filename().string();
  if (!a) return fmt::format("{} cannot be read", expected.string());
  if (!b) return fmt::format("{} is missing", name);
  std::vector<char> left(1 << 20), right(1 << 20);
  std::uint64_t offset = 0;
  while (a || b) {
    a.read(left.data(), static_cast<std::streamsize>(left.size()));
    b.read(right.data(), static_cast<std::streamsize>(right.size()));
    const auto end = left.begin() + std::min(a.gcount(), b.gcount());
    const auto wrong = std::mismatch(left.begin(), end, right.begin()).first;
    if (wrong != end || a.gcount() != b.gcount()) {
      return fmt::format("{} differs from byte {} on", name,
                         offset + static_cast<std::uint64_t>(wrong - left.begin()));
    }
    offset += static_cast<std::uint64_t>(a.gcount());
  }
  return offset == 0 ? fmt::format("{} is empty", name) : "";
}

std::string to_text(const VerifyLayout& layout) {
  std::string text = fmt::format("{} x {}", layout.ranks, layout.threads);
  if (layout.isa) text += fmt::format(" {}", to_string(*layout.isa));
  if (layout.is_launched && layout.ranks == 1) text += " (launched)";
  return text;
}

class Verification {
 public:
  Verification(const Options& options, const Scratch& scratch)
      : options_(options), scratch_(scratch), own_(own_executable()) {
    std::istringstream words(options.launcher);
    for (std::string word; words >> word;) launcher_.push_back(word);
    // Layouts are tried for their results, not for their speed.
    environment_ = {{"OMPI_MCA_rmaps_base_oversubscribe", "1"},
                    {"OMPI_MCA_hwloc_base_binding_policy", "none"},
                    {"OMPI_MCA_mpi_yield_when_idle", "1"},
                    {"PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe"},
                    {"PRTE_MCA_hwloc_default_binding_policy", "none"}};
  }

  int perform();

 private:
  enum class Outcome { as_expected, wrong, skipped };

  Outcome perform(const VerifyCase& one, const fs::path& directory, std::string& layout,
                  std::string& result);
  [[nodiscard]] ChildProcess start(const VerifyCase& one, bool is_second,
                                   const fs::path& directory) const;
  static int wait_for(ChildProcess& run, const VerifyCase* stop_of, const fs::path& directory);
  static void wait_for_lock(const fs::path& directory);
  void stop(const VerifyCase& one, const fs::path& directory, std::string& layout) const;
  [[nodiscard]] std::vector<std::string> differences(const VerifyCase& one,
                                                     const fs::path& directory) const;

  const Options& options_;
  const Scratch& scratch_;
  std::string own_;
  std::vector<std::string> launcher_;
  std::vector<std::pair<std::string, std::string>> environment_;
  std::vector<std::pair<std::string, fs::path>> references_;  ///< of studies
};

fs::path output_of(const fs::path& run_directory) {
  return run_directory.string() + ".txt";
}

/// The newest checkpoint that is published.
std::optional<io::CheckpointName> newest_checkpoint(const fs::path& directory) {
  const std::string checkpoints = (directory / io::kCheckpointsName).string();
  for (const io::CheckpointName& name : io::checkpoint_names(checkpoints)) {
    if (fs::exists(io::data_path(checkpoints, name))) return name;
  }
  return std::nullopt;
}

ChildProcess Verification::start(const VerifyCase& one, bool is_second,
                                 const fs::path& directory) const {
  const VerifyLayout& layout = is_second ? one.second_layout : one.layout;
  std::vector<std::string> command;
  if (layout.is_launched) {
    for (std::string word : launcher_) {
      const std::size_t at = word.find("{ranks}");
      if (at != std::string::npos) word.replace(at, 7, std::to_string(layout.ranks));
      command.push_back(std::move(word));
    }
  }
  command.push_back(own_);
  const std::vector<std::string>& overrides = is_second ? one.second_overrides : one.overrides;
  if (is_second && overrides.empty() && one.stop != VerifyStop::kill) {
    for (const std::string& word : {std::string("resume"), directory.string()}) {
      command.push_back(word);
    }
  } else {
    const fs::path file = scratch_.runs() / (one.study + ".toml");
    for (const std::string& word :
         {std::string("run"), file.string(), std::string("-o"), directory.string()}) {
      command.push_back(word);
    }
    for (const std::string& change : overrides) {
      command.emplace_back("--set");
      command.push_back(change);
    }
  }
  command.emplace_back("--threads");
  command.push_back(std::to_string(layout.threads));
  if (layout.isa) {
    command.emplace_back("--isa");
    command.emplace_back(to_string(*layout.isa));
  }
  if (!is_second && one.stop == VerifyStop::walltime) {
    // Less than a run keeps in reserve: it stops as soon as it can.
    command.emplace_back("--max-walltime");
    command.emplace_back("1s");
  }
  std::vector<std::pair<std::string, std::string>> environment = environment_;
  if (!is_second && one.stop == VerifyStop::kill) {
    // Open MPI's shared memory, which nobody removes if its launcher is killed too.
    environment.emplace_back("OMPI_MCA_orte_tmpdir_base", scratch_.temporary().string());
    environment.emplace_back("OMPI_MCA_btl_vader_backing_directory", scratch_.temporary().string());
  }
  return {command, environment, output_of(directory).string()};
}

/// Waits for the end of the run and returns its exit code; or for the point where `stop_of` wants
/// it to be stopped, and returns -1.
int Verification::wait_for(ChildProcess& run, const VerifyCase* stop_of,
                           const fs::path& directory) {
  const Clock::time_point begin = Clock::now();
  while (true) {
    if (interruption != 0) throw Interrupted();
    if (const std::optional<int> code = run.exit_code()) return *code;
    if (stop_of != nullptr) {
      const std::optional<io::CheckpointName> newest = newest_checkpoint(directory);
      if (newest && *newest >= stop_of->after) return -1;
    }
    if (Clock::now() - begin > kRunLimit) {
      throw Failure{
          fmt::format("no end after {:.0f} s", std::chrono::duration<double>(kRunLimit).count())};
    }
    std::this_thread::sleep_for(stop_of == nullptr ? 5ms : 1ms);
  }
}

/// Ranks on other hosts may outlive their launcher for a while.
void Verification::wait_for_lock(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  const Clock::time_point begin = Clock::now();
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && Clock::now() - begin < 1min) {
    std::this_thread::sleep_for(5ms);
  }
  ::close(descriptor);
}

/// The first part of a run, with what happens to it.
void Verification::stop(const VerifyCase& one, const fs::path& directory,
                        std::string& layout) const {
  {
    ChildProcess run = start(one, false, directory);
    int code = wait_for(run, one.stop == VerifyStop::walltime ? nullptr : &one, directory);
    if (code == -1 && one.stop == VerifyStop::signal) {
      run.interrupt(SIGUSR1);
      code = wait_for(run, nullptr, directory);
    } else if (code == -1) {
      run.kill();
      wait_for_lock(directory);
    }
    if (code == 0) throw Failure{"it was finished before it could be stopped"};
    if (code != -1 && code != kRequeue) throw Failure{fmt::format("exit code {}, not 85", code)};
  }
  const std::optional<io::CheckpointName> newest = newest_checkpoint(directory);
  if (!newest) throw Failure{"no checkpoint was left"};
  layout += newest->slice == 0 ? fmt::format(", day {}", newest->day)
                               : fmt::format(", slice {} day {}", newest->slice + 1, newest->day);
  layout += " -> " + to_text(one.second_layout);
}

std::vector<std::string> Verification::differences(const VerifyCase& one,
                                                   const fs::path& directory) const {
  const auto reference =
      std::ranges::find(references_, one.study, &std::pair<std::string, fs::path>::first);
  if (reference == references_.end()) throw Failure{"there is no straight run to compare it with"};
  std::vector<std::string> found;
  for (const std::string_view file :
       {io::kResultsName, io::kIndividualsName, io::kTracesName, io::kStudyName}) {
    if (!fs::exists(reference->second / file)) continue;
    std::string wrong = difference(reference->second / file, directory / file);
    if (!wrong.empty()) found.push_back(std::move(wrong));
  }
  return found;
}

Verification::Outcome Verification::perform(const VerifyCase& one, const fs::path& directory,
                                            std::string& layout, std::string& result) {
  layout = to_text(one.layout);
  if (one.stop != VerifyStop::none) stop(one, directory, layout);
  {
    ChildProcess run = start(one, one.stop != VerifyStop::none, directory);
    const int code = wait_for(run, nullptr, directory);
    if (code != 0) throw Failure{fmt::format("exit code {}", code)};
  }
  if (one.stop != VerifyStop::none && !says(output_of(directory), "going on from ")) {
    throw Failure{"it did not go on from a checkpoint, but started anew"};
  }
  if (one.expected == VerifyCase::Expected::reference) {
    if (!fs::exists(directory / io::kResultsName)) throw Failure{"there are no results"};
    references_.emplace_back(one.study, directory);
    result = "reference";
    return Outcome::as_expected;
  }
  const std::vector<std::string> found = differences(one, directory);
  if (one.expected == VerifyCase::Expected::different) {
    if (found.empty()) throw Failure{"the same bytes, which cannot be: nothing is compared"};
    result = "different, as it must be";
    return Outcome::as_expected;
  }
  result = found.empty() ? "same" : fmt::format("DIFFERENT: {}", fmt::join(found, "; "));
  return found.empty() ? Outcome::as_expected : Outcome::wrong;
}

int Verification::perform() {
  const bool has_launcher = options_.launcher != "none";
  const bool can_launch = has_launcher && is_program(launcher_.front());
  for (const VerifyStudy& study : verify_studies()) {
    io::write_file((scratch_.runs() / (study.name + ".toml")).string(), study.text);
  }
  const io::Provenance& program = io::this_program();
  fmt::print("eustress {} ({}, {}), {}; ranks by: {}\n", program.version,
             program.commit.substr(0, 10), program.compiler, to_string(best_isa()),
             options_.launcher);
  fmt::print("{:<8}{:<36}{:<40}{:>7}  {}\n", "study", "case", "ranks x threads", "seconds",
             "result");
  int same = 0, wrong = 0, skipped = 0;
  std::string last_words;
  for (const VerifyCase& one : verify_cases(options_.full, has_launcher)) {
    const fs::path directory =
        scratch_.runs() / fmt::format("{:03}-{}", same + wrong + skipped + 1, one.study);
    const Clock::time_point begin = Clock::now();
    std::string layout, result;
    Outcome outcome = Outcome::skipped;
    if (one.needs_launcher() && !can_launch) {
      layout = to_text(one.layout);
      result = "skipped";
    } else {
      try {
        outcome = perform(one, directory, layout, result);
      } catch (const Failure& failure) {
        outcome = Outcome::wrong;
        result = fmt::format("FAILED: {}", failure.reason);
      }
    }
    fmt::print("{:<8}{:<36}{:<40}{:>7.1f}  {}\n", one.study, one.what, layout,
               std::chrono::duration<double>(Clock::now() - begin).count(), result);
    if (outcome == Outcome::wrong) {
      const std::string words = tail_of(output_of(directory));
      fmt::print("{}", words == last_words ? "    | as above\n" : words);
      last_words = words;
    }
    std::fflush(stdout);
    (outcome == Outcome::as_expected ? same : outcome == Outcome::wrong ? wrong : skipped) += 1;
    const bool is_needed = one.expected == VerifyCase::Expected::reference;
    std::error_code ignored;
    if (options_.output.empty() && !is_needed) fs::remove_all(directory, ignored);
  }
  fmt::print("{} as they must be, {} wrong, {} skipped\n", same, wrong, skipped);
  if (!options_.output.empty()) fmt::print("files: {}\n", scratch_.runs().string());
  if (skipped > 0) {
    fmt::print(
        "skipped: there is no program '{}' to start ranks with; name another one with "
        "--launcher, or --launcher none to leave them out. Exit code {}\n",
        launcher_.front(), kIncomplete);
  }
  return wrong > 0 ? kDifferent : skipped > 0 ? kIncomplete : 0;
}

void require_launcher(const std::string& launcher) {
  if (launcher == "none" || launcher.find("{ranks}") != std::string::npos) return;
  throw Error(ErrorKind::usage,
              fmt::format("--launcher '{}' has no {{ranks}}, which stands for their number, as in "
                          "\"mpirun -n {{ranks}}\"",
                          launcher));
}

}  // namespace

int verify(const Options& options) {
  require_launcher(options.launcher);
  std::signal(SIGINT, remember_interruption);
  std::signal(SIGTERM, remember_interruption);
  try {
    const Scratch scratch(options.output);
    return Verification(options, scratch).perform();
  } catch (const Interrupted&) {
    // Everything is cleaned up; now what the signal means by itself.
    std::signal(interruption, SIG_DFL);
    std::raise(interruption);
    return 128 + interruption;
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::io, error.what());
  }
}

}  // namespace eustress::app
