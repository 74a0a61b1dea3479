#include "engine/key_condition.h"

#include <doctest/doctest.h>

#include <map>

#include "engine/key_encoding.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::KeySchema;
using ddbplan::dynamo::ScalarType;

namespace {

const KeySchema kSimple = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}};
const KeySchema kPartitionOnly = {{{"PK", ScalarType::S}}, {}};
const KeySchema kMulti = {{{"a", ScalarType::S}, {"b", ScalarType::N}},
                          {{"c", ScalarType::S}, {"d", ScalarType::N}, {"e", ScalarType::S}}};

/// The service's message, or "" when the condition is good.
std::string problem(std::string_view condition, const KeySchema& key) {
  ddbplan::dynamo::ExpressionNames names;
  for (const auto& [name, json] : std::map<std::string, const char*>{{":s", R"({"S":"x"})"},
                                                                     {":t", R"({"S":"y"})"},
                                                                     {":n", R"({"N":"1"})"},
                                                                     {":e", R"({"S":""})"}}) {
    if (condition.find(name) != std::string_view::npos) names.values.emplace(name, value(json));
  }
  ExpressionCache cache;
  RequestExpressions expressions(cache, names);
  const auto bound = expressions.condition(std::string(condition), ConditionUse::key_condition);
  REQUIRE_MESSAGE(bound.ok(), bound.error().message);
  const auto resolved = resolve_key_condition(**bound, key);
  return resolved ? "" : resolved.error().message;
}

}  // namespace

TEST_CASE("what a key condition may say") {
  for (const char* condition :
       {"PK = :s", ":s = PK", "(PK = :s)", "PK = :s AND SK = :t", "SK = :t AND PK = :s",
        "PK = :s AND SK < :t", "PK = :s AND SK >= :t", "PK = :s AND begins_with(SK, :t)",
        "PK = :s AND SK BETWEEN :s AND :t", "PK = :s AND (SK > :t)"}) {
    CAPTURE(condition);
    CHECK(problem(condition, kSimple).empty());
  }
}

TEST_CASE("what it may not say, in the service's words") {
  const char* const unsupported = "Query key condition not supported";
  CHECK(problem("PK > :s", kSimple) == unsupported);
  CHECK(problem("begins_with(PK, :s)", kSimple) == unsupported);
  CHECK(problem("SK = :s", kSimple) == "Query condition missed key schema element: PK");
  CHECK(problem("PK = :s AND third = :t", kSimple) ==
        "Query condition missed key schema element: SK");
  CHECK(problem("PK = :s AND third = :t", kPartitionOnly) == unsupported);
  CHECK(problem("PK = :s OR SK = :t", kSimple) ==
        "Invalid operator used in KeyConditionExpression: OR");
  CHECK(problem("PK = :s AND NOT SK = :t", kSimple) ==
        "Invalid operator used in KeyConditionExpression: NOT");
  CHECK(problem("PK = :s AND SK <> :t", kSimple) ==
        "Invalid operator used in KeyConditionExpression: <>");
  CHECK(problem("PK = :s AND SK IN (:t)", kSimple) ==
        "Invalid operator used in KeyConditionExpression: IN");
  CHECK(problem("PK = :s AND contains(SK, :t)", kSimple) ==
        "Invalid operator used in KeyConditionExpression: contains");
  CHECK(problem("PK = :s AND SK > :s AND SK < :t", kSimple) ==
        "KeyConditionExpressions must only contain one condition per key");
  CHECK(problem("PK = :s AND size(SK) > :n", kSimple) ==
        "KeyConditionExpressions cannot contain nested operations");
  CHECK(problem("PK.a = :s", kSimple) ==
        "KeyConditionExpressions cannot have conditions on nested attributes");
  CHECK(problem("PK = SK", kSimple) ==
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
        "condition");
  CHECK(problem(":s = :t", kSimple) ==
        "Invalid condition in KeyConditionExpression: No key attribute specified");
  CHECK(problem("PK = :n", kSimple) ==
        "One or more parameter values were invalid: Condition parameter type does not match "
        "schema type");
  CHECK(problem("PK = :e", kSimple) ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: PK");
}

TEST_CASE("multi-attribute keys: all of the partition, a prefix of the sort, one range last") {
  CHECK(problem("a = :s AND b = :n", kMulti).empty());
  CHECK(problem("a = :s AND b = :n AND c = :s", kMulti).empty());
  CHECK(problem("a = :s AND b = :n AND c = :s AND d > :n", kMulti).empty());
  CHECK(problem("a = :s AND b = :n AND c = :s AND d = :n AND begins_with(e, :t)", kMulti).empty());
  CHECK(problem("a = :s", kMulti) == "Query condition missed key schema element: b");
  // Developer Guide, "Multi-attribute keys": the error for a skipped attribute.
  const char* const unsupported = "Query key condition not supported";
  CHECK(problem("a = :s AND b = :n AND d = :n", kMulti) == unsupported);
  CHECK(problem("a = :s AND b = :n AND c > :s AND d = :n", kMulti) == unsupported);
  CHECK(problem("a = :s AND b = :n AND begins_with(c, :s) AND d = :n", kMulti) == unsupported);
  CHECK(problem("a = :s AND b > :n", kMulti) == unsupported);
}

TEST_CASE("ranges hold what the condition says") {
  const auto matches = [](std::string_view condition, const char* sort_key) {
    ddbplan::dynamo::ExpressionNames names;
    names.values = {{":p", value(R"({"S":"p"})")}, {":l", value(R"({"S":"b"})")}};
    if (condition.find(":h") != std::string_view::npos) {
      names.values.emplace(":h", value(R"({"S":"d"})"));
    }
    ExpressionCache cache;
    RequestExpressions expressions(cache, names);
    const auto bound = expressions.condition(std::string(condition), ConditionUse::key_condition);
    const auto resolved = resolve_key_condition(**bound, kSimple);
    REQUIRE(resolved.ok());
    std::string key;
    append_key(key, ddbplan::dynamo::AttributeValue::string(sort_key));
    return resolved->range.contains(key);
  };
  struct Case {
    const char* condition;
    const char* inside;  // each letter a key
    const char* outside;
  };
  for (const Case& c : {Case{"PK = :p AND SK = :l", "b", "ac"},
                        {"PK = :p AND SK < :l", "a", "bc"},
                        {"PK = :p AND SK <= :l", "ab", "c"},
                        {"PK = :p AND SK > :l", "c", "ab"},
                        {"PK = :p AND :l < SK", "c", "ab"},
                        {"PK = :p AND SK >= :l", "bc", "a"},
                        {"PK = :p AND SK BETWEEN :l AND :h", "bcd", "ae"},
                        {"PK = :p AND begins_with(SK, :l)", "b", "ac"}}) {
    CAPTURE(c.condition);
    for (const char* key = c.inside; *key != 0; ++key) {
      CHECK(matches(c.condition, std::string(1, *key).c_str()));
    }
    for (const char* key = c.outside; *key != 0; ++key) {
      CHECK_FALSE(matches(c.condition, std::string(1, *key).c_str()));
    }
  }
  CHECK(matches("PK = :p AND begins_with(SK, :l)", "bzz"));
  CHECK_FALSE(matches("PK = :p AND SK = :l", "bz"));
  CHECK(matches("PK = :p AND SK > :l", "bz"));
}
