// Every rule's own examples, through the whole program: the bad one has the finding, the good one has not. The
// language's examples are fragments, which its own tests complete.

#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/catalogue.h"
#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

/// Codes that `lint` finds in a schema.
std::vector<std::string> codes_in(std::string_view schema) {
  const Workplace place;
  place.write("example.yaml", schema);
  const Outcome outcome = place.ddbplan({"lint", "--format", "json", "example.yaml"});
  CHECK_FALSE(is_defect(outcome));
  std::vector<std::string> codes;
  const auto document = nlohmann::json::parse(outcome.standard_output, nullptr, false);
  REQUIRE_MESSAGE(document.is_object(), outcome.standard_error);
  for (const auto& diagnostic : document["diagnostics"]) codes.push_back(diagnostic["code"]);
  return codes;
}

bool contains(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string joined(const std::vector<std::string>& codes) {
  std::string text;
  for (const std::string& code : codes) text += code + " ";
  return text;
}

TEST_CASE("a rule's bad example has the finding, its good example has not") {
  for (const lint::RuleInfo& rule : cli::rule_catalogue()) {
    INFO(rule.code, " ", rule.name);
    if (!rule.bad.starts_with("ddbplan: 1\n")) continue;
    if (!rule.bad.empty()) {
      const std::vector<std::string> codes = codes_in(rule.bad);
      CHECK_MESSAGE(contains(codes, rule.code), "found: ", joined(codes));
    }
    if (!rule.good.empty()) {
      const std::vector<std::string> codes = codes_in(rule.good);
      CHECK_FALSE_MESSAGE(contains(codes, rule.code), "found: ", joined(codes));
    }
  }
}

TEST_CASE("codes and names are unique over all stages, and every rule has an explanation") {
  const std::vector<lint::RuleInfo> rules = cli::rule_catalogue();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    INFO(rules[i].code);
    CHECK_FALSE(rules[i].summary.empty());
    CHECK_FALSE(cli::code_family(rules[i].code).empty());
    for (std::size_t j = i + 1; j < rules.size(); ++j) {
      CHECK(rules[i].code != rules[j].code);
      CHECK(rules[i].name != rules[j].name);
    }
  }
}

TEST_CASE("explain knows every rule by code and by name") {
  const Workplace place;
  for (const lint::RuleInfo& rule : cli::rule_catalogue()) {
    const Outcome by_code = place.ddbplan({"explain", std::string(rule.code)});
    CHECK(by_code.exit_status == 0);
    CHECK(
        by_code.standard_output.starts_with(std::string(rule.code) + " " + std::string(rule.name)));
    CHECK(place.ddbplan({"explain", std::string(rule.name)}).standard_output ==
          by_code.standard_output);
  }
}

}  // namespace
}  // namespace ddbplan::test
