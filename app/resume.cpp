#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/replicates.hpp"
#include "parallel/agree.hpp"

namespace eustress::app {

int resume(const Options& options, const parallel::Communicator& comm) {
  namespace fs = std::filesystem;
  const fs::path directory = options.path;
  std::error_code unknown;  // the search for checkpoints tells of it
  std::int64_t is_finished = fs::exists(directory / io::kResultsName, unknown) ? 1 : 0;
  comm.broadcast(is_finished);
  if (is_finished != 0) {
    if (comm.is_root()) fmt::print("{}: the run is finished\n", options.path);
    return 0;
  }
  std::int64_t has_replicates = io::has_replicate_plan(options.path) ? 1 : 0;
  comm.broadcast(has_replicates);
  if (has_replicates != 0) {
    const std::string encoded = parallel::on_root(comm, [&] {
      const io::ReplicatePlan plan = io::read_replicate_plan(options.path);
      return fmt::format("{}\n{}", plan.directory, plan.study);
    });
    const std::size_t end = encoded.find('\n');
    Options run_options = options;
    run_options.output = options.path;
    return run_study(run_options, comm,
                     {encoded.substr(end + 1), options.path, encoded.substr(0, end), "", "", ""});
  }
  const io::FoundCheckpoint found =
      io::find_checkpoint(comm, (directory / io::kCheckpointsName).string());
  if (found.checkpoint == nullptr) {
    parallel::on_all(comm, [&] {
      std::string reasons;
      for (const io::RefusedCheckpoint& refused : found.refused) {
        reasons += fmt::format("\n  {}: {}", refused.path, refused.reason);
      }
      throw Error(ErrorKind::input,
                  fmt::format("'{}' holds no checkpoint to go on from{}", options.path, reasons));
    });
  }
  const io::CheckpointHeader& header = found.checkpoint->header();
  Options run_options = options;
  run_options.output = options.path;
  return run_study(
      run_options, comm,
      {header.study, found.checkpoint->path(), header.directory, "", "", header.lineage});
}

}  // namespace eustress::app
