// The whole model end to end: threads, cost in individuals and days, memory, start-up, synthesis,
// and its rate against that of the HPA axis alone. What is compared runs one after the other in
// every round; medians over rounds.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <functional>

#include "bench/hpa_problem.hpp"
#include "bench/roof.hpp"
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
double rate_of(std::uint64_t people, int days, int threads, bool encounters = true) {
  Study study = default_study(days, people);
  if (!encounters) {
    ExposureParameters& exposure = study.parameters.exposure;
    exposure.encounter_share = exposure.minor_events_per_y = exposure.severe_events_per_y = 0.0;
    exposure.traumatic_events_per_y = 0.0;
    study.arms.front().parameters = study.parameters;
  }
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

/// Seconds per individual-day of a loop over one day of a block.
double seconds_per_day(const std::function<void()>& day) {
  constexpr int kRepeats = 2000;
  return seconds([&] {
           for (int i = 0; i < kRepeats; ++i) day();
         }) /
         (1.0 * kRepeats * kBlockSize);
}

/// Where the time of an individual-day goes: the loops of single mechanisms, encounters as what a
/// study without them saves, and what remains.
void print_shares() {
  const PrimitiveKernels& p = primitives(best_isa());
  const ModelParameters parameters = default_parameters();
  const std::vector<double> one(kStepsPerDay, 1.0);
  Lanes ones;
  for (double& v : ones.value) v = 1.0;
  std::vector<CatecholamineState<Lanes>> catecholamines(kPacksPerBlock, {ones, ones, ones, ones});
  std::vector<ReceptorState<Lanes>> receptors(kPacksPerBlock, {ones, ones, ones, ones});
  std::vector<DriveState<Lanes>> drives(kPacksPerBlock, {ones, ones});
  std::vector<double> drive_out(kHalfHours * kBlockSize);
  const CatecholamineDecay decay{0.5, 0.5, 0.5, 0.5};
  const StreamKey key{1, 0, Purpose::ultradian};
  constexpr int kRounds = 5;
  enum { kHpa, kCatecholamines, kReceptors, kDrive, kEncounters, kRest, kWhole, kRows };
  const char* const names[kRows] = {"HPA axis",
                                    "catecholamines",
                                    "membrane receptors",
                                    "drive: rhythms and draws",
                                    "encounters: appraisal, coping, learning",
                                    "mornings, nights, genomic action, energy, observation",
                                    "whole"};
  std::vector<double> times[kRows];
  for (int round = 0; round < kRounds; ++round) {
    const double with = 1.0 / rate_of(1024, 56, 1);
    const double without = 1.0 / rate_of(1024, 56, 1, false);
    const double parts[kRest] = {
        1.0 / hpa_rate(), seconds_per_day([&] {
          p.catecholamines(catecholamines.data(), decay, one.data(), kStepsPerDay);
        }),
        seconds_per_day([&] {
          p.receptors(receptors.data(), parameters.receptors, kStepMin, one.data(), kStepsPerDay);
        }),
        seconds_per_day(
            [&] { p.drive(drives.data(), parameters.drive, key, 0, drive_out.data(), 1); }),
        with - without};
    double rest = with;
    for (int i = 0; i < kRest; ++i) {
      times[i].push_back(parts[i]);
      rest -= parts[i];
    }
    times[kRest].push_back(rest);
    times[kWhole].push_back(with);
  }
  const double whole = median(times[kWhole]);
  std::printf("\n| time of an individual-day, one thread | ns | share |\n|---|---|---|\n");
  for (int i = 0; i < kRows; ++i) {
    std::printf("| %s | %.0f | %.0f %% |\n", names[i], 1e9 * median(times[i]),
                100.0 * median(times[i]) / whole);
  }
}

/// Operations of one step of the HPA axis with its lag, an fma counting two: 4 slopes of 22, 3
/// stages of 6, CRH 18, the other advances 21, glands 13, start 2 (core/mechanisms/hpa_kernel.hpp).
constexpr double kHpaFlops = 4 * 22 + 3 * 6 + 18 + 21 + 13 + 2;

void print_roof() {
  std::vector<double> shares, peaks;
  for (int round = 0; round < 5; ++round) {
    peaks.push_back(arithmetic_peak());
    shares.push_back(hpa_rate() * kStepsPerDay * kHpaFlops / peaks.back());
  }
  if (peaks.front() == 0.0) return;
  std::printf(
      "\narithmetic peak of one thread: %.0f GF/s; the HPA axis reaches %.0f %% of it with %.0f "
      "operations a step\n",
      1e-9 * median(peaks), 100.0 * median(shares), kHpaFlops);
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

  print_shares();
  print_roof();

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
