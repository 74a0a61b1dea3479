#include "lint/reporters.h"

#include <array>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace ddbplan::lint {
namespace {

constexpr std::array kRules = {
    RuleInfo{.code = "DDB101", .name = "a-rule", .summary = "A.", .rationale = "Why a."},
    RuleInfo{.code = "DDB102",
             .name = "b-rule",
             .severity = support::Severity::error,
             .summary = "B.",
             .rationale = "Why b.",
             .source = "https://docs.aws.amazon.com/b"},
};

struct Sample {
  support::SourceText source{"my schema#1.yaml", "ä: 1\nb: 2\n"};
  support::Diagnostics diagnostics;
  Sample() {
    // "ä" is two bytes, so that "1" is at byte 4 and in column 4.
    diagnostics.add({"DDB102",
                     "b-rule",
                     support::Severity::error,
                     "wrong \"1\"",
                     {4, 5},
                     {{"beside this", {6, 7}}},
                     "Write 2."});
    diagnostics.add({"DDB102", "b-rule", support::Severity::warning, "no place", {}, {}, {}});
  }
};

TEST_CASE("text has excerpts, and nothing for files without findings") {
  const Sample sample;
  const support::SourceText clean("clean.yaml", "a: 1\n");
  const support::Diagnostics none;
  CHECK(text_findings({{&clean, &none}}, {}) == "");
  const std::string text =
      text_findings({{&clean, &none}, {&sample.source, &sample.diagnostics}}, {});
  CHECK(text.starts_with("my schema#1.yaml:1:4: error[DDB102]: wrong \"1\"\n   1 | ä: 1\n"));
  CHECK(text.find("help: Write 2.") != std::string::npos);
}

TEST_CASE("json carries places, notes and a summary") {
  const Sample sample;
  const auto document =
      nlohmann::json::parse(json_findings({{&sample.source, &sample.diagnostics}}));
  CHECK(document["schema_version"] == 1);
  CHECK(document["summary"] ==
        nlohmann::json({{"files", 1}, {"errors", 1}, {"warnings", 1}, {"infos", 0}}));
  const auto& first = document["diagnostics"][0];
  CHECK(first["code"] == "DDB102");
  CHECK(first["rule"] == "b-rule");
  CHECK(first["severity"] == "error");
  CHECK(first["file"] == "my schema#1.yaml");
  CHECK(first["line"] == 1);
  CHECK(first["column"] == 4);
  CHECK(first["end_column"] == 5);
  CHECK(first["help"] == "Write 2.");
  CHECK(first["notes"][0]["line"] == 2);
  CHECK_FALSE(document["diagnostics"][1].contains("line"));
}

// The members that SARIF 2.1.0 requires, and the relations between them.
TEST_CASE("sarif is a log of one run whose results refer to its rules") {
  const Sample sample;
  const auto log = nlohmann::json::parse(
      sarif_findings({{&sample.source, &sample.diagnostics}}, kRules, "1.2.3"));
  CHECK(log["version"] == "2.1.0");
  REQUIRE(log["runs"].size() == 1);
  const auto& run = log["runs"][0];
  const auto& driver = run["tool"]["driver"];
  CHECK(driver["name"] == "ddbplan");
  CHECK(driver["version"] == "1.2.3");
  REQUIRE(driver["rules"].size() == 1);
  CHECK(driver["rules"][0]["id"] == "DDB102");
  CHECK(driver["rules"][0]["defaultConfiguration"]["level"] == "error");
  CHECK(driver["rules"][0]["helpUri"] == "https://docs.aws.amazon.com/b");
  REQUIRE(run["results"].size() == 2);
  for (const auto& result : run["results"]) {
    const std::size_t index = result["ruleIndex"];
    CHECK(driver["rules"][index]["id"] == result["ruleId"]);
    CHECK(result["message"]["text"].is_string());
    const auto& physical = result["locations"][0]["physicalLocation"];
    CHECK(physical["artifactLocation"]["uri"] == "my%20schema%231.yaml");
  }
  const auto& region = run["results"][0]["locations"][0]["physicalLocation"]["region"];
  CHECK(region["startLine"] == 1);
  CHECK(region["startColumn"] == 4);
  CHECK(region["endColumn"] == 5);
  CHECK(run["columnKind"] == "unicodeCodePoints");
  CHECK(run["results"][0]["relatedLocations"][0]["message"]["text"] == "beside this");
  CHECK(run["results"][1]["level"] == "warning");
}

TEST_CASE("no findings are an empty list, not a missing one") {
  const support::SourceText clean("clean.yaml", "a: 1\n");
  const support::Diagnostics none;
  const auto log = nlohmann::json::parse(sarif_findings({{&clean, &none}}, kRules, "1"));
  CHECK(log["runs"][0]["results"] == nlohmann::json::array());
  CHECK(log["runs"][0]["tool"]["driver"]["rules"] == nlohmann::json::array());
  CHECK(nlohmann::json::parse(json_findings({{&clean, &none}}))["diagnostics"] ==
        nlohmann::json::array());
}

TEST_CASE("bytes that are not UTF-8 do not break the documents") {
  const support::SourceText source("a\xff.yaml", "a: 1\n");
  support::Diagnostics diagnostics;
  diagnostics.add({"DDB101", "a-rule", support::Severity::info, "found \xff", {0, 1}, {}, {}});
  CHECK(nlohmann::json::accept(json_findings({{&source, &diagnostics}})));
  CHECK(nlohmann::json::accept(sarif_findings({{&source, &diagnostics}}, kRules, "1")));
}

}  // namespace
}  // namespace ddbplan::lint
