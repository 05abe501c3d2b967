// Time of every kernel, for each instruction set that this processor has. Each is checked against a
// plain computation before it is timed.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/hpa_problem.hpp"
#include "core/engine/simulation.hpp"

namespace {

using namespace eustress;
using namespace eustress::bench;

void require(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "%s is wrong: no timing\n", what.c_str());
  std::exit(1);
}

constexpr std::size_t kNumbers = 4096;

std::vector<double> numbers(double low, double high) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> x(kNumbers);
  for (double& v : x) v = uniform(random);
  return x;
}

void add_map(const std::string& name, void (*f)(const double*, double*, std::size_t),
             double (*plain)(double), double low, double high) {
  const std::vector<double> x = numbers(low, high);
  std::vector<double> y(kNumbers);
  f(x.data(), y.data(), kNumbers);
  for (std::size_t i = 0; i < kNumbers; ++i) {
    require(std::abs(y[i] - plain(x[i])) <= 1e-14 * (1.0 + std::abs(plain(x[i]))), name);
  }
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    std::vector<double> out(kNumbers);
    for (auto _ : state) {
      f(x.data(), out.data(), kNumbers);
      benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kNumbers));
  });
}

void add_draw(const std::string& name,
              void (*f)(const StreamKey&, std::uint64_t, std::uint32_t, double*, std::size_t),
              UniformPair (*plain)(const StreamKey&, std::uint64_t, std::uint32_t, std::uint32_t)) {
  const StreamKey key{5, 0, Purpose::traits};
  std::vector<double> pairs(2 * kNumbers);
  f(key, 64, 3, pairs.data(), kNumbers);
  for (std::size_t i = 0; i < kNumbers; ++i) {
    const UniformPair u = plain(key, 64 + i, 3, 0);
    require(u.first == pairs[i] && u.second == pairs[kNumbers + i], name);
  }
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    std::vector<double> out(2 * kNumbers);
    for (auto _ : state) {
      f(key, 64, 3, out.data(), kNumbers);
      benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * kNumbers));
  });
}

void count_days(benchmark::State& state, double per_iteration) {
  state.counters["individual_days/s"] = benchmark::Counter(
      per_iteration * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void add_hpa(const std::string& name, Isa isa, double brain_rate) {
  const auto all = people(kBlockSize);
  auto rates = block_rates(all);
  for (auto& r : rates) r.brain = brain_rate;
  std::vector<double> drives(kStepsPerDay);
  for (std::size_t i = 0; i < drives.size(); ++i) drives[i] = drive(i);

  auto states = block_at_rest();
  primitives(isa).hpa(states.data(), rates.data(), drives.data(), drives.size());
  const Person& p = all[9];
  HpaState<double> s{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const HpaRates<double> r{p.g1 * kStepMin, brain_rate,      p.gp * kStepMin, p.ga * kStepMin,
                           p.g2 * kStepMin, p.g3 * kStepMin, 1.0 / p.k};
  for (const double u : drives) hpa_reference_step(s, r, u, 0.0);
  require(std::abs(states[1].cortisol[1] / s.cortisol - 1.0) < 1e-8, name);

  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    auto block = block_at_rest();
    for (auto _ : state) {
      primitives(isa).hpa(block.data(), rates.data(), drives.data(), drives.size());
      benchmark::DoNotOptimize(block.data());
    }
    count_days(state, kBlockSize);
  });
}

Study default_study(int days, std::uint64_t people) {
  Study study;
  study.name = "bench";
  study.days = days;
  study.population.individuals = people;
  study.parameters = default_parameters();
  study.arms = {Arm{"reference", "", study.parameters, {}}};
  return study;
}

void add_days(const std::string& name, Isa isa) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    constexpr int kDays = 28;
    const Study study = default_study(kDays, kBlockSize);
    const Synthesis synthesis(SynthesisOptions{});
    const Simulation simulation(study, synthesis, isa);
    std::vector<ObservationSums> sums;
    sums.emplace_back(simulation.layout());
    for (auto _ : state) simulation.run_block(0, sums, nullptr);
    count_days(state, 1.0 * kDays * kBlockSize);
  });
}

}  // namespace

int main(int argc, char** argv) {
  for (const Isa isa : available_isas()) {
    std::string suffix(1, '/');
    suffix.append(to_string(isa));
    const PrimitiveKernels& f = primitives(isa);
    add_map(
        "exp" + suffix, f.exp, [](double x) { return std::exp(x); }, -2.0, 2.0);
    add_map(
        "log" + suffix, f.log, [](double x) { return std::log(x); }, 0.01, 20.0);
    add_map(
        "reciprocal" + suffix, f.reciprocal, [](double x) { return 1.0 / x; }, 0.1, 20.0);
    add_draw("uniform" + suffix, f.uniform, uniform_pair);
    add_draw("normal" + suffix, f.normal, normal_pair);
    add_hpa("hpa_day" + suffix, isa, 0.0);
    add_hpa("hpa_day_with_lag" + suffix, isa, 0.035 * kStepMin);
    add_days("model_day" + suffix, isa);
  }
  benchmark::RegisterBenchmark("synthesis", [](benchmark::State& state) {
    const Synthesis synthesis(SynthesisOptions{});
    std::uint64_t id = 0;
    for (auto _ : state) benchmark::DoNotOptimize(synthesis.draw(id++));
    state.SetItemsProcessed(state.iterations());
  });
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
