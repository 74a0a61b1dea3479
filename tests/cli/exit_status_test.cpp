// The exit statuses that ddbplan(1) documents, each from each command that has it.

#include <doctest/doctest.h>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

TEST_CASE("0: done") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"lint", "good.yaml"},
                                                    {"design", "good.yaml"},
                                                    {"why", "good.yaml"},
                                                    {"validate", "good.yaml"},
                                                    {"emit", "cloudformation", "good.yaml"},
                                                    {"schema"},
                                                    {"explain", "DDB401"},
                                                    {"init", "--list"},
                                                    {"--version"}}) {
    INFO(arguments.front());
    const Outcome outcome = place.ddbplan(arguments);
    CHECK_MESSAGE(outcome.exit_status == 0, outcome.standard_error);
    CHECK((arguments.front() == "lint" || !outcome.standard_output.empty()));
  }
}

TEST_CASE("standard input is a schema like any other") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome file = place.ddbplan({"design", "good.yaml", "--format", "json"});
  const Outcome input = place.ddbplan({"design", "-", "--format", "json"}, kGoodSchema);
  CHECK(input.exit_status == 0);
  CHECK(input.standard_output == file.standard_output);
}

TEST_CASE("1: findings at or above --fail-on") {
  const Workplace place;
  // Nothing creates Note any more: a warning.
  std::string text = kGoodSchema;
  const auto at = text.find("  write: ");
  text.erase(at, text.find('\n', at) - at + 1);
  place.write("warning.yaml", text);
  CHECK(place.ddbplan({"lint", "warning.yaml"}).exit_status == 0);
  CHECK(place.ddbplan({"lint", "--fail-on", "warning", "warning.yaml"}).exit_status == 1);
  CHECK(place.ddbplan({"lint", "--fail-on=info", "warning.yaml"}).exit_status == 1);
  CHECK(place.ddbplan({"lint", "--fail-on=never", "warning.yaml"}).exit_status == 0);
  CHECK(place.ddbplan({"design", "--fail-on", "warning", "warning.yaml"}).exit_status == 1);
}

TEST_CASE("1: a budget passed") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome above = place.ddbplan({"design", "good.yaml", "--max-usd", "0.01", "-o", "out"});
  CHECK(above.exit_status == 1);
  CHECK(above.standard_error.find("--max-usd 0.01") != std::string::npos);
  CHECK_FALSE(place.has("out"));
  CHECK(place.ddbplan({"design", "good.yaml", "--max-usd", "1000000"}).exit_status == 0);
}

TEST_CASE("2: usage") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"desing"},
                                                    {"cost", "good.yaml"},
                                                    {"design"},
                                                    {"design", "good.yaml", "--fromat", "json"},
                                                    {"design", "good.yaml", "--format", "jsn"},
                                                    {"design", "good.yaml", "--format", "json="},
                                                    {"design", "good.yaml", "--effort", "0"},
                                                    {"design", "good.yaml", "--effort", "many"},
                                                    {"design", "good.yaml", "--max-usd", "nan"},
                                                    {"design", "good.yaml", "--max-usd", "-1"},
                                                    {"design", "good.yaml", "--set", "rate"},
                                                    {"design", "good.yaml", "other.yaml"},
                                                    {"emit", "clodformation", "good.yaml"},
                                                    {"explain"},
                                                    {"explain", "DDB999"},
                                                    {"init", "no-such-example"},
                                                    {"why", "good.yaml", "pattern:nothing"},
                                                    {"lint", "--color", "blue", "good.yaml"}}) {
    INFO((arguments.empty() ? "" : arguments.front() + " " + arguments.back()));
    const Outcome outcome = place.ddbplan(arguments);
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.standard_output == "");
    CHECK(outcome.standard_error.starts_with("ddbplan: error: "));
  }
}

TEST_CASE("2: --set that does not fit the schema") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  CHECK(place.ddbplan({"design", "good.yaml", "--set", "access_patterns.nothing.rate=1/s"})
            .exit_status == 2);
  CHECK(place.ddbplan({"design", "good.yaml", "--set", "access_patterns.latest.rate=often"})
            .exit_status == 2);
  CHECK(place.ddbplan({"design", "good.yaml", "--set", "access_patterns.latest.rate=20/s"})
            .exit_status == 0);
}

TEST_CASE("3: a defect is told as one, never as a crash") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome outcome = place.ddbplan({"design", "good.yaml", "--dump=defect"});
  CHECK(outcome.exit_status == 3);
  CHECK(outcome.standard_error.starts_with("ddbplan: error: this is a defect of ddbplan"));
  CHECK(outcome.standard_error.find("asked for by --dump=defect") != std::string::npos);
}

TEST_CASE("the worst of several files decides") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  place.write("bad.yaml", "ddbplan: 1\nservise: x\n");
  CHECK(place.ddbplan({"lint", "good.yaml", "bad.yaml"}).exit_status == 2);
  CHECK(place.ddbplan({"lint", "good.yaml", "missing.yaml"}).exit_status == 2);
}

TEST_CASE("--fail-on never does not hide a schema that is none") {
  const Workplace place;
  place.write("bad.yaml", "ddbplan: 1\nservise: x\n");
  CHECK(place.ddbplan({"lint", "--fail-on", "never", "bad.yaml"}).exit_status == 2);
}

}  // namespace
}  // namespace ddbplan::test
