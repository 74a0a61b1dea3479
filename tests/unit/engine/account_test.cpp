// The control plane. Messages are the service's, as its documentation and dynalite have them.
#include "engine/account.h"

#include <doctest/doctest.h>

#include <vector>

#include "engine/journal.h"
#include "tests/unit/engine/account_fixture.h"

using ddbplan::engine::testing::TestAccount;

namespace {

std::string described(TestAccount& account, std::string_view path) {
  return TestAccount::member(account.run("DescribeTable", R"({"TableName":"orders"})"), path);
}

constexpr std::string_view kIndexUpdate =
    R"({"TableName":"orders","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
    {"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"status","AttributeType":"S"}],
    "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"by_status","KeySchema":[
    {"AttributeName":"status","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]})";

}  // namespace

TEST_CASE("a table is CREATING in the answer and ACTIVE afterwards") {
  TestAccount account;
  const std::string created = account.run("CreateTable", R"({"TableName":"users",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
      "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}})");
  CHECK(TestAccount::member(created, "TableDescription.TableStatus") == "CREATING");
  const std::string table = account.run("DescribeTable", R"({"TableName":"users"})");
  CHECK(TestAccount::member(table, "Table.TableStatus") == "ACTIVE");
  CHECK(TestAccount::member(table, "Table.ProvisionedThroughput.WriteCapacityUnits") == "6");
  CHECK(TestAccount::member(table, "Table.CreationDateTime") == "1700000000.0");
  CHECK(TestAccount::member(table, "Table.TableArn") ==
        "arn:aws:dynamodb:ddblocal:000000000000:table/users");
  CHECK(TestAccount::member(table, "Table.KeySchema.0.AttributeName") == "id");
}

TEST_CASE("CreateTable refuses what does not fit together") {
  TestAccount account;
  const auto refused = [&](std::string_view body) { return account.refused("CreateTable", body); };
  CHECK(refused(R"({"TableName":"orders","AttributeDefinitions":[],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})") ==
        "ValidationException: One or more parameter values were invalid: Some index key attributes "
        "are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: []");
  CHECK(refused(R"({"TableName":"orders",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
      {"AttributeName":"x","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})") ==
        "ValidationException: One or more parameter values were invalid: Number of attributes in "
        "KeySchema does not exactly match number of attributes defined in AttributeDefinitions");
  CHECK(refused(R"({"TableName":"orders",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})") ==
        "ValidationException: One or more parameter values were invalid: ReadCapacityUnits and "
        "WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  account.create_orders();
}

TEST_CASE("tables are listed in order, page by page") {
  TestAccount account;
  for (const char* name : {"ccc", "aaa", "bbb"}) {
    account.run("CreateTable", std::string(R"({"TableName":")") + name + R"(",
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})");
  }
  CHECK(account.run("ListTables", R"({"Limit":2})") ==
        R"({"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"})");
  CHECK(account.run("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"bbb"})") ==
        R"({"TableNames":["ccc"]})");
}

TEST_CASE("a deleted table is gone, unless it is protected") {
  TestAccount account;
  account.create_orders(R"(,"DeletionProtectionEnabled":true)");
  CHECK(account.refused("DeleteTable", R"({"TableName":"orders"})") ==
        "ValidationException: Resource cannot be deleted as it is currently protected against "
        "deletion. Disable deletion protection first.");
  account.run("UpdateTable", R"({"TableName":"orders","DeletionProtectionEnabled":false})");
  const std::string deleted = account.run("DeleteTable", R"({"TableName":"orders"})");
  CHECK(TestAccount::member(deleted, "TableDescription.TableStatus") == "DELETING");
  CHECK(account.refused("DescribeTable", R"({"TableName":"orders"})") ==
        "ResourceNotFoundException: Requested resource not found: Table: orders not found");
}

TEST_CASE("an index that is added holds the items that are there, and goes again") {
  TestAccount account;
  account.create_orders();
  account.put(R"({"pk":{"S":"a"},"sk":{"S":"1"},"status":{"S":"OPEN"}})");
  account.put(R"({"pk":{"S":"a"},"sk":{"S":"2"}})");
  const std::string updated = account.run("UpdateTable", kIndexUpdate);
  CHECK(TestAccount::member(updated, "TableDescription.TableStatus") == "UPDATING");
  account.put(R"({"pk":{"S":"b"},"sk":{"S":"1"},"status":{"S":"OPEN"}})");
  const std::string page = account.run("Query", R"({"TableName":"orders","IndexName":"by_status",
      "KeyConditionExpression":"#s = :s","ExpressionAttributeNames":{"#s":"status"},
      "ExpressionAttributeValues":{":s":{"S":"OPEN"}}})");
  CHECK(TestAccount::member(page, "Count") == "2");
  CHECK(described(account, "Table.GlobalSecondaryIndexes.0.ItemCount") == "2");
  CHECK(described(account, "Table.ItemCount") == "3");
  account.run("UpdateTable", R"({"TableName":"orders",
      "GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"by_status"}}]})");
  CHECK(described(account, "Table.GlobalSecondaryIndexes").empty());
  CHECK(described(account, "Table.AttributeDefinitions.2").empty());
}

TEST_CASE("UpdateTable refuses what changes nothing or is not there, and then changes nothing") {
  TestAccount account;
  account.create_orders();
  CHECK(account.refused("UpdateTable", R"({"TableName":"orders"})") ==
        "ValidationException: At least one of ProvisionedThroughput, BillingMode, "
        "UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is "
        "required");
  CHECK(account
            .refused("UpdateTable", R"({"TableName":"orders",
      "GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"nope"}}]})")
            .starts_with("ResourceNotFoundException"));
  CHECK(account.refused("UpdateTable", R"({"TableName":"orders","BillingMode":"PROVISIONED"})") ==
        "ValidationException: One or more parameter values were invalid: ReadCapacityUnits and "
        "WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  CHECK(described(account, "Table.BillingModeSummary.BillingMode") == "PAY_PER_REQUEST");
  account.run("UpdateTable", R"({"TableName":"orders","BillingMode":"PROVISIONED",
      "ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4}})");
  CHECK(described(account, "Table.ProvisionedThroughput.ReadCapacityUnits") == "3");
}

TEST_CASE("tags come and go by ARN") {
  TestAccount account;
  account.create_orders(R"(,"Tags":[{"Key":"team","Value":"shop"}])");
  const std::string arn = "arn:aws:dynamodb:ddblocal:000000000000:table/orders";
  account.run("TagResource",
              R"({"ResourceArn":")" + arn + R"(","Tags":[{"Key":"env","Value":"test"}]})");
  CHECK(account.run("ListTagsOfResource", R"({"ResourceArn":")" + arn + R"("})") ==
        R"({"Tags":[{"Key":"env","Value":"test"},{"Key":"team","Value":"shop"}]})");
  account.run("UntagResource", R"({"ResourceArn":")" + arn + R"(","TagKeys":["team"]})");
  CHECK(account.run("ListTagsOfResource", R"({"ResourceArn":")" + arn + R"("})") ==
        R"({"Tags":[{"Key":"env","Value":"test"}]})");
  CHECK(account.refused("ListTagsOfResource", R"({"ResourceArn":")" + arn + R"(2"})")
            .starts_with("ResourceNotFoundException"));
}

TEST_CASE("backups and limits are answered") {
  TestAccount account;
  account.create_orders();
  account.run("UpdateContinuousBackups", R"({"TableName":"orders",
      "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})");
  const std::string backups = account.run("DescribeContinuousBackups", R"({"TableName":"orders"})");
  CHECK(TestAccount::member(backups,
                            "ContinuousBackupsDescription.PointInTimeRecoveryDescription."
                            "PointInTimeRecoveryStatus") == "ENABLED");
  CHECK(TestAccount::member(account.run("DescribeLimits", "{}"), "TableMaxReadCapacityUnits") ==
        "40000");
}

namespace {

/// Hears only which transactions are forgotten.
class ForgettingJournal final : public ddbplan::engine::Journal {
 public:
  void item_changed(const std::string& /*table*/, const ddbplan::engine::Position& /*position*/,
                    const ddbplan::engine::ItemRef& /*after*/) override {}
  void table_changed(const std::string& /*table*/, const std::string& /*record*/) override {}
  void table_dropped(const std::string& /*table*/) override {}
  void stream_changed(const std::string& /*arn*/, const std::string& /*record*/) override {}
  void stream_grew(const std::string& /*arn*/,
                   const ddbplan::engine::StreamRecord& /*record*/) override {}
  void stream_records_forgotten(const std::string& /*arn*/, std::uint64_t /*oldest*/) override {}
  void stream_dropped(const std::string& /*arn*/) override {}
  void transaction_made(const std::string& /*token*/,
                        const ddbplan::engine::MadeTransaction& /*made*/) override {}
  void transactions_forgotten(std::int64_t made_ms) override { forgotten.push_back(made_ms); }
  void end_of_request() override {}

  std::vector<std::int64_t> forgotten;
};

}  // namespace

TEST_CASE("a journal hears of forgotten transactions only when there are some") {
  constexpr std::int64_t kTenMinutesMs = 10LL * 60 * 1000;
  ForgettingJournal journal;
  TestAccount account;
  account.create_orders();
  account.account.set_journal(&journal);
  const auto transact = [](const std::string& condition) {
    return R"({"ClientRequestToken":"t","TransactItems":[{"Put":{"TableName":"orders",)"
           R"("Item":{"pk":{"S":"a"},"sk":{"S":"b"}})" +
           condition + "}}]}";
  };
  account.run("TransactWriteItems", transact(""));
  const std::int64_t made_ms = account.now_ms;
  account.account.tick();
  account.now_ms += kTenMinutesMs - 1;
  account.account.tick();
  CHECK(journal.forgotten.empty());
  account.now_ms += 1;
  account.account.tick();
  account.account.tick();
  CHECK(journal.forgotten == std::vector<std::int64_t>{made_ms});
  // One that a request has found to be too old is told with the next tick.
  account.run("TransactWriteItems", transact(""));
  account.now_ms += kTenMinutesMs;
  account.refused("TransactWriteItems",
                  transact(R"j(,"ConditionExpression":"attribute_not_exists(pk)")j"));
  account.account.tick();
  CHECK(journal.forgotten == std::vector<std::int64_t>{made_ms, made_ms + kTenMinutesMs});
}
