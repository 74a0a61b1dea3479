#include "tests/unit/engine/wire_requests.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/units.h"

namespace ddbplan::engine::testing {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::Item;
using dynamo::Response;

namespace {

dynamo::Request request(std::string_view operation, std::string_view body) {
  const auto read = dynamo::request_from_json(operation, nlohmann::json::parse(body));
  REQUIRE_MESSAGE(read.ok(), read.error().path << ": " << read.error().message);
  return *read;
}

dynamo::KeyAttribute key_attribute(std::string_view text) {
  const std::size_t colon = text.find(':');
  dynamo::KeyAttribute attribute{std::string(text.substr(0, colon)), dynamo::ScalarType::S};
  if (colon != std::string_view::npos) {
    attribute.type = text[colon + 1] == 'N' ? dynamo::ScalarType::N : dynamo::ScalarType::B;
  }
  return attribute;
}

}  // namespace

Item item(std::string_view json) {
  const auto read = dynamo::item_from_json_text(json);
  REQUIRE_MESSAGE(read.ok(), std::string(json));
  return *read;
}

AttributeValue value(std::string_view json) {
  const auto read = dynamo::value_from_json(nlohmann::json::parse(json));
  REQUIRE_MESSAGE(read.ok(), std::string(json));
  return *read;
}

std::string text(const Item& item) {
  return dynamo::item_to_json_text(item);
}

Response run(Database& database, std::string_view operation, std::string_view body) {
  const auto response = database.execute(request(operation, body));
  REQUIRE_MESSAGE(response.ok(), response.error().type << ": " << response.error().message);
  return *response;
}

ApiError refused(Database& database, std::string_view operation, std::string_view body) {
  const auto read = dynamo::request_from_json(operation, nlohmann::json::parse(body));
  if (!read) {
    const char* type = read.error().is_shape ? "SerializationException" : "ValidationException";
    return {type, read.error().message, {}, {}};
  }
  const auto response = database.execute(*read);
  REQUIRE_FALSE_MESSAGE(response.ok(), std::string(body));
  return response.error();
}

std::string items_text(const Response& response) {
  std::string out = "[";
  for (const dynamo::ReadItem& one : response.items) {
    if (out.size() > 1) out += ",";
    out += one ? text(*one) : "null";
  }
  return out + "]";
}

std::string consumed_text(const std::vector<dynamo::ConsumedCapacity>& consumed) {
  std::string out;
  for (const dynamo::ConsumedCapacity& table : consumed) {
    if (!out.empty()) out += "; ";
    out += table.table + ": " + support::format_number(table.table_units.units());
    for (const auto* indexes : {&table.global_indexes, &table.local_indexes}) {
      for (const auto& [name, units] : *indexes) {
        out += " " + name + " " + support::format_number(units.units());
      }
    }
  }
  return out;
}

dynamo::TableDescription table(std::string name, std::string_view partition,
                               std::string_view sort) {
  dynamo::TableDescription table;
  table.name = std::move(name);
  table.key.partition.push_back(key_attribute(partition));
  if (!sort.empty()) table.key.sort.push_back(key_attribute(sort));
  return table;
}

dynamo::IndexDescription index(std::string name, std::initializer_list<std::string_view> partition,
                               std::initializer_list<std::string_view> sort,
                               dynamo::Projection projection) {
  dynamo::IndexDescription index;
  index.name = std::move(name);
  for (const std::string_view attribute : partition) {
    index.key.partition.push_back(key_attribute(attribute));
  }
  for (const std::string_view attribute : sort) index.key.sort.push_back(key_attribute(attribute));
  index.projection = std::move(projection);
  return index;
}

}  // namespace ddbplan::engine::testing
