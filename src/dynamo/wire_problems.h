// What is wrong with a request's JSON, in the order in which the service looks: first whether
// members have their JSON types (SerializationException), then the API model's constraints on each
// (all of them in one message), then which members go together, then the attribute values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/json.h"

namespace ddbplan::dynamo {

/// Where a member stands, for messages: linked to its parents on the stack, put together only when
/// something is wrong there.
struct WirePath {
  const WirePath* parent = nullptr;
  std::string_view name;
  /// A key of a map, which is shown as it is.
  bool is_key = false;
};
/// "requestItems.tab.member.keys": the model's way, with small first letters.
std::string constraint_path(const WirePath& path);

class WireProblems {
 public:
  void shape(std::string message) {
    if (!shape_) shape_ = std::move(message);
  }
  /// "Value '1' at 'limit' failed to satisfy constraint: Member must ...". `shown` has its quotes.
  void constraint(std::string_view shown, const WirePath& path, std::string_view must);
  void parameters(std::string message) {
    if (!parameters_) parameters_ = std::move(message);
  }
  /// `where` is the value's place inside its member, for people.
  void value(std::string message, std::string where = {}) {
    if (!value_) value_ = JsonError{std::move(where), std::move(message), false};
  }
  [[nodiscard]] bool has_shape() const { return shape_.has_value(); }
  /// The one that the service answers.
  [[nodiscard]] std::optional<JsonError> first() const;

 private:
  std::optional<std::string> shape_;
  std::vector<std::string> constraints_;
  std::optional<std::string> parameters_;
  std::optional<JsonError> value_;
};

}  // namespace ddbplan::dynamo
