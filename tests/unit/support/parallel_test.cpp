#include "support/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>

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
  CHECK(part_count(1'000'000, 1) <= 16);
}

TEST_CASE("what one part throws reaches the caller") {
  const auto work = [](std::size_t part) -> int {
    if (part == 1) throw std::runtime_error("no");
    return 0;
  };
  CHECK_THROWS_AS(in_parts(3, work), std::runtime_error);
}

TEST_CASE("each part is done once, and taken in any order while others help") {
  constexpr std::size_t kParts = 100;
  std::vector<std::atomic<int>> done(kParts);
  Parts<std::size_t> parts(kParts, [&done](std::size_t part) {
    ++done[part];
    return part * part;
  });
  {
    const Beside<void> helper = beside([&parts] { parts.help(); });
    const Beside<void> another = beside([&parts] { parts.help(); });
    for (std::size_t part = kParts; part-- > 0;) CHECK(parts.take(part) == part * part);
  }
  for (const std::atomic<int>& times : done) CHECK(times == 1);
}

TEST_CASE("what a part throws reaches who takes it, whoever did it") {
  Parts<int> parts(2, [](std::size_t part) {
    if (part == 0) throw std::runtime_error("no");
    return 7;
  });
  parts.help();
  CHECK_THROWS_AS(static_cast<void>(parts.take(0)), std::runtime_error);
  CHECK(parts.take(1) == 7);
}

TEST_CASE("work beside gives what it returns, and is waited for when nobody asks") {
  std::atomic<bool> is_done = false;
  {
    Beside<int> seven = beside([] { return 7; });
    CHECK(seven.valid());
    CHECK(seven.get() == 7);
    CHECK(!Beside<int>().valid());
    const Beside<void> unasked = beside([&is_done] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      is_done = true;
    });
  }
  CHECK(is_done);
}
