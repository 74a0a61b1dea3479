#include "support/check.h"

#include <doctest/doctest.h>

#include <string>

using ddbplan::support::Defect;

TEST_CASE("a check that holds does nothing") {
  CHECK_NOTHROW(DDBPLAN_CHECK(1 + 1 == 2));
}

TEST_CASE("a check that fails names its condition, its place and the message") {
  try {
    DDBPLAN_CHECK_MSG(1 + 1 == 3, "arithmetic holds");
    FAIL("the check did not throw");
  } catch (const Defect& defect) {
    const std::string text = defect.what();
    CHECK(text.find("1 + 1 == 3") != std::string::npos);
    CHECK(text.find("check_test.cpp:") != std::string::npos);
    CHECK(text.find("arithmetic holds") != std::string::npos);
  }
}
