// Items expire on the account's clock. (Developer Guide, "Time to Live".)
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/account_fixture.h"

using ddbplan::engine::testing::TestAccount;

namespace {

constexpr std::string_view kEnable =
    R"({"TableName":"orders","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})";
constexpr std::string_view kDisable =
    R"({"TableName":"orders","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}})";

std::string item(const std::string& sk, const std::string& ttl) {
  return R"({"pk":{"S":"a"},"sk":{"S":")" + sk + R"("},"ttl":)" + ttl + "}";
}

std::string count(TestAccount& account) {
  return TestAccount::member(account.run("Scan", R"({"TableName":"orders"})"), "Count");
}

}  // namespace

TEST_CASE("an item is there until a tick after its time") {
  TestAccount account;
  account.create_orders();
  account.run("UpdateTimeToLive", kEnable);
  account.put(item("1", R"({"N":"1700000010"})"));
  account.account.tick();
  CHECK(count(account) == "1");
  account.now_ms += 10'000;
  CHECK(count(account) == "1");
  account.account.tick();
  CHECK(count(account) == "0");
}

TEST_CASE("items from before it was enabled expire, and changed times count") {
  TestAccount account;
  account.create_orders();
  account.put(item("old", R"({"N":"1700000001"})"));
  account.put(item("longer", R"({"N":"1700000001"})"));
  account.run("UpdateTimeToLive", kEnable);
  account.put(item("longer", R"({"N":"1700000100"})"));
  account.now_ms += 2'000;
  account.account.tick();
  CHECK(count(account) == "1");
}

TEST_CASE("no number, and a number five years past, never expire") {
  TestAccount account;
  account.create_orders();
  account.run("UpdateTimeToLive", kEnable);
  account.put(item("text", R"({"S":"1600000000"})"));
  account.put(item("ancient", R"({"N":"1500000000"})"));
  account.put(item("past", R"({"N":"1690000000"})"));
  account.account.tick();
  CHECK(count(account) == "2");
}

TEST_CASE("it is enabled once, for one attribute, and changed once an hour") {
  TestAccount account;
  account.create_orders();
  CHECK(account.refused("UpdateTimeToLive", kDisable) ==
        "ValidationException: TimeToLive is already disabled");
  account.run("UpdateTimeToLive", kEnable);
  CHECK(account.refused("UpdateTimeToLive", kEnable) ==
        "ValidationException: TimeToLive is already enabled");
  CHECK(account.refused("UpdateTimeToLive", kDisable) ==
        "ValidationException: Time to live has been modified multiple times within a fixed "
        "interval");
  account.now_ms += 3'600'000;
  account.run("UpdateTimeToLive", kDisable);
  CHECK(account.run("DescribeTimeToLive", R"({"TableName":"orders"})") ==
        R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
}
