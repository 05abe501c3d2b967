#include "bench/numerics_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "io/files/atomic_file.hpp"
#include "io/report/svg.hpp"

namespace eustress::bench {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using io::report::Colour;
using io::report::Plot;

double number(const Json& x) {
  return x.is_number() ? x.get<double>() : std::nan("");
}

/// Enough digits to see a relative difference of 1e-6.
std::string precise(double x) {
  return std::isfinite(x) ? fmt::format("{:.7g}", x) : "-";
}

/// Of a quantity at two steps: its difference in standard errors of that difference, if it has any.
double standardised_difference(const Json& target) {
  const double error =
      std::hypot(number(target["standard_error"]), number(target["standard_error_half"]));
  return error > 0.0 ? (number(target["half"]) - number(target["five"])) / error : std::nan("");
}

std::string work_table(const Json& root, std::string_view rates) {
  std::string text =
      "| solver | step or tolerance | largest relative error of cortisol | root mean square | "
      "evaluations per individual-day | time of an individual-day, us | times the block kernel "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const Json& row : root["work_precision"]) {
    if (row["rates"] != rates) continue;
    text += fmt::format("| {} | {} | {:.1e} | {:.1e} | {:.0f} | {} | {} |\n",
                        row["solver"].get<std::string>(), row["setting"].get<std::string>(),
                        number(row["error"]), number(row["error_rms"]),
                        number(row["evaluations_per_day"]), shown(number(row["us_per_day"])),
                        shown(number(row["times_block_kernel"])));
  }
  return text;
}

std::string ladder_table(const Json& rows, bool with_variation) {
  std::string text = fmt::format("| rates |{} 5 min | 2.5 min | 1.25 min | .625 min | order |\n",
                                 with_variation ? " scheme |" : "");
  text += with_variation ? "|---|---|---|---|---|---|---|\n" : "|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i + 3 < rows.size(); i += 4) {
    text += fmt::format("| {} |", rows[i]["rates"].get<std::string>());
    if (with_variation) text += fmt::format(" {} |", rows[i]["variation"].get<std::string>());
    std::string orders;
    for (std::size_t k = 0; k < 4; ++k) {
      text += fmt::format(" {:.1e} |", number(rows[i + k]["error"]));
      if (k > 0) {
        orders += fmt::format("{}{:.1f}", k > 1 ? ", " : "", number(rows[i + k]["order"]));
      }
    }
    text += fmt::format(" {} |\n", orders);
  }
  return text;
}

std::string stability_table(const Json& root) {
  std::string text = "| rates | (H7) | classical Runge-Kutta for CRH too |\n|---|---|---|\n";
  for (const Json& row : root["stability"]) {
    const auto limit = [&](const char* key) {
      const double step = number(row[key]);
      return fmt::format("{}{:.1f} min", step < 40.0 ? "" : "at least ", step);
    };
    text += fmt::format("| {} | {} | {} |\n", row["rates"].get<std::string>(), limit("H7_min"),
                        limit("classical_min"));
  }
  return text;
}

std::string long_steps_table(const Json& root) {
  std::string text =
      "| rates | step | (H7) | classical Runge-Kutta for CRH too |\n|---|---|---|---|\n";
  const auto error = [](const Json& x) {
    return std::isfinite(number(x)) ? fmt::format("{:.1e}", number(x)) : std::string("not finite");
  };
  for (const Json& row : root["long_steps"]) {
    text += fmt::format("| {} | {} min | {} | {} |\n", row["rates"].get<std::string>(),
                        shown(number(row["step_min"])), error(row["error"]),
                        error(row["error_classical"]));
  }
  return text;
}

std::string long_run_table(const Json& root) {
  std::string text =
      "| rates | days | largest error | mean error | glands by 1 + q: largest | mean "
      "|\n|---|---|---|---|---|---|\n";
  for (const Json& row : root["long_run"]) {
    text += fmt::format("| {} | {} | {:.1e} | {:+.1e} | {:.1e} | {:+.1e} |\n",
                        row["rates"].get<std::string>(), row["days"].get<int>(),
                        number(row["error"]), number(row["mean"]),
                        number(row["error_glands_linear"]), number(row["mean_glands_linear"]));
  }
  return text;
}

std::string drift_table(const Json& root) {
  std::string text =
      "| rates | days | cortisol | pituitary mass | adrenal mass |\n|---|---|---|---|---|\n";
  for (const Json& row : root["single_precision"]["drift"]) {
    text += fmt::format("| {} | {} | {:.1e} | {:.1e} | {:.1e} |\n", row["rates"].get<std::string>(),
                        row["days"].get<int>(), number(row["cortisol"]), number(row["pituitary"]),
                        number(row["adrenal"]));
  }
  return text;
}

std::string single_table(const Json& root) {
  std::string text =
      "| id | quantity | band | fp64 | fp32 | fp32 in the band |\n|---|---|---|---|---|---|\n";
  for (const Json& row : root["single_precision"]["rows"]) {
    const bool has_band = row.contains("name");
    const double low = has_band && !row["low"].is_null() ? number(row["low"]) : -INFINITY;
    const double high = has_band && !row["high"].is_null() ? number(row["high"]) : INFINITY;
    const double single = number(row["fp32"]);
    text += fmt::format(
        "| {} | {} | {} to {} | {} | {} | {} |\n", row["id"].get<std::string>(),
        has_band ? row["name"].get<std::string>() : "", std::isfinite(low) ? precise(low) : "",
        std::isfinite(high) ? precise(high) : "", precise(number(row["fp64"])), precise(single),
        !has_band                         ? ""
        : single >= low && single <= high ? "yes"
                                          : "no");
  }
  return text;
}

std::string step_table(const Json& root) {
  std::string text =
      "| id | quantity | 5 min | 2.5 min | standard error | difference in standard errors | in the "
      "band |\n|---|---|---|---|---|---|---|\n";
  for (const Json& t : root["targets"]) {
    const double z = standardised_difference(t);
    const double five = number(t["five"]), half = number(t["half"]);
    const bool is_exact = !std::isfinite(z);
    const bool a = t["holds"].get<bool>(), b = t["holds_half"].get<bool>();
    text += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} |\n", t["id"].get<std::string>(),
        t["name"].get<std::string>(), is_exact ? precise(five) : fmt::format("{:.4g}", five),
        is_exact ? precise(half) : fmt::format("{:.4g}", half),
        is_exact ? "" : fmt::format("{:.2g}", number(t["standard_error"])),
        is_exact
            ? (five == half          ? std::string("none")
               : std::isfinite(half) ? fmt::format("exact; relative {:+.0e}", half / five - 1.0)
                                     : std::string("-"))
            : fmt::format("{:+.2f}", z),
        a == b ? (a ? "yes" : "no")
               : fmt::format("**{}, then {}**", a ? "yes" : "no", b ? "yes" : "no"));
  }
  return text;
}

std::string step_summary(const Json& root) {
  std::vector<double> z;
  std::size_t beyond = 0;
  std::string changed;
  double square_sum = 0.0;
  const Json* worst = nullptr;
  for (const Json& t : root["targets"]) {
    const double d = standardised_difference(t);
    if (t["holds"] != t["holds_half"]) {
      changed += fmt::format("{}{} {} ({:+.1f} standard errors)", changed.empty() ? "" : ", ",
                             t["id"].get<std::string>(), t["name"].get<std::string>(), d);
    }
    if (!std::isfinite(d)) continue;
    if (worst == nullptr || std::abs(d) > std::abs(standardised_difference(*worst))) worst = &t;
    z.push_back(d);
    square_sum += d * d;
    beyond += std::abs(d) > 2.0 ? 1 : 0;
  }
  if (worst == nullptr) return "No quantity has a Monte Carlo error.\n";
  return fmt::format(
      "Of {} quantities with a Monte Carlo error, {} differ by more than 2 standard errors of the "
      "difference ({:.1f} %; independent simulations: 4.6 %); root mean square {:.2f} (independent "
      "simulations: 1); the largest is {:+.1f}, of {} {}. Quantities that are inside their band at "
      "one step and outside at the other, of {}: {}. Rows that pass: {} at 5 min, {} at 2.5 min.\n",
      z.size(), beyond, 100.0 * static_cast<double>(beyond) / static_cast<double>(z.size()),
      std::sqrt(square_sum / static_cast<double>(z.size())), standardised_difference(*worst),
      (*worst)["id"].get<std::string>(), (*worst)["name"].get<std::string>(),
      root["targets"].size(), changed.empty() ? "none" : changed, root["rows_passed"].get<int>(),
      root["rows_passed_half"].get<int>());
}

std::string circumstances(const Json& root) {
  return fmt::format(
      "{}, {} CPUs, {}; {}, `{}`, `-ffp-contract=off -fno-math-errno`; commit {}. {} persons, {} "
      "days. CVODE at 1e-12 and Boost.odeint at 1e-12 differ by {:.0e} (karin2020) and {:.0e} "
      "(acute).\n",
      root["machine"]["processor"].get<std::string>(), root["machine"]["cpus"].get<int>(),
      root["machine"]["instruction_set"].get<std::string>(),
      root["program"]["compiler"].get<std::string>(), root["program"]["flags"].get<std::string>(),
      root["program"]["commit"].get<std::string>(), root["persons"].get<int>(),
      root["days"].get<int>(), number(root["oracle"][0]["cvode_less_odeint"]),
      number(root["oracle"][1]["cvode_less_odeint"]));
}

void replace_table(std::string& page, const std::string& name, const std::string& text) {
  const std::string open = fmt::format("<!-- table {} -->\n", name);
  const std::size_t begin = page.find(open);
  const std::size_t end = begin == std::string::npos ? begin : page.find("<!-- end -->", begin);
  if (end == std::string::npos) {
    throw std::runtime_error(
        fmt::format("numerics.md has no place for the table '{0}': '<!-- table {0} -->' and '<!-- "
                    "end -->' on lines of their own",
                    name));
  }
  page.replace(begin + open.size(), end - begin - open.size(), "\n" + text + "\n");
}

// --- figures ------------------------------------------------------------------------------------

std::vector<Plot> work_plots(const Json& root) {
  std::vector<Plot> plots;
  for (const std::string rates : {"karin2020", "acute"}) {
    Plot plot({fmt::format("Work and precision, rates of {}", rates),
               {"log10 of evaluations of the right-hand side per individual-day", {}, {}, {}},
               {"log10 of the largest relative error", {}, {}, io::report::TickSteps::whole},
               640.0,
               320.0});
    std::vector<std::string> solvers;
    for (const Json& row : root["work_precision"]) {
      const auto solver = row["solver"].get<std::string>();
      if (row["rates"] == rates &&
          std::find(solvers.begin(), solvers.end(), solver) == solvers.end()) {
        solvers.push_back(solver);
      }
    }
    std::erase(solvers, "H7, block kernel");  // the points of the scalar reference
    for (std::size_t s = 0; s < solvers.size(); ++s) {
      std::vector<double> x, y;
      for (const Json& row : root["work_precision"]) {
        if (row["rates"] != rates || row["solver"] != solvers[s]) continue;
        x.push_back(std::log10(number(row["evaluations_per_day"])));
        y.push_back(std::log10(number(row["error"])));
      }
      io::report::Style style = io::report::series_style(s);
      plot.line(solvers[s], x, y, style);
      style.width = 3.0;
      plot.points("", x, y, style);
    }
    plot.rule_at_y(-4.0);
    plots.push_back(std::move(plot));
  }
  return plots;
}

std::vector<Plot> convergence_plots(const Json& root) {
  std::vector<Plot> plots;
  for (const std::string rates : {"karin2020", "acute"}) {
    Plot plot({fmt::format("Convergence, rates of {}", rates),
               {"log10 of the step [min]", {}, {}, {}},
               {"log10 of the largest relative error", {}, {}, io::report::TickSteps::whole},
               640.0,
               320.0});
    std::size_t drawn = 0;
    for (const char* section : {"convergence", "snapping"}) {
      const Json& rows = root[section];
      for (std::size_t i = 0; i + 3 < rows.size(); i += 4) {
        if (rows[i]["rates"] != rates) continue;
        std::vector<double> x, y;
        for (std::size_t k = 0; k < 4; ++k) {
          x.push_back(std::log10(number(rows[i + k]["step_min"])));
          y.push_back(std::log10(number(rows[i + k]["error"])));
        }
        io::report::Style style = io::report::series_style(drawn++);
        plot.line(rows[i]["variation"].get<std::string>(), x, y, style);
        style.width = 3.0;
        plot.points("", x, y, style);
      }
    }
    plot.rule_at_y(-4.0);
    plots.push_back(std::move(plot));
  }
  return plots;
}

/// Quantiles of the differences against those of chance.
std::vector<Plot> step_plots(const Json& root) {
  std::vector<double> z;
  for (const Json& t : root["targets"]) {
    const double d = standardised_difference(t);
    if (std::isfinite(d)) z.push_back(d);
  }
  constexpr double kWidth = 0.5;
  std::vector<double> edges, heights, x, chance;
  for (double e = -5.0; e <= 5.0 + 1e-9; e += kWidth) edges.push_back(e);
  heights.assign(edges.size() - 1, 0.0);
  for (const double d : z) {
    const double at =
        std::clamp((d - edges.front()) / kWidth, 0.0, static_cast<double>(heights.size()) - 0.5);
    heights[static_cast<std::size_t>(at)] += 1.0;
  }
  for (double v = -5.0; v <= 5.0; v += 0.1) {
    x.push_back(v);
    chance.push_back(static_cast<double>(z.size()) * kWidth * std::exp(-0.5 * v * v) /
                     std::sqrt(2.0 * M_PI));
  }
  Plot plot({"Targets at 2.5 min less those at 5 min",
             {"difference in its standard errors", {}, {}, {}},
             {"quantities", {}, {}, {}},
             640.0,
             300.0});
  plot.bars("quantities of the validation", edges, heights, Colour::sky);
  plot.line("two independent simulations of the same", x, chance,
            {Colour::vermillion, io::report::Dash::solid, 1.8});
  return {plot};
}

}  // namespace

std::string shown(double x) {
  if (!std::isfinite(x)) return "-";
  const double size = std::abs(x);
  if (size >= 100.0) return fmt::format("{:.0f}", x);
  return size < 1e-2 && size > 0.0 ? fmt::format("{:.0e}", x) : fmt::format("{:.3g}", x);
}

void add_targets(Json& root, const Json& five, const Json& half) {
  const auto passed = [](const Json& table) {
    return std::count_if(table["rows"].begin(), table["rows"].end(),
                         [](const Json& row) { return row["pass"].get<bool>(); });
  };
  if (five["rows"].size() != half["rows"].size()) {
    throw std::runtime_error("--targets: the two files do not have the same rows");
  }
  root["rows_passed"] = passed(five);
  root["rows_passed_half"] = passed(half);
  root["targets"] = Json::array();
  for (std::size_t r = 0; r < five["rows"].size(); ++r) {
    const Json &a = five["rows"][r], &b = half["rows"][r];
    if (a["id"] != b["id"] || a["quantities"].size() != b["quantities"].size()) {
      throw std::runtime_error("--targets: the two files do not have the same rows");
    }
    for (std::size_t q = 0; q < a["quantities"].size(); ++q) {
      const Json &x = a["quantities"][q], &y = b["quantities"][q];
      root["targets"].push_back({{"id", a["id"]},
                                 {"name", x["name"]},
                                 {"low", x["low"]},
                                 {"high", x["high"]},
                                 {"five", x["simulated"]},
                                 {"half", y["simulated"]},
                                 {"standard_error", x["standard_error"]},
                                 {"standard_error_half", y["standard_error"]},
                                 {"holds", x["holds"]},
                                 {"holds_half", y["holds"]}});
    }
  }
  std::size_t next = 0;
  for (Json& row : root["single_precision"]["rows"]) {
    while (next < root["targets"].size() && root["targets"][next]["id"] != row["id"]) ++next;
    if (next == root["targets"].size()) {
      throw std::runtime_error("--targets: the files lack rows E1, E2 or E3");
    }
    for (const char* key : {"name", "low", "high"}) row[key] = root["targets"][next][key];
    ++next;
  }
}

void write_numerics_page(const std::string& directory, const Json& root) {
  const fs::path path = fs::path(directory) / "numerics.md";
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("--page: cannot read '{}'", path.string()));
  std::stringstream text;
  text << file.rdbuf();
  std::string page = text.str();
  replace_table(page, "circumstances", circumstances(root));
  replace_table(page, "work karin2020", work_table(root, "karin2020"));
  replace_table(page, "work acute", work_table(root, "acute"));
  replace_table(page, "convergence", ladder_table(root["convergence"], true));
  replace_table(page, "snapping", ladder_table(root["snapping"], false));
  replace_table(page, "stability", stability_table(root));
  replace_table(page, "long steps", long_steps_table(root));
  replace_table(page, "long run", long_run_table(root));
  replace_table(page, "drift", drift_table(root));
  if (root.contains("targets")) {
    replace_table(page, "single", single_table(root));
    replace_table(page, "step summary", step_summary(root));
    replace_table(page, "step", step_table(root));
  }
  const fs::path figures = fs::path(directory) / "figures" / "numerics";
  fs::create_directories(figures);
  const auto draw = [&](const char* name, const char* title, const std::vector<Plot>& plots) {
    io::write_file((figures / name).string(), io::report::svg_file(title, plots));
  };
  draw("work-precision.svg", "Work and precision", work_plots(root));
  draw("convergence.svg", "Convergence", convergence_plots(root));
  if (root.contains("targets")) draw("step.svg", "Effect of the step", step_plots(root));
  io::write_file(path.string(), page);
}

}  // namespace eustress::bench
