#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "io/report/svg.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

namespace {

constexpr double kCell = 32.0, kLabelWidth = 170.0, kTop = 10.0;

/// "−.35": a correlation in a cell, without its leading zero.
std::string cell_text(double r) {
  if (std::abs(r) >= 0.995) return fixed(r, 1);
  std::string text = fixed(r, 2);
  text.erase(text.find('0'), 1);
  return text;
}

}  // namespace

std::string correlation_cells(const std::string& title, const std::vector<std::string>& names,
                              std::span<const double> r) {
  return correlation_cells(title, names, r, {});
}

std::string correlation_cells(const std::string& title, const std::vector<std::string>& names,
                              std::span<const double> r, std::span<const double> other) {
  const std::size_t n = names.size();
  if (r.size() != n * n || (!other.empty() && other.size() != n * n)) {
    throw Error(ErrorKind::internal, "report: a correlation matrix of " + std::to_string(r.size()) +
                                         " cells for " + std::to_string(n) + " names");
  }
  const double cells = kCell * static_cast<double>(n);
  const double width = kLabelWidth + cells + 100.0, height = kTop + cells + 8.0;
  std::string out = fmt::format(
      R"(<svg class="plot wide" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width,
      height, escaped(title));
  for (std::size_t row = 0; row < n; ++row) {
    const double y = kTop + kCell * static_cast<double>(row);
    out +=
        fmt::format(R"(<text class="tick-text" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
                    kLabelWidth - 8.0, y + kCell / 2.0 + 4.0, escaped(shortened(names[row], 26)));
    for (std::size_t column = 0; column < (other.empty() ? row : n); ++column) {
      if (column == row) continue;
      const double value = (column < row ? r : other)[row * n + column];
      const double x = kLabelWidth + kCell * static_cast<double>(column);
      const std::string tip = escaped(names[row] + " and " + names[column]);
      out += "<g><title>" + tip + ": " + fixed(value, 3) + "</title>";
      const double strength = std::isfinite(value) ? std::min(1.0, std::abs(value)) : 0.0;
      out += fmt::format(
          R"(<rect class="cell f-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill-opacity="{:.2f}"/>)",
          value < 0.0 ? "blue" : "vermillion", x + 1.0, y + 1.0, kCell - 2.0, kCell - 2.0,
          0.06 + 0.84 * strength);
      if (std::isfinite(value)) {
        out += fmt::format(
            R"(<text class="cell-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
            x + kCell / 2.0, y + kCell / 2.0 + 3.5, cell_text(value));
      }
      out += "</g>";
    }
    if (!other.empty()) continue;
    // The diagonal carries the name of the column.
    const double x = kLabelWidth + kCell * static_cast<double>(row);
    out += fmt::format(R"(<text class="tick-text" x="{:.1f}" y="{:.1f}">{}</text>)", x + 3.0,
                       y + kCell / 2.0 + 4.0,
                       row + 1 < n ? escaped(shortened(names[row], 26)) : std::string());
  }
  return out + "</svg>";
}

}  // namespace eustress::io::report
