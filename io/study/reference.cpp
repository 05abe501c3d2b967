#include <fmt/format.h>

#include <string>
#include <string_view>

#include "io/study/catalogue.hpp"
#include "io/study/reader.hpp"
#include "io/study/toml_text.hpp"
#include "io/study/values.hpp"

namespace eustress::io {
namespace {

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

// A paragraph from the words of a table, which begin in lower case.
std::string sentence(std::string_view words) {
  if (words.empty()) return {};
  std::string text(words);
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".\n\n";
}

std::string legal_text(const KeyInfo& info) {
  const bool is_list_of_words = info.type == KeyType::identifiers && !info.choices.empty();
  if (info.type == KeyType::choice || is_list_of_words) return type_text(info);
  return range_text(info);
}

std::string default_text(const KeyEntry& key) {
  if (key.info.required) return "required";
  if (!key.value) return "not set";
  return fmt::format("`{}`", toml_text(*key.value));
}

std::string kind_text(KeyType type) {
  switch (type) {
    case KeyType::integer:
      return "integer";
    case KeyType::number:
      return "number";
    case KeyType::boolean:
      return "true/false";
    case KeyType::text:
      return "text";
    case KeyType::name:
    case KeyType::identifier:
      return "name";
    case KeyType::path:
      return "path";
    case KeyType::choice:
      return "choice";
    case KeyType::clock_time:
      return "time of day";
    case KeyType::integers:
      return "list of integers";
    case KeyType::identifiers:
      return "list of names";
    case KeyType::weights:
      return "table of numbers";
  }
  return {};
}

std::string study_section_text(const Section& section) {
  std::string text = "| key | type | default | legal | meaning |\n|---|---|---|---|---|\n";
  for (const KeyEntry& key : section.keys) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.info.key, kind_text(key.info.type),
                        cell(default_text(key)), cell(legal_text(key.info)), cell(key.info.doc));
  }
  if (section.name == "arm") {
    text +=
        "| `set` | table | not set | keys `\"section.key\"` of the model, and "
        "`\"model.hpa_preset\"` | what the arm changes |\n";
  }
  return text;
}

std::string model_range(const ParameterInfo& p) {
  return p.is_switch ? "true, false" : plain_number(p.low) + " to " + plain_number(p.high);
}

std::string mechanism_text(const Section& section) {
  std::string text =
      "| key | symbol | unit | default | legal | origin | source | meaning |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const KeyEntry& key : section.keys) {
    const ParameterInfo& p = *key.parameter;
    text += fmt::format("| `{}` | {} | {} | `{}` | {} | {} | {} | {} |\n", p.key, cell(p.symbol),
                        p.is_switch ? "" : cell(p.unit), toml_text(*key.value), model_range(p),
                        p.is_switch ? "" : to_string(p.origin), cell(p.source), cell(p.doc));
  }
  return text;
}

bool is_loading(const Section& section) {
  return section.name.starts_with("loadings.");
}

// All loadings in one table: their sections hold few keys each.
std::string loadings_text() {
  std::string text =
      "\n### [loadings.TRAIT]\n\n"
      "Effect of a resilience factor, the key, on a trait, in units of the trait's link scale per "
      "standard deviation.\n\n"
      "| section | key | default | legal | origin | source |\n|---|---|---|---|---|---|\n";
  for (const Section& section : catalogue()) {
    if (!is_loading(section)) continue;
    for (const KeyEntry& key : section.keys) {
      const ParameterInfo& p = *key.parameter;
      text +=
          fmt::format("| `{}` | `{}` | `{}` | {} | {} | {} |\n", section.name, p.key,
                      toml_text(*key.value), model_range(p), to_string(p.origin), cell(p.source));
    }
  }
  return text;
}

}  // namespace

std::string parameter_reference_markdown() {
  std::string text =
      "# Keys of a study file\n\n"
      "Generated from the tables of the program; do not edit.\n\n"
      "A study file is TOML. Sections in double brackets may stand several times. Numbers may be "
      "written without a decimal point, integers only so. Unknown keys are errors. On the command "
      "line, "
      "`--set section.key=value` overrides the file; elements of repeated sections are reached by "
      "name, "
      "`--set wave.NAME.key=value`.\n\n"
      "## The study\n";
  bool before_model = true;
  for (const Section& section : catalogue()) {
    if (section.of_model && before_model) {
      before_model = false;
      text +=
          "\n## The model\n\n"
          "Origins: *published*: stated in the source; *calibrated*: fitted to the target named as "
          "the "
          "source; *assumed*: chosen for the reason named as the source. Unit 1: pure number.\n";
    }
    if (is_loading(section)) continue;
    text += fmt::format("\n### {}{}{}\n\n{}", section.repeated ? "[[" : "[", section.name,
                        section.repeated ? "]]" : "]", sentence(section.doc));
    text += section.of_model ? mechanism_text(section) : study_section_text(section);
  }
  text += loadings_text();
  return text;
}

}  // namespace eustress::io
