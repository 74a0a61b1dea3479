// Query and Scan.

#include <utility>

#include "engine/key_condition.h"
#include "engine/key_paths.h"
#include "engine/operations.h"
#include "engine/page.h"
#include "engine/read_target.h"

namespace ddbplan::engine {
namespace {

using Collection = Collections::Collection;

/// The entries of a range, and after `start` in the direction of travel.
struct Span {
  Collection::const_iterator begin;
  Collection::const_iterator end;
};

Span find_span(const Collection& entries, const ByteRange& range, bool forward,
               const std::optional<Position>& start) {
  Span span{entries.lower_bound(range.lower),
            range.upper ? entries.lower_bound(*range.upper) : entries.end()};
  if (start && forward) span.begin = entries.upper_bound(start->sort);
  if (start && !forward) span.end = entries.lower_bound(start->sort);
  return span;
}

void read_span(const Span& span, bool forward, PageReader& page) {
  if (forward) {
    for (auto at = span.begin; at != span.end; ++at) {
      if (!page.read(at->second)) return;
    }
  } else {
    for (auto at = span.end; at != span.begin;) {
      --at;
      if (!page.read(at->second)) return;
    }
  }
}

/// A Query's start must be a place that the Query could have stopped at.
ApiResult<std::optional<Position>> find_start(const ReadTarget& target,
                                              const std::optional<dynamo::Item>& start,
                                              const KeyCondition* condition) {
  if (!start) return std::optional<Position>();
  if (auto error = check_start_key(target, *start)) return *std::move(error);
  Position position = target.position_of(*start);
  if (condition != nullptr && position.partition != condition->partition) {
    return validation_error(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (condition != nullptr && !condition->range.contains(position.sort)) {
    return validation_error("The provided starting key does not match the range key predicate");
  }
  return std::optional<Position>(std::move(position));
}

void read_partitions(const Collections::Partitions& partitions,
                     const std::optional<Position>& start, PageReader& page) {
  auto at = start ? partitions.lower_bound(start->partition) : partitions.begin();
  for (; at != partitions.end(); ++at) {
    const Collection& entries = at->second.read();
    auto entry =
        start && at->first == start->partition ? entries.upper_bound(start->sort) : entries.begin();
    for (; entry != entries.end(); ++entry) {
      if (!page.read(entry->second)) return;
    }
  }
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::QueryRequest& request) {
  RequestExpressions expressions(state.expressions, request.expression);
  ApiResult<PagePlan> plan = plan_page(expressions, request);
  if (!plan) return plan.error();
  const auto condition = expressions.condition(request.key_condition, ConditionUse::key_condition);
  if (!condition) return condition.error();
  if (auto error = expressions.check_unused()) return *std::move(error);

  const ApiResult<ReadTarget> target =
      find_target(state, request.table, request.index, request.consistent_read);
  if (!target) return target.error();
  const ApiResult<KeyCondition> key = resolve_key_condition(**condition, target->key());
  if (!key) return key.error();
  if (plan->filter) {
    if (auto error = check_filter_without_key(*plan->filter, target->key())) {
      return *std::move(error);
    }
    if (auto error = check_key_paths(*plan->filter, target->table().description())) {
      return *std::move(error);
    }
  }
  if (auto error = plan_fetches(*target, request.select, *plan)) return *std::move(error);
  const auto start = find_start(*target, request.exclusive_start_key, &*key);
  if (!start) return start.error();

  PageReader page(*target, *plan, state.options.page_bytes);
  if (const Collection* entries = target->entries().collection(key->partition)) {
    const Span span = find_span(*entries, key->range, request.scan_index_forward, *start);
    read_span(span, request.scan_index_forward, page);
  }
  return page.finish();
}

ApiResponse execute(EngineState& state, const dynamo::ScanRequest& request) {
  RequestExpressions expressions(state.expressions, request.expression);
  ApiResult<PagePlan> plan = plan_page(expressions, request);
  if (!plan) return plan.error();
  if (auto error = expressions.check_unused()) return *std::move(error);
  const ApiResult<ReadTarget> target =
      find_target(state, request.table, request.index, request.consistent_read);
  if (!target) return target.error();
  if (plan->filter) {
    if (auto error = check_key_paths(*plan->filter, target->table().description())) {
      return *std::move(error);
    }
  }
  if (auto error = plan_fetches(*target, request.select, *plan)) return *std::move(error);
  const auto start = find_start(*target, request.exclusive_start_key, nullptr);
  if (!start) return start.error();

  PageReader page(*target, *plan, state.options.page_bytes);
  read_partitions(target->entries().partitions(), *start, page);
  return page.finish();
}

}  // namespace ddbplan::engine
