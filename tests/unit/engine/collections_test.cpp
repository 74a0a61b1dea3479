#include "engine/collections.h"

#include <doctest/doctest.h>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

ItemRef stored(std::string_view json) {
  return std::make_shared<const StoredItem>(item(json));
}

}  // namespace

TEST_CASE("put, find, erase") {
  Collections all;
  CHECK(all.find({"p", "s"}) == nullptr);
  all.put({"p", "s"}, stored(R"({"a":{"N":"1"}})"));
  all.put({"p", "s"}, stored(R"({"a":{"N":"2"}})"));
  REQUIRE(all.find({"p", "s"}) != nullptr);
  CHECK(text(all.find({"p", "s"})->item) == R"({"a":{"N":"2"}})");
  CHECK(all.find({"p", "t"}) == nullptr);
  all.erase({"p", "other"});
  all.erase({"q", "s"});
  CHECK(all.find({"p", "s"}) != nullptr);
  all.erase({"p", "s"});
  CHECK(all.partitions().empty());
}

TEST_CASE("a copy is a snapshot, and shares what did not change") {
  Collections all;
  all.put({"p", "1"}, stored(R"({"a":{"N":"1"}})"));
  all.put({"q", "1"}, stored(R"({"a":{"N":"2"}})"));
  const Collections snapshot = all;
  all.put({"p", "2"}, stored("{}"));
  all.erase({"q", "1"});
  CHECK(snapshot.find({"p", "2"}) == nullptr);
  CHECK(snapshot.find({"q", "1"}) != nullptr);
  CHECK(all.find({"q", "1"}) == nullptr);
  CHECK(all.find({"p", "1"}) == snapshot.find({"p", "1"}));
}

TEST_CASE("a stored item knows its size") {
  CHECK(stored(R"({"ab":{"S":"cd"}})")->bytes.count == 4);
}
