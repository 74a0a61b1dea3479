// Our engine as a process that answers line by line, so that thousands of requests run in one:
//
//   GetItem<TAB>{"TableName":"tab",...}     a request of the data or the control plane
//   reset                                   an empty account
//   clock<TAB>1700000000000                 sets the clock, milliseconds since 1970
//
// Each line is answered with one: 200 or 400, a tab, and the response's or error's JSON.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "dynamo/json_tree.h"
#include "dynamo/wire_control.h"
#include "dynamo/wire_request.h"
#include "dynamo/wire_response.h"
#include "engine/account.h"

namespace {

namespace dynamo = ddbplan::dynamo;
namespace engine = ddbplan::engine;

class Driver {
 public:
  Driver() { reset(); }

  std::string answer(const std::string& line) {
    const std::size_t tab = line.find('\t');
    const std::string operation = line.substr(0, tab);
    const std::string body = tab == std::string::npos ? "" : line.substr(tab + 1);
    if (operation == "reset") {
      reset();
      return "200\t{}";
    }
    if (operation == "clock") {
      now_ms_ = std::stoll(body);
      return "200\t{}";
    }
    return dynamo::is_data_operation(operation) ? data(operation, body) : control(operation, body);
  }

 private:
  void reset() {
    engine::AccountOptions options;
    options.now_ms = [this] { return now_ms_; };
    options.engine.now_ms = options.now_ms;
    account_ = std::make_unique<engine::Account>(std::move(options));
  }

  static std::string refused(const dynamo::ApiError& error) {
    std::string out = "400\t";
    dynamo::append_error(out, error);
    return out;
  }
  static std::string refused(const dynamo::JsonError& error) {
    return refused(dynamo::ApiError{
        error.is_shape ? "SerializationException" : "ValidationException", error.message, {}, {}});
  }

  std::string data(const std::string& operation, const std::string& body) {
    const auto request = dynamo::read_request(operation, body, tree_);
    if (!request) return refused(request.error());
    const auto response = account_->execute(*request);
    if (!response) return refused(response.error());
    std::string out = "200\t";
    dynamo::append_response(out, *request, *response);
    return out;
  }

  std::string control(const std::string& operation, const std::string& body) {
    if (dynamo::control_operation_api(operation).empty()) {
      return refused(dynamo::ApiError{"UnknownOperationException", "", {}, {}});
    }
    const auto request = dynamo::read_control_request(operation, body, tree_);
    if (!request) return refused(request.error());
    const auto response = account_->execute(*request);
    if (!response) return refused(response.error());
    return "200\t" + *response;
  }

  std::int64_t now_ms_ = 1'700'000'000'000;
  std::unique_ptr<engine::Account> account_;
  dynamo::JsonTree tree_;
};

}  // namespace

int main() {
  Driver driver;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << driver.answer(line) << '\n' << std::flush;
  }
}
