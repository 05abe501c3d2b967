#include "io/report/report.hpp"

#include <fmt/format.h>

#include "app/verbs.hpp"
#include "io/files/atomic_file.hpp"

namespace eustress::app {

void report(const Options& options) {
  const std::string page = options.output.empty() ? options.path + "/report.html" : options.output;
  io::refuse_to_replace_other(page, "-o", ".html");
  io::write_report(options.path, page);
  if (!options.quiet) fmt::print("report: {}\n", page);
}

}  // namespace eustress::app
