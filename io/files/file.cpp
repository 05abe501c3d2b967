#include "io/files/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace eustress::io {
namespace {

// Linux moves at most 0x7ffff000 bytes per call; round pieces keep the offsets aligned.
constexpr std::size_t kLargestPiece = std::size_t{1} << 30;

std::string_view remedy(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space there, or choose another output directory with -o";
    case EFBIG:
      return "; the file would exceed the limit of this process (ulimit -f) or of the file system";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; choose a directory that you may write to with -o";
    case EMFILE:
    case ENFILE:
      return "; too many files are open (ulimit -n)";
    default:
      return "";
  }
}

int flags_of(File::Mode mode) {
  switch (mode) {
    case File::Mode::create_new:
      return O_RDWR | O_CREAT | O_EXCL;
    case File::Mode::write:
      return O_RDWR;
    case File::Mode::read:
      break;
  }
  return O_RDONLY;
}

}  // namespace

Error system_failure(std::string_view action, int error_number) {
  return Error(ErrorKind::io,
               fmt::format("cannot {}: {}{}", action, std::generic_category().message(error_number),
                           remedy(error_number)));
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

File::File(std::string path, Mode mode) : path_(std::move(path)) {
  do {
    descriptor_ = ::open(path_.c_str(), flags_of(mode) | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) {
    const int error_number = errno;
    throw system_failure(
        fmt::format("{} '{}'", mode == Mode::create_new ? "create" : "open", path_), error_number);
  }
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) {
    throw system_failure(fmt::format("find the size of '{}'", path_), errno);
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void File::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const std::size_t piece = std::min(bytes.size(), kLargestPiece);
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), piece, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      // Nothing written and no error: not promised by POSIX for files, and would loop for ever.
      const int error_number = written < 0 ? errno : EIO;
      throw system_failure(
          fmt::format("write {} bytes at offset {} of '{}'", bytes.size(), offset, path_),
          error_number);
    }
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void File::read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const std::size_t piece = std::min(bytes.size(), kLargestPiece);
    const ssize_t got = ::pread(descriptor_, bytes.data(), piece, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error_number = errno;
      throw system_failure(
          fmt::format("read {} bytes at offset {} of '{}'", bytes.size(), offset, path_),
          error_number);
    }
    if (got == 0) {
      throw Error(ErrorKind::input, fmt::format("'{}' ends at byte {}, {} more were expected",
                                                path_, offset, bytes.size()));
    }
    offset += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

void File::reserve(std::uint64_t size) const {
  if (size == 0) return;
  int error_number = 0;
  do {
    error_number = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(size));
  } while (error_number == EINTR);
  if (error_number != 0) {
    throw system_failure(fmt::format("reserve {} bytes for '{}'", size, path_), error_number);
  }
}

void File::set_size(std::uint64_t size) const {
  while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    if (errno == EINTR) continue;
    throw system_failure(fmt::format("give '{}' the size of {} bytes", path_, size), errno);
  }
}

void File::start_sync() const noexcept {
  // Its errors are those that sync() reports, or that the file system has no such call.
#ifdef SYNC_FILE_RANGE_WRITE
  static_cast<void>(::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE));
#endif
}

void File::sync() const {
  while (::fsync(descriptor_) != 0) {
    if (errno == EINTR) continue;
    const int error_number = errno;
    // Pipes and devices have no disk behind them.
    if (error_number == EINVAL || error_number == EROFS) return;
    throw system_failure(fmt::format("bring '{}' to the disk", path_), error_number);
  }
}

void File::close() {
  if (descriptor_ < 0) return;
  // After EINTR the descriptor is closed on Linux; a second close could hit another thread's file.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) {
    throw system_failure(fmt::format("finish writing '{}'", path_), errno);
  }
}

std::string read_text(const std::string& path) {
  const File file(path, File::Mode::read);
  std::string text(file.size(), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(text)));
  return text;
}

bool create_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) {
    try {
      sync_directory(directory_of(path));
    } catch (...) {
      ::rmdir(path.c_str());
      throw;
    }
    return true;
  }
  int error_number = errno;
  struct stat status {};
  if (error_number == EEXIST) {
    if (::stat(path.c_str(), &status) != 0) {
      error_number = errno;
    } else if (S_ISDIR(status.st_mode)) {
      return false;
    }
  }
  throw system_failure(fmt::format("create the directory '{}'", path), error_number);
}

void sync_directory(const std::string& path) {
  const File directory(path, File::Mode::read);
  directory.sync();
}

}  // namespace eustress::io
