// Plain loops over single primitives, for tests and benchmarks. Compiled like walk.cpp once per
// instruction set; EUSTRESS_ISA names the copy.

#include "core/engine/block.hpp"
#include "core/engine/series_kernel.hpp"
#include "core/mechanisms/catecholamines_kernel.hpp"
#include "core/mechanisms/drive_kernel.hpp"
#include "core/mechanisms/hpa_kernel.hpp"
#include "core/mechanisms/receptors_kernel.hpp"
#include "core/numerics/random_pack.hpp"

namespace eustress {
inline namespace EUSTRESS_ISA {

namespace {

template <class F>
void map(const double* x, double* y, std::size_t n, F f) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    Pack v;
    std::memcpy(&v, x + i, sizeof v);
    v = f(v);
    std::memcpy(y + i, &v, sizeof v);
  }
}
void map_exp(const double* x, double* y, std::size_t n) {
  map(x, y, n, [](Pack v) { return exp(v); });
}
void map_log(const double* x, double* y, std::size_t n) {
  map(x, y, n, [](Pack v) { return log(v); });
}
void map_reciprocal(const double* x, double* y, std::size_t n) {
  map(x, y, n, [](Pack v) { return reciprocal(v); });
}
template <class F>
void draw_pairs(std::uint64_t first_id, double* pairs, std::size_t individuals, F f) {
  for (std::size_t i = 0; i < individuals; i += kLanes) {
    const PackPair u = f(lane_ids(first_id + i));
    std::memcpy(pairs + i, &u.first, sizeof u.first);
    std::memcpy(pairs + individuals + i, &u.second, sizeof u.second);
  }
}
void draw_uniform(const StreamKey& key, std::uint64_t first_id, std::uint32_t time, double* pairs,
                  std::size_t individuals) {
  draw_pairs(first_id, pairs, individuals,
             [&](const LaneIds& ids) { return uniform_pair(key, ids, time, 0); });
}
void draw_normal(const StreamKey& key, std::uint64_t first_id, std::uint32_t time, double* pairs,
                 std::size_t individuals) {
  draw_pairs(first_id, pairs, individuals,
             [&](const LaneIds& ids) { return normal_pair(key, ids, time, 0); });
}
template <bool Lag>
void hpa_steps(HpaState<Pack>* s, const HpaRates<Pack>* rates, const double* drive,
               std::size_t n_steps) {
  HpaStageRates stage_rates[kPacksPerBlock];
  for (int i = 0; i < kPacksPerBlock; ++i) {
    stage_rates[i] = HpaStageRates(rates[i], crh_scheme(rates[i].crh));
  }
  for (std::size_t t = 0; t < n_steps; ++t) {
    for (int i = 0; i < kPacksPerBlock; ++i) {
      hpa_step<Lag, false>(s[i], stage_rates[i], broadcast(drive[t]), 0.0);
    }
  }
}
void hpa_loop(HpaState<Lanes>* states, const HpaRates<Lanes>* rates, const double* drive,
              std::size_t n_steps) {
  auto* s = reinterpret_cast<HpaState<Pack>*>(states);
  const auto* r = reinterpret_cast<const HpaRates<Pack>*>(rates);
  rates[0].brain > 0.0 ? hpa_steps<true>(s, r, drive, n_steps)
                       : hpa_steps<false>(s, r, drive, n_steps);
}
void catecholamines_loop(CatecholamineState<Lanes>* states, const CatecholamineDecay& decay,
                         const double* target, std::size_t n_steps) {
  auto* s = reinterpret_cast<CatecholamineState<Pack>*>(states);
  for (std::size_t t = 0; t < n_steps; ++t) {
    const Pack x = broadcast(target[t]);
    for (int i = 0; i < kPacksPerBlock; ++i) catecholamines_step(s[i], decay, {x, x, x, x});
  }
}
void receptors_loop(ReceptorState<Lanes>* states, const ReceptorParameters& parameters,
                    double dt_min, const double* brain_cortisol, std::size_t n_steps) {
  auto* s = reinterpret_cast<ReceptorState<Pack>*>(states);
  const ReceptorCoefficients c(parameters, dt_min);
  for (std::size_t t = 0; t < n_steps; ++t) {
    for (int i = 0; i < kPacksPerBlock; ++i) {
      receptors_fast_step(s[i], c, broadcast(brain_cortisol[t]));
    }
  }
}
void drive_loop(DriveState<Lanes>* states, const DriveParameters& parameters, const StreamKey& key,
                std::uint64_t first_id, double* u, std::size_t days) {
  auto* s = reinterpret_cast<DriveState<Pack>*>(states);
  const DriveCoefficients c(parameters);
  const Pack zero = broadcast(0.0);
  const DriveShape shape(c, zero, zero);
  for (std::size_t day = 0; day < days; ++day) {
    for (int i = 0; i < kPacksPerBlock; ++i) {
      const LaneIds ids = lane_ids(first_id + static_cast<std::uint64_t>(i * kLanes));
      for (int j = 0; j < kHalfHours; j += 2) {
        const PackPair random = uniform_pair(key, ids, static_cast<std::uint32_t>(day),
                                             static_cast<std::uint32_t>(j / 2));
        for (int half = 0; half < 2; ++half) {
          const Pack drive = drive_half_hour(s[i], c, shape, zero, zero, j + half,
                                             half == 0 ? random.first : random.second);
          std::memcpy(u + ((day * kHalfHours + static_cast<std::size_t>(j + half)) * kBlockSize +
                           static_cast<std::size_t>(i * kLanes)),
                      &drive, sizeof drive);
        }
      }
    }
  }
}

void fixed_points_loop(const double* x, double scale, std::int64_t* values, std::int64_t* squares,
                       std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    Pack v;
    std::memcpy(&v, x + i, sizeof v);
    const FixedPoints numbers = fixed_points(v, 1.0 / scale);
    std::memcpy(values + i, &numbers.value, sizeof numbers.value);
    std::memcpy(squares + i, &numbers.square, sizeof numbers.square);
  }
}

}  // namespace

const PrimitiveKernels& primitives_copy() {
  static const PrimitiveKernels table{
      map_exp,     map_log,          map_reciprocal,      draw_uniform,
      draw_normal, hpa_loop,         catecholamines_loop, receptors_loop,
      drive_loop,  fixed_points_loop};
  return table;
}

}  // namespace EUSTRESS_ISA
}  // namespace eustress
