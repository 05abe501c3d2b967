#include <fmt/format.h>

#include "app/verbs.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/replicates.hpp"

namespace eustress::app {

void merge(const Options& options) {
  const io::RunDirectory output(options.output, options.force);
  const std::string study = io::merge_results(output.file(io::kResultsName), options.directories);
  io::write_file(output.file(io::kStudyName), study);
  fmt::print("{}: {} runs\n", output.file(io::kResultsName), options.directories.size());
}

}  // namespace eustress::app
