#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "parallel/communicator.hpp"

namespace eustress::parallel {

struct WorldOptions {
  /// One MPI call carries at most so many elements, longer data goes in pieces; tests lower it.
  std::int64_t max_count = std::numeric_limits<int>::max();
  /// A rank that waits longer for others ends the job: message on stderr, exit code 70. 0: never.
  double wait_limit_s = 0.0;
};

/// MPI from initialisation to finalisation; at most one in the life of a process.
///
/// Its end is collective: every rank must reach it, so an error that only this rank knows of must
/// end by Communicator::abort() before the session is left.
class MpiSession {
 public:
  /// Initialises MPI for use by the main thread only. Errors: Error(usage) if this MPI cannot
  /// serve the launcher that started the program (see require_world_size), Error(internal) if MPI
  /// fails or was already used by this process.
  MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
  ~MpiSession();

  /// All ranks of the program, collectively; must be destroyed before the session.
  [[nodiscard]] std::unique_ptr<Communicator> world(const WorldOptions& options = {}) const;

 private:
  struct Initialised {};
  explicit MpiSession(Initialised);
};

}  // namespace eustress::parallel
