#include "io/checkpoint/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/checkpoint/rows.hpp"
#include "io/files/xxh3.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::io {
namespace {

/// Runs `work` on all ranks; a file that cannot be read is an input that cannot be used.
void read_on_all(const parallel::Communicator& comm, const std::function<void()>& work) {
  std::optional<Error> failure = parallel::failure_of(work);
  if (failure && failure->kind() == ErrorKind::io)
    failure.emplace(ErrorKind::input, failure->what());
  parallel::agree(comm, failure);
}

std::string without_ending(const std::string& path) {
  for (const std::string_view ending : {".h5", ".json"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  throw Error(ErrorKind::input,
              fmt::format("'{}' is no checkpoint: these are called day-000123.h5, and have a "
                          "day-000123.json beside them",
                          path));
}

}  // namespace

Checkpoint::Checkpoint(const parallel::Communicator& comm, const std::string& path) : comm_(comm) {
  // One rank looks, so that all see the same.
  const std::string text = parallel::on_root(comm_, [&] {
    const std::string manifest = without_ending(path) + ".json";
    for (const std::string& file : {manifest, without_ending(path) + ".h5"}) {
      // Opening a pipe would wait for ever.
      std::error_code unknown;
      if (std::filesystem::exists(file, unknown) &&
          !std::filesystem::is_regular_file(file, unknown)) {
        throw Error(ErrorKind::input,
                    fmt::format("cannot use the checkpoint '{}': it is no file", file));
      }
    }
    std::string content = read_manifest_text(manifest);
    const Manifest checked = parse_manifest(manifest, content);
    const std::optional<Error> failure = parallel::failure_of(
        [&] { check_against(checked, File(without_ending(path) + ".h5", File::Mode::read)); });
    if (failure) throw Error(ErrorKind::input, failure->what());
    return content;
  });
  read_on_all(comm_, [&] {
    manifest_ = parse_manifest(without_ending(path) + ".json", text);
    file_ = std::make_unique<File>(without_ending(path) + ".h5", File::Mode::read);
    // Not of another checkpoint that lies there on this host.
    if (file_->size() != manifest_.bytes) {
      throw Error(ErrorKind::input, fmt::format("cannot use the checkpoint '{}': it has {} bytes "
                                                "here and {} on rank 0",
                                                file_->path(), file_->size(), manifest_.bytes));
    }
  });
  Xxh3 hash;
  hash.add(bytes_of(text));
  hash_ = hash_text(hash.value());
}

void Checkpoint::require_hashes(std::uint64_t first_block,
                                std::span<const std::uint64_t> found) const {
  const std::vector<std::uint64_t> stored =
      stored_hashes(manifest_, *file_, first_block, found.size());
  const auto [wrong, right] = std::ranges::mismatch(found, stored);
  if (wrong == found.end()) return;
  const std::uint64_t block = first_block + static_cast<std::uint64_t>(wrong - found.begin());
  throw Error(ErrorKind::input,
              fmt::format("cannot use the checkpoint '{}': block {} (individuals from {} on) is "
                          "damaged",
                          path(), block, block * kBlockSize));
}

void Checkpoint::read_part(std::uint64_t first_block, std::span<const std::span<Block>> states,
                           std::span<float> records, int threads) const {
  read_on_all(comm_, [&] {
    const std::uint64_t blocks = states.empty() ? 0 : states.front().size();
    const bool is_inside =
        blocks == 0 || (first_block >= header().first_block &&
                        first_block - header().first_block <= header().blocks &&
                        blocks <= header().blocks - (first_block - header().first_block));
    bool fits = states.size() == header().arms.size() &&
                records.size() == blocks * header().record_numbers && is_inside;
    for (const std::span<Block> of_arm : states) fits = fits && of_arm.size() == blocks;
    if (!fits) {
      throw Error(ErrorKind::internal,
                  fmt::format("{} blocks from {} on, of {} arms and with {} recorded numbers, are "
                              "no part of '{}'",
                              blocks, first_block, states.size(), records.size(), path()));
    }
    if (blocks == 0) return;
    const parallel::ThreadTeam team(threads);
    require_hashes(first_block,
                   read_rows(manifest_, *file_, first_block, blocks, states, records, team));
  });
}

std::vector<std::int64_t> Checkpoint::read_sums() const {
  std::vector<std::int64_t> sums;
  read_on_all(comm_, [&] {
    const StoredArray* array = manifest_.find("sums");
    if (array == nullptr || !comm_.is_root()) return;
    sums.resize(array->elements());
    file_->read_at(array->offset, std::as_writable_bytes(std::span(sums)));
    Xxh3 hash;
    hash.add(std::as_bytes(std::span(sums)));
    if (hash.value() != manifest_.sums_hash) {
      throw Error(ErrorKind::input,
                  fmt::format("cannot use the checkpoint '{}': 'sums' is damaged", path()));
    }
  });
  return sums;
}

void Checkpoint::verify(int threads) const {
  read_on_all(comm_, [&] {
    const parallel::BlockRange mine = parallel::blocks_of_rank(
        static_cast<std::int64_t>(header().blocks), comm_.rank(), comm_.size());
    if (mine.empty()) return;
    const std::uint64_t first = header().first_block + static_cast<std::uint64_t>(mine.begin);
    const parallel::ThreadTeam team(threads);
    require_hashes(first, read_rows(manifest_, *file_, first,
                                    static_cast<std::uint64_t>(mine.size()), {}, {}, team));
  });
}

FoundCheckpoint find_checkpoint(const parallel::Communicator& comm, const std::string& directory,
                                const std::function<void(const Checkpoint&)>& load) {
  const std::string list = parallel::on_root(comm, [&] {
    std::string names;
    const std::optional<Error> failure = parallel::failure_of([&] {
      for (const CheckpointName& name : checkpoint_names(directory)) {
        const std::string path = data_path(directory, name);
        names += (is_absent(path) ? '-' : '+') + path + '\0';
      }
    });
    if (failure) throw Error(ErrorKind::input, failure->what());
    return names;
  });
  FoundCheckpoint found;
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = list.find('\0', start);
    const bool is_unfinished = list[start] == '-';
    const std::string path = list.substr(start + 1, end - start - 1);
    start = end + 1;
    try {
      auto checkpoint = std::make_unique<Checkpoint>(comm, path);
      if (load) load(*checkpoint);
      found.checkpoint = std::move(checkpoint);
      return found;
    } catch (const parallel::AgreedError& error) {
      if (error.kind() != ErrorKind::input && error.kind() != ErrorKind::io) throw;
      found.refused.push_back({path, error.what(), is_unfinished});
    }
  }
  return found;
}

}  // namespace eustress::io
