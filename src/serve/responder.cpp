#include "serve/responder.h"

#include <array>
#include <ctime>
#include <exception>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "dynamo/wire_control.h"
#include "dynamo/wire_request.h"
#include "dynamo/wire_response.h"
#include "serve/compression.h"

namespace ddbplan::serve {

using dynamo::ApiError;

namespace {

constexpr std::string_view kTablesApi = "DynamoDB_20120810";
constexpr std::string_view kNoOperation = "<UnknownOperationException/>\n";
constexpr std::size_t kRequestIdLength = 52;
/// Bodies up to this size leave their memory to the next one.
constexpr std::size_t kKeptBody = std::size_t{256} * 1024;

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    default:
      return "Internal Server Error";
  }
}

ApiError service_error(std::string type, std::string message = {}) {
  return {std::move(type), std::move(message), {}, {}};
}

/// What a body is that cannot be read as the operation's request.
ApiError request_error(const dynamo::JsonError& error) {
  return service_error(error.is_shape ? "SerializationException" : "ValidationException",
                       error.message);
}

struct Target {
  std::string_view api;
  std::string_view operation;
};
Target target_of(const HttpMessage& message) {
  const std::string_view header = message.header("x-amz-target");
  const std::size_t dot = header.find('.');
  if (dot == std::string_view::npos) return {};
  return {header.substr(0, dot), header.substr(dot + 1)};
}

std::string_view path_of(const HttpMessage& message) {
  return message.target.substr(0, message.target.find('?'));
}

}  // namespace

void Responder::handle(const HttpMessage& message, std::string& out) {
  body_.clear();
  if (body_.capacity() > kKeptBody) body_ = std::string();
  Answer given;
  try {
    given = answer(message);
  } catch (const std::exception& defect) {
    service_.log_defect(defect.what());
    body_.clear();
    given = refuse(service_error("InternalServerError",
                                 "The request processing has failed because "
                                 "of an unknown error, exception or failure."));
    given.status = 500;
  }
  if (service_.options_.log) {
    const std::string_view operation = target_of(message).operation;
    service_.log(operation.empty() ? message.method : operation, given.status);
  }
  append_head(given, message, out);
  if (message.method != "HEAD") out += body_;
}

Responder::Answer Responder::answer(const HttpMessage& message) {
  if (!is_allowed(message.header("host"))) {
    body_ = "This Host header is not answered; see --allow-host.\n";
    return {403, "text/plain"};
  }
  if ((message.method == "GET" || message.method == "HEAD") && path_of(message) == "/") {
    body_ = fmt::format("healthy: {} ", message.header("host"));
    return {200, "text/plain"};
  }
  if (message.method == "OPTIONS" && service_.options_.cors_origin) return {200, "text/plain"};
  if (message.method != "POST") {
    body_ = kNoOperation;
    return {404, "text/plain"};
  }
  const Target target = target_of(message);
  return answer_operation(message, target.api, target.operation);
}

bool Responder::is_allowed(std::string_view host) {
  if (!host.empty() && host == allowed_host_) return true;
  if (!service_.options_.hosts.allows(host)) return false;
  allowed_host_ = host;
  return true;
}

Responder::Answer Responder::answer_operation(const HttpMessage& message, std::string_view api,
                                              std::string_view operation) {
  const bool is_data = api == kTablesApi && dynamo::is_data_operation(operation);
  if (!is_data && (api.empty() || dynamo::control_operation_api(operation) != api)) {
    return refuse(service_error("UnknownOperationException"));
  }
  const auto signature = read_signature(message);
  if (!signature) return refuse(signature.error());
  const ServiceOptions& options = service_.options_;
  if (!options.credentials.empty()) {
    if (auto error = service_.verifier_.verify(message, *signature, options.now_ms())) {
      return refuse(*error);
    }
  }
  std::string_view body = message.body;
  std::optional<std::string> unpacked;
  if (equal_ignoring_case(message.header("content-encoding"), "gzip")) {
    unpacked = gunzip(body, HttpLimits().body_bytes_max);
    if (!unpacked) return refuse(service_error("SerializationException"));
    body = *unpacked;
  }
  engine::Account& account = service_.account_of(*signature);
  return is_data ? run(account, operation, body) : run_control(account, operation, body);
}

Responder::Answer Responder::run(engine::Account& account, std::string_view operation,
                                 std::string_view body) {
  auto request = dynamo::read_request(operation, body, tree_);
  if (!request) return refuse(request_error(request.error()));
  const auto response = account.execute(std::move(*request));
  if (!response) return refuse(response.error());
  // Only an item to be put is gone by now, and no response looks at that.
  // NOLINTNEXTLINE(bugprone-use-after-move)
  dynamo::append_response(body_, *request, *response);
  return {};
}

Responder::Answer Responder::run_control(engine::Account& account, std::string_view operation,
                                         std::string_view body) {
  const auto request = dynamo::read_control_request(operation, body, tree_);
  if (!request) return refuse(request_error(request.error()));
  auto response = account.execute(*request);
  if (!response) return refuse(response.error());
  body_ = *std::move(response);
  return {};
}

Responder::Answer Responder::refuse(const ApiError& error) {
  dynamo::append_error(body_, error);
  return {400};
}

void Responder::renew_date() {
  const std::int64_t seconds = service_.options_.now_ms() / 1000;
  if (seconds == date_seconds_) return;
  date_seconds_ = seconds;
  date_ =
      fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

void Responder::append_request_id(std::string& out) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::array<char, kRequestIdLength> id = {};
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    // Five bits a letter, twelve letters a number.
    if (i % 12 == 0) bits = request_ids_.next();
    id[i] = kLetters[bits & 31U];
    bits >>= 5U;
  }
  out.append(id.data(), id.size());
}

void Responder::append_cors(const HttpMessage& message, std::string& out) const {
  out += "\r\nAccess-Control-Allow-Origin: ";
  out += *service_.options_.cors_origin;
  out += "\r\nAccess-Control-Expose-Headers: x-amzn-RequestId, x-amz-crc32, Date\r\nVary: Origin";
  if (message.method != "OPTIONS") return;
  out += "\r\nAccess-Control-Allow-Methods: POST, GET, OPTIONS\r\nAccess-Control-Allow-Headers: ";
  const std::string_view asked = message.header("access-control-request-headers");
  out += asked.empty() ? std::string_view("*") : asked;
  out += "\r\nAccess-Control-Max-Age: 172800";
}

void Responder::append_head(const Answer& answer, const HttpMessage& message, std::string& out) {
  const auto append_number = [&out](std::uint64_t value) {
    const fmt::format_int text(value);
    out.append(text.data(), text.size());
  };
  renew_date();
  out += "HTTP/1.1 ";
  append_number(static_cast<std::uint64_t>(answer.status));
  out += ' ';
  out += reason_of(answer.status);
  out += "\r\nServer: ddbplan\r\nDate: ";
  out += date_;
  out += "\r\nContent-Type: ";
  out += answer.content_type;
  out += "\r\nContent-Length: ";
  append_number(body_.size());
  out += "\r\nx-amzn-RequestId: ";
  append_request_id(out);
  out += "\r\nx-amz-crc32: ";
  append_number(crc32(body_));
  if (service_.options_.cors_origin) append_cors(message, out);
  out += message.keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
}

}  // namespace ddbplan::serve
