#include "parallel/layout.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "parallel/affinity.hpp"
#include "parallel/launcher.hpp"

namespace eustress::parallel {

namespace {

std::string counted(int n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

/// The ranks of one host, taken together.
struct Host {
  int n_ranks = 0;
  int n_threads = 0;  // of all ranks
  int n_granted_cpus = 0;
  bool by_launcher = false;
  std::set<int> cpus;                // of any rank
  std::optional<Placement> crowded;  // the first rank with more threads than CPUs

  void add(const Placement& rank) {
    ++n_ranks;
    n_threads += rank.n_threads;
    n_granted_cpus = std::max(n_granted_cpus, rank.n_granted_cpus);
    by_launcher = by_launcher || rank.by_launcher;
    cpus.insert(rank.cpus.begin(), rank.cpus.end());
    if (!crowded && rank.n_threads > n_cpus(rank)) crowded = rank;
  }

  static int n_cpus(const Placement& rank) { return static_cast<int>(rank.cpus.size()); }

  [[nodiscard]] std::optional<std::string> finding() const {
    const int n_usable = static_cast<int>(cpus.size());
    if (crowded) {
      const std::string threads = std::to_string(crowded->n_threads);
      const bool bound = crowded->by_launcher && n_cpus(*crowded) < n_granted_cpus;
      return "a rank has " + counted(crowded->n_threads, "thread") + " but may run on " +
             counted(n_cpus(*crowded), "CPU") + " only; " +
             (bound
                  ? "the launcher bound it: use `mpirun --bind-to none` or `mpirun --map-by "
                    "slot:PE=" +
                        threads + "`, or `srun --cpus-per-task=" + threads + "`"
                  : "use --threads " + std::to_string(n_cpus(*crowded)) + " or ask for more CPUs");
    }
    if (n_threads > n_usable) {
      const std::string load = counted(n_ranks, "rank") + " with " + counted(n_threads, "thread") +
                               " in all share " + counted(n_usable, "CPU") + "; ";
      return load + (n_ranks > n_usable ? "use at most " + counted(n_usable, "rank") + " here"
                                        : "use --threads " + std::to_string(n_usable / n_ranks));
    }
    if (by_launcher && n_threads < n_granted_cpus && n_usable < n_granted_cpus) {
      return counted(n_ranks, "rank") + " with " + counted(n_threads, "thread") + " in all use " +
             std::to_string(n_threads) + " of " + counted(n_granted_cpus, "CPU") +
             ": the launcher bound each rank to a part of them (`mpirun` with one or two ranks "
             "binds each to one core); use `mpirun --bind-to none` with --threads " +
             std::to_string(n_granted_cpus / n_ranks) +
             ", or `srun --cpus-per-task=" + std::to_string(n_granted_cpus / n_ranks) + "`";
    }
    return std::nullopt;
  }
};

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown host";
}

// One number per word after a first line with the host.
std::string encode(const Placement& rank) {
  std::ostringstream out;
  out << rank.host << '\n'
      << rank.n_granted_cpus << ' ' << rank.n_threads << ' ' << rank.by_launcher;
  for (const int cpu : rank.cpus) out << ' ' << cpu;
  return out.str();
}

Placement decode(const std::string& text) {
  std::istringstream in(text);
  Placement rank;
  std::getline(in, rank.host);
  in >> rank.n_granted_cpus >> rank.n_threads >> rank.by_launcher;
  for (int cpu = 0; in >> cpu;) rank.cpus.push_back(cpu);
  return rank;
}

}  // namespace

Placement placement_here(int n_threads) {
  return {host_name(), allowed_cpus(), n_granted_cpus(), n_threads, launched_by_mpi()};
}

std::vector<std::string> layout_warnings(const std::vector<Placement>& placements) {
  std::map<std::string, Host> hosts;
  for (const Placement& rank : placements) hosts[rank.host].add(rank);

  std::map<std::string, std::vector<std::string>> hosts_of_finding;
  for (const auto& [name, host] : hosts) {
    if (const auto finding = host.finding()) hosts_of_finding[*finding].push_back(name);
  }

  std::vector<std::string> warnings;
  for (const auto& [finding, names] : hosts_of_finding) {
    const int n_others = static_cast<int>(names.size()) - 1;
    warnings.push_back("on " + names.front() +
                       (n_others > 0 ? " and " + counted(n_others, "other host") : "") + ": " +
                       finding);
  }
  return warnings;
}

std::vector<std::string> layout_warnings(const Communicator& comm, int n_threads) {
  std::vector<Placement> placements;
  for (const std::string& text : comm.gather(encode(placement_here(n_threads)))) {
    placements.push_back(decode(text));
  }
  return layout_warnings(placements);
}

}  // namespace eustress::parallel
