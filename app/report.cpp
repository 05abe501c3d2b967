#include "io/report/report.hpp"

#include <fmt/format.h>

#include "app/verbs.hpp"

namespace eustress::app {

void report(const Options& options) {
  const std::string page = options.output.empty() ? options.path + "/report.html" : options.output;
  io::write_report(options.path, page);
  if (!options.quiet) fmt::print("report: {}\n", page);
}

}  // namespace eustress::app
