// Goal: each numbered example shows what its situation demands of keys, indexes, shards, requests and units.
// The numbers come from DynamoDB's documented rules; the arithmetic stands beside them.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/examples/designed.h"

namespace ddbplan::test {

namespace {

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

}  // namespace

TEST_CASE("01: tenants share a table, and one index at most leads with the tenant") {
  const Json design = design_example("examples/01-multi-tenant.yaml");
  CHECK(design.at("tables").size() == 1);
  for (const char* pattern : {"customer", "ticket", "customers", "orders_between"}) {
    INFO(pattern);
    REQUIRE(steps(design, pattern).size() == 1);
    CHECK(steps(design, pattern).at(0).at("index").is_null());
  }
  CHECK(index_names(design).size() <= 1);
  const Json open = steps(design, "open_tickets").at(0);
  if (!open.at("index").is_null()) {
    const Json key = row_key(design, "Ticket", open.at("index"));
    CHECK(starts_with(key.at("partition_key"), "TENANT#{tenant_id"));
    CHECK(key.at("when") == "status = OPEN");
  }
  CHECK(open.at("scan_index_forward") == false);
  for (const char* entity : {"Tenant", "Customer", "Order", "Ticket"})
    CHECK(starts_with(row_key(design, entity).at("partition_key"), "TENANT#{tenant_id"));
}

TEST_CASE("02: one device at 2,500 writes a second is sharded, and has no pointer and no index") {
  const Json design = design_example("examples/02-time-series.yaml");
  CHECK(index_names(design).empty());
  const Json key = row_key(design, "Reading");
  CHECK(key.at("partition_key") == "DEVICE#{device_id|escape}#{shard}");
  CHECK(key.at("sort_key") == "READING#{reading_id}");
  // 2,500 writes of up to 1 KB are 2,500 units a second on one key; at 70 % of 1,000: ceil(2500 / 700) = 4.
  CHECK(key.at("shard").at("per_key").at("press-17") == 4);
  CHECK(key.at("shards") == 1);  // the other devices are not sharded
  CHECK(key.at("shard").at("by") != "device_id");
  const Json window = steps(design, "window").at(0);
  CHECK(window.at("operation") == "Query");
  CHECK(window.at("requests").at("max").get<double>() >= 4);
  const Json latest = steps(design, "latest").at(0);
  CHECK(latest.at("operation") == "Query");
  CHECK(latest.at("scan_index_forward") == false);
  CHECK(latest.at("limit") == 1);
  CHECK(latest.at("requests").at("max").get<double>() >= 4);
}

TEST_CASE("03: a membership is one item with one inverted index") {
  const Json design = design_example("examples/03-many-to-many.yaml");
  REQUIRE(index_names(design).size() == 1);
  const Json base = row_key(design, "Membership");
  const Json inverse = row_key(design, "Membership", index_names(design).front());
  // Both ids and nothing else are the key: a second membership of the same pair cannot be put.
  // Which side the table has and which the index is the same to the reader, and costs the same.
  const bool by_user = base.at("partition_key") == "USER#{user_id}";
  const Json& users = by_user ? base : inverse;
  const Json& groups = by_user ? inverse : base;
  CHECK(users.at("partition_key") == "USER#{user_id}");
  CHECK(users.at("sort_key") == "MEMBERSHIP#{group_id}");
  CHECK(groups.at("partition_key") == "GROUP#{group_id}");
  CHECK(groups.at("sort_key") == "MEMBERSHIP#{user_id}");
  for (const char* pattern : {"groups_of_user", "users_of_group"}) {
    REQUIRE(steps(design, pattern).size() == 1);
    CHECK(steps(design, pattern).at(0).at("operation") == "Query");
    CHECK(steps(design, pattern).at(0).at("requests").at("max") == 1);
  }
  // A change of role is an update of the item, not a delete and a put.
  CHECK(steps(design, "promote").at(0).at("operation") == "UpdateItem");
}

TEST_CASE("11: a device at five writes a second needs no index and no shard") {
  const Json design = design_example("examples/11-iot-keys.yaml");
  CHECK(index_names(design).empty());
  const Json key = row_key(design, "Reading");
  CHECK(key.at("partition_key") == "DEVICE#{device_id}");
  CHECK(key.at("sort_key") == "READING#{ts}#{sequence|pad:14}");
  CHECK(key.at("shards") == 1);
  CHECK_FALSE(key.contains("shard"));
  for (const char* pattern : {"window", "latest"})
    CHECK(steps(design, pattern).at(0).at("index").is_null());
  CHECK(steps(design, "latest").at(0).at("scan_index_forward") == false);
  CHECK(steps(design, "latest").at(0).at("limit") == 1);
}

TEST_CASE("13: posts on the base key, likes on an index whose entry moves") {
  const Json design = design_example("examples/13-posts-of-a-user.yaml");
  const Json posts = steps(design, "posts").at(0);
  CHECK(posts.at("index").is_null());
  CHECK(posts.at("scan_index_forward") == false);
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  CHECK(steps(design, "top_liked").at(0).at("index") == index);
  CHECK(steps(design, "top_liked").at(0).at("scan_index_forward") == false);
  CHECK(row_key(design, "Post", index).at("sort_key") == "{likes}");
  const Json& table = design.at("tables").at(0);
  const char* kind = table.at("local_secondary_indexes").empty() ? "global_secondary_indexes"
                                                                 : "local_secondary_indexes";
  CHECK(table.at(kind).at(0).at("sort_key").at(0).at("type") == "N");
  // A changed index key is a delete and an insert: two writes of an entry of at most 1 KB, or more for larger.
  CHECK(units(design, "like", index, "write") >= 2);
  // And the report says so, by name.
  const Outcome shown = try_design("examples/13-posts-of-a-user.yaml");
  CHECK(has(shown.standard_output, "like changes likes, a key of GSI1, 6/s: each change"));
}

TEST_CASE("15: guard for the e-mail, base key for the tenant, days for the world") {
  const Json design = design_example("examples/15-users-by-mail-and-date.yaml");
  const Json sign_up = steps(design, "sign_up").at(0);
  CHECK(sign_up.at("operation") == "TransactWriteItems");
  REQUIRE(sign_up.at("actions").size() == 2);
  bool guarded = false;
  for (const Json& item : design.at("entities").at("User").at("items")) {
    if (item.at("role") == "guard")
      guarded = item.at("keys").at(0).at("partition_key") == "UNIQUE#USER#EMAIL#{email}";
  }
  CHECK(guarded);
  CHECK(steps(design, "tenant_signups").at(0).at("index").is_null());
  const Json all = steps(design, "all_signups").at(0);
  REQUIRE(all.at("index").is_string());
  const std::string key = row_key(design, "User", all.at("index")).at("partition_key");
  CHECK(key.find("{created_at|truncate:day}") != std::string::npos);
  // No index for the e-mail beside its guard, or one in place of the look-up through it: one at most.
  CHECK(index_names(design).size() <= 2);
}

TEST_CASE("18: 2,048 bytes are two units, on the table and on the index") {
  const std::string file = "examples/18-write-units.yaml";
  const Json design = design_example(file);
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  // 500 puts/s x ceil(2048 / 1024) = 1,000 units a second for each copy.
  CHECK(units(design, "record", "", "write") == 2);
  CHECK(units(design, "record", index, "write") == 2);
  // An entry of its keys and what they say takes one unit: 500 a second beside the table's 1,000. For each 1,000 there are
  // ceil(1,000 / 0.7) = 1,429 provisioned.
  const Json keys = design_example(file, {"--set", "access_patterns.by_source.returns=[event_id]",
                                          "--set", "settings.billing=provisioned"});
  REQUIRE(index_names(keys).size() == 1);
  CHECK(load(keys, "", "write") == doctest::Approx(1000).epsilon(1e-6));
  CHECK(load(keys, index_names(keys).front(), "write") == doctest::Approx(500).epsilon(1e-6));
  CHECK(priced(keys, "write capacity") == doctest::Approx(1429 * 730).epsilon(1e-9));
  // 2,049 bytes: 3 units.
  const Json larger = design_example(file, {"--set", "entities.Event.size=2049 B"});
  CHECK(units(larger, "record", "", "write") == 3);
}

TEST_CASE("26: 12,000 writes a second on one device") {
  const Json design = design_example("examples/26-one-huge-device.yaml");
  CHECK(index_names(design).empty());
  const Json key = row_key(design, "Reading");
  // ceil(12,000 / (1,000 x 70 %)) = 18 shards.
  CHECK(key.at("shards") == 18);
  const Json latest = steps(design, "latest").at(0);
  CHECK(latest.at("requests").at("mean") == 18);
  CHECK(latest.at("limit") == 1);
  CHECK(latest.at("scan_index_forward") == false);
  for (const Json& item : design.at("entities").at("Reading").at("items"))
    CHECK(item.at("role") != "pointer");
}

}  // namespace ddbplan::test
