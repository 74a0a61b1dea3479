#include <doctest/doctest.h>

#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

std::string codes(std::string_view fragment) {
  return test::codes(test::complete_schema(fragment));
}

TEST_CASE("settings that contradict themselves") {
  CHECK(codes("settings: {regions: [eu-west-1, eu-west-1]}\n") == "DDB016");
  CHECK(codes("settings: {regions: [eu-west-1], home_region: us-east-1}\n") == "DDB013");
  CHECK(codes("settings: {regions: [eu-west-1, us-east-1], home_region: us-east-1}\n") == "");
  CHECK(codes("settings: {backup: {pitr: 36 days}}\n") == "DDB020");
  CHECK(codes("settings: {horizon: 0 days}\n") == "DDB020");
  CHECK(codes("limits: {lsis: 6}\n") == "DDB020");
}

TEST_CASE("backup in its short and long forms") {
  const auto backup = [](std::string_view value) {
    return test::workload(test::complete_schema("settings: {backup: " + std::string(value) + "}\n"))
        .settings.backup;
  };
  CHECK_FALSE(backup("false").has_value());
  CHECK(backup("true")->point_in_time_recovery);
  CHECK(backup("{pitr: 35 days}")->recovery_days == 35);
  CHECK_FALSE(backup("{pitr: false, plans: [daily]}")->point_in_time_recovery);
  CHECK(backup("{plans: daily}")->plans == std::vector<std::string>{"daily"});
}

TEST_CASE("hand-made keys name attributes") {
  CHECK(codes("physical: {Order: {partition_key: \"ORDER#{order_id}\"}}\n") == "");
  CHECK(codes("physical: {Order: {partition_key: \"ORDER#{order}\"}}\n") == "DDB011");
  CHECK(codes("physical: {Order: {sort_key: \"ORDER#{order_id\"}}\n") == "DDB023");
  CHECK(codes("physical: {Ordr: {shards: 4}}\n") == "DDB010");
  CHECK(codes("physical: {Order: {shards: 0}}\n") == "DDB020");
  const model::Workload workload = test::workload(
      test::complete_schema("physical:\n  Order:\n    partition_key: ORDER#{order_id}\n"));
  CHECK(workload.physical[0].partition_key == "ORDER#{order_id}");
}

TEST_CASE("shapes have an hour each") {
  CHECK(codes("shapes: {daily: [1, 2, 3]}\n") == "DDB020");
  CHECK(codes("shapes: {weekly: [0, 0, 0, 0, 0, 0, 0]}\n") == "DDB020");
  const model::Workload workload =
      test::workload(test::complete_schema("shapes: {weekly: [5, 5, 5, 5, 5, 2, 1]}\n"));
  REQUIRE(workload.shapes.size() == 1);
  CHECK(workload.shapes[0].hours.size() == 168);
  CHECK(workload.shapes[0].hours[23] == 5);
  CHECK(workload.shapes[0].hours[167] == 1);
}

TEST_CASE("samples keep what they look like where a number is declared") {
  const model::Workload workload = test::workload(
      test::complete_schema("entities: {Order: {id: order_id, attributes: {order_id: string, "
                            "total: number, paid: boolean, tags: set of string, "
                            "at: epoch_s, more: map}}}\n"
                            "samples: {Order: [{order_id: 17, total: \"12\", paid: true, tags: [a, "
                            "b], at: 1767225600000, more: {x: [1, two, "
                            "~]}}]}\n"));
  const dynamo::Item& row = workload.samples.at(0).row;
  CHECK(row.at("order_id").type_name() == "S");
  CHECK(row.at("total").type_name() == "S");
  CHECK(row.at("paid").type_name() == "BOOL");
  CHECK(row.at("tags").type_name() == "SS");
  CHECK(row.at("at").type_name() == "N");
  CHECK(row.at("more").type_name() == "M");
  CHECK(codes("samples: {Order: [{order: x}]}\n") == "DDB011");
  CHECK(codes("samples: {Order: [x]}\n") == "DDB003");
}

}  // namespace
}  // namespace ddbplan::schema
