// From an HTTP request to the engine and back: who asks, what for, in which account; DynamoDB's
// JSON 1.0 protocol. One for each thread, for it uses its memory again from request to request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dynamo/json_tree.h"
#include "serve/service.h"
#include "support/prng.h"

namespace ddbplan::serve {

class Responder final : public RequestHandler {
 public:
  /// Request identifiers follow from the seed.
  Responder(Service& service, std::uint64_t seed) : service_(service), request_ids_(seed) {}

  void handle(const HttpMessage& message, std::string& out) override;

 private:
  struct Answer {
    int status = 200;
    std::string_view content_type = "application/x-amz-json-1.0";
  };
  Answer answer(const HttpMessage& message);
  Answer answer_operation(const HttpMessage& message, std::string_view api,
                          std::string_view operation);
  Answer run(engine::Account& account, std::string_view operation, std::string_view body);
  Answer run_control(engine::Account& account, std::string_view operation, std::string_view body);
  Answer refuse(const dynamo::ApiError& error);
  [[nodiscard]] bool is_allowed(std::string_view host);
  void append_head(const Answer& answer, const HttpMessage& message, std::string& out);
  void append_cors(const HttpMessage& message, std::string& out) const;
  void append_request_id(std::string& out);
  void renew_date();

  Service& service_;
  support::Prng request_ids_;
  std::string date_;
  std::int64_t date_seconds_ = -1;
  /// A connection asks by the same name again and again.
  std::string allowed_host_;
  dynamo::JsonTree tree_;
  std::string body_;
};

}  // namespace ddbplan::serve
