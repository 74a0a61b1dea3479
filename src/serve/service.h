// From an HTTP request to the engine and back: who asks, what for, in which account; DynamoDB's
// JSON 1.0 protocol.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "dynamo/json_tree.h"
#include "engine/account.h"
#include "serve/allowed_hosts.h"
#include "serve/data_folder.h"
#include "serve/server.h"
#include "serve/signature.h"
#include "support/prng.h"

namespace ddbplan::serve {

struct ServiceOptions {
  /// The clock of everything: expiry, streams, signatures. REQUIRES: never empty.
  std::function<std::int64_t()> now_ms;
  AllowedHosts hosts{"127.0.0.1", {}};
  /// Each access key and region has tables of its own; otherwise all see the same.
  bool namespaced = false;
  /// Signatures are verified when there are any.
  Credentials credentials;
  /// Access-Control-Allow-Origin; without one, no page of the web may read answers.
  std::optional<std::string> cors_origin;
  /// Told of every request: operation and HTTP status. May be empty.
  std::function<void(std::string_view operation, int status)> log;
  /// Told of our own defects, which are answered as InternalServerError. May be empty.
  std::function<void(std::string_view what)> log_defect;
};

class Service final : public RequestHandler {
 public:
  /// With a folder, everything is kept there; the caller has loaded nothing.
  Service(ServiceOptions options, std::unique_ptr<DataFolder> folder);

  /// Brings back what the folder has. The error is the folder's.
  std::optional<std::string> load();
  /// The account that requests without name spaces use.
  engine::Account& shared_account() { return account(std::string()); }

  void handle(const HttpMessage& message, std::string& out) override;
  bool commit() override;
  void tick() override;

  [[nodiscard]] std::string storage_error() const;

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
  Answer preflight();
  engine::Account& account(const std::string& name_space);
  engine::Account& account_of(const Signature& signature);
  void append_head(const Answer& answer, const HttpMessage& message, std::string& out);
  void append_request_id(std::string& out);
  void renew_date();

  ServiceOptions options_;
  std::unique_ptr<DataFolder> folder_;
  SignatureVerifier verifier_;
  /// By name space: "", or access key and region.
  std::map<std::string, std::unique_ptr<engine::Account>, std::less<>> accounts_;
  support::Prng request_ids_;
  bool is_loading_ = false;
  std::string date_;
  std::int64_t date_seconds_ = -1;
  /// Memory used again from request to request.
  dynamo::JsonTree tree_;
  std::string body_;
};

}  // namespace ddbplan::serve
