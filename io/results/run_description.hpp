#pragma once

// What results.nc and individuals.h5 say of the run that made them, and how both name things.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/observation.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {

/// Raised whenever the meaning, the name or the shape of anything in the two files changes.
inline constexpr int kSchemaVersion = 1;

/// A run, as far as its results depend on it. Nothing of the ranks, threads, host and time, of
/// which the result files must not depend.
struct RunDescription {
  std::string title;
  std::string study;    ///< the effective study file
  std::string lineage;  ///< of a branched run, the checkpoint that it started from; else empty
  std::uint64_t seed = 0;
  std::uint32_t replicate = 0;
  std::uint64_t individuals = 0;
  std::vector<std::string> arms;  ///< names, the reference arm first; no commas
};

/// The attributes that both files begin with. `content` is "results" or "individuals".
void add_description(NetcdfWriter& file, std::string_view content, const RunDescription& run,
                     const std::vector<std::string>& strata);
/// Attribute of individuals.h5, see individuals_file.hpp.
inline constexpr const char* kChecksumName = "data_xxh3";

/// The mark of a complete file, its very last part.
void add_complete_mark(NetcdfWriter& file);

/// "units" and "long_name". Units are those of UDUNITS, in which a standard deviation is a pure
/// number.
[[nodiscard]] std::vector<Attribute> described_as(std::string_view unit, std::string_view doc);
/// Meaning of codes 0, 1, ...; the meanings are one word each, as CF wants it.
void add_flags(std::vector<Attribute>& attributes, std::span<const std::string> meanings);

// Dimensions with their coordinate variables.
void add_codes(NetcdfWriter& file, const std::string& name, std::string_view doc,
               std::span<const std::string> meanings);
void add_days(NetcdfWriter& file, const std::string& name, std::string_view doc,
              std::span<const std::int32_t> days);
/// `probe_name`: one of probe_names(); the dimension is called <probe_name>_sample.
void add_samples(NetcdfWriter& file, std::string_view probe_name,
                 const ObservationLayout::ProbeSamples& probe);

/// `name` with '_' for every character that not every reader of netCDF takes in a name of a
/// variable.
[[nodiscard]] std::string variable_name(std::string_view name);

/// The names of all probes of a layout, fit for variables and different from each other.
[[nodiscard]] std::vector<std::string> probe_names(const ObservationLayout& layout);

}  // namespace eustress::io
