#include "tests/examples/designed.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/process.h"

namespace ddbplan::test {

namespace {

bool is_index(const Json& entry, const std::string& index) {
  return index.empty() ? entry.at("index").is_null() : entry.at("index") == index;
}

Outcome run_design(const std::string& file, const std::string& input,
                   const std::vector<std::string>& options) {
  Command command;
  command.directory = source_directory();
  command.standard_input = input;
  command.environment["COLUMNS"] = "300";  // no message is broken over lines
  command.arguments = {"design", file};
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  return run(ddbplan_binary(), command);
}

Json parsed(const Outcome& outcome) {
  INFO(outcome.standard_error);
  REQUIRE(outcome.exit_status == 0);
  return Json::parse(outcome.standard_output);
}

std::vector<std::string> as_json(std::vector<std::string> options) {
  options.insert(options.begin(), {"--format", "json"});
  return options;
}

}  // namespace

std::vector<std::string> example_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_directory() / "examples")) {
    if (entry.path().extension() == ".yaml")
      files.push_back("examples/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Json design_example(const std::string& file, const std::vector<std::string>& options) {
  INFO("design " << file);
  return parsed(run_design(file, "", as_json(options)));
}

Json design_text(const std::string& yaml, const std::vector<std::string>& options) {
  INFO(yaml);
  return parsed(run_design("-", "ddbplan: 1\n" + yaml, as_json(options)));
}

Outcome try_design(const std::string& file) {
  return run_design(file, "", {});
}

Outcome try_design_text(const std::string& yaml) {
  return run_design("-", "ddbplan: 1\n" + yaml, {});
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

Json action_on(const Json& design, const std::string& pattern, const std::string& entity) {
  for (const Json& step : steps(design, pattern)) {
    if (!step.contains("actions")) continue;
    for (const Json& action : step.at("actions")) {
      if (action.at("entity") == entity && action.at("role") == "row") return action;
    }
  }
  FAIL("no action of " << pattern << " on " << entity);
  return {};
}

double priced(const Json& design, const std::string& what, const std::string& index) {
  double sum = 0;
  for (const Json& line : design.at("cost").at("lines")) {
    if (line.at("what") == what && is_index(line, index)) sum += line.at("quantity").get<double>();
  }
  return sum;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
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
