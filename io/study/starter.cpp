#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "io/study/catalogue.hpp"
#include "io/study/reader.hpp"
#include "io/study/toml_text.hpp"

namespace eustress::io {
namespace {

// What the starter file says instead of the default, and what of it is not commented out.
struct Example {
  std::string_view section, key;
  Setting value;
};

const std::vector<Example>& examples() {
  using namespace std::string_literals;
  static const std::vector<Example> list = {
      {"study", "name", "my_study"s},
      {"study", "title", "A disaster on day 60"s},
      {"study", "days", std::int64_t{180}},
      {"study", "seed", std::int64_t{1}},
      {"population", "individuals", std::int64_t{10000}},
      {"population", "age_min_y", 18.0},
      {"population", "age_max_y", 65.0},
      {"population", "share_female", 0.5},
      {"population.column", "column", "neuroticism"s},
      {"population.column", "factor", "emotional_stability"s},
      {"population.column", "reverse", true},
      {"regime", "name", "lockdown"s},
      {"regime", "start_day", std::int64_t{90}},
      {"regime", "end_day", std::int64_t{120}},
      {"regime", "hassle_rate", 1.5},
      {"wave", "name", "disaster"s},
      {"wave", "day", std::int64_t{60}},
      {"wave", "fraction", 0.3},
      {"probe", "name", "tsst_before"s},
      {"probe", "kind", "tsst"s},
      {"probe", "day", std::int64_t{30}},
      {"probe", "time", "15:00"s},
      {"intervention", "name", "coping_course"s},
      {"intervention", "kind", "coping_training"s},
      {"intervention", "start_day", std::int64_t{14}},
      {"intervention", "end_day", std::int64_t{70}},
      {"arm", "name", "no_success_learning"s},
      {"arm", "description", "coping values are not reinforced"s},
      {"output", "individuals", false},
  };
  return list;
}

// Repeated sections of which the starter file has one element; the others are commented out.
constexpr std::array<std::string_view, 2> kShown = {"wave", "probe"};

// The sentence as comment lines.
std::string wrapped(std::string_view sentence) {
  constexpr std::size_t kWidth = 98;
  std::string text;
  while (sentence.size() > kWidth) {
    const std::size_t space = sentence.rfind(' ', kWidth);
    text += fmt::format("# {}\n", sentence.substr(0, space));
    sentence.remove_prefix(space + 1);
  }
  return text + fmt::format("# {}\n", sentence);
}

std::string section_text(const Section& section) {
  const bool commented_out =
      section.repeated && std::find(kShown.begin(), kShown.end(), section.name) == kShown.end();
  std::string text = "\n";
  if (!section.doc.empty()) text += fmt::format("# {}: {}\n", section.name, section.doc);
  if (section.name == "population.column") {
    text += wrapped(fmt::format("factors: {}", fmt::join(kFactorNames, ", ")));
  }
  text += fmt::format("{}{}{}{}\n", commented_out ? "# " : "", section.repeated ? "[[" : "[",
                      section.name, section.repeated ? "]]" : "]");
  for (const KeyEntry& key : section.keys) {
    const auto example = std::find_if(examples().begin(), examples().end(), [&](const Example& e) {
      return e.section == section.name && e.key == key.info.key;
    });
    const bool has_example = example != examples().end();
    text += key_line(key.info, has_example ? std::optional<Setting>(example->value) : key.value,
                     key.parameter ? key.parameter->symbol : std::string_view(),
                     commented_out || !has_example);
  }
  if (section.name == "arm") {
    text +=
        "# set = { \"reinforcement.active\" = false }  # parameters of the model that the arm "
        "changes\n";
  }
  return text;
}

}  // namespace

std::string starter_study() {
  std::string text =
      "# A study of eustress. It runs as it is. Lines that begin with '#' are commented out: they "
      "show\n"
      "# every other key with its default or an example, what it means, and its legal range "
      "[unit].\n";
  bool before_model = true;
  for (const Section& section : catalogue()) {
    if (section.of_model && before_model) {
      before_model = false;
      text +=
          "\n# From here on: the parameters of the model. Change what you know a better value for, "
          "and\n"
          "# set a switch to false to take a mechanism out.\n";
    }
    text += section_text(section);
  }
  return text;
}

}  // namespace eustress::io
