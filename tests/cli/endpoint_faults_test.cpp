// validate --endpoint against an endpoint that fails, lies or hangs: it ends, says why, and leaves nothing.

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

}  // namespace
}  // namespace ddbplan::test
