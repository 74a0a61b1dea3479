#include "tests/tidy/hygiene.h"

#include <doctest/doctest.h>

#include "tests/support/process.h"

namespace ddbplan::tidy {
namespace {

std::string form(const std::string& path, const std::string& text) {
  return to_text(check_form({path, text}));
}

std::string banned(const std::string& path, const std::string& text) {
  return to_text(check_banned({path, text}));
}

TEST_CASE("comments and literals are blanked, lines and lengths stay") {
  CHECK(code_of("a // b\nc") == "a     \nc");
  CHECK(code_of("a /* b\nc */ d") == "a     \n     d");
  CHECK(code_of(R"(f("x\"y", '"'))") == R"(f("    ", ' '))");
  CHECK(code_of("R\"x(a)\" )x\" b") == "R\"        \" b");
  CHECK(code_of("1'000'000 + 'x'") == "1'000'000 + ' '");
}

TEST_CASE("words have ends") {
  CHECK(has_word("  assert(x)", "assert"));
  CHECK_FALSE(has_word("static_assert(x)", "assert"));
  CHECK_FALSE(has_word("asserted", "assert"));
  CHECK(has_word("my_assert; assert", "assert"));
}

TEST_CASE("a tidy header passes") {
  CHECK(form("src/model/entity.h", "// An entity.\n#pragma once\n") == "");
}

TEST_CASE("headers need a guard and a comment") {
  CHECK(form("src/model/entity.h", "#include <vector>\n") ==
        "src/model/entity.h: no #pragma once\n"
        "src/model/entity.h:1: a header opens with a comment: what it is and promises\n");
}

TEST_CASE("blanks that nobody sees are found") {
  CHECK(form("src/a.cpp", "int a; \n\tint b;\r\nint c;") ==
        "src/a.cpp:1: blank at the end of the line\n"
        "src/a.cpp:2: tab\n"
        "src/a.cpp:2: blank at the end of the line\n"
        "src/a.cpp:3: no newline at the end\n");
}

TEST_CASE("600 lines are enough") {
  std::string text;
  for (int i = 0; i < kLinesMax; ++i) text += "int i;\n";
  CHECK(form("src/a.cpp", text) == "");
  CHECK(form("src/a.cpp", text + "\n") ==
        "src/a.cpp: 601 lines; at most 600, what would be a second file?\n");
}

TEST_CASE("names say something") {
  CHECK(form("src/plan/string_utils.cpp", "") ==
        "src/plan/string_utils.cpp: \"utils\" names nothing\n");
  CHECK(form("src/misc/a.cpp", "") == "src/misc/a.cpp: \"misc\" names nothing\n");
  CHECK(form("src/plan/utilisation.cpp", "") == "");
}

TEST_CASE("only cli prints, nobody uses the library's random numbers") {
  const std::string text = "std::cout << 1;\nstd::uniform_int_distribution<int> d;\n";
  CHECK(banned("src/cli/main.cpp", text) ==
        "src/cli/main.cpp:2: std::uniform_int_distribution: differs between libraries; "
        "use support/prng.h\n");
  CHECK(banned("src/plan/a.cpp", "std::cout << 1;\n") ==
        "src/plan/a.cpp:1: std::cout: only cli prints; return the text\n");
  CHECK(banned("src/plan/a.cpp", "#include <fstream>\n") ==
        "src/plan/a.cpp:1: <fstream>: only cli and serve do I/O; take and return text\n");
  CHECK(banned("src/plan/a.cpp", "// std::cout\nstatic_assert(true); f(\"assert\");\n") == "");
}

TEST_CASE("the repository is tidy") {
  const std::filesystem::path repository = test::source_directory();
  std::vector<Finding> findings;
  for (const char* directory : {"src", "tests"}) {
    for (const File& file : read_files(repository, directory, {".h", ".cpp"})) {
      std::vector<Finding> found = check_form(file);
      if (file.path.starts_with("src/")) {
        const std::vector<Finding> more = check_banned(file);
        found.insert(found.end(), more.begin(), more.end());
      }
      findings.insert(findings.end(), found.begin(), found.end());
    }
  }
  CHECK_MESSAGE(findings.empty(), to_text(findings));
}

}  // namespace
}  // namespace ddbplan::tidy
