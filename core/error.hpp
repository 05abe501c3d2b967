#pragma once

#include <stdexcept>
#include <string>

namespace eustress {

/// What went wrong, as a user's batch script sees it: the value is the process exit code.
enum class ErrorKind : int {
  usage = 2,      ///< command line or study file
  input = 3,      ///< a cohort table or another input that cannot be used
  io = 4,         ///< the file system refused
  numerical = 5,  ///< NaN or a value out of bounds during the simulation
  internal = 70,  ///< a defect of this program
};

/// An error that ends the run: message says what happened, the value, what is legal and where.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

}  // namespace eustress
