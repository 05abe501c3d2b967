#pragma once

// Rows E1 to E3: the HPA axis alone over months and years of constant drive. Written for any scheme
// and type of number, so that others than the program's can be put through the same protocols.
//
// Steps: a type with
//   State                                       what HpaState<T> it advances
//   Steps(const HpaParameters&, double dt_min)  constants of one step
//   void operator()(State&, double u, double crh_external) const

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/mechanisms/hpa.hpp"

namespace eustress::app::validation {

inline constexpr std::array kSteadyDrives = {1.0, 1.5, 2.0, 3.0, 5.0};

/// The scheme of the program.
class ReferenceSteps {
 public:
  using State = HpaState<double>;
  ReferenceSteps(const HpaParameters& p, double dt_min) : rates_(median_hpa_rates(p, dt_min)) {}
  void operator()(State& s, double u, double crh_external) const {
    hpa_reference_step(s, rates_, u, crh_external);
  }

 private:
  HpaRates<double> rates_;
};

inline int steps_per_day(double dt_min) {
  return static_cast<int>(std::lround(1440.0 / dt_min));
}

/// From `s` on, days of constant drive.
template <class Steps>
typename Steps::State after_days(typename Steps::State s, const Steps& step, double dt_min,
                                 int days, double u) {
  for (int i = 0; i < days * steps_per_day(dt_min); ++i) step(s, u, 0.0);
  return s;
}
template <class Steps>
constexpr typename Steps::State rest() {
  return {1, 1, 1, 1, 1, 1};
}

/// E1: the state after three years of each of kSteadyDrives.
template <class Steps>
std::vector<typename Steps::State> steady_states(const HpaParameters& p, double dt_min) {
  const Steps step(p, dt_min);
  std::vector<typename Steps::State> states;
  for (const double u : kSteadyDrives) {
    states.push_back(after_days(rest<Steps>(), step, dt_min, 3 * 365, u));
  }
  return states;
}

/// Two months of fourfold drive and what comes after.
template <class State>
struct Recovery {
  /// Last day after which the quantity stays within 10 % of its baseline.
  double cortisol = 0.0, adrenal = 0.0, acth = 0.0, pituitary = 0.0;
  double acth_nadir = 1e9;
  State baseline{}, after_28_days{};
  std::vector<double> days, cortisol_course, adrenal_course, acth_course, pituitary_course;

  /// The shortest time between two of the four, in the order in which they should recover [d].
  [[nodiscard]] double shortest_gap() const {
    return std::min({adrenal - cortisol, acth - adrenal, pituitary - acth});
  }
};
/// E2.
template <class Steps>
Recovery<typename Steps::State> recover(const HpaParameters& p, double dt_min) {
  const Steps step(p, dt_min);
  const int per_day = steps_per_day(dt_min);
  Recovery<typename Steps::State> r;
  r.baseline = after_days(rest<Steps>(), step, dt_min, 1000, 1.0);
  typename Steps::State s = after_days(r.baseline, step, dt_min, 60, 4.0);
  const auto off = [](double x, double base) { return std::abs(x / base - 1.0) > 0.1; };
  for (int i = 1; i <= 400 * per_day; ++i) {
    step(s, 1.0, 0.0);
    const double day = static_cast<double>(i) / per_day;
    if (off(s.cortisol, r.baseline.cortisol)) r.cortisol = day;
    if (off(s.adrenal, r.baseline.adrenal)) r.adrenal = day;
    if (off(s.acth, r.baseline.acth)) r.acth = day;
    if (off(s.pituitary, r.baseline.pituitary)) r.pituitary = day;
    r.acth_nadir = std::min(r.acth_nadir, static_cast<double>(s.acth));
    if (i == 28 * per_day) r.after_28_days = s;
    if (i % per_day == 0 && day <= 200.0) {
      r.days.push_back(day);
      r.cortisol_course.push_back(s.cortisol / r.baseline.cortisol);
      r.adrenal_course.push_back(s.adrenal / r.baseline.adrenal);
      r.acth_course.push_back(s.acth / r.baseline.acth);
      r.pituitary_course.push_back(s.pituitary / r.baseline.pituitary);
    }
  }
  return r;
}

/// E3: highest ACTH above its start within four hours after a CRH bolus, in steps a fifth as long.
template <class Steps>
double acth_rise(typename Steps::State s, const HpaParameters& p, double dt_min) {
  const double fine_min = dt_min / 5.0;
  const Steps step(p, fine_min);
  const double start = s.acth;
  double highest = start;
  const int n = static_cast<int>(std::lround(240.0 / fine_min));
  for (int i = 0; i < n; ++i) {
    step(s, 1.0, 10.0 * std::exp2(-(i + 0.5) * fine_min / 30.0));
    highest = std::max(highest, static_cast<double>(s.acth));
  }
  return highest - start;
}

inline HpaParameters with_slow_glands(HpaParameters p) {
  p.pituitary_turnover_d = 20.0;  // Milo 2025
  p.adrenal_turnover_d = 30.0;
  return p;
}

// The quantities of the rows in their order.

template <class State>
std::vector<double> steady_state_quantities(const std::vector<State>& states) {
  std::vector<double> values;
  double largest = 0.0;
  for (const State& s : states) {
    values.push_back(s.cortisol);
    values.push_back(s.pituitary);
    largest = std::max({largest, std::abs(s.crh - 1.0), std::abs(s.acth - 1.0)});
  }
  values.push_back(largest);
  return values;
}
template <class State>
std::vector<double> recovery_quantities(const Recovery<State>& normal,
                                        const Recovery<State>& slow) {
  return {normal.cortisol,    normal.adrenal, normal.acth,  normal.pituitary, normal.shortest_gap(),
          normal.acth_nadir,  slow.cortisol,  slow.adrenal, slow.acth,        slow.pituitary,
          slow.shortest_gap()};
}
template <class Steps>
std::vector<double> crh_test_quantities(const Recovery<typename Steps::State>& r,
                                        const HpaParameters& p, double dt_min) {
  return {acth_rise<Steps>(r.after_28_days, p, dt_min) / acth_rise<Steps>(r.baseline, p, dt_min),
          r.after_28_days.cortisol / r.baseline.cortisol};
}

}  // namespace eustress::app::validation
