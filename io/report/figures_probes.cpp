// Figures of probes: the acute response to a virtual stress test, minute by minute.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/engine/observation.hpp"
#include "io/report/figures.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::size_t kMostProbes = 12;

struct Course {
  double before;  ///< mean at the last sample at or before onset, else at the first
  double peak, peak_minute;
};

Course describe(const std::vector<double>& minutes, const std::vector<double>& mean) {
  std::size_t before = 0, peak = 0;
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (minutes[i] <= 0.0) before = i;
  }
  for (std::size_t i = before; i < mean.size(); ++i) {
    if (!(mean[i] <= mean[peak]) || peak < before) peak = i;
  }
  return {mean[before], mean[peak], minutes[peak]};
}

std::string analyte_title(const std::string& name) {
  return name == "acth" ? "ACTH" : readable(name);
}

/// "cortisol 0.06, ACTH 0.12, ...": the bins of the histograms from which the quantiles come.
std::string resolutions() {
  std::string text;
  for (const GradedQuantity& analyte : kSampled) {
    const double width = (analyte.high - analyte.low) / static_cast<double>(kBins);
    text += (text.empty() ? "" : ", ") + analyte_title(std::string(analyte.name)) + " " +
            significant(width, 1);
  }
  return text;
}

/// "07:30"
std::string clock_text(int minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

Figure probe_figure(const RunData& run, const ProbeData& probe, std::size_t number) {
  const std::optional<Probe>& plan = probe.plan;
  const ProbeKind kind = plan ? plan->kind : ProbeKind::stressor;
  const bool is_stressor = kind == ProbeKind::stressor;
  const bool is_rest = kind == ProbeKind::rest;
  FigureBuilder figure;
  std::vector<std::vector<std::string>> rows;
  for (const Quantity& analyte : probe.analytes) {
    const std::string since = is_rest ? clock_text(plan->minute) : "onset";
    Axis minutes{"time since " + since + " (min)", {}, {}, TickSteps::minutes};
    Plot plot({analyte_title(analyte.name), minutes, {"relative to baseline 1", {}, {}}});
    if (plan && is_stressor) {
      plot.period(0.0, plan->duration_min, "stressor",
                  "stressor, " + std::to_string(plan->duration_min) + " min");
    } else if (!is_rest) {
      plot.event(0.0, is_stressor ? "onset" : "CRH", is_stressor ? "onset" : "CRH bolus");
    }
    if (run.arms.size() == 1) {
      add_fan(plot, run, analyte, probe.minutes, 0);
    } else {
      add_bands(plot, run, analyte, probe.minutes, 0, "people, " + run.arms[0]);
    }
    for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
      const std::vector<double> mean = analyte.mean.course(arm, 0);
      if (run.arms.size() > 1) {
        plot.line("mean, " + run.arms[arm], probe.minutes, mean, series_style(arm));
      }
      const Course course = describe(probe.minutes, mean);
      std::vector<std::string> row = {analyte_title(analyte.name)};
      if (run.arms.size() > 1) row.push_back(run.arms[arm]);
      row.insert(row.end(),
                 {significant(course.before, 3), significant(course.peak, 3),
                  fixed(course.peak_minute, 0), significant(course.peak / course.before, 3)});
      rows.push_back(std::move(row));
    }
    figure.add(plot);
  }
  std::vector<std::string> head = {"analyte"};
  if (run.arms.size() > 1) head.push_back("arm");
  head.insert(head.end(),
              {is_rest ? "at the time" : "before onset", "peak", "peak at (min)", "fold"});
  figure.add_below(table_html(head, rows));
  if (!probe.day_indices.empty()) {
    std::vector<std::vector<std::string>> day_rows;
    for (const DayIndex& index : probe.day_indices) {
      for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
        std::vector<std::string> row = {readable(index.name) + " (" +
                                        (index.unit == "h-1" ? "1/h" : index.unit) + ")"};
        if (run.arms.size() > 1) row.push_back(run.arms[arm]);
        row.insert(row.end(), {significant(index.mean[arm], 3), significant(index.sd[arm], 3),
                               with_separators(static_cast<std::uint64_t>(index.count[arm]))});
        day_rows.push_back(std::move(row));
      }
    }
    std::vector<std::string> day_head = {"cortisol over the day"};
    if (run.arms.size() > 1) day_head.push_back("arm");
    day_head.insert(day_head.end(), {"mean", "sd", "people"});
    figure.add_below(table_html(day_head, day_rows));
  }
  const std::string when = plan ? " on day " + std::to_string(plan->day) : "";
  const std::string who = is_rest ? "The whole cohort, sampled without a test"
                                  : "Response of the whole cohort to the probe";
  const std::string what = is_rest       ? "Day without a test: "
                           : is_stressor ? "Virtual stress test: "
                                         : "CRH test: ";
  return figure.finish("probe-" + std::to_string(number), what + probe.name,
                       who + when + ". Bands hold half and nine tenths of the people" +
                           (run.arms.size() > 1 ? " in " + run.arms[0] : std::string()) +
                           " at each sample. The table describes the "
                           "mean curve: level at the last sample before " +
                           (is_rest ? "that time" : "onset") +
                           ", the highest sample after it, when "
                           "that was taken, and their ratio. Peaks fall on sample times. Quantiles "
                           "come from histograms and are exact to one bin: " +
                           resolutions() + ".");
}

}  // namespace

std::vector<Figure> probe_figures(const RunData& run) {
  std::vector<Figure> figures;
  for (const ProbeData& probe : run.probes) {
    if (figures.size() == kMostProbes) break;
    if (!probe.minutes.empty() && !probe.analytes.empty()) {
      figures.push_back(probe_figure(run, probe, figures.size() + 1));
    }
  }
  if (figures.size() == kMostProbes && run.probes.size() > kMostProbes) {
    figures.back().caption += " This is probe " + std::to_string(kMostProbes) + " of " +
                              std::to_string(run.probes.size()) +
                              "; the others are only in results.nc.";
  }
  return figures;
}

}  // namespace eustress::io::report
