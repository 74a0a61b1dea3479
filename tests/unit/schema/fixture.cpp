#include "tests/unit/schema/fixture.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "schema/parse.h"
#include "support/text.h"
#include "tests/support/files.h"
#include "tests/support/unified_diff.h"

namespace ddbplan::schema::test {
namespace {

struct Outcome {
  support::Diagnostics diagnostics;
  std::optional<model::Workload> workload;
};

Outcome run(const support::SourceText& source) {
  Outcome outcome;
  support::Diagnostics all;
  outcome.workload = parse(source, all);
  for (const support::Diagnostic& one : all.items()) {
    if (one.severity != support::Severity::info) outcome.diagnostics.add(one);
  }
  return outcome;
}

support::SourceText source_of(std::string_view yaml) {
  return {"schema.yaml", std::string(yaml)};
}

}  // namespace

std::string findings(std::string_view yaml) {
  const support::SourceText source = source_of(yaml);
  return render(run(source).diagnostics, source);
}

std::string codes(std::string_view yaml) {
  const support::SourceText source = source_of(yaml);
  const Outcome outcome = run(source);
  std::vector<std::string> parts;
  for (const support::Diagnostic& one : outcome.diagnostics.items()) parts.push_back(one.code);
  return support::join(parts, " ");
}

model::Workload workload(std::string_view yaml) {
  const support::SourceText source = source_of(yaml);
  Outcome outcome = run(source);
  INFO(render(outcome.diagnostics, source));
  REQUIRE(outcome.workload.has_value());
  return std::move(*outcome.workload);
}

std::string complete_schema(std::string_view fragment) {
  const auto has_key = [&](std::string_view key) {
    const std::string start = std::string(key) + ":";
    return fragment.substr(0, start.size()) == start ||
           fragment.find("\n" + start) != std::string_view::npos;
  };
  std::string out;
  if (!has_key("ddbplan")) out += "ddbplan: 1\n";
  if (!has_key("service")) out += "service: shop\n";
  out += fragment;
  if (!has_key("entities")) out += "entities: {Order: {id: order_id}}\n";
  if (!has_key("access_patterns")) out += "access_patterns: {place_order: {create: Order}}\n";
  return out;
}

std::filesystem::path repository(std::string_view path) {
  return std::filesystem::path(DDBPLAN_REPOSITORY) / path;
}

void check_file(const std::filesystem::path& path, std::string_view actual) {
  const char* update = std::getenv("DDBPLAN_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    ddbplan::test::write_file(path, actual);
    return;
  }
  const std::string expected = std::filesystem::exists(path) ? ddbplan::test::read_file(path) : "";
  INFO("DDBPLAN_UPDATE_GOLDEN=1 renews " << path.string());
  const bool same = expected == actual;
  CHECK_MESSAGE(same, ddbplan::test::unified_diff(expected, actual, "committed", "now"));
}

}  // namespace ddbplan::schema::test
