// What scripts/test prints last is believed by people and by the gate; so its arithmetic has tests. The
// XML is what ctest 3.25 writes.

#include <doctest/doctest.h>

#include <string>

#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

Outcome count(const std::string& testcases) {
  return run("awk", {.arguments = {"-f", (source_directory() / "scripts/count-tests.awk").string()},
                     .standard_input =
                         "<testsuite tests=\"1\" skipped=\"0\">\n" + testcases + "</testsuite>\n"});
}

std::string testcase(const std::string& status, const std::string& inside) {
  return "\t<testcase name=\"a\" classname=\"a\" time=\"0.1\" status=\"" + status + "\">\n" +
         inside + "\t</testcase>\n";
}

std::string summary(const std::string& text) {
  return "\t\t<system-out>=====\n[doctest] test cases: " + text +
         "\n[doctest] assertions: 28 | 28 passed | 0 failed |\n</system-out>\n";
}

TEST_CASE("doctest's cases are counted, those its filter left out are not") {
  const std::string tests =
      testcase("run", summary("11 | 11 passed | 0 failed | 14 skipped")) +
      testcase("fail", "\t\t<failure message=\"\"/>\n" + summary(" 9 |  7 passed | 2 failed |"));
  CHECK(count(tests).standard_output == "18 2 0\n");
}

TEST_CASE("a test without a summary counts as one") {
  const std::string tests =
      testcase("run", "\t\t<system-out></system-out>\n") +
      testcase("fail", "\t\t<failure message=\"\"/>\n\t\t<system-out></system-out>\n");
  CHECK(count(tests).standard_output == "1 1 0\n");
}

TEST_CASE("a test that failed after all its cases passed is a failure") {
  const std::string tests = testcase("fail", summary("3 | 3 passed | 0 failed | 0 skipped"));
  CHECK(count(tests).standard_output == "3 1 0\n");
}

TEST_CASE("skipped is what asked for it, not what could not start") {
  const std::string tests =
      testcase("notrun", "\t\t<skipped message=\"SKIP_RETURN_CODE=77\"/>\n") +
      testcase("notrun", "\t\t<skipped message=\"Unable to find executable\"/>\n");
  CHECK(count(tests).standard_output == "0 1 1\n");
}

TEST_CASE("a run of no tests is no result") {
  CHECK(count("").exit_status == 1);
}

}  // namespace
}  // namespace ddbplan::test
