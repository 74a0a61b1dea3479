// Cases as data, in conformance/*.json, so that the same ones can be sent over HTTP and to the real
// service. Each file: tables (CreateTable's description), and cases of
//
//   name      what is claimed
//   source    where it is from
//   setup     requests that must succeed, each {"Operation": body}
//   request   one more request
//   response  members that its response must have: Item, Items, Attributes, Count, ScannedCount,
//             LastEvaluatedKey (null: none), ConsumedCapacity
//   local     how DynamoDB Local differs, for the oracle that asks it
//   error     instead of a response: type, message, ConsumedCapacity
//
// A string "x*3000" stands for 3,000 times x.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using nlohmann::json;
namespace dynamo = ddbplan::dynamo;

namespace {

void expand(json& in) {
  if (in.is_structured()) {
    for (json& child : in) expand(child);
    return;
  }
  if (!in.is_string()) return;
  const std::string text = in.get<std::string>();
  if (text.starts_with("x*")) in = std::string(std::stoul(text.substr(2)), 'x');
}

dynamo::KeySchema key_schema(const json& elements, const json& types) {
  dynamo::KeySchema key;
  for (const json& element : elements) {
    const std::string name = element.at("AttributeName");
    const std::string type = types.at(name);
    const dynamo::KeyAttribute attribute{name, type == "S"   ? dynamo::ScalarType::S
                                               : type == "N" ? dynamo::ScalarType::N
                                                             : dynamo::ScalarType::B};
    (element.at("KeyType") == "HASH" ? key.partition : key.sort).push_back(attribute);
  }
  return key;
}

std::vector<dynamo::IndexDescription> index_list(const json& in, const char* member,
                                                 const json& types) {
  std::vector<dynamo::IndexDescription> indexes;
  for (const json& one : in.value(member, json::array())) {
    dynamo::IndexDescription described;
    described.name = one.at("IndexName");
    described.key = key_schema(one.at("KeySchema"), types);
    const std::string projection = one.at("Projection").at("ProjectionType");
    described.projection.type = projection == "ALL"         ? dynamo::ProjectionType::all
                                : projection == "KEYS_ONLY" ? dynamo::ProjectionType::keys_only
                                                            : dynamo::ProjectionType::include;
    described.projection.attributes =
        one.at("Projection").value("NonKeyAttributes", std::vector<std::string>());
    indexes.push_back(described);
  }
  return indexes;
}

dynamo::TableDescription description(const json& in) {
  json types = json::object();
  for (const json& definition : in.at("AttributeDefinitions")) {
    types[definition.at("AttributeName").get<std::string>()] = definition.at("AttributeType");
  }
  dynamo::TableDescription table;
  table.name = in.at("TableName");
  table.key = key_schema(in.at("KeySchema"), types);
  table.global_indexes = index_list(in, "GlobalSecondaryIndexes", types);
  table.local_indexes = index_list(in, "LocalSecondaryIndexes", types);
  return table;
}

json to_plain(const dynamo::Item& item) {
  return json::parse(dynamo::item_to_json_text(item));
}

json units_json(const std::map<std::string, dynamo::HalfUnits>& indexes) {
  json out = json::object();
  for (const auto& [name, units] : indexes) out[name] = {{"CapacityUnits", units.units()}};
  return out;
}

json consumed_json(const std::vector<dynamo::ConsumedCapacity>& consumed) {
  json out = json::array();
  for (const dynamo::ConsumedCapacity& one : consumed) {
    json entry = {{"TableName", one.table},
                  {"CapacityUnits", one.total().units()},
                  {"Table", {{"CapacityUnits", one.table_units.units()}}}};
    if (!one.global_indexes.empty()) {
      entry["GlobalSecondaryIndexes"] = units_json(one.global_indexes);
    }
    if (!one.local_indexes.empty()) entry["LocalSecondaryIndexes"] = units_json(one.local_indexes);
    out.push_back(entry);
  }
  return out;
}

/// Everything a case may ask about, under the API's names.
json response_json(const dynamo::Response& response) {
  json out = {{"Count", response.count}, {"ScannedCount", response.scanned_count}};
  out["Items"] = json::array();
  for (const auto& one : response.items) {
    out["Items"].push_back(one ? to_plain(*one) : json(nullptr));
  }
  out["Item"] = response.items.empty() ? json(nullptr) : out["Items"].front();
  out["Attributes"] = response.attributes ? to_plain(*response.attributes) : json(nullptr);
  out["LastEvaluatedKey"] =
      response.last_evaluated_key ? to_plain(*response.last_evaluated_key) : json(nullptr);
  out["ConsumedCapacity"] = consumed_json(response.consumed);
  return out;
}

dynamo::Request request_of(const json& in) {
  REQUIRE(in.size() == 1);
  const auto read = dynamo::request_from_json(in.begin().key(), in.begin().value());
  REQUIRE_MESSAGE(read.ok(), read.error().path << ": " << read.error().message);
  return *read;
}

void run_case(const json& tables, const json& one) {
  REQUIRE(one.contains("source"));
  Database database;
  for (const json& table : tables) {
    REQUIRE_FALSE(database.create_table(description(table)).has_value());
  }
  for (const json& setup : one.value("setup", json::array())) {
    const auto response = database.execute(request_of(setup));
    REQUIRE_MESSAGE(response.ok(), response.error().message);
  }
  const auto response = database.execute(request_of(one.at("request")));
  if (one.contains("error")) {
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().type == one.at("error").at("type").get<std::string>());
    if (one.at("error").contains("message")) {
      CHECK(response.error().message == one.at("error").at("message").get<std::string>());
    }
    if (one.at("error").contains("ConsumedCapacity")) {
      CHECK(consumed_json(response.error().consumed) == one.at("error").at("ConsumedCapacity"));
    }
    return;
  }
  REQUIRE_MESSAGE(response.ok(), response.error().type << ": " << response.error().message);
  const json actual = response_json(*response);
  for (const auto& expected : one.at("response").items()) {
    CAPTURE(expected.key());
    REQUIRE(actual.contains(expected.key()));
    CHECK(actual.at(expected.key()) == expected.value());
  }
}

}  // namespace

TEST_CASE("conformance: every case of every file") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(DDBPLAN_CONFORMANCE_DIR)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  for (const std::filesystem::path& file : files) {
    std::ifstream stream(file);
    json document = json::parse(stream);
    expand(document);
    for (const json& one : document.at("cases")) {
      INFO(file.filename().string() << ": " << one.at("name").get<std::string>());
      run_case(document.at("tables"), one);
    }
  }
}
