// The numerics of the HPA axis: error and work of the scheme (H7) beside CVODE and Boost.odeint,
// its order, its stability, what edges off the grid and single precision do. As JSON, and as the
// tables and figures of docs/numerics.md.
//   bench_numerics --json FILE [--small] [--targets AT_5_MIN AT_HALF_STEP] [--page DIRECTORY]
//   bench_numerics --read FILE --page DIRECTORY      the page once more, from such a file
// The targets are two files of `eustress validate --json`, the second with half the step.

#include <ctime>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "app/validation/glands.hpp"
#include "bench/hpa_scheme.hpp"
#include "bench/numerics_page.hpp"
#include "bench/random_problem.hpp"
#include "bench/solvers.hpp"
#include "core/model_parameters.hpp"
#include "io/files/atomic_file.hpp"
#include "io/provenance/provenance.hpp"

namespace {

using namespace eustress;
using namespace eustress::bench;
using Json = nlohmann::ordered_json;
using Path = std::vector<double>;

constexpr double kTight = 1e-12;
constexpr Variation kClassical{.classical_crh = true};
constexpr Variation kLinear{.growth = false};
constexpr std::array kRates = {Rates::karin2020, Rates::acute};

const char* name_of(Rates rates) {
  return rates == Rates::karin2020 ? "karin2020" : "acute";
}

struct Size {
  std::uint32_t persons, year_persons;
  int days, year_days, rounds;
};
constexpr Size kFull{12, 2, 10, 365, 3};
constexpr Size kSmall{3, 1, 4, 40, 1};

/// Persons with their drives, and what the exact solution has every 5 min.
struct Problem {
  Rates rates;
  std::vector<RandomCase> cases;
  std::vector<Drive> drives;
  std::vector<double> times;
  std::vector<Path> exact;
};
Problem make_problem(Rates rates, Edges edges, const Size& size, bool held_glands = false) {
  Problem problem{rates, {}, {}, {}, {}};
  for (std::uint32_t i = 0; i < size.persons; ++i) {
    problem.cases.push_back(random_case(rates, edges, size.days, i));
    if (held_glands) problem.cases.back().person.gp = problem.cases.back().person.ga = 0.0;
    problem.drives.push_back(drive_of(problem.cases.back()));
    if (i == 0) problem.times = sample_times(problem.drives.front(), kStepMin);
    problem.exact.push_back(solve_cvode(problem.cases.back().person, problem.drives.back(),
                                        Multistep::adams, kTight, problem.times)
                                .cortisol);
  }
  return problem;
}

struct Errors {
  double largest = 0.0, square_sum = 0.0;
  std::size_t n = 0;
  void add(const Path& path, const Path& exact) {
    if (path.size() != exact.size()) throw std::logic_error("paths differ in length");
    for (std::size_t i = 0; i < exact.size(); ++i) {
      const double e = std::abs(path[i] / exact[i] - 1.0);
      if (!(e <= largest) && !std::isnan(largest)) largest = e;  // a NaN stays
      square_sum += e * e;
    }
    n += exact.size();
  }
  [[nodiscard]] double rms() const { return std::sqrt(square_sum / static_cast<double>(n)); }
};

/// Steps of dt_min through a drive whose edges lie on them; cortisol at multiples of `every` [min].
template <class State, class Step>
Path stepped(State s, const Drive& drive, double dt_min, double every, Step step) {
  Path path;
  const long n = std::lround(drive.back().end / dt_min);
  const long per_sample = std::lround(every / dt_min);
  std::size_t at = 0;
  for (long i = 0; i < n; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * dt_min;
    while (drive[at].end < middle) ++at;
    step(s, drive[at].u);
    if ((i + 1) % per_sample == 0) path.push_back(static_cast<double>(s.cortisol));
  }
  return path;
}
constexpr HpaState<double> kRest{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
constexpr HpaState<float> kSingleRest{1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F};

Path reference_path(const Person& person, const Drive& drive, double dt_min,
                    double every = kStepMin) {
  const HpaRates<double> rates = step_rates(person, dt_min);
  return stepped(kRest, drive, dt_min, every,
                 [&](HpaState<double>& s, double u) { hpa_reference_step(s, rates, u, 0.0); });
}
template <Variation kVariation>
Path varied_path(const Person& person, const Drive& drive, double dt_min, double every = kStepMin) {
  const SchemeRates<double> rates(step_rates(person, dt_min));
  return stepped(kRest, drive, dt_min, every, [&](HpaState<double>& s, double u) {
    scheme_step<double, kVariation>(s, rates, u, 0.0);
  });
}
/// The steps that begin with a jump of the drive are walked as two halves, the glands as before.
Path split_path(const Person& person, const Drive& drive, double dt_min) {
  const SchemeRates<double> whole(step_rates(person, dt_min));
  Person held = person;
  held.gp = held.ga = 0.0;
  const SchemeRates<double> half(step_rates(held, dt_min / 2.0));
  const auto goal = [&](const HpaState<double>& s, double u) {
    const double b = person.kb > 0.0 ? s.brain_cortisol : s.cortisol, y = b / person.k;
    return u / b / (1.0 + y * y * y);
  };
  double before = 1.0;
  return stepped(kRest, drive, dt_min, kStepMin, [&](HpaState<double>& s, double u) {
    if (u == before) return scheme_step(s, whole, u, 0.0);
    before = u;
    const double crh = s.crh, first_goal = goal(s, u);
    scheme_step(s, half, u, 0.0);
    scheme_step(s, half, u, 0.0);
    const double edges = whole.crh / 12.0 * (first_goal - goal(s, u) + s.crh - crh);
    const double q = whole.pituitary * (s.crh - 1.0 + edges), qa = whole.adrenal * (s.acth - 1.0);
    s.pituitary *= 1.0 + q * (1.0 + 0.5 * q);
    s.adrenal *= 1.0 + qa * (1.0 + 0.5 * qa);
  });
}
std::vector<double> drive_by_steps(const Drive& drive) {
  std::vector<double> u;
  for (const Stretch& stretch : drive) {
    u.insert(u.end(),
             static_cast<std::size_t>(std::lround((stretch.end - stretch.begin) / kStepMin)),
             stretch.u);
  }
  return u;
}
/// The block kernel; the person in all its lanes.
Path kernel_path(const Person& person, const Drive& drive) {
  auto states = block_at_rest();
  const auto rates = block_rates({person});
  Path path;
  for (const double u : drive_by_steps(drive)) {
    primitives(best_isa()).hpa(states.data(), rates.data(), &u, 1);
    path.push_back(states.front().cortisol[0]);
  }
  return path;
}

/// Processor time, which other processes on the machine disturb less than the clock on the wall.
double processor_seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// --- work and precision -------------------------------------------------------------------------

struct Contestant {
  std::string solver, setting;
  std::function<Path(const Person&, const Drive&)> sampled;
  /// What is timed: from edge to edge, no samples. Returns the evaluations.
  std::function<std::uint64_t(const Person&, const Drive&)> bare;
  double persons_at_once = 1.0;
  std::vector<double> seconds = {};
};

std::vector<Contestant> contestants(const std::vector<double>& times) {
  std::vector<Contestant> all;
  for (const double dt : {5.0, 2.5, 1.25, 0.625}) {
    all.push_back({"H7, scalar", shown(dt) + " min",
                   [dt](const Person& p, const Drive& d) { return reference_path(p, d, dt); },
                   [dt](const Person& p, const Drive& d) {
                     return 4 * (5 * reference_path(p, d, dt).size() * 1000) /
                            static_cast<std::uint64_t>(std::lround(dt * 1000.0));
                   }});
  }
  all.push_back(
      {"H7, block kernel", "5 min", kernel_path,
       [](const Person& p, const Drive& d) -> std::uint64_t {
         auto states = block_at_rest();
         const auto u = drive_by_steps(d);
         primitives(best_isa()).hpa(states.data(), block_rates({p}).data(), u.data(), u.size());
         return 4 * u.size();
       },
       static_cast<double>(kBlockSize)});
  for (const double tolerance : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8}) {
    const auto solve = [tolerance](const Person& p, const Drive& d, std::span<const double> t) {
      return solve_odeint(p, d, tolerance, t);
    };
    all.push_back({"Boost.odeint dopri5", shown(tolerance),
                   [=](const Person& p, const Drive& d) { return solve(p, d, times).cortisol; },
                   [=](const Person& p, const Drive& d) { return solve(p, d, {}).evaluations; }});
  }
  for (const Multistep method : {Multistep::adams, Multistep::bdf}) {
    for (const double tolerance : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
      const auto solve = [=](const Person& p, const Drive& d, std::span<const double> t) {
        return solve_cvode(p, d, method, tolerance, t);
      };
      all.push_back({method == Multistep::adams ? "CVODE Adams" : "CVODE BDF", shown(tolerance),
                     [=](const Person& p, const Drive& d) { return solve(p, d, times).cortisol; },
                     [=](const Person& p, const Drive& d) { return solve(p, d, {}).evaluations; }});
    }
  }
  return all;
}

Json work_precision(const Problem& problem, const Size& size) {
  Json rows = Json::array();
  auto all = contestants(problem.times);
  const double person_days = static_cast<double>(size.persons) * size.days;
  std::vector<std::uint64_t> evaluations(all.size());
  for (int round = 0; round < size.rounds; ++round) {
    for (std::size_t c = 0; c < all.size(); ++c) {
      evaluations[c] = 0;
      all[c].seconds.push_back(processor_seconds([&] {
        for (std::size_t i = 0; i < problem.cases.size(); ++i) {
          evaluations[c] += all[c].bare(problem.cases[i].person, problem.drives[i]);
        }
      }));
    }
  }
  std::vector<double> us;
  for (const Contestant& c : all) {
    us.push_back(1e6 * median(c.seconds) / (person_days * c.persons_at_once));
  }
  const auto kernel =
      std::find_if(all.begin(), all.end(), [](const auto& c) { return c.persons_at_once > 1.0; });
  for (std::size_t c = 0; c < all.size(); ++c) {
    Errors errors;
    for (std::size_t i = 0; i < problem.cases.size(); ++i) {
      errors.add(all[c].sampled(problem.cases[i].person, problem.drives[i]), problem.exact[i]);
    }
    rows.push_back(
        {{"rates", name_of(problem.rates)},
         {"solver", all[c].solver},
         {"setting", all[c].setting},
         {"error", errors.largest},
         {"error_rms", errors.rms()},
         {"evaluations_per_day", static_cast<double>(evaluations[c]) / person_days},
         {"us_per_day", us[c]},
         {"times_block_kernel", us[c] / us[static_cast<std::size_t>(kernel - all.begin())]}});
  }
  return rows;
}

/// How far the oracle can be trusted: largest difference from another solver at its tightest.
Json oracle(const Problem& problem) {
  Errors errors;
  errors.add(
      solve_odeint(problem.cases.front().person, problem.drives.front(), 1e-12, problem.times)
          .cortisol,
      problem.exact.front());
  return {{"rates", name_of(problem.rates)}, {"cvode_less_odeint", errors.largest}};
}

/// That the scheme written out here is the program's.
Json identity(const Problem& problem) {
  Errors scheme, kernel;
  for (std::size_t i = 0; i < problem.cases.size(); ++i) {
    const Person& p = problem.cases[i].person;
    const Path reference = reference_path(p, problem.drives[i], kStepMin);
    scheme.add(varied_path<Variation{}>(p, problem.drives[i], kStepMin), reference);
    kernel.add(kernel_path(p, problem.drives[i]), reference);
  }
  return {{"rates", name_of(problem.rates)},
          {"scheme_less_reference", scheme.largest},
          {"kernel_less_reference", kernel.largest}};
}

// --- order --------------------------------------------------------------------------------------

using PathOf = std::function<Path(const RandomCase&, double dt_min)>;

/// Errors for ever shorter steps with log2 of what each halving brings.
Json ladder(const Problem& problem, const std::string& variation, const PathOf& path) {
  Json rows = Json::array();
  double before = 0.0;
  for (const double dt : {5.0, 2.5, 1.25, 0.625}) {
    Errors errors;
    for (std::size_t i = 0; i < problem.cases.size(); ++i) {
      errors.add(path(problem.cases[i], dt), problem.exact[i]);
    }
    Json row = {{"rates", name_of(problem.rates)},
                {"variation", variation},
                {"step_min", dt},
                {"error", errors.largest},
                {"error_rms", errors.rms()}};
    row["order"] = before > 0.0 ? Json(std::log2(before / errors.largest)) : Json(nullptr);
    rows.push_back(std::move(row));
    before = errors.largest;
  }
  return rows;
}
template <class Solve>
PathOf on(Solve solve) {
  return [solve](const RandomCase& one, double dt) { return solve(one.person, drive_of(one), dt); };
}

void append(Json& to, const Json& rows) {
  for (const Json& row : rows) to.push_back(row);
}

Json convergence(const Problem& moving, const Problem& held) {
  Json rows = Json::array();
  append(rows, ladder(held, "glands held", on([](auto&&... a) { return reference_path(a...); })));
  append(rows, ladder(held, "glands held, classical CRH",
                      on([](auto&&... a) { return varied_path<kClassical>(a...); })));
  append(rows, ladder(moving, "H7", on([](auto&&... a) { return reference_path(a...); })));
  append(rows, ladder(moving, "H7, glands by 1 + q",
                      on([](auto&&... a) { return varied_path<kLinear>(a...); })));
  append(rows, ladder(moving, "H7, jumps in half steps", on(split_path)));
  return rows;
}

/// Long steps, on stressors that begin and end with half-hours; every half-hour.
Json long_steps(const Problem& problem) {
  constexpr double kGridMin = 30.0;
  Json rows = Json::array();
  for (const double dt : {15.0, 10.0, 7.5, 6.0, 5.0}) {
    Errors scheme, classical;
    for (const RandomCase& one : problem.cases) {
      const Drive drive = drive_of(snapped(one, kGridMin));
      const Path exact =
          solve_cvode(one.person, drive, Multistep::adams, 1e-10, sample_times(drive, kGridMin))
              .cortisol;
      scheme.add(reference_path(one.person, drive, dt, kGridMin), exact);
      classical.add(varied_path<kClassical>(one.person, drive, dt, kGridMin), exact);
    }
    rows.push_back({{"rates", name_of(problem.rates)},
                    {"step_min", dt},
                    {"error", scheme.largest},
                    {"error_classical", classical.largest}});
  }
  return rows;
}

/// Stressors at any time, which the scheme sees at its nearest steps.
Json snapping(const Problem& anywhere) {
  return ladder(anywhere, "edges moved to the grid", [](const RandomCase& one, double dt) {
    return reference_path(one.person, drive_of(snapped(one, dt)), dt);
  });
}

// --- stability ----------------------------------------------------------------------------------

/// Cortisol after days of constant drive from rest, glands held, and an hour before.
struct Settled {
  double value, before;
};
template <Variation kVariation>
Settled settled(const Person& person, double u, double dt_min) {
  constexpr double kDays = 4.0;
  const SchemeRates<double> rates(step_rates(person, dt_min));
  HpaState<double> s = kRest;
  const long n = std::lround(kDays * kDayMin / dt_min), hour = std::lround(60.0 / dt_min);
  double before = 0.0;
  for (long i = 0; i < n; ++i) {
    scheme_step<double, kVariation>(s, rates, u, 0.0);
    if (i + 1 == n - hour) before = s.cortisol;
  }
  return {s.cortisol, before};
}
/// Largest step, in steps of half a minute up to 40, at which constant drives lead to the state to
/// which they lead at .25 min.
template <Variation kVariation>
double stable_up_to(const std::vector<Person>& persons) {
  double largest = 40.0;
  for (Person p : persons) {
    p.gp = p.ga = 0.0;
    for (const double u : {0.1, 0.3, 1.0, 3.0, 10.0, 30.0}) {
      const Settled fine = settled<kVariation>(p, u, 0.25);
      if (!(std::abs(fine.value / fine.before - 1.0) < 1e-4)) continue;  // oscillates by itself
      for (double dt = 1.0; dt <= largest; dt += 0.5) {
        if (std::abs(settled<kVariation>(p, u, dt).value / fine.value - 1.0) < 1e-3) continue;
        largest = dt - 0.5;
        break;
      }
    }
  }
  return largest;
}
Json stability(const Size& size) {
  Json rows = Json::array();
  const auto row = [&](const std::string& rates, const std::vector<Person>& persons) {
    rows.push_back({{"rates", rates},
                    {"H7_min", stable_up_to<Variation{}>(persons)},
                    {"classical_min", stable_up_to<kClassical>(persons)}});
  };
  for (const Rates rates : kRates) {
    std::vector<Person> persons;
    for (std::uint32_t i = 0; i < std::min(size.persons, 4U); ++i) {
      persons.push_back(random_case(rates, Edges::on_grid, 1, i).person);
    }
    row(name_of(rates), persons);
  }
  const double ln2 = std::log(2.0);
  const auto low = [](std::string_view key) {
    return std::find_if(kHpaTable.begin(), kHpaTable.end(),
                        [&](const auto& r) { return r.key == key; })
        ->low;
  };
  Person fast = random_case(Rates::acute, Edges::on_grid, 1, 0).person;
  fast.g1 = ln2 / low("crh_half_life_min");
  fast.g2 = ln2 / low("acth_half_life_min");
  fast.g3 = ln2 / low("cortisol_half_life_min");
  row("shortest legal half-lives, lag", {fast});
  fast.kb = 0.0;
  row("shortest legal half-lives, no lag", {fast});
  return rows;
}

// --- a year, and single precision ---------------------------------------------------------------

/// Error at the end of a long time: what accumulates in the glands.
Json long_run(Rates rates, const Size& size) {
  Errors plain, linear;
  double bias = 0.0, linear_bias = 0.0;
  for (std::uint32_t i = 0; i < size.year_persons; ++i) {
    const RandomCase one = random_case(rates, Edges::on_grid, size.year_days, i);
    const Drive drive = drive_of(one);
    std::vector<double> times = sample_times(drive, kStepMin);
    const auto last = static_cast<std::ptrdiff_t>(10 * kStepsPerDay);
    times.erase(times.begin(), times.end() - last);
    const Path exact = solve_cvode(one.person, drive, Multistep::adams, 1e-10, times).cortisol;
    const auto compare = [&](Path path, Errors& errors, double& mean) {
      path.erase(path.begin(), path.end() - last);
      errors.add(path, exact);
      for (std::size_t t = 0; t < exact.size(); ++t) {
        mean += (path[t] / exact[t] - 1.0) / static_cast<double>(exact.size() * size.year_persons);
      }
    };
    compare(reference_path(one.person, drive, kStepMin), plain, bias);
    compare(varied_path<kLinear>(one.person, drive, kStepMin), linear, linear_bias);
  }
  return {{"rates", name_of(rates)},
          {"days", size.year_days},
          {"error", plain.largest},
          {"mean", bias},
          {"error_glands_linear", linear.largest},
          {"mean_glands_linear", linear_bias}};
}

/// Largest relative difference of single from double precision in the same scheme.
Json single_precision_drift(Rates rates, const Size& size) {
  double cortisol = 0.0, pituitary = 0.0, adrenal = 0.0;
  for (std::uint32_t i = 0; i < size.year_persons; ++i) {
    const RandomCase one = random_case(rates, Edges::on_grid, size.year_days, i);
    const SchemeRates<double> rates_double(step_rates(one.person, kStepMin));
    const SchemeRates<float> rates_single(step_rates(one.person, kStepMin));
    HpaState<double> exact = kRest;
    HpaState<float> single = kSingleRest;
    const auto cover = [](double& largest, double a, double b) {
      largest = std::max(largest, std::abs(a / b - 1.0));
    };
    for (const double u : drive_by_steps(drive_of(one))) {
      scheme_step(exact, rates_double, u, 0.0);
      scheme_step(single, rates_single, static_cast<float>(u), 0.0F);
      cover(cortisol, single.cortisol, exact.cortisol);
      cover(pituitary, single.pituitary, exact.pituitary);
      cover(adrenal, single.adrenal, exact.adrenal);
    }
  }
  return {{"rates", name_of(rates)},
          {"days", size.year_days},
          {"cortisol", cortisol},
          {"pituitary", pituitary},
          {"adrenal", adrenal}};
}

/// The scheme in a type of number, for the protocols of E1 to E3.
template <class Real>
class SchemeSteps {
 public:
  using State = HpaState<Real>;
  SchemeSteps(const HpaParameters& p, double dt_min) : rates_(median_hpa_rates(p, dt_min)) {}
  void operator()(State& s, double u, double crh_external) const {
    scheme_step(s, rates_, static_cast<Real>(u), static_cast<Real>(crh_external));
  }

 private:
  SchemeRates<Real> rates_;
};
template <class Steps>
std::vector<std::vector<double>> gland_rows() {
  using namespace app::validation;
  HpaParameters p = default_parameters().hpa;
  apply_hpa_preset("karin2020", p);
  const auto normal = recover<Steps>(p, kStepMin);
  return {steady_state_quantities(steady_states<Steps>(p, kStepMin)),
          recovery_quantities(normal, recover<Steps>(with_slow_glands(p), kStepMin)),
          crh_test_quantities<Steps>(normal, p, kStepMin)};
}
Json single_precision_rows() {
  const auto exact = gland_rows<SchemeSteps<double>>();
  const auto single = gland_rows<SchemeSteps<float>>();
  constexpr std::array kIds = {"E1", "E2", "E3"};
  Json rows = Json::array();
  for (std::size_t r = 0; r < kIds.size(); ++r) {
    for (std::size_t q = 0; q < exact[r].size(); ++q) {
      rows.push_back({{"id", kIds[r]}, {"fp64", exact[r][q]}, {"fp32", single[r][q]}});
    }
  }
  return rows;
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

Json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read '" + path + "'");
  return Json::parse(file);
}

Json measure(const Size& size, bool small) {
  Json root;
  const io::Provenance& program = io::this_program();
  root["program"] = {{"version", program.version},
                     {"commit", program.commit},
                     {"compiler", program.compiler},
                     {"flags", program.flags}};
  root["machine"] = {{"processor", processor()},
                     {"cpus", std::thread::hardware_concurrency()},
                     {"instruction_set", std::string(to_string(best_isa()))}};
  root["size"] = small ? "small" : "full";
  root["persons"] = size.persons;
  root["days"] = size.days;
  for (const char* section :
       {"oracle", "identity", "work_precision", "convergence", "snapping", "long_steps"}) {
    root[section] = Json::array();
  }
  for (const Rates rates : kRates) {
    const Problem problem = make_problem(rates, Edges::on_grid, size);
    root["oracle"].push_back(oracle(problem));
    root["identity"].push_back(identity(problem));
    append(root["work_precision"], work_precision(problem, size));
    append(root["convergence"],
           convergence(problem, make_problem(rates, Edges::on_grid, size, true)));
    append(root["long_steps"], long_steps(problem));
    append(root["snapping"], snapping(make_problem(rates, Edges::anywhere, size)));
  }
  root["stability"] = stability(size);
  for (const Rates rates : kRates) {
    root["long_run"].push_back(long_run(rates, size));
    root["single_precision"]["drift"].push_back(single_precision_drift(rates, size));
  }
  root["single_precision"]["rows"] = single_precision_rows();
  return root;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::string json, read, page;
    std::vector<std::string> targets;
    bool small = false;
    for (int i = 1; i < argc; ++i) {
      const std::string_view word = argv[i];
      const auto next = [&]() -> std::string {
        if (i + 1 >= argc) throw std::runtime_error(std::string(word) + " needs a value");
        return argv[++i];
      };
      if (word == "--small") {
        small = true;
      } else if (word == "--json") {
        json = next();
      } else if (word == "--read") {
        read = next();
      } else if (word == "--page") {
        page = next();
      } else if (word == "--targets") {
        targets = {next(), next()};
      } else {
        throw std::runtime_error("unknown option '" + std::string(word) + "'");
      }
    }
    if (!read.empty() && !page.empty()) {
      write_numerics_page(page, read_json(read));
      return 0;
    }
    if (json.empty()) throw std::runtime_error("--json FILE is missing");
    Json root = measure(small ? kSmall : kFull, small);
    if (!targets.empty()) add_targets(root, read_json(targets[0]), read_json(targets[1]));
    io::write_file(json, root.dump(1) + "\n");
    if (!page.empty()) write_numerics_page(page, root);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_numerics: %s\n", error.what());
    return 1;
  }
}
