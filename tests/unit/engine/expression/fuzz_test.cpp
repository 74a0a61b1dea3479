// Replays the fuzzer's corpus, and what random edits make of it. To fuzz in earnest:
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -Isrc
//     tests/unit/engine/expression/fuzz_target.cpp src/{support,dynamo,engine}/*.cpp
//     src/engine/expression/*.cpp -lfmt -o fuzz && ./fuzz tests/unit/engine/expression/corpus
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/prng.h"
#include "tests/unit/engine/expression/fuzz_target.h"

using ddbplan::engine::testing::parse_anything;
using ddbplan::support::Prng;

namespace {

std::vector<std::string> corpus() {
  std::ifstream file(DDBPLAN_FUZZ_CORPUS);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(lines.size() > 20);
  return lines;
}

}  // namespace

TEST_CASE("fuzz: the corpus") {
  for (const std::string& line : corpus()) parse_anything(line);
}

TEST_CASE("fuzz: random edits of the corpus") {
  const std::vector<std::string> lines = corpus();
  Prng prng(4096);
  for (int round = 0; round < 20000; ++round) {
    std::string text = lines[prng.below(lines.size())];
    for (auto edits = 1 + prng.below(4); edits > 0; --edits) {
      const std::size_t at = prng.below(text.size() + 1);
      switch (prng.below(4)) {
        case 0:
          text.insert(at, 1, static_cast<char>(prng.below(256)));
          break;
        case 1:
          text.erase(at, 1 + prng.below(5));
          break;
        case 2:
          text.insert(at, lines[prng.below(lines.size())]);
          break;
        default:
          text.insert(at, 1, "()[].,:#=<>+- "[prng.below(14)]);
      }
    }
    parse_anything(text);
  }
}
