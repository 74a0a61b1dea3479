// What the server serves: accounts, by name space, and where they are kept. Each thread answers with
// a Responder of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/account.h"
#include "serve/allowed_hosts.h"
#include "serve/data_folder.h"
#include "serve/server.h"
#include "serve/signature.h"

namespace ddbplan::serve {

struct ServiceOptions {
  /// The clock of everything: expiry, streams, signatures. Asked by all threads. REQUIRES: never
  /// empty.
  std::function<std::int64_t()> now_ms;
  AllowedHosts hosts{"127.0.0.1", {}};
  /// Each access key and region has tables of its own; otherwise all see the same.
  bool namespaced = false;
  /// Signatures are verified when there are any.
  Credentials credentials;
  /// Access-Control-Allow-Origin; without one, no page of the web may read answers.
  std::optional<std::string> cors_origin;
  /// Told of every request, by one thread at a time: operation and HTTP status. May be empty.
  std::function<void(std::string_view operation, int status)> log;
  /// Told of our own defects, which are answered as InternalServerError. May be empty.
  std::function<void(std::string_view what)> log_defect;
};

class Service final : public Application {
 public:
  /// With a folder, everything is kept there; the caller has loaded nothing.
  Service(ServiceOptions options, std::unique_ptr<DataFolder> folder);

  /// Brings back what the folder has. The error is the folder's.
  std::optional<std::string> load();
  /// The account that requests without name spaces use.
  engine::Account& shared_account() { return account(std::string()); }

  std::unique_ptr<RequestHandler> make_handler() override;
  bool commit() override;
  void tick() override;

  [[nodiscard]] std::string storage_error() const;

 private:
  friend class Responder;
  /// Made when it is first asked for, and never moved.
  engine::Account& account(const std::string& name_space);
  engine::Account& account_of(const Signature& signature);
  void log(std::string_view operation, int status);
  void log_defect(std::string_view what);

  ServiceOptions options_;
  std::unique_ptr<DataFolder> folder_;
  SignatureVerifier verifier_;
  std::mutex accounts_mutex_;
  /// By name space: "", or access key and region.
  std::map<std::string, std::unique_ptr<engine::Account>, std::less<>> accounts_;
  bool is_loading_ = false;
  std::mutex log_mutex_;
  std::atomic<std::uint64_t> handlers_ = 0;
};

}  // namespace ddbplan::serve
