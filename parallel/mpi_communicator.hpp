#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "parallel/communicator.hpp"

namespace eustress::parallel {

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
  /// One MPI call carries at most `max_count` elements, longer data goes in pieces; tests lower it.
  [[nodiscard]] std::unique_ptr<Communicator> world(
      std::int64_t max_count = std::numeric_limits<int>::max()) const;

 private:
  struct Initialised {};
  explicit MpiSession(Initialised);
};

}  // namespace eustress::parallel
