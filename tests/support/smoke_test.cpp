#include <doctest/doctest.h>

TEST_CASE("the gate runs a test") {
  CHECK(__cplusplus >= 202002L);
}
