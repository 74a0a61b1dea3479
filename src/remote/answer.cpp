#include "remote/answer.h"

#include <nlohmann/json.hpp>

namespace ddbplan::remote {

nlohmann::ordered_json parse_answer(const std::string& body) {
  using Json = nlohmann::ordered_json;
  // An item's 32 levels are two brackets each, below a few of the response's own.
  constexpr int kDepthMax = 100;
  const auto keep = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    return depth <= kDepthMax;
  };
  Json answer = Json::parse(body, keep, false);
  return answer.is_object() ? answer : Json();
}

std::string text_in(const nlohmann::ordered_json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace ddbplan::remote
