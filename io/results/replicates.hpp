#pragma once

// Several runs of one study that differ in the seed or the replicate only.
//
// One job with [study] replicates = R makes each as a run of its own, in
// <output>/replicates/<number>, and merges them. Runs of a job array are merged the same way
// (eustress merge).
//
// The merged results.nc has the variables of the runs. Those with the dimension arm have one more,
// `replicate`, before it. Its values are the numbers of the replicates or, if seeds differ, 0, 1,
// ... Besides there are
//   replicate_number  (replicate)   study.replicate of the run
//   replicate_seed    (replicate)   study.seed of the run
// and the attribute `replicates` with their number.

#include <cstdint>
#include <span>
#include <string>

namespace eustress::io {

/// <output>/replicates/<number>.
[[nodiscard]] std::string replicate_directory(const std::string& output, std::uint32_t number);
/// Removes all of these. Errors: Error(io).
void remove_replicates(const std::string& output);

/// What is needed to go on with a job of replicates.
struct ReplicatePlan {
  std::string study;      ///< the effective study file
  std::string directory;  ///< from which its relative paths start
};
/// In <output>/replicates/plan.json, whose directory is made if need be. Errors: Error(io).
void write_replicate_plan(const std::string& output, const ReplicatePlan& plan);
[[nodiscard]] bool has_replicate_plan(const std::string& output);
/// Errors: Error(input) if it is not there or cannot be understood.
[[nodiscard]] ReplicatePlan read_replicate_plan(const std::string& output);

/// Whether the run in `directory` is finished. One that is must have the results of this effective
/// study (dump_results_study and marks), with all numbers as they were written. Errors:
/// Error(usage) with the keys that differ, Error(input) for files that are damaged.
[[nodiscard]] bool is_finished_run(const std::string& directory, const std::string& study);

/// Publishes `path` with the results of the runs in these directories, sorted by seed and
/// replicate, and returns the effective study: that of all, if they are what one job would make,
/// else that of the first. Errors: Error(input) for a run that is missing, unfinished or damaged;
/// Error(usage) for fewer than two, for runs that differ in more than seed and replicate (with the
/// keys), were made by different versions, are there twice, or are merged already; Error(io).
std::string merge_results(const std::string& path, std::span<const std::string> directories);

}  // namespace eustress::io
