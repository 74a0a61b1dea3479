// A Service asked without a socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/service.h"

namespace ddbplan::serve::testing {

inline constexpr std::string_view kAnyone =
    "AWS4-HMAC-SHA256 Credential=someone/20240101/eu-west-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=00";

inline HttpMessage post(std::string_view operation, std::string_view body,
                        std::string_view authorization = kAnyone) {
  HttpMessage message;
  message.method = "POST";
  message.target = "/";
  message.body = body;
  message.headers = {{"Host", "localhost:8000"},
                     {"X-Amz-Target", operation},
                     {"X-Amz-Date", "20240101T000000Z"},
                     {"Authorization", authorization}};
  return message;
}

/// Status line and body: "200 {...}".
inline std::string ask(Service& service, const HttpMessage& message) {
  std::string out;
  service.make_handler()->handle(message, out);
  const std::size_t body = out.find("\r\n\r\n");
  return out.substr(9, 3) + " " + out.substr(body + 4);
}

inline ServiceOptions options() {
  ServiceOptions made;
  made.now_ms = [] { return std::int64_t{1'704'067'200'000}; };
  return made;
}

inline constexpr std::string_view kCreate = "DynamoDB_20120810.CreateTable";
inline constexpr std::string_view kPut = "DynamoDB_20120810.PutItem";
inline constexpr std::string_view kGet = "DynamoDB_20120810.GetItem";
inline constexpr std::string_view kTable =
    R"({"TableName":"orders","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
    R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})";
inline constexpr std::string_view kItem =
    R"({"TableName":"orders","Item":{"pk":{"S":"a"},"n":{"N":"1"}}})";
inline constexpr std::string_view kKey = R"({"TableName":"orders","Key":{"pk":{"S":"a"}}})";

}  // namespace ddbplan::serve::testing
