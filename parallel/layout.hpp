#pragma once

// Warnings about ranks, threads and CPUs that do not fit together: such runs are correct but slow,
// and `mpirun -n 1`, which binds the program to one core, is the usual reason.

#include <string>
#include <vector>

#include "parallel/communicator.hpp"

namespace eustress::parallel {

/// Where one rank runs.
struct Placement {
  std::string host;
  std::vector<int> cpus;     ///< that the rank may run on
  int n_granted_cpus = 0;    ///< that the job may use on this host, bound or not
  int n_threads = 0;         ///< that the rank computes with
  bool by_launcher = false;  ///< whether a launcher of MPI programs chose `cpus`
};

/// The placement of this rank with this many threads.
[[nodiscard]] Placement placement_here(int n_threads);

/// What is wrong with the placements of all ranks, each with its remedy; empty if they fit.
/// A host shows one finding, and hosts with the same finding are told of together.
[[nodiscard]] std::vector<std::string> layout_warnings(const std::vector<Placement>& placements);

/// Collective: the warnings for this run on rank 0, nothing elsewhere.
[[nodiscard]] std::vector<std::string> layout_warnings(const Communicator& comm, int n_threads);

}  // namespace eustress::parallel
