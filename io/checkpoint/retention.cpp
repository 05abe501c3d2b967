#include "io/checkpoint/retention.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>
#include <vector>

#include "core/error.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/files/file.hpp"
#include "parallel/agree.hpp"

namespace eustress::io {
namespace {

/// Collective.
bool reads_as_written(const parallel::Communicator& comm, const std::string& path, int threads) {
  try {
    Checkpoint(comm, path).verify(threads);
    return true;
  } catch (const parallel::AgreedError&) {
    return false;
  }
}

}  // namespace

std::string ExaminedCheckpoints::files_of(const std::string& directory,
                                          const CheckpointName& name) {
  std::string text;
  for (const std::string& path : {data_path(directory, name), manifest_path(directory, name)}) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    text += fmt::format("{}:{}:{}:{}.{}:{}.{} ", status.st_dev, status.st_ino, status.st_size,
                        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                        status.st_ctim.tv_nsec);
  }
  return text;
}

void ExaminedCheckpoints::remember(const CheckpointName& name, std::string files, bool is_intact) {
  if (!files.empty()) findings_[name] = {std::move(files), is_intact};
}

std::optional<bool> ExaminedCheckpoints::is_intact(const std::string& directory,
                                                   const CheckpointName& name) const {
  const auto found = findings_.find(name);
  if (found == findings_.end() || found->second.files != files_of(directory, name)) {
    return std::nullopt;
  }
  return found->second.is_intact;
}

std::string remove_older(const parallel::Communicator& comm, const std::string& directory,
                         const CheckpointName& newest, std::size_t keep, int threads,
                         ExaminedCheckpoints& examined) {
  std::string warning;
  // Rank 0 looks, so that all see the same.
  const std::string list = parallel::on_root(comm, [&] {
    std::string names;
    const std::optional<Error> failure = parallel::failure_of([&] {
      for (const CheckpointName& name : checkpoint_names(directory)) {
        if (name < newest) names += name.text() + '\n';
      }
    });
    if (failure) warning = failure->what();
    return names;
  });
  std::size_t intact = 1;
  std::vector<CheckpointName> surplus;
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = list.find('\n', start);
    const CheckpointName name = *CheckpointName::parse(list.substr(start, end - start));
    start = end + 1;
    if (intact >= keep) {
      surplus.push_back(name);
      continue;
    }
    std::string files;
    const std::string known = parallel::on_root(comm, [&]() -> std::string {
      // Before it is read: what changes meanwhile has changed since.
      files = ExaminedCheckpoints::files_of(directory, name);
      const std::optional<bool> finding = examined.is_intact(directory, name);
      if (!finding) return "unknown";
      return *finding ? "intact" : "damaged";
    });
    bool is_intact = known == "intact";
    if (known == "unknown") {
      is_intact = reads_as_written(comm, data_path(directory, name), threads);
      if (comm.is_root()) examined.remember(name, files, is_intact);
    }
    if (is_intact) ++intact;
  }
  return parallel::on_root(comm, [&] {
    const std::optional<Error> failure = parallel::failure_of([&] {
      for (const CheckpointName& name : surplus) {
        examined.forget(name);
        remove_checkpoint(directory, name);
      }
      if (!surplus.empty()) sync_directory(directory);
    });
    if (failure) warning = failure->what();
    return warning;
  });
}

}  // namespace eustress::io
