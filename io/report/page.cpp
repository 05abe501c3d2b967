#include "io/report/page.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "io/report/figures.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::size_t kMostNames = 6;

/// All names but the first `from`, or how many and which, where they are many.
std::string joined(const std::vector<std::string>& names, std::size_t from) {
  const std::size_t count = names.size() - std::min(from, names.size());
  if (count == 0) return "none";
  if (count > kMostNames) {
    return std::to_string(count) + ": " + readable(names[from]) + " ... " + readable(names.back());
  }
  std::string text;
  for (std::size_t i = from; i < names.size(); ++i) {
    text += (text.empty() ? "" : ", ") + readable(names[i]);
  }
  return text;
}

/// The first digits, and whether the sources were modified.
std::string short_commit(const std::string& commit) {
  const std::size_t dash = std::min(commit.find('-'), commit.size());
  return commit.substr(0, std::min<std::size_t>(dash, 12)) + commit.substr(dash);
}

struct Section {
  std::string id, title;
  std::vector<Figure> figures;
};

std::vector<Figure> joined(std::vector<Figure> first, std::vector<Figure> second) {
  first.insert(first.end(), std::make_move_iterator(second.begin()),
               std::make_move_iterator(second.end()));
  return first;
}

std::vector<Section> sections_of(const RunData& run) {
  std::vector<Section> sections = {
      {"effects", "Effects of the arms", contrast_figures(run)},
      {"mental-health", "Mental health", mental_health_figures(run)},
      {"after-the-event", "After the event",
       joined(trajectory_figures(run), recovery_figures(run))},
      {"resilience", "Resilience", reactivity_figures(run)},
      {"reported-well-being", "Simulated and reported well-being", reported_figures(run)},
      {"arm-differences", "Arms", arm_figures(run)},
      {"probes", "Acute stress response", probe_figures(run)},
      {"what-happened", "Exposure", exposure_figures(run)},
      {"learned", "Learning", learning_figures(run)},
      {"slow-biology", "Biology", biology_figures(run)},
      {"by-stratum", "Strata", strata_figures(run)},
      {"individuals", "Individuals", joined(synthesis_figures(run), individual_figures(run))},
      {"one-person", "One person", trace_figures(run)},
  };
  std::erase_if(sections, [](const Section& section) { return section.figures.empty(); });
  return sections;
}

std::string facts_html(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string out = "<dl class=\"facts\">";
  for (const auto& [label, value] : facts) {
    if (value.empty()) continue;
    out += "<div><dt>" + escaped(label) + "</dt><dd>" + escaped(value) + "</dd></div>";
  }
  return out + "</dl>";
}

std::string header_html(const RunData& run, const std::vector<Section>& sections) {
  std::string out = "<header><h1>" + escaped(run.title.empty() ? run.name : run.title) + "</h1>";
  out += "<p class=\"lead\">Study <strong>" + escaped(run.name) +
         "</strong>: a simulation of stress, plasticity and resilience in a virtual cohort.</p>";
  out += facts_html({{"people", with_separators(run.individuals)},
                     {"days", with_separators(static_cast<std::uint64_t>(std::max(0, run.days)))},
                     {"seed", std::to_string(run.seed)},
                     {"replicates", run.replicates > 1 ? std::to_string(run.replicates) : ""},
                     {"arms", joined(run.arms, 0)},
                     {"strata", joined(run.strata, 1)},
                     {"eustress", run.version},
                     {"commit", short_commit(run.commit)}});
  if (run.replicates > 1) {
    out += "<p class=\"note\">All numbers are means over " + std::to_string(run.replicates) +
           " replicates: repetitions of the study with other people drawn and another luck. Pale "
           "bands around daily means hold the mean with 95 % confidence, by the spread of the "
           "replicates.</p>";
  }
  out += "<nav>";
  for (const Section& section : sections) {
    out += "<a href=\"#" + section.id + "\">" + escaped(section.title) + "</a>";
  }
  return out + "<a href=\"#provenance\">Provenance and files</a></nav></header>";
}

std::string figure_html(const Figure& figure) {
  return "<figure id=\"" + escaped(figure.id) + "\"><h3>" + escaped(figure.title) + "</h3>" +
         figure.body + "<figcaption>" + escaped(figure.caption) + "</figcaption></figure>\n";
}

std::string arms_html(const RunData& run) {
  const bool has_text = std::any_of(run.arm_descriptions.begin(), run.arm_descriptions.end(),
                                    [](const std::string& text) { return !text.empty(); });
  if (run.arms.size() < 2 || !has_text) return "";
  std::string out = "<ul class=\"note\">";
  for (std::size_t i = 0; i < run.arms.size(); ++i) {
    out += "<li><strong>" + escaped(run.arms[i]) + "</strong> " +
           (i < run.arm_descriptions.size() ? escaped(run.arm_descriptions[i]) : std::string()) +
           "</li>";
  }
  return out + "</ul>";
}

std::string size_text(std::uint64_t bytes) {
  const auto b = static_cast<double>(bytes);
  if (b < 1e3) return std::to_string(bytes) + " B";
  if (b < 1e6) return significant(b / 1e3, 3) + " kB";
  if (b < 1e9) return significant(b / 1e6, 3) + " MB";
  return significant(b / 1e9, 3) + " GB";
}

constexpr std::string_view kPython = R"(import xarray as xr

run = xr.open_dataset("results.nc")
print(run)
run.series_symptoms_mean.isel(stratum=0).plot.line(x="day"))";

constexpr std::string_view kR = R"(library(ncdf4)

run <- nc_open("results.nc")
print(run)
# dimensions: day, stratum, arm
symptoms <- ncvar_get(run, "series_symptoms_mean"))";

std::string provenance_html(const RunData& run) {
  std::string out = "<section id=\"provenance\"><h2>Provenance and files</h2>";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [label, value] : run.provenance) rows.push_back({label, value});
  out += "<figure><h3>What computed this</h3>" + table_html({}, rows, Cells::words) +
         "<figcaption>The same study, seed and version give the same results, bit for bit, on any "
         "number of ranks and threads.</figcaption></figure>";
  if (!run.files.empty()) {
    rows.clear();
    for (const RunFile& file : run.files) {
      rows.push_back({file.name, file.bytes ? size_text(*file.bytes) : "", file.what});
    }
    out += "<figure><h3>Files of the run</h3>" +
           table_html({"file", "size", "content"}, rows, Cells::words) + "</figure>";
  }
  out += "<div class=\"pair\"><div><h3>Open the results in Python</h3><pre>" + escaped(kPython) +
         "</pre></div><div><h3>... or in R</h3><pre>" + escaped(kR) + "</pre></div></div>";
  if (!run.study_text.empty()) {
    out += "<details><summary>The effective study file</summary><pre>" + escaped(run.study_text) +
           "</pre></details>";
  }
  return out + "</section>";
}

}  // namespace

std::string page_html(const RunData& run) {
  const std::vector<Section> sections = sections_of(run);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>";
  out += escaped(run.title.empty() ? run.name : run.title) + " - eustress</title><style>";
  out += page_style();
  out += "</style></head><body>" + header_html(run, sections) + "<main>";
  out += key_numbers_html(run) + arms_html(run);
  for (const Section& section : sections) {
    out += "<section id=\"" + section.id + "\"><h2>" + escaped(section.title) + "</h2>\n";
    for (const Figure& figure : section.figures) out += figure_html(figure);
    out += "</section>";
  }
  if (sections.empty()) {
    out += "<p class=\"note\">The run holds nothing that could be drawn.</p>";
  }
  out += provenance_html(run);
  out +=
      "</main><footer>Simulated people: every number on this page comes from a model. The theory "
      "behind it gives no equations; those used here are one formalisation of it, and no basis for "
      "decisions about patients.</footer></body></html>\n";
  return out;
}

}  // namespace eustress::io::report
