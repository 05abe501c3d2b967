#include "io/report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr std::array<std::string_view, 8> kColourNames = {"blue",   "vermillion", "green", "purple",
                                                          "orange", "sky",        "ink",   "grey"};
constexpr std::array<std::string_view, 4> kDashes = {"", "6 3", "2 3", "7 3 2 3"};

std::string_view name_of(Colour colour) {
  return kColourNames[static_cast<std::size_t>(colour)];
}

std::string dash_attribute(Dash dash) {
  const std::string_view pattern = kDashes[static_cast<std::size_t>(dash)];
  return pattern.empty() ? std::string() : fmt::format(R"( stroke-dasharray="{}")", pattern);
}

double step_of(double span, int most, TickSteps steps) {
  if (steps == TickSteps::minutes) {
    for (const double step : {5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0}) {
      if (span / step < most) return step;
    }
  }
  double power = std::pow(10.0, std::floor(std::log10(span / most)));
  for (;; power *= 10.0) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double step = factor * power;
      // One more than the number of whole steps can fit.
      if (std::floor(span / step * (1.0 + 1e-12)) + 1.0 <= most) {
        return steps == TickSteps::decimal ? step : std::max(1.0, step);
      }
    }
  }
}

void cover(Extent& extent, const std::vector<double>& values) {
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    extent.low = std::min(extent.low, v);
    extent.high = std::max(extent.high, v);
  }
}

/// A range that a chart can be drawn for, from one that may be a point or nothing.
Extent drawable(Extent seen) {
  if (!(seen.low <= seen.high)) return {0.0, 1.0};
  const double largest = std::max(std::abs(seen.low), std::abs(seen.high));
  if (seen.high - seen.low > 1e-9 * largest) return seen;
  const double margin = largest == 0.0 ? 1.0 : 0.1 * largest;
  return {seen.low - margin, seen.high + margin};
}

Extent with_limits(Extent extent, const Axis& axis) {
  const double low = axis.low.value_or(extent.low), high = axis.high.value_or(extent.high);
  return low < high ? Extent{low, high} : Extent{low, low + 1.0};
}

std::string tick_text(double value, int decimals) {
  if (decimals == 0 && std::abs(value) >= 1e4 && std::abs(value) < 1e18) {
    return significant(value, 5);
  }
  return fixed(value, decimals);
}

// Width of text of the sizes below, estimated: charts are laid out without a font at hand.
constexpr double kCharacter = 6.1;

double text_width(std::string_view text) {
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  });
  return kCharacter * static_cast<double>(characters);
}

}  // namespace

Style series_style(std::size_t n) {
  constexpr std::array kOrder = {Colour::blue,   Colour::vermillion, Colour::green,
                                 Colour::purple, Colour::orange,     Colour::sky};
  constexpr std::array kDashOrder = {Dash::solid, Dash::dashed, Dash::dash_dot, Dash::dotted};
  return {kOrder[n % kOrder.size()], kDashOrder[(n % kOrder.size() + n / kOrder.size()) % 4], 1.8};
}

std::string legend_html(std::span<const LegendEntry> entries) {
  if (entries.empty()) return "";
  std::string out = "<ul class=\"legend\">";
  for (const LegendEntry& entry : entries) {
    const std::string_view colour = name_of(entry.style.colour);
    out +=
        R"(<li><svg class="swatch" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">)";
    switch (entry.swatch) {
      case Swatch::line:
        out += fmt::format(R"(<path class="line s-{}" d="M1 6H27" stroke-width="2.2"{}/>)", colour,
                           dash_attribute(entry.style.dash));
        break;
      case Swatch::band:
      case Swatch::bar:
        out += fmt::format(
            R"(<rect class="f-{}" x="1" y="1" width="26" height="10" fill-opacity="{:.2f}"/>)",
            colour, entry.opacity);
        break;
      case Swatch::point:
        out += fmt::format(R"(<circle class="f-{}" cx="14" cy="6" r="4"/>)", colour);
        break;
    }
    out += "</svg>" + escaped(entry.label) + "</li>";
  }
  return out + "</ul>";
}

Ticks nice_ticks(double low, double high, int most, TickSteps steps) {
  most = std::max(most, 2);
  const double step = step_of(high - low, most, steps);
  Ticks ticks;
  ticks.decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  const int steps_between = static_cast<int>(last - first);
  for (int k = 0; k <= steps_between; ++k) {
    const double i = first + k;
    ticks.at.push_back(i == 0.0 ? 0.0 : i * step);
  }
  return ticks;
}

// --- what is drawn ---------------------------------------------------------------------------

Plot& Plot::add(Mark mark) {
  const bool fits =
      mark.kind == Kind::bars ? mark.x.size() == mark.y.size() + 1 : mark.x.size() == mark.y.size();
  const bool has_second = mark.kind == Kind::band || mark.kind == Kind::intervals;
  if (!fits || (has_second && mark.y2.size() != mark.x.size())) {
    throw Error(ErrorKind::internal,
                "report: the columns of \"" + mark.label + "\" differ in length");
  }
  marks_.push_back(std::move(mark));
  return *this;
}

Plot& Plot::line(std::string label, std::vector<double> x, std::vector<double> y, Style style) {
  return add({Kind::line, std::move(label), std::move(x), std::move(y), {}, style, 1.0});
}
Plot& Plot::band(std::string label, std::vector<double> x, std::vector<double> low,
                 std::vector<double> high, Colour colour, double opacity) {
  return add({Kind::band, std::move(label), std::move(x), std::move(low), std::move(high),
              Style{colour}, opacity});
}
Plot& Plot::points(std::string label, std::vector<double> x, std::vector<double> y, Style style,
                   double opacity) {
  return add({Kind::points, std::move(label), std::move(x), std::move(y), {}, style, opacity});
}
Plot& Plot::bars(std::string label, std::vector<double> edges, std::vector<double> heights,
                 Colour colour) {
  return add({Kind::bars,
              std::move(label),
              std::move(edges),
              std::move(heights),
              {},
              Style{colour},
              0.75});
}
Plot& Plot::outline(std::string label, const std::vector<double>& edges,
                    const std::vector<double>& heights, Style style) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    x.insert(x.end(), {edges[i], edges[i + 1]});
    y.insert(y.end(), {heights[i], heights[i]});
  }
  return line(std::move(label), std::move(x), std::move(y), style);
}
Plot& Plot::intervals(std::string label, std::vector<double> low, std::vector<double> high,
                      std::vector<double> y, Style style) {
  return add({Kind::intervals, std::move(label), std::move(low), std::move(y), std::move(high),
              style, 1.0});
}
Plot& Plot::rule_at_x(double x) {
  x_rules_.push_back(x);
  return *this;
}
Plot& Plot::rule_at_y(double y) {
  y_rules_.push_back(y);
  return *this;
}
Plot& Plot::event(double x, std::string mark, std::string name) {
  events_.push_back({x, x, std::move(mark), std::move(name), false});
  return *this;
}
Plot& Plot::period(double x, double end, std::string mark, std::string name) {
  events_.push_back({x, end, std::move(mark), std::move(name), true});
  return *this;
}
Plot& Plot::rows(std::vector<std::string> names) {
  rows_ = std::move(names);
  return *this;
}

std::vector<LegendEntry> Plot::legend() const {
  std::vector<LegendEntry> entries;
  for (const Mark& mark : marks_) {
    if (mark.label.empty()) continue;
    const Swatch swatch = mark.kind == Kind::band     ? Swatch::band
                          : mark.kind == Kind::points ? Swatch::point
                          : mark.kind == Kind::bars   ? Swatch::bar
                                                      : Swatch::line;
    LegendEntry entry{mark.label, mark.style, swatch, mark.opacity};
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) {
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

// --- layout ------------------------------------------------------------------------------------

struct Plot::Box {
  double left, right, top, bottom;  // of the chart in user units
  Extent x, y;
  Ticks x_ticks, y_ticks;
  bool is_downward;  // y grows from top to bottom

  [[nodiscard]] double at_x(double value) const {
    return left + (right - left) * (std::clamp(value, x.low, x.high) - x.low) / (x.high - x.low);
  }
  [[nodiscard]] double at_y(double value) const {
    const double share = (std::clamp(value, y.low, y.high) - y.low) / (y.high - y.low);
    return is_downward ? top + (bottom - top) * share : bottom - (bottom - top) * share;
  }
};

Extent Plot::x_extent() const {
  Extent seen{INFINITY, -INFINITY};
  bool needs_margin = !rows_.empty();
  for (const Mark& mark : marks_) {
    cover(seen, mark.x);
    if (mark.kind == Kind::intervals) cover(seen, mark.y2);
    needs_margin = needs_margin || mark.kind == Kind::points;
  }
  cover(seen, x_rules_);
  seen = drawable(seen);
  const double margin = needs_margin ? 0.03 * (seen.high - seen.low) : 0.0;
  return with_limits({seen.low - margin, seen.high + margin}, frame_.x);
}

Extent Plot::y_extent() const {
  if (!rows_.empty()) return {-0.6, static_cast<double>(rows_.size()) - 0.4};
  Extent seen{INFINITY, -INFINITY};
  bool has_bars = false;
  for (const Mark& mark : marks_) {
    cover(seen, mark.y);
    if (mark.kind == Kind::band) cover(seen, mark.y2);
    has_bars = has_bars || mark.kind == Kind::bars;
  }
  cover(seen, y_rules_);
  if (has_bars) seen.low = std::min(seen.low, 0.0);
  const bool is_positive = seen.low >= 0.0;
  seen = drawable(seen);
  const double margin = 0.05 * (seen.high - seen.low);
  const double low = is_positive ? std::max(0.0, seen.low - margin) : seen.low - margin;
  return with_limits({low, seen.high + margin}, frame_.y);
}

Plot::Box Plot::layout() const {
  Box box{};
  box.is_downward = !rows_.empty();
  box.x = x_extent();
  box.y = y_extent();
  box.top = frame_.title.empty() ? 10.0 : 28.0;
  if (!events_.empty()) box.top += 26.0;
  box.bottom = frame_.height - 42.0;
  box.y_ticks = nice_ticks(box.y.low, box.y.high, static_cast<int>((box.bottom - box.top) / 26.0),
                           frame_.y.steps);
  double label_width = 0.0;
  if (rows_.empty()) {
    for (const double value : box.y_ticks.at) {
      label_width = std::max(label_width, text_width(tick_text(value, box.y_ticks.decimals)));
    }
  } else {
    for (const std::string& row : rows_) {
      label_width = std::max(label_width, text_width(shortened(row, 26)));
    }
  }
  box.left = label_width + (frame_.y.label.empty() ? 12.0 : 30.0);
  box.right = frame_.width - 14.0;
  // As many ticks as keep their labels apart.
  const double widest = std::max(text_width(tick_text(box.x.high, 0)), text_width("0000"));
  const int most = std::clamp(static_cast<int>((box.right - box.left) / (widest + 26.0)), 2, 9);
  box.x_ticks = nice_ticks(box.x.low, box.x.high, most, frame_.x.steps);
  return box;
}

// --- writing -----------------------------------------------------------------------------------

std::string Plot::svg() const {
  const Box box = layout();
  std::string out =
      fmt::format(R"(<svg class="plot" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)",
                  frame_.width, frame_.height, escaped(frame_.title));
  if (!frame_.title.empty()) {
    out += fmt::format(R"(<text class="plot-title" x="{:.1f}" y="17">{}</text>)", 4.0,
                       escaped(frame_.title));
  }
  write_events(out, box);
  write_axes(out, box);
  for (const Mark& mark : marks_) write_mark(out, box, mark);
  return out + "</svg>";
}

void Plot::write_axes(std::string& out, const Box& box) const {
  for (const double value : box.x_ticks.at) {
    const double x = box.at_x(value);
    out += fmt::format(R"(<path class="{}" d="M{:.1f} {:.1f}V{:.1f}"/>)",
                       rows_.empty() ? "tick" : "grid", x, rows_.empty() ? box.bottom : box.top,
                       box.bottom + 4.0);
    out += fmt::format(
        R"(<text class="tick-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", x,
        box.bottom + 16.0, tick_text(value, box.x_ticks.decimals));
  }
  if (rows_.empty()) {
    for (const double value : box.y_ticks.at) {
      const double y = box.at_y(value);
      out +=
          fmt::format(R"(<path class="grid" d="M{:.1f} {:.1f}H{:.1f}"/>)", box.left, y, box.right);
      out += fmt::format(
          R"(<text class="tick-text" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
          box.left - 6.0, y + 3.8, tick_text(value, box.y_ticks.decimals));
    }
  } else {
    write_row_names(out, box);
  }
  for (const double value : x_rules_) {
    out += fmt::format(R"(<path class="rule" d="M{:.1f} {:.1f}V{:.1f}"/>)", box.at_x(value),
                       box.top, box.bottom);
  }
  for (const double value : y_rules_) {
    out += fmt::format(R"(<path class="rule" d="M{:.1f} {:.1f}H{:.1f}"/>)", box.left,
                       box.at_y(value), box.right);
  }
  out += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}"/>)", box.left, box.top,
                     box.bottom, box.right);
  out +=
      fmt::format(R"(<text class="axis-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                  (box.left + box.right) / 2.0, frame_.height - 8.0, escaped(frame_.x.label));
  if (!frame_.y.label.empty()) {
    const double y = (box.top + box.bottom) / 2.0;
    out += fmt::format(
        R"x(<text class="axis-text" x="12" y="{0:.1f}" text-anchor="middle" transform="rotate(-90 12 {0:.1f})">{1}</text>)x",
        y, escaped(frame_.y.label));
  }
}

void Plot::write_row_names(std::string& out, const Box& box) const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const double y = box.at_y(static_cast<double>(row));
    out += fmt::format(R"(<path class="grid" d="M{:.1f} {:.1f}H{:.1f}"/>)", box.left, y, box.right);
    out +=
        fmt::format(R"(<text class="tick-text" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
                    box.left - 6.0, y + 3.8, escaped(shortened(rows_[row], 26)));
  }
}

void Plot::write_events(std::string& out, const Box& box) const {
  // Marks that would touch go one row up; a third row would leave the chart, so its mark is only
  // in the tooltip.
  std::array<double, 2> taken = {-INFINITY, -INFINITY};
  std::vector<const Event*> sorted;
  for (const Event& event : events_) {
    if (event.end >= box.x.low && event.x <= box.x.high) sorted.push_back(&event);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Event* a, const Event* b) { return a->x < b->x; });
  for (const Event* event : sorted) {
    const double x = box.at_x(event->x), end = box.at_x(event->end);
    out += "<g><title>" + escaped(event->name) + "</title>";
    if (event->is_period) {
      out += fmt::format(
          R"(<rect class="period" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x,
          box.top, std::max(1.0, end - x), box.bottom - box.top);
    } else {
      out +=
          fmt::format(R"(<path class="event" d="M{:.1f} {:.1f}V{:.1f}"/>)", x, box.top, box.bottom);
    }
    const double centre = event->is_period ? (x + end) / 2.0 : x;
    const double half = text_width(event->mark) / 2.0 + 2.0;
    for (std::size_t row = 0; row < taken.size(); ++row) {
      if (centre - half < taken[row]) continue;
      taken[row] = centre + half;
      out += fmt::format(
          R"(<text class="event-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
          centre, box.top - 4.0 - 12.0 * static_cast<double>(row), escaped(event->mark));
      break;
    }
    out += "</g>";
  }
}

void Plot::write_mark(std::string& out, const Box& box, const Mark& mark) {
  const std::string_view colour = name_of(mark.style.colour);
  const auto move_or_line = [&out, &box](bool starts, double x, double y) {
    out += fmt::format("{}{:.1f} {:.1f}", starts ? 'M' : 'L', box.at_x(x), box.at_y(y));
  };
  const std::size_t n = mark.y.size();
  const std::string tooltip =
      mark.label.empty() ? std::string() : "<title>" + escaped(mark.label) + "</title>";
  switch (mark.kind) {
    case Kind::line: {
      out += fmt::format(R"(<path class="line s-{}" stroke-width="{:.1f}"{} d=")", colour,
                         mark.style.width, dash_attribute(mark.style.dash));
      bool starts = true;
      for (std::size_t i = 0; i < n; ++i) {
        const bool is_there = std::isfinite(mark.x[i]) && std::isfinite(mark.y[i]);
        if (is_there) move_or_line(starts, mark.x[i], mark.y[i]);
        starts = !is_there;
      }
      out += "\">" + tooltip + "</path>";
      break;
    }
    case Kind::band: {
      out += fmt::format(R"(<path class="f-{}" fill-opacity="{:.2f}" d=")", colour, mark.opacity);
      const auto is_there = [&mark](std::size_t i) {
        return std::isfinite(mark.x[i]) && std::isfinite(mark.y[i]) && std::isfinite(mark.y2[i]);
      };
      for (std::size_t begin = 0; begin < n; ++begin) {
        if (!is_there(begin)) continue;
        std::size_t end = begin;
        while (end < n && is_there(end)) ++end;
        for (std::size_t i = begin; i < end; ++i) move_or_line(i == begin, mark.x[i], mark.y2[i]);
        for (std::size_t i = end; i-- > begin;) move_or_line(false, mark.x[i], mark.y[i]);
        out += "Z";
        begin = end;
      }
      out += "\">" + tooltip + "</path>";
      break;
    }
    case Kind::points:
      out += fmt::format(R"(<g class="f-{}" fill-opacity="{:.2f}">)", colour, mark.opacity);
      for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(mark.x[i]) || !std::isfinite(mark.y[i])) continue;
        out += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>)", box.at_x(mark.x[i]),
                           box.at_y(mark.y[i]), mark.style.width);
      }
      out += "</g>";
      break;
    case Kind::bars:
      out += fmt::format(R"(<g class="f-{}" fill-opacity="{:.2f}">)", colour, mark.opacity);
      for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(mark.y[i]) || mark.y[i] == 0.0) continue;
        const double x = box.at_x(mark.x[i]), end = box.at_x(mark.x[i + 1]);
        const double top = box.at_y(mark.y[i]), base = box.at_y(0.0);
        out += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x,
                           std::min(top, base), std::max(0.5, end - x - 0.6), std::abs(base - top));
      }
      out += "</g>";
      break;
    case Kind::intervals:
      out += fmt::format(R"(<path class="line s-{}" stroke-width="{:.1f}" d=")", colour,
                         mark.style.width);
      for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(mark.x[i]) || !std::isfinite(mark.y2[i])) continue;
        move_or_line(true, mark.x[i], mark.y[i]);
        move_or_line(false, mark.y2[i], mark.y[i]);
      }
      out += "\">" + tooltip + "</path>";
      break;
  }
}

}  // namespace eustress::io::report
