// The page of a sweep.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/text/number.hpp"
#include "io/design/sweep_results.hpp"
#include "io/provenance/provenance.hpp"
#include "io/report/figure.hpp"
#include "io/report/page.hpp"
#include "io/report/svg.hpp"
#include "io/report/text.hpp"

namespace eustress::io {

namespace {

using report::Colour;
using report::Dash;
using report::escaped;
using report::Plot;

constexpr double kRow = 28.0;

std::string label_of(const FreeParameter& parameter) {
  return parameter.unit.empty() ? parameter.key
                                : fmt::format("{} [{}]", parameter.key, parameter.unit);
}

/// The table of a kind of index that is drawn, and one that is drawn over it.
Plot tornado(const SweepResults& sweep, std::span<const IndexTable> indices, std::size_t output) {
  const std::size_t outputs = sweep.design.outputs.size(), k = sweep.design.parameters.size();
  const auto at = [&](std::size_t table, std::size_t parameter) {
    return indices[table].values[parameter * outputs + output];
  };
  std::vector<std::size_t> order(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t j) {
    const double value = std::abs(at(0, j).value);
    return std::isfinite(value) ? value : -1.0;
  };
  std::ranges::stable_sort(order, [&](auto a, auto b) { return size(a) > size(b); });

  const bool is_sobol = sweep.design.kind == DesignKind::sobol;
  std::vector<std::string> names;
  std::vector<double> bar_low, bar_high, low, high, y, value, first_low, first_high, first, first_y;
  for (std::size_t place = 0; place < k; ++place) {
    const SensitivityIndex index = at(0, order[place]);
    names.push_back(report::shortened(sweep.design.parameters[order[place]].key, 34));
    y.push_back(static_cast<double>(place));
    // A bar that is shorter than its round ends would look longer than it is.
    const bool is_long = std::abs(index.value) > 0.02 * size(order.front());
    bar_low.push_back(is_long ? std::min(0.0, index.value) : NAN);
    bar_high.push_back(is_long ? std::max(0.0, index.value) : NAN);
    low.push_back(index.low);
    high.push_back(index.high);
    if (!is_sobol) continue;
    const SensitivityIndex part = at(1, order[place]);
    first.push_back(part.value);
    first_low.push_back(part.low);
    first_high.push_back(part.high);
    first_y.push_back(static_cast<double>(place) + 0.25);
  }
  Plot plot({sweep.design.outputs[output].text,
             {is_sobol ? "Sobol index" : indices[0].doc, {}, {}, {}},
             {"", {}, {}, {}},
             640.0,
             80.0 + kRow * static_cast<double>(k)});
  plot.rows(std::move(names));
  plot.intervals(indices[0].doc, bar_low, bar_high, y, {Colour::sky, Dash::solid, 9.0});
  plot.intervals("95 % by bootstrap", low, high, y, {Colour::blue, Dash::solid, 2.5});
  if (is_sobol) {
    plot.intervals("", first_low, first_high, first_y, {Colour::vermillion, Dash::solid, 2.0});
    plot.points(indices[1].doc, first, first_y, {Colour::vermillion, Dash::solid, 3.5});
  }
  plot.rule_at_x(0.0);
  return plot;
}

/// A grid of two parameters: the fuller the colour, the higher the number.
std::string heat_map(const SweepResults& sweep, std::size_t output) {
  constexpr double kCellWidth = 64.0, kCellHeight = 30.0, kLeft = 120.0, kTop = 30.0;
  const FreeParameter &rows = sweep.design.parameters[0], &columns = sweep.design.parameters[1];
  const std::vector<double> y = sweep.output(output);
  double least = NAN, most = NAN;
  for (const double v : y) {
    if (!std::isfinite(v)) continue;
    least = std::fmin(least, v);
    most = std::fmax(most, v);
  }
  // Not stretched on the page, which is as wide as its widest charts.
  const double width =
      std::max(860.0, kLeft + kCellWidth * static_cast<double>(columns.values.size()) + 10.0);
  const double height = kTop + kCellHeight * static_cast<double>(rows.values.size()) + 42.0;
  std::string out = fmt::format(
      "<svg class=\"plot wide\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">"
      "<text class=\"axis-text\" x=\"4\" y=\"18\">{}</text>",
      width, height, escaped(sweep.design.outputs[output].text), escaped(label_of(rows)));
  for (std::size_t r = 0; r < rows.values.size(); ++r) {
    const double top = kTop + kCellHeight * static_cast<double>(r);
    out += fmt::format(
        "<text class=\"tick-text\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
        kLeft - 8.0, top + kCellHeight / 2.0 + 4.0, fmt::format("{:.4g}", rows.values[r]));
    for (std::size_t c = 0; c < columns.values.size(); ++c) {
      const double value = y[r * columns.values.size() + c];
      const double left = kLeft + kCellWidth * static_cast<double>(c);
      const double share =
          std::isfinite(value) && most > least ? (value - least) / (most - least) : 0.0;
      out += fmt::format(
          "<g><title>{} = {}, {} = {}: {}</title><rect class=\"cell f-vermillion\" x=\"{:.1f}\" "
          "y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill-opacity=\"{:.2f}\"/>"
          "<text class=\"cell-text\" x=\"{:.1f}\" y=\"{:.1f}\" "
          "text-anchor=\"middle\">{}</text></g>",
          escaped(rows.key), number_text(rows.values[r]), escaped(columns.key),
          number_text(columns.values[c]), report::significant(value, 6), left + 1.0, top + 1.0,
          kCellWidth - 2.0, kCellHeight - 2.0, 0.05 + 0.8 * share, left + kCellWidth / 2.0,
          top + kCellHeight / 2.0 + 3.5, report::significant(value, 3));
    }
  }
  for (std::size_t c = 0; c < columns.values.size(); ++c) {
    out += fmt::format(
        "<text class=\"tick-text\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
        kLeft + kCellWidth * (static_cast<double>(c) + 0.5), height - 26.0,
        fmt::format("{:.4g}", columns.values[c]));
  }
  out += fmt::format("<text class=\"axis-text\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", kLeft,
                     height - 8.0, escaped(label_of(columns)));
  return out + "</svg>";
}

/// The mean over all points with each value of each parameter.
std::vector<Plot> main_effects(const SweepResults& sweep, std::size_t output) {
  const std::size_t k = sweep.design.parameters.size();
  const std::vector<double> y = sweep.output(output);
  std::vector<Plot> plots;
  for (std::size_t j = 0; j < k; ++j) {
    const FreeParameter& parameter = sweep.design.parameters[j];
    std::vector<double> x = parameter.values, means;
    std::ranges::sort(x);
    for (const double value : x) {
      double sum = 0.0, count = 0.0;
      for (std::size_t i = 0; i < sweep.points.size(); ++i) {
        if (values_at(sweep.design, sweep.points.point(i))[j] != value || !std::isfinite(y[i])) {
          continue;
        }
        sum += y[i];
        count += 1.0;
      }
      means.push_back(count > 0.0 ? sum / count : NAN);
    }
    Plot plot({k == 1 ? sweep.design.outputs[output].text : parameter.key,
               {label_of(parameter), {}, {}, {}},
               {k == 1 ? "value" : "mean over the others", {}, {}, {}}});
    plot.line("", x, means, {Colour::blue}).points("", x, means, {Colour::blue, Dash::solid, 3.0});
    plots.push_back(std::move(plot));
  }
  return plots;
}

std::string index_table(const SweepResults& sweep, std::span<const IndexTable> indices) {
  const std::size_t outputs = sweep.design.outputs.size();
  std::vector<std::string> head = {"parameter"};
  for (const IndexTable& table : indices) head.push_back(table.name);
  std::string html;
  for (std::size_t o = 0; o < outputs; ++o) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t j = 0; j < sweep.design.parameters.size(); ++j) {
      std::vector<std::string> row = {sweep.design.parameters[j].key};
      for (const IndexTable& table : indices) {
        const std::size_t at = j * outputs + o;
        if (at >= table.values.size()) {
          row.emplace_back();
          continue;
        }
        const SensitivityIndex& index = table.values[at];
        row.push_back(report::fixed(index.value, 4));
        if (table.has_interval) {
          row.back() +=
              fmt::format(" [{}, {}]", report::fixed(index.low, 4), report::fixed(index.high, 4));
        }
      }
      rows.push_back(std::move(row));
    }
    html +=
        "<h3>" + escaped(sweep.design.outputs[o].text) + "</h3>" + report::table_html(head, rows);
  }
  return html;
}

}  // namespace

std::string sweep_page(const SweepResults& sweep, std::span<const IndexTable> indices) {
  const SweepDesign& design = sweep.design;
  const bool is_grid = design.kind == DesignKind::grid;
  std::string body;
  for (std::size_t o = 0; o < design.outputs.size(); ++o) {
    const std::string title = fmt::format("{} [{}]", design.outputs[o].text, sweep.output_units[o]);
    std::string charts;
    std::vector<report::LegendEntry> legend;
    if (!is_grid) {
      const Plot plot = tornado(sweep, indices, o);
      charts = plot.svg();
      legend = plot.legend();
    } else if (design.parameters.size() == 2) {
      charts = heat_map(sweep, o);
    } else {
      for (const Plot& plot : main_effects(sweep, o)) charts += plot.svg();
    }
    body += fmt::format(
        "<section><h2>{}</h2><figure><div class=\"charts{}\">{}</div>{}</figure>"
        "</section>\n",
        escaped(title), !is_grid || design.parameters.size() <= 2 ? " one" : "", charts,
        report::legend_html(legend));
  }
  if (!is_grid) {
    body += "<section><h2>Indices</h2>" + index_table(sweep, indices) +
            "<p class=\"note\">Intervals of 95 % by bootstrap over the points of the design. They "
            "do not contain the chance in the simulation, which is the same at all points.</p>"
            "</section>\n";
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"/><title>Sweep of {0} - eustress</title>"
      "<style>{1}</style></head><body><header><h1>Sweep of {0}</h1><p class=\"lead\">Design {2}, "
      "{3} points, {4} parameters; eustress {5}</p></header><main>{6}</main></body></html>\n",
      escaped(design.study), report::page_style(), to_string(design.kind), sweep.points.size(),
      design.parameters.size(), escaped(this_program().version), body);
}

}  // namespace eustress::io
