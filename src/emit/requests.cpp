#include "emit/requests.h"

#include <array>
#include <optional>
#include <vector>

#include "dynamo/json.h"
#include "emit/exchanges.h"
#include "emit/json_parts.h"

namespace ddbplan::emit {
namespace {

/// Fields of a step that say how to ask, without what is expected of the answer.
constexpr auto kRequestFields = std::to_array<const char*>(
    {"operation",     "table",      "index",           "key",
     "key_condition", "filter",     "condition",       "update",
     "names",         "limit",      "consistent_read", "scan_index_forward",
     "shards",        "buckets",    "after",           "actions",
     "alternatives",  "count_only", "only_if_given",   "only_if_left_out"});

Json template_json(const Json& step) {
  Json out = Json::object();
  for (const char* field : kRequestFields) {
    if (step.contains(field) && !step[field].is_null()) out[field] = step[field];
  }
  return out;
}

/// The first typical call of each pattern that was answered.
std::vector<std::optional<Json>> examples(const Bundle& bundle) {
  std::vector<std::optional<Json>> found(bundle.workload.patterns.size());
  observe_proof(bundle, [&](const seed::ObservedCall& call) {
    std::optional<Json>& example = found[call.pattern.index];
    if (!call.is_typical || call.answer.error || example) return;
    example = Json::array();
    for (const design::Exchange& exchange : call.answer.exchanges) {
      example->push_back({{"operation", dynamo::operation_name(exchange.request)},
                          {"step", exchange.step},
                          {"request", dynamo::request_to_json(exchange.request)}});
    }
  });
  return found;
}

}  // namespace

std::string requests(const Bundle& bundle) {
  const std::vector<std::optional<Json>> calls = examples(bundle);
  Json patterns = Json::object();
  for (std::size_t i = 0; i < bundle.workload.patterns.size(); ++i) {
    Json steps = Json::array();
    const Json pattern = access_pattern_json(bundle, i);
    for (const Json& step : pattern["steps"]) steps.push_back(template_json(step));
    Json entry = {{"served", pattern["served"]}, {"steps", std::move(steps)}};
    if (calls[i]) entry["example"] = *calls[i];
    patterns[bundle.workload.patterns[i].name] = std::move(entry);
  }
  return dump_json({{"service", bundle.workload.service}, {"access_patterns", patterns}});
}

}  // namespace ddbplan::emit
