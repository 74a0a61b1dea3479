#include "cli/examples.h"

#include <doctest/doctest.h>

namespace ddbplan::cli {
namespace {

TEST_CASE("a summary is the first sentence of the first comment") {
  const auto summary = [](std::string_view text) { return ExampleSchema{"x", text}.summary(); };
  CHECK(summary("# yaml-language-server: $schema=x\n# A shop. It sells.\nddbplan: 1\n") ==
        "A shop");
  CHECK(summary("# A shop that goes on\n# in the next line. It sells.\n") ==
        "A shop that goes on in the next line");
  CHECK(summary("# A shop.\n#\n# It sells.\n") == "A shop");
  CHECK(summary("ddbplan: 1\n# later\n") == "");
  CHECK(summary("#") == "");
  CHECK(summary("") == "");
}

TEST_CASE("examples are found with and without their number") {
  REQUIRE(find_example_schema("shop") != nullptr);
  CHECK(find_example_schema("shop")->text.find("service: shop") != std::string_view::npos);
  CHECK(find_example_schema("02-time-series") == find_example_schema("time-series"));
  CHECK(find_example_schema("02-time-series") != nullptr);
  CHECK(find_example_schema("") == nullptr);
  CHECK(find_example_schema("nothing") == nullptr);
}

}  // namespace
}  // namespace ddbplan::cli
