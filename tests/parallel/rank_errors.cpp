// Not a GoogleTest program: leaves like main does when ranks fail, so that the exit code of the
// launcher can be tested. The argument says how:
//   agreed  rank 1 fails in work on all ranks; all leave with its code
//   root    rank 0 fails in work on the root; all leave with its code
//   abort   rank 1 aborts while the others wait for it
//   hang    rank 1 never comes while the others wait for it, 3 s at most
//   slow    rank 1 is late, but not too late

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

#include "core/error.hpp"
#include "parallel/agree.hpp"
#include "parallel/mpi_communicator.hpp"

namespace {

using eustress::Error;
using eustress::ErrorKind;

void fail(const eustress::parallel::Communicator& comm, std::string_view way) {
  using namespace eustress::parallel;
  if (way == "agreed") {
    on_all(comm, [&] {
      if (comm.rank() == 1) throw Error(ErrorKind::io, "disk of rank 1");
    });
  } else if (way == "root") {
    on_root(comm, [] { throw Error(ErrorKind::input, "table at the root"); });
  } else if (way == "hang") {
    while (comm.rank() == 1) ::pause();
    comm.barrier();
  } else if (way == "slow") {
    for (int i = 0; i < 3; ++i) {
      if (comm.rank() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      comm.barrier();
    }
    if (comm.is_root()) std::printf("rank 0 is done\n");
  } else {
    if (comm.rank() == 1) throw Error(ErrorKind::numerical, "NaN on rank 1");
    comm.barrier();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const eustress::parallel::MpiSession session;
  const auto comm = session.world({.wait_limit_s = 3.0});
  try {
    fail(*comm, argc > 1 ? argv[1] : "");
  } catch (const eustress::parallel::AgreedError& error) {
    if (comm->is_root()) std::printf("%s\n", error.what());
    return error.exit_code();
  } catch (const Error& error) {
    std::printf("%s\n", error.what());
    std::fflush(stdout);
    comm->abort(error.exit_code());
  }
  return 0;
}
