#include "engine/collections.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/prng.h"
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
  all.erase({"p", "s"});
  all.put({"p", "s"}, stored(R"({"a":{"N":"1"}})"));
  all.put({"p", "s"}, stored(R"({"a":{"N":"2"}})"));
  REQUIRE(all.find({"p", "s"}) != nullptr);
  CHECK(text((*all.find({"p", "s"}))->item) == R"({"a":{"N":"2"}})");
  CHECK(all.find({"p", "t"}) == nullptr);
  all.erase({"p", "other"});
  all.erase({"q", "s"});
  CHECK(all.find({"p", "s"}) != nullptr);
  all.erase({"p", "s"});
  CHECK(all.size() == 0);
  CHECK(all.all().begin == all.all().end);
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
  CHECK(*all.find({"p", "1"}) == *snapshot.find({"p", "1"}));
}

namespace {

std::string key(const Position& position) {
  return position.partition + position.sort;
}

/// The keys in a span, walked forwards and backwards.
std::vector<std::string> keys_in(const Collections& all, const Collections::Span& span) {
  std::vector<std::string> forward;
  for (Collections::Cursor at = span.begin; at != span.end; at = all.next(at)) {
    forward.emplace_back(all.entry(at).key);
  }
  std::vector<std::string> backward;
  for (Collections::Cursor at = span.end; at != span.begin;) {
    at = all.previous(at);
    backward.insert(backward.begin(), std::string(all.entry(at).key));
  }
  CHECK(forward == backward);
  return forward;
}

}  // namespace

TEST_CASE("thousands of entries against a sorted map, through splits, erasures and copies") {
  Collections all;
  std::map<std::pair<std::uint64_t, std::string>, Position> model;
  ddbplan::support::Prng prng(7);
  const ItemRef item = stored("{}");
  Collections snapshot;
  std::size_t snapshot_size = 0;
  for (int round = 0; round < 30000; ++round) {
    // Growth, then shrinking, so that branches split and vanish.
    const bool puts = prng.below(10) < (round < 18000 ? 8U : 2U);
    const Position position{"p" + std::to_string(prng.below(40)) + "/",
                            "s" + std::to_string(prng.below(400))};
    const auto place = std::pair(partition_hash(position.partition), key(position));
    if (puts) {
      all.put(position, item);
      model[place] = position;
    } else {
      all.erase(position);
      model.erase(place);
    }
    if (round == 15000) {
      snapshot = all;
      snapshot_size = all.size();
    }
  }
  REQUIRE(all.size() == model.size());
  CHECK(keys_in(snapshot, snapshot.all()).size() == snapshot_size);
  std::vector<std::string> expected;
  for (const auto& [place, position] : model) {
    expected.push_back(place.second);
    CHECK(all.find(position) != nullptr);
    CHECK(all.entry(all.before(position)).key == place.second);
  }
  CHECK(keys_in(all, all.all()) == expected);

  SUBCASE("segments are disjoint and complete") {
    for (const int segments : {1, 2, 3, 7, 100, 1000000}) {
      std::vector<std::string> together;
      for (int i = 0; i < std::min(segments, 100); ++i) {
        for (const std::string& one : keys_in(all, all.segment(i, segments))) {
          together.push_back(one);
        }
      }
      if (segments <= 100) CHECK(together == expected);
    }
  }
  SUBCASE("ranges of one collection") {
    for (int p = 0; p < 40; ++p) {
      const std::string partition = "p" + std::to_string(p) + "/";
      std::vector<std::string> inside;
      for (const auto& [place, position] : model) {
        const bool in =
            position.partition == partition && position.sort >= "s2" && position.sort < "s35";
        if (in) inside.push_back(place.second);
      }
      CHECK(keys_in(all, all.range(partition, {"s2", "s35"})) == inside);
    }
  }
}

TEST_CASE("a stored item knows its size") {
  CHECK(stored(R"({"ab":{"S":"cd"}})")->bytes.count == 4);
}
