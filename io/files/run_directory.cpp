#include "io/files/run_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"

namespace eustress::io {
namespace {

// results.nc comes first: without it the others are no finished run.
constexpr std::array kRunFiles = {kResultsName, kIndividualsName, kTracesName,
                                  kReportName,  kStudyName,       kLogName};

constexpr std::string_view kTrialName = "eustress-trial";

/// Errors: Error(io) if that cannot be found out: what is there must not be taken for absent.
bool exists(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  throw system_failure(fmt::format("look for '{}'", path), errno);
}

}  // namespace

RunDirectory::RunDirectory(std::string path, bool force) : path_(std::move(path)) {
  if (path_.empty()) throw Error(ErrorKind::usage, "the output directory (-o) has an empty name");
  while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
  create();
  try {
    lock();
    if (!force) refuse_previous();
    remove_temporaries();
    try_writing();
  } catch (...) {
    if (lock_ >= 0) ::close(lock_);
    if (created_) ::rmdir(path_.c_str());
    throw;
  }
}

RunDirectory::~RunDirectory() {
  if (created_) ::rmdir(path_.c_str());  // refused if it holds anything
  if (lock_ >= 0) ::close(lock_);
}

std::string RunDirectory::file(std::string_view name) const {
  return path_ == "/" ? fmt::format("/{}", name) : fmt::format("{}/{}", path_, name);
}

void RunDirectory::create() {
  std::error_code failure;
  created_ = std::filesystem::create_directories(path_, failure);
  if (created_) {
    sync_directory(directory_of(path_));
    return;
  }
  std::error_code unknown;
  const std::filesystem::file_status status = std::filesystem::status(path_, unknown);
  if (std::filesystem::is_directory(status)) return;
  if (status.type() == std::filesystem::file_type::none) {  // could not be found out
    throw system_failure(fmt::format("use the output directory '{}'", path_), unknown.value());
  }
  if (exists(path_)) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' exists and is not a directory; choose another output directory "
                            "with -o",
                            path_));
  }
  throw system_failure(fmt::format("create the output directory '{}'", path_), failure.value());
}

void RunDirectory::lock() {
  lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0) throw system_failure(fmt::format("open the directory '{}'", path_), errno);
  // Where the file system has no locks there is no protection, but no reason to refuse either.
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(ErrorKind::usage,
                fmt::format("another run is writing to '{}'; wait for it, or choose another output "
                            "directory with -o",
                            path_));
  }
}

void RunDirectory::refuse_previous() const {
  const bool is_unfinished = exists(file(kCheckpointsName)) || exists(file(kReplicatesName));
  for (const std::string_view name : kRunFiles) {
    if (!exists(file(name)) || (is_unfinished && name != kResultsName)) continue;
    if (name == kResultsName) {
      throw Error(ErrorKind::usage,
                  fmt::format("'{}' already holds a finished run ({}); choose another output "
                              "directory with -o, or replace that run with --force",
                              path_, name));
    }
    throw Error(ErrorKind::usage,
                fmt::format("'{}' already holds a file '{}', which this run would replace; choose "
                            "another output directory with -o, or permit that with --force",
                            path_, name));
  }
}

void RunDirectory::refuse_run() const {
  for (const std::string_view name : {kResultsName, kLogName, kCheckpointsName, kReplicatesName}) {
    if (!exists(file(name))) continue;
    throw Error(ErrorKind::usage, fmt::format("'{}' is the directory of a run, with '{}' in it; "
                                              "choose another output directory with -o",
                                              path_, name));
  }
}

void RunDirectory::remove_temporaries() const {
  std::error_code failure;
  // What cannot be listed stays.
  for (std::filesystem::directory_iterator entry(path_, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    bool is_ours = is_temporary_of(kTrialName, name);
    for (const std::string_view ours : kRunFiles) is_ours = is_ours || is_temporary_of(ours, name);
    if (is_ours) ::unlink(file(name).c_str());
  }
}

void RunDirectory::try_writing() const {
  AtomicFile trial(file(kTrialName));
  trial.append("eustress\n");
  trial.file().sync();
}

void RunDirectory::mark_unfinished() const {
  create_directory(file(kCheckpointsName));
}

void RunDirectory::withdraw_previous() const {
  for (const std::string_view name : kRunFiles) {
    if (::unlink(file(name).c_str()) != 0 && errno != ENOENT) {
      throw system_failure(fmt::format("remove '{}' of the previous run", file(name)), errno);
    }
  }
  sync_directory(path_);
}

}  // namespace eustress::io
