#include "parallel/agree.hpp"

#include <cstdint>
#include <exception>
#include <system_error>

namespace eustress::parallel {

namespace {

// No error; every ErrorKind is positive, being an exit code.
constexpr std::int64_t kSuccess = 0;

std::int64_t code_of(const std::optional<Error>& failure) {
  return failure ? failure->exit_code() : kSuccess;
}

[[noreturn]] void throw_failure_of(const Communicator& comm, std::int64_t code,
                                   const std::optional<Error>& failure, int failed_rank) {
  std::string message = comm.rank() == failed_rank ? failure->what() : "";
  comm.broadcast(message, failed_rank);
  throw AgreedError(static_cast<ErrorKind>(code), message);
}

template <class Bytes>
void share(const Communicator& comm, const std::optional<Error>& failure, Bytes& result) {
  std::int64_t code = code_of(failure);
  comm.broadcast(code);
  if (code != kSuccess) throw_failure_of(comm, code, failure, 0);
  comm.broadcast(result);
}

}  // namespace

std::optional<Error> failure_of(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  } catch (const std::system_error& error) {
    return Error(ErrorKind::io, error.what());
  } catch (const std::exception& error) {
    return Error(ErrorKind::internal, std::string("unexpected error: ") + error.what());
  } catch (...) {
    return Error(ErrorKind::internal, "unexpected error of unknown type");
  }
}

void agree(const Communicator& comm, const std::optional<Error>& failure) {
  // Nobody's rank is size(), which stands for success.
  const std::int64_t no_rank = comm.size();
  const std::int64_t failed_rank = comm.min(failure ? std::int64_t{comm.rank()} : no_rank);
  if (failed_rank == no_rank) return;
  std::int64_t code = code_of(failure);
  comm.broadcast(code, static_cast<int>(failed_rank));
  throw_failure_of(comm, code, failure, static_cast<int>(failed_rank));
}

void share_from_root(const Communicator& comm, const std::optional<Error>& failure,
                     std::string& result) {
  share(comm, failure, result);
}

void share_from_root(const Communicator& comm, const std::optional<Error>& failure,
                     std::vector<std::byte>& result) {
  share(comm, failure, result);
}

}  // namespace eustress::parallel
