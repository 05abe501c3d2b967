#include <fmt/format.h>

#include "app/study_source.hpp"
#include "app/verbs.hpp"
#include "core/engine/block.hpp"

namespace eustress::app {

void check(const Options& options) {
  const auto alone = parallel::make_local_communicator();
  const std::string text = shared_text(*alone, options.path, ErrorKind::usage);
  const LoadedStudy loaded =
      load_study(*alone, text, options.path, directory_of(options.path), options.overrides);
  for (const std::string& warning : loaded.warnings) fmt::print(stderr, "warning: {}\n", warning);
  const Study& study = loaded.study;
  fmt::print("{}: no errors\n", options.path);
  fmt::print("study {}: {} individuals, {} days, {} arm{}, {} blocks of {}\n", study.name,
             study.population.individuals, study.days, study.arms.size(),
             study.arms.size() == 1 ? "" : "s", block_count(study.population.individuals),
             kBlockSize);
}

}  // namespace eustress::app
