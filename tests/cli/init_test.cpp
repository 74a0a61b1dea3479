// init: what it writes is a schema without findings, and nothing is overwritten.

#include <string>

#include <doctest/doctest.h>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

TEST_CASE("the starting schema has no finding and can be designed") {
  const Workplace place;
  const Outcome init = place.ddbplan({"init"});
  CHECK(init.exit_status == 0);
  CHECK(init.standard_error ==
        "ddbplan: note: wrote schema.yaml; next: ddbplan design schema.yaml\n");
  REQUIRE(place.has("schema.yaml"));
  const Outcome lint = place.ddbplan({"lint", "--fail-on", "warning", "schema.yaml"});
  CHECK_MESSAGE(lint.exit_status == 0, lint.standard_output);
  const Outcome design = place.ddbplan({"design", "schema.yaml"});
  CHECK_MESSAGE(design.exit_status == 0, design.standard_error);
}

TEST_CASE("a file that is there is left alone") {
  const Workplace place;
  place.write("schema.yaml", "mine\n");
  const Outcome init = place.ddbplan({"init"});
  CHECK(init.exit_status == 2);
  CHECK(init.standard_error.find("File exists") != std::string::npos);
  CHECK(place.read("schema.yaml") == "mine\n");
}

TEST_CASE("examples are listed with a line each, and written as they are in the repository") {
  const Workplace place;
  const Outcome list = place.ddbplan({"init", "--list"});
  CHECK(list.exit_status == 0);
  CHECK(list.standard_output.find("shop ") != std::string::npos);
  CHECK(place.ddbplan({"init", "shop"}).exit_status == 0);
  CHECK(place.read("shop.yaml") == read_file(source_directory() / "examples" / "shop.yaml"));
  CHECK(place.ddbplan({"init", "shop", "--print"}).standard_output == place.read("shop.yaml"));
}

TEST_CASE("every example file has a line that says what it is") {
  const Workplace place;
  const std::string list = place.ddbplan({"init", "--list"}).standard_output;
  for (const auto& [path, text] : read_tree(source_directory() / "examples")) {
    if (!path.ends_with(".yaml")) continue;
    const std::string name = path.substr(0, path.size() - 5);
    INFO(name);
    const auto at = list.find(name + " ");
    REQUIRE(at != std::string::npos);
    const std::string line = list.substr(at, list.find('\n', at) - at);
    CHECK(line.size() > name.size() + 10);
  }
}

}  // namespace
}  // namespace ddbplan::test
