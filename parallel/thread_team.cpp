#include "parallel/thread_team.hpp"

#include <atomic>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "parallel/affinity.hpp"

// ThreadSanitizer does not see the synchronisation inside GCC's OpenMP library and would report
// every loop as a race. Builds with it get their threads from std::thread, which it does see; the
// loop itself is the same, so races in bodies and in the loop are found.
#if defined(__SANITIZE_THREAD__)
#define EUSTRESS_TEAM_OF_STD_THREADS 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define EUSTRESS_TEAM_OF_STD_THREADS 1
#endif
#endif

#ifndef EUSTRESS_TEAM_OF_STD_THREADS
#include <omp.h>
#endif

namespace eustress::parallel {

namespace {

/// Calls work(thread) on up to n_threads threads with different numbers in [0, n_threads).
template <class Work>
void on_threads(int n_threads, const Work& work) {
#ifdef EUSTRESS_TEAM_OF_STD_THREADS
  std::vector<std::jthread> others;
  for (int thread = 1; thread < n_threads; ++thread) others.emplace_back(work, thread);
  work(0);
#else
#pragma omp parallel num_threads(n_threads)
  work(omp_get_thread_num());
#endif
}

struct Failure {
  std::int64_t index = 0;
  std::exception_ptr exception;
};

}  // namespace

ThreadTeam::ThreadTeam(int n_threads)
    : n_threads_(n_threads == 0 ? static_cast<int>(allowed_cpus().size()) : n_threads) {
  if (n_threads < 0 || n_threads > kMaxThreads) {
    throw Error(ErrorKind::usage, std::to_string(n_threads) +
                                      " threads were asked for; legal are 1 to " +
                                      std::to_string(kMaxThreads) + ", or 0 for all allowed CPUs");
  }
}

void ThreadTeam::run(std::int64_t begin, std::int64_t end, void* erased, Call call) const {
  std::atomic<std::int64_t> next{begin};
  std::atomic<bool> failed{false};
  std::vector<Failure> failures(static_cast<std::size_t>(n_threads_));

  on_threads(n_threads_, [&](int thread) noexcept {
    // `failed` is looked at before an index is taken, never between: an index once taken is run,
    // which is what makes the lowest failure independent of the threads.
    while (!failed.load(std::memory_order_relaxed)) {
      const std::int64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= end) break;
      try {
        call(erased, index, thread);
      } catch (...) {
        failures[static_cast<std::size_t>(thread)] = {index, std::current_exception()};
        failed.store(true, std::memory_order_relaxed);
      }
    }
  });

  const Failure* first = nullptr;
  for (const Failure& failure : failures) {
    if (failure.exception && (first == nullptr || failure.index < first->index)) first = &failure;
  }
  if (first != nullptr) std::rethrow_exception(first->exception);
}

}  // namespace eustress::parallel
