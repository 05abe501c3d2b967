#pragma once

// A small plotting layer: charts as inline SVG. Colours come from style classes of the page
// (page_style.cpp), so that a chart follows its light or dark theme. The output depends on the data
// alone. All text given to it is escaped here.

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eustress::io::report {

/// The palette of Okabe & Ito (2008), which colour-blind people can tell apart; ink and grey follow
/// the theme.
enum class Colour { blue, vermillion, green, purple, orange, sky, ink, grey };
enum class Dash { solid, dashed, dotted, dash_dot };

struct Style {
  Colour colour = Colour::blue;
  Dash dash = Dash::solid;
  double width = 1.8;  ///< of lines; radius of points
};

/// How the n-th of several cohorts is drawn: colours first, then dashes, so that it reads in grey.
[[nodiscard]] Style series_style(std::size_t n);

enum class Swatch { line, band, point, bar };
struct LegendEntry {
  std::string label;
  Style style;
  Swatch swatch = Swatch::line;
  double opacity = 1.0;
  friend bool operator==(const LegendEntry& a, const LegendEntry& b) {
    return a.label == b.label && a.style.colour == b.style.colour && a.style.dash == b.style.dash &&
           a.swatch == b.swatch;
  }
};
/// A list for beside or below the charts; empty for no entries.
[[nodiscard]] std::string legend_html(std::span<const LegendEntry> entries);

enum class TickSteps {
  decimal,  ///< 1, 2, 5 times a power of ten
  whole,    ///< the same, at least 1: days, counts
  minutes,  ///< 5, 10, 15, 30, 60, ...
};
struct Ticks {
  std::vector<double> at;  ///< ascending, all within the range
  int decimals = 0;
};
/// At most `most` (at least 2) round values in [low, high], low < high.
[[nodiscard]] Ticks nice_ticks(double low, double high, int most, TickSteps steps);

struct Axis {
  std::string label;                ///< with the unit
  std::optional<double> low, high;  ///< from the data where not given
  TickSteps steps = TickSteps::decimal;
};

struct Frame {
  std::string title;
  Axis x, y;
  double width = 480.0, height = 300.0;  ///< user units; 1 unit is about 1 px
};

/// The range of an axis.
struct Extent {
  double low, high;
};

/// One chart. Values that are not finite interrupt lines and are left out elsewhere. A mark with an
/// empty label has no legend entry.
class Plot {
 public:
  explicit Plot(Frame frame) : frame_(std::move(frame)) {}

  Plot& line(std::string label, std::vector<double> x, std::vector<double> y, Style style);
  /// Filled between low and high.
  Plot& band(std::string label, std::vector<double> x, std::vector<double> low,
             std::vector<double> high, Colour colour, double opacity);
  Plot& points(std::string label, std::vector<double> x, std::vector<double> y, Style style,
               double opacity = 1.0);
  /// Histogram: bar i from edges[i] to edges[i + 1].
  Plot& bars(std::string label, std::vector<double> edges, std::vector<double> heights,
             Colour colour);
  /// The outline of a histogram, to lay several over each other.
  Plot& outline(std::string label, const std::vector<double>& edges,
                const std::vector<double>& heights, Style style);
  /// Horizontal intervals [low, high] at heights y.
  Plot& intervals(std::string label, std::vector<double> low, std::vector<double> high,
                  std::vector<double> y, Style style);
  /// A thin line across the chart for reference.
  Plot& rule_at_x(double x);
  Plot& rule_at_y(double y);
  /// What happens at x, or from x to end: a mark above the chart, the name as its tooltip.
  Plot& event(double x, std::string mark, std::string name);
  Plot& period(double x, double end, std::string mark, std::string name);
  /// Names instead of numbers at y = 0, 1, ..., the first on top.
  Plot& rows(std::vector<std::string> names);

  [[nodiscard]] std::string svg() const;
  [[nodiscard]] std::vector<LegendEntry> legend() const;

 private:
  enum class Kind { line, band, points, bars, intervals };
  struct Mark {
    Kind kind;
    std::string label;
    std::vector<double> x, y, y2;  // bars: edges, heights; intervals: low, y, high
    Style style;
    double opacity;
  };
  struct Event {
    double x, end;
    std::string mark, name;
    bool is_period;
  };
  struct Box;  // where the chart lies and how data map to it

  Plot& add(Mark mark);
  [[nodiscard]] Extent x_extent() const;
  [[nodiscard]] Extent y_extent() const;
  [[nodiscard]] Box layout() const;
  void write_axes(std::string& out, const Box& box) const;
  void write_row_names(std::string& out, const Box& box) const;
  void write_events(std::string& out, const Box& box) const;
  static void write_mark(std::string& out, const Box& box, const Mark& mark);

  Frame frame_;
  std::vector<Mark> marks_;
  std::vector<Event> events_;
  std::vector<double> x_rules_, y_rules_;
  std::vector<std::string> rows_;
};

/// An SVG file of its own: charts one below the other, each with its legend as text.
[[nodiscard]] std::string svg_file(const std::string& title, std::span<const Plot> plots);

/// Lower triangle of a correlation matrix as coloured cells with the value in each: blue negative,
/// vermillion positive, the stronger the fuller. `r` is row-major, names.size() squared.
[[nodiscard]] std::string correlation_cells(const std::string& title,
                                            const std::vector<std::string>& names,
                                            std::span<const double> r);
/// The same as a square of two: `r` below the diagonal, `other` above it.
[[nodiscard]] std::string correlation_cells(const std::string& title,
                                            const std::vector<std::string>& names,
                                            std::span<const double> r,
                                            std::span<const double> other);

}  // namespace eustress::io::report
