#pragma once

// A figure of the report: charts, a common legend, a caption; and what the figures share.

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "io/report/run_data.hpp"
#include "io/report/svg.hpp"

namespace eustress::io::report {

struct Figure {
  std::string id;       ///< anchor in the page
  std::string title;    ///< plain text
  std::string body;     ///< HTML
  std::string caption;  ///< plain text: what is shown and how to read it
};

/// Puts charts together and collects their legends.
class FigureBuilder {
 public:
  void add(const Plot& plot);
  /// HTML below the charts.
  void add_below(std::string html);
  void add_legend(LegendEntry entry);
  [[nodiscard]] bool empty() const { return charts_.empty(); }
  /// Charts beside each other as far as the page is wide; `small`: of small multiples.
  [[nodiscard]] Figure finish(std::string id, std::string title, std::string caption,
                              bool small = false) const;

 private:
  std::string charts_, below_;
  std::vector<LegendEntry> legend_;
};

/// What the study does to the cohort at known times, in the order of days.
struct StudyEvent {
  std::string mark, name;  ///< "A", "earthquake (wave)"
  double day, end;
  bool is_period;
};
[[nodiscard]] std::vector<StudyEvent> study_events(const RunData& run);
/// "A: earthquake (wave, day 60); ..." with the first dozen; empty without events.
[[nodiscard]] std::string events_sentence(const RunData& run);

/// The axis of model time: days, or years in long studies.
struct TimeAxis {
  explicit TimeAxis(const RunData& run);
  double days_per_unit;
  Axis axis;

  [[nodiscard]] std::vector<double> positions(const std::vector<double>& days) const;
  /// Marks the events of the study.
  void mark_events(Plot& plot, const RunData& run) const;
};

/// A long course is drawn as means over windows, so that no line has more than about 700 points.
[[nodiscard]] std::vector<double> thinned(const std::vector<double>& values);

/// A chart of the mean of a daily series for every arm; nothing if the run does not have it.
struct SeriesPanel {
  std::string quantity, title, y_label;
  double scale = 1.0;        ///< from the unit of the file to that of the label
  bool with_spread = false;  ///< mean and standard deviation, if there is one arm
};
[[nodiscard]] std::optional<Plot> series_plot(const RunData& run, const SeriesPanel& panel,
                                              bool small);

/// Adds quantiles over x as two bands, of the probabilities .05, .25, .75, .95 those that the run
/// has; `whose` is for the legend.
void add_bands(Plot& plot, const RunData& run, const Quantity& quantity,
               const std::vector<double>& x, std::size_t arm, const std::string& whose);
/// The bands, the median and the mean.
void add_fan(Plot& plot, const RunData& run, const Quantity& quantity, const std::vector<double>& x,
             std::size_t arm);

/// "social_support" -> "social support", "sex_1.optimism_low" -> "sex 1, optimism low".
[[nodiscard]] std::string readable(std::string_view name);

enum class Cells { numbers, words };
/// HTML table; cells are plain text, the first column is a heading, the others are right-aligned
/// if they are numbers.
[[nodiscard]] std::string table_html(const std::vector<std::string>& head,
                                     const std::vector<std::vector<std::string>>& rows,
                                     Cells cells = Cells::numbers);

}  // namespace eustress::io::report
