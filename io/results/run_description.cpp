#include "io/results/run_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "core/error.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/provenance.hpp"

namespace eustress::io {
namespace {

// Lists of names are text that people read; names themselves hold no commas.
std::string listed(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    if (name.find(',') != std::string::npos) {
      throw Error(ErrorKind::internal, fmt::format("'{}' cannot be named in a list", name));
    }
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

void add_description(NetcdfWriter& file, std::string_view content, const RunDescription& run,
                     const std::vector<std::string>& strata) {
  const Provenance& program = this_program();
  const std::vector<Attribute> attributes = {
      {"Conventions", "CF-1.11"},
      {"title", run.title},
      {"source", fmt::format("eustress {}", program.version)},
      {"eustress_content", std::string(content)},
      {"schema_version", std::vector<std::int32_t>{kSchemaVersion}},
      {"eustress_version", program.version},
      {"git_commit", program.commit},
      {"compiler", program.compiler},
      {"compiler_flags", program.flags},
      {"seed", std::vector<std::uint64_t>{run.seed}},
      {"replicate", std::vector<std::int32_t>{static_cast<std::int32_t>(run.replicate)}},
      {"individuals", std::vector<std::int64_t>{static_cast<std::int64_t>(run.individuals)}},
      {"arm_names", listed(run.arms)},
      {"stratum_names", listed(strata)},
      {"lineage", run.lineage},
      {"study_sha256", sha256(run.study)},
      {"study", run.study},
  };
  for (const Attribute& attribute : attributes) file.add_attribute(attribute);
}

void add_complete_mark(NetcdfWriter& file) {
  file.add_attribute({"complete", std::vector<std::int32_t>{1}});
}

std::vector<Attribute> described_as(std::string_view unit, std::string_view doc) {
  const bool is_standardised = unit == "sd";
  return {
      {"units", std::string(is_standardised ? "1" : unit)},
      {"long_name", fmt::format("{}{}", doc, is_standardised ? ", in standard deviations" : "")}};
}

void add_flags(std::vector<Attribute>& attributes, std::span<const std::string> meanings) {
  std::vector<std::int32_t> values;
  std::string words;
  for (const std::string& meaning : meanings) {
    values.push_back(static_cast<std::int32_t>(values.size()));
    if (!words.empty()) words += ' ';
    for (const char c : meaning) words += c == ' ' || c == '\t' || c == '\n' ? '_' : c;
  }
  attributes.push_back({"flag_values", std::move(values)});
  attributes.push_back({"flag_meanings", std::move(words)});
}

void add_codes(NetcdfWriter& file, const std::string& name, std::string_view doc,
               std::span<const std::string> meanings) {
  Variable codes{name, NumberType::int32, {}, described_as("1", doc)};
  add_flags(codes.attributes, meanings);
  file.add_dimension(codes, meanings.size());
  std::vector<std::int32_t> values;
  for (std::size_t i = 0; i < meanings.size(); ++i) {
    values.push_back(static_cast<std::int32_t>(i));
  }
  file.write(name, values);
}

void add_days(NetcdfWriter& file, const std::string& name, std::string_view doc,
              std::span<const std::int32_t> days) {
  // A unit of time would make readers turn the numbers into dates or durations.
  file.add_dimension({name, NumberType::int32, {}, described_as("1", doc)}, days.size());
  file.write(name, days);
}

void add_samples(NetcdfWriter& file, std::string_view probe_name,
                 const ObservationLayout::ProbeSamples& probe) {
  const std::string name = fmt::format("{}_sample", probe_name);
  Variable samples{name,
                   NumberType::int32,
                   {},
                   described_as("min", fmt::format("time from the onset of probe {}", probe.name))};
  samples.attributes.push_back({"day", std::vector<std::int32_t>{probe.day}});
  file.add_dimension(samples, probe.minutes.size());
  file.write(name, std::vector<std::int32_t>(probe.minutes.begin(), probe.minutes.end()));
}

std::string variable_name(std::string_view name) {
  std::string plain(name);
  std::ranges::replace_if(
      plain, [](char c) { return !is_plain(c); }, '_');
  const bool begins_with_letter =
      !plain.empty() && ((plain[0] | 0x20) >= 'a' && (plain[0] | 0x20) <= 'z');
  return begins_with_letter ? plain : "p" + plain;
}

std::vector<std::string> probe_names(const ObservationLayout& layout) {
  std::vector<std::string> names;
  for (const auto& probe : layout.probes) {
    const std::string plain = variable_name(probe.name);
    std::string name = plain;
    for (int n = 2; std::ranges::find(names, name) != names.end(); ++n) {
      name = fmt::format("{}_{}", plain, n);
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace eustress::io
