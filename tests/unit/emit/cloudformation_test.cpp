#include "emit/cloudformation.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;

namespace {

nlohmann::json properties_of(const ShopFixture& shop, const std::string& id = "ShopTable") {
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  return document["Resources"][id]["Properties"];
}

}  // namespace

TEST_CASE("a small design as YAML, to the byte") {
  const ShopFixture shop;
  CHECK(cloudformation_yaml(resources(shop.bundle())) ==
        R"(# Made by ddbplan from shop.yaml; change that file, not this one.
AWSTemplateFormatVersion: "2010-09-09"
Description: DynamoDB tables of shop, designed by ddbplan.
Parameters:
  TableName:
    Type: String
    Default: shop
    AllowedPattern: "[a-zA-Z0-9_.-]{3,255}"
    Description: A name that no other table has. CloudFormation cannot replace a table in place.
Resources:
  # needed by: customer_page, place_order
  ShopTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      TableName:
        Ref: TableName
      AttributeDefinitions:
        - AttributeName: PK
          AttributeType: S
        - AttributeName: SK
          AttributeType: S
        - AttributeName: GSI1PK
          AttributeType: S
        - AttributeName: GSI1SK
          AttributeType: S
      KeySchema:
        - AttributeName: PK
          KeyType: HASH
        - AttributeName: SK
          KeyType: RANGE
      BillingMode: PAY_PER_REQUEST
      TableClass: STANDARD
      GlobalSecondaryIndexes:
        # needed by: open_orders
        - IndexName: GSI1
          KeySchema:
            - AttributeName: GSI1PK
              KeyType: HASH
            - AttributeName: GSI1SK
              KeyType: RANGE
          Projection:
            ProjectionType: INCLUDE
            NonKeyAttributes:
              - total
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: true
        RecoveryPeriodInDays: 35
Outputs:
  TableName:
    Value:
      Ref: ShopTable
  TableArn:
    Value:
      Fn::GetAtt:
        - ShopTable
        - Arn
)");
}

TEST_CASE("the JSON says the same, with metadata in place of comments") {
  const ShopFixture shop;
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  const nlohmann::json& table = document["Resources"]["ShopTable"];
  CHECK(table["DeletionPolicy"] == "Retain");
  CHECK(table["Metadata"]["AccessPatterns"]["Indexes"]["GSI1"] ==
        nlohmann::json::array({"open_orders"}));
  CHECK(table["Properties"]["TableName"] == nlohmann::json{{"Ref", "TableName"}});
}

TEST_CASE("number keys are defined as the quoted text N") {
  ShopFixture shop;
  shop.design.tables[0].indexes[0].key.sort[0].type = dynamo::ScalarType::N;
  const std::string yaml = cloudformation_yaml(resources(shop.bundle()));
  CHECK(yaml.find("AttributeType: \"N\"\n") != std::string::npos);
}

TEST_CASE("a multi-attribute key lists its HASH elements before its RANGE elements") {
  ShopFixture shop;
  using dynamo::ScalarType;
  shop.design.tables[0].indexes[0].key = {{{"tenant", ScalarType::S}, {"state", ScalarType::S}},
                                          {{"due", ScalarType::N}, {"PK", ScalarType::S}}};
  const nlohmann::json table = properties_of(shop);
  std::string order;
  for (const auto& element : table["GlobalSecondaryIndexes"][0]["KeySchema"]) {
    order += element["AttributeName"].get<std::string>() + ":" +
             element["KeyType"].get<std::string>() + " ";
  }
  CHECK(order == "tenant:HASH state:HASH due:RANGE PK:RANGE ");
  // PK stands in two keys and is defined once.
  CHECK(table["AttributeDefinitions"].size() == 5);
}

TEST_CASE("provisioned: throughput on the table and on each global index, and scaling for all") {
  ShopFixture shop;
  shop.cost.tables[0].mode.provisioned = true;
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  const nlohmann::json& resources = document["Resources"];
  const nlohmann::json& table = resources["ShopTable"]["Properties"];
  CHECK(table["BillingMode"] == "PROVISIONED");
  // The declared peak is held, as it is priced.
  CHECK(table["ProvisionedThroughput"] ==
        nlohmann::json{{"ReadCapacityUnits", 135}, {"WriteCapacityUnits", 60}});
  CHECK(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] ==
        nlohmann::json{{"ReadCapacityUnits", 12}, {"WriteCapacityUnits", 60}});
  CHECK(resources.size() == 9);

  const nlohmann::json& target = resources["ShopTableIndex1WriteTarget"]["Properties"];
  CHECK(target["MinCapacity"] == 60);
  CHECK(target["MaxCapacity"] == 86);
  CHECK(target["ScalableDimension"] == "dynamodb:index:WriteCapacityUnits");
  CHECK(target["ResourceId"] ==
        nlohmann::json::parse(
            R"({"Fn::Join": ["/", ["table", {"Ref": "ShopTable"}, "index", "GSI1"]]})"));
  const nlohmann::json& policy = resources["ShopTableIndex1WritePolicy"]["Properties"];
  const nlohmann::json& tracking = policy["TargetTrackingScalingPolicyConfiguration"];
  CHECK(tracking["TargetValue"] == 70);
  CHECK(tracking["PredefinedMetricSpecification"]["PredefinedMetricType"] ==
        "DynamoDBWriteCapacityUtilization");
}

TEST_CASE("capacity covers a declared event") {
  ShopFixture shop;
  shop.cost.tables[0].mode.provisioned = true;
  shop.usage.events = {{0, {{0, "GSI1", {1, 1}, {700, 700}}}}};
  const nlohmann::json table = properties_of(shop);
  CHECK(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 700);
  CHECK(table["ProvisionedThroughput"]["WriteCapacityUnits"] == 60);
}

TEST_CASE("every property that settings and design ask for") {
  ShopFixture shop;
  design::Table& table = shop.design.tables[0];
  table.ttl_attribute = "expires_at";
  table.stream_view = "NEW_AND_OLD_IMAGES";
  table.warm_write_units = 7999.5;
  shop.workload.settings.encryption = "kms";
  shop.workload.settings.deletion_protection = true;
  shop.cost.tables[0].mode.infrequent_access = true;
  const nlohmann::json properties = properties_of(shop);
  CHECK(properties["TimeToLiveSpecification"] ==
        nlohmann::json{{"AttributeName", "expires_at"}, {"Enabled", true}});
  CHECK(properties["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES");
  CHECK(properties["WarmThroughput"] == nlohmann::json{{"WriteUnitsPerSecond", 8000}});
  CHECK(properties["SSESpecification"] == nlohmann::json{{"SSEEnabled", true}, {"SSEType", "KMS"}});
  CHECK(properties["DeletionProtectionEnabled"] == true);
  CHECK(properties["TableClass"] == "STANDARD_INFREQUENT_ACCESS");

  shop.workload.settings.encryption = "alias/shop";
  CHECK(properties_of(shop)["SSESpecification"]["KMSMasterKeyId"] == "alias/shop");
}

TEST_CASE("point-in-time recovery that is off names no period") {
  ShopFixture shop;
  shop.design.tables[0].point_in_time_recovery = false;
  CHECK(properties_of(shop)["PointInTimeRecoverySpecification"] ==
        nlohmann::json{{"PointInTimeRecoveryEnabled", false}});
}

TEST_CASE("more regions: a global table with its stream, everything of a replica per replica") {
  ShopFixture shop;
  shop.workload.settings.regions = {"us-east-1", "eu-west-1"};
  shop.workload.settings.encryption = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
  shop.workload.settings.tags = {{"team", "shop"}};
  const std::string text = cloudformation_json(resources(shop.bundle()));
  CHECK(text.find("AWS::DynamoDB::GlobalTable") != std::string::npos);
  const nlohmann::json properties = properties_of(shop);
  CHECK(properties["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES");
  CHECK_FALSE(properties.contains("MultiRegionConsistency"));
  CHECK_FALSE(properties.contains("PointInTimeRecoverySpecification"));
  const nlohmann::json& replica = properties["Replicas"][1];
  CHECK(replica["Region"] == "eu-west-1");
  CHECK(replica["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] == 35);
  CHECK(replica["SSESpecification"]["KMSMasterKeyId"] ==
        "arn:aws:kms:eu-west-1:111122223333:key/mrk-1");
  CHECK(replica["Tags"][0]["Key"] == "team");
}

TEST_CASE("a provisioned global table scales by itself") {
  ShopFixture shop;
  shop.workload.settings.regions = {"us-east-1", "eu-west-1"};
  shop.cost.tables[0].mode.provisioned = true;
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  CHECK(document["Resources"].size() == 1);
  const nlohmann::json properties = properties_of(shop);
  CHECK(properties["WriteProvisionedThroughputSettings"]["WriteCapacityAutoScalingSettings"]
                  ["MaxCapacity"] == 86);
  CHECK(properties["GlobalSecondaryIndexes"][0].contains("WriteProvisionedThroughputSettings"));
  const nlohmann::json& replica = properties["Replicas"][0];
  CHECK(replica.contains("ReadProvisionedThroughputSettings"));
  CHECK(replica["GlobalSecondaryIndexes"][0]["IndexName"] == "GSI1");
}

TEST_CASE("strong replication: no stream, and a witness beside two replicas") {
  ShopFixture shop;
  shop.workload.settings.regions = {"us-east-1", "us-west-2"};
  shop.workload.settings.replication = model::Replication::strong;
  const nlohmann::json properties = properties_of(shop);
  CHECK(properties["MultiRegionConsistency"] == "STRONG");
  CHECK(properties["GlobalTableWitnesses"] ==
        nlohmann::json::array({nlohmann::json{{"Region", "us-east-2"}}}));
  CHECK_FALSE(properties.contains("StreamSpecification"));

  shop.workload.settings.regions = {"us-east-1", "us-west-2", "us-east-2"};
  CHECK_FALSE(properties_of(shop).contains("GlobalTableWitnesses"));
}

TEST_CASE("several tables: prefixed parameters and outputs, those with indexes made in turn") {
  ShopFixture shop;
  design::Table copy = shop.design.tables[0];
  copy.name = "shop_table";
  design::Table plain = shop.design.tables[0];
  plain.name = "audit-log";
  plain.indexes.clear();
  shop.design.tables.push_back(copy);
  shop.design.tables.push_back(plain);
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  const nlohmann::json& resources = document["Resources"];
  CHECK(resources.size() == 3);
  CHECK_FALSE(resources["ShopTable"].contains("DependsOn"));
  CHECK(resources["Shop2Table"]["DependsOn"] == "ShopTable");
  CHECK_FALSE(resources["AuditLogTable"].contains("DependsOn"));
  CHECK(document["Parameters"].contains("AuditLogTableName"));
  CHECK(document["Outputs"].contains("Shop2TableArn"));
}

TEST_CASE("hostile names and tags stay text in both formats") {
  ShopFixture shop;
  shop.workload.service =
      "shop: {\"a\"} ${AWS::Region} # \xE2\x80\xA8"
      "end\n---\n";
  shop.workload.settings.tags = {{"no", "yes"}, {"on: off", "#1\n- x"}, {"${a}", "'*&!|>%@`"}};
  shop.design.tables[0].indexes[0].projection.attributes = {"null", "a: b", "1"};
  shop.workload.patterns[1].name = "open\nAWSTemplateFormatVersion: x";
  const std::string yaml = cloudformation_yaml(resources(shop.bundle()));
  CHECK(yaml.find("\nAWSTemplateFormatVersion: x") == std::string::npos);
  CHECK(yaml.find("        - Key: \"no\"\n          Value: \"yes\"\n") != std::string::npos);
  CHECK(yaml.find("          Value: \"#1\\n- x\"\n") != std::string::npos);
  CHECK(yaml.find("              - \"null\"\n              - \"a: b\"\n              - \"1\"\n") !=
        std::string::npos);
  // Nothing is substituted: the templates use no Fn::Sub.
  CHECK(yaml.find("Fn::Sub") == std::string::npos);
  const nlohmann::json tags = properties_of(shop)["Tags"];
  CHECK(tags[0]["Key"] == "${a}");
  CHECK(tags[2]["Value"] == "#1\n- x");
}

TEST_CASE("a description is cut at the service's limit, between characters") {
  ShopFixture shop;
  shop.workload.service = std::string(998, 'x') + "\xC3\xA9\xC3\xA9";
  const nlohmann::json document =
      nlohmann::json::parse(cloudformation_json(resources(shop.bundle())));
  const std::string description = document["Description"];
  CHECK(description.size() <= 1024);
  CHECK(description.find("\xEF\xBF\xBD") == std::string::npos);
}

TEST_CASE("logical names") {
  CHECK(logical_name("my-shop_orders.2") == "MyShopOrders2");
  CHECK(logical_name("shop_table") == "Shop");
  CHECK(logical_name("Table") == "Table");
  CHECK(logical_name("...") == "Main");
}
