#pragma once

// results.nc: what was observed of the cohort, small enough for one rank. And the reader of the
// files of a run.
//
// Dimensions: arm, stratum, day (start of each interval of the series), assessment (day on whose
// evening it was), quantile, bin, and for each probe <probe>_sample (minutes from onset).
// Variables, with their count of observations named in `ancillary_variables`:
//   series_<quantity>_mean, _sd             (arm, stratum, day)         over person-days
//   assessed_<quantity>_mean, _sd           (arm, stratum, assessment)  over individuals
//   assessed_<quantity>_quantile            (arm, stratum, assessment, quantile)
//   assessed_<quantity>_histogram           (arm, stratum, bin)         of the last assessment
//   probe_<probe>_<analyte>_mean, _sd, _quantile   (arm, stratum, <probe>_sample[, quantile])
//   probe_<probe>_<index>_mean, _sd, _quantile     (arm, stratum[, quantile])  of cortisol
//   outcomes of persons, effects, sr_*, trajectories, event study, recovery: docs/formats.md
// What was not observed is NaN. A study without assessments has no assessed_*, a probe without
// samples no probe_*.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/observation.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/results/run_description.hpp"

namespace eustress::io {

inline constexpr std::array kQuantiles = {0.05, 0.25, 0.5, 0.75, 0.95};

/// Publishes results.nc as `path`; `sums` has one entry per arm of the run, of this layout. For
/// rank 0. Errors: Error(io).
void write_results(const std::string& path, const RunDescription& run,
                   const ObservationLayout& layout, std::span<const ObservationSums> sums);

/// Publishes the content of a results.nc, once it has all its variables. Errors: Error(io).
void finish_results(NetcdfWriter& content, const std::string& path);

/// Opens the finished content of `path`, still under a temporary name, to see that it is what was
/// written. Errors: Error(io).
void require_intact(const std::string& path, const std::string& temporary);

/// Numbers of a variable, the last dimension fastest.
struct NumberArray {
  std::vector<std::string> dimensions;
  std::vector<std::size_t> shape;
  std::vector<double> values;

  /// One index per dimension. Errors: Error(internal) outside of the shape.
  [[nodiscard]] double at(std::span<const std::size_t> index) const;
  [[nodiscard]] double at(std::initializer_list<std::size_t> index) const {
    return at(std::span(index.begin(), index.size()));
  }
};

/// The path of results.nc in the directory of a finished run. Errors: Error(input) if there is no
/// such directory, if it holds no run, or one that is not finished, with what to do.
[[nodiscard]] std::string finished_results(const std::string& directory);

/// results.nc, individuals.h5 or traces.nc, opened for reading. Errors: Error(input) with file and
/// reason, if it is damaged, unfinished, of another program or of a later schema, and for variables
/// and attributes that are not there.
class ResultsFile {
 public:
  enum class Content { results, individuals, traces };

  explicit ResultsFile(const std::string& path);

  /// Compares the numbers of individuals.h5 or traces.nc, all of which are read, with their
  /// checksums; for results.nc the constructor has done so. Errors: Error(input) with the variable
  /// that is damaged.
  void verify() const;

  [[nodiscard]] const std::string& path() const noexcept { return reader_.path(); }
  [[nodiscard]] Content content() const noexcept { return content_; }
  [[nodiscard]] const std::vector<std::string>& arms() const noexcept { return arms_; }
  [[nodiscard]] const std::vector<std::string>& strata() const noexcept { return strata_; }
  [[nodiscard]] std::uint64_t individuals() const noexcept { return individuals_; }

  /// Attributes of the file, in the order of the file.
  [[nodiscard]] const std::vector<Attribute>& attributes() const noexcept {
    return reader_.attributes();
  }
  [[nodiscard]] std::string text(std::string_view attribute) const;
  [[nodiscard]] std::int64_t number(std::string_view attribute) const;

  /// Dimensions, shapes, types and attributes of all variables, coordinates among them.
  [[nodiscard]] const std::vector<NetcdfReader::Content>& variables() const noexcept {
    return reader_.variables();
  }
  [[nodiscard]] bool has(std::string_view variable) const { return reader_.find(variable); }
  /// Such as ("series_distress_mean", "units").
  [[nodiscard]] std::string text(std::string_view variable, std::string_view attribute) const;

  [[nodiscard]] NumberArray read(std::string_view variable) const;
  /// One index of the first dimension, such as one arm; the result has no such dimension.
  [[nodiscard]] NumberArray read(std::string_view variable, std::size_t first_index) const;
  /// A box of it: `counts` indices from `starts` on, of each of its dimensions.
  [[nodiscard]] std::vector<double> read(std::string_view variable,
                                         std::span<const std::uint64_t> starts,
                                         std::span<const std::uint64_t> counts) const {
    return reader_.read(variable, starts, counts);
  }
  [[nodiscard]] const NetcdfReader::Content& described(std::string_view variable) const;

 private:
  NetcdfReader reader_;
  Content content_ = Content::results;
  std::vector<std::string> arms_, strata_;
  std::uint64_t individuals_ = 0;
};

}  // namespace eustress::io
