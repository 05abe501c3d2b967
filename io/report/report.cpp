#include "io/report/report.hpp"

#include "io/files/atomic_file.hpp"
#include "io/report/page.hpp"
#include "io/report/run_data.hpp"

namespace eustress::io {

void write_report(const std::string& run_directory, const std::string& output_html) {
  write_file(output_html, report::page_html(report::read_run(run_directory)));
}

}  // namespace eustress::io
