#include <fmt/format.h>

#include <string>

#include "io/report/page.hpp"
#include "io/report/svg.hpp"
#include "io/report/text.hpp"

namespace eustress::io::report {

std::string svg_file(const std::string& title, std::span<const Plot> plots) {
  constexpr double kWidth = 680.0;
  std::string body;
  double y = 0.0;
  for (const Plot& plot : plots) {
    const std::string svg = plot.svg();
    // The size is in the viewBox that the plot wrote: "0 0 W H".
    const std::size_t at = svg.find("viewBox=\"0 0 ") + 13;
    const std::size_t space = svg.find(' ', at), quote = svg.find('"', space);
    const double width = std::stod(svg.substr(at, space - at));
    const double height = std::stod(svg.substr(space + 1, quote - space - 1));
    const std::string open = fmt::format(
        "<svg x=\"0\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" ", y, width, height);
    body += open + svg.substr(svg.find("class="));
    y += height + 4.0;
    double x = 12.0;
    for (const LegendEntry& entry : plot.legend()) {
      static constexpr const char* kColours[] = {"blue",   "vermillion", "green", "purple",
                                                 "orange", "sky",        "ink",   "grey"};
      const double room = 34.0 + 6.4 * static_cast<double>(entry.label.size());
      if (x + room > kWidth && x > 12.0) {
        x = 12.0;
        y += 18.0;
      }
      const char* colour = kColours[static_cast<std::size_t>(entry.style.colour)];
      body += entry.swatch == Swatch::line
                  ? fmt::format(
                        "<line class=\"s-{}\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.0f}\" "
                        "y2=\"{:.0f}\" stroke-width=\"2\"/>",
                        colour, x, x + 18.0, y + 6.0, y + 6.0)
                  : fmt::format(
                        "<rect class=\"f-{}\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"14\" "
                        "height=\"9\" fill-opacity=\"{:.2f}\"/>",
                        colour, x + 2.0, y + 2.0, std::max(entry.opacity, 0.25));
      body += fmt::format("<text class=\"tick-text\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", x + 23.0,
                          y + 10.0, escaped(entry.label));
      x += room;
    }
    y += 24.0;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" font-family=\"sans-serif\" role=\"img\" aria-label=\"{2}\"><style>{3}"
      "</style><rect width=\"100%\" height=\"100%\" fill=\"var(--paper)\"/>{4}</svg>\n",
      kWidth, y, escaped(title), escaped(std::string(page_style())), body);
}

}  // namespace eustress::io::report
