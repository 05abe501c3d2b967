#pragma once

#include <string>
#include <string_view>

#include "io/report/run_data.hpp"

namespace eustress::io::report {

/// The whole report as HTML that is also well-formed XML.
[[nodiscard]] std::string page_html(const RunData& run);

/// Style sheet of the page and of the charts in it, light and dark.
[[nodiscard]] std::string_view page_style();

}  // namespace eustress::io::report
