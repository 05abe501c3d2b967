// The whole model end to end: threads, cost in individuals and days, memory, start-up, synthesis,
// and its rate against that of the HPA axis alone. What is compared runs one after the other in
// every round; medians over rounds.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <functional>

#include "bench/hpa_problem.hpp"
#include "core/engine/simulation.hpp"
#include "parallel/thread_team.hpp"

namespace {

using namespace eustress;
using namespace eustress::bench;

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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

/// Individual-days per second of a whole run.
double rate_of(std::uint64_t people, int days, int threads) {
  const Study study = default_study(days, people);
  const Synthesis synthesis(SynthesisOptions{});
  const Simulation simulation(study, synthesis, best_isa());
  const parallel::ThreadTeam team(threads);
  std::vector<std::vector<ObservationSums>> sums(static_cast<std::size_t>(threads));
  for (auto& s : sums) s.emplace_back(simulation.layout());
  const double time = seconds([&] {
    team.for_each(0, static_cast<std::int64_t>(simulation.blocks()),
                  [&](std::int64_t block, int thread) {
                    simulation.run_block(static_cast<std::uint64_t>(block),
                                         sums[static_cast<std::size_t>(thread)], nullptr);
                  });
  });
  return static_cast<double>(people) * days / time;
}

/// Individual-days per second of the HPA axis with its lag, one thread.
double hpa_rate() {
  const auto all = people(kBlockSize);
  auto rates = block_rates(all);
  for (auto& r : rates) r.brain = 0.035 * kStepMin;
  std::vector<double> drives(kStepsPerDay);
  for (std::size_t i = 0; i < drives.size(); ++i) drives[i] = drive(i);
  auto states = block_at_rest();
  constexpr int kRepeats = 2000;
  const double time = seconds([&] {
    for (int i = 0; i < kRepeats; ++i) {
      primitives(best_isa()).hpa(states.data(), rates.data(), drives.data(), drives.size());
    }
  });
  return 1.0 * kRepeats * kBlockSize / time;
}

double resident_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace

int main() {
  constexpr int kRounds = 5;
  struct Row {
    const char* name;
    std::function<double()> rate;
    std::vector<double> rates;
  };
  std::vector<Row> rows = {
      {"HPA axis alone, 1 thread", hpa_rate, {}},
      {"full model, 4096 people, 56 days, 1 thread", [] { return rate_of(4096, 56, 1); }, {}},
      {"full model, 4096 people, 56 days, 2 threads", [] { return rate_of(4096, 56, 2); }, {}},
      {"full model, 1024 people, 56 days, 1 thread", [] { return rate_of(1024, 56, 1); }, {}},
      {"full model, 1024 people, 224 days, 1 thread", [] { return rate_of(1024, 224, 1); }, {}},
  };
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) row.rates.push_back(row.rate());
  }
  std::printf("| run (%s) | individual-days/s |\n|---|---|\n",
              std::string(to_string(best_isa())).c_str());
  for (const Row& row : rows) std::printf("| %s | %.3g |\n", row.name, median(row.rates));
  const auto ratio = [&](std::size_t a, std::size_t b) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < kRounds; ++i) ratios.push_back(rows[a].rates[i] / rows[b].rates[i]);
    return median(ratios);
  };
  std::printf("\n| ratio of rates, round by round | median |\n|---|---|\n");
  std::printf("| full model / HPA axis alone, 1 thread | %.2f |\n", ratio(1, 0));
  std::printf("| threads: 2 / (2 x 1) | %.2f |\n", 0.5 * ratio(2, 1));
  std::printf("| people: 4096 / 1024 | %.2f |\n", ratio(1, 3));
  std::printf("| days: 224 / 56 | %.2f |\n", ratio(4, 3));

  const double before = resident_mib();
  (void)rate_of(1024, 7, 1);
  const double after_small = resident_mib();
  (void)rate_of(16384, 7, 1);
  std::printf(
      "\nresident memory: %.1f MiB, after 1,024 people %.1f MiB, after 16,384 people %.1f MiB\n",
      before, after_small, resident_mib());
  std::printf("state: %zu bytes per person\n", sizeof(PersonState<double>));

  std::printf("start-up for 100,000 people, set-up and first block-day: %.3f s\n", seconds([] {
                const Study study = default_study(1, 100000);
                const Synthesis synthesis(SynthesisOptions{});
                const Simulation simulation(study, synthesis, best_isa());
                std::vector<ObservationSums> sums;
                sums.emplace_back(simulation.layout());
                simulation.run_block(0, sums, nullptr);
              }));
  std::printf("synthesis of a million people without a table, 1 thread: %.2f s\n", seconds([] {
                const Synthesis synthesis(SynthesisOptions{});
                double sum = 0.0;
                for (std::uint64_t id = 0; id < 1000000; ++id) sum += synthesis.draw(id).z[0];
                if (sum == 0.0) std::puts("");
              }));
  return 0;
}
