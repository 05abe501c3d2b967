#include "app/study_source.hpp"
#include "app/verbs.hpp"

namespace eustress::app {

int demo(const Options& options, const parallel::Communicator& comm) {
  const int code = run_study(options, comm, {kDemoStudy, "demo.toml (built in)", ".", "", "", ""});
  if (code != 0 || !comm.is_root() || options.dry_run_ranks > 0) return code;
  Options report_options = options;
  report_options.path = output_directory(options, "demo");
  report_options.output.clear();
  report(report_options);
  return code;
}

}  // namespace eustress::app
