#include "io/files/atomic_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace eustress::io {
namespace {

constexpr std::string_view kEnding = ".tmp";

File create_temporary(const std::string& path) {
  static std::atomic<unsigned> counter = 0;
  const std::size_t slash = path.rfind('/');
  const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
  const std::string name = path.substr(start);
  if (name.empty() || name == "." || name == "..") {
    throw Error(ErrorKind::io, fmt::format("cannot create '{}': no name of a file", path));
  }
  for (;;) {
    std::string temporary = fmt::format("{}.{}.{}-{}{}", path.substr(0, start), name, ::getpid(),
                                        counter.fetch_add(1), kEnding);
    // Left by a dead process of the same number: the next name will do.
    if (::access(temporary.c_str(), F_OK) == 0) continue;
    try {
      return File(std::move(temporary), File::Mode::create_new);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("cannot prepare '{}': {}", path, error.what()));
    }
  }
}

bool is_there(const std::string& path) {
  std::error_code unknown;  // writing tells of it
  return std::filesystem::exists(path, unknown);
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), file_(create_temporary(path_)) {}

AtomicFile::~AtomicFile() {
  if (!published_) ::unlink(file_.path().c_str());
}

void AtomicFile::append(std::span<const std::byte> bytes) {
  file_.write_at(end_, bytes);
  end_ += bytes.size();
}

void AtomicFile::finish() {
  if (finished_) return;
  file_.sync();
  file_.close();
  finished_ = true;
}

void AtomicFile::publish() {
  finish();
  if (::rename(file_.path().c_str(), path_.c_str()) != 0) {
    throw system_failure(fmt::format("name the finished file '{}'", path_), errno);
  }
  published_ = true;
  sync_directory(directory_of(path_));
}

void write_file(const std::string& path, std::string_view content) {
  AtomicFile file(path);
  file.append(content);
  file.publish();
}

void refuse_to_replace(const std::string& path, std::string_view option) {
  if (!is_there(path)) return;
  throw Error(ErrorKind::usage,
              fmt::format("'{}' is there already; choose another file with {}, or "
                          "permit to replace it with --force",
                          path, option));
}

void refuse_to_replace_other(const std::string& path, std::string_view option,
                             std::string_view ending) {
  if (path.ends_with(ending) || !is_there(path)) return;
  throw Error(ErrorKind::usage,
              fmt::format("'{}' is there already, and its name does not end in {}; choose another "
                          "file with {}",
                          path, ending, option));
}

bool is_temporary_of(std::string_view name, std::string_view file_name) {
  return file_name.starts_with('.') && file_name.substr(1).starts_with(name) &&
         file_name.substr(1 + name.size()).starts_with('.') && file_name.ends_with(kEnding);
}

}  // namespace eustress::io
