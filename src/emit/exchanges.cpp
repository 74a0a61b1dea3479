#include "emit/exchanges.h"

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "emit/json_parts.h"

namespace ddbplan::emit {

std::string exchange_lines(std::string_view pattern, std::size_t call,
                           const std::vector<design::Exchange>& exchanges) {
  std::string out;
  for (const design::Exchange& exchange : exchanges) {
    Json request = dynamo::request_to_json(exchange.request);
    request["ReturnConsumedCapacity"] = "INDEXES";
    Json line = {{"pattern", pattern},
                 {"call", call},
                 {"step", exchange.step},
                 {"operation", dynamo::operation_name(exchange.request)},
                 {"request", std::move(request)}};
    if (exchange.outcome) {
      line["response"] = response_to_json(exchange.request, *exchange.outcome);
    } else {
      const dynamo::ApiError& error = exchange.outcome.error();
      line["error"] = {{"type", error.type}, {"message", error.message}};
      if (!error.cancellation_reasons.empty()) {
        line["error"]["reasons"] = error.cancellation_reasons;
      }
    }
    out += dump_json_line(line);
  }
  return out;
}

}  // namespace ddbplan::emit
