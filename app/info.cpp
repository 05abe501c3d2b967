#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <type_traits>
#include <variant>

#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/files/run_directory.hpp"
#include "io/results/results_file.hpp"

namespace eustress::app {

namespace {

std::string to_text(const io::AttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::string joined;
  std::visit(
      [&](const auto& numbers) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(numbers)>, std::string>) {
          joined = fmt::format("{}", fmt::join(numbers, ", "));
        }
      },
      value);
  return joined;
}

std::string shape_of(const io::NetcdfReader::Content& variable) {
  std::string text;
  for (std::size_t d = 0; d < variable.dimensions.size(); ++d) {
    text += fmt::format("{}{} {}", d > 0 ? ", " : "", variable.dimensions[d], variable.shape[d]);
  }
  return text;
}

void show(const io::ResultsFile& file) {
  fmt::print("{}\n", file.path());
  for (const io::Attribute& attribute : file.attributes()) {
    // Long, and of use to programs only.
    if (attribute.name == "study" || attribute.name == io::kChecksumName) continue;
    fmt::print("  {:<18} {}\n", attribute.name, to_text(attribute.value));
  }
  for (const io::NetcdfReader::Content& variable : file.variables()) {
    fmt::print("  {:<36} ({})\n", variable.name, shape_of(variable));
  }
  file.verify();
  fmt::print("  all numbers are as they were written\n");
}

/// The data of a checkpoint tells what it is itself.
void refuse_manifest(const std::filesystem::path& path) {
  std::error_code unknown;
  if (path.extension() != ".json" || !io::CheckpointName::parse(path.stem().string()) ||
      !std::filesystem::exists(path, unknown)) {
    return;
  }
  throw Error(ErrorKind::input, fmt::format("'{}' is a checkpoint, not results", path.string()));
}

}  // namespace

void info(const Options& options) {
  namespace fs = std::filesystem;
  std::error_code unknown;  // reading tells of it
  if (!fs::is_directory(options.path, unknown)) {
    refuse_manifest(options.path);
    show(io::ResultsFile(options.path));
    return;
  }
  const fs::path directory = options.path;
  show(io::ResultsFile(io::finished_results(options.path)));
  for (const std::string_view name : {io::kIndividualsName, io::kTracesName}) {
    const fs::path file = directory / name;
    if (fs::exists(file, unknown)) show(io::ResultsFile(file.string()));
  }
}

}  // namespace eustress::app
