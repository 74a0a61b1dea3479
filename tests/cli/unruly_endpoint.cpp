#include "tests/cli/unruly_endpoint.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "dynamo/control.h"

namespace ddbplan::test {
namespace {

serve::ServiceOptions options() {
  serve::ServiceOptions made;
  made.now_ms = [] { return std::int64_t{1'704'067'200'000}; };
  return made;
}

class Handler final : public serve::RequestHandler {
 public:
  Handler(std::unique_ptr<serve::RequestHandler> handler, const UnrulyEndpoint::Change& change)
      : handler_(std::move(handler)), change_(change) {}

  void handle(const serve::HttpMessage& message, std::string& out) override {
    std::string response;
    handler_->handle(message, response);
    EndpointAnswer answer;
    answer.status = std::atoi(response.c_str() + std::string_view("HTTP/1.1 ").size());
    answer.body = response.substr(response.find("\r\n\r\n") + 4);
    answer.authorization = message.header("authorization");
    const std::string_view target = message.header("x-amz-target");
    change_(target.substr(target.find('.') + 1), answer);
    out += "HTTP/1.1 " + std::to_string(answer.status) +
           " Changed\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" +
           answer.body;
  }

 private:
  std::unique_ptr<serve::RequestHandler> handler_;
  const UnrulyEndpoint::Change& change_;
};

}  // namespace

class UnrulyEndpoint::Application final : public serve::Application {
 public:
  Application(serve::Service& service, Change change)
      : service_(service), change_(std::move(change)) {}

  std::unique_ptr<serve::RequestHandler> make_handler() override {
    return std::make_unique<Handler>(service_.make_handler(), change_);
  }
  bool commit() override { return true; }
  void tick() override {}

 private:
  serve::Service& service_;
  Change change_;
};

UnrulyEndpoint::UnrulyEndpoint(Change change)
    : service_(options(), nullptr),
      application_(std::make_unique<Application>(service_, std::move(change))) {
  serve::ServerOptions server_options;
  server_options.port = 0;
  auto server = serve::Server::listen(server_options);
  if (!server) throw std::runtime_error(server.error());
  server_ = *std::move(server);
  thread_ = std::thread([this] { server_->run(*application_); });
}

UnrulyEndpoint::~UnrulyEndpoint() {
  server_->stop();
  thread_.join();
}

std::string UnrulyEndpoint::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

std::string UnrulyEndpoint::tables() {
  const auto listed = service_.shared_account().execute(dynamo::ListTablesRequest());
  return listed ? *listed : listed.error().message;
}

}  // namespace ddbplan::test
