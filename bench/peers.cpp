// The HPA axis alone: this library against Boost.odeint and CVODE on the same problem, one after
// the other in every round, medians over rounds. Error: largest relative error of cortisol at the
// ends of randomly chosen steps, against CVODE (Adams, 1e-12).

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "bench/hpa_problem.hpp"

namespace {

using namespace eustress;
using namespace eustress::bench;
using Path = std::vector<double>;  // cortisol at the end of each step

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Calls segment(first step, steps) for every stretch of constant drive.
template <class Segment>
void for_each_segment(std::size_t steps, Segment segment) {
  std::size_t first = 0;
  while (first < steps) {
    std::size_t end = first + 1;
    while (end < steps && drive(end) == drive(first)) ++end;
    segment(first, end - first);
    first = end;
  }
}

/// The path at every step, or, to be timed, at the end of every stretch of constant drive only.
Path odeint_path(const Person& p, std::size_t steps, double tolerance, bool every_step) {
  namespace ode = boost::numeric::odeint;
  using State = std::array<double, 5>;
  State x{1.0, 1.0, 1.0, 1.0, 1.0};
  Path path(steps);
  auto stepper = ode::make_dense_output(tolerance, tolerance, ode::runge_kutta_dopri5<State>());
  for_each_segment(steps, [&](std::size_t first, std::size_t n) {
    const double u = drive(first);
    const auto f = [&](const State& s, State& dx, double) { slopes(p, u, s.data(), dx.data()); };
    if (!every_step) {
      ode::integrate_adaptive(
          ode::make_controlled(tolerance, tolerance, ode::runge_kutta_dopri5<State>()), f, x, 0.0,
          static_cast<double>(n) * kStepMin, kStepMin);
      path[first + n - 1] = x[2];
      return;
    }
    std::size_t step = first;
    std::vector<double> times;
    for (std::size_t i = 0; i <= n; ++i) times.push_back(static_cast<double>(i) * kStepMin);
    ode::integrate_times(stepper, f, x, times.begin(), times.end(), kStepMin / 4.0,
                         [&](const State& s, double t) {
                           if (t > 0.0) path[step++] = s[2];
                         });
  });
  return path;
}

struct CvodeProblem {
  const Person* person;
  double u;
};
int cvode_slopes(realtype, N_Vector x, N_Vector dx, void* data) {
  const auto* problem = static_cast<const CvodeProblem*>(data);
  slopes(*problem->person, problem->u, NV_DATA_S(x), NV_DATA_S(dx));
  return 0;
}
void must(int code) {
  if (code < 0) throw std::runtime_error("CVODE failed with " + std::to_string(code));
}

/// Adams with functional iteration: the problem is not stiff.
Path cvode_path(const Person& p, std::size_t steps, double tolerance, bool every_step) {
  SUNContext context = nullptr;
  must(SUNContext_Create(nullptr, &context));
  N_Vector x = N_VNew_Serial(5, context);
  N_VConst(1.0, x);
  CvodeProblem problem{&p, drive(0)};
  void* memory = CVodeCreate(CV_ADAMS, context);
  must(CVodeInit(memory, cvode_slopes, 0.0, x));
  must(CVodeSStolerances(memory, tolerance, tolerance));
  must(CVodeSetUserData(memory, &problem));
  must(CVodeSetMaxNumSteps(memory, 1000000));
  SUNNonlinearSolver iteration = SUNNonlinSol_FixedPoint(x, 0, context);
  must(CVodeSetNonlinearSolver(memory, iteration));
  Path path(steps);
  for_each_segment(steps, [&](std::size_t first, std::size_t n) {
    problem.u = drive(first);
    const double start = static_cast<double>(first) * kStepMin;
    must(CVodeReInit(memory, start, x));
    must(CVodeSetStopTime(memory, start + static_cast<double>(n) * kStepMin));
    for (std::size_t i = every_step ? 1 : n; i <= n; ++i) {
      realtype t = 0.0;
      must(CVode(memory, start + static_cast<double>(i) * kStepMin, x, &t, CV_NORMAL));
      path[first + i - 1] = NV_Ith_S(x, 2);
    }
  });
  SUNNonlinSolFree(iteration);
  CVodeFree(&memory);
  N_VDestroy(x);
  SUNContext_Free(&context);
  return path;
}

Path reference_path(const Person& p, std::size_t steps) {
  HpaState<double> s{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const HpaRates<double> r{
      p.g1 * kStepMin, 0.0,      p.gp * kStepMin, p.ga * kStepMin, p.g2 * kStepMin,
      p.g3 * kStepMin, 1.0 / p.k};
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
  std::vector<Path> exact;
  for (std::size_t p = 0; p < kExact; ++p) exact.push_back(cvode_path(all[p], kSteps, 1e-12, true));
  using Solve = std::function<Path(const Person&, bool)>;
  const auto error_of = [&](const Solve& solve) {
    std::vector<Path> paths;
    for (std::size_t p = 0; p < kExact; ++p) paths.push_back(solve(all[p], true));
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
                             for (std::size_t p = 0; p < n; ++p) (void)solve(all[p], false);
                           },
                           {}});
  };
  alone("scalar reference", 64, [](const Person& p, bool) { return reference_path(p, kSteps); });
  alone("Boost.odeint dopri5 1e-3", 64,
        [](const Person& p, bool every) { return odeint_path(p, kSteps, 1e-3, every); });
  alone("Boost.odeint dopri5 1e-4", 64,
        [](const Person& p, bool every) { return odeint_path(p, kSteps, 1e-4, every); });
  alone("Boost.odeint dopri5 1e-6", 32,
        [](const Person& p, bool every) { return odeint_path(p, kSteps, 1e-6, every); });
  alone("CVODE Adams 1e-5", 8,
        [](const Person& p, bool every) { return cvode_path(p, kSteps, 1e-5, every); });
  alone("CVODE Adams 1e-6", 8,
        [](const Person& p, bool every) { return cvode_path(p, kSteps, 1e-6, every); });

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
