// validate --endpoint: against `serve`, which is another process and another table of everything.

#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/cli/server_process.h"

namespace ddbplan::test {
namespace {

constexpr const char* kSchema = R"(ddbplan: 1
service: library
entities:
  Shelf: {id: shelf_id, count: 2, attributes: {shelf_id: string 6 B}}
  Book:
    id: book_id
    belongs_to: {Shelf: 12 .. 30}
    attributes: {book_id: ulid of added_at, added_at: timestamp, title: string 20 B}
access_patterns:
  build:  {create: Shelf, rate: 1/day}
  add:    {create: Book, rate: 1/s}
  newest: {list: Book, by: shelf_id, order: added_at desc, limit: 10, rate: 5/s}
)";

std::string url_of(const ServerProcess& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

struct Library : Workplace {
  Library() { write("library.yaml", kSchema); }
};

TEST_CASE("a design is proven on an endpoint, and nothing is left there") {
  const Library place;
  const ServerProcess server({});
  const Outcome outcome =
      place.ddbplan({"validate", "library.yaml", "--endpoint", url_of(server), "--format", "json"});
  INFO(outcome.standard_error);
  REQUIRE(outcome.exit_status == 0);
  const auto report = nlohmann::json::parse(outcome.standard_output);
  CHECK(report["endpoint"]["complete"] == true);
  CHECK(report["endpoint"]["failures"].empty());
  REQUIRE(report["endpoint"]["access_patterns"].size() == 3);
  for (const auto& pattern : report["endpoint"]["access_patterns"]) {
    CHECK(pattern["requests"].get<int>() > 0);
    CHECK(pattern["units"]["observed"] == pattern["units"]["predicted"]);
  }
  WireClient client(server.port());
  const auto tables = client.ask("ListTables", "{}");
  REQUIRE(tables);
  CHECK(tables->body == R"({"TableNames":[]})");
  const std::string note = "listed in ";
  const auto at = outcome.standard_error.find(note);
  REQUIRE(at != std::string::npos);
  const auto end = outcome.standard_error.find('\n', at);
  const std::string manifest =
      outcome.standard_error.substr(at + note.size(), end - at - note.size());
  CHECK_FALSE(std::filesystem::exists(manifest));
}

TEST_CASE("tables that are there are not touched") {
  const Library place;
  const ServerProcess server({(std::filesystem::path(place.path()) / "library.yaml").string()});
  WireClient client(server.port());
  const auto before = client.ask("Scan", R"({"TableName":"library","Select":"COUNT"})");
  REQUIRE(before);
  CHECK(place.ddbplan({"validate", "library.yaml", "--endpoint", url_of(server)}).exit_status == 0);
  const auto after = client.ask("Scan", R"({"TableName":"library","Select":"COUNT"})");
  REQUIRE(after);
  CHECK(after->body == before->body);
  CHECK(client.ask("ListTables", "{}")->body == R"({"TableNames":["library"]})");
}

TEST_CASE("credentials are used where they are allowed, and the signature is right") {
  const Library place;
  place.write("keys", "[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n");
  const std::string keys = (std::filesystem::path(place.path()) / "keys").string();
  const ServerProcess server({"--credentials", keys});
  const auto validate = [&](const std::string& secret, bool allowed) {
    return place.shell("AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=" + secret +
                       " AWS_SESSION_TOKEN=token $DDBPLAN validate library.yaml --endpoint " +
                       url_of(server) + (allowed ? " --allow-endpoint 127.0.0.1" : ""));
  };
  const Outcome right = validate("secret", true);
  CHECK_MESSAGE(right.exit_status == 0, right.standard_error);
  const Outcome wrong = validate("guess", true);
  CHECK(wrong.exit_status == 2);
  // Loopback gets made-up credentials unless it is named.
  const Outcome unnamed = validate("secret", false);
  CHECK(unnamed.exit_status == 2);
  CHECK(unnamed.standard_error.find("UnrecognizedClientException") != std::string::npos);
}

TEST_CASE("what a killed run has left is deleted by its list, and nothing else is") {
  const Library place;
  const ServerProcess server({});
  WireClient client(server.port());
  const auto make = [&](const std::string& name) {
    const auto made = client.ask(
        "CreateTable",
        R"({"TableName":")" + name +
            R"(","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
            R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})");
    REQUIRE(made);
    REQUIRE(made->status == 200);
  };
  make("ddbplan-run-1-2-0-library");
  make("precious");
  const auto list = [&](const std::string& table) {
    return R"({"endpoint":")" + url_of(server) + R"(","tables":[")" + table + R"("]})";
  };
  place.write("list.json", list("precious"));
  CHECK(place.ddbplan({"validate", "--clean-up", "list.json"}).exit_status == 2);
  place.write("list.json", list("ddbplan-run-1-2-0-library"));
  CHECK(place.ddbplan({"validate", "--clean-up", "list.json"}).exit_status == 0);
  CHECK_FALSE(place.has("list.json"));
  CHECK(client.ask("ListTables", "{}")->body == R"({"TableNames":["precious"]})");
}

TEST_CASE("an endpoint that is wrong, far or absent is refused with a sentence") {
  const Library place;
  const Outcome far =
      place.ddbplan({"validate", "library.yaml", "--endpoint", "http://10.0.0.1:8000"});
  CHECK(far.exit_status == 2);
  CHECK(far.standard_error.find("--yes") != std::string::npos);
  const Outcome wrong = place.ddbplan({"validate", "library.yaml", "--endpoint", "dynamo"});
  CHECK(wrong.exit_status == 2);
  CHECK(wrong.standard_error.find("is no endpoint") != std::string::npos);
  // Port 9 of this machine is one where nobody listens.
  const Outcome absent =
      place.ddbplan({"validate", "library.yaml", "--endpoint", "http://127.0.0.1:9"});
  CHECK(absent.exit_status == 2);
  CHECK(absent.standard_error.find("127.0.0.1:9") != std::string::npos);
  CHECK(place.ddbplan({"validate"}).exit_status == 2);
}

}  // namespace
}  // namespace ddbplan::test
