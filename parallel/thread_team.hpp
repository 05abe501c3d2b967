#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace eustress::parallel {

/// The threads of one rank; the only use of OpenMP in the program.
class ThreadTeam {
 public:
  static constexpr int kMaxThreads = 4096;

  /// `n_threads` threads, or for 0 as many as the process has allowed CPUs.
  /// Errors: Error(usage) outside 0 to kMaxThreads.
  explicit ThreadTeam(int n_threads);

  [[nodiscard]] int size() const noexcept { return n_threads_; }

  /// Calls body(index, thread) once for each index of [begin, end), with thread in [0, size()), and
  /// returns when all are done. Indices are started in ascending order, each by the thread that is
  /// free first, so which thread gets which index differs from run to run: results must not depend
  /// on it. At any time a thread number is in one body only, so it can select scratch memory.
  ///
  /// If bodies throw, no further index is started and the exception of the lowest index that threw
  /// is rethrown: since every lower index has been run, it is the one that a loop in order would
  /// have met, for any number of threads. Must not be nested.
  template <class Body>
  void for_each(std::int64_t begin, std::int64_t end, Body&& body) const {
    using Callable = std::remove_reference_t<Body>;
    run(begin, end, const_cast<void*>(static_cast<const void*>(std::addressof(body))),
        [](void* erased, std::int64_t index, int thread) {
          (*static_cast<Callable*>(erased))(index, thread);
        });
  }

 private:
  using Call = void (*)(void* erased, std::int64_t index, int thread);
  void run(std::int64_t begin, std::int64_t end, void* erased, Call call) const;

  int n_threads_;
};

}  // namespace eustress::parallel
