#include <doctest/doctest.h>

#include <string>

#include "engine/validation.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::ProjectionType;
using ddbplan::dynamo::TableDescription;

namespace {

std::string problem(const TableDescription& described) {
  const auto error = check_table(described);
  if (!error) return "";
  CHECK(error->type == "ValidationException");
  return error->message;
}

bool mentions(const TableDescription& described, const char* words) {
  return problem(described).find(words) != std::string::npos;
}

TableDescription with_global(std::vector<ddbplan::dynamo::IndexDescription> indexes) {
  TableDescription t = table("shop", "PK", "SK");
  t.global_indexes = std::move(indexes);
  return t;
}

TableDescription with_local(std::vector<ddbplan::dynamo::IndexDescription> indexes) {
  TableDescription t = table("shop", "PK", "SK");
  t.local_indexes = std::move(indexes);
  return t;
}

}  // namespace

TEST_CASE("names") {
  CHECK(problem(table("shop", "PK")).empty());
  CHECK(mentions(table("ab", "PK"), "length greater than or equal to 3"));
  CHECK(mentions(table("a b c", "PK"), "regular expression pattern"));
  CHECK(mentions(table(std::string(256, 'a'), "PK"), "less than or equal to 255"));
  CHECK(mentions(with_global({index("ix", {"a"}, {})}), "length greater than or equal to 3"));
  CHECK(mentions(with_global({index("same", {"a"}, {}), index("same", {"b"}, {})}),
                 "Duplicate index name: same"));
}

TEST_CASE("key schemas") {
  TableDescription none = table("shop", "PK");
  none.key.partition.clear();
  CHECK(mentions(none, "not a HASH key type"));
  CHECK(mentions(table("shop", "PK", "PK"), "have the same name"));
  TableDescription two = table("shop", "PK");
  two.key.partition.push_back({"b", ddbplan::dynamo::ScalarType::S});
  CHECK(mentions(two, "at most 1 of each"));
}

TEST_CASE("multi-attribute keys: up to 4 and 4, in global indexes only") {
  CHECK(problem(with_global({index("gsi", {"a", "b", "c", "d"}, {"e", "f", "g", "h"})})).empty());
  CHECK(mentions(with_global({index("gsi", {"a", "b", "c", "d", "e"}, {})}), "at most 4 of each"));
  CHECK(mentions(with_local({index("lsi", {"PK"}, {"a", "b"})}), "at most 1 of each"));
}

TEST_CASE("local indexes share the partition key and have a sort key") {
  CHECK(problem(with_local({index("lsi", {"PK"}, {"a:N"})})).empty());
  CHECK(mentions(with_local({index("lsi", {"a"}, {"b"})}), "same leading hash key"));
  CHECK(mentions(with_local({index("lsi", {"PK"}, {})}), "does not have a range key"));
  TableDescription simple = table("shop", "PK");
  simple.local_indexes = {index("lsi", {"PK"}, {"a"})};
  CHECK(mentions(simple, "required when specifying a LocalSecondaryIndex"));
}

TEST_CASE("projections") {
  CHECK(problem(with_global({index("gsi", {"a"}, {}, {ProjectionType::include, {"x"}})})).empty());
  CHECK(mentions(with_global({index("gsi", {"a"}, {}, {ProjectionType::all, {"x"}})}),
                 "ProjectionType is ALL, but NonKeyAttributes is specified"));
  CHECK(mentions(with_global({index("gsi", {"a"}, {}, {ProjectionType::keys_only, {"x"}})}),
                 "ProjectionType is KEYS_ONLY"));
  CHECK(mentions(with_global({index("gsi", {"a"}, {}, {ProjectionType::include, {}})}),
                 "ProjectionType is INCLUDE"));
  std::vector<std::string> many;
  for (int i = 0; i < 21; ++i) many.push_back("a" + std::to_string(i));
  CHECK(mentions(with_global({index("gsi", {"a"}, {}, {ProjectionType::include, many})}),
                 "less than or equal to 20"));
  many.pop_back();
  std::vector<ddbplan::dynamo::IndexDescription> six;
  for (int i = 0; i < 6; ++i) {
    six.push_back(index("gsi" + std::to_string(i), {"a"}, {}, {ProjectionType::include, many}));
  }
  // The same name in two indexes counts twice.
  CHECK(mentions(with_global(six), "exceeds the limit of 100"));
  six.pop_back();
  CHECK(problem(with_global(six)).empty());
}

TEST_CASE("20 global and 5 local indexes") {
  std::vector<ddbplan::dynamo::IndexDescription> global;
  for (int i = 0; i < 20; ++i) global.push_back(index("gsi" + std::to_string(i), {"a"}, {}));
  CHECK(problem(with_global(global)).empty());
  global.push_back(index("one-more", {"a"}, {}));
  CHECK(mentions(with_global(global), "per-table limit of 20"));
  std::vector<ddbplan::dynamo::IndexDescription> local;
  for (int i = 0; i < 6; ++i) local.push_back(index("lsi" + std::to_string(i), {"PK"}, {"a"}));
  CHECK(mentions(with_local(local), "per-table limit of 5"));
}

TEST_CASE("one attribute has one type") {
  CHECK(mentions(with_global({index("gsi", {"SK:N"}, {})}), "same name: SK"));
}
