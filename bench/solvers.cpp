#include "bench/solvers.hpp"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <stdexcept>
#include <string>

namespace eustress::bench {

namespace {

struct Problem {
  const Person* person;
  double u;
  std::uint64_t evaluations;
};
template <bool kLag>
int cvode_slopes(realtype, N_Vector x, N_Vector dx, void* data) {
  auto* problem = static_cast<Problem*>(data);
  slopes<kLag>(*problem->person, problem->u, NV_DATA_S(x), NV_DATA_S(dx));
  ++problem->evaluations;
  return 0;
}
void must(int code) {
  if (code < 0) throw std::runtime_error("CVODE failed with " + std::to_string(code));
}

template <std::size_t kStates>
Solution odeint_path(const Person& person, const Drive& drive, double tolerance,
                     std::span<const double> times) {
  namespace ode = boost::numeric::odeint;
  using State = std::array<double, kStates>;
  using Stepper = ode::runge_kutta_dopri5<State>;
  State x;
  x.fill(1.0);
  Solution solution;
  auto next = times.begin();
  for (const Stretch& stretch : drive) {
    const auto f = [&](const State& s, State& dx, double) {
      slopes<kStates == 6>(person, stretch.u, s.data(), dx.data());
      ++solution.evaluations;
    };
    if (times.empty()) {
      ode::integrate_adaptive(ode::make_controlled(tolerance, tolerance, Stepper()), f, x, 0.0,
                              stretch.end - stretch.begin, kStepMin);
      continue;
    }
    auto stepper = ode::make_dense_output(tolerance, tolerance, Stepper());
    stepper.initialize(x, stretch.begin, kStepMin / 4.0);
    do {
      stepper.do_step(f);
      for (; next != times.end() && *next <= std::min(stepper.current_time(), stretch.end);
           ++next) {
        State there;
        stepper.calc_state(*next, there);
        solution.cortisol.push_back(there[2]);
      }
    } while (stepper.current_time() < stretch.end);
    stepper.calc_state(stretch.end, x);
  }
  return solution;
}

}  // namespace

Solution solve_cvode(const Person& person, const Drive& drive, Multistep method, double tolerance,
                     std::span<const double> times) {
  SUNContext context = nullptr;
  must(SUNContext_Create(nullptr, &context));
  const bool lag = person.kb > 0.0;
  const int states = lag ? 6 : 5;
  N_Vector x = N_VNew_Serial(states, context);
  N_VConst(1.0, x);
  Problem problem{&person, drive.front().u, 0};
  void* memory = CVodeCreate(method == Multistep::adams ? CV_ADAMS : CV_BDF, context);
  must(CVodeInit(memory, lag ? cvode_slopes<true> : cvode_slopes<false>, 0.0, x));
  must(CVodeSStolerances(memory, tolerance, tolerance));
  must(CVodeSetUserData(memory, &problem));
  must(CVodeSetMaxNumSteps(memory, 1000000));
  SUNNonlinearSolver iteration = nullptr;
  SUNMatrix matrix = nullptr;
  SUNLinearSolver linear = nullptr;
  if (method == Multistep::adams) {
    iteration = SUNNonlinSol_FixedPoint(x, 0, context);
    must(CVodeSetNonlinearSolver(memory, iteration));
  } else {
    matrix = SUNDenseMatrix(states, states, context);
    linear = SUNLinSol_Dense(x, matrix, context);
    must(CVodeSetLinearSolver(memory, linear, matrix));
  }
  Solution solution;
  auto next = times.begin();
  for (const Stretch& stretch : drive) {
    problem.u = stretch.u;
    must(CVodeReInit(memory, stretch.begin, x));
    must(CVodeSetStopTime(memory, stretch.end));
    realtype t = 0.0;
    for (; next != times.end() && *next < stretch.end; ++next) {
      must(CVode(memory, *next, x, &t, CV_NORMAL));
      solution.cortisol.push_back(NV_Ith_S(x, 2));
    }
    must(CVode(memory, stretch.end, x, &t, CV_NORMAL));
    if (next != times.end() && *next == stretch.end) {
      solution.cortisol.push_back(NV_Ith_S(x, 2));
      ++next;
    }
  }
  solution.evaluations = problem.evaluations;
  if (iteration != nullptr) SUNNonlinSolFree(iteration);
  CVodeFree(&memory);
  if (linear != nullptr) SUNLinSolFree(linear);
  if (matrix != nullptr) SUNMatDestroy(matrix);
  N_VDestroy(x);
  SUNContext_Free(&context);
  return solution;
}

Solution solve_odeint(const Person& person, const Drive& drive, double tolerance,
                      std::span<const double> times) {
  return person.kb > 0.0 ? odeint_path<6>(person, drive, tolerance, times)
                         : odeint_path<5>(person, drive, tolerance, times);
}

}  // namespace eustress::bench
