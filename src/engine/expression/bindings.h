// Puts a request's ExpressionAttributeNames and ExpressionAttributeValues in place of an
// expression's placeholders, and keeps which of them were used: the service refuses both a
// placeholder that is not defined and a definition that is not used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/request.h"
#include "engine/expression/ast.h"
#include "support/result.h"

namespace ddbplan::engine {

/// What the symbols of one expression mean in one request. Points into the expression's Symbols and
/// the request's ExpressionNames, which must outlive it.
class Bindings {
 public:
  [[nodiscard]] const std::string& name(NameId id) const { return *names_[id.number]; }
  [[nodiscard]] const dynamo::AttributeValue& value(ValueId id) const {
    return *values_[id.number];
  }

 private:
  friend class Placeholders;
  std::vector<const std::string*> names_;
  std::vector<const dynamo::AttributeValue*> values_;
};

/// The definitions of one request, shared by all of its expressions.
class Placeholders {
 public:
  explicit Placeholders(const dynamo::ExpressionNames& defined) : defined_(defined) {}

  /// Whether the definitions are well-formed at all. Returns the service's message if not.
  [[nodiscard]] std::optional<std::string> check_definitions() const;
  support::Result<Bindings, std::string> bind(const Symbols& symbols);
  /// The service's message about definitions that no expression used.
  [[nodiscard]] std::optional<std::string> check_unused();

 private:
  const dynamo::ExpressionNames& defined_;
  std::vector<std::string_view> used_;
};

/// "[a, b, [3]]".
std::string path_text(const Path& path, const Bindings& bindings);
/// The attribute that a path starts with.
const std::string& path_head(const Path& path, const Bindings& bindings);

}  // namespace ddbplan::engine
