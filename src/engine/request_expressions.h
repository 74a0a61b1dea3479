// The expressions of one request: parsed (or taken from the cache), checked, and bound to the
// request's placeholders.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "dynamo/request.h"
#include "engine/errors.h"
#include "engine/expression/ast.h"
#include "engine/expression/bindings.h"

namespace ddbplan::engine {

/// Trees by their text. A program sends few texts many times; the proof sends thousands of requests
/// with a handful of them. Threads may share one.
class ExpressionCache {
 public:
  using ConditionResult = support::Result<std::shared_ptr<const ConditionExpression>, std::string>;
  using UpdateResult = support::Result<std::shared_ptr<const UpdateExpression>, std::string>;
  using ProjectionResult =
      support::Result<std::shared_ptr<const ProjectionExpression>, std::string>;

  ConditionResult condition(const std::string& text);
  UpdateResult update(const std::string& text);
  ProjectionResult projection(const std::string& text);

 private:
  template <class Expression>
  using Trees = std::map<std::string, std::shared_ptr<const Expression>, std::less<>>;
  template <class Expression, class Parse>
  support::Result<std::shared_ptr<const Expression>, std::string> cached(Trees<Expression>& trees,
                                                                         const std::string& text,
                                                                         Parse parse);
  std::mutex mutex_;
  Trees<ConditionExpression> conditions_;
  Trees<UpdateExpression> updates_;
  Trees<ProjectionExpression> projections_;
};

/// A tree and what its symbols mean in one request. Must not outlive the request.
template <class Expression>
struct Bound {
  std::shared_ptr<const Expression> tree;
  Bindings bindings;
  /// What the bindings point at, where that is not the request: made from legacy parameters.
  std::shared_ptr<const void> owned = nullptr;
};
using BoundCondition = Bound<ConditionExpression>;
using BoundUpdate = Bound<UpdateExpression>;
using BoundProjection = Bound<ProjectionExpression>;

/// A tree that defines its own placeholders (see tree_builder.h), bound to them.
template <class Expression>
Bound<Expression> bind_own(Expression tree, dynamo::ExpressionNames definitions);

/// What a condition, filter or key condition is called in errors.
enum class ConditionUse { condition, filter, key_condition };

class RequestExpressions {
 public:
  RequestExpressions(ExpressionCache& cache, const dynamo::ExpressionNames& names)
      : cache_(cache), names_(names), placeholders_(names) {}

  ApiResult<std::optional<BoundCondition>> condition(const std::optional<std::string>& text,
                                                     ConditionUse use);
  ApiResult<std::optional<BoundUpdate>> update(const std::optional<std::string>& text);
  ApiResult<std::optional<BoundProjection>> projection(const std::optional<std::string>& text);
  /// To be asked when every expression was: names and values that none of them used.
  [[nodiscard]] std::optional<dynamo::ApiError> check_unused();

 private:
  template <class Expression, class Parse>
  ApiResult<std::optional<Bound<Expression>>> bind(const std::optional<std::string>& text,
                                                   const char* label, Parse parse);

  ExpressionCache& cache_;
  const dynamo::ExpressionNames& names_;
  Placeholders placeholders_;
  bool any_ = false;
};

template <class Expression>
Bound<Expression> bind_own(Expression tree, dynamo::ExpressionNames definitions) {
  struct Both {
    Expression tree;
    dynamo::ExpressionNames definitions;
  };
  const auto both = std::make_shared<const Both>(Both{std::move(tree), std::move(definitions)});
  auto bindings = Placeholders(both->definitions).bind(both->tree.symbols);
  return {std::shared_ptr<const Expression>(both, &both->tree), *std::move(bindings), both};
}

}  // namespace ddbplan::engine
