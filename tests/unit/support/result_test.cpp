#include "support/result.h"

#include <doctest/doctest.h>

#include <string>

using ddbplan::support::Defect;
using ddbplan::support::Result;

TEST_CASE("a result holds a value or an error") {
  Result<int, std::string> good(7);
  Result<int, std::string> bad(std::string("no"));
  CHECK(good.ok());
  CHECK(*good == 7);
  CHECK_FALSE(bad);
  CHECK(bad.error() == "no");
}

TEST_CASE("reading the wrong side is a defect, not undefined") {
  Result<int, std::string> good(7);
  Result<int, std::string> bad(std::string("no"));
  CHECK_THROWS_AS((void)good.error(), Defect);
  CHECK_THROWS_AS((void)bad.value(), Defect);
}

TEST_CASE("a value can be moved out") {
  Result<std::string, int> text(std::string("text"));
  CHECK(std::move(text).value() == "text");
}
