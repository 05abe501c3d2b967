#include "io/report/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::size_t kMostPoints = 700;
constexpr double kDaysPerYear = 365.0;
constexpr double kLongStudyDays = 1500.0;
constexpr std::size_t kNamedEvents = 12;

/// Course of the quantile of this probability; nothing if the run does not have it.
std::optional<std::vector<double>> quantile_course(const RunData& run, const Quantity& quantity,
                                                   double p, std::size_t arm) {
  for (std::size_t i = 0; i < run.probabilities.size() && i < quantity.quantiles.size(); ++i) {
    if (std::abs(run.probabilities[i] - p) < 1e-9) {
      return thinned(quantity.quantiles[i].course(arm, 0));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string readable(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '.') {
      text += ", ";  // between the parts of a stratum
    } else {
      text += c == '_' ? ' ' : c;
    }
  }
  return text;
}

std::string table_html(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows, Cells cells) {
  std::string out = cells == Cells::words ? "<div class=\"scroll\"><table class=\"words\">"
                                          : "<div class=\"scroll\"><table>";
  if (!head.empty()) {
    out += "<thead><tr>";
    for (const std::string& cell : head) out += "<th scope=\"col\">" + escaped(cell) + "</th>";
    out += "</tr></thead>";
  }
  out += "<tbody>";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += i == 0 ? "<th scope=\"row\">" + escaped(row[i]) + "</th>"
                    : "<td>" + escaped(row[i]) + "</td>";
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

void FigureBuilder::add(const Plot& plot) {
  charts_ += plot.svg();
  for (const LegendEntry& entry : plot.legend()) add_legend(entry);
}
void FigureBuilder::add_below(std::string html) {
  below_ += html;
}
void FigureBuilder::add_legend(LegendEntry entry) {
  if (std::find(legend_.begin(), legend_.end(), entry) == legend_.end()) {
    legend_.push_back(std::move(entry));
  }
}
Figure FigureBuilder::finish(std::string id, std::string title, std::string caption,
                             bool small) const {
  std::string body = small ? "<div class=\"charts small\">" : "<div class=\"charts\">";
  body += charts_ + "</div>" + legend_html(legend_) + below_;
  return {std::move(id), std::move(title), std::move(body), std::move(caption)};
}

// --- time --------------------------------------------------------------------------------------

std::vector<StudyEvent> study_events(const RunData& run) {
  std::vector<StudyEvent> events;
  if (!run.study) return events;
  const auto named = [](const std::string& name, const char* kind) {
    return name.empty() ? std::string(kind) : name + " (" + kind + ")";
  };
  for (const Regime& r : run.study->regimes) {
    events.push_back({"", named(r.name, "regime"), static_cast<double>(r.start_day),
                      static_cast<double>(r.end_day), true});
  }
  for (const Wave& w : run.study->waves) {
    const auto day = static_cast<double>(w.day);
    events.push_back({"", named(w.name, "wave"), day, day, false});
  }
  for (const Probe& p : run.study->probes) {
    if (p.kind == ProbeKind::rest) continue;  // nothing happens then
    const auto day = static_cast<double>(p.day);
    events.push_back({"", named(p.name, "probe"), day, day, false});
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const StudyEvent& a, const StudyEvent& b) { return a.day < b.day; });
  for (std::size_t i = 0; i < events.size(); ++i) events[i].mark = letter(i);
  return events;
}

std::string events_sentence(const RunData& run) {
  const auto events = study_events(run);
  std::string text;
  for (std::size_t i = 0; i < std::min(events.size(), kNamedEvents); ++i) {
    const StudyEvent& e = events[i];
    text += fmt::format("{}{}: {}, day {:.0f}", i == 0 ? "" : "; ", e.mark, e.name, e.day);
    if (e.is_period) text += fmt::format(" to {:.0f}", e.end);
  }
  if (events.size() > kNamedEvents) {
    text += fmt::format("; and {} more", events.size() - kNamedEvents);
  }
  return text.empty() ? text : " Marks above the charts: " + text + ".";
}

TimeAxis::TimeAxis(const RunData& run) {
  const bool in_years = run.days > kLongStudyDays;
  days_per_unit = in_years ? kDaysPerYear : 1.0;
  axis.label = in_years ? "time (years of 365 days)" : "time (days)";
  axis.steps = in_years ? TickSteps::decimal : TickSteps::whole;
  axis.low = 0.0;
  axis.high = std::max(1, run.days) / days_per_unit;
}

std::vector<double> TimeAxis::positions(const std::vector<double>& days) const {
  std::vector<double> x;
  x.reserve(days.size());
  for (const double day : days) x.push_back(day / days_per_unit);
  return x;
}

void TimeAxis::mark_events(Plot& plot, const RunData& run) const {
  for (const StudyEvent& e : study_events(run)) {
    if (e.is_period) {
      plot.period(e.day / days_per_unit, e.end / days_per_unit, e.mark, e.name);
    } else {
      plot.event(e.day / days_per_unit, e.mark, e.name);
    }
  }
}

std::vector<double> thinned(const std::vector<double>& values) {
  const std::size_t window = (values.size() + kMostPoints - 1) / kMostPoints;
  if (window <= 1) return values;
  std::vector<double> means;
  for (std::size_t begin = 0; begin < values.size(); begin += window) {
    const std::size_t end = std::min(begin + window, values.size());
    double sum = 0.0, count = 0.0;
    for (std::size_t i = begin; i < end; ++i) {
      if (!std::isfinite(values[i])) continue;
      sum += values[i];
      count += 1.0;
    }
    means.push_back(count > 0.0 ? sum / count : std::numeric_limits<double>::quiet_NaN());
  }
  return means;
}

// --- charts ------------------------------------------------------------------------------------

std::optional<Plot> series_plot(const RunData& run, const SeriesPanel& panel, bool small) {
  const Quantity* quantity = find(run.series, panel.quantity);
  if (quantity == nullptr || run.series_days.empty()) return std::nullopt;
  const TimeAxis time(run);
  Frame frame{panel.title, time.axis, {panel.y_label, {}, {}}};
  if (small) frame.width = 300.0, frame.height = 230.0;
  Plot plot(std::move(frame));
  time.mark_events(plot, run);
  const std::vector<double> x = thinned(time.positions(run.series_days));
  const auto scaled = [&panel](std::vector<double> values) {
    for (double& v : values) v *= panel.scale;
    return thinned(values);
  };
  if (panel.with_spread && run.arms.size() == 1) {
    const std::vector<double> mean = scaled(quantity->mean.course(0, 0));
    const std::vector<double> sd = scaled(quantity->sd.course(0, 0));
    std::vector<double> low, high;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      low.push_back(mean[i] - sd[i]);
      high.push_back(mean[i] + sd[i]);
    }
    plot.band("mean \u00B1 sd between people", x, low, high, Colour::blue, 0.18);
  }
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    if (quantity->half_width.times == 0) break;
    const std::vector<double> mean = scaled(quantity->mean.course(arm, 0));
    const std::vector<double> half = scaled(quantity->half_width.course(arm, 0));
    std::vector<double> low, high;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      low.push_back(mean[i] - half[i]);
      high.push_back(mean[i] + half[i]);
    }
    plot.band(run.arms.size() == 1 ? "95 % interval over replicates" : "", x, low, high,
              series_style(arm).colour, 0.22);
  }
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    const std::string label = run.arms.size() == 1 ? "mean" : "mean, " + run.arms[arm];
    plot.line(label, x, scaled(quantity->mean.course(arm, 0)), series_style(arm));
  }
  return plot;
}

void add_bands(Plot& plot, const RunData& run, const Quantity& quantity,
               const std::vector<double>& x, std::size_t arm, const std::string& whose) {
  const auto p05 = quantile_course(run, quantity, 0.05, arm);
  const auto p25 = quantile_course(run, quantity, 0.25, arm);
  const auto p75 = quantile_course(run, quantity, 0.75, arm);
  const auto p95 = quantile_course(run, quantity, 0.95, arm);
  const std::vector<double> at = thinned(x);
  if (p05 && p95) plot.band("5\u201395 % of " + whose, at, *p05, *p95, Colour::blue, 0.15);
  if (p25 && p75) plot.band("25\u201375 % of " + whose, at, *p25, *p75, Colour::blue, 0.32);
}

void add_fan(Plot& plot, const RunData& run, const Quantity& quantity, const std::vector<double>& x,
             std::size_t arm) {
  add_bands(plot, run, quantity, x, arm, "people");
  const std::vector<double> at = thinned(x);
  if (const auto median = quantile_course(run, quantity, 0.5, arm)) {
    plot.line("median", at, *median, {Colour::blue, Dash::solid, 2.0});
  }
  plot.line("mean", at, thinned(quantity.mean.course(arm, 0)), {Colour::ink, Dash::dotted, 1.4});
}

}  // namespace eustress::io::report
