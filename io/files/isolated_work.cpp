#include "io/files/isolated_work.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include "core/error.hpp"
#include "io/files/file.hpp"

namespace eustress::io {
namespace {

// The first byte of what the process sends; after an error the next one is its kind.
constexpr char kResult = 'r';
constexpr char kError = 'e';

constexpr std::size_t kPiece = std::size_t{1} << 16;

/// A crash is expected here: it must neither be told by the handlers of MPI nor leave a core.
/// A request to stop is for the other process, with which this one ends: Slurm sends it to all
/// processes of a step.
void prepare_to_crash(std::uint64_t seconds) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    std::signal(number, SIG_DFL);
  }
  for (const int number : {SIGTERM, SIGUSR1}) std::signal(number, SIG_IGN);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const rlimit computing{seconds, seconds + 1};
  ::setrlimit(RLIMIT_CPU, &computing);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
}

std::string as_sent(ErrorKind kind, std::string_view text) {
  return fmt::format("{}{}{}", kError, static_cast<char>(kind), text);
}

std::string outcome_of(const std::string& file, const std::function<std::string()>& work) {
  try {
    return kResult + work();
  } catch (const Error& error) {
    return as_sent(error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    return as_sent(ErrorKind::input,
                   fmt::format("cannot read '{}': it does not fit into memory", file));
  } catch (const std::exception& error) {
    return as_sent(ErrorKind::internal, error.what());
  }
}

bool send(int pipe, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(pipe, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Until the other end is closed.
std::string receive(int pipe) {
  std::string bytes;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + kPiece);
    const ssize_t got = ::read(pipe, &bytes[size], kPiece);
    bytes.resize(size + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0 || (got < 0 && errno != EINTR)) return bytes;
  }
}

}  // namespace

std::string in_process_of_its_own(const std::string& file, std::uint64_t seconds,
                                  const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw system_failure("make a pipe", errno);
  const pid_t process = ::fork();
  if (process < 0) {
    const int error_number = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw system_failure(fmt::format("start a process that reads '{}'", file), error_number);
  }
  if (process == 0) {
    ::close(ends[0]);
    prepare_to_crash(seconds);
    // Without what is to be done at the end of the program, which is that of the other process.
    ::_exit(send(ends[1], outcome_of(file, work)) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string bytes = receive(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw system_failure(fmt::format("wait for what reads '{}'", file), errno);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || bytes.empty()) {
    throw Error(
        ErrorKind::input,
        fmt::format(
            "cannot read '{}': the library that reads it was lost in it ({}), so the file is "
            "damaged, or was not made by that library; make it anew",
            file,
            WIFSIGNALED(status) ? std::string(::strsignal(WTERMSIG(status)))
                                : fmt::format("exit code {}", WEXITSTATUS(status))));
  }
  if (bytes.front() == kError && bytes.size() > 1) {
    throw Error(static_cast<ErrorKind>(bytes[1]), bytes.substr(2));
  }
  bytes.erase(0, 1);
  return bytes;
}

}  // namespace eustress::io
