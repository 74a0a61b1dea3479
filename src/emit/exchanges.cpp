#include "emit/exchanges.h"

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "dynamo/limits.h"
#include "emit/json_parts.h"
#include "support/check.h"

namespace ddbplan::emit {
namespace {

/// Enough to see every step of every plan, few enough for a slow judge: the odd calls (busiest
/// value, nothing found, conditions that fail) come on top.
constexpr int kTypicalCalls = 3;

}  // namespace

void observe_proof(const Bundle& bundle,
                   const std::function<void(const seed::ObservedCall&)>& observe) {
  DDBPLAN_CHECK(bundle.data != nullptr && bundle.seed != nullptr);
  seed::ProofOptions options;
  // The service's own page size, which other DynamoDBs cannot change.
  options.page_bytes = dynamo::limits::kPageBytesMax;
  options.calls_per_pattern = kTypicalCalls;
  options.observe = observe;
  static_cast<void>(
      seed::prove(bundle.workload, bundle.design, *bundle.data, *bundle.seed, options));
}

std::string exchanges(const Bundle& bundle) {
  std::string out;
  std::vector<std::size_t> calls(bundle.workload.patterns.size(), 0);
  observe_proof(bundle, [&](const seed::ObservedCall& call) {
    const std::size_t number = calls[call.pattern.index]++;
    const std::string& name = bundle.workload.pattern(call.pattern).name;
    out += exchange_lines(name, number, call.answer.exchanges);
  });
  return out;
}

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
        Json& reasons = line["error"]["reasons"] = Json::array();
        for (const auto& reason : error.cancellation_reasons) reasons.push_back(reason.code);
      }
    }
    out += dump_json_line(line);
  }
  return out;
}

}  // namespace ddbplan::emit
