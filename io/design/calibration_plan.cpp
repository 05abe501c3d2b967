#include "io/design/calibration_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/text/did_you_mean.hpp"
#include "io/study/section.hpp"
#include "io/study/values.hpp"

namespace eustress::io {

namespace {

constexpr std::array<std::string_view, 4> kMethods = {"bobyqa", "crs2", "isres", "history"};
constexpr std::array<std::string_view, 2> kSizes = {"quick", "full"};

/// [calibration], as the file has it.
struct Written {
  std::string method, size = "quick";
  std::int64_t evaluations = 200, seed = 1, waves = 3, points = 50, people = 0;
  double tolerance = 1e-3;
};
/// [[target]]
struct WrittenTarget {
  std::string row;
  double weight = 1.0;
};

template <class T, auto Member>
constexpr KeyRow<T> row(const KeyInfo& info) {
  return {info, [](const T& w) -> std::optional<Setting> { return w.*Member; },
          [](T& w, const Setting& value) {
            w.*Member = std::get<std::remove_cvref_t<decltype(w.*Member)>>(value);
          }};
}

std::span<const KeyRow<Written>> rows_of_calibration() {
  static const auto all = std::array{
      row<Written, &Written::method>({.key = "method",
                                      .type = KeyType::choice,
                                      .choices = kMethods,
                                      .required = true,
                                      .doc = "bobyqa, crs2, isres or history"}),
      row<Written, &Written::evaluations>({.key = "evaluations",
                                           .type = KeyType::integer,
                                           .low = 1,
                                           .high = 1000000,
                                           .doc = "of a search, at most"}),
      row<Written, &Written::tolerance>({.key = "tolerance",
                                         .low = 1e-9,
                                         .high = 0.5,
                                         .doc = "of a search: shares of the ranges"}),
      row<Written, &Written::seed>({.key = "seed",
                                    .type = KeyType::integer,
                                    .low = 0,
                                    .high = 4294967295.0,
                                    .doc = "of the search"}),
      row<Written, &Written::waves>({.key = "waves",
                                     .type = KeyType::integer,
                                     .low = 1,
                                     .high = 100,
                                     .doc = "of history matching"}),
      row<Written, &Written::points>({.key = "points",
                                      .type = KeyType::integer,
                                      .low = 4,
                                      .high = 100000,
                                      .doc = "of each wave of history matching"}),
      row<Written, &Written::size>({.key = "size",
                                    .type = KeyType::choice,
                                    .choices = kSizes,
                                    .doc = "size of the protocols, as of validate"}),
      row<Written, &Written::people>({.key = "people",
                                      .type = KeyType::integer,
                                      .low = 128,
                                      .high = 100000000,
                                      .doc = "people in each protocol instead of those of size"}),
  };
  return all;
}

std::span<const KeyRow<WrittenTarget>> rows_of_target() {
  static const auto all = std::array{
      row<WrittenTarget, &WrittenTarget::row>({.key = "row",
                                               .type = KeyType::text,
                                               .required = true,
                                               .doc = "id of a row of validate"}),
      row<WrittenTarget, &WrittenTarget::weight>(
          {.key = "weight", .low = 1e-6, .high = 1e6, .doc = "of each quantity of the row"}),
  };
  return all;
}

class CalibrationReader {
 public:
  CalibrationReader(const Node& root, std::span<const RowNames> rows, Diagnostics& diagnostics)
      : root_(root), rows_(rows), diagnostics_(diagnostics) {
    for (const RowNames& each : rows) ids_.push_back(each.id);
  }

  CalibrationPlan read() {
    static constexpr std::array<std::string_view, 3> kSections = {"calibration", "parameter",
                                                                  "target"};
    check_known_sections(root_, kSections, diagnostics_);
    const Node* table = required_section<Written>(root_, "calibration", rows_of_calibration(),
                                                  "held_out", diagnostics_);
    if (table != nullptr) read_calibration_keys(*table);
    plan_.parameters = read_free_parameters(root_, RangeForm::calibrated, diagnostics_);
    read_targets();
    if (table != nullptr) read_held_out(*table);
    return std::move(plan_);
  }

 private:
  void read_calibration_keys(const Node& table) {
    Written written;
    const SectionStatus status =
        read_keys(rows_of_calibration(), &table, "[calibration]", written, diagnostics_);
    if (status.right("method")) {
      plan_.method = static_cast<CalibrationMethod>(std::ranges::find(kMethods, written.method) -
                                                    kMethods.begin());
      const bool is_history = plan_.method == CalibrationMethod::history;
      for (const std::string_view key : {"waves", "points", "evaluations", "tolerance"}) {
        const bool is_of_history = key == "waves" || key == "points";
        if (is_of_history == is_history || !status.given(key)) continue;
        diagnostics_.error(status.place(key),
                           fmt::format("{} says nothing to the method '{}'", key, written.method));
      }
    }
    plan_.evaluations = static_cast<std::size_t>(written.evaluations);
    plan_.tolerance = written.tolerance;
    plan_.seed = static_cast<std::uint64_t>(written.seed);
    plan_.waves = static_cast<std::size_t>(written.waves);
    plan_.points = static_cast<std::size_t>(written.points);
    plan_.is_full = written.size == "full";
    if (written.people > 0) plan_.people = static_cast<std::uint64_t>(written.people);
  }

  std::optional<std::size_t> row_named(const std::string& id, const Place& place) {
    const auto found = std::ranges::find(ids_, id);
    if (found != ids_.end()) return static_cast<std::size_t>(found - ids_.begin());
    diagnostics_.error(place, with_advice(fmt::format("validate has no row '{}'", printable(id)),
                                          did_you_mean(id, ids_)));
    return std::nullopt;
  }

  void read_targets() {
    const Entry* entry = root_.find("target");
    if (entry == nullptr) {
      diagnostics_.error(Place{},
                         "no target is named: write [[target]] with the row that is fitted");
      return;
    }
    const Node& list = entry->value;
    const auto is_table = [](const Node& item) { return item.kind == Node::Kind::table; };
    if (list.kind != Node::Kind::list || list.items.empty() ||
        !std::all_of(list.items.begin(), list.items.end(), is_table)) {
      diagnostics_.error(list.place,
                         "target may stand several times: write [[target]] with double brackets "
                         "and its keys below; found " +
                             list.description());
      return;
    }
    for (const Node& table : list.items) read_target(table);
  }

  void read_target(const Node& table) {
    static constexpr std::array<std::string_view, 3> kKeys = {"row", "quantities", "weight"};
    check_known_names(table, kKeys, "[[target]]", diagnostics_);
    WrittenTarget written;
    const SectionStatus status =
        read_keys(rows_of_target(), &table, "[[target]]", written, diagnostics_);
    if (!status.right("row")) return;
    const std::optional<std::size_t> place = row_named(written.row, status.place("row"));
    if (!place) return;
    const auto is_same = [&](const CalibrationTarget& t) { return t.row == *place; };
    if (std::ranges::any_of(plan_.targets, is_same)) {
      diagnostics_.error(status.place("row"),
                         fmt::format("row '{}' is a target already", written.row));
      return;
    }
    CalibrationTarget target{*place, {}, written.weight};
    const std::vector<std::string>& names = rows_[*place].quantities;
    if (const Entry* quantities = table.find("quantities")) {
      for (const Node* text : texts_of(quantities->value, "quantities", diagnostics_)) {
        const auto found = std::ranges::find(names, text->text);
        if (found == names.end()) {
          std::string advice = did_you_mean(text->text, names);
          if (advice.empty()) advice = fmt::format(" It has '{}'", fmt::join(names, "', '"));
          diagnostics_.error(text->place,
                             with_advice(fmt::format("row '{}' has no quantity '{}'", written.row,
                                                     printable(text->text)),
                                         advice));
          continue;
        }
        target.quantities.push_back(static_cast<std::size_t>(found - names.begin()));
      }
    } else {
      target.quantities.resize(names.size());
      std::iota(target.quantities.begin(), target.quantities.end(), std::size_t{0});
    }
    plan_.targets.push_back(std::move(target));
  }

  void read_held_out(const Node& table) {
    const Entry* entry = table.find("held_out");
    if (entry == nullptr) return;
    for (const Node* text : texts_of(entry->value, "held_out", diagnostics_)) {
      const std::optional<std::size_t> place = row_named(text->text, text->place);
      if (!place) continue;
      const auto is_same = [&](const CalibrationTarget& t) { return t.row == *place; };
      if (std::ranges::any_of(plan_.targets, is_same)) {
        diagnostics_.error(text->place,
                           fmt::format("row '{}' is a target: what is fitted cannot be "
                                       "held out",
                                       text->text));
      } else if (std::ranges::find(plan_.held_out, *place) != plan_.held_out.end()) {
        diagnostics_.error(text->place, fmt::format("row '{}' stands twice", text->text));
      } else {
        plan_.held_out.push_back(*place);
      }
    }
  }

  const Node& root_;
  std::span<const RowNames> rows_;
  std::vector<std::string> ids_;
  Diagnostics& diagnostics_;
  CalibrationPlan plan_;
};

}  // namespace

std::string_view to_string(CalibrationMethod method) {
  return kMethods[static_cast<std::size_t>(method)];
}

CalibrationPlan read_calibration(const std::string& text, const std::string& file_name,
                                 std::span<const RowNames> rows) {
  Diagnostics diagnostics(text, file_name, {});
  const std::optional<Node> root = parse_toml(text, diagnostics);
  diagnostics.throw_if_errors();
  CalibrationPlan plan = CalibrationReader(*root, rows, diagnostics).read();
  diagnostics.throw_if_errors();
  return plan;
}

}  // namespace eustress::io
