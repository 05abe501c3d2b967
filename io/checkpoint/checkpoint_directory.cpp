#include "io/checkpoint/checkpoint_directory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <functional>
#include <span>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"

namespace eustress::io {
namespace {

constexpr std::string_view kData = ".h5";
constexpr std::string_view kManifest = ".json";

/// Takes `start` and a number off the front of `text`.
template <class Number>
bool take(std::string_view& text, std::string_view start, Number& number) {
  if (!text.starts_with(start)) return false;
  const char* first = text.data() + start.size();
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(first, end, number);
  if (failure != std::errc()) return false;
  text = {stop, static_cast<std::size_t>(end - stop)};
  return true;
}

/// Names of all entries; none if there is no such directory.
std::vector<std::string> entries_of(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code failure;
  std::filesystem::directory_iterator entry(directory, failure);
  if (failure == std::errc::no_such_file_or_directory) return names;
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    names.push_back(entry->path().filename().string());
  }
  if (failure) {
    throw system_failure(fmt::format("look for checkpoints in '{}'", directory), failure.value());
  }
  return names;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw system_failure(fmt::format("remove '{}'", path), errno);
  }
}

/// `to` is not there.
void link_or_copy(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return;
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 24;
  const File source(from, File::Mode::read);
  AtomicFile copy(to);
  const std::uint64_t size = source.size();
  copy.file().reserve(size);
  std::vector<std::byte> bytes(std::min(size, kPiece));
  for (std::uint64_t at = 0; at < size; at += kPiece) {
    const auto piece = std::span(bytes).first(std::min(kPiece, size - at));
    source.read_at(at, piece);
    copy.append(piece);
  }
  copy.publish();
}

}  // namespace

std::string CheckpointName::text() const {
  std::string text = slice == 0 ? "" : fmt::format("slice-{:04}-", slice);
  text += fmt::format("day-{:06}", day);
  if (copy > 1) text += fmt::format("-{}", copy);
  return text;
}

std::optional<CheckpointName> CheckpointName::parse(std::string_view text) {
  const std::string_view whole = text;
  CheckpointName name;
  if (take(text, "slice-", name.slice) && !text.empty()) text.remove_prefix(1);
  if (!take(text, "day-", name.day)) return std::nullopt;
  take(text, "-", name.copy);
  // Only the one spelling that this program gives.
  if (!text.empty() || name.day < 0 || name.text() != whole) return std::nullopt;
  return name;
}

std::string data_path(const std::string& directory, const CheckpointName& name) {
  return fmt::format("{}/{}{}", directory, name.text(), kData);
}

std::string manifest_path(const std::string& directory, const CheckpointName& name) {
  return fmt::format("{}/{}{}", directory, name.text(), kManifest);
}

bool is_absent(const std::string& path) {
  return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
}

std::vector<CheckpointName> checkpoint_names(const std::string& directory) {
  std::vector<CheckpointName> names;
  for (const std::string_view file : entries_of(directory)) {
    for (const std::string_view ending : {kData, kManifest}) {
      if (!file.ends_with(ending)) continue;
      const auto name = CheckpointName::parse(file.substr(0, file.size() - ending.size()));
      if (name) names.push_back(*name);
    }
  }
  std::ranges::sort(names, std::greater<>());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void remove_unfinished(const std::string& directory) {
  for (const std::string& file : entries_of(directory)) {
    // The name between the leading dot and the numbers of the temporary file.
    const std::size_t end = std::min(file.find(kData, 1), file.find(kManifest, 1));
    if (!file.starts_with('.') || end == std::string::npos) continue;
    const std::string stem = file.substr(1, end - 1);
    const bool is_ours = CheckpointName::parse(stem).has_value() &&
                         (is_temporary_of(stem + std::string(kData), file) ||
                          is_temporary_of(stem + std::string(kManifest), file));
    if (is_ours) remove_file(fmt::format("{}/{}", directory, file));
  }
  for (const CheckpointName& name : checkpoint_names(directory)) {
    if (is_absent(data_path(directory, name))) remove_file(manifest_path(directory, name));
  }
}

void remove_checkpoint(const std::string& directory, const CheckpointName& name) {
  // Without its data a manifest is recognised as a leftover, should this be interrupted.
  remove_file(data_path(directory, name));
  remove_file(manifest_path(directory, name));
}

void remove_checkpoints(const std::string& directory) {
  for (const CheckpointName& name : checkpoint_names(directory)) remove_checkpoint(directory, name);
  remove_unfinished(directory);
  const std::string origin = origin_directory(directory);
  if (is_absent(origin)) return;
  for (const CheckpointName& name : checkpoint_names(origin)) remove_checkpoint(origin, name);
  remove_unfinished(origin);
  ::rmdir(origin.c_str());  // refused if it holds anything of others
}

std::string origin_directory(const std::string& directory) {
  return fmt::format("{}/{}", directory, kOriginName);
}

void keep_origin(const std::string& directory, const std::string& parent) {
  const std::filesystem::path data = parent;
  const std::filesystem::path manifest = std::filesystem::path(parent).replace_extension(kManifest);
  create_directory(directory);
  const std::string origin = origin_directory(directory);
  create_directory(origin);
  const std::string kept_data = fmt::format("{}/{}", origin, data.filename().string());
  const std::string kept_manifest = fmt::format("{}/{}", origin, manifest.filename().string());
  // The manifest has the checksums of all else.
  if (!is_absent(kept_data) && !is_absent(kept_manifest) &&
      read_text(kept_manifest) == read_text(manifest.string())) {
    return;
  }
  for (const CheckpointName& name : checkpoint_names(origin)) remove_checkpoint(origin, name);
  remove_unfinished(origin);
  link_or_copy(manifest.string(), kept_manifest);
  link_or_copy(data.string(), kept_data);
  sync_directory(origin);
}

}  // namespace eustress::io
