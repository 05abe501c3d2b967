// Figures of one traced person.

#include <algorithm>
#include <cmath>

#include "core/mechanisms/exposure.hpp"
#include "io/report/figures.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr double kDaysShown = 3.0;
constexpr std::size_t kMostArms = 6;

std::string whose(const TracedPerson& person) {
  std::string text = "Individual " + std::to_string(person.individual);
  if (person.traced > 1) {
    text += ", the first of " + std::to_string(person.traced) + " that were traced";
  }
  return text;
}

std::string arm_label(const TracedPerson& person, std::size_t arm) {
  return person.arms.size() == 1 ? "" : person.arms[arm];
}

/// The first of the days that are shown: the one before the strongest encounter in the first arm.
double first_day_shown(const TracedPerson& person) {
  const double first = std::floor(person.times.front());
  const TracedCourse* intensity = person.find("intensity");
  if (intensity == nullptr) return first;
  const std::vector<double>& course = intensity->of_arm.front();
  const auto strongest = std::max_element(course.begin(), course.end()) - course.begin();
  const double day = std::floor(person.times[static_cast<std::size_t>(strongest)]) - 1.0;
  const double last = std::floor(person.times.back()) + 1.0 - kDaysShown;
  return std::max(first, std::min(day, last));
}

struct TracePanel {
  const char* quantity;
  const char* title;
  const char* y_label;
};

std::vector<Figure> moments_figure(const TracedPerson& person) {
  if (person.times.empty()) return {};
  constexpr TracePanel kPanels[] = {
      {"cortisol", "cortisol", "relative to baseline 1"},
      {"acth", "ACTH", "relative to baseline 1"},
      {"noradrenaline", "plasma noradrenaline", "relative to baseline 1"},
      {"intensity", "intensity of the encounter", "appraised intensity I"},
      {"arousal", "arousal", "arousal X (0\u20131)"},
      {"executive_control", "executive control", "control C (0\u20131)"},
  };
  const double first = first_day_shown(person);
  const auto shown = [&](double time) { return time >= first && time <= first + kDaysShown; };
  FigureBuilder figure;
  for (const TracePanel& panel : kPanels) {
    const TracedCourse* course = person.find(panel.quantity);
    if (course == nullptr) continue;
    Plot plot({panel.title, {"time (days)", {}, {}}, {panel.y_label, {}, {}}, 300.0, 230.0});
    for (std::size_t arm = 0; arm < std::min(course->of_arm.size(), kMostArms); ++arm) {
      std::vector<double> x, y;
      for (std::size_t m = 0; m < person.times.size(); ++m) {
        if (!shown(person.times[m])) continue;
        x.push_back(person.times[m]);
        y.push_back(course->of_arm[arm][m]);
      }
      plot.line(arm_label(person, arm), std::move(x), std::move(y), series_style(arm));
    }
    figure.add(plot);
  }
  if (figure.empty()) return {};
  return {figure.finish(
      "trace-hormones", "One person: hormones and networks within days",
      whose(person) + ", around the strongest encounter in " + person.arms.front() +
          ". Whole numbers on the axis are midnights. Peaks of the intensity that are shorter than "
          "the spacing of the trace may lie between its moments.",
      true)};
}

std::vector<Figure> daily_figure(const RunData& run, const TracedPerson& person) {
  constexpr TracePanel kPanels[] = {
      {"distress", "fast distress D", "distress (model units)"},
      {"symptoms", "slow symptoms S", "symptoms (model units)"},
      {"latent", "latent distress P", "P (model units)"},
      {"self_control", "self-control under stress w", "self-control (0\u20131)"},
      {"allostatic_load", "allostatic load L", "load (model units)"},
      {"sleep_quality", "quality of sleep", "quality (0\u20131)"},
  };
  const TimeAxis time(run);
  const std::vector<double> x = time.positions(person.days);
  const TracedCourse* events = person.find("life_event");
  FigureBuilder figure;
  for (const TracePanel& panel : kPanels) {
    const TracedCourse* course = person.find(panel.quantity);
    if (course == nullptr) continue;
    Plot plot({panel.title, time.axis, {panel.y_label, {}, {}}, 300.0, 230.0});
    time.mark_events(plot, run);
    for (std::size_t day = 0; events != nullptr && day < x.size(); ++day) {
      const double kind = events->of_arm.front()[day];
      if (kind >= static_cast<double>(EventKind::severe)) plot.rule_at_x(x[day]);
    }
    for (std::size_t arm = 0; arm < std::min(course->of_arm.size(), kMostArms); ++arm) {
      plot.line(arm_label(person, arm), thinned(x), thinned(course->of_arm[arm]),
                series_style(arm));
    }
    figure.add(plot);
  }
  if (figure.empty()) return {};
  return {figure.finish("trace-course", "One person: from day to day",
                        whose(person) +
                            ". Thin vertical lines are severe and potentially traumatic life "
                            "events of this person in " +
                            person.arms.front() + "." + events_sentence(run),
                        true)};
}

}  // namespace

std::vector<Figure> trace_figures(const RunData& run) {
  if (!run.traced) return {};
  std::vector<Figure> figures = moments_figure(*run.traced);
  for (Figure& figure : daily_figure(run, *run.traced)) figures.push_back(std::move(figure));
  return figures;
}

}  // namespace eustress::io::report
