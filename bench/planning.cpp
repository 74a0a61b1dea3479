// How long planning takes, variants and all, as schemas grow: synthetic ones of 10 to 1,000 access patterns, and files
// that are given. Prints a table in Markdown; judges nothing.
//
//   bench/planning [--write FOLDER] [FILE...]

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "plan/variants.h"
#include "schema/parse.h"
#include "tests/support/files.h"
#include "tests/support/synthetic.h"

namespace {

namespace fs = std::filesystem;
using namespace ddbplan;

struct Row {
  std::string name;
  std::string text;
};

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

void measure(const Row& row) {
  const support::SourceText source(row.name, row.text);
  support::Diagnostics diagnostics;
  const auto workload = schema::parse(source, diagnostics);
  if (!workload) throw std::runtime_error(row.name + " is no schema");
  const auto start = std::chrono::steady_clock::now();
  const auto design =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), {.explain = false}, diagnostics)
          .design;
  const double taken = milliseconds_since(start);
  if (!design) throw std::runtime_error(row.name + " has no design");
  const design::Optimality& found = design->optimality;
  std::cout << "| " << row.name << " | " << workload->entities.size() << " | "
            << workload->patterns.size() << " | " << design->tables.front().indexes.size() << " | "
            << std::fixed << std::setprecision(2) << found.objective.usd() << " | ";
  if (found.proven) {
    std::cout << "proven";
  } else if (found.gap) {
    std::cout << std::setprecision(4) << *found.gap * 100 << " %";
  } else {
    std::cout << "unknown";
  }
  std::cout << " | " << found.nodes << " | " << std::setprecision(1) << taken << " |\n";
}

void run(const std::vector<std::string>& arguments) {
  std::vector<Row> rows;
  std::optional<fs::path> folder;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--write" && i + 1 < arguments.size()) {
      folder = arguments[++i];
    } else {
      rows.push_back({fs::path(arguments[i]).filename().string(), test::read_file(arguments[i])});
    }
  }
  for (const int patterns : {10, 20, 50, 100, 200, 500, 1000}) {
    const test::SyntheticSize size{patterns / 5, patterns, "auto"};
    const std::string name = "synthetic, " + std::to_string(patterns);
    rows.push_back({name, test::synthetic_schema(size, 1)});
    if (folder) test::write_file(*folder / (name + ".yaml"), rows.back().text);
  }
  std::cout << "| schema | entities | patterns | indexes | $/month | gap | nodes | ms |\n"
               "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Row& row : rows) measure(row);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
