#include "serve/data_folder.h"

#include <doctest/doctest.h>

#include <string>

#include "serve/service.h"
#include "serve/sqlite_statement.h"
#include "tests/support/files.h"
#include "tests/unit/serve/service_fixture.h"

using namespace ddbplan::serve;
using namespace ddbplan::serve::testing;
using ddbplan::test::TemporaryDirectory;

namespace {

Service open(const TemporaryDirectory& folder, bool namespaced = false) {
  auto opened = DataFolder::open(folder.path().string());
  REQUIRE_MESSAGE(opened.ok(), opened.error());
  ServiceOptions made = options();
  made.namespaced = namespaced;
  return Service(std::move(made), *std::move(opened));
}

void load(Service& service) {
  const auto error = service.load();
  REQUIRE_MESSAGE(!error, error.value_or(""));
}

}  // namespace

TEST_CASE("tables and items are there again") {
  const TemporaryDirectory folder;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    ask(service, post(kPut, kItem));
    ask(service, post("DynamoDB_20120810.UpdateTimeToLive",
                      R"({"TableName":"orders","TimeToLiveSpecification":)"
                      R"({"AttributeName":"ttl","Enabled":true}})"));
    REQUIRE(service.commit());
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post(kGet, kKey)) == R"(200 {"Item":{"n":{"N":"1"},"pk":{"S":"a"}}})");
  CHECK(ask(service, post("DynamoDB_20120810.DescribeTimeToLive", R"({"TableName":"orders"})")) ==
        R"(200 {"TimeToLiveDescription":{"AttributeName":"ttl","TimeToLiveStatus":"ENABLED"}})");
}

TEST_CASE("what was deleted stays deleted") {
  const TemporaryDirectory folder;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    ask(service, post(kPut, kItem));
    REQUIRE(service.commit());
    ask(service, post("DynamoDB_20120810.DeleteItem", kKey));
    REQUIRE(service.commit());
  }
  {
    Service service = open(folder);
    load(service);
    CHECK(ask(service, post(kGet, kKey)) == "200 {}");
    ask(service, post(kPut, kItem));
    ask(service, post("DynamoDB_20120810.DeleteTable", R"({"TableName":"orders"})"));
    // Made again before anything was committed: none of the old items may come back.
    ask(service, post(kCreate, kTable));
    REQUIRE(service.commit());
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post(kGet, kKey)) == "200 {}");
}

namespace {

constexpr std::string_view kStreamedTable =
    R"({"TableName":"orders","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
    R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST",)"
    R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}})";

/// The first string of this name in a body.
std::string string_in(const std::string& body, std::string_view name) {
  const std::string start = '"' + std::string(name) + "\":\"";
  const std::size_t at = body.find(start);
  REQUIRE_MESSAGE(at != std::string::npos, body);
  const std::size_t begin = at + start.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

std::string streams_target(std::string_view operation) {
  return "DynamoDBStreams_20120810." + std::string(operation);
}

/// An iterator of the only stream.
std::string iterator(Service& service, std::string_view type) {
  const std::string arn =
      string_in(ask(service, post(streams_target("ListStreams"), "{}")), "StreamArn");
  const std::string described =
      ask(service, post(streams_target("DescribeStream"), R"({"StreamArn":")" + arn + R"("})"));
  const std::string asked = R"({"StreamArn":")" + arn + R"(","ShardId":")" +
                            string_in(described, "ShardId") + R"(","ShardIteratorType":")" +
                            std::string(type) + R"("})";
  return string_in(ask(service, post(streams_target("GetShardIterator"), asked)), "ShardIterator");
}

std::string records(Service& service, const std::string& from) {
  return ask(service, post(streams_target("GetRecords"), R"({"ShardIterator":")" + from + R"("})"));
}

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("stream records are there again, and a reader goes on where it was") {
  const TemporaryDirectory folder;
  std::string from_start;
  std::string from_first;
  std::string before;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kStreamedTable));
    from_start = iterator(service, "TRIM_HORIZON");
    ask(service, post(kPut, kItem));
    from_first = iterator(service, "LATEST");
    ask(service, post("DynamoDB_20120810.DeleteItem", kKey));
    before = records(service, from_start);
    REQUIRE(service.commit());
  }
  CHECK(count(before, "\"eventName\"") == 2);
  Service service = open(folder);
  load(service);
  CHECK(records(service, from_start) == before);
  const std::string rest = records(service, from_first);
  CHECK(count(rest, "\"eventName\"") == 1);
  CHECK(string_in(rest, "eventName") == "REMOVE");
  CHECK(rest.find(R"("OldImage":{"n":{"N":"1"},"pk":{"S":"a"}})") != std::string::npos);
  // New records go on behind the old ones, in the same shard.
  ask(service, post(kPut, kItem));
  const std::string all = records(service, from_start);
  CHECK(count(all, "\"eventName\"") == 3);
  CHECK(all.starts_with(before.substr(0, before.find("],\"NextShardIterator"))));
}

TEST_CASE("the stream of a table that is gone stays, with its end") {
  const TemporaryDirectory folder;
  std::string from_start;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kStreamedTable));
    from_start = iterator(service, "TRIM_HORIZON");
    ask(service, post(kPut, kItem));
    ask(service, post("DynamoDB_20120810.DeleteTable", R"({"TableName":"orders"})"));
    REQUIRE(service.commit());
  }
  Service service = open(folder);
  load(service);
  const std::string found = records(service, from_start);
  CHECK(count(found, "\"eventName\"") == 1);
  CHECK(found.find("NextShardIterator") == std::string::npos);
}

TEST_CASE("forgotten stream records and tokens are forgotten on disk too") {
  const TemporaryDirectory folder;
  std::int64_t now_ms = 1'704'067'200'000;
  const auto open_at = [&] {
    auto opened = DataFolder::open(folder.path().string());
    REQUIRE_MESSAGE(opened.ok(), opened.error());
    ServiceOptions made = options();
    made.now_ms = [&now_ms] { return now_ms; };
    return std::make_unique<Service>(std::move(made), *std::move(opened));
  };
  const std::string_view transact = "DynamoDB_20120810.TransactWriteItems";
  const std::string made =
      R"({"ClientRequestToken":"token","TransactItems":[{"Put":)" + std::string(kItem) + "}]}";
  const std::string other =
      R"({"ClientRequestToken":"token","TransactItems":[{"Delete":)" + std::string(kKey) + "}]}";
  const std::int64_t start_ms = now_ms;
  {
    const auto service = open_at();
    load(*service);
    ask(*service, post(kCreate, kStreamedTable));
    CHECK(ask(*service, post(transact, made)) == "200 {}");
    REQUIRE(service->commit());
    CHECK(ask(*service, post(transact, other)).starts_with("400 "));
    now_ms += 25LL * 60 * 60 * 1000;
    service->tick();
    REQUIRE(service->commit());
  }
  // At a time when both would still count, so that only the folder can have forgotten them.
  now_ms = start_ms;
  const auto service = open_at();
  load(*service);
  const std::string found = records(*service, iterator(*service, "TRIM_HORIZON"));
  CHECK(found.starts_with(R"(200 {"Records":[],)"));
  CHECK(ask(*service, post(transact, other)) == "200 {}");
}

TEST_CASE("a transaction's token is known again, for ten minutes") {
  const TemporaryDirectory folder;
  const std::string_view transact = "DynamoDB_20120810.TransactWriteItems";
  const std::string once =
      R"({"ClientRequestToken":"token","ReturnConsumedCapacity":"TOTAL","TransactItems":)"
      R"([{"Update":{"TableName":"orders","Key":{"pk":{"S":"a"}},"UpdateExpression":"ADD n :one",)"
      R"("ExpressionAttributeValues":{":one":{"N":"1"}}}}]})";
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    CHECK(ask(service, post(transact, once)).find("WriteCapacityUnits") != std::string::npos);
    REQUIRE(service.commit());
  }
  Service service = open(folder);
  load(service);
  // The repetition reads.
  CHECK(ask(service, post(transact, once)) ==
        R"(200 {"ConsumedCapacity":[{"TableName":"orders","CapacityUnits":2.0,)"
        R"("ReadCapacityUnits":2.0}]})");
  CHECK(ask(service, post(kGet, kKey)) == R"(200 {"Item":{"n":{"N":"1"},"pk":{"S":"a"}}})");
  CHECK(
      ask(service, post(transact, R"({"ClientRequestToken":"token","TransactItems":)"
                                  R"([{"Delete":{"TableName":"orders","Key":{"pk":{"S":"a"}}}}]})"))
          .find("IdempotentParameterMismatchException") != std::string::npos);
}

TEST_CASE("what was not committed is not there") {
  const TemporaryDirectory folder;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    REQUIRE(service.commit());
    ask(service, post(kPut, kItem));
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post(kGet, kKey)) == "200 {}");
}

namespace {

/// Makes the folder's database refuse as a full disk does: the transaction is gone, and what comes
/// next would be in none.
void refuse(const TemporaryDirectory& folder, const std::string& where) {
  sqlite3* opened = nullptr;
  REQUIRE(sqlite3_open((folder.path() / "ddbplan.sqlite3").c_str(), &opened) == SQLITE_OK);
  const DatabasePtr database(opened);
  const std::string trigger =
      "CREATE TRIGGER refuse BEFORE " + where + " BEGIN SELECT RAISE(ROLLBACK, 'no room'); END";
  REQUIRE(sqlite3_exec(opened, trigger.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

std::string item(std::string_view key) {
  return R"({"TableName":"orders","Item":{"pk":{"S":")" + std::string(key) + R"("}}})";
}

}  // namespace

TEST_CASE("of a batch that cannot be written whole nothing is kept") {
  const TemporaryDirectory folder;
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    ask(service, post(kPut, item("before")));
    REQUIRE(service.commit());
  }
  refuse(folder, "INSERT ON items WHEN instr(NEW.item, 'refused')");
  {
    Service service = open(folder);
    load(service);
    ask(service, post("DynamoDB_20120810.TransactWriteItems",
                      R"({"TransactItems":[{"Put":)" + item("first") + R"(},{"Put":)" +
                          item("refused") + R"(},{"Put":)" + item("last") + "}]}"));
    CHECK_FALSE(service.commit());
    CHECK(service.storage_error() == "no room");
    // Memory has what the disk does not: nothing may be answered from it, or written after it.
    ask(service, post(kPut, item("later")));
    CHECK_FALSE(service.commit());
    CHECK(service.storage_error() == "no room");
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post("DynamoDB_20120810.Scan", R"({"TableName":"orders"})")) ==
        R"(200 {"Count":1,"Items":[{"pk":{"S":"before"}}],"ScannedCount":1})");
}

TEST_CASE("a table that cannot be written fails the commit, and so do its items") {
  const TemporaryDirectory folder;
  static_cast<void>(open(folder));
  refuse(folder, "INSERT ON tables");
  {
    Service service = open(folder);
    load(service);
    ask(service, post(kCreate, kTable));
    ask(service, post(kPut, kItem));
    ask(service, post("DynamoDB_20120810.DeleteTable", R"({"TableName":"orders"})"));
    CHECK_FALSE(service.commit());
    CHECK(service.storage_error() == "no room");
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}")) == R"(200 {"TableNames":[]})");
}

TEST_CASE("name spaces stay apart") {
  const TemporaryDirectory folder;
  {
    Service service = open(folder, true);
    load(service);
    ask(service, post(kCreate, kTable));
    REQUIRE(service.commit());
  }
  {
    Service service = open(folder, true);
    load(service);
    CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}")) ==
          R"(200 {"TableNames":["orders"]})");
  }
  Service service = open(folder);
  load(service);
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}")) == R"(200 {"TableNames":[]})");
}

TEST_CASE("a folder has one server") {
  const TemporaryDirectory folder;
  const auto first = DataFolder::open(folder.path().string());
  REQUIRE(first.ok());
  const auto second = DataFolder::open(folder.path().string());
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().find("database is locked") != std::string::npos);
}
