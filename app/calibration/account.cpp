#include "app/calibration/account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/validation/summary.hpp"
#include "io/provenance/provenance.hpp"
#include "io/study/toml_text.hpp"

namespace eustress::app::calibration {

namespace {

using validation::Quantity;
using validation::Target;

/// Correlation from which one parameter stands for another.
constexpr double kStrong = 0.7;

const Target& row_at(std::size_t place) {
  return validation::all_targets()[place];
}

nlohmann::ordered_json number(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

/// Not widened by the error of the simulation: a fit has no excuse.
bool holds(const Quantity& q, const Estimate& e) {
  return std::isfinite(e.value) && e.value >= q.low && e.value <= q.high;
}

std::string shown(double x) {
  return std::isfinite(x) ? fmt::format("{:.5g}", x) : "-";
}

std::string default_text(const io::FreeParameter& parameter) {
  return parameter.standard ? shown(*parameter.standard) : "-";
}

/// Names of the parameters that go with parameter j.
std::vector<std::string> partners(const io::CalibrationPlan& plan, const Fit& fit, std::size_t j) {
  std::vector<std::string> names;
  const std::size_t k = plan.parameters.size();
  for (std::size_t i = 0; i < k; ++i) {
    const double r = fit.correlations[j * k + i];
    if (i != j && std::abs(r) >= kStrong) {
      names.push_back(fmt::format("{} (r = {:.2f})", plan.parameters[i].key, r));
    }
  }
  return names;
}

void append_row(std::string& text, const Target& row, std::span<const std::size_t> quantities,
                const std::vector<Estimate>& before, const std::vector<Estimate>& after) {
  text += fmt::format("{} {}\n", row.id, row.title);
  for (const std::size_t i : quantities) {
    const Quantity& q = row.quantities[i];
    text += fmt::format("    {:<46}{:<20}{:>12}{:>12} {}\n", q.name, validation::band_text(q),
                        shown(before[i].value), shown(after[i].value),
                        holds(q, after[i]) ? "" : " outside");
  }
}

std::vector<std::size_t> all_of(const Target& row) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < row.quantities.size(); ++i) places.push_back(i);
  return places;
}

nlohmann::ordered_json row_json(const Target& row, std::span<const std::size_t> quantities,
                                const std::vector<Estimate>& before,
                                const std::vector<Estimate>& after) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::size_t i : quantities) {
    const Quantity& q = row.quantities[i];
    list.push_back({{"name", q.name},
                    {"published", number(q.published)},
                    {"low", number(q.low)},
                    {"high", number(q.high)},
                    {"before", number(before[i].value)},
                    {"after", number(after[i].value)},
                    {"standard_error", number(after[i].standard_error)},
                    {"residual", number(residual_of(q, after[i]))},
                    {"holds", holds(q, after[i])}});
  }
  return {{"id", row.id}, {"title", row.title}, {"quantities", std::move(list)}};
}

}  // namespace

std::string lists_text(const io::CalibrationPlan& plan) {
  std::string text = "fitted to (no prediction):\n";
  std::vector<std::size_t> used = plan.held_out;
  for (const io::CalibrationTarget& target : plan.targets) {
    const Target& row = row_at(target.row);
    used.push_back(target.row);
    text += fmt::format(
        "  {:<4}{}{}, weight {:g}\n", row.id, row.title,
        target.quantities.size() == row.quantities.size()
            ? ""
            : fmt::format(": {} of {} quantities", target.quantities.size(), row.quantities.size()),
        target.weight);
  }
  text += "held out and measured (predictions):\n";
  for (const std::size_t place : plan.held_out) {
    text += fmt::format("  {:<4}{}\n", row_at(place).id, row_at(place).title);
  }
  if (plan.held_out.empty()) text += "  none\n";
  text += "held out and not measured:";
  for (std::size_t i = 0; i < validation::all_targets().size(); ++i) {
    if (std::ranges::find(used, i) == used.end()) text += fmt::format(" {}", row_at(i).id);
  }
  return text + "\n";
}

std::string fit_text(const io::CalibrationPlan& plan, const Fit& fit,
                     const Comparison& comparison) {
  std::string text;
  for (std::size_t w = 0; w < fit.waves.size(); ++w) {
    const Fit::Wave& wave = fit.waves[w];
    text += fmt::format(
        "wave {}: {} of {} points are not ruled out, nor {:.1f} % of their box; "
        "remaining shares of ranges:",
        w + 1, wave.kept, wave.points, 100.0 * wave.share);
    for (std::size_t j = 0; j < wave.low.size(); ++j) {
      text += fmt::format(" {:.3f}", wave.high[j] - wave.low[j]);
    }
    text += "\n";
  }
  if (!fit.is_any_kept) {
    text +=
        "every simulated point was ruled out: more waves, or no values in these ranges bring all "
        "targets into their bands. The nearest point is shown\n";
  }
  if (!fit.is_minimum) {
    text +=
        "the search has not come to a minimum: a step of 5 % of a range leads to a better point. "
        "There are no intervals; raise evaluations\n";
  }
  text += fmt::format("\nobjective {:.6g} after {} evaluations: {}\n", fit.objective,
                      fit.evaluations, fit.ended);
  text += fmt::format("\n{:<40}{:>10}{:>12}{:>26}{:>8}  {}\n", "parameter", "default", "fitted",
                      fit.waves.empty() ? "interval" : "remaining", "share", "identifiable");
  for (std::size_t j = 0; j < plan.parameters.size(); ++j) {
    const io::FreeParameter& p = plan.parameters[j];
    const ParameterRange& range = fit.parameters[j];
    const std::vector<std::string> with = partners(plan, fit, j);
    text += fmt::format(
        "{:<40}{:>10}{:>12}{:>26}{:>8.3f}  {}{}\n", p.key, default_text(p),
        shown(p.value_at(range.fitted)),
        fmt::format("{} to {}", shown(p.value_at(range.low)), shown(p.value_at(range.high))),
        range.high - range.low, range.is_identifiable() ? "yes" : "no",
        with.empty() ? "" : fmt::format(", with {}", fmt::join(with, ", ")));
  }
  text += fmt::format("\n{:<50}{:<20}{:>12}{:>12}\n", "fitted to", "band", "before", "after");
  for (std::size_t t = 0; t < plan.targets.size(); ++t) {
    const Target& row = row_at(plan.targets[t].row);
    append_row(text, row, plan.targets[t].quantities, comparison.targets_before[t],
               comparison.targets_after[t]);
  }
  if (plan.held_out.empty()) return text;
  text += fmt::format("\n{:<50}{:<20}{:>12}{:>12}\n", "held out", "band", "before", "after");
  for (std::size_t t = 0; t < plan.held_out.size(); ++t) {
    const Target& row = row_at(plan.held_out[t]);
    append_row(text, row, all_of(row), comparison.held_out_before[t], comparison.held_out_after[t]);
  }
  return text;
}

std::string fit_json(const io::CalibrationPlan& plan, const Fit& fit, const Comparison& comparison,
                     const std::string& file_text, const std::vector<std::string>& overrides) {
  nlohmann::ordered_json root;
  const io::Provenance& program = io::this_program();
  root["program"] = {{"version", program.version}, {"commit", program.commit}};
  root["calibration"] = file_text;
  root["overrides"] = overrides;
  root["method"] = std::string(to_string(plan.method));
  root["ended"] = fit.ended;
  root["evaluations"] = fit.evaluations;
  root["objective"] = number(fit.objective);
  root["is_minimum"] = fit.is_minimum;
  root["is_any_point_left"] = fit.is_any_kept;
  const std::size_t k = plan.parameters.size();
  for (std::size_t j = 0; j < k; ++j) {
    const io::FreeParameter& p = plan.parameters[j];
    const ParameterRange& range = fit.parameters[j];
    nlohmann::ordered_json correlations = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < k; ++i) {
      if (i != j) correlations[plan.parameters[i].key] = number(fit.correlations[j * k + i]);
    }
    root["parameters"].push_back(
        {{"key", p.key},
         {"unit", p.unit},
         {"default", p.standard ? number(*p.standard) : nlohmann::ordered_json(nullptr)},
         {"bounds", {p.low, p.high}},
         {"fitted", p.value_at(range.fitted)},
         {"interval", {p.value_at(range.low), p.value_at(range.high)}},
         {"share_of_range", range.high - range.low},
         {"identifiable", range.is_identifiable()},
         {"correlations", std::move(correlations)}});
  }
  for (std::size_t w = 0; w < fit.waves.size(); ++w) {
    const Fit::Wave& wave = fit.waves[w];
    std::vector<double> shares;
    for (std::size_t j = 0; j < k; ++j) shares.push_back(wave.high[j] - wave.low[j]);
    root["waves"].push_back({{"points", wave.points},
                             {"not_ruled_out", wave.kept},
                             {"share_of_box", wave.share},
                             {"shares_of_ranges", shares}});
  }
  root["fitted_to"] = nlohmann::ordered_json::array();
  root["held_out"] = nlohmann::ordered_json::array();
  for (std::size_t t = 0; t < plan.targets.size(); ++t) {
    root["fitted_to"].push_back(row_json(row_at(plan.targets[t].row), plan.targets[t].quantities,
                                         comparison.targets_before[t],
                                         comparison.targets_after[t]));
    root["fitted_to"].back()["weight"] = plan.targets[t].weight;
  }
  for (std::size_t t = 0; t < plan.held_out.size(); ++t) {
    const Target& row = row_at(plan.held_out[t]);
    root["held_out"].push_back(
        row_json(row, all_of(row), comparison.held_out_before[t], comparison.held_out_after[t]));
  }
  return root.dump(2) + "\n";
}

std::string fitted_toml(const io::CalibrationPlan& plan, const Fit& fit) {
  std::string text =
      fmt::format("# Parameters that eustress {} calibrate fitted to", io::this_program().version);
  for (const io::CalibrationTarget& target : plan.targets) {
    text += fmt::format(" {}", row_at(target.row).id);
  }
  text += " of the validation.\n# Sections of a study file.\n";
  std::vector<std::string> sections;
  const auto section_of = [](const io::FreeParameter& p) {
    return p.key.substr(0, p.key.rfind('.'));
  };
  for (const io::FreeParameter& p : plan.parameters) {
    if (std::ranges::find(sections, section_of(p)) == sections.end()) {
      sections.push_back(section_of(p));
    }
  }
  for (const std::string& section : sections) {
    text += fmt::format("\n[{}]\n", section);
    for (std::size_t j = 0; j < plan.parameters.size(); ++j) {
      const io::FreeParameter& p = plan.parameters[j];
      if (section_of(p) != section) continue;
      const ParameterRange& range = fit.parameters[j];
      text += fmt::format("{} = {}  # {} to {}{}; default {}\n", p.key.substr(section.size() + 1),
                          io::toml_text(io::Setting(p.value_at(range.fitted))),
                          shown(p.value_at(range.low)), shown(p.value_at(range.high)),
                          range.is_identifiable() ? "" : ", not identifiable", default_text(p));
    }
  }
  return text;
}

}  // namespace eustress::app::calibration
