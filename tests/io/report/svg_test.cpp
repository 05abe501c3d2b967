#include "io/report/svg.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "io/report/text.hpp"
#include "tests/io/report/markup.hpp"

namespace eustress::io::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Values = std::vector<double>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Text, EscapesMarkup) {
  EXPECT_EQ(escaped(R"(<a href="x">&'</a>)"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escaped("Größe ≥ 1 \xF0\x9F\x98\x80"), "Größe ≥ 1 \xF0\x9F\x98\x80");
}

TEST(Text, ReplacesWhatXmlForbids) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped(std::string("a\x01z", 3)), "a" + replacement + "z");
  EXPECT_EQ(escaped(std::string("\0", 1)), replacement);
  EXPECT_EQ(escaped("\xFF"), replacement);
  EXPECT_EQ(escaped("\xC3"), replacement);                       // cut short
  EXPECT_EQ(escaped("\xC0\xAF"), replacement + replacement);     // overlong
  EXPECT_EQ(escaped("\xED\xA0\x80").substr(0, 3), replacement);  // surrogate
  EXPECT_EQ(escaped("\xEF\xBF\xBF").substr(0, 3), replacement);  // U+FFFF
  EXPECT_EQ(escaped("a\tb\n"), "a\tb\n");
}

TEST(Text, Numbers) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(1234567890), "1,234,567,890");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(-1.5, 1), "\u22121.5");
  EXPECT_EQ(fixed(kNaN, 1), "\u2013");
  EXPECT_EQ(significant(0.012345, 3), "0.0123");
  EXPECT_EQ(significant(123.4, 3), "123");
  EXPECT_EQ(significant(12345.6, 3), "12,346");
  EXPECT_EQ(significant(0.0, 3), "0");
  EXPECT_EQ(percent(0.1234, 1), "12.3 %");
}

TEST(Text, Letters) {
  EXPECT_EQ(letter(0), "A");
  EXPECT_EQ(letter(25), "Z");
  EXPECT_EQ(letter(26), "AA");
  EXPECT_EQ(letter(51), "AZ");
  EXPECT_EQ(letter(52), "BA");
}

TEST(Text, ShortenedCountsCharactersNotBytes) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abcde\u2026");
  EXPECT_EQ(shortened("äöüäöü", 6), "äöüäöü");
  EXPECT_EQ(shortened("äöüäöüä", 6), "äöüäö\u2026");
}

TEST(NiceTicks, RoundAndInside) {
  const Ticks ticks = nice_ticks(0.03, 1.02, 6, TickSteps::decimal);
  EXPECT_EQ(ticks.decimals, 1);
  ASSERT_EQ(ticks.at.size(), 5U);
  EXPECT_NEAR(ticks.at.front(), 0.2, 1e-12);
  EXPECT_NEAR(ticks.at.back(), 1.0, 1e-12);
}

TEST(NiceTicks, WholeAndMinutes) {
  EXPECT_EQ(nice_ticks(0.0, 3.0, 9, TickSteps::whole).at, (Values{0, 1, 2, 3}));
  EXPECT_EQ(nice_ticks(-30.0, 120.0, 7, TickSteps::minutes).at, (Values{-30, 0, 30, 60, 90, 120}));
}

TEST(NiceTicks, NeverTooManyNeverOutside) {
  for (const auto steps : {TickSteps::decimal, TickSteps::whole, TickSteps::minutes}) {
    for (const double low : {-1e6, -3.7, 0.0, 0.001, 12.5, 1e9}) {
      for (const double span : {1e-3, 0.7, 1.0, 9.99, 364.0, 5e4, 3e7}) {
        for (const int most : {2, 3, 5, 9}) {
          const Ticks ticks = nice_ticks(low, low + span, most, steps);
          EXPECT_LE(ticks.at.size(), static_cast<std::size_t>(most) + 1) << low << " " << span;
          for (const double t : ticks.at) {
            EXPECT_GE(t, low - 1e-6 * span);
            EXPECT_LE(t, low + span + 1e-6 * span);
          }
        }
      }
    }
  }
}

TEST(Plot, IsWellFormedAndEscapesEverything) {
  const std::string evil = "</svg><script>alert(\"1\")</script>&'";
  Plot plot({evil, {evil, {}, {}}, {evil, {}, {}}});
  plot.line(evil, {0, 1, 2}, {1, kNaN, 3}, {})
      .band(evil, {0, 1, 2}, {0, 1, 2}, {1, 2, 3}, Colour::sky, 0.3)
      .points(evil, {0, 1}, {1, 2}, {})
      .bars(evil, {0, 1, 2}, {3, 4}, Colour::green)
      .intervals(evil, {0}, {1}, {0.5}, {})
      .rule_at_x(1)
      .rule_at_y(2)
      .event(1, evil, evil)
      .period(0, 1, evil, evil);
  const std::string svg = plot.svg();
  EXPECT_EQ(testing::markup_error(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(legend_html(plot.legend()), Not(HasSubstr("<script")));
  EXPECT_EQ(testing::markup_error(legend_html(plot.legend())), "");
  EXPECT_EQ(svg, plot.svg());
  Plot rows({"", {"x", {}, {}}, {}});
  rows.rows({evil, "b"}).points("p", {1, 2}, {0, 1}, {});
  EXPECT_EQ(testing::markup_error(rows.svg()), "");
  EXPECT_THAT(rows.svg(), Not(HasSubstr("<script")));
}

TEST(Plot, GapsInterruptALine) {
  Plot plot({"", {}, {}});
  plot.line("", {0, 1, 2, 3, 4}, {1, 2, kNaN, 2, 1}, {});
  const std::string svg = plot.svg();
  const std::size_t begin = svg.find("<path class=\"line");
  const std::string path = svg.substr(begin, svg.find('>', begin) - begin);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'L'), 2);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(Plot, PositionsFollowTheData) {
  Frame frame{"", {"", 0.0, 10.0}, {"", 0.0, 10.0}};
  Plot plot(frame);
  plot.points("", {0, 10, 5}, {0, 10, 5}, {});
  const std::vector<std::pair<double, double>> at = testing::circles(plot.svg());
  ASSERT_EQ(at.size(), 3U);
  EXPECT_LT(at[0].first, at[1].first);    // x grows to the right
  EXPECT_GT(at[0].second, at[1].second);  // y grows upwards
  EXPECT_NEAR(at[2].first, (at[0].first + at[1].first) / 2.0, 0.11);
  EXPECT_NEAR(at[2].second, (at[0].second + at[1].second) / 2.0, 0.11);
  Plot rows(frame);
  rows.rows({"first", "second"}).points("", {1, 1}, {0, 1}, {});
  const auto in_rows = testing::circles(rows.svg());
  EXPECT_LT(in_rows[0].second, in_rows[1].second);  // the first row is on top
}

TEST(Plot, DrawableWithoutDataOrSpread) {
  const Plot empty({"t", {"x", {}, {}}, {"y", {}, {}}});
  EXPECT_EQ(testing::markup_error(empty.svg()), "");
  for (const double value : {0.0, 5.0, -3.0, 1e-200, 1e200, kNaN}) {
    Plot plot({"t", {"x", {}, {}}, {"y", {}, {}}});
    plot.line("l", {1, 1}, {value, value}, {}).points("", {1}, {value}, {});
    EXPECT_EQ(testing::markup_error(plot.svg()), "") << value;
    EXPECT_THAT(plot.svg(), Not(HasSubstr("nan"))) << value;
    EXPECT_THAT(plot.svg(), Not(HasSubstr("inf"))) << value;
  }
}

TEST(Plot, ColumnsMustFit) {
  Plot plot({"", {}, {}});
  EXPECT_THROW(plot.line("l", {1, 2}, {1}, {}), Error);
  EXPECT_THROW(plot.bars("b", {1, 2}, {1, 2}, Colour::blue), Error);
  EXPECT_THROW(plot.band("b", {1, 2}, {1, 2}, {1}, Colour::blue, 1.0), Error);
}

TEST(Plot, LegendNamesEachMarkOnce) {
  Plot plot({"", {}, {}});
  plot.line("a", {1}, {1}, {})
      .line("a", {1}, {1}, {})
      .line("", {1}, {1}, {})
      .points("b", {1}, {1}, {});
  const auto legend = plot.legend();
  ASSERT_EQ(legend.size(), 2U);
  EXPECT_EQ(legend[0].label, "a");
  EXPECT_EQ(legend[1].swatch, Swatch::point);
  EXPECT_EQ(legend_html({}), "");
}

TEST(SeriesStyle, DiffersWithinTwoDozen) {
  for (std::size_t a = 0; a < 24; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const Style x = series_style(a), y = series_style(b);
      EXPECT_FALSE(x.colour == y.colour && x.dash == y.dash) << a << " " << b;
    }
  }
}

TEST(CorrelationCells, LowerTriangle) {
  const std::string svg =
      correlation_cells("r", {"a", "<b>", "c"}, Values{1, .5, kNaN, .5, 1, -.25, kNaN, -.25, 1});
  EXPECT_EQ(testing::markup_error(svg), "");
  EXPECT_THAT(svg, HasSubstr(">.50<"));
  EXPECT_THAT(svg, HasSubstr(">\u2212.25<"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THROW((void)correlation_cells("r", {"a"}, Values{1, 2}), Error);
}

TEST(CorrelationCells, OtherOnesAboveTheDiagonal) {
  const std::string svg =
      correlation_cells("r", {"a", "b"}, Values{1, .5, .5, 1}, Values{1, -.25, -.25, 1});
  EXPECT_EQ(testing::markup_error(svg), "");
  EXPECT_THAT(svg, HasSubstr(">.50<"));
  EXPECT_THAT(svg, HasSubstr(">\u2212.25<"));
  EXPECT_THROW((void)correlation_cells("r", {"a", "b"}, Values{1, 2, 3, 4}, Values{1}), Error);
}

}  // namespace
}  // namespace eustress::io::report
