#include "engine/expression/projection.h"

#include <doctest/doctest.h>

#include "engine/expression/parser.h"
#include "engine/projecting.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::string projected(std::string_view expression) {
  const auto parsed = parse_projection(expression);
  REQUIRE(parsed.ok());
  ddbplan::dynamo::ExpressionNames names;
  names.names = {{"#s", "status"}};
  Placeholders placeholders(names);
  const auto bindings = placeholders.bind(parsed->symbols);
  REQUIRE(bindings.ok());
  std::vector<const Path*> paths;
  for (const Path& path : parsed->paths) paths.push_back(&path);
  return text(Projection(paths, *bindings).apply(item(R"({
      "a":{"S":"x"}, "status":{"S":"y"}, "m":{"M":{"p":{"N":"1"},"q":{"N":"2"}}},
      "l":{"L":[{"N":"0"},{"M":{"k":{"S":"z"}}},{"N":"2"}]}})")));
}

}  // namespace

TEST_CASE("top-level attributes") {
  CHECK(projected("a, #s") == R"({"a":{"S":"x"},"status":{"S":"y"}})");
  CHECK(projected("nope") == "{}");
}

TEST_CASE("parts of maps and lists") {
  CHECK(projected("m.q") == R"({"m":{"M":{"q":{"N":"2"}}}})");
  CHECK(projected("m.p, m.q") == R"({"m":{"M":{"p":{"N":"1"},"q":{"N":"2"}}}})");
  CHECK(projected("m.nope") == "{}");
  CHECK(projected("a.b") == "{}");
}

TEST_CASE("list elements close ranks, in their order") {
  CHECK(projected("l[2], l[0]") == R"({"l":{"L":[{"N":"0"},{"N":"2"}]}})");
  CHECK(projected("l[1].k") == R"({"l":{"L":[{"M":{"k":{"S":"z"}}}]}})");
  CHECK(projected("l[9]") == "{}");
}
