#pragma once

// For readers that leave what may crash to a process of its own: the fuzzer keeps inputs for which
// this process dies, not those for which the other one does.

#include <pthread.h>

#include <cstdlib>

// Of the sanitizers, if they are there.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace eustress::test {

inline void keep_out_of_other_processes() {
  static const int failure = ::pthread_atfork(nullptr, nullptr, [] {
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(nullptr);
  });
  if (failure != 0) std::abort();
}

}  // namespace eustress::test
