#pragma once

// The report of a run: one HTML page that needs nothing but a browser.

#include <string>

namespace eustress::io {

/// Makes the page from results.nc of a run directory, and from individuals.h5 if it is there, and
/// writes it to `output_html` (temporary name, then renamed). No scripts, no links to other files;
/// the page depends on the content of the run directory alone. Errors: Error(input) for files that
/// are missing or cannot be read, Error(io) if the page cannot be written.
void write_report(const std::string& run_directory, const std::string& output_html);

}  // namespace eustress::io
