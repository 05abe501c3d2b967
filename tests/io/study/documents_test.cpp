// What is generated from the table of keys: starter file, reference page, schema.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "io/study/catalogue.hpp"
#include "tests/io/study/support.hpp"

namespace eustress::io {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Starter, ReadsCleanly) {
  EXPECT_THAT(warnings_of(starter_study()), IsEmpty());
  const Study study = read(starter_study());
  EXPECT_EQ(study.waves.size(), 1U);
  EXPECT_EQ(study.probes.size(), 1U);
  EXPECT_EQ(study.arms.size(), 1U);
}

TEST(Starter, ShowsEveryKey) {
  const std::string text = starter_study();
  for (const Section& section : catalogue()) {
    EXPECT_THAT(text, HasSubstr("[" + section.name + "]"));
    for (const KeyEntry& key : section.keys) {
      EXPECT_TRUE(std::regex_search(text, std::regex("\n(# )?" + std::string(key.info.key) + " =")))
          << section.name << "." << key.info.key;
    }
  }
}

// The arm and the regime that are commented out, and all parameters.
TEST(Starter, WhatIsCommentedOutIsLegalToo) {
  std::istringstream lines(starter_study());
  std::string text;
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("(?:# )?\\[+([a-z_.]+)\\]+"))) section = match[1];
    const Section* found = find_section(section);
    const bool uncomment =
        found != nullptr && (found->of_model || section == "arm" || section == "regime");
    const bool has_value = std::regex_search(line, std::regex("^# ([a-z_0-9]+ = \\S|\\[)")) &&
                           !std::regex_search(line, std::regex("^# [a-z_0-9]+ = +#"));
    text += (uncomment && has_value ? line.substr(2) : line) + "\n";
  }
  EXPECT_EQ(failure(text), "");
  const Study study = read(text);
  EXPECT_THAT(study.regimes, SizeIs(1));
  ASSERT_THAT(study.arms, SizeIs(2));
  EXPECT_THAT(study.arms[1].changes, SizeIs(1));
}

TEST(Reference, ListsEveryKeyOnce) {
  const std::string text = parameter_reference_markdown();
  std::size_t keys = 0;
  for (const Section& section : catalogue()) keys += section.keys.size();
  std::size_t rows = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `") && !line.starts_with("| `set`")) ++rows;
  }
  EXPECT_EQ(rows, keys);
}

TEST(Reference, GivesSymbolUnitDefaultRangeOriginAndSource) {
  EXPECT_THAT(parameter_reference_markdown(),
              HasSubstr("| `crh_half_life_min` | ln2/g1 | min | `4.0` | 1.5 to 30 | published | "
                        "Karin 2020 | half-life of CRH |"));
  EXPECT_THAT(parameter_reference_markdown(),
              HasSubstr("| `days` | integer | required | 1 to 36525 [d] |"));
}

// The columns of every table are as many as its head says.
TEST(Reference, TablesAreWhole) {
  std::istringstream lines(parameter_reference_markdown());
  const auto bars = [](const std::string& line) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++n;
    }
    return n;
  };
  std::size_t width = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|')) {
      width = 0;
    } else if (width == 0) {
      width = bars(line);
    } else {
      EXPECT_EQ(bars(line), width) << line;
    }
  }
}

TEST(Schema, HasEveryKeyWithItsBounds) {
  const nlohmann::json schema = nlohmann::json::parse(study_json_schema());
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("required"), (nlohmann::json{"study", "population"}));
  for (const Section& section : catalogue()) {
    const nlohmann::json* object = &schema;
    std::istringstream names(section.name);
    for (std::string name; std::getline(names, name, '.');) {
      object = &object->at("properties").at(name);
      if (object->at("type") == "array") object = &object->at("items");
    }
    ASSERT_EQ(object->at("type"), "object") << section.name;
    EXPECT_EQ(object->at("additionalProperties"), false);
    for (const KeyEntry& key : section.keys) {
      const nlohmann::json& entry = object->at("properties").at(std::string(key.info.key));
      EXPECT_TRUE(entry.at("type").is_string()) << key.info.key;
      if (key.info.type == KeyType::number) {
        EXPECT_EQ(entry.at("minimum").get<double>(), key.info.low) << key.info.key;
        EXPECT_EQ(entry.at("maximum").get<double>(), key.info.high) << key.info.key;
      }
    }
  }
  const nlohmann::json& probe = schema["properties"]["probe"]["items"];
  EXPECT_EQ(probe["properties"]["kind"]["enum"],
            (nlohmann::json{"stressor", "crh", "rest", "tsst"}));
  const nlohmann::json& strata = schema["properties"]["output"]["properties"]["strata"];
  EXPECT_EQ(strata["items"]["enum"][2], "age");
  EXPECT_EQ(strata["items"]["enum"].size(), 3 + kFactors);
  EXPECT_EQ(probe["required"], (nlohmann::json{"name", "day"}));
  EXPECT_EQ(probe["properties"]["samples_min"]["items"]["type"], "integer");
  EXPECT_TRUE(schema["properties"]["arm"]["items"]["properties"].contains("set"));
}

// A reader that looks keys up by name needs them to be different.
TEST(Catalogue, NamesAreUnique) {
  std::set<std::string> names;
  for (const Section& section : catalogue()) {
    for (const KeyEntry& key : section.keys) {
      const std::string name = section.name + "." + std::string(key.info.key);
      EXPECT_TRUE(names.insert(name).second) << name;
      EXPECT_FALSE(key.info.doc.empty()) << name;
    }
  }
  EXPECT_GT(names.size(), 200U);
}

TEST(Catalogue, DefaultsAreLegal) {
  for (const Section& section : catalogue()) {
    for (const KeyEntry& key : section.keys) {
      if (!key.value || key.info.type != KeyType::number) continue;
      const double value = std::get<double>(*key.value);
      EXPECT_GE(value, key.info.low) << section.name << "." << key.info.key;
      EXPECT_LE(value, key.info.high) << section.name << "." << key.info.key;
    }
  }
}

}  // namespace
}  // namespace eustress::io
