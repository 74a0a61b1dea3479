// DynamoDB Streams. (Developer Guide, "Change data capture for DynamoDB Streams".)
#include "engine/stream.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/account_fixture.h"

using ddbplan::engine::testing::TestAccount;

namespace {

constexpr std::string_view kRow = R"({"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"1"}})";
constexpr std::string_view kChangedRow = R"({"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"2"}})";
constexpr std::string_view kKey = R"({"pk":{"S":"a"},"sk":{"S":"1"}})";

void create(TestAccount& account, const std::string& view) {
  account.create_orders(R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":")" +
                        view + R"("})");
}

void erase(TestAccount& account) {
  account.run("DeleteItem", R"({"TableName":"orders","Key":)" + std::string(kKey) + "}");
}

std::string stream_arn(TestAccount& account) {
  return TestAccount::member(account.run("ListStreams", "{}"), "Streams.0.StreamArn");
}

std::string iterator(TestAccount& account, const std::string& how) {
  const std::string arn = stream_arn(account);
  const std::string stream = account.run("DescribeStream", R"({"StreamArn":")" + arn + R"("})");
  const std::string shard = TestAccount::member(stream, "StreamDescription.Shards.0.ShardId");
  return TestAccount::member(
      account.run("GetShardIterator", R"({"StreamArn":")" + arn + R"(","ShardId":")" + shard +
                                          R"(","ShardIteratorType":)" + how + "}"),
      "ShardIterator");
}

std::string records(TestAccount& account, const std::string& from) {
  return account.run("GetRecords", R"({"ShardIterator":")" + from + R"("})");
}

std::string of_record(const std::string& body, int place, const std::string& path) {
  return TestAccount::member(body, "Records." + std::to_string(place) + "." + path);
}

}  // namespace

TEST_CASE("each change is a record; a write that changes nothing is none") {
  TestAccount account;
  create(account, "NEW_AND_OLD_IMAGES");
  account.put(kRow);
  account.put(kRow);
  account.put(kChangedRow);
  erase(account);
  erase(account);
  const std::string body = records(account, iterator(account, R"("TRIM_HORIZON")"));
  CHECK(of_record(body, 0, "eventName") == "INSERT");
  CHECK(of_record(body, 0, "dynamodb.NewImage.n.N") == "1");
  CHECK(of_record(body, 0, "dynamodb.OldImage").empty());
  CHECK(of_record(body, 1, "eventName") == "MODIFY");
  CHECK(of_record(body, 1, "dynamodb.OldImage.n.N") == "1");
  CHECK(of_record(body, 1, "dynamodb.NewImage.n.N") == "2");
  CHECK(of_record(body, 2, "eventName") == "REMOVE");
  CHECK(of_record(body, 2, "dynamodb.NewImage").empty());
  CHECK(of_record(body, 2, "dynamodb.Keys.sk.S") == "1");
  CHECK(of_record(body, 2, "userIdentity").empty());
  CHECK(of_record(body, 3, "eventName").empty());
  CHECK(of_record(body, 0, "dynamodb.SequenceNumber") <
        of_record(body, 1, "dynamodb.SequenceNumber"));
}

TEST_CASE("the view type says which images there are") {
  const auto images = [](const std::string& view) {
    TestAccount account;
    create(account, view);
    account.put(kRow);
    account.put(kChangedRow);
    const std::string body = records(account, iterator(account, R"("TRIM_HORIZON")"));
    return std::string(of_record(body, 1, "dynamodb.OldImage").empty() ? "-" : "old") + " " +
           (of_record(body, 1, "dynamodb.NewImage").empty() ? "-" : "new");
  };
  CHECK(images("KEYS_ONLY") == "- -");
  CHECK(images("OLD_IMAGE") == "old -");
  CHECK(images("NEW_IMAGE") == "- new");
  CHECK(images("NEW_AND_OLD_IMAGES") == "old new");
}

TEST_CASE("deletions by time to live are the service's") {
  TestAccount account;
  create(account, "KEYS_ONLY");
  account.run("UpdateTimeToLive", R"({"TableName":"orders",
      "TimeToLiveSpecification":{"AttributeName":"n","Enabled":true}})");
  account.put(R"({"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"1700000001"}})");
  account.now_ms += 5'000;
  account.account.tick();
  const std::string body = records(account, iterator(account, R"("TRIM_HORIZON")"));
  CHECK(of_record(body, 1, "eventName") == "REMOVE");
  CHECK(of_record(body, 1, "userIdentity.PrincipalId") == "dynamodb.amazonaws.com");
  CHECK(of_record(body, 1, "userIdentity.Type") == "Service");
}

TEST_CASE("iterators: from the end, at and after a record, page by page") {
  TestAccount account;
  create(account, "KEYS_ONLY");
  account.put(kRow);
  const std::string latest = iterator(account, R"("LATEST")");
  account.put(kChangedRow);
  CHECK(of_record(records(account, latest), 0, "eventName") == "MODIFY");
  const std::string all = records(account, iterator(account, R"("TRIM_HORIZON")"));
  const std::string first = of_record(all, 0, "dynamodb.SequenceNumber");
  const std::string at =
      iterator(account, R"("AT_SEQUENCE_NUMBER","SequenceNumber":")" + first + R"(")");
  CHECK(of_record(records(account, at), 0, "eventName") == "INSERT");
  const std::string after =
      iterator(account, R"("AFTER_SEQUENCE_NUMBER","SequenceNumber":")" + first + R"(")");
  CHECK(of_record(records(account, after), 0, "eventName") == "MODIFY");
  const std::string page =
      account.run("GetRecords", R"({"Limit":1,"ShardIterator":")" + at + R"("})");
  CHECK(of_record(page, 1, "eventName").empty());
  const std::string next = TestAccount::member(page, "NextShardIterator");
  CHECK(of_record(records(account, next), 0, "eventName") == "MODIFY");
}

TEST_CASE("records are kept for a day, iterators for a quarter of an hour") {
  TestAccount account;
  create(account, "KEYS_ONLY");
  account.put(kRow);
  const std::string early = iterator(account, R"("TRIM_HORIZON")");
  account.now_ms += 16LL * 60 * 1000;
  CHECK(account.refused("GetRecords", R"({"ShardIterator":")" + early + R"("})") ==
        "ExpiredIteratorException: Iterator expired.");
  const std::string again = iterator(account, R"("TRIM_HORIZON")");
  account.now_ms += 24LL * 60 * 60 * 1000 - 60'000;
  account.account.tick();
  CHECK(
      of_record(records(account, iterator(account, R"("TRIM_HORIZON")")), 0, "eventName").empty());
}

TEST_CASE("a stream that was disabled is read to its end, and another one can follow") {
  TestAccount account;
  create(account, "KEYS_ONLY");
  account.put(kRow);
  const std::string from = iterator(account, R"("TRIM_HORIZON")");
  account.run("UpdateTable",
              R"({"TableName":"orders","StreamSpecification":{"StreamEnabled":false}})");
  account.put(kChangedRow);
  const std::string body = records(account, from);
  CHECK(of_record(body, 0, "eventName") == "INSERT");
  CHECK(of_record(body, 1, "eventName").empty());
  CHECK(TestAccount::member(body, "NextShardIterator").empty());
  account.now_ms += 1000;
  account.run("UpdateTable", R"({"TableName":"orders",
      "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}})");
  const std::string streams = account.run("ListStreams", R"({"TableName":"orders"})");
  CHECK(TestAccount::member(streams, "Streams.1.TableName") == "orders");
}

TEST_CASE("what is no iterator is refused") {
  TestAccount account;
  CHECK(account.refused("GetRecords", R"({"ShardIterator":"x"})") ==
        "ValidationException: Invalid ShardIterator");
  CHECK(
      account.refused("DescribeStream", R"({"StreamArn":"arn:aws:dynamodb:x:y:table/t/stream/z"})")
          .starts_with("ResourceNotFoundException"));
}
