#include "schema/json_schema.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "schema/keys.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

TEST_CASE("the committed JSON Schema is the generated one") {
  test::check_file(test::repository("schemas/ddbplan.schema.json"), json_schema());
}

void collect_references(const nlohmann::json& json, std::set<std::string>& references) {
  if (json.is_object() && json.contains("$ref") && json["$ref"].is_string()) {
    references.insert(json["$ref"].get<std::string>());
  }
  if (!json.is_structured()) return;
  for (const nlohmann::json& part : json) collect_references(part, references);
}

TEST_CASE("it is JSON, and every reference leads somewhere") {
  const nlohmann::json json = nlohmann::json::parse(json_schema());
  std::set<std::string> references;
  collect_references(json, references);
  for (const std::string& reference : references) {
    CAPTURE(reference);
    CHECK(json["$defs"].contains(reference.substr(std::string("#/$defs/").size())));
  }
  // And every definition is used.
  for (const auto& [name, definition] : json["$defs"].items()) {
    const auto& shown = name;  // clang 14 captures no structured binding
    CAPTURE(shown);
    CHECK(references.count("#/$defs/" + name) == 1);
  }
}

TEST_CASE("every key is described") {
  for (const KeyInfo& key : key_table()) {
    CAPTURE(key.key);
    CHECK(key.sentence.size() > 5);
    CHECK(key.sentence.back() == '.');
    CHECK(key.since == 1);
    CHECK(shape(key.shape).id == key.shape);
  }
}

TEST_CASE("no key is a word that YAML parsers take for something else") {
  const std::set<std::string_view> taken = {"on", "off",  "yes",   "no",   "y",
                                            "n",  "true", "false", "null", "~"};
  for (const KeyInfo& key : key_table()) CHECK(taken.count(key.key) == 0);
}

}  // namespace
}  // namespace ddbplan::schema
