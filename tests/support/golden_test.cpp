#include "tests/support/golden.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/support/files.h"

namespace ddbplan::test {
namespace {

/// A case folder and a stand-in for the program: a script that prints its arguments.
struct Fixture {
  TemporaryDirectory directory;
  std::filesystem::path program = directory.path() / "program";
  std::filesystem::path folder = directory.path() / "case";

  Fixture() {
    write_file(program,
               "#!/bin/sh\n"
               "echo \"args: $*\"\n"
               "[ \"$1\" = copy ] && mkdir -p out/sub && cp schema.yaml out/sub/copy\n"
               "[ \"$1\" = complain ] && echo bad >&2 && exit 2\n"
               "[ \"$1\" = crash ] && kill -SEGV $$\n"
               "exit 0\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  void add(const std::string& name, const std::string& bytes) const {
    write_file(folder / name, bytes);
  }
  [[nodiscard]] std::string difference() const {
    return golden_difference(read_golden(folder), run_golden(folder, program));
  }
};

TEST_CASE_FIXTURE(Fixture, "a case that says what the program says passes") {
  add("cmd", "# a comment\nlint 'two words'\n\ncomplain\nnever\n");
  add("stdout", "args: lint two words\nargs: complain\n");
  add("stderr", "bad\n");
  add("exit", "2\n");
  CHECK(difference().empty());
}

TEST_CASE_FIXTURE(Fixture, "{bin} puts the program elsewhere in the line") {
  add("cmd", "echo first; {bin} lint | tr a-z A-Z\n");
  add("stdout", "first\nARGS: LINT\n");
  CHECK(difference().empty());
}

TEST_CASE_FIXTURE(Fixture, "unexpected words on standard error and a bad status are differences") {
  add("cmd", "complain\n");
  add("stdout", "args: complain\n");
  CHECK(difference() ==
        "exit status is 2, expected 0\n"
        "--- expected/stderr\n+++ actual/stderr\n@@ -0,0 +1 @@\n+bad\n");
}

TEST_CASE_FIXTURE(Fixture, "a tree is compared file by file") {
  add("cmd", "copy\n");
  add("schema.yaml", "version: 1\n");
  add("out/sub/copy", "version: 2\n");
  add("out/missing", "x\n");
  CHECK(difference() ==
        "out/missing was not written\n"
        "--- expected/out/sub/copy\n+++ actual/out/sub/copy\n"
        "@@ -1 +1 @@\n-version: 2\n+version: 1\n");
}

TEST_CASE_FIXTURE(Fixture, "a case that expects nothing is refused") {
  add("cmd", "lint\n");
  CHECK_THROWS_AS(read_golden(folder), std::runtime_error);
}

TEST_CASE_FIXTURE(Fixture, "a crash can never become an expectation") {
  add("cmd", "crash\n");
  CHECK_THROWS_AS(run_golden(folder, program), std::runtime_error);
}

TEST_CASE_FIXTURE(Fixture, "an update of a new case writes what there is") {
  add("cmd", "copy\n");
  add("schema.yaml", "version: 1\n");
  update_golden(folder, run_golden(folder, program));
  CHECK(read_file(folder / "stdout") == "args: copy\n");
  CHECK(read_file(folder / "out/sub/copy") == "version: 1\n");
  CHECK_FALSE(std::filesystem::exists(folder / "stderr"));
  CHECK_FALSE(std::filesystem::exists(folder / "exit"));
  CHECK(difference().empty());
}

TEST_CASE_FIXTURE(Fixture, "an update leaves alone what the case does not look at") {
  add("cmd", "copy\n");
  add("schema.yaml", "version: 1\n");
  add("out/sub/copy", "old\n");
  add("out/gone", "old\n");
  add("exit", "1\n");
  update_golden(folder, run_golden(folder, program));
  CHECK_FALSE(std::filesystem::exists(folder / "stdout"));
  CHECK_FALSE(std::filesystem::exists(folder / "exit"));
  CHECK_FALSE(std::filesystem::exists(folder / "out/gone"));
  CHECK(difference().empty());
}

}  // namespace
}  // namespace ddbplan::test
