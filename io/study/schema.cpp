#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <variant>

#include "io/study/catalogue.hpp"
#include "io/study/reader.hpp"

namespace eustress::io {
namespace {

using Json = nlohmann::ordered_json;

Json range(Json schema, const KeyInfo& info) {
  // Bounds of integers are written as integers.
  const bool whole = info.type != KeyType::number;
  const auto bound = [&](double x) { return whole ? Json(static_cast<std::int64_t>(x)) : Json(x); };
  schema["minimum"] = bound(info.low);
  schema["maximum"] = bound(info.high);
  return schema;
}

Json key_schema(const KeyEntry& key) {
  const KeyInfo& info = key.info;
  Json schema;
  switch (info.type) {
    case KeyType::integer:
      schema = range({{"type", "integer"}}, info);
      break;
    case KeyType::number:
      schema = range({{"type", "number"}}, info);
      break;
    case KeyType::boolean:
      schema = {{"type", "boolean"}};
      break;
    case KeyType::text:
    case KeyType::path:
      schema = {{"type", "string"}};
      break;
    case KeyType::name:
      schema = {{"type", "string"}, {"pattern", "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"}};
      break;
    case KeyType::identifier:
      schema = {{"type", "string"}, {"pattern", "^[A-Za-z][A-Za-z0-9_]{0,63}$"}};
      break;
    case KeyType::choice:
      schema = {{"type", "string"}, {"enum", Json::array()}};
      for (const std::string_view choice : info.choices)
        schema["enum"].push_back(std::string(choice));
      break;
    case KeyType::clock_time:
      schema = {{"type", "string"}, {"pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$"}};
      break;
    case KeyType::integers:
      schema = {{"type", "array"}, {"items", range({{"type", "integer"}}, info)}};
      break;
    case KeyType::identifiers:
      schema = {{"type", "array"},
                {"items", {{"type", "string"}, {"pattern", "^[A-Za-z][A-Za-z0-9_]{0,63}$"}}}};
      if (!info.choices.empty()) {
        schema["items"] = {{"type", "string"}, {"enum", Json::array()}};
        for (const std::string_view choice : info.choices) {
          schema["items"]["enum"].push_back(std::string(choice));
        }
      }
      break;
    case KeyType::weights:
      schema = {
          {"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
      for (const std::string_view choice : info.choices) {
        KeyInfo number = info;
        number.type = KeyType::number;
        schema["properties"][std::string(choice)] = range({{"type", "number"}}, number);
      }
      break;
  }
  std::string doc(info.doc);
  if (!info.unit.empty()) doc += " [" + std::string(info.unit) + "]";
  schema["description"] = doc;
  if (key.value) {
    std::visit(
        [&](const auto& x) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(x)>, Weights>) {
            schema["default"] = Json::object();
            for (const auto& [name, weight] : x) schema["default"][name] = weight;
          } else {
            schema["default"] = x;
          }
        },
        *key.value);
  }
  return schema;
}

Json closed_object(std::string_view doc) {
  return {{"type", "object"},
          {"description", std::string(doc)},
          {"additionalProperties", false},
          {"properties", Json::object()}};
}

Json section_schema(const Section& section) {
  Json object = closed_object(section.doc);
  for (const KeyEntry& key : section.keys) {
    object["properties"][std::string(key.info.key)] = key_schema(key);
    if (key.info.required) object["required"].push_back(std::string(key.info.key));
  }
  if (section.name == "arm") {
    object["properties"]["set"] = {{"type", "object"},
                                   {"description", "parameters of the model, as \"section.key\""}};
  }
  if (!section.repeated) return object;
  return {{"type", "array"}, {"items", object}};
}

}  // namespace

std::string study_json_schema() {
  Json root = closed_object("A study file of eustress");
  root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  root["title"] = "eustress study";
  for (const Section& section : catalogue()) {
    const std::size_t dot = section.name.find('.');
    const std::string top = section.name.substr(0, dot);
    if (dot == std::string::npos) {
      root["properties"][top] = section_schema(section);
    } else {
      Json& parent = root["properties"][top];
      if (parent.is_null()) parent = closed_object("one section per trait");
      parent["properties"][section.name.substr(dot + 1)] = section_schema(section);
    }
    for (const KeyEntry& key : section.keys) {
      if (key.info.required && !section.repeated) {
        if (!root["required"].is_array()) root["required"] = Json::array();
        if (root["required"].empty() || root["required"].back() != top)
          root["required"].push_back(top);
      }
    }
  }
  return root.dump(2) + "\n";
}

}  // namespace eustress::io
