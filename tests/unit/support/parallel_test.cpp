#include "support/parallel.h"

#include <doctest/doctest.h>

#include <numeric>

using namespace ddbplan::support;

TEST_CASE("parts are joined in their order, each done once") {
  constexpr std::size_t kParts = 5;
  const std::vector<std::vector<std::size_t>> found =
      in_parts(kParts, [](std::size_t part) { return std::vector<std::size_t>(part, part); });
  REQUIRE(found.size() == kParts);
  for (std::size_t part = 0; part < kParts; ++part)
    CHECK(found[part] == std::vector<std::size_t>(part, part));
  CHECK(in_parts(0, [](std::size_t part) { return part; }).empty());
}

TEST_CASE("little work is not divided") {
  CHECK(part_count(0, 100) == 1);
  CHECK(part_count(199, 100) == 1);
  CHECK(part_count(100, 0) >= 1);
  CHECK(part_count(1'000'000, 1) <= 8);
}

TEST_CASE("what one part throws reaches the caller") {
  const auto work = [](std::size_t part) -> int {
    if (part == 1) throw std::runtime_error("no");
    return 0;
  };
  CHECK_THROWS_AS(in_parts(3, work), std::runtime_error);
}
