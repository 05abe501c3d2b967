#pragma once

// Programs started by this one. Linux: the processes of a program are found in /proc.

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eustress::app {

/// A running program. Its output, both streams, goes to a file. What is left of it, with all that
/// it started, is killed at the latest by the destructor, and by the end of this process.
class ChildProcess {
 public:
  /// `command`: looked up in PATH. `new_environment`: NAME, value; not for names that are set.
  /// Errors: Error(io) if it cannot be started; a program that does not exist ends with 127.
  ChildProcess(const std::vector<std::string>& command,
               const std::vector<std::pair<std::string, std::string>>& new_environment,
               const std::string& output_file);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  /// Its exit code once it has ended, 128 + the number of the signal that killed it.
  std::optional<int> exit_code();
  /// Processes, of it and what it started, that run the executable of this process.
  [[nodiscard]] std::vector<pid_t> of_this_program() const;
  /// Sends the signal to one process of this program, or to what was started if there is none, as
  /// on other hosts.
  void interrupt(int signal) const;
  /// SIGKILL to all of it at once. Returns when the child has ended.
  void kill();

 private:
  [[nodiscard]] std::vector<pid_t> processes() const;

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// Whether a program of this name can be started.
[[nodiscard]] bool is_program(const std::string& name);

/// The path of the executable of this process. Errors: Error(io).
[[nodiscard]] std::string own_executable();

}  // namespace eustress::app
