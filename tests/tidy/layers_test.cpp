#include "tests/tidy/layers.h"

#include <doctest/doctest.h>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::tidy {
namespace {

const File kReadme{"src/README.md",
                   "| folder | what | includes |\n"
                   "| --- | --- | --- |\n"
                   "| `support` | bytes | fmt |\n"
                   "| `model` | workload | `support` |\n"
                   "| `engine` | storage | `support`, nlohmann |\n"
                   "| `cli` | main | `model`, CLI11 |\n"};

Layers layers_of_readme() {
  std::vector<Finding> findings;
  Layers layers = read_layers(kReadme, findings);
  REQUIRE(findings.empty());
  return layers;
}

std::string check(const std::string& path, const std::string& text) {
  return to_text(check_layering({path, text}, layers_of_readme()));
}

TEST_CASE("the table gives the order and everything behind the arrows") {
  const Layers layers = layers_of_readme();
  CHECK(layers.order == std::vector<std::string>{"support", "model", "engine", "cli"});
  CHECK(layers.allow.at("cli") == std::set<std::string>{"model", "support", "fmt", "CLI11"});
}

TEST_CASE("a row may only name rows above it") {
  std::vector<Finding> findings;
  read_layers({"R", "| `a` | x | `b` |\n| `b` | y | fmt |\n"}, findings);
  CHECK(to_text(findings) == "R:1: a includes b, which no row above has\n");
}

TEST_CASE("CMake's list is read") {
  CHECK(cmake_libraries("x()\nset(DDBPLAN_LIBRARIES\n  support\n  model)\n") ==
        std::vector<std::string>{"support", "model"});
}

TEST_CASE("own, lower and standard headers are allowed") {
  CHECK(check("src/model/a.cpp",
              "#include \"model/a.h\"\n#include <vector>\n#include \"support/units.h\"\n"
              "#include <fmt/format.h>\nnamespace ddbplan::model {\n") == "");
}

TEST_CASE("a header beside or above is not") {
  CHECK(check("src/model/a.cpp", "#include \"engine/b.h\"\n") ==
        "src/model/a.cpp:1: model may not include engine (the table in src/README.md)\n");
  CHECK(check("src/support/a.cpp", "\n#include \"model/b.h\"\n") ==
        "src/support/a.cpp:2: support may not include model (the table in src/README.md)\n");
}

TEST_CASE("a package has its folders") {
  CHECK(check("src/model/a.cpp", "#include <nlohmann/json.hpp>\n") ==
        "src/model/a.cpp:1: model may not use nlohmann (the table in src/README.md)\n");
  CHECK(check("src/engine/a.cpp", "#include <nlohmann/json.hpp>\n") == "");
}

TEST_CASE("includes name their folder") {
  CHECK(check("src/model/a.cpp", "#include \"a.h\"\n") ==
        "src/model/a.cpp:1: name the folder: \"model/a.h\"\n");
}

TEST_CASE("an include inside a comment or a string is none") {
  CHECK(check("src/model/a.cpp",
              "// #include \"engine/b.h\"\nauto x = R\"(\n#include \"engine/b.h\"\n)\";\n") == "");
}

TEST_CASE("a folder opens its own namespace") {
  CHECK(check("src/model/a.h", "namespace ddbplan::model {\nnamespace ddbplan::model::inner {\n") ==
        "");
  CHECK(check("src/model/a.h", "namespace ddbplan {\nnamespace ddbplan::modelling {\n") ==
        "src/model/a.h:1: the folder's namespace is ddbplan::model\n"
        "src/model/a.h:2: the folder's namespace is ddbplan::model\n");
}

TEST_CASE("a folder without a row is found") {
  CHECK(check("src/new/a.h", "") == "src/new/a.h: src/README.md has no row for the folder new\n");
}

TEST_CASE("the repository keeps to its table") {
  const std::filesystem::path repository = test::source_directory();
  std::vector<Finding> findings;
  const File readme{"src/README.md", test::read_file(repository / "src/README.md")};
  const Layers layers = read_layers(readme, findings);
  REQUIRE_FALSE(layers.order.empty());
  CHECK(cmake_libraries(test::read_file(repository / "src/CMakeLists.txt")) == layers.order);

  for (const File& file : read_files(repository, "src", {".h", ".cpp"})) {
    const std::vector<Finding> more = check_layering(file, layers);
    findings.insert(findings.end(), more.begin(), more.end());
  }
  CHECK_MESSAGE(findings.empty(), to_text(findings));
}

}  // namespace
}  // namespace ddbplan::tidy
