#include "tests/examples/designed.h"

#include <doctest/doctest.h>

#include "tests/support/process.h"

namespace ddbplan::test {

namespace {

bool is_index(const Json& entry, const std::string& index) {
  return index.empty() ? entry.at("index").is_null() : entry.at("index") == index;
}

}  // namespace

Json design_example(const std::string& file, const std::vector<std::string>& options) {
  Command command;
  command.directory = source_directory();
  command.arguments = {"design", file, "--format", "json"};
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  const Outcome outcome = run(ddbplan_binary(), command);
  INFO("design " << file);
  INFO(outcome.standard_error);
  REQUIRE(outcome.exit_status == 0);
  return Json::parse(outcome.standard_output);
}

Json row_key(const Json& design, const std::string& entity, const std::string& index) {
  for (const Json& item : design.at("entities").at(entity).at("items")) {
    if (item.at("role") != "row") continue;
    for (const Json& key : item.at("keys")) {
      if (is_index(key, index)) return key;
    }
  }
  FAIL("no key of " << entity << " in " << (index.empty() ? "the table" : index));
  return {};
}

Json steps(const Json& design, const std::string& pattern) {
  return design.at("access_patterns").at(pattern).at("steps");
}

double units(const Json& design, const std::string& pattern, const std::string& index,
             const std::string& kind) {
  for (const Json& entry : design.at("access_patterns").at(pattern).at("units")) {
    if (is_index(entry, index)) return entry.at(kind).get<double>();
  }
  return 0;
}

double load(const Json& design, const std::string& index, const std::string& kind) {
  for (const Json& entry : design.at("capacity")) {
    if (is_index(entry, index)) return entry.at(kind).at("mean").get<double>();
  }
  return 0;
}

std::vector<std::string> index_names(const Json& design) {
  std::vector<std::string> names;
  const Json& table = design.at("tables").at(0);
  for (const char* kind : {"global_secondary_indexes", "local_secondary_indexes"}) {
    for (const Json& index : table.at(kind)) names.push_back(index.at("name"));
  }
  return names;
}

}  // namespace ddbplan::test
