#include "emit/design_json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "emit/json_parts.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/unit/emit/json_schema.h"
#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;
using nlohmann::json;

namespace {

json schema() {
  return json::parse(
      ddbplan::test::read_file(ddbplan::test::source_directory() / "schemas/design.schema.json"));
}

void check_valid(const ShopFixture& shop) {
  const std::vector<std::string> found =
      emit::test::violations(schema(), json::parse(design_json(shop.bundle())));
  for (const std::string& violation : found) FAIL_CHECK(violation);
}

}  // namespace

TEST_CASE("the document obeys its schema, and the schema describes each field") {
  check_valid(ShopFixture());
}

TEST_CASE("the values of the contract") {
  const ShopFixture shop;
  const json document = json::parse(design_json(shop.bundle()));
  CHECK(document["schema_version"] == 1);
  CHECK(document["service"] == "shop");
  const json& table = document["tables"][0];
  CHECK(table["partition_key"] == json::parse(R"([{"name": "PK", "type": "S"}])"));
  CHECK(table["billing"] == "on-demand");
  CHECK(table["ttl"].is_null());
  CHECK(table["global_secondary_indexes"][0]["projection"] ==
        json::parse(R"({"type": "INCLUDE", "attributes": ["total"]})"));
  CHECK(table["local_secondary_indexes"] == json::array());

  const json& order = document["entities"]["Order"]["items"][0];
  CHECK(order["role"] == "row");
  CHECK(order["bytes"] == json::parse(R"({"mean": 210.5, "max": 240})"));
  CHECK(order["keys"][0] == json::parse(R"({"index": null, "shards": 1,
    "partition_key": "CUSTOMER#{customer_id}", "sort_key": "ORDER#{order_id}"})"));
  CHECK(order["keys"][1] == json::parse(R"({"index": "GSI1",
    "partition_key": "ORDERS#OPEN#{shard}", "sort_key": "{order_id}", "when": "status = OPEN",
    "shards": 2, "shard": {"by": "order_id", "hash": "fnv1a-32", "per_key": {}}})"));

  const json& page = document["access_patterns"]["customer_page"];
  CHECK(page["served"] == "keys");
  CHECK(page["offload"].is_null());
  CHECK(page["units"] ==
        json::parse(R"([{"table": "shop", "index": null, "read": 0.5, "write": 0}])"));
  CHECK(page["rate"] == json::parse(R"({"mean": 90, "peak": 270})"));
  const json& step = page["steps"][0];
  CHECK(step["operation"] == "Query");
  CHECK(step["table"] == "shop");
  CHECK(step["index"].is_null());
  CHECK(step["requests"] == json::parse(R"({"mean": 1, "max": 1})"));
  CHECK(step["scan_index_forward"] == false);
  CHECK(step["limit"] == 11);
  CHECK(step["scanned"] == json::parse(R"({"items": 11, "bytes": 2300})"));

  CHECK(document["access_patterns"]["place_order"]["steps"][0]["actions"][0]["key"] ==
        json::parse(R"({"PK": "CUSTOMER#{customer_id}", "SK": "ORDER#{order_id}"})"));
  CHECK(document["hot_keys"][0]["ceiling"] == 1000);
  CHECK(document["capacity"][1]["write"] == json::parse(R"({"mean": 0.38, "peak": 60})"));
  CHECK(document["cost"]["usd_per_month"].dump() == "21.0336");
  CHECK(document["assumptions"]["defaults"][0]["value"] == "270/s");
  CHECK(document["optimality"]["gap"].is_null());
  CHECK(document["optimality"]["proven"] == false);
  CHECK(document["validation"]["failed"] == 0);
}

TEST_CASE("fields appear in the order of the contract") {
  const nlohmann::ordered_json document =
      nlohmann::ordered_json::parse(design_json(ShopFixture().bundle()));
  std::string order;
  for (const auto& entry : document.items()) order += entry.key() + " ";
  CHECK(order ==
        "schema_version service tables entities access_patterns hot_keys capacity storage cost "
        "assumptions optimality validation decisions diagnostics ");
}

TEST_CASE("everything that may be absent or null is valid too") {
  ShopFixture shop;
  shop.design.tables[0].ttl_attribute = "expires_at";
  shop.design.tables[0].stream_view = "NEW_IMAGE";
  shop.design.tables[0].recovery_days.reset();
  shop.design.items[1].entries[0].sort.clear();
  shop.design.items[1].entries[0].shards.per_key = {{"acme", 8}};
  shop.design.items[1].entries[0].shards.per_key_attribute = "tenant";
  shop.design.items[1].entries[0].shards.by = {"customer_id", "order_id"};
  shop.design.plans[0].served = design::Served::offload;
  shop.design.plans[0].offload = "OpenSearch, fed from the stream";
  shop.design.plans[0].client_notes = {"drop expired rows"};
  shop.design.plans[0].client_order = shop.design.plans[1].steps[0].merge_order;
  shop.design.plans[1].steps[0].alternatives = {{{"s", dynamo::AttributeValue::string("A")}}};
  shop.design.plans[1].steps[0].operation = design::Operation::get_item;
  shop.design.optimality.gap = 0;
  shop.design.optimality.lower_bound = shop.design.optimality.objective;
  shop.workload.entities[0].unique = {{{"name"}, {}, false, {}}};
  shop.design.items[0].unique = 0;
  shop.cost.other_mode_total.reset();
  design::Continuity kept;
  kept.earlier = "old.json";
  kept.added = {{"index:GSI2", "Order: A / B"}};
  kept.unused = {{"pattern:find", "its requests"}};
  kept.lost = {{"Order", "entity:Order", "the key A / B", "Order has no b any more"}};
  shop.design.continuity = kept;
  shop.design.items[0].base.sort[0].parts.emplace_back(
      design::Field{"tier", design::Encoding::rank, 1, 0, {}, {"LOW", "HIGH"}, {}});
  shop.diagnostics.add({"DDB101",
                        "low-cardinality",
                        support::Severity::warning,
                        "few values",
                        {11, 18},
                        {},
                        "declare more"});
  check_valid(shop);
  const json document = json::parse(design_json(shop.bundle()));
  CHECK(document["optimality"]["gap"] == 0);
  CHECK(document["keep"]["fresh_usd_per_month"].is_null());
  CHECK(document["keep"]["not_kept"][0]["why"] == "Order has no b any more");
  CHECK(document["diagnostics"][0]["line"] == 2);
  CHECK(document["diagnostics"][0]["end_column"] == 8);

  Bundle bundle = shop.bundle();
  bundle.proof = nullptr;
  CHECK(json::parse(design_json(bundle))["validation"].is_null());
}

TEST_CASE("numbers are exact decimals") {
  CHECK(json_number(0.1 + 0.2).dump() == "0.3");
  CHECK(json_number(750).dump() == "750");
  CHECK(json_number(-0.0).dump() == "0");
  CHECK(json_number(2.0 / (730 * 3600)).dump() == "7.6103500761e-07");
  CHECK(json_number(std::numeric_limits<double>::infinity()).is_null());
  CHECK(json_money(support::Money{278'896'500}).dump() == "278.8965");
  CHECK(json_money(support::Money{6'000'000}).dump() == "6");
}

TEST_CASE("hostile names are escaped, and what is not UTF-8 replaced") {
  ShopFixture shop;
  shop.workload.service = "a\"\\\n\x01</script>\xFF";
  const std::string text = design_json(shop.bundle());
  CHECK(text.find("\"service\": \"a\\\"\\\\\\n\\u0001</script>\xEF\xBF\xBD\"") !=
        std::string::npos);
}
