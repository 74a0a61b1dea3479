#include "schema/overrides.h"

#include <doctest/doctest.h>

#include <string>

#include "schema/parse.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

constexpr std::string_view kSchema =
    "ddbplan: 1\n"
    "service: shop\n"
    "settings: {regions: [eu-west-1, us-east-1]}\n"
    "entities: {Order: {id: order_id, count: 100}}\n"
    "access_patterns:\n"
    "  order: {get: Order, by: order_id, rate: 10/s, peak: 20/s}\n"
    "  place: {create: Order, rate: 1/s, peak: 3/s}\n";

struct Outcome {
  std::optional<model::Workload> workload;
  std::string messages;
};

Outcome with(const std::vector<Override>& overrides) {
  const support::SourceText source("schema.yaml", std::string(kSchema));
  support::Diagnostics diagnostics;
  Outcome outcome;
  outcome.workload = parse(source, ParseOptions{overrides}, diagnostics);
  support::Diagnostics shown;
  for (const support::Diagnostic& one : diagnostics.items()) {
    if (one.severity != support::Severity::info) shown.add(one);
  }
  outcome.messages = render(shown, source);
  return outcome;
}

TEST_CASE("a value is replaced") {
  const Outcome outcome =
      with({{"access_patterns.order.rate", "2000/s"}, {"access_patterns.order.peak", "5000/s"}});
  REQUIRE(outcome.workload.has_value());
  CHECK(outcome.workload->patterns.front().load.mean.per_second == 2000);
  CHECK(outcome.workload->patterns.front().load.peak.per_second == 5000);
}

TEST_CASE("the last of two overrides holds") {
  const Outcome outcome = with({{"entities.Order.count", "5"}, {"entities.Order.count", "7"}});
  REQUIRE(outcome.workload.has_value());
  CHECK(outcome.workload->entities.front().count == 7);
}

TEST_CASE("keys of the language may be new, also below each other") {
  const Outcome outcome = with({{"settings.seed.rows", "500"},
                                {"settings.billing", "provisioned"},
                                {"access_patterns.order.cache", "{hits: 80%}"}});
  REQUIRE(outcome.workload.has_value());
  CHECK(outcome.workload->settings.seed_rows == 500);
  CHECK(outcome.workload->settings.billing == model::Billing::provisioned);
  CHECK(std::get<model::Read>(outcome.workload->patterns.front().action).cache_hits == 0.8);
}

TEST_CASE("elements of lists are numbered from 0") {
  const Outcome outcome = with({{"settings.regions.1", "eu-central-1"}});
  REQUIRE(outcome.workload.has_value());
  CHECK(outcome.workload->settings.regions ==
        std::vector<std::string>{"eu-west-1", "eu-central-1"});
}

TEST_CASE("paths that lead nowhere") {
  CHECK(with({{"entities.Ordr.count", "5"}}).messages ==
        "schema.yaml: error[DDB024]: `--set entities.Ordr.count`: `entities` has no `Ordr`\n"
        "help: Did you mean `Order`?\n");
  CHECK(with({{"entitys.Order.count", "5"}}).messages ==
        "schema.yaml: error[DDB024]: `--set entitys.Order.count`: the schema has no `entitys`\n"
        "help: Did you mean `entities`?\n");
  CHECK(with({{"entities.Order.count.max", "5"}}).messages ==
        "schema.yaml: error[DDB024]: `--set entities.Order.count.max`: `entities.Order.count` is a "
        "single value and has "
        "no `max`\n"
        "help: Set all of it: `--set entities.Order.count=VALUE`.\n");
  CHECK(with({{"settings.regions.2", "x"}}).messages ==
        "schema.yaml: error[DDB024]: `--set settings.regions.2`: `settings.regions` is a list of "
        "2; `2` is not one of "
        "its places\n"
        "help: Places count from 0.\n");
}

TEST_CASE("a wrong value is shown where it stands, with the override") {
  CHECK(with({{"access_patterns.order.rate", "5"}}).messages ==
        "schema.yaml:6:43: error[DDB004]: a rate needs a unit of time, nothing was found\n"
        "   6 |   order: {get: Order, by: order_id, rate: 10/s, peak: 20/s}\n"
        "     |                                           ^^^^\n"
        "note: `--set access_patterns.order.rate` made this value `5`\n"
        "help: Write `300/s`, `60/day`, `6/year per Customer` or `16k in 1 hour daily`.\n");
}

TEST_CASE("a value that is not YAML") {
  CHECK(with({{"entities.Order.count", "{a"}}).messages ==
        "schema.yaml: error[DDB024]: `--set entities.Order.count`: `{a` is not a YAML value: this "
        "is not YAML: end of "
        "map flow not found\n");
}

}  // namespace
}  // namespace ddbplan::schema
