// The wire protocol, without a socket.
#include "serve/service.h"

#include <doctest/doctest.h>

#include <string>

#include "serve/compression.h"
#include "tests/unit/serve/service_fixture.h"

using namespace ddbplan::serve;
using namespace ddbplan::serve::testing;

namespace {

std::string header_of(const std::string& response, const std::string& name) {
  const std::size_t at = response.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t start = at + name.size() + 4;
  return response.substr(start, response.find("\r\n", start) - start);
}

std::string whole(Service& service, const HttpMessage& message) {
  std::string out;
  service.make_handler()->handle(message, out);
  return out;
}

}  // namespace

TEST_CASE("what is put is got") {
  Service service(options(), nullptr);
  CHECK(ask(service, post(kCreate, kTable)).starts_with("200 "));
  CHECK(ask(service, post(kPut, kItem)) == "200 {}");
  CHECK(ask(service, post(kGet, kKey)) == R"(200 {"Item":{"n":{"N":"1"},"pk":{"S":"a"}}})");
}

TEST_CASE("an answer has its checksum, its length and an id of its own") {
  Service service(options(), nullptr);
  const std::string first = whole(service, post("DynamoDB_20120810.ListTables", "{}"));
  const std::string body = R"({"TableNames":[]})";
  CHECK(first.ends_with("\r\n\r\n" + body));
  CHECK(header_of(first, "x-amz-crc32") == std::to_string(crc32(body)));
  CHECK(header_of(first, "Content-Length") == std::to_string(body.size()));
  CHECK(header_of(first, "Content-Type") == "application/x-amz-json-1.0");
  CHECK(header_of(first, "Date") == "Mon, 01 Jan 2024 00:00:00 GMT");
  CHECK(header_of(first, "x-amzn-RequestId").size() == 52);
  const std::string second = whole(service, post("DynamoDB_20120810.ListTables", "{}"));
  CHECK(header_of(first, "x-amzn-RequestId") != header_of(second, "x-amzn-RequestId"));
}

TEST_CASE("errors are 400 with their type") {
  Service service(options(), nullptr);
  CHECK(ask(service, post(kGet, kKey)) ==
        R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
        R"("message":"Requested resource not found"})");
  CHECK(ask(service, post(kGet, "{")) ==
        R"(400 {"__type":"com.amazon.coral.service#SerializationException"})");
  constexpr std::string_view kUnknown =
      R"(400 {"__type":"com.amazon.coral.service#UnknownOperationException"})";
  CHECK(ask(service, post("DynamoDB_20120810.Nonsense", "{}")) == kUnknown);
  CHECK(ask(service, post("DynamoDB_20111205.GetItem", "{}")) == kUnknown);
  CHECK(ask(service, post("DynamoDBStreams_20120810.GetItem", "{}")) == kUnknown);
  CHECK(ask(service, post("", "{}")) == kUnknown);
}

TEST_CASE("a request must say who it is from") {
  Service service(options(), nullptr);
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}", "")) ==
        R"(400 {"__type":"com.amazon.coral.service#MissingAuthenticationTokenException",)"
        R"("message":"Request is missing Authentication Token"})");
}

TEST_CASE("health, and other methods") {
  Service service(options(), nullptr);
  HttpMessage message = post("", "");
  message.method = "GET";
  CHECK(ask(service, message) == "200 healthy: localhost:8000 ");
  message.target = "/shell";
  CHECK(ask(service, message).starts_with("404 "));
  message.method = "OPTIONS";
  CHECK(ask(service, message).starts_with("404 "));
}

TEST_CASE("a foreign Host is refused") {
  Service service(options(), nullptr);
  HttpMessage message = post("DynamoDB_20120810.ListTables", "{}");
  message.headers[0].second = "attacker.example";
  CHECK(ask(service, message).starts_with("403 "));
}

TEST_CASE("pages of the web read answers only where they may") {
  Service closed(options(), nullptr);
  CHECK(header_of(whole(closed, post("DynamoDB_20120810.ListTables", "{}")),
                  "Access-Control-Allow-Origin")
            .empty());
  ServiceOptions open = options();
  open.cors_origin = "http://localhost:3000";
  Service service(std::move(open), nullptr);
  HttpMessage preflight = post("", "");
  preflight.method = "OPTIONS";
  preflight.headers.emplace_back("Access-Control-Request-Headers", "x-amz-target");
  const std::string answer = whole(service, preflight);
  CHECK(header_of(answer, "Access-Control-Allow-Origin") == "http://localhost:3000");
  CHECK(header_of(answer, "Access-Control-Allow-Headers") == "x-amz-target");
}

TEST_CASE("with name spaces each key and region has its own tables") {
  ServiceOptions separate = options();
  separate.namespaced = true;
  Service service(std::move(separate), nullptr);
  constexpr std::string_view kOther =
      "AWS4-HMAC-SHA256 Credential=someone/20240101/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=host, Signature=00";
  const std::string created = ask(service, post(kCreate, kTable));
  CHECK(created.find("arn:aws:dynamodb:eu-west-1:") != std::string::npos);
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}", kOther)) ==
        R"(200 {"TableNames":[]})");
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}")) ==
        R"(200 {"TableNames":["orders"]})");
}

TEST_CASE("with credentials a wrong signature is refused") {
  ServiceOptions strict = options();
  strict.credentials = {{"someone", "secret"}};
  Service service(std::move(strict), nullptr);
  CHECK(ask(service, post("DynamoDB_20120810.ListTables", "{}"))
            .starts_with(R"(400 {"__type":"com.amazon.coral.service#InvalidSignatureException")"));
}
