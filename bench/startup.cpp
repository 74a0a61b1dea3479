// What a user waits for: the whole program, from start to exit, on the commands that run most often.
// Prints minimum, median and maximum of wall time and peak memory; judges nothing, since a figure means
// something only beside another from the same idle machine.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace {

namespace fs = std::filesystem;
namespace test = ddbplan::test;

struct Case {
  std::string name;
  std::vector<std::string> arguments;
};

struct Sample {
  double milliseconds;
  double mebibytes;
};

Sample sample(const Case& each) {
  // A folder per run: a second run into the same one would measure the check of the first's files.
  const test::TemporaryDirectory directory;
  fs::create_directory_symlink(test::source_directory() / "examples",
                               directory.path() / "examples");
  const test::Outcome outcome = test::run(
      test::ddbplan_binary(), {.arguments = each.arguments, .directory = directory.path()});
  if (outcome.exit_status != 0) {
    throw std::runtime_error(each.name + " failed:\n" + outcome.standard_error);
  }
  constexpr double kBytesPerMebibyte = 1024.0 * 1024.0;
  return {.milliseconds = static_cast<double>(outcome.wall_time.count()) / 1000.0,
          .mebibytes = static_cast<double>(outcome.peak_resident_bytes) / kBytesPerMebibyte};
}

void print_row(const std::string& name, std::string_view unit, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::cout << std::left << std::setw(42) << name << std::right << std::fixed
            << std::setprecision(1);
  for (const double value : {values.front(), values[values.size() / 2], values.back()}) {
    std::cout << std::setw(10) << value;
  }
  std::cout << "  " << unit << '\n';
}

void measure(const Case& each, int runs) {
  sample(each);  // reads the files into the page cache
  std::vector<double> milliseconds;
  std::vector<double> mebibytes;
  for (int i = 0; i < runs; ++i) {
    const Sample one = sample(each);
    milliseconds.push_back(one.milliseconds);
    mebibytes.push_back(one.mebibytes);
  }
  print_row(each.name, "ms", std::move(milliseconds));
  print_row("", "MiB at most resident", std::move(mebibytes));
}

void run_all(int runs) {
  const std::vector<Case> cases = {
      {"ddbplan --version", {"--version"}},
      {"ddbplan lint examples/shop.yaml", {"lint", "examples/shop.yaml"}},
      {"ddbplan design examples/shop.yaml", {"design", "examples/shop.yaml"}},
      {"ddbplan design examples/shop.yaml -o out", {"design", "examples/shop.yaml", "-o", "out"}},
  };
  std::cout << std::left << std::setw(42) << std::to_string(runs) + " runs" << std::right
            << std::setw(10) << "min" << std::setw(10) << "median" << std::setw(10) << "max"
            << '\n';
  for (const Case& each : cases) measure(each, runs);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run_all(argc > 1 ? std::max(1, std::atoi(argv[1])) : 20);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
