#include "tests/support/unified_diff.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff(before, after, "a", "b");
}

TEST_CASE("equal texts have no difference") {
  CHECK(diff("", "").empty());
  CHECK(diff("one\ntwo\n", "one\ntwo\n").empty());
}

TEST_CASE("a changed line stands in three lines of context") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("empty sides name the line before, as diff does") {
  CHECK(diff("", "new\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+new\n");
  CHECK(diff("old\n", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-old\n");
}

TEST_CASE("a missing last newline is shown") {
  CHECK(diff("x", "x\n") == "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

TEST_CASE("distant changes get hunks of their own") {
  std::string before;
  for (int i = 0; i < 30; ++i) before += std::to_string(i) + "\n";
  std::string after = before;
  after.replace(after.find("\n3\n"), 3, "\nthree\n");
  after.replace(after.find("\n25\n"), 4, "\n");
  const std::string text = diff(before, after);
  CHECK(text.find("@@ -1,7 +1,7 @@") != std::string::npos);
  CHECK(text.find("@@ -23,7 +23,6 @@") != std::string::npos);
}

// The independent judge is patch: where it is installed, the difference turns one text into the other.
TEST_CASE("patch understands the difference") {
  std::string before;
  std::string after;
  for (unsigned i = 0; i < 400; ++i) {
    const unsigned mixed = i * 2654435761U >> 24U;
    if (mixed % 3 != 0) before += "line " + std::to_string(mixed % 7) + "\n";
    if (mixed % 5 != 0) after += "line " + std::to_string(mixed % 7) + "\n";
  }
  const std::string text = diff(before, after);
  const TemporaryDirectory directory;
  write_file(directory.path() / "a", before);
  const Outcome patched = run("/bin/sh", {.arguments = {"-c",
                                                        "command -v patch >/dev/null || exit 77; "
                                                        "patch -s a && cat a"},
                                          .standard_input = text,
                                          .directory = directory.path()});
  if (patched.exit_status != 77) CHECK(patched.standard_output == after);
  CHECK_FALSE(text.empty());
}

TEST_CASE("texts without a common line are still compared quickly") {
  std::string before;
  std::string after;
  for (int i = 0; i < 20000; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  CHECK(diff(before, after).find("@@ -1,20000 +1,20000 @@") != std::string::npos);
}

}  // namespace
}  // namespace ddbplan::test
