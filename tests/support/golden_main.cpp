// The golden runner: ddbplan_golden CASE. Compares, or with DDBPLAN_UPDATE_GOLDEN=1 rewrites, one
// case folder (golden.h). Exit status 0: equal or rewritten; 1: different; 2: the case is unusable.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string_view>

#include "tests/support/golden.h"

namespace {

namespace test = ddbplan::test;

bool wants_update() {
  const char* value = std::getenv("DDBPLAN_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

int check(const std::filesystem::path& directory) {
  const test::GoldenResult actual = test::run_golden(directory, test::ddbplan_binary());
  if (wants_update()) {
    test::update_golden(directory, actual);
    return 0;
  }
  const std::string difference = test::golden_difference(test::read_golden(directory), actual);
  if (difference.empty()) return 0;

  const std::string name =
      directory.lexically_relative(test::source_directory() / "tests").generic_string();
  std::cout << difference << "\nIf the new bytes are right:\n  DDBPLAN_UPDATE_GOLDEN=1 ctest "
            << "--test-dir build/release -R '^" << name << "$'\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::cerr << "usage: ddbplan_golden CASE\n";
      return 2;
    }
    return check(std::filesystem::absolute(argv[1]).lexically_normal());
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
