#include "schema/codes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

TEST_CASE("codes and rules are unique and in order") {
  std::set<std::string_view> rules;
  std::string_view last;
  for (const CodeInfo& info : code_table()) {
    CHECK(info.id > last);
    last = info.id;
    CHECK(rules.insert(info.rule).second);
    CHECK(info.id.substr(0, 4) == "DDB0");
    CHECK_FALSE(info.explanation.empty());
  }
}

TEST_CASE("each bad example gives its code and nothing else, each good one nothing") {
  for (const CodeInfo& info : code_table()) {
    CAPTURE(info.id);
    const bool is_defaults = info.code == Code::defaults_used;
    if (!info.bad.empty() && !is_defaults) {
      const std::string bad = test::complete_schema(info.bad);
      CAPTURE(test::findings(bad));
      CHECK(test::codes(bad) == info.id);
    }
    if (!info.good.empty()) {
      const std::string good = test::complete_schema(info.good);
      CHECK(test::findings(good) == "");
    }
  }
}

}  // namespace
}  // namespace ddbplan::schema
