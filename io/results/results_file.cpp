#include "io/results/results_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/files/isolated_work.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/checksum.hpp"
#include "io/results/outcome_variables.hpp"
#include "io/results/results_size.hpp"

namespace eustress::io {
namespace {

// Of all numbers, because HDF5 has checksums for everything else only. individuals.h5 and
// traces.nc, which are too large to be read as a whole whenever they are opened, have kChecksumName
// instead.
constexpr const char* kDigestName = "data_sha256";

/// Writes the variables of a results file.
class ResultsContent {
 public:
  ResultsContent(NetcdfWriter& file, const ObservationLayout& layout,
                 std::span<const ObservationSums> sums)
      : file_(file), layout_(layout), sums_(sums) {}

  void add_series();
  void add_assessments();
  void add_probes();
  void add_indices();

 private:
  using Dimensions = std::vector<std::string>;

  /// Adds a variable whose first two dimensions are arm and stratum; number(sums, stratum, i) is
  /// its element of one arm and place i in the dimension `along`.
  template <class Number, class Element>
  void add(const std::string& name, std::vector<Attribute> attributes, const std::string& along,
           std::size_t length, Element&& element) {
    constexpr bool is_count = std::is_same_v<Number, std::int64_t>;
    std::vector<Number> values;
    values.reserve(sums_.size() * layout_.strata.size() * length);
    for (const ObservationSums& sums : sums_) {
      for (std::size_t stratum = 0; stratum < layout_.strata.size(); ++stratum) {
        for (std::size_t i = 0; i < length; ++i) values.push_back(element(sums, stratum, i));
      }
    }
    file_.add_variable({name,
                        is_count ? NumberType::int64 : NumberType::float64,
                        {"arm", "stratum", along},
                        std::move(attributes)});
    file_.write(name, std::span<const Number>(values));
  }

  /// Mean and standard deviation of one quantity.
  template <class MomentsAt>
  void add_moments(const std::string& name, const std::string& count, std::string_view unit,
                   std::string_view over, std::string_view doc, const std::string& along,
                   std::size_t length, MomentsAt&& moments) {
    const auto attributes = [&](std::string_view what) {
      auto result = described_as(unit, fmt::format("{} over {}: {}", what, over, doc));
      result.push_back({"ancillary_variables", count});
      return result;
    };
    add<double>(name + "_mean", attributes("mean"), along, length,
                [&](const auto& sums, std::size_t stratum, std::size_t i) {
                  return moments(sums, stratum, i).mean;
                });
    add<double>(name + "_sd", attributes("standard deviation"), along, length,
                [&](const auto& sums, std::size_t stratum, std::size_t i) {
                  return moments(sums, stratum, i).sd;
                });
  }

  template <class MomentsAt>
  void add_count(const std::string& name, std::string_view doc, const std::string& along,
                 std::size_t length, MomentsAt&& moments) {
    add<std::int64_t>(name, described_as("count", doc), along, length,
                      [&](const auto& sums, std::size_t stratum, std::size_t i) {
                        return moments(sums, stratum, i).count;
                      });
  }

  template <class QuantileAt>
  void add_quantiles(const std::string& name, const std::string& count, const GradedQuantity& of,
                     const std::string& along, std::size_t length, QuantileAt&& quantile) {
    auto attributes = described_as(of.unit, fmt::format("quantiles over individuals: {}", of.doc));
    attributes.push_back({"ancillary_variables", count});
    std::vector<double> values;
    values.reserve(sums_.size() * layout_.strata.size() * length * kQuantiles.size());
    for (const ObservationSums& sums : sums_) {
      for (std::size_t stratum = 0; stratum < layout_.strata.size(); ++stratum) {
        for (std::size_t i = 0; i < length; ++i) {
          for (const double q : kQuantiles) values.push_back(quantile(sums, stratum, i, q));
        }
      }
    }
    file_.add_variable(
        {name, NumberType::float64, {"arm", "stratum", along, "quantile"}, std::move(attributes)});
    file_.write(name, std::span<const double>(values));
  }

  void add_histogram(std::size_t quantity, std::size_t assessment);

  NetcdfWriter& file_;
  const ObservationLayout& layout_;
  std::span<const ObservationSums> sums_;
};

void ResultsContent::add_series() {
  const std::size_t times = layout_.series_times();
  const auto moments_of = [](std::size_t quantity) {
    return [quantity](const ObservationSums& sums, std::size_t stratum, std::size_t time) {
      return sums.series(time, stratum, quantity);
    };
  };
  // Every person-day counts for every quantity, with few exceptions, which have a count of their
  // own.
  const auto counts_differ = [&](std::size_t quantity) {
    for (const ObservationSums& sums : sums_) {
      for (std::size_t stratum = 0; stratum < layout_.strata.size(); ++stratum) {
        for (std::size_t time = 0; time < times; ++time) {
          if (sums.series(time, stratum, quantity).count != sums.series(time, stratum, 0).count) {
            return true;
          }
        }
      }
    }
    return false;
  };
  add_count("series_count", "person-days observed", "day", times, moments_of(0));
  for (std::size_t q = 0; q < kSeriesCount; ++q) {
    const SeriesQuantity& quantity = kSeries[q];
    const std::string name = fmt::format("series_{}", quantity.name);
    std::string count = "series_count";
    if (q == static_cast<std::size_t>(Series::prediction_error) || counts_differ(q)) {
      count = name + "_count";
      add_count(count, fmt::format("person-days observed: {}", quantity.doc), "day", times,
                moments_of(q));
    }
    add_moments(name, count, quantity.unit, "person-days", quantity.doc, "day", times,
                moments_of(q));
  }
}

void ResultsContent::add_histogram(std::size_t quantity, std::size_t assessment) {
  const GradedQuantity& graded = kAssessed[quantity];
  const std::string name = fmt::format("assessed_{}_histogram", graded.name);
  const std::string values = fmt::format("{}_value", graded.name);
  const double width = (graded.high - graded.low) / static_cast<double>(kBins);
  std::vector<double> middles;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    middles.push_back(graded.low + width * (static_cast<double>(bin) + 0.5));
  }
  file_.add_variable({values,
                      NumberType::float64,
                      {"bin"},
                      described_as(graded.unit, fmt::format("middle of the bin: {}", graded.doc))});
  file_.write(values, std::span<const double>(middles));

  auto attributes = described_as(
      "count",
      fmt::format("individuals per bin at the last assessment, the first and last bin with "
                  "all beyond: {}",
                  graded.doc));
  attributes.push_back({"coordinates", values});
  attributes.push_back({"bin_width", std::vector<double>{width}});
  add<std::int64_t>(name, std::move(attributes), "bin", kBins,
                    [&](const ObservationSums& sums, std::size_t stratum, std::size_t bin) {
                      return sums.assessed_histogram(assessment, stratum, quantity)[bin];
                    });
}

void ResultsContent::add_assessments() {
  const std::size_t assessments = layout_.assessment_days.size();
  if (assessments == 0) return;
  const auto moments_of = [](std::size_t quantity) {
    return [quantity](const ObservationSums& sums, std::size_t stratum, std::size_t assessment) {
      return sums.assessed(assessment, stratum, quantity);
    };
  };
  const std::string count = "assessed_count";
  add_count(count, "individuals assessed", "assessment", assessments, moments_of(0));
  for (std::size_t q = 0; q < kAssessedCount; ++q) {
    const GradedQuantity& quantity = kAssessed[q];
    const std::string name = fmt::format("assessed_{}", quantity.name);
    add_moments(name, count, quantity.unit, "individuals", quantity.doc, "assessment", assessments,
                moments_of(q));
    add_quantiles(
        name + "_quantile", count, quantity, "assessment", assessments,
        [q](const ObservationSums& sums, std::size_t stratum, std::size_t assessment,
            double level) { return sums.assessed_quantile(assessment, stratum, q, level); });
    add_histogram(q, assessments - 1);
  }
}

void ResultsContent::add_probes() {
  const std::vector<std::string> names = probe_names(layout_);
  for (std::size_t p = 0; p < layout_.probes.size(); ++p) {
    const std::size_t samples = layout_.probes[p].minutes.size();
    if (samples == 0) continue;
    const std::string along = names[p] + "_sample";
    const std::string prefix = "probe_" + names[p];
    const std::string count = prefix + "_count";
    const auto moments_of = [p](std::size_t analyte) {
      return [p, analyte](const ObservationSums& sums, std::size_t stratum, std::size_t sample) {
        return sums.sampled(p, sample, stratum, analyte);
      };
    };
    add_count(count, fmt::format("individuals sampled in probe {}", layout_.probes[p].name), along,
              samples, moments_of(0));
    for (std::size_t a = 0; a < kSampledCount; ++a) {
      const std::string name = fmt::format("{}_{}", prefix, kSampled[a].name);
      add_moments(name, count, kSampled[a].unit, "individuals", kSampled[a].doc, along, samples,
                  moments_of(a));
      add_quantiles(
          name + "_quantile", count, kSampled[a], along, samples,
          [p, a](const ObservationSums& sums, std::size_t stratum, std::size_t sample,
                 double level) { return sums.sampled_quantile(p, sample, stratum, a, level); });
    }
  }
}

void ResultsContent::add_indices() {
  const std::vector<std::string> names = probe_names(layout_);
  for (std::size_t p = 0; p < layout_.probes.size(); ++p) {
    const auto& probe = layout_.probes[p];
    const std::vector<CortisolIndex> indices = probe.indices();
    if (indices.empty()) continue;
    const bool has_response = has_cortisol_indices(probe.minutes);
    const std::string prefix = "probe_" + names[p];
    std::string count = prefix + "_index_count";
    const auto per_stratum = [&](const std::string& name, std::string_view unit,
                                 std::string_view doc, auto&& number, bool is_count = false) {
      auto attributes = described_as(unit, doc);
      if (!is_count) attributes.push_back({"ancillary_variables", count});
      using Number = decltype(number(sums_.front(), std::size_t{}));
      std::vector<Number> values;
      for (const ObservationSums& sums : sums_) {
        for (std::size_t s = 0; s < layout_.strata.size(); ++s) values.push_back(number(sums, s));
      }
      file_.add_variable({name,
                          is_count ? NumberType::int64 : NumberType::float64,
                          {"arm", "stratum"},
                          std::move(attributes)});
      file_.write(name, std::span<const Number>(values));
    };
    if (has_response) {
      per_stratum(
          count, "count", fmt::format("individuals with indices of probe {}", probe.name),
          [p](const ObservationSums& sums, std::size_t s) { return sums.responders(p, s).count; },
          true);
    }
    for (const CortisolIndex index : indices) {
      // Those of an ordinary day need not be known of everybody.
      if (static_cast<std::size_t>(index) >= kResponseIndices) {
        count = fmt::format("{}_{}_count", prefix,
                            kCortisolIndexNames[static_cast<std::size_t>(index)]);
        per_stratum(
            count, "count",
            fmt::format("individuals whose samples of probe {} show it", probe.name),
            [&](const ObservationSums& sums, std::size_t s) {
              return sums.index(p, s, index).count;
            },
            true);
      }
      const GradedQuantity quantity = index_quantity(probe, index);
      const std::string name = fmt::format("{}_{}", prefix, quantity.name);
      per_stratum(
          name + "_mean", quantity.unit, fmt::format("mean over individuals: {}", quantity.doc),
          [&](const ObservationSums& sums, std::size_t s) { return sums.index(p, s, index).mean; });
      per_stratum(
          name + "_sd", quantity.unit,
          fmt::format("standard deviation over individuals: {}", quantity.doc),
          [&](const ObservationSums& sums, std::size_t s) { return sums.index(p, s, index).sd; });
      auto attributes =
          described_as(quantity.unit, fmt::format("quantiles over individuals: {}", quantity.doc));
      attributes.push_back({"ancillary_variables", count});
      add<double>(name + "_quantile", std::move(attributes), "quantile", kQuantiles.size(),
                  [&](const ObservationSums& sums, std::size_t s, std::size_t q) {
                    return sums.index_quantile(p, s, index, kQuantiles[q]);
                  });
    }
    if (!has_response) continue;
    count = prefix + "_index_count";
    const auto share = [](std::int64_t n, std::int64_t of) {
      return static_cast<double>(n) / static_cast<double>(of);  // NaN if nobody
    };
    per_stratum(prefix + "_responders_nmol", "1",
                fmt::format("share of individuals whose free cortisol rises by at least {} nmol/l",
                            kResponderNmolPerL),
                [&](const ObservationSums& sums, std::size_t s) {
                  const auto responders = sums.responders(p, s);
                  return share(responders.by_amount, responders.count);
                });
    per_stratum(prefix + "_responders_percent", "1",
                fmt::format("share of individuals whose cortisol rises by at least {} %",
                            100.0 * (kResponderFold - 1.0)),
                [&](const ObservationSums& sums, std::size_t s) {
                  const auto responders = sums.responders(p, s);
                  return share(responders.by_percentage, responders.count);
                });
  }
}

void add_dimensions(NetcdfWriter& file, const RunDescription& run,
                    const ObservationLayout& layout) {
  add_codes(file, "arm", "arm of the study", run.arms);
  add_codes(file, "stratum", "part of the cohort", layout.strata);
  std::vector<std::int32_t> days;
  for (std::size_t i = 0; i < layout.series_times(); ++i) {
    days.push_back(static_cast<std::int32_t>(i) * layout.series_every);
  }
  add_days(file, "day",
           fmt::format("day of the study, from 0, that begins the interval of {} d",
                       layout.series_every),
           days);
  file.add_dimension(
      {"quantile", NumberType::float64, {}, described_as("1", "share of individuals below")},
      kQuantiles.size());
  file.write("quantile", std::span<const double>(kQuantiles));
  if (!layout.assessment_days.empty()) {
    add_days(
        file, "assessment", "day of the study, from 0, that ended with the assessment",
        std::vector<std::int32_t>(layout.assessment_days.begin(), layout.assessment_days.end()));
    std::vector<std::int32_t> bins(kBins);
    for (std::size_t bin = 0; bin < kBins; ++bin) bins[bin] = static_cast<std::int32_t>(bin);
    file.add_dimension({"bin", NumberType::int32, {}, described_as("1", "bin of the histograms")},
                       kBins);
    file.write("bin", std::span<const std::int32_t>(bins));
  }
  const std::vector<std::string> names = probe_names(layout);
  for (std::size_t p = 0; p < layout.probes.size(); ++p) {
    if (!layout.probes[p].minutes.empty()) add_samples(file, names[p], layout.probes[p]);
  }
  add_outcome_dimensions(file, layout);
}

void add_results(NetcdfWriter& content, const RunDescription& run, const ObservationLayout& layout,
                 std::span<const ObservationSums> sums) {
  if (sums.size() != run.arms.size()) {
    throw Error(ErrorKind::internal,
                fmt::format("{} arms have sums of {} arms", run.arms.size(), sums.size()));
  }
  add_description(content, "results", run, layout.strata);
  add_dimensions(content, run, layout);
  ResultsContent variables(content, layout, sums);
  variables.add_series();
  variables.add_assessments();
  variables.add_probes();
  variables.add_indices();
  add_outcomes(content, layout, sums);
}

void add_end(NetcdfWriter& content) {
  content.add_attribute({kDigestName, content.data_sha256()});
  add_complete_mark(content);
}

}  // namespace

void write_results(const std::string& path, const RunDescription& run,
                   const ObservationLayout& layout, std::span<const ObservationSums> sums) {
  NetcdfWriter content(path);
  add_results(content, run, layout, sums);
  finish_results(content, path);
}

std::uint64_t results_size(const RunDescription& run, const ObservationLayout& layout) {
  NetcdfWriter content("results.nc");
  const std::vector<ObservationSums> none(run.arms.size(), ObservationSums(layout));
  add_results(content, run, layout, none);
  add_end(content);
  return content.finish().size();
}

void finish_results(NetcdfWriter& content, const std::string& path) {
  add_end(content);
  AtomicFile file(path);
  content.finish().write_to(file.file());
  file.file().sync();
  require_intact(path, file.temporary_path());
  file.publish();
}

void require_intact(const std::string& path, const std::string& temporary) {
  try {
    const ResultsFile read_back(temporary);
  } catch (const Error& error) {
    // Not an input is wrong but the file system.
    throw Error(ErrorKind::io,
                fmt::format("cannot write '{}': it does not read back as it was written, so the "
                            "disk is full or the file system does not keep what it is given: {}",
                            path, error.what()));
  }
}

double NumberArray::at(std::span<const std::size_t> index) const {
  std::size_t position = 0;
  bool is_inside = index.size() == shape.size();
  for (std::size_t d = 0; is_inside && d < shape.size(); ++d) {
    is_inside = index[d] < shape[d];
    position = position * shape[d] + index[d];
  }
  if (!is_inside)
    throw Error(ErrorKind::internal, "no such element in the array of a results file");
  return values[position];
}

// --- reading ---------------------------------------------------------------------------------

namespace {

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto found = std::ranges::find(attributes, name, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::vector<std::string> unlisted(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t comma = std::min(list.find(", ", start), list.size());
    names.push_back(list.substr(start, comma - start));
    start = comma + 2;
  }
  return names;
}

}  // namespace

std::string finished_results(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code unknown;  // reading tells of it
  const fs::path base = directory;
  if (!fs::is_directory(base, unknown)) {
    throw Error(
        ErrorKind::input,
        fmt::format("'{}' is no directory; name the directory of a finished run", directory));
  }
  const fs::path results = base / kResultsName;
  if (!fs::exists(results, unknown)) {
    const bool is_begun =
        fs::exists(base / kCheckpointsName, unknown) || fs::exists(base / kReplicatesName, unknown);
    throw Error(
        ErrorKind::input,
        is_begun ? fmt::format("the run in '{0}' is not finished; go on with it by "
                               "eustress resume {0}",
                               directory)
                 : fmt::format("'{}' holds no run: there is no {} in it", directory, kResultsName));
  }
  return results.string();
}

namespace {

/// HDF5 1.10 reads behind its buffers on some damaged files, which may be its end: it is to meet it
/// in a process of its own. What it can open there it can open here.
NetcdfReader opened(const std::string& path) {
  constexpr std::uint64_t kSeconds = 60;
  (void)in_process_of_its_own(path, kSeconds, [&] {
    const NetcdfReader trial(path);
    return std::string();
  });
  return NetcdfReader(path);
}

}  // namespace

ResultsFile::ResultsFile(const std::string& path) : reader_(opened(path)) {
  const auto refuse = [&](std::string_view reason) {
    throw Error(ErrorKind::input, fmt::format("cannot read '{}': {}", path, reason));
  };
  const Attribute* kind = find_attribute(attributes(), "eustress_content");
  if (kind == nullptr || !std::holds_alternative<std::string>(kind->value)) {
    refuse("the HDF5 file was not written by eustress");
  }
  const std::string& name = std::get<std::string>(kind->value);
  if (name == "checkpoint") refuse("it is a checkpoint, not results");
  if (find_attribute(attributes(), "complete") == nullptr || number("complete") != 1) {
    refuse("the run that wrote it was not finished");
  }
  const std::int64_t schema = number("schema_version");
  if (schema < 1 || schema > kSchemaVersion) {
    refuse(fmt::format("its schema is version {}, this program knows versions 1 to {}", schema,
                       kSchemaVersion));
  }
  if (name == "results") {
    content_ = Content::results;
  } else if (name == "individuals") {
    content_ = Content::individuals;
  } else if (name == "traces") {
    content_ = Content::traces;
  } else {
    refuse(fmt::format("it holds '{}', not the results of a run", name));
  }
  if (content_ == Content::results && text(kDigestName) != reader_.data_sha256()) {
    refuse("the file is damaged: the checksum of its numbers is wrong");
  }
  arms_ = unlisted(text("arm_names"));
  strata_ = unlisted(text("stratum_names"));
  individuals_ = static_cast<std::uint64_t>(number("individuals"));
}

void ResultsFile::verify() const {
  if (content_ == Content::results) return;
  const Attribute* found = find_attribute(attributes(), kChecksumName);
  const auto* checksums =
      found == nullptr ? nullptr : std::get_if<std::vector<std::uint64_t>>(&found->value);
  if (checksums == nullptr || checksums->size() != variables().size()) {
    throw Error(ErrorKind::input,
                fmt::format("'{}' has no attribute '{}' with a number for each of its variables",
                            path(), kChecksumName));
  }
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  const File file(path(), File::Mode::read);
  std::vector<std::byte> bytes;
  for (std::size_t v = 0; v < variables().size(); ++v) {
    const NetcdfReader::Content& variable = variables()[v];
    const auto person = std::ranges::find(variable.dimensions, "individual");
    const auto outer =
        person == variable.dimensions.end() ? 0 : person - variable.dimensions.begin() + 1;
    std::uint64_t row_bytes = size_of(variable.type);
    for (auto length = variable.shape.begin() + outer; length != variable.shape.end(); ++length) {
      row_bytes *= *length;
    }
    const std::uint64_t rows = variable.elements() * size_of(variable.type) / row_bytes;
    const std::uint64_t rows_per_piece = std::max<std::uint64_t>(1, kPiece / row_bytes);
    std::uint64_t sum = 0;
    for (std::uint64_t row = 0; row < rows; row += rows_per_piece) {
      bytes.resize(static_cast<std::size_t>(std::min(rows_per_piece, rows - row) * row_bytes));
      file.read_at(variable.offset + row * row_bytes, bytes);
      sum += row_checksum(row, row_bytes, bytes);
    }
    if (sum != (*checksums)[v]) {
      throw Error(ErrorKind::input,
                  fmt::format("'{}' is damaged: the checksum of variable '{}' is wrong", path(),
                              variable.name));
    }
  }
}

std::string ResultsFile::text(std::string_view attribute) const {
  const Attribute* found = find_attribute(attributes(), attribute);
  if (found == nullptr || !std::holds_alternative<std::string>(found->value)) {
    throw Error(ErrorKind::input,
                fmt::format("'{}' has no text attribute '{}'", path(), attribute));
  }
  return std::get<std::string>(found->value);
}

std::int64_t ResultsFile::number(std::string_view attribute) const {
  const Attribute* found = find_attribute(attributes(), attribute);
  if (found != nullptr) {
    if (const auto* values = std::get_if<std::vector<std::int64_t>>(&found->value)) {
      return values->front();
    }
    if (const auto* values = std::get_if<std::vector<std::uint64_t>>(&found->value)) {
      return static_cast<std::int64_t>(values->front());
    }
  }
  throw Error(ErrorKind::input,
              fmt::format("'{}' has no whole number as attribute '{}'", path(), attribute));
}

const NetcdfReader::Content& ResultsFile::described(std::string_view variable) const {
  const NetcdfReader::Content* found = reader_.find(variable);
  if (found == nullptr) {
    throw Error(ErrorKind::input, fmt::format("'{}' has no variable '{}'", path(), variable));
  }
  return *found;
}

std::string ResultsFile::text(std::string_view variable, std::string_view attribute) const {
  const Attribute* found = find_attribute(described(variable).attributes, attribute);
  if (found == nullptr || !std::holds_alternative<std::string>(found->value)) {
    throw Error(ErrorKind::input, fmt::format("variable '{}' of '{}' has no text attribute '{}'",
                                              variable, path(), attribute));
  }
  return std::get<std::string>(found->value);
}

NumberArray ResultsFile::read(std::string_view variable) const {
  const NetcdfReader::Content& content = described(variable);
  return {content.dimensions, {content.shape.begin(), content.shape.end()}, reader_.read(variable)};
}

NumberArray ResultsFile::read(std::string_view variable, std::size_t first_index) const {
  const NetcdfReader::Content& content = described(variable);
  return {{content.dimensions.begin() + 1, content.dimensions.end()},
          {content.shape.begin() + 1, content.shape.end()},
          reader_.read(variable, first_index, 1)};
}

}  // namespace eustress::io
