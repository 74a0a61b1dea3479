// validate --endpoint against an endpoint that fails, lies or hangs: it ends, says why, and leaves nothing.

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "tests/cli/program.h"
#include "tests/cli/unruly_endpoint.h"

namespace ddbplan::test {
namespace {

constexpr const char* kShelves = R"(ddbplan: 1
service: library
entities:
  Shelf: {id: shelf_id, count: 2, attributes: {shelf_id: string 6 B}}
access_patterns:
  build: {create: Shelf, rate: 1/day}
)";
constexpr const char* kNoTables = R"({"TableNames":[]})";

struct Shelves : Workplace {
  Shelves() { write("shelves.yaml", kShelves); }
  [[nodiscard]] Outcome validate(const UnrulyEndpoint& endpoint) const {
    return ddbplan({"validate", "shelves.yaml", "--endpoint", endpoint.url()});
  }
};

EndpointAnswer failure(int status, const std::string& type) {
  return {status, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"("})", ""};
}

TEST_CASE("a table whose creation was answered with a failure is the run's own") {
  const Shelves place;
  int creations = 0;
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
    if (operation == "CreateTable" && ++creations == 1)
      answer = failure(500, "InternalServerError");
  });
  const Outcome outcome = place.validate(endpoint);
  INFO(outcome.standard_error);
  CHECK(outcome.exit_status == 0);
  CHECK(creations == 2);
  CHECK(endpoint.tables() == kNoTables);
}

TEST_CASE("a table that may have been made is deleted, whatever is said afterwards") {
  const Shelves place;
  int creations = 0;
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
    if (operation != "CreateTable") return;
    answer = ++creations == 1 ? failure(500, "InternalServerError")
                              : failure(400, "AccessDeniedException");
  });
  const Outcome outcome = place.validate(endpoint);
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("AccessDeniedException") != std::string::npos);
  CHECK(endpoint.tables() == kNoTables);
}

TEST_CASE("the list of tables says where they are, and keeps the secret") {
  const Shelves place;
  const auto lists = [&](const std::string& name) {
    for (const auto& entry : std::filesystem::directory_iterator(place.path())) {
      if (entry.path().filename().string().starts_with("ddbplan-run-"))
        std::filesystem::copy_file(entry.path(), place.path() / name);
    }
  };
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& /*answer*/) {
    if (operation == "CreateTable") lists("list.json");
  });
  const Outcome outcome = place.shell(
      "TMPDIR=$PWD AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=hidden $DDBPLAN validate "
      "shelves.yaml --allow-endpoint 127.0.0.1 --region eu-north-1 --endpoint " +
      endpoint.url());
  INFO(outcome.standard_error);
  CHECK(outcome.exit_status == 0);
  REQUIRE(place.has("list.json"));
  const std::string list = place.read("list.json");
  CHECK(list.find(R"("endpoint": ")" + endpoint.url()) != std::string::npos);
  CHECK(list.find(R"("region": "eu-north-1")") != std::string::npos);
  CHECK(list.find(R"("credentials": "the environment")") != std::string::npos);
  CHECK(list.find("hidden") == std::string::npos);
}

TEST_CASE("tables are cleaned up in their region, with credentials from where they were") {
  const Shelves place;
  std::string authorization;
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
    if (operation == "DeleteTable") authorization = answer.authorization;
  });
  const auto write_list = [&](const std::string& credentials) {
    place.write("list.json", R"({"endpoint":")" + endpoint.url() +
                                 R"(","region":"eu-north-1","credentials":")" + credentials +
                                 R"(","tables":["ddbplan-run-1-2-0-shelves"]})");
  };
  write_list("profile work of /home/me/.aws/credentials");
  const Outcome other = place.ddbplan({"validate", "--clean-up", "list.json"});
  CHECK(other.exit_status == 2);
  CHECK(other.standard_error.find("profile work") != std::string::npos);
  CHECK(place.has("list.json"));
  CHECK(authorization.empty());
  write_list("made up");
  CHECK(place.ddbplan({"validate", "--clean-up", "list.json"}).exit_status == 0);
  CHECK(authorization.find("/eu-north-1/dynamodb/") != std::string::npos);
  CHECK_FALSE(place.has("list.json"));
}

TEST_CASE("a table that may not be looked at is not waited for") {
  const Shelves place;
  int looks = 0;
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
    if (operation == "DescribeTable" && ++looks > 1) answer = failure(400, "AccessDeniedException");
  });
  const Outcome outcome = place.validate(endpoint);
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("AccessDeniedException") != std::string::npos);
  CHECK(looks == 2);
  CHECK(endpoint.tables() == kNoTables);
}

TEST_CASE("an interrupt ends the waiting for a table, and says so") {
  const Shelves place;
  int looks = 0;
  UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
    if (operation != "DescribeTable") return;
    if (++looks > 1) answer = {200, R"({"Table":{"TableStatus":"CREATING"}})", ""};
    if (looks == 3) place.write("waits", "");
  });
  const Outcome outcome =
      place.shell("$DDBPLAN validate shelves.yaml --endpoint " + endpoint.url() +
                  " & while ! test -e waits; do sleep 0.02; done; kill -INT $!; wait $!");
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("interrupted") != std::string::npos);
  CHECK(outcome.standard_error.find("active") == std::string::npos);
  CHECK(endpoint.tables() == kNoTables);
}

TEST_CASE("a Scan without an end fails") {
  const Shelves place;
  place.write("shelves.yaml", std::string(kShelves) + "  all: {export: Shelf, rate: 1/day}\n");
  for (const bool moves : {false, true}) {
    CAPTURE(moves);
    int scans = 0;
    UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
      if (operation != "Scan") return;
      const std::string place_of = std::to_string(moves ? ++scans : 0);
      answer = {200,
                R"({"Items":[],"Count":0,"ScannedCount":0,"LastEvaluatedKey":{"PK":{"S":"SHELF#)" +
                    place_of + R"("},"SK":{"S":"SHELF"}}})",
                ""};
    });
    const Outcome outcome = place.validate(endpoint);
    CHECK(outcome.exit_status == 1);
    CHECK(outcome.standard_output.find(moves ? "it has no end after" : "ends where it began") !=
          std::string::npos);
    CHECK(endpoint.tables() == kNoTables);
  }
}

TEST_CASE("units are shown beside the predicted ones, or as not told") {
  const Shelves place;
  const auto shown = [&](const std::string& capacity) {
    UnrulyEndpoint endpoint([&](std::string_view operation, EndpointAnswer& answer) {
      if (operation == "PutItem" && answer.status == 200) answer.body = "{" + capacity + "}";
    });
    const Outcome outcome = place.validate(endpoint);
    CHECK(outcome.exit_status == 0);
    return outcome.standard_output;
  };
  CHECK(shown("").find("not told") != std::string::npos);
  const std::string other = shown(R"("ConsumedCapacity":{"CapacityUnits":100})");
  CHECK(other.find(" 300 ") != std::string::npos);
  CHECK(other.find("ok, other units") != std::string::npos);
  CHECK(other.find("1 access pattern takes other units there than predicted") != std::string::npos);
}

}  // namespace
}  // namespace ddbplan::test
