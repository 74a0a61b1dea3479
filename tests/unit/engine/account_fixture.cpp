#include "tests/unit/engine/account_fixture.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dynamo/wire_control.h"
#include "dynamo/wire_request.h"
#include "dynamo/wire_response.h"

namespace ddbplan::engine::testing {
namespace {

using dynamo::ApiError;
using support::Result;

ApiError from_json_error(const dynamo::JsonError& error) {
  return {error.is_shape ? "SerializationException" : "ValidationException", error.message, {}, {}};
}

Result<std::string, ApiError> ask(Account& account, std::string_view operation,
                                  std::string_view body) {
  dynamo::JsonTree tree;
  if (!dynamo::is_data_operation(operation)) {
    const auto request = dynamo::read_control_request(operation, body, tree);
    if (!request) return from_json_error(request.error());
    return account.execute(*request);
  }
  const auto request = dynamo::read_request(operation, body, tree);
  if (!request) return from_json_error(request.error());
  const auto response = account.execute(*request);
  if (!response) return response.error();
  std::string out;
  dynamo::append_response(out, *request, *response);
  return out;
}

}  // namespace

TestAccount::TestAccount() : account({.now_ms = [this] { return now_ms; }}) {}

std::string TestAccount::run(std::string_view operation, std::string_view body) {
  const auto answer = ask(account, operation, body);
  REQUIRE_MESSAGE(answer.ok(), operation << ": " << answer.error().message);
  return *answer;
}

std::string TestAccount::refused(std::string_view operation, std::string_view body) {
  const auto answer = ask(account, operation, body);
  REQUIRE_FALSE_MESSAGE(answer.ok(), operation);
  return answer.error().type + ": " + answer.error().message;
}

std::string TestAccount::member(const std::string& body, std::string_view path) {
  nlohmann::json at = nlohmann::json::parse(body);
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (at.is_array()) {
      const std::size_t place = std::stoul(name);
      if (place >= at.size()) return "";
      at = nlohmann::json(at[place]);
    } else {
      if (!at.contains(name)) return "";
      at = nlohmann::json(at[name]);
    }
  }
  return at.is_string() ? at.get<std::string>() : at.dump();
}

void TestAccount::create_orders(std::string_view more) {
  run("CreateTable",
      R"({"TableName":"orders","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
      R"({"AttributeName":"sk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk",)"
      R"("KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],)"
      R"("BillingMode":"PAY_PER_REQUEST")" +
          std::string(more) + "}");
}

void TestAccount::put(std::string_view item) {
  run("PutItem", R"({"TableName":"orders","Item":)" + std::string(item) + "}");
}

}  // namespace ddbplan::engine::testing
