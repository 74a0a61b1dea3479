#include "serve/data_folder.h"

#include <doctest/doctest.h>

#include <string>

#include "serve/service.h"
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
