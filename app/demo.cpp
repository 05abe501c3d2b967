#include "app/study_source.hpp"
#include "app/verbs.hpp"

namespace eustress::app {

void demo(const Options& options, const parallel::Communicator& comm) {
  run_study(options, comm, kDemoStudy, "demo.toml (built in)", ".");
  if (!comm.is_root() || options.dry_run_ranks > 0) return;
  Options report_options = options;
  report_options.path = output_directory(options, "demo");
  report_options.output.clear();
  report(report_options);
}

}  // namespace eustress::app
