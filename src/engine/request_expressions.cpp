#include "engine/request_expressions.h"

#include <utility>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "engine/expression/check.h"
#include "engine/expression/parser.h"

namespace ddbplan::engine {
namespace {

/// Beyond this many texts the requests are not a program's, and nothing is gained by keeping them.
constexpr std::size_t kCachedTextsMax = 1024;

const char* label_of(ConditionUse use) {
  switch (use) {
    case ConditionUse::condition:
      return "ConditionExpression";
    case ConditionUse::filter:
      return "FilterExpression";
    case ConditionUse::key_condition:
      return "KeyConditionExpression";
  }
  return "ConditionExpression";
}

}  // namespace

template <class Expression, class Parse>
support::Result<std::shared_ptr<const Expression>, std::string> ExpressionCache::cached(
    Trees<Expression>& trees, const std::string& text, Parse parse) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = trees.find(text); found != trees.end()) return found->second;
  }
  support::Result<Expression, std::string> parsed = parse(text);
  if (!parsed) return parsed.error();
  if (std::optional<std::string> problem = check_structure(*parsed)) return *std::move(problem);
  auto tree = std::make_shared<const Expression>(*std::move(parsed));
  const std::lock_guard lock(mutex_);
  if (trees.size() >= kCachedTextsMax) trees.clear();
  trees.emplace(text, tree);
  return tree;
}

ExpressionCache::ConditionResult ExpressionCache::condition(const std::string& text) {
  return cached(conditions_, text, parse_condition);
}

ExpressionCache::UpdateResult ExpressionCache::update(const std::string& text) {
  return cached(updates_, text, parse_update);
}

ExpressionCache::ProjectionResult ExpressionCache::projection(const std::string& text) {
  return cached(projections_, text, parse_projection);
}

template <class Expression, class Parse>
ApiResult<std::optional<Bound<Expression>>> RequestExpressions::bind(
    const std::optional<std::string>& text, const char* label, Parse parse) {
  if (!text) return std::optional<Bound<Expression>>();
  any_ = true;
  const auto invalid = [label](const std::string& message) {
    return validation_error(fmt::format("Invalid {}: {}", label, message));
  };
  if (text->empty()) return invalid("The expression can not be empty;");
  if (text->size() > dynamo::limits::kExpressionBytesMax) {
    return invalid(
        fmt::format("Expression size has exceeded the maximum allowed size; expression size: {}",
                    text->size()));
  }
  if (auto problem = placeholders_.check_definitions()) {
    return validation_error(*std::move(problem));
  }
  auto tree = parse(*text);
  if (!tree) return invalid(tree.error());
  support::Result<Bindings, std::string> bindings = placeholders_.bind((*tree)->symbols);
  if (!bindings) return invalid(bindings.error());
  if (auto problem = check_operands(**tree, *bindings)) return invalid(*problem);
  return std::optional<Bound<Expression>>({*std::move(tree), *std::move(bindings), nullptr});
}

ApiResult<std::optional<BoundCondition>> RequestExpressions::condition(
    const std::optional<std::string>& text, ConditionUse use) {
  return bind<ConditionExpression>(
      text, label_of(use), [this](const std::string& parsed) { return cache_.condition(parsed); });
}

ApiResult<std::optional<BoundUpdate>> RequestExpressions::update(
    const std::optional<std::string>& text) {
  return bind<UpdateExpression>(text, "UpdateExpression", [this](const std::string& parsed) {
    return cache_.update(parsed);
  });
}

ApiResult<std::optional<BoundProjection>> RequestExpressions::projection(
    const std::optional<std::string>& text) {
  return bind<ProjectionExpression>(
      text, "ProjectionExpression",
      [this](const std::string& parsed) { return cache_.projection(parsed); });
}

std::optional<dynamo::ApiError> RequestExpressions::check_unused() {
  if (!any_ && !names_.names.empty()) {
    return validation_error(
        "ExpressionAttributeNames can only be specified when using expressions");
  }
  if (!any_ && !names_.values.empty()) {
    return validation_error(
        "ExpressionAttributeValues can only be specified when using expressions");
  }
  if (auto problem = placeholders_.check_unused()) return validation_error(*std::move(problem));
  return std::nullopt;
}

}  // namespace ddbplan::engine
