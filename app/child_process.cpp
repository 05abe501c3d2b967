#include "app/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

#include "core/error.hpp"
#include "io/files/file.hpp"

namespace eustress::app {

namespace {

namespace fs = std::filesystem;

/// Parents of all processes.
std::map<pid_t, pid_t> parents() {
  std::map<pid_t, pid_t> parent_of;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator("/proc", failure)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::ifstream in(entry.path() / "stat");
    std::string line;
    std::getline(in, line);
    // pid (name, which may hold anything) state parent ...
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos) continue;  // it has ended
    std::istringstream rest(line.substr(end + 1));
    char state = 0;
    pid_t parent = 0;
    if (rest >> state >> parent) parent_of[pid] = parent;
  }
  return parent_of;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command,
                           const std::vector<std::pair<std::string, std::string>>& new_environment,
                           const std::string& output_file) {
  // Everything that needs memory comes before the fork.
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const int output = ::open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (output < 0) throw io::system_failure(fmt::format("write to '{}'", output_file), errno);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    for (const auto& [name, value] : new_environment) ::setenv(name.c_str(), value.c_str(), 0);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  const int error = errno;
  ::close(output);
  if (pid_ < 0) throw io::system_failure(fmt::format("start '{}'", command.front()), error);
}

ChildProcess::~ChildProcess() {
  kill();
}

std::optional<int> ChildProcess::exit_code() {
  int status = 0;
  if (!exit_code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return exit_code_;
}

std::vector<pid_t> ChildProcess::processes() const {
  const std::map<pid_t, pid_t> parent_of = parents();
  std::vector<pid_t> found = {pid_};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const auto& [pid, parent] : parent_of) {
      if (parent == found[i]) found.push_back(pid);
    }
  }
  return found;
}

std::vector<pid_t> ChildProcess::of_this_program() const {
  const std::string own = own_executable();
  std::vector<pid_t> found = processes();
  std::erase_if(found, [&](pid_t pid) {
    std::error_code failure;
    return fs::read_symlink(fmt::format("/proc/{}/exe", pid), failure) != own;
  });
  return found;
}

void ChildProcess::interrupt(int signal) const {
  const std::vector<pid_t> ranks = of_this_program();
  // The last of the ranks, so that one that decides nothing must tell the others.
  ::kill(ranks.empty() ? pid_ : ranks.back(), signal);
}

void ChildProcess::kill() {
  if (exit_code_) return;
  // The ranks first: a launcher that sees its end would let them clean up.
  const std::vector<pid_t> all = processes();
  std::for_each(all.rbegin(), all.rend(), [](pid_t pid) { ::kill(pid, SIGKILL); });
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool is_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (::access(fmt::format("{}/{}", directory, name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string own_executable() {
  std::error_code failure;
  const fs::path path = fs::read_symlink("/proc/self/exe", failure);
  if (failure) throw io::system_failure("find the own executable", failure.value());
  return path.string();
}

}  // namespace eustress::app
