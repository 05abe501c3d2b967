#include "parallel/affinity.hpp"

#include <sched.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>

#include "core/error.hpp"

namespace eustress::parallel {

namespace {

using CpuWords = std::vector<cpu_set_t>;

std::size_t n_bytes(const CpuWords& set) {
  return set.size() * sizeof(cpu_set_t);
}

CpuWords current_affinity() {
  constexpr std::size_t kMaxWords = 1024;  // of 1024 CPUs each, far beyond any kernel's limit
  for (CpuWords set(1); set.size() <= kMaxWords; set.resize(set.size() * 2)) {
    if (sched_getaffinity(0, n_bytes(set), set.data()) == 0) return set;
    // EINVAL: the kernel knows more CPUs than the set has room for.
    if (errno != EINVAL) break;
  }
  throw Error(ErrorKind::internal, "sched_getaffinity failed: " +
                                       std::error_code(errno, std::generic_category()).message() +
                                       "; give the number of threads with --threads");
}

std::vector<int> cpus_of(const CpuWords& set) {
  std::vector<int> cpus;
  for (std::size_t cpu = 0; cpu < n_bytes(set) * 8; ++cpu) {
    if (CPU_ISSET_S(cpu, n_bytes(set), set.data())) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

}  // namespace

std::vector<int> allowed_cpus() {
  return cpus_of(current_affinity());
}

int n_granted_cpus() {
  // The kernel cuts a request for all CPUs down to those granted. A thread of its own asks, so that
  // the binding of the caller stays; if it may not ask, its answer is the binding itself.
  std::size_t n_cpus = 0;
  const auto ask_for_all = [&n_cpus] {
    try {
      CpuWords set = current_affinity();
      const std::size_t size = n_bytes(set);
      for (std::size_t cpu = 0; cpu < size * 8; ++cpu) CPU_SET_S(cpu, size, set.data());
      if (sched_setaffinity(0, size, set.data()) == 0) n_cpus = cpus_of(current_affinity()).size();
    } catch (const std::exception&) {
      n_cpus = 0;
    }
  };
  try {
    std::thread(ask_for_all).join();
  } catch (const std::system_error&) {
    n_cpus = 0;  // no room for one more thread
  }
  return n_cpus > 0 ? static_cast<int>(n_cpus) : static_cast<int>(allowed_cpus().size());
}

}  // namespace eustress::parallel
