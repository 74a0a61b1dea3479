// The document that `design --format json` prints, read again.
#include "design/earlier_design.h"

#include <doctest/doctest.h>

#include "design/document_place.h"

using namespace ddbplan;

namespace {

const std::string kDesign = R"({"schema_version": 1, "service": "shop",
 "tables": [{"name": "shop", "partition_key": [{"name": "PK", "type": "S"}], "sort_key": [{"name": "SK", "type": "S"}],
   "global_secondary_indexes": [{"name": "GSI1", "partition_key": [{"name": "GSI1PK", "type": "S"}],
     "sort_key": [{"name": "at", "type": "N"}], "projection": {"type": "INCLUDE", "attributes": ["total"]}}],
   "local_secondary_indexes": []}],
 "entities": {"Order": {"items": [{"role": "row", "table": "shop", "type": null,
   "attributes": ["total"], "keys": [
   {"index": null, "partition_key": "CUSTOMER#{customer_id}", "sort_key": "ORDER#{order_id}", "shards": 1},
   {"index": "GSI1", "partition_key": "ORDER#OPEN#{shard}", "sort_key": "{at}", "when": "status = OPEN", "shards": 2,
    "shard": {"by": "order_id", "hash": "fnv1a-32", "per_key": {"acme": 8}}, "ranks": {"status": ["OPEN", "DONE"]}}]}]}},
 "access_patterns": {"open_orders": {"steps": [
   {"operation": "Query", "index": "GSI1", "entities": ["Order"], "after": []},
   {"operation": "BatchGetItem", "index": null, "entities": ["Order"], "after": [0]}]}}
})";

std::string changed(const std::string& from, const std::string& to) {
  std::string out = kDesign;
  const std::size_t at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

/// "line:column message" of the refusal.
std::string refusal(const std::string& json) {
  const support::SourceText text("design.json", json);
  const auto read = design::read_design(text);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().code == "DDB113");
  const support::LineColumn at = text.position(read.error().span.begin);
  return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + read.error().message;
}

}  // namespace

TEST_CASE("tables, keys, shards and what a pattern reads") {
  const support::SourceText text("design.json", kDesign);
  const auto read = design::read_design(text);
  REQUIRE(read.ok());
  CHECK(read->service == "shop");
  CHECK(text.slice(read->service_span) == "\"shop\"");
  REQUIRE(read->tables.size() == 1);
  const design::Index* index = read->tables.front().find_index("GSI1");
  REQUIRE(index != nullptr);
  CHECK(index->key.sort.front() == dynamo::KeyAttribute{"at", dynamo::ScalarType::N});
  CHECK(index->projection == dynamo::Projection{dynamo::ProjectionType::include, {"total"}});
  const design::EarlierItem& row = read->entities.at("Order").front();
  CHECK_FALSE(row.type.has_value());
  REQUIRE(row.keys.size() == 2);
  CHECK_FALSE(row.keys[0].index.has_value());
  CHECK(row.keys[0].sort == std::vector<std::string>{"ORDER#{order_id}"});
  CHECK(row.keys[1].when == "status = OPEN");
  CHECK(row.keys[1].shards.count == 2);
  CHECK(row.keys[1].shards.by == std::vector<std::string>{"order_id"});
  CHECK(row.keys[1].shards.per_key.at("acme") == 8);
  CHECK(row.keys[1].ranks.at("status") == std::vector<std::string>{"OPEN", "DONE"});
  const auto& queries = read->patterns.at("open_orders");
  REQUIRE(queries.size() == 1);
  CHECK(queries.front().index == "GSI1");
  CHECK(queries.front().fetches);
}

TEST_CASE("what is no design is refused where it stands") {
  CHECK(refusal("entities:\n  Order: 1\n") == "1:1 this is not JSON from here on");
  CHECK(refusal("{\"schema_version\": 1,\n  \"service\": }") ==
        "2:14 this is not JSON from here on");
  CHECK(refusal("[]") == "1:1 an object is expected here");
  CHECK(refusal("{}") == "1:1 'schema_version' is missing here: this is no design of ddbplan");
  CHECK(refusal(changed("\"schema_version\": 1", "\"schema_version\": 2")) ==
        "1:20 this design is of schema_version 2, and this ddbplan reads 1");
  CHECK(refusal(changed("\"type\": \"N\"", "\"type\": \"M\"")) ==
        "4:42 a key attribute has the type S, N or B");
  CHECK(refusal(changed("\"shards\": 2", "\"shards\": -2")) ==
        "9:116 a small whole number is expected here");
  CHECK(refusal(changed("\"shards\": 2", "\"shards\": 0")) == "9:116 a key has one shard or more");
  CHECK(refusal(changed("\"CUSTOMER#{customer_id}\"", "[]")) == "8:37 a key has a partition key");
  CHECK(refusal(changed("\"shards\": 2", "\"shards\": 1e999")) ==
        "1:1 this is no JSON of ddbplan: it has a number that no double holds");
  CHECK(refusal(changed("\"when\": \"status = OPEN\"", "\"when\": [1]")) ==
        "9:89 a text is expected here");
}

TEST_CASE("a place in a JSON text") {
  const std::string text = R"({"a": [1, {"b\"c": [true, "x,]}"]}], "d": -1.5e3})";
  const auto slice = [&](const std::vector<design::PlaceStep>& steps) {
    const support::Span span = design::place_in_json(text, steps);
    return text.substr(span.begin, span.end - span.begin);
  };
  const std::string a = "a";
  CHECK(slice({}) == text);
  CHECK(slice({a, std::size_t{0}}) == "1");
  CHECK(slice({a, std::size_t{1}, std::string("b\"c"), std::size_t{1}}) == "\"x,]}\"");
  CHECK(slice({std::string("d")}) == "-1.5e3");
  // Where a step leads nowhere: what was reached.
  CHECK(slice({a, std::size_t{5}}) == R"([1, {"b\"c": [true, "x,]}"]}])");
  CHECK(slice({std::string("e")}) == text);
}
