#include "io/tables/replay_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/error_list.hpp"
#include "core/text/number.hpp"
#include "io/tables/csv.hpp"

namespace eustress::io {

namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

// In the order of the names.
enum Column : std::size_t {
  kIndividual,
  kDay,
  kTime,
  kClass,
  kSeverity,
  kKind,
  kControllability,
  kPredictability,
  kDuration,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames = {
    "individual",     "day",         "time", "class", "severity", "kind", "controllability",
    "predictability", "duration_min"};
constexpr std::size_t kRequired = kKind;  // those before it

// In the order of EventKind.
constexpr std::array<std::string_view, 4> kKinds = {"hassle", "minor", "severe", "traumatic"};

constexpr double kMostSeverity = 20.0;
constexpr double kMostMinutes = 1440.0;

class ReplayParser {
 public:
  ReplayParser(std::string_view text, const std::string& file, const ReplayRequest& request)
      : records_(text), file_(file), request_(request) {
    for (std::size_t i = 0; i < request.ids.size(); ++i) number_of_[request.ids[i]] = i;
  }

  std::vector<ReplayRow> parse() {
    if (!records_.next()) {
      throw Error(ErrorKind::input,
                  records_.defect().empty()
                      ? fmt::format("{}: the file is empty; it must have a header", file_)
                      : fmt::format("{}:{}: {}", file_, records_.line(), records_.defect()));
    }
    read_header();
    errors_.throw_if_any(ErrorKind::input);
    std::vector<ReplayRow> rows;
    std::uint64_t line_before = 0;
    while (records_.next()) {
      if (records_.size() != header_size_) {
        errors_.add(fmt::format("{}:{}: {} cells, but the header has {}", file_, records_.line(),
                                records_.size(), header_size_));
        continue;
      }
      const std::optional<ReplayRow> row = read_row();
      if (!row) continue;
      check_place(rows, *row, line_before);
      rows.push_back(*row);
      line_before = records_.line();
    }
    if (!records_.defect().empty()) {
      errors_.add(fmt::format("{}:{}: {}", file_, records_.line(), records_.defect()));
    }
    errors_.throw_if_any(ErrorKind::input);
    return rows;
  }

 private:
  void read_header() {
    place_.fill(kNoColumn);
    header_size_ = records_.size();
    const std::string start = fmt::format("{}:{}: ", file_, records_.line());
    for (std::size_t i = 0; i < header_size_; ++i) {
      const std::string& name = records_.cell(i);
      const auto found = std::ranges::find(kNames, name);
      if (found == kNames.end()) {
        std::string advice = did_you_mean(name, kNames);
        if (advice.empty()) advice = fmt::format(" Legal columns: {}", fmt::join(kNames, ", "));
        errors_.add(start + "unknown column " + quoted_cell(name) + "." + advice);
        continue;
      }
      std::size_t& place = place_[static_cast<std::size_t>(found - kNames.begin())];
      if (place != kNoColumn) errors_.add(start + "two columns are called " + quoted_cell(name));
      place = i;
    }
    for (std::size_t c = 0; c < kRequired; ++c) {
      if (place_[c] != kNoColumn) continue;
      errors_.add(fmt::format("{}no column '{}' in the header", start, kNames[c]));
    }
  }

  // Empty if the table has no such column.
  [[nodiscard]] std::string_view cell(Column column) const {
    return place_[column] == kNoColumn ? std::string_view()
                                       : std::string_view(records_.cell(place_[column]));
  }

  void wrong(Column column, const std::string& what) {
    errors_.add(fmt::format("{}:{}:{}: {}", file_, records_.line(), kNames[column], what));
    is_right_ = false;
  }

  // NaN if blank or wrong.
  double number(Column column, double low, double high, bool is_required) {
    const auto parsed = parse_cell(cell(column));
    if (const auto* message = std::get_if<std::string>(&parsed)) {
      wrong(column, *message);
      return ReplayRow::kNotGiven;
    }
    const double value = std::get<double>(parsed);
    if (std::isnan(value) && is_required) wrong(column, "the cell is blank");
    if (value < low || value > high) {
      wrong(column, fmt::format("{} is outside the legal range {} to {}", number_text(value),
                                number_text(low), number_text(high)));
    }
    return value;
  }

  std::uint64_t individual() {
    if (!request_.ids.empty()) {
      const auto found = number_of_.find(cell(kIndividual));
      if (found == number_of_.end()) {
        wrong(kIndividual, fmt::format("there is no individual with the id {} in the cohort table",
                                       quoted_cell(cell(kIndividual))));
        return 0;
      }
      if (found->second >= request_.individuals) {
        wrong(kIndividual,
              fmt::format("{} is row {} of the cohort table, and the study has {} individuals only",
                          quoted_cell(cell(kIndividual)), found->second + 1, request_.individuals));
      }
      return found->second;
    }
    return whole(kIndividual, static_cast<double>(request_.individuals - 1), "of the cohort");
  }

  std::uint64_t whole(Column column, double high, std::string_view of_what) {
    const auto parsed = parse_cell(cell(column));
    const double* value = std::get_if<double>(&parsed);
    const bool is_whole = value != nullptr && *value >= 0.0 && *value == std::floor(*value);
    if (!is_whole || *value > high) {
      wrong(column,
            fmt::format("{} is no {} {}; legal are whole numbers from 0 to {}",
                        quoted_cell(cell(column)), kNames[column], of_what, number_text(high)));
      return 0;
    }
    return static_cast<std::uint64_t>(*value);
  }

  int minute() {
    const std::string_view text = cell(kTime);
    const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    int hours = -1, minutes = 0;
    if (text.size() == 5 && text[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) &&
        is_digit(4)) {
      hours = (text[0] - '0') * 10 + text[1] - '0';
      minutes = (text[3] - '0') * 10 + text[4] - '0';
    }
    if (hours < 0 || hours > 23 || minutes > 59) {
      wrong(kTime, fmt::format("{} is not a time of day from 00:00 to 23:59", quoted_cell(text)));
      return 0;
    }
    const int minute = hours * 60 + minutes;
    const double steps = minute / request_.dt_min;
    if (std::abs(steps - std::round(steps)) > 1e-9) {
      wrong(kTime, fmt::format("{} is not on the step grid; legal are multiples of dt_min = {} "
                               "[min] after midnight",
                               quoted_cell(text), number_text(request_.dt_min)));
    }
    return minute;
  }

  std::size_t word(Column column, std::span<const std::string_view> words) {
    const std::string_view text = cell(column);
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) {
      wrong(column, fmt::format("{} is not one of {}.{}", quoted_cell(text), fmt::join(words, ", "),
                                did_you_mean(text, words)));
      return 0;
    }
    return static_cast<std::size_t>(found - words.begin());
  }

  std::optional<ReplayRow> read_row() {
    is_right_ = true;
    ReplayRow row;
    row.individual = individual();
    row.day = static_cast<int>(whole(kDay, request_.days - 1, "of the run"));
    row.minute = minute();
    row.stressor = static_cast<StressorClass>(word(kClass, kStressorClassNames));
    row.severity = number(kSeverity, 0.0, kMostSeverity, true);
    if (!cell(kKind).empty()) row.kind = static_cast<EventKind>(word(kKind, kKinds));
    row.controllability = number(kControllability, 0.0, 1.0, false);
    row.predictability = number(kPredictability, 0.0, 1.0, false);
    row.duration_min = number(kDuration, 1.0, kMostMinutes, false);
    if (!is_right_) return std::nullopt;
    return row;
  }

  // Against the rows before, of which the last stands in line `line_before`.
  void check_place(const std::vector<ReplayRow>& rows, const ReplayRow& row,
                   std::uint64_t line_before) {
    const bool is_event = row.kind != EventKind::none;
    if (!rows.empty()) {
      const ReplayRow& before = rows.back();
      const auto order = [](const ReplayRow& r) { return std::tie(r.individual, r.day, r.minute); };
      if (order(row) < order(before)) {
        const Column column = row.individual != before.individual ? kIndividual
                              : row.day != before.day             ? kDay
                                                                  : kTime;
        wrong(column, fmt::format("{} comes before what is in line {}; rows go by individual{}, "
                                  "day and time",
                                  quoted_cell(cell(column)), line_before,
                                  request_.ids.empty() ? "" : " as in the cohort table"));
        return;
      }
      if (before.individual != row.individual || before.day != row.day) hassles_ = events_ = 0;
    }
    int& count = is_event ? events_ : hassles_;
    const int most = is_event ? 1 : kHassleSlots;
    if (++count > most) {
      wrong(place_[kKind] == kNoColumn ? kDay : kKind,
            fmt::format("individual {} already has {} on day {}; at most {} of a day can be "
                        "replayed",
                        quoted_cell(cell(kIndividual)),
                        is_event ? "an event" : fmt::format("{} hassles", most), row.day,
                        is_event ? "one event" : fmt::format("{} hassles", most)));
    }
  }

  CsvRecords records_;
  const std::string& file_;
  const ReplayRequest& request_;
  std::unordered_map<std::string_view, std::size_t> number_of_;
  ErrorList errors_;
  std::array<std::size_t, kColumns> place_{};
  std::size_t header_size_ = 0;
  bool is_right_ = true;  // of the row that is being read
  int hassles_ = 0, events_ = 0;
};

}  // namespace

std::vector<ReplayRow> parse_replay(std::string_view text, const std::string& file,
                                    const ReplayRequest& request) {
  check_is_text(text, file);
  return ReplayParser(text, file, request).parse();
}

}  // namespace eustress::io
