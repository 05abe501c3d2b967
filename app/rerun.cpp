#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "app/study_source.hpp"
#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/files/file.hpp"
#include "io/files/run_directory.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/provenance.hpp"
#include "io/results/results_file.hpp"
#include "io/study/difference.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;

/// A file that a study names, and what was in it.
struct NamedTable {
  std::string key, path, hash;
};

std::vector<NamedTable> tables_of(const Study& study, const std::string& text) {
  std::vector<NamedTable> tables = {{"population.cohort", study.population.cohort, ""},
                                    {"population.correlations", study.population.correlations, ""},
                                    {"replay.file", study.replay.file, ""}};
  std::erase_if(tables, [](const NamedTable& table) { return table.path.empty(); });
  for (const io::ChangedKey& entry : io::changed_keys("", text)) {
    for (NamedTable& table : tables) {
      if (entry.key == "content of " + table.key) table.hash = entry.right;
    }
  }
  return tables;
}

/// What is wrong with the table at `path`; empty if it is the right one.
std::string mistake_of(const NamedTable& table, const std::string& path) {
  std::error_code unknown;
  if (!fs::exists(path, unknown)) return fmt::format("'{}' is not there", path);
  if (!fs::is_regular_file(path, unknown)) return fmt::format("'{}' is no file", path);
  try {
    const std::string hash = io::sha256_of_file(path);
    return hash == table.hash ? "" : fmt::format("'{}' has the sha256 {}", path, hash);
  } catch (const Error& error) {
    return error.what();
  }
}

/// The first of these directories from which all tables are found as they were.
/// Errors: Error(input) with what is there instead.
std::string directory_with(const std::vector<NamedTable>& tables,
                           const std::vector<std::string>& directories, const std::string& file) {
  std::string mistakes;
  for (const std::string& directory : directories) {
    bool is_right = true;
    for (const NamedTable& table : tables) {
      const std::string path = (fs::path(directory) / table.path).lexically_normal().string();
      const std::string mistake = mistake_of(table, path);
      if (mistake.empty()) continue;
      is_right = false;
      mistakes += fmt::format("\n  {} = \"{}\" with the sha256 {}: {}", table.key, table.path,
                              table.hash, mistake);
    }
    if (is_right) return directory;
  }
  throw Error(ErrorKind::input,
              fmt::format("'{}' was made from tables that are not found as they were:{}\nPut them "
                          "back, and say with --directory from where these paths start",
                          file, mistakes));
}

/// What rerun may not change of the study: everything that results depend on.
void require_same(const std::string& file, const std::string& recorded,
                  const std::string& effective) {
  std::string changed;
  for (const io::ChangedKey& change : io::changed_keys(recorded, effective)) {
    if (io::is_free_to_change(change.key)) continue;
    if (change.left.empty()) {
      fmt::print(stderr, "warning: '{}' was made by a program without {}; it is {}\n", file,
                 change.key, change.right);
      continue;
    }
    changed += fmt::format("\n  {}: {} -> {}", change.key, change.left,
                           change.right.empty() ? "(absent)" : change.right);
  }
  if (changed.empty()) return;
  throw Error(ErrorKind::usage,
              fmt::format("a rerun of '{}' cannot change{}\nOnly [checkpoint], [traces] and "
                          "numerics.memory_gib may be set. To run a changed study, run study.toml "
                          "of the run directory",
                          file, changed));
}

/// Errors: Error(usage) if it is merged from runs that no single study makes.
void require_one_job(const io::ResultsFile& file) {
  for (const io::Attribute& attribute : file.attributes()) {
    if (attribute.name != "replicates") continue;
    std::vector<std::string> no_warnings;
    const Study study = io::read_study(file.text("study"), file.path(), {}, no_warnings);
    const std::int64_t runs = file.number("replicates");
    if (study.replicates == runs) return;
    throw Error(
        ErrorKind::usage,
        fmt::format("'{}' was merged from {} runs that are not the replicates of one study: "
                    "rerun each of them",
                    file.path(), runs));
  }
}

std::string program_of(const io::ResultsFile& file) {
  return fmt::format("eustress {} ({}, {})", file.text("eustress_version"), file.text("git_commit"),
                     file.text("compiler"));
}

/// Tells how the new results compare with the old. Whether the numbers are the same.
bool compare_results(const io::ResultsFile& old, const std::string& path, bool is_quiet) {
  const io::ResultsFile made(path);
  const bool is_same = made.text("data_sha256") == old.text("data_sha256");
  if (is_same && is_quiet) return true;
  if (is_same) {
    const bool has_same_bytes = io::read_text(old.path()) == io::read_text(path);
    fmt::print("'{}' has the same {} as '{}'\n", path, has_same_bytes ? "bytes" : "numbers",
               old.path());
    return true;
  }
  fmt::print(stderr, "'{}' has other numbers than '{}', which was made by {}; this is {}\n", path,
             old.path(), program_of(old), program_of(made));
  return false;
}

}  // namespace

int rerun(const Options& options, const parallel::Communicator& comm) {
  std::error_code unknown;
  const std::string path = fs::is_directory(options.path, unknown)
                               ? (fs::path(options.path) / io::kResultsName).string()
                               : options.path;
  bool is_results = false;
  const std::string text = parallel::on_root(comm, [&] {
    const io::ResultsFile file(path);
    is_results = file.content() == io::ResultsFile::Content::results;
    for (const io::Attribute& attribute : file.attributes()) {
      if (attribute.name == "lineage") {
        throw Error(ErrorKind::usage,
                    fmt::format("'{}' is of a branched run, {}: make its parent again, and branch "
                                "from that with run --from",
                                path, file.text("lineage")));
      }
    }
    const fs::path made = fs::path(options.output) / io::kResultsName;
    if (fs::exists(made, unknown) && fs::equivalent(made, path, unknown)) {
      throw Error(ErrorKind::usage,
                  fmt::format("'{}' is what would be made again; choose another output directory "
                              "with -o",
                              path));
    }
    require_one_job(file);
    return file.text("study");
  });
  const std::string directory = parallel::on_root(comm, [&] {
    std::vector<std::string> no_warnings;
    const Study study = io::read_study(text, path, {}, no_warnings);
    const std::vector<NamedTable> tables = tables_of(study, text);
    const std::string beside = directory_of(path);
    const std::vector<std::string> likely = {".", beside,
                                             (fs::path(beside) / "..").lexically_normal().string()};
    return directory_with(
        tables, options.directory.empty() ? likely : std::vector<std::string>{options.directory},
        path);
  });
  const LoadedStudy loaded = load_study(comm, text, path, directory, options.overrides);
  parallel::on_root(comm, [&] { require_same(path, text, loaded.results_text()); });

  const int code = run_study(options, comm, {text, path, directory, "", "", ""});
  if (code != 0 || options.dry_run_ranks > 0) return code;
  std::int64_t is_same = 1;
  parallel::on_root(comm, [&] {
    if (!is_results) return;
    const std::string made = (fs::path(options.output) / io::kResultsName).string();
    is_same = compare_results(io::ResultsFile(path), made, options.quiet) ? 1 : 0;
  });
  comm.broadcast(is_same);
  return is_same != 0 ? 0 : kDifferent;
}

}  // namespace eustress::app
