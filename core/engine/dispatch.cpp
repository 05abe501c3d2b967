#include <string>

#include "core/engine/block.hpp"
#include "core/error.hpp"

namespace eustress {

#define EUSTRESS_DECLARE_COPY(NAMESPACE)                                                          \
  namespace NAMESPACE {                                                                           \
  std::unique_ptr<BlockKernel> make_kernel_copy(const ModelParameters& parameters, double dt_min, \
                                                const DrawKeys& keys,                             \
                                                const InterventionSlots& interventions);          \
  const PrimitiveKernels& primitives_copy();                                                      \
  }
EUSTRESS_DECLARE_COPY(isa_baseline)
#ifdef EUSTRESS_X86_COPIES
EUSTRESS_DECLARE_COPY(isa_avx2)
EUSTRESS_DECLARE_COPY(isa_avx512)
#endif
#undef EUSTRESS_DECLARE_COPY

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::baseline:
      return "baseline";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
  }
  return "";
}

std::vector<Isa> available_isas() {
  std::vector<Isa> isas = {Isa::baseline};
#ifdef EUSTRESS_X86_COPIES
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) isas.push_back(Isa::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    isas.push_back(Isa::avx512);
  }
#endif
  return isas;
}

Isa best_isa() {
  return available_isas().back();
}

namespace {

void require_available(Isa isa) {
  for (const Isa available : available_isas()) {
    if (available == isa) return;
  }
  throw Error(ErrorKind::usage, "this processor, or this build, cannot run instruction set '" +
                                    std::string(to_string(isa)) + "'; the best it can is '" +
                                    std::string(to_string(best_isa())) + "'");
}

}  // namespace

std::unique_ptr<BlockKernel> make_kernel(Isa isa, const ModelParameters& parameters, double dt_min,
                                         const DrawKeys& keys,
                                         const InterventionSlots& interventions) {
  require_available(isa);
#ifdef EUSTRESS_X86_COPIES
  if (isa == Isa::avx512)
    return isa_avx512::make_kernel_copy(parameters, dt_min, keys, interventions);
  if (isa == Isa::avx2) return isa_avx2::make_kernel_copy(parameters, dt_min, keys, interventions);
#endif
  return isa_baseline::make_kernel_copy(parameters, dt_min, keys, interventions);
}

const PrimitiveKernels& primitives(Isa isa) {
  require_available(isa);
#ifdef EUSTRESS_X86_COPIES
  if (isa == Isa::avx512) return isa_avx512::primitives_copy();
  if (isa == Isa::avx2) return isa_avx2::primitives_copy();
#endif
  return isa_baseline::primitives_copy();
}

}  // namespace eustress
