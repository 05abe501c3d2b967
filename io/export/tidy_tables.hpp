#pragma once

// The results of a run as tidy CSV: a row per observation, names instead of codes.
//
// Tables are made from the dimensions of the variables, so that a variable which a later version
// adds to a file appears by itself:
//
//   results.nc, dimensions besides replicate, arm, stratum, quantile   table
//     day                   series.csv
//     assessment            assessments.csv
//     <probe>_sample        probes.csv, with columns probe and minute
//     bin                   histograms.csv
//     none                  outcomes.csv
//     others, such as x, y  outcomes_x_y.csv
//   individuals.h5, dimensions besides arm, individual
//     none                  individuals.csv
//     assessment            assessments_individuals.csv
//     <probe>_sample        probe_<probe>_individuals.csv
//   traces.nc, dimensions besides arm, individual
//     time                  traces.csv
//     others, such as x, y  traces_x_y.csv
//
// Columns: those of the dimensions, `quantity`, then a column for each statistic that the table
// has: mean, sd, count, quantiles (q05 ...), value for numbers without a statistic in their name.
// Tables of individuals have a column per variable. In the long form every number has its own row,
// with the columns `quantity`, `statistic` and `value`.

#include <string>
#include <vector>

namespace eustress::io {

struct ExportOptions {
  bool is_long = false;
  bool force = false;  ///< replace files that are there
};

/// Writes the tables of the finished run in `directory` to the directory `output`, which is made if
/// need be. Memory does not depend on the number of individuals. All files appear at the end, none
/// if anything fails before. Returns their paths. Errors: Error(input) for results that are
/// missing, unfinished or damaged, Error(usage) if a file is there and may not be replaced,
/// Error(io).
std::vector<std::string> export_tables(const std::string& directory, const std::string& output,
                                       const ExportOptions& options);

}  // namespace eustress::io
