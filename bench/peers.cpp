// The HPA axis alone: this library against Boost.odeint and CVODE on the same problem, one after
// the other in every round, medians over rounds. Error: largest relative error of cortisol at the
// ends of randomly chosen steps, against CVODE (Adams, 1e-12).

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

#include "bench/solvers.hpp"

namespace {

using namespace eustress;
using namespace eustress::bench;
using Path = std::vector<double>;  // cortisol at the end of each step

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Path reference_path(const Person& p, std::size_t steps) {
  HpaState<double> s{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const HpaRates<double> r = step_rates(p, kStepMin);
  Path path(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    hpa_reference_step(s, r, drive(i), 0.0);
    path[i] = s.cortisol;
  }
  return path;
}

/// One block of 64 in steps of one, to see the path of person 0..7.
std::vector<Path> block_paths(Isa isa, const std::vector<Person>& all, std::size_t steps) {
  auto states = block_at_rest();
  const auto rates = block_rates(all);
  std::vector<Path> paths(kLanes, Path(steps));
  for (std::size_t i = 0; i < steps; ++i) {
    const double u = drive(i);
    primitives(isa).hpa(states.data(), rates.data(), &u, 1);
    for (int l = 0; l < kLanes; ++l) paths[static_cast<std::size_t>(l)][i] = states[0].cortisol[l];
  }
  return paths;
}

double largest_error(const std::vector<Path>& paths, const std::vector<Path>& exact) {
  std::mt19937_64 random(1);
  double worst = 0.0;
  for (std::size_t p = 0; p < exact.size(); ++p) {
    for (int i = 0; i < 1000; ++i) {
      const std::size_t s = random() % exact[p].size();
      worst = std::max(worst, std::abs(paths[p][s] / exact[p][s] - 1.0));
    }
  }
  return worst;
}

struct Contestant {
  std::string name;
  double error;
  double person_days;           // of one round
  std::function<void()> round;  // timed
  std::vector<double> rates;
};

}  // namespace

int main() {
  constexpr std::size_t kDays = 10, kSteps = kDays * kStepsPerDay, kExact = 4;
  const auto all = people(kBlockSize);
  const Drive course = fixed_drive(kSteps);
  std::vector<double> every_step;
  for (std::size_t i = 1; i <= kSteps; ++i) every_step.push_back(static_cast<double>(i) * kStepMin);
  std::vector<Path> exact;
  for (std::size_t p = 0; p < kExact; ++p) {
    exact.push_back(solve_cvode(all[p], course, Multistep::adams, 1e-12, every_step).cortisol);
  }
  // To be timed without times, from one change of the drive to the next.
  using Times = std::span<const double>;
  using Solve = std::function<Path(const Person&, Times)>;
  const auto error_of = [&](const Solve& solve) {
    std::vector<Path> paths;
    for (std::size_t p = 0; p < kExact; ++p) paths.push_back(solve(all[p], every_step));
    return largest_error(paths, exact);
  };

  std::vector<double> drives(kSteps);
  for (std::size_t i = 0; i < kSteps; ++i) drives[i] = drive(i);
  const auto rates = block_rates(all);
  const auto run_blocks = [&](Isa isa, int threads) {
    const auto work = [&, isa] {
      for (int repeat = 0; repeat < 20; ++repeat) {
        auto states = block_at_rest();
        primitives(isa).hpa(states.data(), rates.data(), drives.data(), kSteps);
      }
    };
    std::vector<std::jthread> others;
    for (int t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  };

  std::vector<Contestant> contestants;
  const double block_days = 20.0 * kBlockSize * kDays;
  for (const Isa isa : available_isas()) {
    if (isa == Isa::baseline) continue;
    const double error = largest_error(block_paths(isa, all, kSteps), exact);
    for (const int threads : {1, 2}) {
      contestants.push_back({"block kernel, " + std::string(to_string(isa)) + ", " +
                                 std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
                             error,
                             block_days * threads,
                             [=] { run_blocks(isa, threads); },
                             {}});
    }
  }
  const auto alone = [&](std::string name, std::size_t n, const Solve& solve) {
    contestants.push_back({std::move(name),
                           error_of(solve),
                           static_cast<double>(n * kDays),
                           [=, &all] {
                             for (std::size_t p = 0; p < n; ++p) (void)solve(all[p], {});
                           },
                           {}});
  };
  const auto odeint = [&](double tolerance) -> Solve {
    return [&course, tolerance](const Person& p, Times times) {
      return solve_odeint(p, course, tolerance, times).cortisol;
    };
  };
  const auto adams = [&](double tolerance) -> Solve {
    return [&course, tolerance](const Person& p, Times times) {
      return solve_cvode(p, course, Multistep::adams, tolerance, times).cortisol;
    };
  };
  alone("scalar reference", 64, [](const Person& p, Times) { return reference_path(p, kSteps); });
  alone("Boost.odeint dopri5 1e-3", 64, odeint(1e-3));
  alone("Boost.odeint dopri5 1e-4", 64, odeint(1e-4));
  alone("Boost.odeint dopri5 1e-6", 32, odeint(1e-6));
  alone("CVODE Adams 1e-5", 8, adams(1e-5));
  alone("CVODE Adams 1e-6", 8, adams(1e-6));

  for (int round = 0; round < 5; ++round) {
    for (Contestant& c : contestants) c.rates.push_back(c.person_days / seconds(c.round));
  }
  const double best = [&] {
    double rate = 0.0;
    for (const Contestant& c : contestants) {
      if (c.name.find(", 1 thread") != std::string::npos) rate = std::max(rate, median(c.rates));
    }
    return rate;
  }();
  std::printf("HPA axis alone (Karin 2020, %zu days, stressors, persons differ)\n\n", kDays);
  std::printf(
      "| solver | individual-days/s | largest relative error of cortisol | block kernel on one "
      "thread is faster by |\n|---|---|---|---|\n");
  for (const Contestant& c : contestants) {
    std::printf("| %s | %.3g | %.1e | %.2f |\n", c.name.c_str(), median(c.rates), c.error,
                best / median(c.rates));
  }
  return 0;
}
