#include "app/validation/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/provenance/provenance.hpp"
#include "io/report/text.hpp"

namespace eustress::app::validation {

namespace {

namespace fs = std::filesystem;
using io::report::Plot;

/// About four significant digits, as tables need them.
std::string shown(double x) {
  if (!std::isfinite(x)) return "-";
  const double size = std::abs(x);
  if (size >= 1000.0) return fmt::format("{:.0f}", x);
  if (size >= 100.0) return fmt::format("{:.1f}", x);
  if (size >= 10.0) return fmt::format("{:.2f}", x);
  if (size < 1e-3 && size > 0.0) return fmt::format("{:.1e}", x);
  return fmt::format("{:.3f}", x);
}
std::string bound(double x) {
  // Bands of 1e-4 need all their digits, the others are round.
  return std::abs(x) < 1e-3 && x != 0.0 ? fmt::format("{:.0e}", x) : fmt::format("{:.5g}", x);
}

nlohmann::json number(double x) {
  return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(nullptr);
}

/// Every quantity on the scale of its band, 0 at the low end and 1 at the high end; bands with one
/// end are drawn with the published or simulated value as scale.
Plot band_plot(const Verdict& verdict) {
  std::vector<std::string> names;
  std::vector<double> band_low, band_high, band_y, value, value_y, low, high, published,
      published_y;
  for (std::size_t i = 0; i < verdict.target->quantities.size(); ++i) {
    const Quantity& q = verdict.target->quantities[i];
    const Estimate& e = verdict.measured.values[i];
    if (!std::isfinite(q.low) && !std::isfinite(q.high)) continue;  // told, not judged
    const double y = static_cast<double>(names.size());
    double from = q.low, to = q.high;
    const double scale = std::max({std::abs(e.value), 2.0 * e.standard_error,
                                   std::abs(std::isfinite(from) ? from : 0.0),
                                   std::abs(std::isfinite(to) ? to : 0.0), 1e-9});
    if (!std::isfinite(from)) from = (std::isfinite(to) ? to : e.value) - scale;
    if (!std::isfinite(to)) to = (std::isfinite(q.low) ? q.low : e.value) + scale;
    const auto place = [&](double x) { return std::clamp((x - from) / (to - from), -3.0, 4.0); };
    names.push_back(
        fmt::format("{}{}", verdict.holds[i] ? "" : "\u2717 ", io::report::shortened(q.name, 34)));
    band_low.push_back(0.0);
    band_high.push_back(1.0);
    band_y.push_back(y);
    if (std::isfinite(e.value)) {
      value.push_back(place(e.value));
      value_y.push_back(y);
      low.push_back(place(e.value - 2.0 * e.standard_error));
      high.push_back(place(e.value + 2.0 * e.standard_error));
    }
    if (std::isfinite(q.published)) {
      published.push_back(place(q.published));
      published_y.push_back(y);
    }
  }
  using io::report::Colour;
  using io::report::Dash;
  Plot plot({"Simulated value in its band",
             {"0: low end of the band, 1: high end", {}, {}, {}},
             {"", {}, {}, {}},
             640.0,
             70.0 + 26.0 * static_cast<double>(names.size())});
  plot.rows(std::move(names));
  plot.intervals("band", band_low, band_high, band_y, {Colour::sky, Dash::solid, 9.0});
  plot.intervals("simulated, two standard errors", low, high, value_y,
                 {Colour::vermillion, Dash::solid, 2.5});
  plot.points("", value, value_y, {Colour::vermillion, Dash::solid, 3.5});
  plot.points("published", published, published_y, {Colour::ink, Dash::solid, 2.5});
  return plot;
}

std::string figure_svg(const Verdict& verdict) {
  std::vector<Plot> plots = {band_plot(verdict)};
  plots.insert(plots.end(), verdict.measured.plots.begin(), verdict.measured.plots.end());
  return io::report::svg_file(std::string(verdict.target->title), plots);
}

std::string origin_text(char origin) {
  return origin == 'P'   ? "published"
         : origin == 'C' ? "computed from published equations"
                         : "published participant-level data";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? "none" : text;
}

}  // namespace

std::string band_text(const Quantity& quantity) {
  const bool has_low = std::isfinite(quantity.low), has_high = std::isfinite(quantity.high);
  if (has_low && has_high) {
    return fmt::format("{} to {}", bound(quantity.low), bound(quantity.high));
  }
  if (has_low) return fmt::format("> {}", bound(quantity.low));
  if (has_high) return fmt::format("< {}", bound(quantity.high));
  return "any";
}

std::string table_head() {
  return fmt::format("{:<4}{:<48}{:>9}  {:<20}{:>9} {:>8}\n", "id", "quantity", "published", "band",
                     "simulated", "+-se");
}

std::string table_rows(const Verdict& verdict) {
  const Target& target = *verdict.target;
  std::string text =
      fmt::format("{:<4}{:<92}{}\n", target.id, fmt::format("{} ({})", target.title, target.source),
                  verdict.passes() ? "pass" : "FAIL");
  for (std::size_t i = 0; i < target.quantities.size(); ++i) {
    const Quantity& q = target.quantities[i];
    const Estimate& e = verdict.measured.values[i];
    text += fmt::format("      {:<46}{:>9}  {:<20}{:>9} {:>8}{}\n", q.name, shown(q.published),
                        band_text(q), shown(e.value), shown(e.standard_error),
                        verdict.holds[i] ? "" : "  outside");
  }
  return text;
}

Tally tally_of(std::span<const Verdict> verdicts, std::span<const KnownFailure> known) {
  Tally tally;
  for (const Verdict& verdict : verdicts) {
    const std::string id(verdict.target->id);
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const auto& k) { return k.id == id; });
    auto& list = verdict.passes() ? (is_known ? tally.unexpected_passes : tally.passed)
                                  : (is_known ? tally.known_failures : tally.new_failures);
    list.push_back(id);
  }
  return tally;
}

std::string tally_text(const Tally& tally) {
  std::string text = fmt::format("pass: {}\nfail, as known: {}\n", joined(tally.passed),
                                 joined(tally.known_failures));
  if (!tally.new_failures.empty()) {
    text += fmt::format("FAIL, not among the known failures: {}\n", joined(tally.new_failures));
  }
  if (!tally.unexpected_passes.empty()) {
    text += fmt::format("pass, though listed as a known failure: {}\n",
                        joined(tally.unexpected_passes));
  }
  return text;
}

std::string verdicts_json(std::span<const Verdict> verdicts, const Tally& tally,
                          const Circumstances& circumstances) {
  nlohmann::ordered_json root;
  const io::Provenance& program = io::this_program();
  root["program"] = {{"version", program.version}, {"commit", program.commit}};
  root["size"] = circumstances.full ? "full" : "quick";
  root["scale"] = circumstances.scale;
  root["slack_standard_errors"] = circumstances.slack;
  root["overrides"] = circumstances.overrides;
  root["rows"] = nlohmann::ordered_json::array();
  for (const Verdict& verdict : verdicts) {
    const Target& target = *verdict.target;
    nlohmann::ordered_json row;
    row["id"] = target.id;
    row["title"] = target.title;
    row["origin"] = std::string(1, target.origin);
    row["source"] = target.source;
    row["pass"] = verdict.passes();
    row["quantities"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < target.quantities.size(); ++i) {
      const Quantity& q = target.quantities[i];
      const Estimate& e = verdict.measured.values[i];
      row["quantities"].push_back({{"name", q.name},
                                   {"published", number(q.published)},
                                   {"low", number(q.low)},
                                   {"high", number(q.high)},
                                   {"simulated", number(e.value)},
                                   {"standard_error", number(e.standard_error)},
                                   {"holds", static_cast<bool>(verdict.holds[i])}});
    }
    root["rows"].push_back(std::move(row));
  }
  root["passed"] = tally.passed;
  root["known_failures"] = tally.known_failures;
  root["new_failures"] = tally.new_failures;
  root["unexpected_passes"] = tally.unexpected_passes;
  root["as_known"] = tally.is_as_known();
  return root.dump(2) + "\n";
}

void write_page(const std::string& directory, std::span<const Verdict> verdicts,
                std::span<const KnownFailure> known, const Circumstances& circumstances) {
  const fs::path figures = fs::path(directory) / "figures" / "validation";
  std::error_code failure;
  fs::create_directories(figures, failure);
  if (failure) {
    throw Error(ErrorKind::io, fmt::format("--page: '{}' cannot be made: {}", figures.string(),
                                           failure.message()));
  }
  const auto passed =
      std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.passes(); });
  std::string page = fmt::format(
      "# Validation\n\nPublished results against the simulator. Made by `eustress validate{}{} "
      "--page "
      "DIRECTORY`; nothing on this page is written by hand.\n\n"
      "All rows run on one set of parameters, the defaults{}, and one code path. Each protocol is "
      "a "
      "study file in [jobs/validation](../jobs/validation) with what is measured in "
      "[app/validation](../app/validation). A row passes if every one of its quantities is in its "
      "band{}. Standard errors are those of the simulation alone (delete-a-group jackknife over "
      "people). Origin: P published number, C computed from published equations, D from published "
      "participant-level data.\n\n"
      "**{} of {} rows pass.** Rows that fail stay, with what is known about why.\n\n"
      "| id | quantity | origin | source | result |\n|---|---|---|---|---|\n",
      circumstances.full ? " --full" : "", circumstances.overrides.empty() ? "" : " --set ...",
      circumstances.overrides.empty() ? ""
                                      : fmt::format(" with {}", joined(circumstances.overrides)),
      circumstances.slack > 0.0 ? fmt::format(", widened by {:.0f} standard errors of the "
                                              "simulation where it has two ends (quick size)",
                                              circumstances.slack)
                                : "",
      passed, verdicts.size());
  for (const Verdict& verdict : verdicts) {
    page += fmt::format("| [{0}](#{4}) | {1} | {2} | {3} | {5} |\n", verdict.target->id,
                        verdict.target->title, verdict.target->origin, verdict.target->source,
                        fmt::format("row-{}", verdict.target->id),
                        verdict.passes() ? "pass" : "**fail**");
  }
  for (const Verdict& verdict : verdicts) {
    const Target& target = *verdict.target;
    page += fmt::format(
        "\n<a id=\"row-{0}\"></a>\n## {0} {1}: {2}\n\n{3}, {4}. {5}\n\n"
        "| quantity | published | band | simulated | standard error | "
        "|\n|---|---|---|---|---|---|\n",
        target.id, target.title, verdict.passes() ? "pass" : "fail", target.source,
        origin_text(target.origin), target.protocol);
    for (std::size_t i = 0; i < target.quantities.size(); ++i) {
      const Quantity& q = target.quantities[i];
      const Estimate& e = verdict.measured.values[i];
      page += fmt::format("| {} | {} | {} | {} | {} | {} |\n", q.name,
                          std::isfinite(q.published) ? bound(q.published) : "", band_text(q),
                          shown(e.value), e.standard_error > 0.0 ? shown(e.standard_error) : "",
                          verdict.holds[i] ? "" : "outside");
    }
    if (!verdict.passes()) {
      const auto reason = std::find_if(known.begin(), known.end(),
                                       [&](const auto& k) { return k.id == target.id; });
      page += fmt::format("\n**Why it fails.** {}\n",
                          reason != known.end() ? reason->analysis : "Not analysed yet.");
    }
    page += fmt::format("\n![{0}](figures/validation/{0}.svg)\n", target.id);
    io::write_file((figures / fmt::format("{}.svg", target.id)).string(), figure_svg(verdict));
  }
  io::write_file((fs::path(directory) / "validation.md").string(), page);
}

}  // namespace eustress::app::validation
