#include "bench/roof.hpp"

#include <algorithm>
#include <chrono>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace eustress::bench {

#if defined(__x86_64__)
namespace {

constexpr long kRepeats = 2'000'000;

// Twelve independent chains hide the latency of the operation. The assembler keeps the accumulators
// in registers, where the compiler might not.
[[gnu::target("avx512f")]] void run_avx512() {
  asm volatile(
      "mov %0, %%rcx\n"
      "1:\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm0\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm1\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm2\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm3\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm4\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm5\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm6\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm7\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm8\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm9\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm10\n"
      "vfmadd132pd %%zmm30, %%zmm31, %%zmm11\n"
      "dec %%rcx\n"
      "jnz 1b\n"
      :
      : "r"(kRepeats)
      : "rcx", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11");
}

[[gnu::target("avx2,fma")]] void run_avx2() {
  asm volatile(
      "mov %0, %%rcx\n"
      "1:\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm0\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm1\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm2\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm3\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm4\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm5\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm6\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm7\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm8\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm9\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm10\n"
      "vfmadd132pd %%ymm14, %%ymm15, %%ymm11\n"
      "dec %%rcx\n"
      "jnz 1b\n"
      :
      : "r"(kRepeats)
      : "rcx", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11");
}

double best_rate(void (*run)(), int lanes) {
  double best = 0.0;
  for (int i = 0; i < 7; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const double time =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 12.0 * 2.0 * lanes * static_cast<double>(kRepeats) / time);
  }
  return best;
}

}  // namespace

double arithmetic_peak() {
  if (__builtin_cpu_supports("avx512f")) return best_rate(run_avx512, 8);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return best_rate(run_avx2, 4);
  return 0.0;
}
#else
double arithmetic_peak() {
  return 0.0;
}
#endif

}  // namespace eustress::bench
