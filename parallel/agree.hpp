#pragma once

// Work that may fail on one rank while the others would wait for it: in set-up, input and output
// all ranks agree on the outcome, so that either all go on or all leave with the same error.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "parallel/communicator.hpp"

namespace eustress::parallel {

/// An error that every rank is throwing, with the same kind and text: it may be shown by rank 0
/// alone, and MPI may be finalised. Any other error is known to this rank only and must end in
/// Communicator::abort().
class AgreedError : public Error {
 public:
  using Error::Error;
};

/// Runs `work` and returns what went wrong, if anything: an Error as it is, a std::system_error as
/// ErrorKind::io, any other exception as ErrorKind::internal.
[[nodiscard]] std::optional<Error> failure_of(const std::function<void()>& work);

/// Collective: throws on every rank the failure of the lowest rank that has one.
void agree(const Communicator& comm, const std::optional<Error>& failure);

/// Collective: broadcasts rank 0's `result` to all ranks, or throws its failure on all of them.
void share_from_root(const Communicator& comm, const std::optional<Error>& failure,
                     std::string& result);
void share_from_root(const Communicator& comm, const std::optional<Error>& failure,
                     std::vector<std::byte>& result);

/// Runs `work` on every rank and returns this rank's result, once all ranks have succeeded.
/// `work` may itself be collective only where all ranks fail or none, as in these functions.
/// Errors: AgreedError of the lowest failing rank, on every rank.
template <class Work>
std::invoke_result_t<Work&> on_all(const Communicator& comm, Work&& work) {
  using Result = std::invoke_result_t<Work&>;
  if constexpr (std::is_void_v<Result>) {
    agree(comm, failure_of(std::ref(work)));
  } else {
    std::optional<Result> result;
    agree(comm, failure_of([&] { result.emplace(work()); }));
    return *std::move(result);
  }
}

/// Runs `work` on rank 0 only and gives its result (void, std::string or std::vector<std::byte>)
/// to every rank. `work` must not communicate. Errors: AgreedError of rank 0, on every rank.
template <class Work>
std::invoke_result_t<Work&> on_root(const Communicator& comm, Work&& work) {
  using Result = std::invoke_result_t<Work&>;
  static_assert(std::is_void_v<Result> || std::is_same_v<Result, std::string> ||
                    std::is_same_v<Result, std::vector<std::byte>>,
                "on_root sends bytes or nothing: encode other results");
  std::conditional_t<std::is_void_v<Result>, std::string, Result> result;
  std::optional<Error> failure;
  if (comm.is_root()) {
    failure = failure_of([&] {
      if constexpr (std::is_void_v<Result>) {
        work();
      } else {
        result = work();
      }
    });
  }
  share_from_root(comm, failure, result);
  if constexpr (!std::is_void_v<Result>) return result;
}

}  // namespace eustress::parallel
