// A DynamoDB in this process whose answers the test may change on their way: for what an endpoint does that none
// of ours would.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "serve/server.h"
#include "serve/service.h"

namespace ddbplan::test {

struct EndpointAnswer {
  int status = 0;
  std::string body;
  std::string authorization;  ///< of the request
};

class UnrulyEndpoint {
 public:
  /// Called with each answer, after the request was done; the operation is "CreateTable". One call at a time.
  using Change = std::function<void(std::string_view operation, EndpointAnswer& answer)>;
  explicit UnrulyEndpoint(Change change);
  ~UnrulyEndpoint();
  UnrulyEndpoint(const UnrulyEndpoint&) = delete;
  UnrulyEndpoint& operator=(const UnrulyEndpoint&) = delete;

  [[nodiscard]] std::string url() const;
  /// What ListTables answers, unchanged.
  [[nodiscard]] std::string tables();

 private:
  class Application;

  serve::Service service_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<serve::Server> server_;
  std::thread thread_;
};

}  // namespace ddbplan::test
