#include <fmt/format.h>

#include "app/verbs.hpp"
#include "io/export/tidy_tables.hpp"

namespace eustress::app {

void export_run(const Options& options) {
  const std::string output = options.output.empty() ? options.path + "/csv" : options.output;
  const std::vector<std::string> files =
      io::export_tables(options.path, output, {.is_long = options.is_long, .force = options.force});
  for (const std::string& file : files) fmt::print("{}\n", file);
}

}  // namespace eustress::app
