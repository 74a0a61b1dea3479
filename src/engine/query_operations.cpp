// Query and Scan.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/key_condition.h"
#include "engine/key_paths.h"
#include "engine/legacy_parameters.h"
#include "engine/operations.h"
#include "engine/page.h"
#include "engine/read_target.h"
#include "support/fetch.h"

namespace ddbplan::engine {
namespace {

/// The entries behind `start` in the direction of travel.
void start_behind(const Collections& entries, const Position& start, bool forward,
                  Collections::Span& span) {
  if (forward) {
    span.begin = entries.after(start);
  } else {
    span.end = entries.before(start);
  }
}

class Walk {
 public:
  Walk(const Collections& entries, const Collections::Span& span, bool forward)
      : entries_(entries), left_(span), forward_(forward) {}
  [[nodiscard]] bool is_over() const { return left_.begin == left_.end; }
  /// REQUIRES: !is_over().
  const ItemRef& take() {
    if (!forward_) {
      left_.end = entries_.previous(left_.end);
      return entries_.entry(left_.end).item;
    }
    const ItemRef& item = entries_.entry(left_.begin).item;
    left_.begin = entries_.next(left_.begin);
    return item;
  }

 private:
  const Collections& entries_;
  Collections::Span left_;
  bool forward_;
};

void read_span(Walk walk, const std::optional<int>& limit, PageReader& page) {
  constexpr int kAhead = 8;
  Walk ahead = walk;
  const auto fetch_next = [&] {
    if (!ahead.is_over()) support::fetch(ahead.take().get());
  };
  for (int i = 0; i < std::min(kAhead, limit.value_or(kAhead)); ++i) fetch_next();
  while (!walk.is_over()) {
    fetch_next();
    if (!page.read(walk.take())) return;
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

std::optional<dynamo::ApiError> check_segments(const dynamo::ScanRequest& request) {
  if (request.segment && !request.total_segments) {
    return validation_error(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!request.total_segments) return std::nullopt;
  if (!request.segment) {
    return validation_error(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (*request.segment < *request.total_segments) return std::nullopt;
  return validation_error(
      fmt::format("The Segment parameter is zero-based and must be less than parameter "
                  "TotalSegments: Segment: {} is not less than TotalSegments: {}",
                  *request.segment, *request.total_segments));
}

/// What a Scan reads: everything or its segment, from its start on.
ApiResult<Collections::Span> scan_span(const ReadTarget& target,
                                       const dynamo::ScanRequest& request) {
  const Collections& entries = target.entries();
  const int segment = request.segment.value_or(0);
  const int segments = request.total_segments.value_or(1);
  Collections::Span span = entries.segment(segment, segments);
  const auto start = find_start(target, request.exclusive_start_key, nullptr);
  if (!start) return start.error();
  if (!*start) return span;
  if (segment_of(partition_hash((*start)->partition), segments) != segment) {
    return validation_error(
        fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                    "ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
                    segments, segment));
  }
  start_behind(entries, **start, true, span);
  return span;
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::QueryRequest& request) {
  RequestExpressions expressions(*state.expressions, request.expression);
  const bool has_legacy_keys = request.legacy != nullptr && request.legacy->key_conditions;
  ApiResult<PagePlan> plan = plan_page(expressions, request);
  if (!plan) return plan.error();
  const auto condition =
      has_legacy_keys ? legacy_key_condition(request.legacy)
                      : expressions.condition(request.key_condition, ConditionUse::key_condition);
  if (!condition) return condition.error();
  if (auto error = expressions.check_unused()) return *std::move(error);

  const ApiResult<ReadTarget> target =
      find_target(state, request.table, request.index, request.consistent_read);
  if (!target) return target.error();
  const ApiResult<KeyCondition> key = resolve_key_condition(**condition, target->key());
  if (!key) return key.error();
  if (plan->filter) {
    const char* filter = request.filter ? "Filter Expression" : "QueryFilter";
    if (auto error = check_filter_without_key(*plan->filter, target->key(), filter)) {
      return *std::move(error);
    }
    if (auto error = check_key_paths(*plan->filter, target->table().description())) {
      return *std::move(error);
    }
  }
  if (plan->projected_paths) {
    if (auto error = check_key_paths(*plan->projected_paths, target->table().description())) {
      return *std::move(error);
    }
  }
  if (auto error = plan_fetches(*target, request.select, *plan)) return *std::move(error);
  const auto start = find_start(*target, request.exclusive_start_key, &*key);
  if (!start) return start.error();

  PageReader page(*target, *plan, state.options.page_bytes);
  const Collections& entries = target->entries();
  Collections::Span span = entries.range(key->partition, key->range);
  if (*start) start_behind(entries, **start, request.scan_index_forward, span);
  read_span(Walk(entries, span, request.scan_index_forward), request.limit, page);
  return page.finish();
}

ApiResponse execute(EngineState& state, const dynamo::ScanRequest& request) {
  if (auto error = check_segments(request)) return *std::move(error);
  RequestExpressions expressions(*state.expressions, request.expression);
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
  if (plan->projected_paths) {
    if (auto error = check_key_paths(*plan->projected_paths, target->table().description())) {
      return *std::move(error);
    }
  }
  if (auto error = plan_fetches(*target, request.select, *plan)) return *std::move(error);
  const ApiResult<Collections::Span> span = scan_span(*target, request);
  if (!span) return span.error();

  PageReader page(*target, *plan, state.options.page_bytes);
  read_span(Walk(target->entries(), *span, true), request.limit, page);
  return page.finish();
}

}  // namespace ddbplan::engine
